"""What fee pages show: one order with its money, the lists of the desk, the daily checks."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from siban.cases.flow_fees import DIFFERENCE_FLOW, ORDER_FLOW, REFUND_FLOW, DifferenceState, OrderState, RefundState
from siban.cases.models_fees import Difference, Payment, PaymentOrder, Refund, Statement
from siban.cases.rules_fees import yuan
from siban.kernel import papers
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

SHOWN = 50
TONES: dict[str, str] = {
    OrderState.ASSESSING: "blue", OrderState.DUE: "amber", OrderState.PAID: "green", OrderState.WAIVED: "green",
    OrderState.CANCELLED: "grey",
}  # fmt: skip
REFUND_TONES: dict[str, str] = {
    RefundState.ASKED: "amber", RefundState.APPROVED: "blue", RefundState.DONE: "green", RefundState.DECLINED: "grey",
}  # fmt: skip
STATES = dict(OrderState.choices)
CHANNELS = dict(Payment.Channel.choices)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """A refund with what the reader may do to it."""

    id: UUID
    amount: str
    reason: str
    asked_by: str
    lamp: Lamp
    note: str
    trade_no: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeePage:
    """One payment order in full."""

    id: UUID
    number: str
    case_number: str
    title: str
    applicant: str
    office: str
    lamp: Lamp
    lines: tuple[dict[str, Any], ...]
    amount: str
    received: str
    due: str
    due_fen: int
    refundable: str
    refundable_fen: int
    reckoning: str
    ground: str
    payments: tuple[tuple[str, str, str, Any], ...]
    refunds: tuple[RefundLine, ...]
    receipt_id: UUID | None
    is_due: bool
    choices: frozenset[str]


def order_of_case(by: Actor, number: str) -> PaymentOrder:
    """The order of a case the actor sees. Raises PaymentOrder.DoesNotExist."""
    return PaymentOrder.objects.visible_to(by).select_related("case", "org").get(case__number=number)


def order_by_id(by: Actor, pk: UUID) -> PaymentOrder:
    """The order, if the actor sees its case. Raises PaymentOrder.DoesNotExist."""
    return PaymentOrder.objects.visible_to(by).select_related("case", "org").get(pk=pk)


def fee_page(order: PaymentOrder, *, by: Actor, at: Any) -> FeePage:
    """The order's page (`case` and `org` loaded)."""
    payments, refunds = list(order.payments.all()), list(order.refunds.all())
    for refund in refunds:
        refund.order = order  # the case it belongs to is asked by the rules
    back = sum(r.amount for r in refunds if r.state != RefundState.DECLINED)
    due = max((order.amount or 0) - order.received, 0) if order.state == OrderState.DUE else 0
    sheet = papers.papers_of(("cases.Case", str(order.case_id))).filter(kind="fee_receipt").last()
    allowed = {c.name for c in ORDER_FLOW.choices(order, by=by, at=at) if c.allowed or c.name == "pay"}
    return FeePage(
        id=order.pk,
        number=order.number,
        case_number=order.case.number or "",
        title=order.case.title,
        applicant=order.case.applicant_name,
        office=order.org.name,
        lamp=Lamp(TONES[order.state], ORDER_FLOW.label(order.state)),
        lines=tuple(order.lines),
        amount=yuan(order.amount) if order.amount else "待核定",
        received=yuan(order.received),
        due=yuan(due),
        due_fen=due,
        refundable=yuan(max(order.received - back, 0)),
        refundable_fen=max(order.received - back, 0),
        reckoning=order.reckoning,
        ground=order.ground,
        payments=tuple((p.get_channel_display(), p.trade_no, yuan(p.amount), p.paid_at) for p in payments),
        refunds=tuple(_refund(r, by=by, at=at) for r in refunds),
        receipt_id=sheet.pk if sheet else None,
        is_due=order.state == OrderState.DUE,
        choices=frozenset(allowed),
    )


def _refund(r: Refund, *, by: Actor, at: Any) -> RefundLine:
    may = tuple(c.name for c in REFUND_FLOW.choices(r, by=by, at=at) if c.allowed)
    lamp = Lamp(REFUND_TONES[r.state], REFUND_FLOW.label(r.state))
    return RefundLine(r.pk, yuan(r.amount), r.reason, r.asked_by_name, lamp, r.decision_note, r.trade_no, may)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the desk's list."""

    id: UUID
    number: str
    title: str
    amount: str
    received: str
    lamp: Lamp
    at: Any
    open_refunds: int


