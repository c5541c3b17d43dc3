"""Data elements (数据元) of the forms: what each field is called, which answers it takes, and what is wrong with one."""

from .dictionary import Element, element, elements
from .spec import GIVEN_NOW, FieldSpec, field

__all__ = ["GIVEN_NOW", "Element", "FieldSpec", "element", "elements", "field"]
