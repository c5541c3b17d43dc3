"""The door to the item library."""

from .content import ItemContent, Material, SituationOpen
from .elements import GIVEN_NOW, FieldSpec
from .elements.samples import filled as filled_form
from .forms import form_fields
from .measures import STATISTICS_TABLE
from .models import CatalogItem, DataElement, ImplementationItem, ItemVersion, MaterialGrain, Venue
from .queries import home

__all__ = [
    "GIVEN_NOW",
    "STATISTICS_TABLE",
    "CatalogItem",
    "DataElement",
    "FieldSpec",
    "ImplementationItem",
    "ItemContent",
    "ItemVersion",
    "Material",
    "MaterialGrain",
    "SituationOpen",
    "Venue",
    "filled_form",
    "form_fields",
    "home",
]
