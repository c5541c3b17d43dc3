"""听证: told, asked for within five days, held within twenty, announced seven days before (行政许可法第四十六条至第四十八条)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from siban.cases import notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, Hearing
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks
from .special import _begin


@transaction.atomic
def tell_hearing_right(*, case_id: UUID, reason: str, by_office: bool = False, by: Actor, at: datetime) -> Case:
    """Tell those whose great interests are touched that they may ask for a hearing.

    Args:
        by_office: a hearing the law demands or the office thinks needed is held without being asked for (第四十六条).
    """
    if len(reason.strip()) < 5:
        raise Refused("请写明告知听证的事由（至少 5 个字）：涉及谁的什么重大利益。")
    with CASE_FLOW.step("tell_hearing_right", by=by, at=at, pk=case_id, note=reason.strip()) as step:
        case: Case = step.subject
        on = local_day(at)
        if by_office:
            until = on
            hold = clocks.beside(case, clocks.HEARING_HOLD, days=rules.HEARING_HOLD_DAYS, on=on, by=by, at=at)
        else:
            hold = None
            until = clocks.beside(case, clocks.HEARING_RIGHT, days=rules.HEARING_ASK_DAYS, on=on, by=by, at=at)
        Hearing.objects.create(
            case=case, reason=reason.strip(), by_office=by_office, told_at=at, ask_until=until, hold_until=hold
        )
    if not by_office:
        notices.hearing_right(case, reason=reason.strip(), until=until, at=at)
    return case


def ask_hearing(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """The applicant wants to be heard: twenty working days to hold it begin."""
    with CASE_FLOW.step("ask_hearing", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        on = local_day(at)
        clocks.close_all(case, clocks.HEARING_RIGHT, on=on, by=by, at=at)
        hold = clocks.beside(case, clocks.HEARING_HOLD, days=rules.HEARING_HOLD_DAYS, on=on, by=by, at=at)
        Hearing.objects.filter(case=case).update(asked_at=at, hold_until=hold)
    return case


def waive_hearing(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """The applicant does not want a hearing."""
    with CASE_FLOW.step("waive_hearing", by=by, at=at, pk=case_id) as step:
        clocks.over(step.subject, clocks.HEARING_RIGHT, on=local_day(at), by=by, at=at)
        Hearing.objects.filter(case=step.subject).update(waived_at=at)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def summon_hearing(*, case_id: UUID, held_on: date, place: str, chair: str, by: Actor, at: datetime) -> Case:
    """Announce time and place seven days before; the clock stands still until the minutes are there.

    Raises:
        Refused: less than seven days' notice, later than the twenty days, the chair is the reviewer.
    """
    on = local_day(at)
    if held_on < on + timedelta(days=rules.HEARING_TELL_DAYS):
        raise Refused(
            f"听证的时间、地点应当在举行的 {rules.HEARING_TELL_DAYS} 日前通知，最早可以定在 {on + timedelta(days=rules.HEARING_TELL_DAYS)}。"
        )
    if len(place.strip()) < 4:
        raise Refused("请写明听证地点。")
    if not chair.strip() or chair.strip() == by.name:
        raise Refused("听证主持人应当是审查这个申请以外的工作人员，请另写一人。")
    with CASE_FLOW.step("summon_hearing", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        heard = case.hearing
        if heard.hold_until and held_on > heard.hold_until:
            raise Refused(f"应当在 {heard.hold_until} 前组织听证（申请之日起二十日内），请把时间提前。")
        heard.held_on, heard.place, heard.chair = held_on, place.strip(), chair.strip()
        heard.save(update_fields=["held_on", "place", "chair"])
        paper = notices.hearing_notice(case, held_on=held_on, place=place.strip(), chair=chair.strip(), at=at)
        days = max((held_on - on).days, 1)
        _begin(
            case, step, kind="听证", days=days, unit="natural_day",
            reason=f"{held_on.year}年{held_on.month}月{held_on.day}日在{place.strip()}举行听证",
            basis="行政许可法第四十五条", stops=True, by=by, at=at, paper_number=paper.number,
        )  # fmt: skip
    return case
