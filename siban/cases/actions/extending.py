"""延长期限: once, with a reason, approved by the head of the office, told to the applicant (行政许可法第四十二条)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks


def ask_extension(*, case_id: UUID, days: int, reason: str, by: Actor, at: datetime) -> Case:
    """The handler asks for more time. Raises Refused: more than the law allows, used already, too late, no reason."""
    if len(reason.strip()) < 5:
        raise Refused("请写明延长的理由（至少 5 个字），批准后会告知申请人。")
    with CASE_FLOW.step("ask_extension", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        most = rules.longest_extension(case.elements.legal_limit.value)
        if not 1 <= days <= most:
            raise Refused(f"延长的天数应为 1 至 {most} 个工作日（行政许可法第四十二条）。")
        case.extension = {"state": "asked", "days": days, "reason": reason.strip(), "by": by.name}
        step.note = f"{days} 个工作日：{reason.strip()}"
    return case


@transaction.atomic
def grant_extension(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """The head of the office approves; both clocks move, the applicant is told why."""
    with CASE_FLOW.step("grant_extension", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if case.legal_due_on is not None and local_day(at) > case.legal_due_on:
            raise Refused("法定期限已经届满，不能再批准延长。")
        case.extension = {**case.extension, "state": "granted", "approved_by": by.name, "at": at.isoformat()}
        clocks.on_extension(case, days=case.extension["days"], by=by, at=at)
        step.note = f"{case.extension['days']} 个工作日：{case.extension['reason']}"
    notices.extension(case, days=case.extension["days"], reason=case.extension["reason"], by=by, at=at)
    return case


def refuse_extension(*, case_id: UUID, reason: str, by: Actor, at: datetime) -> Case:
    """The head of the office does not approve: the day stays as it is."""
    if len(reason.strip()) < 5:
        raise Refused("请写明不批准的理由（至少 5 个字）。")
    with CASE_FLOW.step("refuse_extension", by=by, at=at, pk=case_id, note=reason.strip()) as step:
        step.subject.extension = {}
    return step.subject  # type: ignore[no-any-return]
