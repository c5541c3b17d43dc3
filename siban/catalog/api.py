"""The door to the item library."""

from .content import ItemContent, Material, SituationOpen
from .models import CatalogItem, DataElement, ImplementationItem, ItemVersion, MaterialGrain, Venue

__all__ = [
    "CatalogItem",
    "DataElement",
    "ImplementationItem",
    "ItemContent",
    "ItemVersion",
    "Material",
    "MaterialGrain",
    "SituationOpen",
    "Venue",
]
