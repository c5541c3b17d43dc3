"""Which implementation presents a base item to those who search."""

from collections.abc import Iterable
from uuid import uuid4

from ..models import CatalogItem, ImplementationItem, LibraryStamp


def present(published: Iterable[ImplementationItem]) -> None:
    """Let the highest implementation of each base item present it, and tell every process that the library changed.

    Part of a publication, in its transaction. Where an item of the same level presents already, it stays: the words
    people search by do not depend on which banner published last.
    """
    first: dict[str, ImplementationItem] = {}
    for item in sorted(published, key=lambda i: (i.level, i.slug)):
        first.setdefault(item.catalog_item_id, item)
    rows = CatalogItem.objects.filter(pk__in=list(first)).select_related("presented_by").order_by("pk")
    moved, touched = [], False
    for row in rows:
        item, now = first[row.pk], row.presented_by
        if now is None or item.level < now.level:
            row.presented_by = item
            moved.append(row)
        touched = touched or row.presented_by_id == item.pk
    if moved:
        CatalogItem.objects.bulk_update(moved, ["presented_by"], batch_size=500)
    if touched:
        LibraryStamp.objects.update_or_create(id=1, defaults={"value": uuid4()})
