"""The door to the item library."""

from .content import ItemContent, Material, SituationOpen
from .measures import STATISTICS_TABLE
from .models import CatalogItem, DataElement, ImplementationItem, ItemVersion, MaterialGrain, Venue

__all__ = [
    "STATISTICS_TABLE",
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
