"""Fees of a case: demanded by law only, assessed or waived, paid by any channel, refunded by two. One verb, one function."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from siban.exchange import api as exchange
from siban.kernel import journal, papers
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.papers import PaperKind

from . import access, access_fees, messages, messages_fees, rules_fees
from .flow_fees import BACK, CHARGE, ORDER_FLOW, REFUND_FLOW, OrderState, RefundState
from .models import Case
from .models_fees import Payment, PaymentOrder, Refund
from .notices import masked_number, words
from .rules_fees import due_before_issue, yuan

log = logging.getLogger(__name__)
RECEIPT = PaperKind(
    "fee_receipt", "缴费凭证", "缴", "cases/fee.typ", CHARGE,
    {"case_number": "办件编号", "payer": "缴费人", "lines": "收费项目", "amount": "金额", "paid_on": "缴费日期"},
)  # fmt: skip


@transaction.atomic
def demand(*, case_id: UUID, by: Actor, at: datetime) -> PaymentOrder | None:
    """Draw up the payment order of a case, once; None for an item that costs nothing. A fixed fee is due at once.

    Raises:
        Refused: the item says it charges but names no legal basis (行政许可法第五十八条).
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("version", "org").get(pk=case_id)
    charging = case.elements.charging
    if not charging.is_charging:
        return None
    if known := PaymentOrder.objects.filter(case=case).first():
        return known
    if why := rules_fees.unlawful(charging):
        raise Refused(why)
    lines = [
        {"name": c.name, "standard": c.standard or "", "basis": c.legal_basis or "", "reducible": c.reducible}
        for c in charging.items
    ]
    order = PaymentOrder(
        case=case, number=f"JF{case.number}", org_id=case.org_id, region_id=case.region_id, lines=lines, demanded_at=at
    )
    ORDER_FLOW.begin(order, by=by, at=at, move="demand", law=CHARGE)
    if fixed := rules_fees.fixed_amount(charging):
        PaymentOrder.objects.filter(pk=order.pk).update(amount=fixed)
        with ORDER_FLOW.step("assess_fixed", by=SYSTEM, at=at, pk=order.pk) as step:
            step.subject.assessed_at, step.subject.reckoning = at, f"按标准 {lines[0]['standard']}"
        order = step.subject
        _tell("assess", order, step.entry, at=at)
    return order


def demand_at(stage: str, *, case_id: UUID, at: datetime) -> None:
    """The payment order at the stage the house is set up for; an item that charges without law is charged nothing."""
    if stage != settings.FEES_AFTER:
        return
    try:
        demand(case_id=case_id, by=SYSTEM, at=at)
    except Refused as why:
        log.warning("case %s is not charged: %s", case_id, why)


@transaction.atomic
def assess(*, order_id: UUID, amount: int, reckoning: str, by: Actor, at: datetime) -> PaymentOrder:
    """State what is due and how it was worked out (行政许可法第五十九条)."""
    if not 0 < amount <= rules_fees.HIGHEST:
        raise Refused("请填写大于零的金额，例如 80.00。")
    if len(reckoning.strip()) < 4:
        raise Refused("请写明金额是怎样算的（至少 4 个字），例如：占用 20 平方米，每平方米 5 元。")
    with ORDER_FLOW.step("assess", by=by, at=at, pk=order_id, note=reckoning.strip()) as step:
        step.subject.amount, step.subject.reckoning, step.subject.assessed_at = amount, reckoning.strip()[:300], at
    _tell("assess", step.subject, step.entry, at=at)
    return _settle(step.subject, by=SYSTEM, at=at)


