"""What the documents demand of a figure here and now, and whether it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from siban.kernel.measures import Figure, Measure, Ratio

from ..models import Target


@dataclass(frozen=True, slots=True)
class Aim:
    """A target beside a figure: what the document says, whether it is met, how many rows are still missing."""

    target: Target
    wants: str
    is_met: bool | None
    short_by: int | None

    @property
    def document_code(self) -> str:
        return self.target.document_code

    @property
    def is_soft(self) -> bool:
        return self.target.is_soft

    @property
    def percent(self) -> str:
        """The value demanded, without its sign."""
        return self.wants.partition("（")[0].lstrip("≥≤=")


def aims(slug: str, *, region_code: str, on: date) -> list[Target]:
    """The targets in force for a figure in a region on a day, the earliest deadline first."""
    found = Target.objects.in_force(region_code=region_code, on=on).filter(measure=slug)
    return list(found.order_by("document_code", "deadline", "place"))


def all_aims(*, region_code: str, on: date | None = None) -> dict[str, list[Target]]:
    """The same for all figures at once: one statement."""
    found: dict[str, list[Target]] = {}
    for t in Target.objects.in_force(region_code=region_code, on=on).order_by("document_code", "deadline", "place"):
        found.setdefault(t.measure, []).append(t)
    return found


def elsewhere(*, region_code: str, on: date) -> dict[str, list[Target]]:
    """The targets that documents set for other regions: shown for comparison, binding nobody here."""
    here = Target.objects.in_force(region_code=region_code, on=on).values("pk")
    found: dict[str, list[Target]] = {}
    for t in Target.objects.exclude(pk__in=here).order_by("document_code", "deadline", "place"):
        found.setdefault(t.measure, []).append(t)
    return found


def holds(figure: Figure | None, target: Target) -> bool | None:
    """Whether a figure meets a target; None when nothing is demanded or there is nothing to measure (无数据)."""
    if figure is None or not target.demands or (value := figure.value) is None:
        return None
    return target.met_by(value)


def short_by(measure: Measure, figure: Figure, target: Target) -> int | None:
    """The rows still missing: ceil(target × N) − achieved (W2); for a bare number what is missing or too much."""
    if not target.demands:
        return None
    assert target.value is not None
    if isinstance(measure, Ratio) and figure.total:
        wanted = int((target.value * figure.total).to_integral_value(ROUND_CEILING))
        return max(wanted - figure.hits, 0)
    if figure.total is None:
        gap = int(target.value) - figure.hits
        return max(gap, 0) if target.comparison == ">=" else abs(gap) if target.comparison == "==" else max(-gap, 0)
    return None


def beside(measure: Measure, figure: Figure, targets: Iterable[Target]) -> tuple[Aim, ...]:
    """Every document's demand beside a figure."""
    rows = list(targets)
    return tuple(
        Aim(t, wants, holds(figure, t), short_by(measure, figure, t))
        for t, wants in zip(rows, said(measure, rows), strict=True)
    )


def said(measure: Measure, targets: Iterable[Target]) -> list[str]:
    """What each target asks; where one document asks twice, with the place in it, since the deadlines differ."""
    rows = list(targets)
    codes = [t.document_code for t in rows]
    return [
        t.wants(share=measure.is_share) + (f"（{t.place or t.deadline}）" if codes.count(t.document_code) > 1 else "")
        for t in rows
    ]


def lamp(beside_it: Iterable[Aim]) -> str:
    """Lamp by the strictest document: green met, red short, grey without target or data; a soft target never reddens alone."""
    firm = [a for a in beside_it if a.target.demands]
    met = [a.is_met for a in firm if not a.is_soft] or [a.is_met for a in firm]
    if not met or any(m is None for m in met):
        return "grey"
    return "green" if all(met) else "red"


def distance(figure: Figure, target: Target) -> Decimal | None:
    """How far the value is below what is demanded, in its own measure; nought when it is met."""
    if not target.demands or (value := figure.value) is None:
        return None
    assert target.value is not None
    return Decimal(0) if target.met_by(value) else abs(target.value - value)


def documents(*, region_code: str) -> list[tuple[str, str]]:
    """The documents that ask something of this region, by code."""
    rows = Target.objects.in_force(region_code=region_code).order_by("document_code")
    return sorted(set(rows.values_list("document_code", "document")))
