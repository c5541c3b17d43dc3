"""Items out of the database into a workbook: the draft where one is being worked on, else the version in force."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch

from .actions.compiling import skeleton
from .models import CatalogItem, ImplementationItem, ItemQuerySet, ItemVersion
from .workbook.beside import Beside
from .workbook.writing import Written

TOGETHER = 200  # items read in one go
LISTED = ("basic_code", "name", "item_type", "sub_type", "status")


def written(found: ItemQuerySet) -> Iterator[Written]:
    """The elements of items, read piece by piece, in the order of the list, with what checks of the file need beside."""
    drafts = ItemVersion.objects.filter(is_published=False).order_by("number")
    rows = found.select_related("org", "version", "catalog_item", "base__version").prefetch_related(
        Prefetch("versions", queryset=drafts, to_attr="drafts")
    )
    twice = _twice(found)
    for item in rows.iterator(chunk_size=TOGETHER):
        version = next(iter(item.drafts), None) or item.version  # type: ignore[attr-defined]
        content = version.content if version else skeleton(item)
        yield Written(
            {**content, "impl_code": item.impl_code}, locked=item.base is not None, around=_around(item, twice)
        )


Twice = dict[tuple[UUID, str], dict[str, str | None]]


def _around(item: ImplementationItem, twice: Twice) -> Beside:
    row: CatalogItem = item.catalog_item
    others = twice.get((item.org_id, item.catalog_item_id), {})
    above = item.base if item.base and item.base.version else None
    return Beside(
        base_id=above.slug if above else "",
        base={**above.version.content, "status": above.state} if above and above.version else None,
        catalogue={name: getattr(row, name) for name in LISTED},
        siblings={slug: code for slug, code in others.items() if slug != item.slug},
    )


def _twice(found: ItemQuerySet) -> Twice:
    """Lists in force of which an organisation has several for one base item, among the organisations exported."""
    shown = ImplementationItem.objects.published().filter(org_id__in=found.order_by().values("org_id"))
    often = shown.order_by().values("org_id", "catalog_item_id").annotate(n=Count("id")).filter(n__gt=1)
    pairs = {(row["org_id"], row["catalog_item_id"]) for row in often}
    made: Twice = {}
    if pairs:
        rows: Any = shown.filter(catalog_item_id__in={code for _, code in pairs}).order_by("slug")
        for org, code, slug, handling in rows.values_list(
            "org_id", "catalog_item_id", "slug", "version__content__handling_code"
        ):
            if (org, code) in pairs:
                made.setdefault((org, code), {})[slug] = handling
    return made
