"""The linter's rules: R01–R38 of the quality check, L01 of the lower levels, L02 of handling items, the codes and the kinds, by what of the item they speak of."""

from ..situations import checks as trees
from . import codes, handling, limits, lists, materials, online, places, shape, situations, steps, terms, tightening
from .declared import ITEM, UNIT
from .shape import misshapen

__all__ = [
    "ITEM", "UNIT", "codes", "handling", "limits", "lists", "materials", "misshapen", "online", "places", "shape", "situations",
    "steps", "terms", "tightening", "trees",
]  # fmt: skip
