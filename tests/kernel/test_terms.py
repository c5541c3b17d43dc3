"""Terms: the published examples, stops, extension, lamps, and equality with a naive walk through the days."""

import random
from datetime import date, timedelta

import pytest

from siban.kernel import calendar
from siban.kernel.terms import Stop, Term, TermError, due, explain, lamp, left, used

from .test_calendar import VECTORS

CALENDAR = calendar.national()
DAY = timedelta(days=1)


def stop(started_on, ended_on=None, kind="现场勘验", paper="特告〔2024〕1号", authority="演示局"):
    return Stop(started_on, ended_on, kind, paper, authority)


# The naive walk: written day by day, sharing nothing with the rules but the question whether a day is a workday.


def stopped(day, stops):
    return any(one.started_on < day and (one.ended_on is None or day <= one.ended_on) for one in stops)


def walk(term):
    """(due day or None, days still to count, provisional) found by looking at one day after the other."""
    wanted = term.length + term.extension
    if wanted == 0:
        return term.start_on, 0, False
    horizon = max([term.start_on, *(one.ended_on or one.started_on for one in term.stops)])
    day, seen = term.start_on, set()
    while wanted:
        day += DAY
        if stopped(day, term.stops):
            if day > horizon:
                return None, wanted, any(year not in range(2021, 2027) for year in seen)
            continue
        if term.unit == "natural_day" or CALENDAR.is_workday(day):
            wanted -= 1
        if term.unit == "workday":
            seen.add(day.year)
    if term.unit == "natural_day":
        seen.add(day.year)
        while not CALENDAR.is_workday(day) or stopped(day, term.stops):
            day += DAY
            if day > horizon and stopped(day, term.stops):
                return None, 0, any(year not in range(2021, 2027) for year in seen)
        seen.add(day.year)
    return day, 0, any(year not in range(2021, 2027) for year in seen)


def random_term(chance):
    start = date(2021, 1, 1) + DAY * chance.randrange(6 * 365 + 60)
    stops = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 4))):
        began = start + DAY * chance.randrange(-10, 60)
        ended = None if chance.random() < 0.08 else began + DAY * chance.randrange(0, 25)
        stops.append(stop(began, ended))
    length = chance.choice((0, 1, 3, 5, 10, 20, 30, 45, chance.randrange(1, 120)))
    extension = chance.choice((0, 0, 0, 10, 15))
    return Term(start, length, chance.choice(("workday", "natural_day")), tuple(stops), extension)


def compare(seed, count):
    chance = random.Random(seed)
    for _ in range(count):
        term = random_term(chance)
        found = due(term, CALENDAR)
        assert (found.on, found.remaining, found.provisional) == walk(term), term


def test_random_terms_are_due_when_a_naive_walk_says():
    compare(1, 5_000)


@pytest.mark.slow
def test_a_hundred_thousand_random_terms_are_due_when_a_naive_walk_says():
    compare(2, 100_000)


def test_days_used_are_the_days_a_naive_walk_counts():
    chance = random.Random(3)
    for _ in range(500):
        term = random_term(chance)
        on = term.start_on + DAY * chance.randrange(-3, 90)
        walked = 0
        day = term.start_on
        while day < on:
            day += DAY
            counts = term.unit == "natural_day" or CALENDAR.is_workday(day)
            walked += counts and not stopped(day, term.stops)
        assert used(term, on, CALENDAR) == walked, (term, on)


@pytest.mark.parametrize(("start", "count", "end"), VECTORS)
def test_a_workday_term_is_due_as_in_the_published_examples(start, count, end):
    found = due(Term(date.fromisoformat(start), count, "workday"), CALENDAR)
    assert (found.on, found.provisional) == (date.fromisoformat(end), False)


def test_an_extension_counts_like_a_longer_term():
    start = date(2024, 9, 27)
    extended = due(Term(start, 20, "workday", extension=10), CALENDAR)
    assert extended.on == due(Term(start, 30, "workday"), CALENDAR).on == date(2024, 11, 13)
    assert "经批准延长 10 个工作日" in "".join(explain(extended))


