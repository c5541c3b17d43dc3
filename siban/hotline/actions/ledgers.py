"""三张清单: what is hung with a plan and what is ended with a ground, each asked for, approved and told."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from .. import rules
from ..flow import OrderState
from ..models import Order, Suspension, SuspensionProgress, Termination
from .merging import answer_merged
from .stepping import begin_step, end_step, finish, resume_whole, said, step, stop_whole

LONGEST_PLAN = timedelta(days=3 * 366)


def ask_suspension(
    *, order_id: UUID, by: Actor, at: datetime, ground: str, reason: str, measure: str, responsible: str, expected_on: date
) -> Suspension:  # fmt: skip
    """Ask to hang an order that can't be solved now: why, what will be done, who answers for it, until when."""
    if ground not in rules.SUSPEND_GROUNDS:
        raise Refused(f"挂单条件只有：{'、'.join(rules.SUSPEND_GROUNDS.values())}。请选择一种。")
    today = local_day(at)
    if not today < expected_on <= today + LONGEST_PLAN:
        raise Refused("预计完成日期应在今天以后、三年以内。请重新填写。")
    with step("ask_suspension", by=by, at=at, order_id=order_id, note=rules.SUSPEND_GROUNDS[ground]) as made:
        order: Order = made.subject
        assert order.lead_id is not None
        order.asked_by, order.extension = str(by.id), {}
        kept = Suspension.objects.create(
            order=order, org_id=order.lead_id, ground=ground, reason=said(reason, "不能马上办结的原因"),
            measure=said(measure, "措施和计划"), responsible=_named(responsible), expected_on=expected_on, asked_at=at,
        )  # fmt: skip
        begin_step(order, "approve", at=at)
    return kept


def _named(responsible: str) -> str:
    if len(responsible.strip()) < 2:
        raise Refused("请写明责任人的姓名和职务。")
    return responsible.strip()[:50]


def _open_suspension(order: Order) -> Suspension:
    found = order.suspensions.select_for_update().filter(ended_at=None).first()
    if found is None:
        raise Refused("这张工单没有挂单申请。")
    return found


