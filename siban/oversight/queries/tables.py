"""The statistics table: every cell a declared figure, every figure opens its rows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from siban.cases import api as cases
from siban.catalog import api as catalog
from siban.identity.api import Org
from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.measures import Figure, Measure

from .. import access
from . import aims as targets_of

GROUPS = (("county", "旗直部门"), ("township", "苏木乡镇"), ("village", "嘎查"))
LEVEL = {"county": 4, "township": 5, "village": 6}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one unit."""

    measure: Measure
    figure: Figure
    aims: tuple[targets_of.Aim, ...]

    @property
    def is_count(self) -> bool:
        return self.figure.total is None

    @property
    def text(self) -> str:
        return str(self.figure.hits) if self.is_count else self.figure.percent

    @property
    def missing(self) -> int:
        """The rows not reached, whatever the targets: what the list of the gap holds."""
        return (self.figure.total or 0) - self.figure.hits

    @property
    def is_short(self) -> bool:
        """Some document asks for more than is there."""
        return any(a.short_by for a in self.aims)

    @property
    def is_sum(self) -> bool:
        """A sum over rows rather than a count of them: its rows are shown one by one."""
        return isinstance(self.measure, measures.Total)

    @property
    def tone(self) -> str:
        """Lamp by the strictest document: green met, red short, grey without target or data."""
        return targets_of.lamp(self.aims)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit (or a sum of units) with all its cells."""

    key: str
    name: str
    group: str
    cells: tuple[Cell, ...]
    is_sum: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: the measure and what the documents demand of it."""

    measure: Measure
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """The whole page: measures across, units down."""

    measures: tuple[Measure, ...]
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    documents: tuple[tuple[str, str], ...]


def scope_of(actor: Actor, *, field: str = "org") -> Q:
    """Which rows an actor's figures are counted over; nobody's rows for a stranger."""
    if access.sees_all_units(actor):
        return Q(region_id__startswith=actor.region_prefix)
    if access.sees_own_unit(actor):
        return Q(**{f"{field}_id": actor.org_id})
    return Q(pk__in=[])


def statistics_table(actor: Actor, *, region_code: str, group: str = "") -> StatisticsTable:
    """《一网通办指标统计表》 for what an actor may see. A constant number of statements, whatever the units."""
    chosen = catalog.STATISTICS_TABLE
    scope = scope_of(actor)
    found = measures.figures(chosen, scope=scope, by="org_id")
    targets = {
        slug: [t for t in rows if t.demands] for slug, rows in targets_of.all_aims(region_code=region_code).items()
    }
    orgs = {o.pk: o for o in Org.objects.select_related("region").filter(pk__in=found[chosen[0].slug])}

    def line(key: str, name: str, kind: str, keys: list[UUID], is_sum: bool = False) -> Line:
        cells = []
        for m in chosen:
            parts = [found[m.slug][k] for k in keys if k in found[m.slug]]
            total = None if isinstance(m, measures.Count) else sum(p.total or 0 for p in parts)
            figure = Figure(m.slug, key, sum(p.hits for p in parts), total)
            cells.append(Cell(m, figure, targets_of.beside(m, figure, targets.get(m.slug, ()))))
        return Line(key, name, kind, tuple(cells), is_sum, "/desk/figures/")

    lines = []
    if access.sees_all_units(actor) and not group:
        lines.append(line("all", "全旗合计", "all", list(orgs), is_sum=True))
    for kind, title in GROUPS:
        if group and kind != group:
            continue
        members = sorted((o for o in orgs.values() if o.region.level == LEVEL[kind]), key=lambda o: (o.order, o.code))
        if not members:
            continue
        if len(members) > 1:
            lines.append(line(kind, f"{title}小计", kind, [o.pk for o in members], is_sum=True))
        lines += [line(str(o.pk), o.short_name, kind, [o.pk]) for o in members]
    documents = sorted({(t.document_code, t.document) for rows in targets.values() for t in rows})
    heads = tuple(
        Head(
            m,
            tuple(f"{t.document_code} {t.wants(share=m.is_share)}" for t in targets.get(m.slug, ())),
        )
        for m in chosen
    )
    return StatisticsTable(chosen, heads, tuple(lines), tuple(documents))


@dataclass(frozen=True, slots=True)
class Drill:
    """The rows behind one number."""

    measure: Measure
    part: str
    unit: str
    rows: "QuerySet[Any]"
    title: str


PARTS = {"hits": "计入的", "total": "全部", "gap": "未达到的"}


def rows_behind(actor: Actor, *, slug: str, unit: str, part: str) -> Drill:
    """The rows of one cell, within what the actor may see.

    Raises:
        Refused: no such figure, part or unit.
    """
    measure = measures.REGISTRY.get(slug)
    if measure is None or part not in PARTS:
        raise Refused("没有这个指标。请从统计表里点击数字进入。")
    scope, name = scope_of(actor), "全旗"
    if unit in LEVEL:
        scope &= Q(region__level=LEVEL[unit])
        name = dict(GROUPS)[unit]
    elif unit != "all":
        try:
            org = Org.objects.get(pk=UUID(unit))
        except (ValueError, Org.DoesNotExist):
            raise Refused("没有这个单位。请从统计表里点击数字进入。") from None
        scope, name = scope & Q(org_id=org.pk), org.short_name
    rows = measures.rows_behind(measure, part, scope=scope)  # type: ignore[arg-type]
    return Drill(measure, part, name, rows, f"{name} · {measure.title} · {PARTS[part]}{measure_unit(measure)}")


def measure_unit(measure: Measure) -> str:
    """What the rows are."""
    return "办件" if measure.code.startswith("CASE") else ("评价" if measure.code.startswith("RATE") else "事项")


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row behind a figure, as the list shows it."""

    number: int
    name: str
    code: str
    unit: str
    facts: str


def row_line(row: Any, number: int) -> RowLine:
    """An item, case or rating in the words of the list."""
    if isinstance(row, catalog.ImplementationItem):
        facts = [
            "即办件" if row.case_type == "instant" else "承诺件",
            f"法定期限折合 {row.legal_days / 5:g} 天" if row.legal_days else "无法定期限",
            f"承诺期限折合 {row.promised_days / 5:g} 天" if row.promised_days else "当场办结",
            f"网办 {row.online_depth} 级",
            f"到现场 {row.onsite_visits} 次" if row.onsite_visits is not None else "到现场次数未填",
            "掌上办" if row.is_mobile else "不支持掌上办",
            "免证办" if row.is_cert_free else "未免证",
        ]
        return RowLine(number, row.name, row.impl_code, row.org.short_name, "，".join(facts))
    if isinstance(row, cases.Case):
        due = f"，承诺 {row.promised_due_on} 前" if row.promised_due_on else ""
        return RowLine(number, row.title, row.number or "", row.org.short_name, f"{row.get_state_display()}{due}")
    return RowLine(number, str(row), str(row.pk), row.org.short_name, "")


def case_figures(actor: Actor) -> list[Cell]:
    """Figures of cases for the actor's territory or unit."""
    found = measures.figures(cases.CASE_TABLE, scope=scope_of(actor))
    return [Cell(m, found[m.slug][None], ()) for m in cases.CASE_TABLE]