def test_a_term_of_no_days_is_due_on_the_spot():
    found = due(Term(date(2024, 10, 1), 0, "workday"), CALENDAR)
    assert found.on == date(2024, 10, 1)
    assert "当场" in explain(found)[0]


def test_a_natural_term_ending_on_a_rest_day_rolls_to_the_next_workday():
    found = due(Term(date(2025, 9, 25), 10, "natural_day"), CALENDAR)
    assert found.on == date(2025, 10, 9)
    assert any("顺延至下一工作日 2025-10-09" in line for line in explain(found))


def test_a_natural_term_does_not_roll_onto_a_stopped_day():
    term = Term(date(2025, 9, 25), 10, "natural_day", (stop(date(2025, 10, 6), date(2025, 10, 10)),))
    assert due(term, CALENDAR).on == date(2025, 10, 11)


def test_a_stopped_stretch_does_not_count_and_the_stop_day_does():
    plain = Term(date(2024, 3, 4), 5, "workday")
    halted = Term(date(2024, 3, 4), 5, "workday", (stop(date(2024, 3, 6), date(2024, 3, 13)),))
    assert due(plain, CALENDAR).on == date(2024, 3, 11)
    assert used(halted, date(2024, 3, 6), CALENDAR) == 2
    assert used(halted, date(2024, 3, 13), CALENDAR) == 2
    assert due(halted, CALENDAR).on == date(2024, 3, 18)


def test_overlapping_stops_are_left_out_once():
    stops = (stop(date(2024, 3, 6), date(2024, 3, 13)), stop(date(2024, 3, 8), date(2024, 3, 11)))
    assert due(Term(date(2024, 3, 4), 5, "workday", stops), CALENDAR).on == date(2024, 3, 18)


def test_an_open_stop_leaves_the_day_open_and_tells_what_remains():
    found = due(Term(date(2024, 3, 4), 5, "workday", (stop(date(2024, 3, 6)),)), CALENDAR)
    assert (found.on, found.remaining) == (None, 3)
    assert "剩余 3 个工作日" in explain(found)[-1]


def test_an_open_stop_after_the_last_day_changes_nothing():
    assert due(Term(date(2024, 3, 4), 5, "workday", (stop(date(2024, 3, 11)),)), CALENDAR).on == date(2024, 3, 11)


def test_a_year_without_a_table_is_marked_provisional():
    found = due(Term(date(2026, 12, 25), 10, "workday"), CALENDAR)
    assert found.on == date(2027, 1, 8)
    assert found.provisional
    lines = explain(found)
    assert "暂按周末推算" in lines[-1]
    assert any("2027 年放假安排尚未导入" in line for line in lines)
    assert not due(Term(date(2026, 12, 25), 4, "workday"), CALENDAR).provisional


def test_the_calculation_is_explained_line_by_line():
    term = Term(date(2024, 9, 13), 13, "workday", (stop(date(2024, 9, 23), date(2024, 9, 26)),))
    assert explain(due(term, CALENDAR)) == [
        "起算：2024-09-13 为起始日，当日不计，自次日起算。",
        "期限：13 个工作日。",
        "计入：2024-09-14 至 2024-09-23，共 5 个工作日。",
        "跳过：2024-09-15 至 2024-09-17 为中秋节放假，不计入。",
        "调休：2024-09-14 为周末上班日，计入。",
        "停钟：2024-09-24 至 2024-09-26 现场勘验（特告〔2024〕1号，演示局），不计入。",
        "计入：2024-09-27 至 2024-10-12，共 8 个工作日。",
        "跳过：2024-10-01 至 2024-10-07 为国庆节放假，不计入。",
        "调休：2024-09-29 为周末上班日，计入。",
        "调休：2024-10-12 为周末上班日，计入。",
        "届满：2024-10-12。",
    ]