def suspend(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """The hotline agrees: the whole clock stands still, and once a month the unit says how far it is."""
    with step("suspend", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        order: Order = made.subject
        kept = _open_suspension(order)
        stop_whole(order, at=at)
        begin_step(order, "progress", at=at, org_id=order.lead_id)
        kept.decided_at, kept.is_granted, kept.opinion, kept.progress_by = at, True, words.strip()[:300], order.step_due_at  # fmt: skip
        kept.save()
    return order


def refuse_suspension(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The hotline does not agree; the unit goes on."""
    with step("refuse_suspension", by=by, at=at, order_id=order_id, note=said(words, "不同意的理由")) as made:
        kept = _open_suspension(made.subject)
        kept.decided_at = kept.ended_at = at
        kept.is_granted, kept.opinion = False, words.strip()[:300]
        kept.save()
        end_step(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def progress(*, order_id: UUID, by: Actor, at: datetime, words: str, expected_on: date | None = None) -> Order:
    """The monthly note; a new day of completion needs to be said here."""
    with step("progress", by=by, at=at, order_id=order_id, note=said(words, "进展")) as made:
        order: Order = made.subject
        kept = _open_suspension(order)
        is_late = kept.progress_by is not None and at > kept.progress_by
        SuspensionProgress.objects.create(
            suspension=kept, at=at, words=words.strip(), by_name=by.name, is_late=is_late
        )
        if expected_on is not None and expected_on != kept.expected_on:
            if expected_on <= local_day(at):
                raise Refused("新的预计完成日期应在今天以后。")
            made.note += f"；预计完成由 {kept.expected_on} 改为 {expected_on}"
            kept.expected_on = expected_on
        begin_step(order, "progress", at=at, org_id=order.lead_id)
        kept.progress_by = order.step_due_at
        kept.save()
    return order


def reactivate(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The conditions are there: the order is worked on again, its day moved by as long as it hung."""
    with step("reactivate", by=by, at=at, order_id=order_id, note=said(words, "激活的理由")) as made:
        order: Order = made.subject
        kept = _open_suspension(order)
        kept.ended_at = at
        kept.save(update_fields=["ended_at"])
        resume_whole(order, at=at)
        order.legs.filter(state__in=("sent", "signed")).update(due_at=order.due_at)
        order.warned = 0
        end_step(order, at=at)
    return order


def ask_termination(
    *, order_id: UUID, by: Actor, at: datetime, ground: str, reason: str, basis: str, evidence: str
) -> Termination:
    """Ask to end an unreasonable demand: ground, basis and evidence."""
    if ground not in rules.TERMINATE_GROUNDS:
        raise Refused(f"终结理由只有：{'、'.join(rules.TERMINATE_GROUNDS.values())}。请选择一种。")
    with step("ask_termination", by=by, at=at, order_id=order_id, note=rules.TERMINATE_GROUNDS[ground]) as made:
        order: Order = made.subject
        assert order.lead_id is not None
        order.asked_by, order.reviewed_by, order.extension = str(by.id), "", {}
        kept = Termination.objects.create(
            order=order, org_id=order.lead_id, ground=ground, reason=said(reason, "终结的理由"),
            basis=said(basis, "依据（法规、文件的名称和条款）")[:300], evidence=said(evidence, "证据（哪次答复、哪份材料）"),
            asked_at=at, asked_by=by.name,
        )  # fmt: skip
        begin_step(order, "approve", at=at)
    return kept


def _open_termination(order: Order) -> Termination:
    found = order.terminations.select_for_update().filter(ended_at=None).first()
    if found is None:
        raise Refused("这张工单没有终结申请。")
    return found


def review_termination(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The hotline has looked at ground, basis and evidence."""
    with step("review_termination", by=by, at=at, order_id=order_id, note=said(words, "审核意见")) as made:
        kept = _open_termination(made.subject)
        kept.reviewed_at, kept.reviewed_by, kept.opinion = at, by.name, words.strip()[:300]
        kept.save()
        made.subject.reviewed_by = str(by.id)
        begin_step(made.subject, "approve", at=at)
    return made.subject  # type: ignore[no-any-return]


def refuse_termination(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The ground is not enough; the unit goes on."""
    with step("refuse_termination", by=by, at=at, order_id=order_id, note=said(words, "不同意的理由")) as made:
        kept = _open_termination(made.subject)
        kept.refused_at = kept.ended_at = at
        kept.opinion = words.strip()[:300]
        kept.save()
        end_step(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def approve_termination(
    *, order_id: UUID, by: Actor, at: datetime, told_how: str, told_on: date | None = None
) -> Order:
    """The bureau approves, and the caller is told: why, on what basis, and until when to appeal."""
    told_on = told_on or local_day(at)
    if told_on > local_day(at):
        raise Refused("告知日期还没有到。请先告知诉求人，再登记。")
    with step("approve_termination", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        kept = _open_termination(order)
        kept.approved_at, kept.approved_by = at, by.name
        kept.told_how, kept.told_on = said(told_how, "告知方式（电话、当面、书面）")[:100], told_on
        kept.save()
        order.outcome = f"{rules.TERMINATE_GROUNDS[kept.ground]}：{kept.reason}。依据：{kept.basis}。"
        order.handled_at = at
        order.was_late = order.was_late or (order.due_at is not None and at > order.due_at)
        stop_whole(order, at=at)
        begin_step(order, "appeal", at=at)
    return order


def appeal(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The caller does not agree with the end."""
    with step("appeal", by=by, at=at, order_id=order_id, note=said(words, "申诉的理由")) as made:
        kept = _open_termination(made.subject)
        kept.appealed_at, kept.appeal = at, words.strip()
        kept.save(update_fields=["appealed_at", "appeal"])
        begin_step(made.subject, "approve", at=at)
    return made.subject  # type: ignore[no-any-return]


def _decide_appeal(order: Order, words: str, *, at: datetime) -> None:
    kept = _open_termination(order)
    kept.appeal_decided_at, kept.appeal_result, kept.ended_at = at, words.strip()[:300], at
    kept.save(update_fields=["appeal_decided_at", "appeal_result", "ended_at"])


@transaction.atomic
def reject_appeal(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The appeal has no ground: the demand is ended."""
    with step("reject_appeal", by=by, at=at, order_id=order_id, note=said(words, "维持的理由")) as made:
        _decide_appeal(made.subject, words, at=at)
        finish(made.subject, at=at)
    answer_merged(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def uphold_appeal(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The appeal is right: the unit goes on with the order."""
    with step("uphold_appeal", by=by, at=at, order_id=order_id, note=said(words, "撤销终结的理由")) as made:
        order: Order = made.subject
        _decide_appeal(order, words, at=at)
        order.outcome, order.handled_at, order.warned = "", None, 0
        resume_whole(order, at=at)
        end_step(order, at=at)
    return order


@transaction.atomic
def finish_termination(*, order_id: UUID, at: datetime) -> Order:
    """Nobody appealed in time: the demand is ended."""
    with step("finish_termination", by=SYSTEM, at=at, order_id=order_id) as made:
        finish(made.subject, at=at)
    answer_merged(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def finish_terminations(*, at: datetime) -> int:
    """Every end whose days of appeal are over."""
    over = Order.objects.filter(state=OrderState.NOTIFIED, step_due_at__lt=at).order_by("pk")
    ids = list(over.values_list("pk", flat=True)[:500])
    for pk in ids:
        finish_termination(order_id=pk, at=at)
    return len(ids)
