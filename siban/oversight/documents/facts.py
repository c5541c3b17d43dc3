"""What a document is drafted from, gathered once and then only read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from siban.kernel.measures import Figure, Measure, Ratio

from .blocks import Number
from .growth import Growth, points

GROUPS = {"county": "旗直部门", "township": "苏木乡镇", "village": "嘎查"}
Recorded = Mapping[str, Mapping[UUID, Figure]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as documents name it."""

    id: UUID
    name: str
    group: str  # county · township · village
    order: int = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of one document for one measure."""

    slug: str
    document: str
    document_code: str
    value: Decimal
    comparison: str = ">="
    deadline: date | None = None
    is_soft: bool = False

    def met_by(self, figure: Figure | None) -> bool | None:
        """Whether it is reached; None without data."""
        if figure is None or (value := figure.value) is None:
            return None
        match self.comparison:
            case "==":
                return value == self.value
            case "<=":
                return value <= self.value
        return value >= self.value

    def short_by(self, figure: Figure | None) -> int:
        """还差几项: ceil(target × total) − hits."""
        if figure is None or not figure.total or self.comparison == "<=":
            return 0
        wanted = int((self.value * figure.total).to_integral_value(ROUND_CEILING))
        return max(wanted - figure.hits, 0)

    @property
    def percent(self) -> str:
        return f"{(self.value * 100).normalize():f}%"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A supervision task as documents count it."""

    directive: str
    problem: str
    unit: str
    due_on: date
    state: str
    is_open: bool
    is_overdue: bool
    is_acknowledged: bool = True
    is_back: bool = False  # 反弹
    directive_id: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a report whose figures other rooms give: label, number, earlier number, where its rows are."""

    title: str
    lines: Sequence["Said"] = ()
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One counted thing in a chapter."""

    label: str
    hits: int
    unit_word: str
    words: str
    source: str = ""
    href: str = ""
    before: int | None = None
    total: int | None = None
    parts: Sequence["Said"] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a document of one day may say.

    `now`, `before`: figures by measure and unit as recorded for `day` and `before_day` (None: nothing recorded then).
    """

    region_name: str
    office: str
    day: date
    before_day: date | None
    starts: date
    measures: Sequence[Measure]
    units: Sequence[Unit]
    now: Recorded
    before: Recorded
    aims: Sequence[Aim] = ()
    tasks: Sequence[TaskLine] = ()
    chapters: Sequence[Chapter] = ()
    small: int = 5  # units with fewer items are not ranked
    sheet_of: str = "/desk/figures/"
    tasks_href: str = "/desk/tasks/"
    notes: Sequence[str] = field(default_factory=tuple)

    def at(self, slug: str, unit: Unit | str | None, *, earlier: bool = False) -> Figure | None:
        """One unit's figure, the sum of a group (`county`, `township`, `village`), or the sum of all units."""
        rows = (self.before if earlier else self.now).get(slug, {})
        if isinstance(unit, Unit):
            return rows.get(unit.id)
        found = [rows[u.id] for u in self.units if u.id in rows and unit in (None, u.group)]
        if not found:
            return None
        total = None if found[0].total is None else sum(f.total or 0 for f in found)
        return Figure(slug, None, sum(f.hits for f in found), total)

    def aims_of(self, slug: str) -> list[Aim]:
        return [a for a in self.aims if a.slug == slug]

    def strictest(self, slug: str) -> Aim | None:
        """The highest target that binds; a soft one only where there is no other."""
        binding = [a for a in self.aims_of(slug) if not a.is_soft] or self.aims_of(slug)
        return max(binding, key=lambda a: a.value, default=None)

    def _number(
        self,
        measure: Measure,
        unit: Unit | str | None,
        figure: Figure,
        text: str,
        kind: str,
        part: str,
        **more: Any,
    ) -> Number:
        key = str(unit.id) if isinstance(unit, Unit) else unit or "all"
        name = unit.name if isinstance(unit, Unit) else GROUPS.get(unit or "", self.region_name)
        return Number(
            text, kind, measure.title, name, key, measure.slug, self.day.isoformat(),
            figure.hits, figure.total, words=measure.words, source=measure.source,
            href=f"{self.sheet_of}{measure.slug}/{key}/{part}/", **more,
        )  # fmt: skip

    def figure(self, measure: Measure, unit: Unit | str | None = None) -> Number | None:
        """The figure as it is said: a share with two places, a bare count; None without anything recorded."""
        found = self.at(measure.slug, unit)
        if found is None:
            return None
        if found.total is None:
            return self._number(measure, unit, found, str(found.hits), "count", "hits")
        return self._number(measure, unit, found, found.percent, "percent", "total")

    def count(self, measure: Measure, part: str, unit: Unit | str | None = None) -> Number | None:
        """Rows that count (`hits`), all rows (`total`) or what is not reached (`gap`)."""
        found = self.at(measure.slug, unit)
        if found is None or (part != "hits" and found.total is None):
            return None
        value = {"hits": found.hits, "total": found.total or 0, "gap": (found.total or 0) - found.hits}[part]
        return self._number(measure, unit, found, str(value), {"hits": "count"}.get(part, part), part)

    def short(self, measure: Measure, unit: Unit | str | None = None) -> Number | None:
        """还差 n 项 to the strictest target; None when nothing is missing or the measure is no share of rows."""
        aim, found = self.strictest(measure.slug), self.at(measure.slug, unit)
        if aim is None or found is None or not isinstance(measure, Ratio) or not (lacking := aim.short_by(found)):
            return None
        return self._number(measure, unit, found, str(lacking), "gap", "gap")

    def target(self, measure: Measure) -> Number | None:
        """The strictest target as a number with its document."""
        aim = self.strictest(measure.slug)
        if aim is None:
            return None
        until = f"，期限 {aim.deadline.isoformat()}" if aim.deadline else ""
        return Number(
            aim.percent, "target", f"{measure.title}的目标", self.region_name, slug=measure.slug, day=self.day.isoformat(),
            words=f"{aim.document}{until}", source=aim.document, href=f"{self.sheet_of}{measure.slug}/all/total/",
        )  # fmt: skip

    def change(self, measure: Measure, unit: Unit | str | None = None) -> Number | None:
        """The difference to the day before: percentage points of a share, rows of a count."""
        now, then = self.at(measure.slug, unit), self.at(measure.slug, unit, earlier=True)
        if now is None or then is None or self.before_day is None:
            return None
        text = f"{now.hits - then.hits:+d}" if now.total is None else points(now.value, then.value)
        if not text:
            return None
        if text == "+0":
            text = "0"
        return self._number(
            measure, unit, now, text, "difference", "total" if now.total is not None else "hits",
            base_day=self.before_day.isoformat(), base_hits=then.hits, base_total=then.total,
        )  # fmt: skip

    def tally(
        self,
        text: object,
        title: str,
        words: str,
        *,
        hits: int | None = None,
        total: int | None = None,
        href: str = "",
        source: str = "",
    ) -> Number:
        """A number counted in this document itself or in another list."""
        return Number(
            str(text), "tally", title, self.region_name, day=self.day.isoformat(), hits=hits, total=total, words=words,
            source=source, href=href,
        )  # fmt: skip

    def met(self, measure: Measure, unit: Unit | str | None = None) -> bool | None:
        """Whether the strictest target is met; None without target or data."""
        aim = self.strictest(measure.slug)
        return aim.met_by(self.at(measure.slug, unit)) if aim else None

    def growth(self, said: Said) -> tuple[Number, Number] | None:
        """Rate and multiple of a counted thing, apart from each other; None without an earlier figure."""
        if said.before is None or not said.before:
            return None
        growth = Growth(said.hits, said.before)
        base = self.before_day.isoformat() if self.before_day else ""
        common = (
            said.label,
            self.region_name,
            "all",
            "",
            self.day.isoformat(),
            said.hits,
            None,
            base,
            said.before,
            None,
        )
        return (
            Number(growth.rate_text, "growth", *common, "（本期 − 上期）÷ 上期", said.source, said.href),
            Number(growth.multiple_text, "multiple", *common, "本期 ÷ 上期", said.source, said.href),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands: how many of its targets are met, and its place."""

    unit: Unit
    met: int
    asked: int
    missing: tuple[tuple[Measure, int], ...]  # measure, rows still missing
    place: int | None  # None: too few rows to be ranked


def standings(facts: Facts, group: str) -> list[Standing]:
    """Units of a group by the share of targets met; equal shares share a place, and the next place is counted on.

    A unit with fewer rows than `facts.small` stands at the end without a place: one item would move it by a fifth.
    """
    found: list[tuple[Fraction, Unit, int, int, tuple[tuple[Measure, int], ...], int]] = []
    for unit in facts.units:
        if unit.group != group:
            continue
        met, missing, rows = 0, [], 0
        asked = 0
        for m in facts.measures:
            state = facts.met(m, unit)
            aim, figure = facts.strictest(m.slug), facts.at(m.slug, unit)
            if state is None or aim is None or figure is None:
                continue
            asked += 1
            rows = max(rows, figure.total or 0) if isinstance(m, Ratio) else rows
            if state:
                met += 1
            else:
                missing.append((m, aim.short_by(figure) if isinstance(m, Ratio) else 0))
        if asked:
            found.append((Fraction(met, asked), unit, met, asked, tuple(missing), rows))
    ranked = sorted((f for f in found if f[5] >= facts.small), key=lambda f: (-f[0], f[1].order, f[1].name))
    out: list[Standing] = []
    for f in ranked:
        place = 1 + sum(other[0] > f[0] for other in ranked)
        out.append(Standing(f[1], f[2], f[3], f[4], place))
    small = sorted((f for f in found if f[5] < facts.small), key=lambda f: (f[1].order, f[1].name))
    return out + [Standing(f[1], f[2], f[3], f[4], None) for f in small]
