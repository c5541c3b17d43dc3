"""会商: another unit is asked for its opinion; the clock does not stop for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, Opinion
from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused


@transaction.atomic
def ask_opinion(
    *, case_id: UUID, org_code: str, question: str, days: int = rules.OPINION_DAYS, by: Actor, at: datetime
) -> Case:
    """Ask a unit what it thinks. Raises Refused: no such unit, one's own, asked already, no question."""
    org = Org.objects.filter(code=org_code.strip()).first() or Org.objects.filter(name=org_code.strip()).first()
    if org is None:
        raise Refused(f"没有找到单位“{org_code.strip()[:40]}”。请从列出的单位里选。")
    if len(question.strip()) < 5:
        raise Refused("请写明要对方就什么提出意见（至少 5 个字）。")
    if not 1 <= days <= 30:
        raise Refused("答复期限应为 1 至 30 个工作日。")
    with CASE_FLOW.step("ask_opinion", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if org.pk == case.org_id:
            raise Refused("这是本单位的办件，不用向本单位征求意见。")
        if case.is_consulted(org.pk):
            raise Refused(f"已经向{org.name}征求意见，正等待答复。")
        assert by.account_id is not None  # a reviewer or a head
        Opinion.objects.create(
            case=case, org=org, question=question.strip(), asked_by_id=by.account_id, asked_at=at,
            due_on=calendar_for(case.region_id).add_workdays(local_day(at), days),
        )  # fmt: skip
        step.note = f"向{org.name}：{question.strip()}"
        step.facts["org"] = str(org.pk)
    return case


@transaction.atomic
def give_opinion(*, case_id: UUID, verdict: str, answer: str, by: Actor, at: datetime) -> Case:
    """The consulted unit answers."""
    if verdict not in Opinion.Verdict.values:
        raise Refused("请选择意见：同意、不同意，或者没有意见。")
    if verdict == Opinion.Verdict.DISAGREE and len(answer.strip()) < 5:
        raise Refused("不同意的，请写明理由（至少 5 个字）。")
    with CASE_FLOW.step("give_opinion", by=by, at=at, pk=case_id) as step:
        row = step.subject.opinions.select_for_update().get(org_id=by.org_id, answered_at=None, dropped_at=None)
        row.verdict, row.answer, row.answered_by_id, row.answered_at = verdict, answer.strip(), by.account_id, at
        row.save(update_fields=["verdict", "answer", "answered_by", "answered_at"])
        step.note = f"{row.get_verdict_display()}" + (f"：{answer.strip()}" if answer.strip() else "")
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def drop_opinion(*, case_id: UUID, org_code: str, reason: str, by: Actor, at: datetime) -> Case:
    """No longer needed, or not worth waiting for: taken back with a reason."""
    if len(reason.strip()) < 5:
        raise Refused("请写明收回的理由（至少 5 个字）。")
    with CASE_FLOW.step("drop_opinion", by=by, at=at, pk=case_id) as step:
        waiting = step.subject.opinions.select_for_update(of=("self",)).filter(answered_at=None, dropped_at=None)
        row = waiting.filter(org__code=org_code.strip()).select_related("org").first()
        if row is None:
            raise Refused("没有等待这个单位答复的意见。")
        row.dropped_at, row.drop_reason = at, reason.strip()[:200]
        row.save(update_fields=["dropped_at", "drop_reason"])
        step.note = f"{row.org.name}：{reason.strip()}"
    return step.subject  # type: ignore[no-any-return]
