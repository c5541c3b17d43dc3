"""Measures as data: what each figure counts, in words and as conditions. Numerators and denominators are kept, never percentages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django.db.models import BigIntegerField, Case, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.db.models import Count as CountOf
from django.db.models.functions import Cast, Coalesce, Round
from django.db.models.lookups import Exact

Rows = Callable[[], "QuerySet[Any]"]
Part = Literal["hits", "total", "gap"]
MILLION = 1_000_000
EXACT = DecimalField(max_digits=20, decimal_places=8)


def no_rows() -> "QuerySet[Any]":
    """The population of what nobody can count yet."""
    raise LookupError("this measure has no rows yet")


LEVELS = {
    "league_or_city": "盟市", "county": "旗县", "department": "部门", "township": "苏木乡镇", "village": "嘎查", "item": "事项", "case": "办件",
    "order": "工单", "undertaker": "承办单位", "venue": "场所", "one_thing": "一件事",
}  # fmt: skip


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

    def __add__(self, other: "Figure") -> "Figure":
        """Two disjoint groups as one: parts add up, percentages never do."""
        total = None if self.total is None or other.total is None else self.total + other.total
        return Figure(self.slug, None, self.hits + other.hits, total)


@dataclass(frozen=True, slots=True)
class Mend:
    """What a row of the gap lacks, and how much work it is to mend: 1 a tick or a field, 2 a material or an attachment, 4 a procedure."""

    words: str
    lacking: Q
    cost: int = 1


@dataclass(frozen=True)
class Measure(ABC):
    """What all measures declare.

    Args:
        slug: permanent identifier.
        code: permanent number shown to people.
        title, words: what it is called; its definition in words.
        source: document or law.
        rows: the population, e.g. `ImplementationItem.objects.published`.
        out_of: which rows make up the denominator.
        level: at which levels it is asked for.
        when: field by which a period selects rows, or empty for a state of affairs.
        category: the heading under which the document asks for it.
        numerator, denominator: the two parts in words.
        variant_of, variant: the figure this is another reading of, and what the reading is called.
        org, region: the columns of a row that say whose it is and where.
        unit: what one row is.
        mends: what a row of the gap may lack.
    """

    slug: str
    code: str
    title: str
    words: str
    source: str
    rows: Rows = no_rows
    out_of: Q = field(default_factory=Q)
    level: tuple[str, ...] = ("county", "department", "township")
    when: str = ""
    note: str = ""
    category: str = ""
    numerator: str = ""
    denominator: str = ""
    variant_of: str = ""
    variant: str = ""
    org: str = "org_id"
    region: str = "region_id"
    unit: str = "事项"
    mends: tuple[Mend, ...] = ()

    def __post_init__(self) -> None:
        if self.slug in REGISTRY:
            raise ValueError(f"measure {self.slug} is declared twice")
        if any(m.code == self.code for m in REGISTRY.values()):
            raise ValueError(f"code {self.code} is taken")
        REGISTRY[self.slug] = self

    @property
    def is_computed(self) -> bool:
        """Whether it is counted from rows; otherwise it is shown as 待接入 or by its parts."""
        return True

    @property
    def counts_rows(self) -> bool:
        """Whether its parts are numbers of rows, so that a part and its list have the same count; else rows are shown one by one."""
        return isinstance(self, (Ratio, Count)) and not isinstance(self, Weighted)

    @property
    def is_share(self) -> bool:
        """Whether its value is a share of a whole, shown in per cent."""
        return True

    def text(self, figure: Figure | None) -> str:
        """A figure as it is read: `98.65%`, `12`, `0.35`, 无数据."""
        if figure is None or (value := figure.value) is None:
            return "无数据"
        if figure.total is None:
            return str(figure.hits)
        return figure.percent if self.is_share else str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def hits_if(self, mended: "Collection[Any]") -> Any:
        """The aggregate of what would count with these rows mended; the whole stays as it is."""
        return self.hits()

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
    """Rows that count over rows asked about."""

    counts: Q = field(default_factory=Q)

    def hits(self) -> Any:
        return CountOf("pk", filter=self.out_of & self.counts)

    def hits_if(self, mended: "Collection[Any]") -> Any:
        return CountOf("pk", filter=self.out_of & (self.counts | Q(pk__in=list(mended))))

    def total(self) -> Any:
        return CountOf("pk", filter=self.out_of)

    def row_filter(self, part: Part) -> Q:
        match part:
            case "hits":
                return self.out_of & self.counts
            case "gap":  # what is unknown does not count, so it is in the gap: `~counts` would lose it
                counts = (
                    Case(When(self.counts, then=Value(True)), default=Value(False)) if self.counts else Value(True)
                )
                return self.out_of & Q(Exact(counts, Value(False)))
        return self.out_of


@dataclass(frozen=True)
class Weighted(Ratio):
    """A ratio in which each row counts as often as its `weight` says (按业务办理项计)."""

    weight: str = ""

    def hits(self) -> Any:
        return Coalesce(Sum(self.weight, filter=self.out_of & self.counts), 0)

    def hits_if(self, mended: "Collection[Any]") -> Any:
        return Coalesce(Sum(self.weight, filter=self.out_of & (self.counts | Q(pk__in=list(mended)))), 0)

    def total(self) -> Any:
        return Coalesce(Sum(self.weight, filter=self.out_of), 0)


@dataclass(frozen=True)
class Count(Measure):
    """A bare number of rows."""

    @property
    def is_share(self) -> bool:
        return False

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

    def hits_if(self, mended: "Collection[Any]") -> Any:
        """With these rows brought down to nothing (当场办结)."""
        saved = Case(When(pk__in=list(mended), then=F(self.of)), default=F(self.of) - F(self.minus))
        return Coalesce(Sum(saved, filter=self.out_of), 0)

    def total(self) -> Any:
        return Coalesce(Sum(self.of, filter=self.out_of), 0)

    def row_filter(self, part: Part) -> Q:
        return self.out_of & Q(**{f"{self.minus}__gt": 0}) if part == "gap" else self.out_of


@dataclass(frozen=True)
class MeanShare(Total):
    """The mean of each row's own share saved (mean(1 − 承诺ᵢ ÷ 法定ᵢ)), each rounded to a millionth so that parts add up."""

    def hits(self) -> Any:
        return Coalesce(Sum(self._share(), filter=self._has()), 0)

    def hits_if(self, mended: "Collection[Any]") -> Any:
        share = Case(
            When(pk__in=list(mended), then=Value(MILLION)), default=self._share(), output_field=BigIntegerField()
        )
        return Coalesce(Sum(share, filter=self._has()), 0)

    def total(self) -> Any:
        return CountOf("pk", filter=self._has()) * MILLION

    def _share(self) -> Any:
        exact = Cast(F(self.of) - F(self.minus), EXACT) * Value(MILLION) / Cast(F(self.of), EXACT)
        return Cast(Round(exact, output_field=EXACT), BigIntegerField())

    def _has(self) -> Q:
        return self.out_of & Q(**{f"{self.of}__gt": 0})

    def row_filter(self, part: Part) -> Q:
        rows = self._has()
        return rows & Q(**{f"{self.minus}__gt": 0}) if part == "gap" else rows


