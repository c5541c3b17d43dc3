"""What limits ask of cases: deemed acceptance when the five days passed without a word."""

import logging
from datetime import datetime, timedelta

from siban.kernel import rounds
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import actions
from .actions import card_reader, counter_visit
from .models import Case

log = logging.getLogger(__name__)


@rounds.every(timedelta(minutes=5))
def deem_overdue_receipts(at: datetime) -> object:
    """Cases nobody answered within five working days are accepted by law (行政许可法第三十二条第一款第四项)."""
    done = 0
    overdue = Case.objects.filter(state="submitted", notice_due_on__lt=local_day(at)).order_by("notice_due_on")
    for pk in overdue.values_list("pk", flat=True)[:500]:
        try:
            actions.deem_accepted(case_id=pk, at=at)
            done += 1
        except Refused as why:
            log.info("case %s not deemed accepted: %s", pk, why)
    return done


@rounds.every(timedelta(minutes=30))
def clear_the_counters(at: datetime) -> object:
    """Visits of an earlier day are cleared with a note; what was not handed in stays the person's draft."""
    return counter_visit.clear_before_today(at=at)


@rounds.every(timedelta(minutes=1))
def forget_card_readings(at: datetime) -> object:
    """What a card said and no page asked for is gone after a minute."""
    return card_reader.forget_old(at=at)