@transaction.atomic
def waive(*, order_id: UUID, ground: str, by: Actor, at: datetime) -> PaymentOrder:
    """Waive the fee on a ground that the rules know; what came in already goes back."""
    if len(ground.strip()) < 4:
        raise Refused("请写明减免的理由和依据（至少 4 个字），例如：小微企业，免收登记费。")
    with ORDER_FLOW.step("waive", by=by, at=at, pk=order_id, note=ground.strip()) as step:
        step.subject.ground, step.subject.settled_at = ground.strip()[:300], at
    _tell("waive", step.subject, step.entry, at=at)
    _return_excess(step.subject, "已减免", at=at)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def receive(
    *, order_id: UUID, channel: str, trade_no: str, amount: int, by: Actor, paid_at: datetime, at: datetime
) -> PaymentOrder:
    """Money came in: kept under the channel's number, once. The order is paid when it is covered; the rest goes back.

    Late money for an order that is waived or cancelled, a second payment and a part are all kept: money is never lost.

    Raises:
        Refused: the number is known with another amount or for another order; a clerk may not take money here.
    """
    order = PaymentOrder.objects.select_for_update(of=("self",)).select_related("case").get(pk=order_id)
    number = trade_no.strip()
    if not number or len(number) > 64:
        raise Refused("请填写票据号或者小票流水号，以便对账。")
    if not access_fees.payee(by, order):
        raise Refused(f"您当前的岗位不能收费。{access_fees.payee.__doc__}")
    if not 0 < amount <= rules_fees.HIGHEST:
        raise Refused("请填写大于零的金额，例如 80.00。")
    known = Payment.objects.filter(channel=channel, trade_no=number).first()
    if known is not None:
        if (known.order_id, known.amount) != (order.pk, amount):
            raise Refused(f"流水号“{number}”已经登记过，缴费单或者金额与这次不同。请核对小票，不要重复登记。")
        return order
    if by.is_staff and order.state != OrderState.DUE:
        raise Refused(f"这张缴费单现在是“{ORDER_FLOW.label(order.state)}”，不用缴费。")
    if by.is_staff and amount > (order.amount or 0) - order.received:
        raise Refused(f"还应缴 {yuan((order.amount or 0) - order.received)}，不能多收。")
    Payment.objects.create(
        order=order, channel=channel, trade_no=number, amount=amount, day=local_day(paid_at), paid_at=paid_at,
        taken_by=by.account_id,
    )  # fmt: skip
    order.received += amount
    order.save(update_fields=["received"])
    entry = journal.write(
        subject=order,
        move="receive",
        by=by,
        at=at,
        law=CHARGE,
        facts={"channel": channel, "number": number, "fen": amount},
    )
    settled = _settle(order, by=SYSTEM if by.is_system else by, at=at)
    if settled.state == OrderState.DUE:
        _tell("part", settled, entry, at=at)
    _return_excess(settled, "多缴", at=at)
    return settled


def _settle(order: PaymentOrder, *, by: Actor, at: datetime) -> PaymentOrder:
    """Paid when covered, with its receipt (gapless number)."""
    if order.state != OrderState.DUE or order.received < (order.amount or 0):
        return order
    with ORDER_FLOW.step("pay", by=by, at=at, pk=order.pk) as step:
        step.subject.settled_at = at
    paid: PaymentOrder = step.subject
    case = Case.objects.select_related("version", "org").get(pk=paid.case_id)
    papers.issue(
        RECEIPT, subject=("cases.Case", str(case.pk)), issuer_code=case.org.code, issuer_word=case.org.short_name,
        issued_by=case.org.name, at=at,
        content={
            "case_number": case.number, "order_number": paid.number, "payer": case.applicant_name,
            "payer_id": masked_number(case), "item": case.title, "paid_on": words(local_day(at)),
            "lines": [f"{x['name']}（{x['standard']}），依据：{x['basis']}" for x in paid.lines],
            "amount": yuan(paid.amount or 0), "reckoning": paid.reckoning,
            "ways": [f"{p.get_channel_display()} {p.trade_no}，{yuan(p.amount)}" for p in paid.payments.all()],
        },
    )  # fmt: skip
    _tell("pay", paid, step.entry, at=at)
    return paid


def _return_excess(order: PaymentOrder, why: str, *, at: datetime) -> None:
    """What came in beyond what is owed is asked back by the system; two people still see to it."""
    excess = rules_fees.overpaid(order.state, order.amount or 0, order.received) - _on_its_way_back(order)
    if excess > 0:
        ask_refund(order_id=order.pk, amount=excess, reason=f"{why}，系统提出退费", by=SYSTEM, at=at)


def _on_its_way_back(order: PaymentOrder) -> int:
    return sum(r.amount for r in order.refunds.all() if r.state != RefundState.DECLINED)


