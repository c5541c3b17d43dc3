"""Everything read about the daily check: scores and their trend, findings by rule, unit and level, and the rows behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import NullIf

from siban.identity.api import Region
from siban.kernel.actor import Actor

from . import access
from .checks import ITEM, UNIT
from .models import AddressProbe, CheckResult, CheckRun, CheckScore, RuleSwitch

TREND = timedelta(days=30)
LEVELS = {4: "旗直部门", 5: "苏木乡镇（街道）", 6: "嘎查村（社区）"}
SEVERITIES = {"E": "错误", "W": "提醒"}
SINCE = {"new": "今日新增", "gone": "今日解决"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What narrows the rows: rule, organisation (code), level, severity, new or gone since yesterday, words of the item."""

    rule: str = ""
    unit: str = ""
    level: str = ""
    severity: str = ""
    since: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How some items stood: how many there are, how many have no error, what was found."""

    items: int
    sound: int
    errors: int
    warnings: int

    @property
    def words(self) -> str:
        """Share of the items without an error, in hundredths, never rounded up to a full mark."""
        if not self.items:
            return "无数据"
        return f"{self.points:.2f}".rstrip("0").rstrip(".")

    @property
    def points(self) -> float:
        return self.sound * 10_000 // self.items / 100 if self.items else 0.0


def title_of(rule: str) -> str:
    """What a rule is called."""
    registry = ITEM if rule in ITEM else UNIT
    return registry[rule].title if rule in registry else rule


def last_run() -> CheckRun | None:
    """The newest check that was finished."""
    return CheckRun.objects.filter(ended_at__isnull=False).order_by("-day").first()


def scores(by: Actor) -> QuerySet[CheckScore]:
    """Scores of one's own organisation, or of the whole territory."""
    if access.sees_territory(by):
        return CheckScore.objects.filter(region_id__startswith=by.region_prefix)
    return CheckScore.objects.filter(org_id=by.org_id) if by.org_id else CheckScore.objects.none()


SUMS = {"items_": Sum("items"), "sound_": Sum("sound"), "errors_": Sum("errors"), "warnings_": Sum("warnings")}


def _score(row: dict[str, Any]) -> Score:
    return Score(*(row[name] or 0 for name in SUMS))


def overall(run: CheckRun, *, by: Actor) -> Score:
    """The score of everything one may see."""
    return _score(scores(by).filter(run=run).order_by().aggregate(**SUMS))


def trend(run: CheckRun, *, by: Actor) -> list[tuple[date, Score]]:
    """Thirty days up to a check, day by day; days without a check are left out."""
    rows = (
        scores(by)
        .filter(run__day__gt=run.day - TREND, run__day__lte=run.day, run__ended_at__isnull=False)
        .values("run__day")
        .annotate(**SUMS)
        .order_by("run__day")
    )
    return [(row["run__day"], _score(row)) for row in rows]


def by_unit(run: CheckRun, *, by: Actor, most: int) -> list[tuple[str, str, Score, Score | None]]:
    """(code, name, score, score a month ago or as long ago as is known) of each organisation, the worst first."""
    now = _units(scores(by).filter(run=run)).annotate(share=F("sound_") * 10_000 / NullIf("items_", 0))
    rows = list(now.order_by(F("share").asc(nulls_last=True), "-errors_", "-warnings_", "org__code")[:most])
    first = CheckRun.objects.filter(day__gt=run.day - TREND, ended_at__isnull=False).order_by("day").first()
    before = {}
    if first is not None and first.pk != run.pk:
        known = _units(scores(by).filter(run=first, org__code__in=[r["org__code"] for r in rows]))
        before = {row["org__code"]: _score(row) for row in known.order_by("org__code")}
    return [(r["org__code"], r["org__name"], _score(r), before.get(r["org__code"])) for r in rows]


def _units(rows: QuerySet[CheckScore]) -> Any:
    return rows.order_by().values("org__code", "org__name").annotate(**SUMS)


def by_level(run: CheckRun, *, by: Actor) -> list[tuple[int, Score]]:
    """The score of each level of administration."""
    rows = scores(by).filter(run=run).order_by().values("level").annotate(**SUMS).order_by("level")
    return [(row["level"], _score(row)) for row in rows]


def by_rule(run: CheckRun, *, by: Actor) -> list[dict[str, Any]]:
    """Open findings of each rule and severity, with how many came at the last check."""
    return list(
        CheckResult.objects.open()
        .visible_to(by)
        .order_by()
        .values("rule", "severity")
        .annotate(n=Count("pk"), units=Count("org", distinct=True), new=Count("pk", filter=Q(found_on=run.day)))
        .order_by("severity", "-n", "rule")
    )


def changed(run: CheckRun, *, by: Actor) -> tuple[int, int]:
    """(how many came, how many went) at a check. Those of the very first check did not come since yesterday."""
    before = CheckRun.objects.filter(day__lt=run.day, ended_at__isnull=False).exists()
    new = CheckResult.objects.open().visible_to(by).filter(found_on=run.day).count() if before else 0
    return new, CheckResult.objects.visible_to(by).filter(gone_on=run.day).count()


def found(sought: Sought, run: CheckRun, *, by: Actor) -> QuerySet[CheckResult]:
    """The rows behind every number of the page."""
    rows = CheckResult.objects.visible_to(by)
    rows = rows.filter(gone_on=run.day) if sought.since == "gone" else rows.open()
    if sought.since == "new":
        rows = rows.filter(found_on=run.day)
    if sought.rule:
        rows = rows.filter(rule=sought.rule)
    if sought.unit:
        rows = rows.filter(org__code=sought.unit)
    if sought.level in {str(level) for level in LEVELS}:
        rows = rows.filter(level=int(sought.level))
    if sought.severity in SEVERITIES:
        rows = rows.filter(severity=sought.severity)
    if sought.q.strip():
        rows = rows.filter(item__name__icontains=sought.q.strip())
    return rows.select_related("item", "org").order_by("severity", "org__code", "item__slug", "rule", "path", "pk")


def regions_of(by: Actor) -> list[tuple[str, str]]:
    """Regions for which rules may be switched: one's own and those right below it."""
    own = Region.objects.filter(code__startswith=by.region_prefix).order_by("level", "code")
    return [(region.code, region.name) for region in own[:200]]


def switches(by: Actor) -> list[RuleSwitch]:
    """Decisions about rules that hold in one's territory or above it, and what was decided before."""
    above = [by.region_code[:width].ljust(12, "0") for width in (2, 4, 6, 9)]
    rows = RuleSwitch.objects.filter(Q(region_id__startswith=by.region_prefix) | Q(region_id__in=above))
    return list(rows.select_related("region").order_by(F("ended_at").desc(nulls_first=True), "-set_at", "pk")[:200])


def probe_of(region: str) -> AddressProbe | None:
    """Since when and why addresses are followed in a region; None while they are not."""
    return AddressProbe.objects.filter(pk=region).first()


def rules() -> Iterable[tuple[str, str]]:
    """Every rule that can be switched, by number."""
    return [(c.number, f"{c.number} {c.title}") for c in (*ITEM, *UNIT) if c.number != "TYPE"]
