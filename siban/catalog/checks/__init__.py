"""The linter's rules: R01–R38 of the quality check, the codes and the kinds, by what of the item they speak of."""

from ..situations import checks as trees
from . import codes, limits, lists, materials, online, places, shape, situations, steps, terms
from .declared import ITEM, UNIT
from .shape import misshapen

__all__ = [
    "ITEM", "UNIT", "codes", "limits", "lists", "materials", "misshapen", "online", "places", "shape", "situations",
    "steps", "terms", "trees",
]  # fmt: skip
