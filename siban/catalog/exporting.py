"""Items out of the database into a workbook: the draft where one is being worked on, else the version in force."""

from collections.abc import Iterator

from django.db.models import Prefetch

from .actions.compiling import skeleton
from .models import ItemQuerySet, ItemVersion
from .workbook.writing import Written

TOGETHER = 200  # items read in one go


def written(found: ItemQuerySet) -> Iterator[Written]:
    """The elements of items, read piece by piece, in the order of the list."""
    drafts = ItemVersion.objects.filter(is_published=False).order_by("number")
    rows = found.select_related("org", "version", "catalog_item", "base__version").prefetch_related(
        Prefetch("versions", queryset=drafts, to_attr="drafts")
    )
    for item in rows.iterator(chunk_size=TOGETHER):
        version = next(iter(item.drafts), None) or item.version  # type: ignore[attr-defined]
        content = version.content if version else skeleton(item)
        yield Written({**content, "impl_code": item.impl_code}, locked=item.base is not None)
