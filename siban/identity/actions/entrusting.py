"""委托: asking, confirming with a signature, refusing, ending (民法典第七章 代理)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from ..flow import ENTRUSTMENT_FLOW, LAW
from ..models import Enterprise, EnterpriseMember, Person
from ..models_entrustment import Entrustment

LONGEST = 366 * 3
SIGN = "请由委托人一方本人签名：填写与登录人一致的姓名“{}”。"


@transaction.atomic
def ask_entrustment(
    *,
    agent: Person,
    principal: Person | None = None,
    enterprise: Enterprise | None = None,
    purpose: str,
    until: date,
    scope: Sequence[dict[str, str]] = (),
    may_use_certificates: bool = False,
    signature: str = "",
    by: Actor,
    at: datetime,
) -> Entrustment:
    """One side proposes: the principal signs at once, the agent who asks is signed for by the principal later.

    Args:
        until: the last day on which the agent may act.

    Raises:
        Refused: not one of the two sides, to oneself, unsigned, without purpose, or a period that does not fit.
    """
    if not by.is_citizen or by.person_id is None:
        raise Refused("委托由委托人或者代办人本人提出。")
    made = Entrustment(
        principal=None if enterprise else principal, enterprise=enterprise, agent=agent, asked_by_id=by.person_id,
        scope=list(scope), purpose=purpose.strip(), may_use_certificates=may_use_certificates,
        valid_from=local_day(at), valid_to=until + timedelta(days=1), asked_at=at,
    )  # fmt: skip
    gives = by.person_id in made.principal_ids
    if not (gives or by.person_id == agent.pk):
        raise Refused("委托由委托人或者代办人本人提出。")
    if agent.pk in made.principal_ids:
        raise Refused("不能委托给本人，也不用委托给本单位的人员：本单位的人员可以直接办理。")
    if len(made.purpose) < 2:
        raise Refused("请写明委托办什么事（至少 2 个字），例如：申请公租房。")
    today = local_day(at)
    if not today <= until <= today + timedelta(days=LONGEST):
        raise Refused("委托的最后一天应在今天以后、三年以内。请重新选择。")
    if gives:
        if signature.strip() != by.name:
            raise Refused(SIGN.format(by.name))
        made.signature = signature.strip()
    ENTRUSTMENT_FLOW.begin(made, move="ask", by=by, at=at, law=LAW)
    return made


def confirm_entrustment(*, entrustment_id: UUID, signature: str = "", by: Actor, at: datetime) -> Entrustment:
    """The side that was asked agrees; the principal signs, the agent only agrees.

    Raises:
        Refused: not the side that was asked, unsigned, or the period is over.
    """
    with ENTRUSTMENT_FLOW.step("confirm", by=by, at=at, pk=entrustment_id) as step:
        asked: Entrustment = step.subject
        if local_day(at) >= asked.valid_to:
            raise Refused("委托的期限已经过了，请重新提出。")
        if not asked.signature:
            if signature.strip() != by.name:
                raise Refused(SIGN.format(by.name))
            asked.signature = signature.strip()
        asked.confirmed_at = at
    return asked


def refuse_entrustment(*, entrustment_id: UUID, by: Actor, at: datetime) -> Entrustment:
    """The side that was asked does not agree."""
    with ENTRUSTMENT_FLOW.step("refuse", by=by, at=at, pk=entrustment_id) as step:
        step.subject.ended_at = at
    return step.subject  # type: ignore[no-any-return]


def end_entrustment(*, entrustment_id: UUID, by: Actor, at: datetime) -> Entrustment:
    """Taken back by the principal or given up by the agent; it counts from this instant."""
    with ENTRUSTMENT_FLOW.step("end", by=by, at=at, pk=entrustment_id) as step:
        step.subject.ended_at = at
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def end_membership(*, enterprise: Enterprise, person: Person, by: Actor, at: datetime) -> None:
    """A person no longer acts for an enterprise; the legal representative says so, or the person leaves.

    Raises:
        Refused: somebody else's business, or the legal representative is to be ended.
    """
    rows = {m.person_id: m for m in EnterpriseMember.objects.select_for_update().filter(enterprise=enterprise)}
    mine, theirs = rows.get(by.person_id) if by.person_id else None, rows.get(person.pk)
    heads = EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
    if mine is None or theirs is None or (mine.capacity != heads and by.person_id != person.pk):
        raise Refused("经办人由本单位的法定代表人增减，也可以由经办人本人退出。")
    if theirs.capacity == heads:
        raise Refused("法定代表人以登记机关的登记为准，不能在这里变更。")
    theirs.delete()
    journal.write(
        subject=enterprise, move="end_membership", by=by, at=at, law="平台账号管理规则", facts={"person": person.pk}
    )  # fmt: skip


@transaction.atomic
def add_member(*, enterprise: Enterprise, person: Person, by: Actor, at: datetime) -> EnterpriseMember:
    """The legal representative lets a person act for the enterprise (经办人).

    Raises:
        Refused: not the legal representative.
    """
    heads = EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
    mine = EnterpriseMember.objects.filter(enterprise=enterprise, capacity=heads)
    if by.person_id is None or not mine.filter(person_id=by.person_id).exists():
        raise Refused("经办人由本单位的法定代表人增减。")
    member, fresh = EnterpriseMember.objects.get_or_create(
        enterprise=enterprise, person=person, defaults={"capacity": EnterpriseMember.Capacity.HANDLER}
    )
    if fresh:
        journal.write(
            subject=enterprise, move="add_member", by=by, at=at, law="平台账号管理规则", facts={"person": person.pk}
        )  # fmt: skip
    return member
