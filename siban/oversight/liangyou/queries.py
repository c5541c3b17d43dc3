"""Reading a round: figures by unit, the rows behind each, one row side by side, claims with what the versions say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.measures import Figure

from ..models import InternalItem, LiangyouReport, LiangyouRound, OptimisationClaim, OptimisationRecord, Statement
from . import rules

TARGET = 60  # 外部权力事项优化比例不低于 60 %（000）
CUT = Q(cut_material=True) | Q(cut_step=True) | Q(cut_time=True)
LIVE = ~Q(standing="gone")
POWERS = Q(scope="external", is_power=True) & LIVE
WITH_SERVICES = Q(scope="external") & LIVE
INTERNAL = Q(scope="internal") & LIVE
PARTS: dict[str, tuple[str, Q]] = {
    "total": ("外部权力事项", POWERS),
    "hits": ("有优化成果的外部权力事项", POWERS & CUT),
    "gap": ("没有优化成果的外部权力事项", POWERS & ~CUT),
    "material": ("减了材料的外部权力事项", POWERS & Q(cut_material=True)),
    "step": ("减了环节的外部权力事项", POWERS & Q(cut_step=True)),
    "time": ("减了时限的外部权力事项", POWERS & Q(cut_time=True)),
    "worse": ("有增加的外部权力事项", POWERS & Q(is_worse=True)),
    "all": ("外部权力事项和依申请公共服务", WITH_SERVICES),
    "allhits": ("有优化成果的外部权力事项和依申请公共服务", WITH_SERVICES & CUT),
    "new": ("本轮新增、没有原版本可比的外部权力事项", POWERS & Q(standing="new")),
    "gone": ("本轮取消的外部事项", Q(scope="external", standing="gone")),
    "internal": ("内部管理事项", INTERNAL),
    "inhits": ("有优化成果的内部管理事项", INTERNAL & CUT),
    "inworse": ("有增加的内部管理事项", INTERNAL & Q(is_worse=True)),
    "ingone": ("本轮取消的内部管理事项", Q(scope="internal", standing="gone")),
}
"""Every number of the table: its words and the very rows it counts."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in a round. `counts` by the keys of `PARTS`."""

    org: Org
    counts: dict[str, int]
    claims: int
    unsupported: int
    reports: dict[str, LiangyouReport]
    statements: tuple[str, ...]

    @property
    def figure(self) -> Figure:
        return Figure("", self.org.pk, self.counts["hits"], self.counts["total"])

    @property
    def figure_all(self) -> Figure:
        return Figure("", self.org.pk, self.counts["allhits"], self.counts["all"])

    @property
    def figure_internal(self) -> Figure:
        return Figure("", self.org.pk, self.counts["inhits"], self.counts["internal"])

    @property
    def is_short(self) -> bool | None:
        """Below the target; None without anything to divide by."""
        return met_short(self.figure)


def met_short(figure: Figure) -> bool | None:
    """Whether a figure is below 60 %; None without anything to divide by."""
    return figure.hits * 100 < TARGET * (figure.total or 0) if figure.total else None


def rounds(actor: Actor) -> QuerySet[LiangyouRound]:
    """The rounds of one's territory, the newest first: those of the banner are for its departments too."""
    if not actor.is_staff or not actor.region_code:
        return LiangyouRound.objects.none()
    above = [actor.region_code[:n].ljust(12, "0") for n in (4, 6, 9, 12)]
    return LiangyouRound.objects.filter(Q(region_id__in=above)).order_by("-is_current", "-begin_on", "-id")


def unsupported(round_id: UUID) -> QuerySet[OptimisationClaim]:
    """Claims of a round that the versions do not bear out at all."""
    same = Q(item=OuterRef("item")) | Q(internal=OuterRef("internal"))
    rows = OptimisationRecord.objects.filter(same, round=round_id)
    shows = {
        "cut_material": rows.filter(cut_material=True), "cut_step": rows.filter(cut_step=True),
        "cut_time": rows.filter(cut_time=True), "take_over": rows.filter(standing="new"),
        "cancel": rows.filter(standing="gone"),
    }  # fmt: skip
    wrong = Q(pk__in=[])
    for kind, borne_out in shows.items():
        wrong |= Q(kind=kind) & ~Exists(borne_out)
    return OptimisationClaim.objects.filter(wrong, round=round_id, withdrawn_at=None)


