"""The law of supervision without a database: expansion, watching figures day by day, treatments, reminders, drafts."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.oversight import rules_supervision as rules
from siban.oversight.drafts import DirectiveDraft, ProblemDraft, expansion, missing
from siban.oversight.rules_supervision import Target, Watch

DAY = date(2026, 3, 2)
UNITS = [UUID(int=n) for n in range(1, 45)]


@given(st.lists(st.lists(st.sampled_from(UNITS), max_size=50), max_size=6))
def test_every_problem_times_every_unit_is_one_task(units: list[list[UUID]]) -> None:
    draft = DirectiveDraft(problems=tuple(ProblemDraft(units=tuple(u)) for u in units))
    pairs = expansion(draft)
    assert len(pairs) == len(set(pairs)) == sum(len(set(u)) for u in units)
    assert set(pairs) == {(n, unit) for n, of in enumerate(units) for unit in of}


@given(st.lists(st.sampled_from([True, False, None]), max_size=60), st.integers(1, 6))
def test_the_watch_equals_a_walk_through_all_days(series: list[bool | None], hold: int) -> None:
    """Closing and rebound over any series are what one gets by looking at all days anew each day."""
    watch, closed, events, naive_closed, naive = Watch(), False, [], False, []
    since = 0  # the naive walk counts from here
    for n, holds in enumerate(series):
        watch = rules.watched(watch, DAY + timedelta(days=n), holds)
        if closed and holds is False:
            closed, _ = False, events.append((n, "rebound"))
        elif not closed and holds and rules.closes(watch, hold):
            closed, _ = True, events.append((n, "close"))
        known = [h for h in series[since : n + 1] if h is not None]
        row = 0
        for h in reversed(known):
            if not h:
                break
            row += 1
        if naive_closed and holds is False:
            naive_closed, since = False, n + 1
            naive.append((n, "rebound"))
        elif not naive_closed and holds and row >= hold:
            naive_closed = True
            naive.append((n, "close"))
    assert events == naive


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=20), st.sampled_from([True, False, None]))
def test_looking_at_the_same_day_again_replaces_what_was_seen(series: list[bool | None], first: bool | None) -> None:
    watch = Watch()
    for n, holds in enumerate(series):
        watch = rules.watched(watch, DAY + timedelta(days=n), holds)
    last = DAY + timedelta(days=len(series) - 1)
    before = Watch()
    for n, holds in enumerate(series[:-1]):
        before = rules.watched(before, DAY + timedelta(days=n), holds)
    twice = rules.watched(rules.watched(before, last, first), last, series[-1])
    assert twice == watch
    assert rules.watched(watch, last - timedelta(days=1), True) == watch


@given(st.integers(0, 60), st.integers(0, 8), st.lists(st.sampled_from(list(rules.TREATMENTS)), unique=True))
def test_treatments_are_proposed_one_rung_at_a_time(late: int, returns: int, done: list[str]) -> None:
    order = list(rules.TREATMENTS)
    rung = rules.proposed(overdue_workdays=late, returns=returns, considered=done)
    top = max((order.index(k) for k in done), default=-1)
    if rung is None:
        assert top == 3 or (late < rules.LADDER[top + 1].overdue_workdays and returns < rules.LADDER[top + 1].returns)
    else:
        assert order.index(rung.kind) == top + 1
        assert late >= rung.overdue_workdays or returns >= rung.returns
        assert rules.why_proposed(rung, overdue_workdays=late, returns=returns)


@pytest.mark.parametrize(
    ("said", "ratio", "value"),
    [("80%", True, "0.8"), ("８０％", True, "0.8"), ("0.8", True, "0.8"), ("80", True, "0.8"), ("100 %", True, "1"), ("3", False, "3"), ("93.5%", True, "0.935")],
)  # fmt: skip
def test_a_target_is_read_as_people_write_it(said: str, ratio: bool, value: str) -> None:
    assert rules.amount(said, ratio=ratio) == Decimal(value)


@pytest.mark.parametrize("said", ["", "八成", "-1", "120%", "NaN", "Infinity", "1e400", "%"])
def test_a_target_that_is_no_number_is_refused_with_a_sentence(said: str) -> None:
    with pytest.raises(ValueError, match="目标“"):
        rules.amount(said, ratio=True)


@given(st.sampled_from(list(rules.COMPARISONS)), st.none() | st.integers(0, 100), st.integers(0, 100))
def test_a_target_is_met_as_its_sign_says(sign: str, value: int | None, target: int) -> None:
    found = rules.met(None if value is None else Decimal(value), Target("x", sign, Decimal(target)))
    assert found == (None if value is None else eval(f"{value} {sign} {target}"))


@given(st.lists(st.sampled_from([True, False, None]), max_size=6))
def test_several_targets_hold_only_together(found: list[bool | None]) -> None:
    said = rules.all_met(found)
    assert (said is True) == (bool(found) and all(f is True for f in found))
    assert (said is False) == (False in found)


def test_reminders_come_once_each_and_the_nearest_one() -> None:
    due, sent, told = date(2026, 3, 20), None, []
    for n in range(25):
        today = date(2026, 3, 1) + timedelta(days=n)
        if (step := rules.reminder_on(due, today, sent)) is not None:
            sent = step
            told.append((today.day, step))
    assert told == [(17, 3), (19, 1)]
    assert rules.reminder_on(due, date(2026, 3, 19), None) == 1  # a worker that stood still sends only the nearest


@pytest.mark.parametrize(("on", "then"), [((2026, 1, 20), (2026, 2, 20)), ((2026, 12, 20), (2027, 1, 20)), ((2026, 1, 31), (2026, 2, 28))])  # fmt: skip
def test_the_next_monthly_report_is_due_in_the_next_month(
    on: tuple[int, int, int], then: tuple[int, int, int]
) -> None:
    assert rules.next_due(date(*on), day_of_month=on[2]) == date(*then)


def test_violations_show_what_happened() -> None:
    def found(**changed: object) -> tuple[str, ...]:
        about = {"due_on": DAY, "done_on": None, "acknowledge_by": DAY, "acknowledged_on": DAY, "returns": 0, "rebounds": 0, "today": DAY}  # fmt: skip
        return rules.violations(**{**about, **changed})  # type: ignore[arg-type]

    later = DAY + timedelta(days=1)
    assert found() == ()
    assert found(today=later) == ("V11.1",)
    assert found(today=later, done_on=DAY) == ()
    assert found(returns=1) == ("V11.2",)
    assert found(acknowledged_on=None) == ()
    assert found(acknowledged_on=None, today=later) == ("V11.1", "V11.4")
    assert found(acknowledged_on=later, today=DAY) == ("V11.4",)
    assert found(rebounds=2) == ("V11.5",)


def test_a_draft_says_everything_that_is_missing_at_once() -> None:
    said = missing(DirectiveDraft(problems=(ProblemDraft(title="甲", due_on=DAY - timedelta(days=1), units=(UNITS[0],)),)), known={}, today=DAY)  # fmt: skip
    for word in ("标题", "文号", "日期", "整改要求", "已经过去", "不在本地区"):
        assert any(word in line for line in said), word
    assert missing(DirectiveDraft(), known={}, today=DAY)[-1].startswith("还没有问题")
