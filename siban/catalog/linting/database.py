"""Items from the database: published versions and drafts, and what the rules have to know around one of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, connections
from django.db.models import Count, Q

from siban.identity.api import Org

from .. import wording
from ..flow import ItemState
from ..models import AddressProbe, CatalogItem, ImplementationItem, ItemVersion, MaterialGrain, RuleSwitch
from ..rules import PUBLIC_SERVICE
from . import probes, switches
from .inspection import Inspection, Summary
from .sources import Subject, Unit

AT_A_TIME = 500
CONTENTS_KEPT = 1000  # decoded, some 40 KB each; what rests on a banner's items asks for the same ones again and again
WORTH_SHARING = 20_000  # items
CATALOGUE_FIELDS = ("basic_code", "name", "item_type", "sub_type")
GRASS_ROOTS = (Org.Kind.TOWNSHIP, Org.Kind.VILLAGE)  # 002 表 8 考核盟旗两级部门，不含苏木嘎查
OUT_OF_FORCE = (ItemState.SUSPENDED, ItemState.CANCELLED)
DETAILS = ("id", "slug", "org_id", "org__name", "region_id", "level", "version_id", "version__number", "base__version_id", "catalog_item_id")  # fmt: skip


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


def decided() -> switches.Stored:
    """What the authorities have decided about rules, region by region."""
    rows = RuleSwitch.objects.filter(ended_at=None).order_by("region_id", "rule")
    return tuple(
        (switches.prefix_of(region), rule, severity)
        for region, rule, severity in rows.values_list("region_id", "rule", "severity")
    )


def around(item: ImplementationItem, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules have to know around one item, in four statements (five with files of its own) whatever it holds.

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
        "switches": decided(),
        "probe": probes.Probe(probes.missing_of(probes.own_files((content,))), reach_in(item.region_id, followed())),
    }


def followed() -> tuple[str, ...]:
    """Prefixes of the regions in which addresses are followed."""
    return tuple(map(switches.prefix_of, AddressProbe.objects.order_by("pk").values_list("pk", flat=True)))


def reach_in(region: str, prefixes: tuple[str, ...]) -> probes.Reach:
    """How addresses of a region's items are opened."""
    return probes.on_this_platform if prefixes and region.startswith(prefixes) else probes.unreached


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a checked item belongs."""

    item: UUID
    org: UUID
    region: str
    level: int


@dataclass(slots=True)
class Database:
    """A source of all published versions and open drafts; read by ranges of ids, so that nothing grows with the items.

    Args:
        with_drafts: whether open drafts are checked too.
    """

    name: str = "数据库"
    is_complete: bool = True
    with_drafts: bool = True
    _contents: OrderedDict[UUID, dict[str, Any]] = field(default_factory=OrderedDict)

    def is_large(self) -> bool:
        """Whether two processes are worth it; never inside a transaction, which only one process can see."""
        if connection.in_atomic_block:
            return False
        return ImplementationItem.objects.order_by()[: WORTH_SHARING + 1].count() > WORTH_SHARING

    def workers(self) -> int:
        connections.close_all()  # each process opens its own
        return 2

    def subjects(self) -> Iterator[Subject]:
        for portion in self.portions(0, 1):
            yield from portion

    def portions(self, share: int, of: int) -> Iterator[Iterator[Subject]]:
        for chunk in self.chunks(share, of):
            yield (subject for _, subject in chunk)

    def chunks(self, share: int = 0, of: int = 1) -> Iterator[list[tuple[Stood, Subject]]]:
        """Items with where they belong, some hundred at a time: what is in force by id, then the drafts."""
        known = {**certificates(), "switches": decided(), "followed": followed()}
        catalogue = {
            row["basic_code"]: (row.pop("status"), row)
            for row in CatalogItem.objects.order_by("pk").values(*CATALOGUE_FIELDS, "status")
        }
        twice = _twice()
        number = 0
        for number, ids in enumerate(_ids()):
            if number % of == share:
                rows = list(ImplementationItem.objects.filter(pk__in=ids).order_by("pk").values_list(*DETAILS))
                yield self._chunk([(row, row[6], f"数据库：第 {row[7]} 版") for row in rows], known, catalogue, twice)
        if self.with_drafts and share == (number + 1) % of:
            yield from self._drafts(known, catalogue, twice)

    def _drafts(self, *around: Any) -> Iterator[list[tuple[Stood, Subject]]]:
        drafts = list(
            ItemVersion.objects.filter(is_published=False)
            .exclude(item__state__in=OUT_OF_FORCE)
            .order_by("pk")
            .values_list("pk", "number", "item_id")
        )
        for at in range(0, len(drafts), AT_A_TIME):
            some = drafts[at : at + AT_A_TIME]
            rows = {
                row[0]: row
                for row in ImplementationItem.objects.filter(pk__in=[item for _, _, item in some])
                .order_by("pk")
                .values_list(*DETAILS)
            }
            yield self._chunk(
                [(rows[item], version, f"数据库：第 {number} 版（草稿）") for version, number, item in some], *around
            )

    def _chunk(
        self, rows: list[tuple[Any, UUID, str]], known: Mapping[str, Any],
        catalogue: Mapping[str, tuple[str, dict[str, Any]]], twice: Mapping[tuple[UUID, str], Mapping[str, Any]],
    ) -> list[tuple[Stood, Subject]]:  # fmt: skip
        contents = self._read({v for row, version, _ in rows for v in (version, row[8]) if v})
        missing = probes.missing_of(probes.own_files(contents[version] for _, version, _ in rows))
        known = dict(known)
        prefixes = known.pop("followed")
        found = []
        for (pk, slug, org_id, org, region, level, _, _, base, code), version, file in rows:
            status, said = catalogue[code]
            siblings = {k: v for k, v in twice.get((org_id, code), {}).items() if k != slug}
            found.append(
                (
                    Stood(pk, org_id, region, level),
                    Subject(
                        id=slug, unit=org, content=contents[version], region=region, file=file,
                        context={
                            **known, "base": contents[base] if base else None, "catalogue": said,
                            "catalogue_status": status, "siblings": siblings, "probe": probes.Probe(missing, reach_in(region, prefixes)),
                        },
                    ),
                )
            )  # fmt: skip
        return found

    def _read(self, versions: set[UUID]) -> dict[UUID, dict[str, Any]]:
        """The elements of versions, decoded once while they are asked for again."""
        kept = self._contents
        lacking = [version for version in versions if version not in kept]
        if lacking:
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, content::text FROM catalog_itemversion WHERE id = ANY(%s)", [lacking])
                for version, said in cursor.fetchall():
                    kept[version] = msgspec.json.decode(said)
        found = {}
        for version in versions:
            kept.move_to_end(version)
            found[version] = kept[version]
        while len(kept) > CONTENTS_KEPT:
            kept.popitem(last=False)
        return found

    def units(self) -> Iterable[Unit]:
        for org, unit in self.lists():
            del org
            yield unit

    def lists(self) -> Iterator[tuple[Stood, Unit]]:
        """The whole list of each organisation that has one, with where it belongs."""
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
        stored = decided()
        for pk, code, name, guides, region in counted.values_list("pk", "code", "name", "public_guides", "region_id"):
            unit = Unit({"id": code, "name": name, "public_guides": guides}, self.name, region, switches=stored)
            yield Stood(pk, pk, region, 4), unit


def _ids() -> Iterator[list[UUID]]:
    """Ids of what is in force, some hundred at a time in their order."""
    last: UUID | None = None
    while True:
        rows = ImplementationItem.objects.published()
        if last is not None:
            rows = rows.filter(pk__gt=last)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _twice() -> dict[tuple[UUID, str], dict[str, str | None]]:
    """Items of one organisation and base item of which more than one is in force."""
    pairs = (
        ImplementationItem.objects.published()
        .values("org_id", "catalog_item_id")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
        .order_by("org_id", "catalog_item_id")
    )
    often = {(row["org_id"], row["catalog_item_id"]) for row in pairs}
    found: dict[tuple[UUID, str], dict[str, str | None]] = {}
    if often:
        rows = (
            ImplementationItem.objects.published()
            .filter(org_id__in={org for org, _ in often}, catalog_item_id__in={code for _, code in often})
            .order_by("slug")
            .values_list("org_id", "catalog_item_id", "slug", "version__content__handling_code")
        )
        for org, code, slug, handling in rows:
            if (org, code) in often:
                found.setdefault((org, code), {})[slug] = handling
    return found


def check_all(tell: Callable[[int], None] = lambda count: None) -> Summary:
    """Check everything in the database and count what was found; nothing is kept."""
    inspection = Inspection([Database()], tell=tell)
    for _ in inspection.rows():
        pass
    return inspection.summary