def test_counted_days_of_the_lines_add_up_to_the_term():
    chance = random.Random(4)
    for _ in range(500):
        term = random_term(chance)
        found = due(term, CALENDAR)
        counted = sum(line.days for line in found.lines if line.step == "run")
        assert counted + found.remaining == term.total


HALT = stop(date(2024, 3, 6), date(2024, 3, 13))
LAMPS = [
    # start 2024-03-04 (Monday), 10 workdays, due 2024-03-18 without stops
    ((), None, "2024-03-04", "green"),
    ((), None, "2024-03-13", "green"),
    ((), None, "2024-03-14", "amber"),
    ((), None, "2024-03-18", "amber"),
    ((), None, "2024-03-19", "red"),
    ((), date(2024, 3, 19), "2024-03-19", "done"),
    ((), date(2024, 3, 20), "2024-03-19", "red"),
    ((HALT,), None, "2024-03-06", "green"),
    ((HALT,), None, "2024-03-07", "stopped"),
    ((HALT,), None, "2024-03-13", "stopped"),
    ((HALT,), None, "2024-03-14", "green"),
    ((HALT,), None, "2024-03-22", "amber"),
    ((HALT,), None, "2024-03-26", "red"),
    ((stop(date(2024, 3, 6)),), None, "2024-03-05", "green"),
    ((stop(date(2024, 3, 6)),), None, "2024-03-06", "stopped"),
    ((stop(date(2024, 3, 6)),), None, "2025-03-06", "stopped"),
    ((stop(date(2024, 3, 18)),), None, "2024-03-18", "amber"),
    ((stop(date(2024, 3, 18)),), None, "2024-03-19", "red"),
]


@pytest.mark.parametrize(("stops", "closed_on", "today", "colour"), LAMPS)
def test_the_lamp_tells_how_the_term_stands(stops, closed_on, today, colour):
    term = Term(date(2024, 3, 4), 10, "workday", stops, closed_on=closed_on)
    assert lamp(term, date.fromisoformat(today), CALENDAR) == colour


def test_the_lamp_s_warning_can_be_set():
    term = Term(date(2024, 3, 4), 10, "workday")
    assert lamp(term, date(2024, 3, 11), CALENDAR, warn_ratio=0.5) == "amber"
    assert lamp(term, date(2024, 3, 15), CALENDAR, warn_ratio=0, warn_days=0) == "green"


def test_days_left_turn_negative_when_overdue_and_unknown_when_stopped():
    term = Term(date(2024, 3, 4), 10, "workday")
    assert left(term, date(2024, 3, 4), CALENDAR) == 10
    assert left(term, date(2024, 3, 18), CALENDAR) == 0
    assert left(term, date(2024, 3, 20), CALENDAR) == -2
    assert left(Term(date(2024, 3, 4), 10, "workday", (stop(date(2024, 3, 6)),)), date(2024, 3, 7), CALENDAR) is None


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: stop(date(2024, 3, 6), date(2024, 3, 5)), "早于开始日"),
        (lambda: stop(date(2024, 3, 6), paper=" "), "停钟无效"),
        (lambda: Term(date(2024, 3, 4), -1, "workday"), "不能是负数"),
        (lambda: Term(date(2024, 3, 4), 1, "workday", extension=-1), "不能是负数"),
        (lambda: Term(date(2024, 3, 4), 1, "month"), "应为工作日或自然日"),
        (lambda: Term(date(2024, 3, 4), 99_999, "workday"), "超过"),
    ],
)
def test_a_term_the_law_does_not_know_is_refused(make, said):
    with pytest.raises(TermError, match=said):
        make()


def test_the_year_of_the_start_day_alone_makes_nothing_provisional():
    assert not due(Term(date(2020, 12, 31), 3, "workday"), CALENDAR).provisional
    assert due(Term(date(2020, 12, 30), 3, "workday"), CALENDAR).provisional
