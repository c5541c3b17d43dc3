"""The base list as one organisation has to read it: which of its items should be exercised there and are not claimed."""

from django.db.models import QuerySet
from django.db.models.functions import Substr

from siban.identity.api import Org

from .flow import ItemState
from .models import CatalogItem, ImplementationItem

GRASS_ROOTS = (Org.Kind.TOWNSHIP, Org.Kind.VILLAGE)


def unclaimed(org: Org) -> QuerySet[CatalogItem]:
    """应认领未认领: base items in use, of the organisation's level, that it does not have.

    A sumu or gacha should have what the others of its banner have. A department should have the items of the
    department codes it exercises already (the fifth and sixth digit of the basic code), unless another unit of its own
    territory has them.
    """
    level, region = org.region.level, org.region_id
    kept = ImplementationItem.objects.exclude(state=ItemState.CANCELLED)
    rows = CatalogItem.objects.filter(
        status=CatalogItem.Status.ACTIVE, is_handleable=True, exercise_levels__contains=level
    ).exclude(pk__in=ImplementationItem.objects.filter(org=org).values("catalog_item_id"))
    if org.kind in GRASS_ROOTS:
        peers = kept.filter(org__kind=org.kind, region_id__startswith=region[:6]).exclude(org=org)
        return rows.filter(pk__in=peers.values("catalog_item_id")).order_by("basic_code")
    digits = set(
        kept.filter(org=org).annotate(dept=Substr("catalog_item_id", 5, 2)).values_list("dept", flat=True).order_by()
    )
    here = kept.filter(region_id=region).values("catalog_item_id")
    return (
        rows.annotate(dept=Substr("basic_code", 5, 2))
        .filter(dept__in=sorted(digits))
        .exclude(pk__in=here)
        .order_by("basic_code")
    )


def assigned(org: Org) -> QuerySet[ImplementationItem]:
    """Items put before the organisation and not claimed yet."""
    return (
        ImplementationItem.objects.filter(org=org, state=ItemState.TO_CLAIM)
        .select_related("catalog_item")
        .order_by("slug")
    )