@dataclass(frozen=True)
class Average(Measure):
    """The mean of a column, e.g. 平均到现场次数: `hits` is the sum, `total` the rows."""

    of: str = ""

    @property
    def is_share(self) -> bool:
        return False

    def hits(self) -> Any:
        return Coalesce(Sum(self.of, filter=self.out_of), 0)

    def total(self) -> Any:
        return CountOf("pk", filter=self.out_of)

    def row_filter(self, part: Part) -> Q:
        return self.out_of & Q(**{f"{self.of}__gt": 0}) if part == "gap" else self.out_of


@dataclass(frozen=True)
class Pending(Measure):
    """待接入: declared with what it needs and from where; it never has a number."""

    needs: str = ""
    room: str = ""

    def __post_init__(self) -> None:
        if not (self.needs and self.room):
            raise ValueError(f"pending measure {self.slug} must say what it needs, and from where")
        super().__post_init__()

    @property
    def is_computed(self) -> bool:
        return False

    @property
    def is_share(self) -> bool:
        return bool(self.denominator)

    def hits(self) -> None:
        return None

    def total(self) -> None:
        return None

    def row_filter(self, part: Part) -> Q:
        return Q(pk__in=[])


@dataclass(frozen=True)
class Several(Measure):
    """An entry that is several figures side by side (三个全覆盖、五全、三率); `parts` are their slugs, which may be set otherwise."""

    parts: tuple[str, ...] = ()

    @property
    def is_computed(self) -> bool:
        return False

    def hits(self) -> None:
        return None

    def total(self) -> None:
        return None

    def row_filter(self, part: Part) -> Q:
        return Q(pk__in=[])


REGISTRY: dict[str, Measure] = {}


def variants_of(slug: str) -> list[Measure]:
    """The other readings of a figure, by code."""
    return sorted((m for m in REGISTRY.values() if m.variant_of == slug), key=lambda m: m.code)
