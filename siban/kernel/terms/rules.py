"""A term 期限 as a function of its intervals and a calendar, able to explain itself line by line.

The start day does not count (民法典 art. 201). A natural-day term that ends on a rest day ends on the next workday
(民法典 art. 203). Administrative licensing counts workdays (行政许可法 art. 82) and leaves out the time of hearings,
inspections and the like, if the applicant was told in writing (行政许可法 art. 45).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from siban.kernel.calendar import WorkCalendar

Unit = Literal["workday", "natural_day"]
Lamp = Literal["green", "amber", "red", "stopped", "done"]
Step = Literal["start", "length", "run", "holiday", "makeup", "stop", "provisional", "roll", "end", "open"]
UNITS: dict[str, str] = {"workday": "个工作日", "natural_day": "个自然日"}
DAY = timedelta(days=1)
LONGEST = 36500  # a hundred years; more is a slip of the pen


class TermError(ValueError):
    """A term or stop that the law does not know; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch that does not count: days after `started_on` up to and including `ended_on` (open if None)."""

    started_on: date
    ended_on: date | None
    kind: str
    paper: str
    authority: str

    def __post_init__(self) -> None:
        if self.ended_on is not None and self.ended_on < self.started_on:
            raise TermError(f"停钟结束日 {self.ended_on} 早于开始日 {self.started_on}，请核对日期。")
        if not self.paper.strip():  # 行政许可法 art. 45: the time needed is told in writing
            raise TermError(f"“{self.kind}”停钟没有告知文书编号，停钟无效；请先出具书面告知再停钟。")

    def covers(self, day: date) -> bool:
        """Whether the day is left out of the count."""
        return self.started_on < day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True, slots=True)
class Term:
    """A length in workdays or natural days from a start day, its extension and its stops."""

    start_on: date
    length: int
    unit: Unit
    stops: Sequence[Stop] = ()
    extension: int = 0
    closed_on: date | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise TermError(f"期限单位“{self.unit}”无法识别，应为工作日或自然日。")
        if self.length < 0 or self.extension < 0:
            raise TermError("期限和延长的天数不能是负数，请核对后重新填写。")
        if self.total > LONGEST:
            raise TermError(f"期限共 {self.total} 天，超过 {LONGEST} 天，请核对后重新填写。")

    @property
    def total(self) -> int:
        """Days to be counted, extension included."""
        return self.length + self.extension


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a calculation, with the days it speaks of and how many of them it counts."""

    step: Step
    text: str
    first_on: date
    last_on: date
    days: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """The day a term is full, or None while a stop is open; with days still to be counted and the calculation."""

    on: date | None
    provisional: bool
    lines: tuple[Line, ...]
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days after `after` up to and including `last`; `last` None runs on. Stopped, or running."""

    after: date
    last: date | None
    stops: tuple[Stop, ...] = ()


def due(term: Term, calendar: WorkCalendar) -> Due:
    """When the term is full."""
    unit = UNITS[term.unit]
    if term.total == 0:
        line = Line("end", f"期限为当场办结，届满日为 {term.start_on}。", term.start_on, term.start_on)
        return Due(term.start_on, False, (line,))
    lines = [
        Line("start", f"起算：{term.start_on} 为起始日，当日不计，自次日起算。", term.start_on, term.start_on),
        Line("length", f"期限：{_length(term)}。", term.start_on, term.start_on, term.total),
    ]
    remaining, years = term.total, set[int]()
    for stretch in _stretches(term):
        if stretch.stops:
            lines.extend(_stop_lines(stretch, unit, remaining))
            continue
        full_on = _advance(term.unit, calendar, stretch.after, remaining)
        last = full_on if stretch.last is None else min(full_on, stretch.last)
        counted = _count(term.unit, calendar, stretch.after, last)
        if term.unit == "workday":
            years.update(range((stretch.after + DAY).year, last.year + 1))
        lines.extend(_run_lines(term.unit, calendar, stretch.after, last, counted))
        remaining -= counted
        if remaining == 0:
            return _end(term, calendar, last, years, lines)
    provisional = _provisional(calendar, years, term.start_on, lines)
    return Due(None, provisional, tuple(lines), remaining)


def explain(found: Due) -> list[str]:
    """The calculation in Chinese, one line per step."""
    return [line.text for line in found.lines]


def used(term: Term, on: date, calendar: WorkCalendar) -> int:
    """How many days of the term have been counted by the end of the day; goes on counting when overdue."""
    return _counted(term, term.start_on, on, calendar)


def left(term: Term, on: date, calendar: WorkCalendar) -> int | None:
    """How many days still count after the day until the term is full; None while an open stop leaves it unknown.

    Negative by the days overdue.
    """
    last = due(term, calendar).on
    if last is None:
        return None
    if on > last:
        return -_count(term.unit, calendar, last, on)
    return _counted(term, on, last, calendar)


def lamp(term: Term, today: date, calendar: WorkCalendar, warn_ratio: float = 0.2, warn_days: int = 1) -> Lamp:
    """The colour of a term: done, red when overdue, stopped, amber when little is left, else green."""
    if term.closed_on is not None and term.closed_on <= today:
        return "done"
    last = due(term, calendar).on
    if last is not None and today > last:
        return "red"
    if any(stop.covers(today) for stop in term.stops):
        return "stopped"
    if last is None:
        if any(stop.ended_on is None and stop.started_on <= today for stop in term.stops):
            return "stopped"
        remaining = term.total - used(term, today, calendar)
    else:
        remaining = _counted(term, today, last, calendar)
    few = max(float(warn_days), warn_ratio * term.total)
    return "amber" if remaining <= few + 1e-9 else "green"


def _length(term: Term) -> str:
    unit = UNITS[term.unit]
    if term.extension:
        return f"{term.length} {unit}，经批准延长 {term.extension} {unit}，共 {term.total} {unit}"
    return f"{term.length} {unit}"


def _count(unit: Unit, calendar: WorkCalendar, after: date, last: date) -> int:
    return calendar.workdays_between(after, last) if unit == "workday" else max(0, (last - after).days)


def _advance(unit: Unit, calendar: WorkCalendar, after: date, days: int) -> date:
    return calendar.add_workdays(after, days) if unit == "workday" else after + timedelta(days=days)


def _counted(term: Term, after: date, last: date, calendar: WorkCalendar) -> int:
    """Days of the term's unit after `after` up to `last` that no stop covers."""
    total = 0
    for stretch in _stretches(term):
        if stretch.stops:
            continue
        begin = max(after, stretch.after)
        end = last if stretch.last is None else min(last, stretch.last)
        if begin < end:
            total += _count(term.unit, calendar, begin, end)
    return total


