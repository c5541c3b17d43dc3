"""Figures of all measures and of one, by unit: actual, targets, gap, trend, rank, lamp. A constant number of statements a page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import add
from uuid import UUID

from django.conf import settings

from siban.identity.api import Org
from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.measures import REGISTRY, Figure, Measure, Several, variants_of

from .. import access, rules, units
from ..models import Target
from ..units import Unit
from . import aims, snapshots
from .aims import Aim

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
SORTS = {"": "按机构顺序", "low": "从低到高", "high": "从高到低", "short": "还差最多的在前", "name": "按名称"}


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of one unit with everything that stands beside it."""

    measure: Measure
    unit: Unit
    figure: Figure
    aims: tuple[Aim, ...] = ()
    rank: int | None = None
    before: Figure | None = None

    @property
    def text(self) -> str:
        return self.measure.text(self.figure)

    @property
    def tone(self) -> str:
        return aims.lamp(self.aims)

    @property
    def is_short(self) -> bool:
        return any(a.is_met is False for a in self.aims)

    @property
    def short_by(self) -> int:
        """The most that any document still misses."""
        return max((a.short_by or 0 for a in self.aims), default=0)

    @property
    def missing(self) -> int:
        return (self.figure.total or 0) - self.figure.hits

    @property
    def change(self) -> str:
        return rules.arrow(rules.moved(self.figure, self.before), share=self.measure.is_share)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of all measures."""

    measure: Measure
    told: Told | None
    targets: tuple[str, ...]
    variants: "tuple[Entry, ...]" = ()
    parts: "tuple[Entry, ...]" = ()
    abroad: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.measure.is_computed:
            return "已接入"
        return "由几个指标组成" if isinstance(self.measure, Several) else "待接入"


@dataclass(frozen=True, slots=True)
class Sought:
    """What narrows and orders a list of figures."""

    group: str = ""
    document: str = ""
    category: str = ""
    short: bool = False
    sort: str = ""


EVERYTHING = Sought()


def choose(actor: Actor, key: str) -> Unit:
    """The unit somebody asked for, within what they may see; their own where they see no other.

    Raises:
        Refused: no such unit, or none of theirs.
    """
    if not access.sees_all_units(actor):
        key = str(actor.org_id)
    if key in (units.WHOLE, ""):
        return Unit(units.WHOLE, "全旗", "")
    if key in units.LEVEL:
        return Unit(key, dict(units.GROUPS)[key], key)
    try:
        found = units.of_keys([UUID(key)])
    except ValueError:
        found = []
    if not found or not (found[0].org == actor.org_id or found[0].region_code.startswith(actor.region_prefix)):
        raise Refused("没有这个单位，或者它不在您可以查看的范围。请从指标页里选择。")
    return found[0]


def _summed(figures: Iterable[Figure], measure: Measure) -> Figure:
    nothing = Figure(measure.slug, None, 0, None if measure.total() is None else 0)
    return reduce(add, figures, nothing)


def demanded(targets: Iterable[Target], unit: Unit) -> list[Target]:
    """The targets that ask something of this unit: those for each unit singly are not asked of a sum."""
    return [t for t in targets if not t.each or (not unit.is_sum and t.each in ("unit", _each(unit)))]


def _each(unit: Unit) -> str:
    return "department" if unit.group == "county" else unit.group


def entries(actor: Actor, *, unit: Unit, region_code: str, on: date, sought: Sought = EVERYTHING) -> list[Entry]:
    """All measures of a unit or a sum of units, under their categories; variants and parts stand below their entry."""
    scope = units.scope_of(actor)
    if unit.org is not None:
        scope = units.within(scope, Org.objects.filter(pk=unit.org))
    elif unit.group:
        scope = units.within(scope, Org.objects.filter(region__level=units.LEVEL[unit.group]))
    counted = measures.figures(REGISTRY.values(), scope=scope)
    targets, abroad = aims.all_aims(region_code=region_code, on=on), aims.elsewhere(region_code=region_code, on=on)
    grouped = Org.objects.filter(region__level=units.LEVEL[unit.group]) if unit.group and not unit.org else None
    before = snapshots.trend(
        [m.slug for m in REGISTRY.values() if m.is_computed], since=on - WEEK, until=on - timedelta(days=1),
        orgs=[unit.org] if unit.org else None if grouped is None else list(grouped.order_by().values_list("pk", flat=True)),
        region_prefix="" if unit.org else actor.region_prefix,
    )  # fmt: skip

    def told(m: Measure) -> Told | None:
        if m.slug not in counted:
            return None
        earlier = before.get(m.slug, {})
        oldest = earlier[min(earlier)] if earlier else None
        figure = counted[m.slug][None]
        return Told(m, unit, figure, aims.beside(m, figure, demanded(targets.get(m.slug, ()), unit)), before=oldest)

    def entry(m: Measure, *, deep: bool = True) -> Entry:
        asked = targets.get(m.slug, [])
        wants = tuple(f"{t.document_code} {x}" for t, x in zip(asked, aims.said(m, asked), strict=True))
        compare = tuple(f"{t.document_code} {t.wants(share=m.is_share)}" for t in abroad.get(m.slug, ()) if t.demands)
        more = tuple(entry(v, deep=False) for v in variants_of(m.slug)) if deep else ()
        parts = tuple(entry(REGISTRY[p], deep=False) for p in m.parts) if isinstance(m, Several) else ()
        return Entry(m, told(m), wants, more, parts, compare)

    found = [entry(m) for m in sorted(REGISTRY.values(), key=place) if not m.variant_of]
    return [e for e in found if _wanted(e, sought, targets)]


def _wanted(e: Entry, sought: Sought, targets: dict[str, list[Target]]) -> bool:
    if sought.category and e.measure.category != sought.category:
        return False
    if sought.document and sought.document not in {t.document_code for t in targets.get(e.measure.slug, ())}:
        return False
    return not sought.short or bool(e.told and e.told.is_short)


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One measure by unit."""

    measure: Measure
    variants: tuple[Entry, ...]
    whole: Told
    lines: tuple[Told, ...]
    targets: tuple[Target, ...]
    elsewhere: tuple[Target, ...]
    trend: tuple[tuple[date, Figure], ...]
    ranked_from: int
    townships: tuple[Told, ...] = field(default=())