@transaction.atomic
def ask_refund(*, order_id: UUID, amount: int, reason: str, by: Actor, at: datetime) -> Refund:
    """Ask for money back: the payer, the counter, or the system when too much came in or the case ended."""
    order = PaymentOrder.objects.select_for_update(of=("self",)).select_related("case").get(pk=order_id)
    mine = access.applicant(by, order.case)
    if not (by.is_system or mine or access_fees.cashier(by, order) or access_fees.assessor(by, order)):
        raise Refused("退费由缴费人本人、收费窗口或者实施部门提出。")
    if len(reason.strip()) < 2:
        raise Refused("请写明退费的理由（至少 2 个字）。")
    left = order.received - _on_its_way_back(order)
    if not 0 < amount <= left:
        raise Refused(f"可以退的是 {yuan(max(left, 0))}，请填写不超过它的金额。")
    refund = Refund(
        order=order, amount=amount, reason=reason.strip()[:300], asked_by=by.id, asked_by_name=by.name, asked_at=at
    )
    REFUND_FLOW.begin(refund, by=by, at=at, move="ask_refund", law=BACK, note=reason.strip()[:300])
    return refund


def approve_refund(*, refund_id: UUID, by: Actor, at: datetime, note: str = "") -> Refund:
    """Agree to a refund that somebody else asked for."""
    with REFUND_FLOW.step("approve", by=by, at=at, pk=refund_id, note=note.strip()) as step:
        step.subject.decided_by, step.subject.decided_at, step.subject.decision_note = by.id, at, note.strip()[:300]
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def decline_refund(*, refund_id: UUID, note: str, by: Actor, at: datetime) -> Refund:
    """Refuse a refund, with the reason."""
    if len(note.strip()) < 4:
        raise Refused("请写明不予退费的理由（至少 4 个字），会告诉缴费人。")
    with REFUND_FLOW.step("decline", by=by, at=at, pk=refund_id, note=note.strip()) as step:
        step.subject.decided_by, step.subject.decided_at, step.subject.decision_note = by.id, at, note.strip()[:300]
    _tell("decline", step.subject.order, step.entry, at=at, reason=note.strip())
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def give_back(*, refund_id: UUID, trade_no: str, by: Actor, at: datetime) -> Refund:
    """Note that an approved refund was given back, under the number of its slip."""
    if not trade_no.strip() or len(trade_no.strip()) > 64:
        raise Refused("请填写退费凭证号，以便对账。")
    with REFUND_FLOW.step("refund", by=by, at=at, pk=refund_id) as step:
        step.subject.trade_no, step.subject.done_at = trade_no.strip(), at
    _tell("refund", step.subject.order, step.entry, at=at, refund=yuan(step.subject.amount))
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def end(*, case_id: UUID, why: str, at: datetime) -> None:
    """The case ended without a result: what is not paid is cancelled, what is paid is asked back."""
    order = PaymentOrder.objects.select_for_update(of=("self",)).filter(case_id=case_id).first()
    if order is None:
        return
    if order.state in (OrderState.ASSESSING, OrderState.DUE):
        with ORDER_FLOW.step("cancel", by=SYSTEM, at=at, pk=order.pk, note=why) as step:
            step.subject.settled_at = at
        order = step.subject
        _tell("cancel", order, step.entry, at=at)
    if (left := order.received - _on_its_way_back(order)) > 0:
        ask_refund(order_id=order.pk, amount=left, reason=f"{why}，系统提出退费", by=SYSTEM, at=at)


def _tell(step: str, order: PaymentOrder, entry: Any, *, at: datetime, **more: str) -> None:
    """Tell who applied, as part of the act."""
    case = Case.objects.get(pk=order.case_id)
    title, body = messages_fees.TOLD[step]
    known = {
        "title": case.title, "number": case.number, "amount": yuan(order.amount or 0), "received": yuan(order.received),
        "basis": "；".join(line["basis"] for line in order.lines), **more,
    }  # fmt: skip
    exchange.tell(
        to=messages.applicants(case), event=f"journal:{entry.pk}", kind=f"fees.{step}", title=title,
        body=body.format(**known), link=reverse("my-fee", args=[case.number]), subject=journal.key(order),
        region_code=order.region_id, by=SYSTEM, at=at, law=CHARGE,
    )  # fmt: skip


__all__ = [
    "approve_refund", "ask_refund", "assess", "decline_refund", "demand", "due_before_issue", "end", "give_back", "receive",
    "waive",
]  # fmt: skip
