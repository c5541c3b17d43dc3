"""Items from the database: published versions and drafts, and what the rules have to know around one of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from siban.identity.api import Org

from .. import wording
from ..flow import ItemState
from ..models import ImplementationItem, ItemVersion, MaterialGrain
from ..rules import PUBLIC_SERVICE
from .sources import Subject, Unit

AT_A_TIME = 200
CATALOGUE_FIELDS = ("basic_code", "name", "item_type", "sub_type")
GRASS_ROOTS = (Org.Kind.TOWNSHIP, Org.Kind.VILLAGE)  # 002 表 8 考核盟旗两级部门，不含苏木嘎查


def certificates(content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Callable certificates and the certificate of each material grain; of all grains, or those of one item."""
    names, grains = wording.certificate_names(), MaterialGrain.objects.order_by("id")
    if content is not None:
        grains = grains.filter(id__in=[m.get("grain_id") for m in content.get("materials") or () if m.get("grain_id")])
    kinds = wording.callable_certificates()
    return {
        "callable_types": {kind: names[kind] for kind in kinds},
        "callable_names": {names[kind]: kind for kind in kinds},
        "grain_types": dict(grains.values_list("id", "ecert_type_id")),
    }


def around(item: ImplementationItem, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules have to know around one item, in two statements whatever it holds.

    Args:
        item: with `catalog_item` and `base__version` at hand.
    """
    row = item.catalog_item
    others = (
        ImplementationItem.objects.published()
        .filter(org_id=item.org_id, catalog_item_id=item.catalog_item_id)
        .exclude(pk=item.pk)
    )
    return {
        **certificates(content),
        "base": item.base.version.content if item.base and item.base.version else None,
        "catalogue": {name: getattr(row, name) for name in CATALOGUE_FIELDS},
        "catalogue_status": row.status,
        "siblings": dict(others.values_list("slug", "version__content__handling_code").order_by("slug")),
    }


@dataclass(slots=True)
class Database:
    """A source of all published versions and open drafts, streamed."""

    name: str = "数据库"
    is_complete: bool = True

    def subjects(self) -> Iterator[Subject]:
        known = certificates()
        twice = self._twice()
        versions = (
            ItemVersion.objects.filter(Q(is_published=False) | Q(pk=F("item__version_id")))
            .exclude(item__state__in=[ItemState.SUSPENDED, ItemState.CANCELLED])
            .order_by("item__base_id", "item__slug", "number")
            .values_list(
                "content", "is_published", "number", "item__slug", "item__org__name", "item__org_id", "item__region_id",
                "item__base__version__content", "item__catalog_item__basic_code", "item__catalog_item__name",
                "item__catalog_item__item_type", "item__catalog_item__sub_type", "item__catalog_item__status",
            )
        )  # fmt: skip
        for (
            content, is_published, number, slug, org, org_id, region, base, *catalogue, status
        ) in versions.iterator(chunk_size=AT_A_TIME):  # fmt: skip
            said = dict(zip(CATALOGUE_FIELDS, catalogue, strict=True))
            others = {k: v for k, v in twice.get((org_id, said["basic_code"]), {}).items() if k != slug}
            yield Subject(
                id=slug, unit=org, content=content, region=region,
                context={
                    **known, "base": base, "catalogue": said, "catalogue_status": status, "siblings": others
                },
                file=f"数据库：第 {number} 版{'' if is_published else '（草稿）'}",
            )  # fmt: skip

    def units(self) -> Iterable[Unit]:
        counted = (
            Org.objects.exclude(kind__in=GRASS_ROOTS)
            .annotate(
                public_guides=Count(
                    "items", filter=Q(items__item_type=PUBLIC_SERVICE, items__state=ItemState.PUBLISHED)
                ),
                all_items=Count("items"),
            )
            .filter(all_items__gt=0)
            .order_by("code")
        )
        for code, name, guides, region in counted.values_list("code", "name", "public_guides", "region_id"):
            yield Unit({"id": code, "name": name, "public_guides": guides}, self.name, region)

    def _twice(self) -> dict[tuple[Any, str], dict[str, str | None]]:
        """Items of one organisation and base item of which more than one is in force."""
        pairs = (
            ImplementationItem.objects.published()
            .values("org_id", "catalog_item_id")
            .annotate(n=Count("id"))
            .filter(n__gt=1)
            .order_by("org_id", "catalog_item_id")
        )
        often = {(row["org_id"], row["catalog_item_id"]) for row in pairs}
        found: dict[tuple[Any, str], dict[str, str | None]] = {}
        if often:
            rows = (
                ImplementationItem.objects.published()
                .filter(catalog_item_id__in={code for _, code in often})
                .order_by("slug")
                .values_list("org_id", "catalog_item_id", "slug", "version__content__handling_code")
            )
            for org, code, slug, handling in rows:
                if (org, code) in often:
                    found.setdefault((org, code), {})[slug] = handling
        return found
