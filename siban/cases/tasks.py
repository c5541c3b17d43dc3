"""What limits ask of cases when their day has passed: each round makes the move the law attaches to it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from siban.kernel import rounds
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import actions
from .actions import benefiting, card_reader, counter_visit, crossing, warning
from .flow import IN_HAND
from .models import Case

log = logging.getLogger(__name__)
AT_ONCE = 500


def _each(rows: "QuerySet[Case]", act: Callable[..., Any], at: datetime) -> int:
    """Make the act on every case; one that can't be made is told and does not keep the others waiting."""
    done = 0
    for pk in rows.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            act(case_id=pk, at=at)
            done += 1
        except Refused as why:
            log.info("%s not made on case %s: %s", act.__name__, pk, why)
    return done


@rounds.every(timedelta(minutes=5))
def deem_overdue_receipts(at: datetime) -> object:
    """Cases nobody answered within five working days are accepted by law (行政许可法第三十二条第一款第四项)."""
    overdue = Case.objects.filter(state="submitted", notice_due_on__lt=local_day(at))
    return _each(overdue.order_by("notice_due_on", "id"), actions.deem_accepted, at)


@rounds.every(timedelta(minutes=5))
def resume_clocks(at: datetime) -> object:
    """Only the days told in writing are left out of the count (行政许可法第四十五条)."""
    over = Case.objects.filter(state="in_special", special_due_on__lt=local_day(at))
    return _each(over.order_by("special_due_on", "id"), actions.resume_clock, at)


@rounds.every(timedelta(minutes=5))
def return_deficient(at: datetime) -> object:
    """What was promised and did not come goes back (容缺受理)."""
    late = Case.objects.filter(state__in=IN_HAND, deficiency_due_on__lt=local_day(at))
    return _each(late.order_by("deficiency_due_on", "id"), actions.lapse_deficiency, at)


@rounds.every(timedelta(minutes=5))
def deem_renewals(at: datetime) -> object:
    """A renewal nobody decided before the validity ended is granted by law (行政许可法第五十条第二款)."""
    ended = Case.objects.filter(state__in=IN_HAND, renewal_due_on__lt=local_day(at), deficiency_due_on=None)
    return _each(ended.order_by("renewal_due_on", "id"), actions.deem_renewed, at)


@rounds.every(timedelta(hours=1))
def file_away(at: datetime) -> object:
    """Closed cases are filed after the days of waiting."""
    before = at - timedelta(days=settings.SIBAN_ARCHIVE_AFTER_DAYS)
    return _each(
        Case.objects.filter(state="closed", closed_at__lt=before).order_by("closed_at", "id"), actions.archive, at
    )


@rounds.every(timedelta(hours=24))
def measure_times(at: datetime) -> object:
    """How long each item really takes, for the guides (近 90 天，不含停钟)."""
    return actions.measure_times(at=at)


@rounds.every(timedelta(minutes=30))
def clear_the_counters(at: datetime) -> object:
    """Visits of an earlier day are cleared with a note; what was not handed in stays the person's draft."""
    return counter_visit.clear_before_today(at=at)


@rounds.every(timedelta(minutes=1))
def forget_card_readings(at: datetime) -> object:
    """What a card said and no page asked for is gone after a minute."""
    return card_reader.forget_old(at=at)


@rounds.every(timedelta(minutes=30))
def warn_of_limits(at: datetime) -> object:
    """Limits that come near: to the person, then the head, then the bureau."""
    return warning.warn(at=at)


@rounds.every(timedelta(hours=1))
def remind_of_promises(at: datetime) -> object:
    """Papers, opinions and checks that are due tomorrow."""
    return warning.remind(at=at)


@rounds.every(timedelta(hours=12))
def end_unconfirmed_benefits(at: datetime) -> object:
    """Policies that ended before the person said anything."""
    return benefiting.lapse_due(at=at)


@rounds.every(timedelta(hours=1))
def warn_of_cross_cases(at: datetime) -> object:
    """Legs of cases between two places that are late (内政办发〔2023〕39号)."""
    return crossing.warn(at=at)
