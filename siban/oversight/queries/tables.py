"""The statistics table: every cell a declared figure, every figure opens its rows."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from siban.cases import api as cases
from siban.catalog import api as catalog
from siban.identity.api import Org
from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.measures import Figure, Measure

from .. import access, units
from . import aims as targets_of
from .figures import EVERYTHING, Sought

GROUPS, LEVEL = units.GROUPS, units.LEVEL


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

    @property
    def is_short(self) -> bool:
        return any(c.is_short for c in self.cells)

    @property
    def short_by(self) -> int:
        return sum(max((a.short_by or 0 for a in c.aims), default=0) for c in self.cells)


def in_order(lines: list[Line], sort: str) -> list[Line]:
    """Units by how much they miss, by their first share, by name, or as the official table has them."""

    def first(line: Line) -> Decimal:
        return next((c.figure.value for c in line.cells if not c.is_count and c.figure.value is not None), Decimal(-1))

    match sort:
        case "short":
            return sorted(lines, key=lambda x: x.short_by, reverse=True)
        case "low":
            return sorted(lines, key=first)
        case "high":
            return sorted(lines, key=first, reverse=True)
        case "name":
            return sorted(lines, key=lambda x: x.name)
    return lines


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


def statistics_table(actor: Actor, *, region_code: str, sought: Sought = EVERYTHING) -> StatisticsTable:
    """《一网通办指标统计表》 for what an actor may see. A constant number of statements, whatever the units."""
    group = sought.group
    chosen = catalog.STATISTICS_TABLE
    scope = units.scope_of(actor)
    found = measures.figures(chosen, scope=scope, by="org")
    targets = {
        slug: [t for t in rows if t.demands and sought.document in ("", t.document_code)]
        for slug, rows in targets_of.all_aims(region_code=region_code).items()
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
        of_group = [line(str(o.pk), o.short_name, kind, [o.pk]) for o in members]
        lines += in_order([x for x in of_group if not sought.short or x.is_short], sought.sort)
    documents = sorted({(t.document_code, t.document) for rows in targets.values() for t in rows})
    heads = tuple(
        Head(
            m,
            tuple(f"{t.document_code} {t.wants(share=m.is_share)}" for t in targets.get(m.slug, ())),
        )
        for m in chosen
    )
    return StatisticsTable(chosen, heads, tuple(lines), tuple(documents))


def case_figures(actor: Actor) -> list[Cell]:
    """Figures of cases for the actor's territory or unit."""
    found = measures.figures(cases.CASE_TABLE, scope=units.scope_of(actor))
    return [Cell(m, found[m.slug][None], ()) for m in cases.CASE_TABLE]