def orders_page(by: Actor, *, state: str, number: int) -> tuple[tuple[OrderLine, ...], bool]:
    """Orders of cases one sees, newest first; `refund` stands for those with a refund to see to."""
    found = PaymentOrder.objects.visible_to(by).select_related("case")
    waiting = Count("refunds", filter=Q(refunds__state__in=[RefundState.ASKED, RefundState.APPROVED]))
    found = found.annotate(open_refunds=waiting)
    if state == "refund":
        found = found.filter(open_refunds__gt=0)
    elif state:
        found = found.filter(state=state)
    start = (number - 1) * SHOWN
    rows = list(found.order_by("-demanded_at", "-id")[start : start + SHOWN + 1])
    lines = tuple(
        OrderLine(
            o.pk, o.case.number or "", o.case.title, yuan(o.amount) if o.amount else "待核定", yuan(o.received),
            Lamp(TONES[o.state], ORDER_FLOW.label(o.state)), o.demanded_at, o.open_refunds,
        )
        for o in rows[:SHOWN]
    )  # fmt: skip
    return lines, len(rows) > SHOWN


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A day that was checked."""

    id: UUID
    day: date
    channel: str
    ours: str
    theirs: str
    lamp: Lamp


def statements(by: Actor) -> tuple[StatementLine, ...]:
    """The last days checked in the territory."""
    rows = Statement.objects.filter(region_id__startswith=by.region_prefix).annotate(
        open=Count("differences", filter=Q(differences__state=DifferenceState.OPEN)), all=Count("differences")
    )
    return tuple(
        StatementLine(
            s.pk, s.day, s.get_channel_display(), f"{s.ours_count} 笔 {yuan(s.ours_sum)}",
            f"{s.theirs_count} 笔 {yuan(s.theirs_sum)}",
            Lamp("red", f"{s.open} 笔待处理") if s.open else Lamp("green", "差异已处理" if s.all else "一致"),
        )
        for s in rows.order_by("-day", "channel", "id")[:SHOWN]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A payment that does not agree."""

    id: UUID
    trade_no: str
    kind: str
    ours: str
    theirs: str
    lamp: Lamp
    reason: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One day's check with its differences."""

    statement: Statement
    ours: str
    theirs: str
    lines: tuple[DifferenceLine, ...]


def statement_page(by: Actor, pk: UUID) -> StatementPage:
    """A day's check in the territory. Raises Statement.DoesNotExist."""
    s = Statement.objects.filter(region_id__startswith=by.region_prefix).get(pk=pk)
    lines = tuple(
        DifferenceLine(
            d.pk, d.trade_no, d.get_kind_display(), yuan(d.our_amount) if d.our_amount else "——",
            yuan(d.their_amount) if d.their_amount else "——",
            Lamp("red" if d.state == DifferenceState.OPEN else "green", DIFFERENCE_FLOW.label(d.state)),
            f"{d.reason}（{d.resolved_by_name}）" if d.reason else "", d.state == DifferenceState.OPEN,
        )
        for d in s.differences.order_by("state", "trade_no")
    )  # fmt: skip
    return StatementPage(
        s, f"{s.ours_count} 笔，{yuan(s.ours_sum)}", f"{s.theirs_count} 笔，{yuan(s.theirs_sum)}", lines
    )


def difference_in(by: Actor, pk: UUID) -> Difference:
    """A difference in the territory. Raises Difference.DoesNotExist."""
    return Difference.objects.select_related("statement").get(pk=pk, statement__region_id__startswith=by.region_prefix)


@dataclass(frozen=True, slots=True)
class FeeCard:
    """The fee of a case in a sentence."""

    id: UUID
    case_number: str
    sentence: str
    is_due: bool


def card_of(case_id: UUID | None) -> FeeCard | None:
    """The fee of a case, if it has one. Who shows the case has asked whether it may be seen."""
    o = PaymentOrder.objects.select_related("case").filter(case_id=case_id).first() if case_id else None
    if o is None:
        return None
    amount = yuan(o.amount) if o.amount else ""
    sentence = {
        OrderState.ASSESSING: "金额正在核定，核定后会通知缴费。",
        OrderState.DUE: f"应缴 {amount}，已缴 {yuan(o.received)}。",
        OrderState.PAID: f"已经缴清 {amount}。",
        OrderState.WAIVED: "已经减免，不用缴费。",
        OrderState.CANCELLED: "缴费单已经取消。",
    }[OrderState(o.state)]
    return FeeCard(o.pk, o.case.number or "", sentence, o.state == OrderState.DUE)
