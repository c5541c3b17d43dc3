"""The door to the item library."""

from .actions.transferring import refusal_to_transfer, transfer
from .cache import Kept
from .content import ItemContent, Limit, Material, SituationOpen
from .cross import narrowest, reaching, recognised
from .elements import GIVEN_NOW, FieldSpec, certified
from .elements import field as element_field
from .elements.samples import filled as filled_form
from .flow import ItemState
from .forms import form_fields
from .measures import STATISTICS_TABLE
from .models import (
    CatalogItem,
    DataElement,
    ImplementationItem,
    ItemVersion,
    MaterialGrain,
    NegativeEntry,
    PublishedMaterial,
    Venue,
    elements_of,
)
from .queries import OpenItem, home, open_item
from .queries_changes import Renewal, renewal
from .rules import APPLIED_POWERS, applied_service, comparable_days
from .search import codes as meant_codes
from .sentences import same_materials
from .situations.facts import facts
from .situations.known import Settled, asks_facts, known_of, known_of_many, settled_for
from .usual import note_usual

__all__ = [
    "APPLIED_POWERS",
    "GIVEN_NOW",
    "STATISTICS_TABLE",
    "CatalogItem",
    "DataElement",
    "FieldSpec",
    "ImplementationItem",
    "ItemContent",
    "ItemState",
    "ItemVersion",
    "Kept",
    "Limit",
    "Material",
    "MaterialGrain",
    "NegativeEntry",
    "OpenItem",
    "PublishedMaterial",
    "Renewal",
    "Settled",
    "SituationOpen",
    "Venue",
    "applied_service",
    "asks_facts",
    "certified",
    "comparable_days",
    "element_field",
    "elements_of",
    "facts",
    "filled_form",
    "form_fields",
    "home",
    "known_of",
    "known_of_many",
    "meant_codes",
    "narrowest",
    "note_usual",
    "open_item",
    "reaching",
    "recognised",
    "refusal_to_transfer",
    "renewal",
    "same_materials",
    "settled_for",
    "transfer",
]
