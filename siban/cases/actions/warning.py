"""预警: a limit that comes near is told to the person, then to the head, then to the bureau, also where nobody is assigned."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from siban.cases import messages
from siban.cases.flow import WITH_OFFICE
from siban.cases.models import Case, Opinion, Promise
from siban.exchange import api as exchange
from siban.exchange.api import Recipient, to_account, to_post
from siban.kernel.actor import SYSTEM
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day

LAW = "一次告知、限时办结制度"
NEAR, DUE, LATE = 1, 2, 3
"""A working day left: the person. The last day: the head too. Passed: the bureau too."""
AT_ONCE = 500


def warn(*, at: datetime) -> int:
    """Tell of every case whose limit comes near or has passed what was not told yet. Returns how many were told of."""
    today, told = local_day(at), 0
    soon = today + timedelta(days=10)  # no run of rest days is longer
    reached = {LATE: Q(due_on__lt=today), DUE: Q(due_on=today), NEAR: Q(due_on__gt=today, due_on__lte=soon)}
    for level, when in reached.items():
        rows = Case.objects.filter(when, state__in=WITH_OFFICE).exclude(warned_of=F("due_on"), warned_level__gte=level)
        for case in rows.select_related("org", "version").order_by("due_on", "id")[:AT_ONCE]:
            if level_of(case, today) != level:
                break  # ordered by day: the ones after it are farther off
            since = case.warned_level if case.warned_of == case.due_on else 0
            with transaction.atomic():
                _tell(case, level, since=since, at=at)
                Case.objects.filter(pk=case.pk).update(warned_of=case.due_on, warned_level=level)
            told += 1
    return told


def level_of(case: Case, today: date) -> int:
    """How pressing the case is on a day: 0 not yet, then who has to know."""
    assert case.due_on is not None
    if today > case.due_on:
        return LATE
    if today == case.due_on:
        return DUE
    return NEAR if calendar_for(case.region_id).workdays_between(today, case.due_on) <= 1 else 0


def _tell(case: Case, level: int, *, since: int, at: datetime) -> None:
    """Each level reaches those who were not told at a lower one."""
    assert case.due_on is not None
    day = f"{case.due_on.year}年{case.due_on.month}月{case.due_on.day}日"
    said = {
        NEAR: f"将在{day}到期，请抓紧办理。",
        DUE: f"今天（{day}）到期，请今天办完。",
        LATE: f"已经超过{day}的期限，请立即办理并说明原因。",
    }
    for step in range(since + 1, level + 1):
        exchange.tell(
            to=list(_who(case, step, local_day(at))), event=f"due:{case.pk}:{case.due_on}", kind=f"case.warning.{step}",
            title={NEAR: "办件临近期限", DUE: "办件今天到期", LATE: "办件已经超期"}[level],
            body=f"办件 {case.number}“{case.title}”（{case.get_state_display()}）{said[level]}",
            link=reverse("desk-case", args=[case.number]), subject=("cases.Case", str(case.pk)),
            region_code=case.region_id, by=SYSTEM, at=at, channels=(), law=LAW, is_urgent=level > NEAR,
        )  # fmt: skip


def _who(case: Case, step: int, today: date) -> Iterable[Recipient]:
    if step == NEAR:
        if case.handler_id and case.state not in ("submitted", "issued", "rejected"):
            yield to_account(case.handler_id)
        else:  # nobody is assigned: everyone of the office who may take it up
            yield to_post("approver", case.org_id)
            if case.state in ("submitted", "issued", "rejected") and case.received_org_id:
                yield to_post("window_clerk", case.received_org_id)
                yield to_post("township_clerk", case.received_org_id)
    elif step == DUE:
        yield to_post("unit_head", case.org_id)
    else:
        for org in messages.bureaus(case.region_id, on=today):
            yield to_post("service_admin", org)


def remind(*, at: datetime) -> int:
    """The day before: applicants of the papers they promised, units of the opinion they owe, offices of the checks."""
    tomorrow, told = local_day(at) + timedelta(days=1), 0
    owed = Case.objects.filter(deficiency_due_on__in=(local_day(at), tomorrow)).select_related("org", "version")
    for case in owed.order_by("id"):
        facts = messages.facts_of(case)
        told += exchange.tell(
            to=messages.applicants(case), event=f"owed:{case.pk}:{case.deficiency_due_on}", kind="case.owed",
            title="请补交承诺的材料", body=f"您申请的“{case.title}”，请在{facts.deficiency_until}前补交：{facts.owed}。逾期未补的，申请会被退回。",
            link=reverse("my-case", args=[case.number]), subject=("cases.Case", str(case.pk)),
            region_code=case.region_id, by=SYSTEM, at=at, law=LAW, is_statutory=True,
        )  # fmt: skip
    asked = Opinion.objects.filter(answered_at=None, dropped_at=None, due_on__lte=tomorrow).select_related("case")
    for opinion in asked.order_by("due_on", "id")[:AT_ONCE]:
        late = opinion.due_on < local_day(at)
        told += exchange.tell(
            to=[to_post("unit_head" if late else "approver", opinion.org_id)], event=f"opinion:{opinion.pk}:{late}",
            kind="case.opinion", title="征求的意见已经超期" if late else "征求的意见快到期",
            body=f"办件 {opinion.case.number}“{opinion.case.title}”征求本单位意见，请在 {opinion.due_on} 前答复。",
            link=reverse("desk-case", args=[opinion.case.number]), subject=("cases.Case", str(opinion.case_id)),
            region_code=opinion.case.region_id, by=SYSTEM, at=at, channels=(), law=LAW,
        )  # fmt: skip
    checks = Promise.objects.filter(state="checking", check_due_on__lte=tomorrow).select_related("case")
    for promise in checks.order_by("check_due_on", "id")[:AT_ONCE]:
        late = promise.check_due_on is not None and promise.check_due_on < local_day(at)
        told += exchange.tell(
            to=[to_post("unit_head" if late else "approver", promise.org_id)], event=f"check:{promise.pk}:{late}",
            kind="case.check", title="承诺核查已经超期" if late else "承诺核查快到期",
            body=f"办件 {promise.case.number}“{promise.case.title}”的承诺，请在 {promise.check_due_on} 前核查。",
            link=reverse("desk-case", args=[promise.case.number]), subject=("cases.Case", str(promise.case_id)),
            region_code=promise.case.region_id, by=SYSTEM, at=at, channels=(), law=LAW,
        )  # fmt: skip
    return told