def computed(slug: str) -> Measure:
    """A measure that can be shown by unit.

    Raises:
        Refused: no such measure, or its data is still to come.
    """
    measure = REGISTRY.get(slug)
    if measure is None:
        raise Refused("没有这个指标。请从指标列表里选择。")
    if not measure.is_computed:
        raise Refused("这个指标还没有接入数据，暂时没有数字可看。")
    return measure


def measure_page(actor: Actor, *, slug: str, region_code: str, on: date, sought: Sought = EVERYTHING) -> MeasurePage:
    """A measure of every unit one may see, its other readings, its targets here and elsewhere, and its last thirty days.

    Raises:
        Refused: no such measure, or its data is still to come.
    """
    measure = computed(slug)
    readings = [measure, *variants_of(slug)]
    scope = units.scope_of(actor)
    counted = measures.figures(readings, scope=scope, by="org")
    known = list(Target.objects.filter(measure=slug).order_by("document_code", "deadline", "place"))
    here = aims.aims(slug, region_code=region_code, on=on)
    if sought.document:
        here = [t for t in here if t.document_code == sought.document]
    days = snapshots.trend(
        [slug], since=on - MONTH, until=on, orgs=None if access.sees_all_units(actor) else [actor.org_id],  # type: ignore[list-item]
        region_prefix=actor.region_prefix if access.sees_all_units(actor) else "",
    ).get(slug, {})  # fmt: skip
    past = snapshots.figures_on(min(days), slugs=[slug]).get(slug, {}) if days else {}
    named = units.of_keys(set().union(*(counted[m.slug] for m in readings)))
    ranked_from = int(settings.RANK_AT_LEAST)
    lowest = any(t.comparison in ("<=", "==") and t.value == 0 for t in here)
    places: dict[UUID, int | None] = {}
    for group, _ in units.GROUPS:
        members = {u.org: counted[slug][u.org] for u in named if u.group == group and u.org in counted[slug]}
        places |= rules.ranks(members, at_least=ranked_from, lowest_first=lowest)  # type: ignore[arg-type]

    def told(u: Unit) -> Told:
        assert u.org is not None
        figure = counted[slug].get(u.org) or _summed((), measure)
        return Told(
            measure, u, figure, aims.beside(measure, figure, demanded(here, u)), places.get(u.org), past.get(u.org)
        )

    lines = [told(u) for u in named]
    whole_unit = Unit(units.WHOLE, "全旗合计" if access.sees_all_units(actor) else actor.org_name, "")
    whole = _summed(counted[slug].values(), measure)
    total = Told(measure, whole_unit, whole, aims.beside(measure, whole, demanded(here, whole_unit)), before=days[min(days)] if days else None)  # fmt: skip
    others = tuple(
        Entry(v, Told(v, whole_unit, _summed(counted[v.slug].values(), v)), ()) for v in variants_of(slug)
    )  # fmt: skip
    kept = [t for t in lines if not sought.group or t.unit.group == sought.group]
    kept = [t for t in kept if not sought.short or t.is_short]
    return MeasurePage(
        measure, others, total, tuple(in_order(kept, sought.sort)), tuple(t for t in known if t in here),
        tuple(t for t in known if t not in here), tuple(days.items()), ranked_from,
        tuple(t for t in lines if t.unit.group == "township"),
    )  # fmt: skip


def in_order(lines: Collection[Told], sort: str) -> list[Told]:
    """The lines as somebody wants to read them; without data last."""
    nothing = Decimal(-1)

    def value(t: Told) -> Decimal:
        return nothing if t.figure.value is None else t.figure.value

    match sort:
        case "low":
            return sorted(lines, key=lambda t: (t.figure.value is None, value(t)))
        case "high":
            return sorted(lines, key=lambda t: value(t), reverse=True)
        case "short":
            return sorted(lines, key=lambda t: t.short_by, reverse=True)
        case "name":
            return sorted(lines, key=lambda t: t.unit.name)
    return list(lines)


ORDER = (
    "一网办指标", "向基层延伸", "延时服务", "两优", "接诉即办", "督查", "工作目标", "标准化", "规范化", "集成办", "好差评", "数据", "就近办", "主要目标",
    "事项标准化", "不见面办事", "支撑体系", "电子证照", "综合一窗", "数据共享", "附表", "一网办", "三集中三到位", "三级体系", "一次办", "综窗", "智慧政务",
    "政务公开", "一件事", "",
)  # fmt: skip


def place(m: Measure) -> tuple[int, str, str]:
    """Where a measure stands in a list: by the headings of the documents, then by code; the platform's own come last."""
    heading = m.category.split(" ")[0]
    return (ORDER.index(heading) if heading in ORDER else len(ORDER) - 1, m.category, m.code)


def categories() -> list[str]:
    """The headings of the documents, in their order."""
    return list(dict.fromkeys(m.category for m in sorted(REGISTRY.values(), key=place) if m.category))
