"""Measures as data. Numerators and denominators are kept, never percentages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

Rows = Callable[[], "QuerySet[Any]"]
Part = Literal["hits", "total", "gap"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed figure: `hits` over `total` in one group (`None` group = everything asked for)."""

    slug: str
    group: Any
    hits: int
    total: int | None

    @property
    def value(self) -> Decimal | None:
        """The ratio (0..1), the bare count for a `Count`, or None when there is nothing to divide by (无数据)."""
        if self.total is None:
            return Decimal(self.hits)
        if self.total == 0:
            return None
        return Decimal(self.hits) / Decimal(self.total)

    @property
    def percent(self) -> str:
        """`98.65%` with two places, halves rounded up; `无数据` when the denominator is nought."""
        if (value := self.value) is None:
            return "无数据"
        return f"{(value * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


@dataclass(frozen=True)
class Measure(ABC):
    """What all measures declare.

    Args:
        slug: permanent identifier (indicators.yaml `id`).
        code: permanent number shown to people.
        title, words: what it is called; its definition in words.
        source: document or law.
        rows: the population, e.g. `ImplementationItem.objects.published`.
        out_of: which rows make up the denominator.
        level: at which levels it is asked for.
        when: field by which a period selects rows, or empty for a state of affairs.
    """

    slug: str
    code: str
    title: str
    words: str
    source: str
    rows: Rows
    out_of: Q = field(default_factory=Q)
    level: tuple[str, ...] = ("county", "department", "township")
    when: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if REGISTRY.get(self.slug, self).code != self.code:
            raise ValueError(f"measure {self.slug} is declared twice")
        if any(m.code == self.code and m.slug != self.slug for m in REGISTRY.values()):
            raise ValueError(f"code {self.code} is taken")
        REGISTRY[self.slug] = self

    @abstractmethod
    def hits(self) -> Any:
        """The aggregate of what counts."""

    @abstractmethod
    def total(self) -> Any:
        """The aggregate it is divided by; None for a bare count."""

    @abstractmethod
    def row_filter(self, part: Part) -> Q:
        """Which rows stand behind a part of the figure."""


@dataclass(frozen=True)
class Ratio(Measure):
    """Rows that count over rows asked about; `needed` says how many rows are missing to a target."""

    counts: Q = field(default_factory=Q)

    def hits(self) -> Any:
        return CountOf("pk", filter=self.out_of & self.counts)

    def total(self) -> Any:
        return CountOf("pk", filter=self.out_of)

    def row_filter(self, part: Part) -> Q:
        match part:
            case "hits":
                return self.out_of & self.counts
            case "gap":
                return self.out_of & ~self.counts
        return self.out_of


@dataclass(frozen=True)
class Count(Measure):
    """A bare number of rows."""

    def hits(self) -> Any:
        return CountOf("pk", filter=self.out_of)

    def total(self) -> None:
        return None

    def row_filter(self, part: Part) -> Q:
        return self.out_of


@dataclass(frozen=True)
class Total(Measure):
    """One summed column over another (1 − Σ承诺 ÷ Σ法定 is the share saved: `minus` over `of`).

    `hits` is Σof − Σminus, `total` is Σof; both columns must be integers of one unit.
    """

    of: str = ""
    minus: str = ""

    def hits(self) -> Any:
        return Coalesce(Sum(F(self.of) - F(self.minus), filter=self.out_of), 0)

    def total(self) -> Any:
        return Coalesce(Sum(self.of, filter=self.out_of), 0)

    def row_filter(self, part: Part) -> Q:
        return self.out_of & Q(**{f"{self.minus}__gt": 0}) if part == "gap" else self.out_of


REGISTRY: dict[str, Measure] = {}


def _population(measure: Measure, scope: Q, period: tuple[Any, Any] | None) -> "QuerySet[Any]":
    rows = measure.rows().filter(scope)
    if period and measure.when:
        rows = rows.filter(**{f"{measure.when}__gte": period[0], f"{measure.when}__lt": period[1]})
    return rows


def figures(
    measures: Iterable[Measure],
    *,
    scope: Q | None = None,
    by: str | None = None,
    period: tuple[Any, Any] | None = None,
) -> dict[str, dict[Any, Figure]]:
    """All figures of several measures: one statement for each population, whatever the number of groups.

    Returns:
        `{slug: {group: Figure}}`; without `by` the only group is None.
    """
    answer: dict[str, dict[Any, Figure]] = {}
    batches: dict[tuple[Any, str], list[Measure]] = {}
    for m in measures:
        batches.setdefault((m.rows, m.when if period else ""), []).append(m)
    for batch in batches.values():
        rows = _population(batch[0], scope or Q(), period)
        columns: dict[str, Any] = {}
        for n, m in enumerate(batch):
            columns[f"hits_{n}"] = m.hits()
            if (total := m.total()) is not None:
                columns[f"total_{n}"] = total
        if by is None:
            grouped: Sequence[dict[str, Any]] = [rows.order_by().aggregate(**columns)]
        else:
            grouped = list(rows.order_by().values(by).annotate(**columns).order_by(by))
        for n, m in enumerate(batch):
            answer[m.slug] = {
                (line[by] if by else None): Figure(
                    m.slug, line[by] if by else None, int(line[f"hits_{n}"]),
                    int(line[f"total_{n}"]) if f"total_{n}" in line else None,
                )
                for line in grouped
            }  # fmt: skip
    return answer


def rows_behind(
    measure: Measure, part: Part, *, scope: Q | None = None, period: tuple[Any, Any] | None = None
) -> "QuerySet[Any]":
    """The very rows a figure counts; the drill-down page shows these and nothing else."""
    return _population(measure, scope or Q(), period).filter(measure.row_filter(part))