def _stretches(term: Term) -> Iterator[_Stretch]:
    """The time after the start day, cut into running and stopped stretches; overlapping stops are one."""
    cursor: date = term.start_on
    group: list[Stop] = []
    group_end: date | None = None
    for stop in sorted(term.stops, key=lambda stop: stop.started_on):
        if stop.ended_on is not None and stop.ended_on <= max(cursor, stop.started_on):
            continue  # covers no day after the start
        if group and (group_end is None or stop.started_on <= group_end):
            group.append(stop)
            if group_end is not None:
                group_end = None if stop.ended_on is None else max(group_end, stop.ended_on)
            continue
        if group and group_end is not None:
            yield _Stretch(cursor, group_end, tuple(group))
            cursor = group_end
        if stop.started_on > cursor:
            yield _Stretch(cursor, stop.started_on)
            cursor = stop.started_on
        group, group_end = [stop], stop.ended_on
    if group:
        yield _Stretch(cursor, group_end, tuple(group))
        if group_end is None:
            return
        cursor = group_end
    yield _Stretch(cursor, None)


def _stop_lines(stretch: _Stretch, unit: str, remaining: int) -> Iterator[Line]:
    for stop in stretch.stops:
        named = f"{stop.kind}（{stop.paper}，{stop.authority}）" if stop.authority else f"{stop.kind}（{stop.paper}）"
        first = max(stop.started_on, stretch.after) + DAY
        if stop.ended_on is None:
            text = f"停钟：自 {first} 起{named}，尚未结束，剩余 {remaining} {unit}待恢复后续计。"
            yield Line("open", text, first, first)
        else:
            yield Line("stop", f"停钟：{first} 至 {stop.ended_on} {named}，不计入。", first, stop.ended_on)


def _run_lines(unit: Unit, calendar: WorkCalendar, after: date, last: date, counted: int) -> Iterator[Line]:
    first = after + DAY
    yield Line("run", f"计入：{first} 至 {last}，共 {counted} {UNITS[unit]}。", first, last, counted)
    if unit == "workday":
        for begin, end, name in _grouped(calendar, list(calendar.rest_days_between(after, last))):
            yield Line("holiday", f"跳过：{_span(begin, end)}为{name}放假，不计入。", begin, end)
        for day in calendar.work_days_between(after, last):
            yield Line("makeup", f"调休：{day} 为周末上班日，计入。", day, day, 1)


def _grouped(calendar: WorkCalendar, days: list[date]) -> Iterator[tuple[date, date, str]]:
    begin = 0
    for place in range(1, len(days) + 1):
        name = calendar.names.get(days[begin], "节假日")
        joined = place < len(days) and days[place] - days[place - 1] == DAY
        if not joined or calendar.names.get(days[place], "节假日") != name:
            yield days[begin], days[place - 1], name
            begin = place


def _span(first: date, last: date) -> str:
    return f"{first} " if first == last else f"{first} 至 {last} "


def _end(term: Term, calendar: WorkCalendar, last: date, years: set[int], lines: list[Line]) -> Due:
    on: date | None = last
    if term.unit == "natural_day":
        years = {last.year}
        if not calendar.is_workday(last):
            on = _rolled(term, calendar, last)
            if on is None:
                lines.append(Line("roll", f"顺延：末日 {last} 为休息日，顺延时遇停钟，待恢复后再定。", last, last))
            else:
                years.update(range(last.year, on.year + 1))
                lines.append(Line("roll", f"顺延：末日 {last} 为休息日，顺延至下一工作日 {on}。", last, on))
    provisional = _provisional(calendar, years, term.start_on, lines)
    if on is not None:
        mark = "（暂按周末推算）" if provisional else ""
        lines.append(Line("end", f"届满：{on}{mark}。", on, on))
    return Due(on, provisional, tuple(lines))


def _rolled(term: Term, calendar: WorkCalendar, last: date) -> date | None:
    """The first workday after the last day that no stop covers (民法典 art. 203)."""
    day = last
    while True:
        day = calendar.next_workday(day)
        over = [stop for stop in term.stops if stop.covers(day)]
        if not over:
            return day
        for stop in over:
            if stop.ended_on is None:
                return None
            day = max(day, stop.ended_on)


def _provisional(calendar: WorkCalendar, years: set[int], start_on: date, lines: list[Line]) -> bool:
    unknown = sorted(year for year in years if not calendar.is_published(year))
    for year in unknown:
        text = f"提示：{year} 年放假安排尚未导入，暂按周末推算，导入后将重新计算。"
        lines.append(Line("provisional", text, start_on, start_on))
    return bool(unknown)
