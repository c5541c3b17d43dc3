"""Limits that come near are told upwards: the person, the head, the bureau; each once, also where nobody is assigned."""

from datetime import date, timedelta

import pytest

from siban.cases import actions
from siban.cases.actions import warning
from siban.cases.models import Case
from siban.exchange.models import Message

from . import cast as standing
from .cast import CHINA, MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def cast(db):
    return standing.cast(standing.SITUATED)


def on(day: date):
    return MONDAY.replace(year=day.year, month=day.month, day=day.day, tzinfo=CHINA)


def told(case):
    return [
        (m.kind.removeprefix("case.warning."), m.role or "person")
        for m in Message.objects.filter(subject_id=str(case.pk), kind__startswith="case.warning").order_by(
            "kind", "role"
        )
    ]


def test_each_level_hears_once_and_in_its_turn(cast):
    case = standing.in_state(cast, "in_review")
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 10))  # a Tuesday
    assert warning.warn(at=on(date(2026, 3, 6))) == 0, "two working days left"
    assert warning.warn(at=on(date(2026, 3, 9))) == 1
    assert told(case) == [("1", "person")]
    assert warning.warn(at=on(date(2026, 3, 9))) == 0, "told once"
    warning.warn(at=on(date(2026, 3, 10)))
    assert told(case) == [("1", "person"), ("2", "unit_head")]
    warning.warn(at=on(date(2026, 3, 11)))
    warning.warn(at=on(date(2026, 3, 12)))
    assert told(case) == [("1", "person"), ("2", "unit_head"), ("3", "service_admin")]


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_where_nobody_is_assigned_the_office_hears_and_a_late_find_reaches_everyone(cast, state):
    case = standing.in_state(cast, state)
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 10))
    warning.warn(at=on(date(2026, 3, 20)))
    assert {("1", "approver"), ("2", "unit_head"), ("3", "service_admin")} <= set(told(case))


def test_the_weekend_before_does_not_hide_a_monday(cast):
    case = standing.in_state(cast, "in_review")
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 9))  # a Monday
    warning.warn(at=on(date(2026, 3, 6)))
    assert told(case) == [("1", "person")]


def test_a_new_day_is_warned_of_anew(cast):
    case = standing.in_state(cast, "in_review")
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 10))
    warning.warn(at=on(date(2026, 3, 11)))
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 25))
    assert warning.warn(at=on(date(2026, 3, 12))) == 0
    warning.warn(at=on(date(2026, 3, 24)))
    assert told(case).count(("1", "person")) == 2


def test_what_is_over_is_not_warned_of(cast):
    case = standing.in_state(cast, "closed")
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 10))
    assert warning.warn(at=on(date(2026, 3, 11))) == 0


def test_the_work_of_a_round_does_not_grow_with_what_was_told(cast, django_assert_max_num_queries):
    for _ in range(4):
        case = standing.in_state(cast, "in_review")
        Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 10))
    warning.warn(at=on(date(2026, 3, 11)))
    with django_assert_max_num_queries(3):
        warning.warn(at=on(date(2026, 3, 11)))


def test_an_unanswered_opinion_is_reminded_of_and_then_told_to_the_head(cast):
    case = standing.in_state(cast, "in_review")
    actions.ask_opinion(
        case_id=case.pk, org_code="demo-other", question="是否享受过同类保障？", days=3, by=cast.reviewer, at=MONDAY
    )
    assert warning.remind(at=MONDAY) == 0
    warning.remind(at=MONDAY + DAY * 2)
    warning.remind(at=MONDAY + DAY * 2)
    warning.remind(at=MONDAY + DAY * 5)
    rows = Message.objects.filter(kind="case.opinion").order_by("created_at").values_list("role", flat=True)
    assert list(rows) == ["approver", "unit_head"]