def units(found: LiangyouRound, actor: Actor) -> list[UnitLine]:
    """Every unit of a round with its numbers; a constant number of statements."""
    counted = {
        row["org_id"]: row
        for row in OptimisationRecord.objects.visible_to(actor).filter(round=found).order_by().values("org_id")
        .annotate(**{key: Count("pk", filter=q) for key, (_, q) in PARTS.items()})
    }  # fmt: skip
    reports: dict[UUID, dict[str, LiangyouReport]] = {}
    for report in LiangyouReport.objects.visible_to(actor).filter(round=found).order_by("scope"):
        reports.setdefault(report.org_id, {})[report.scope] = report
    statements: dict[UUID, list[str]] = {}
    for org_id, number in (
        Statement.objects.filter(report__round=found, report__org_id__in=reports)
        .order_by("filed_at")
        .values_list("report__org_id", "number")
    ):
        statements.setdefault(org_id, []).append(number)
    live = OptimisationClaim.objects.visible_to(actor).filter(round=found, withdrawn_at=None).order_by()
    claims = dict(live.values_list("org_id").annotate(Count("pk")))
    wrong = dict(unsupported(found.pk).order_by().values_list("org_id").annotate(Count("pk")))
    keys = {*counted, *reports, *claims}
    orgs = Org.objects.filter(pk__in=keys).order_by("order", "code")
    nothing = dict.fromkeys(PARTS, 0)
    return [
        UnitLine(
            org, counted.get(org.pk, nothing), claims.get(org.pk, 0), wrong.get(org.pk, 0), reports.get(org.pk, {}),
            tuple(statements.get(org.pk, ())),
        )
        for org in orgs
    ]  # fmt: skip


def total(lines: list[UnitLine]) -> dict[str, int]:
    """The units together."""
    return {key: sum(line.counts[key] for line in lines) for key in PARTS}


def rows(found: LiangyouRound, actor: Actor, *, part: str, org: str = "") -> QuerySet[Any]:
    """The rows behind one number."""
    chosen = OptimisationRecord.objects.visible_to(actor).filter(PARTS[part][1], round=found).select_related("org")
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.order_by("org__order", "org__code", "code")


def claims(found: LiangyouRound, actor: Actor, *, org: str = "", only_wrong: bool = False) -> QuerySet[Any]:
    """Claims of a round that stand."""
    chosen = OptimisationClaim.objects.visible_to(actor).filter(round=found, withdrawn_at=None)
    if only_wrong:
        chosen = chosen.filter(pk__in=unsupported(found.pk).order_by().values("pk"))
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.select_related("org", "item", "internal").order_by("org__order", "org__code", "kind", "id")


def judged(found: LiangyouRound, some: list[OptimisationClaim]) -> list[tuple[OptimisationClaim, rules.Verdict]]:
    """Claims beside what the versions say, in one statement more."""
    of = Q(item_id__in=[c.item_id for c in some if c.item_id]) | Q(
        internal_id__in=[c.internal_id for c in some if c.internal_id]
    )
    said = {r["item_id"] or r["internal_id"]: r for r in OptimisationRecord.objects.filter(of, round=found).values()}
    return [(c, rules.verdict(c.kind, c.before, c.after, said.get(c.item_id or c.internal_id))) for c in some]


def judged_all(found: LiangyouRound, chosen: QuerySet[Any]) -> Iterator[tuple[OptimisationClaim, rules.Verdict]]:
    """The same for any number of claims, some hundred at a time."""
    some: list[OptimisationClaim] = []
    for one in chosen.iterator(chunk_size=500):
        some.append(one)
        if len(some) == 500:
            yield from judged(found, some)
            some = []
    yield from judged(found, some)


def internals(actor: Actor, *, org: str = "") -> QuerySet[Any]:
    """Internal items one may see, with how many versions each has."""
    chosen = InternalItem.objects.visible_to(actor).select_related("org").annotate(count=Count("versions"))
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.order_by("org__order", "org__code", "number")
