"""How long an item really takes: median and ninth tenth without stopped time, hidden where few cases say so."""

import random
from datetime import timedelta

import pytest
from django.test import Client

from siban.cases import actions
from siban.cases.actions.timing import FEWEST, usual
from siban.cases.models import Case
from siban.kernel import calendar
from siban.kernel.clock import local_day
from siban.kernel.models import Term, TermStop

from . import cast as standing
from .cast import MONDAY

DAY = timedelta(days=1)
CALENDAR = calendar.national()


@pytest.fixture
def cast(db):
    return standing.cast(standing.SITUATED)


def decided(cast, accepted, took, stops=()):
    """A case as it stands after its decision, written down directly: only its days matter here."""
    case = standing.in_state(cast, "accepted")
    Case.objects.filter(pk=case.pk).update(accepted_at=accepted, decided_at=accepted + took)
    Term.objects.filter(subject_id=str(case.pk), kind__in=("legal", "promised")).update(start_on=local_day(accepted))
    for term in Term.objects.filter(subject_id=str(case.pk), kind="promised"):
        for began, ended in stops:
            TermStop.objects.create(
                term=term, kind="公示", started_on=began, ended_on=ended, paper_number="演特1", authority="演示局"
            )
    return case


def walked(begin, end, stops):
    """Days counted one after the other."""
    days, day = 0, begin
    while day < end:
        day += DAY
        days += CALENDAR.is_workday(day) and not any(a < day <= b for a, b in stops)
    return days


def test_times_agree_with_a_walk_through_the_days(cast):
    chance, expected = random.Random(7), []
    for _ in range(14):
        accepted = MONDAY + DAY * chance.randrange(0, 20)
        took = DAY * chance.randrange(0, 30)
        begin, stops = local_day(accepted), []
        if took.days > 4 and chance.random() < 0.6:
            began = begin + DAY * chance.randrange(0, took.days // 2)
            stops = [(began, began + DAY * chance.randrange(1, took.days // 2))]
        decided(cast, accepted, took, stops)
        expected.append(walked(begin, local_day(accepted + took), stops))
    actions.measure_times(at=MONDAY + DAY * 60)
    cast.items[standing.SITUATED].refresh_from_db()
    said = cast.items[standing.SITUATED].usual
    ordered = sorted(expected)
    assert (said["median"], said["p90"], said["cases"]) == (ordered[6], ordered[12], 14)


@pytest.mark.parametrize(("count", "told"), [(FEWEST - 1, False), (FEWEST, True)])
def test_few_cases_tell_nothing_to_the_public(cast, count, told):
    item = cast.items[standing.SITUATED]
    for _ in range(count):
        decided(cast, MONDAY, DAY * 2)
    actions.measure_times(at=MONDAY + DAY * 10)
    page = Client().get(f"/items/{item.impl_code}/").content.decode()
    assert ("九成在 2 个工作日内办好" in page) is told
    actions.measure_times(at=MONDAY + DAY * 200)
    assert "九成" not in Client().get(f"/items/{item.impl_code}/").content.decode(), "old cases say nothing"


@pytest.mark.parametrize(
    ("days", "median", "p90"),
    [([0] * 10, 0, 0), (list(range(1, 11)), 5, 9), ([3] * 9 + [30], 3, 3), ([3] * 8 + [30] * 2, 3, 30)],
)
def test_ranks_are_of_real_cases(days, median, p90):
    said = usual(days)
    assert (said["median"], said["p90"]) == (median, p90)
