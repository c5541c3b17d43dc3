"""未达标: what is still missing to a target, the cheapest rows to mend first, and what mending some of them would give."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.measures import Figure, Measure

from ..models import Target
from . import aims, rows

MOST = 300  # rows a page lets somebody tick
EFFORT = {1: "补填一项", 2: "补材料或者附件", 4: "改流程"}


@dataclass(frozen=True, slots=True)
class Mendable:
    """A row of the gap with what it lacks."""

    line: rows.RowLine
    key: str
    lacks: tuple[str, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The figure as it is, and as it would be with the ticked rows mended."""

    ticked: int
    before: Figure
    after: Figure
    aims: tuple[aims.Aim, ...]


@dataclass(frozen=True, slots=True)
class GapPage:
    """The gap of one measure of one unit."""

    measure: Measure
    unit: str
    figure: Figure
    aims: tuple[aims.Aim, ...]
    mendable: tuple[Mendable, ...]
    count: int
    scope: measures.Scope


def _cost(measure: Measure) -> Any:
    """What mending a row costs, as the database adds it up; rows that lack nothing known come last."""
    if not measure.mends:
        return Value(1)
    parts = [
        Case(When(m.lacking, then=Value(m.cost)), default=Value(0), output_field=IntegerField()) for m in measure.mends
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def gap_page(actor: Actor, *, slug: str, unit: str, region_code: str, on: date) -> GapPage:
    """The rows that keep a figure from its targets, cheapest first.

    Raises:
        Refused: no such measure or unit.
    """
    found = rows.rows_behind(actor, slug=slug, unit=unit, part="gap")
    measure = found.measure
    figure = measures.figure_if(measure, [], scope=found.scope)
    targets = [t for t in aims.aims(slug, region_code=region_code, on=on) if t.demands]
    lacking = {f"lacks_{n}": _flag(m.lacking) for n, m in enumerate(measure.mends)}
    ordered = rows.ordered(found).annotate(mending=_cost(measure), **lacking).order_by("mending", "pk")
    listed = list(ordered[:MOST])
    said = rows.lines(found, listed)
    mendable = tuple(
        Mendable(
            line, str(row.pk),
            tuple(m.words for n, m in enumerate(measure.mends) if getattr(row, f"lacks_{n}")), row.mending,
        )
        for row, line in zip(listed, said, strict=True)
    )  # fmt: skip
    return GapPage(
        measure, found.unit, figure, aims.beside(measure, figure, targets), mendable, found.rows.count(), found.scope
    )


def _flag(condition: Q) -> Any:
    return Case(When(condition, then=Value(True)), default=Value(False))


def what_if(page: GapPage, ticked: Collection[str]) -> WhatIf:
    """The figure with these rows mended, counted by the database from the rows themselves; what is no row of the gap moves nothing."""
    known = {m.key for m in page.mendable} & set(ticked)
    after = measures.figure_if(page.measure, sorted(known), scope=page.scope)
    targets: list[Target] = [a.target for a in page.aims]
    return WhatIf(len(known), page.figure, after, aims.beside(page.measure, after, targets))


def moved(shown: WhatIf) -> Decimal:
    """How far the value would move."""
    return (shown.after.value or Decimal(0)) - (shown.before.value or Decimal(0))
