"""Who shall do it: dispatch by the list, returns and rulings, whistles and meetings, escalation, co-handlers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.flow import Refused

from .. import access, rules
from ..flow import LEG_FLOW, W7, LegState, OrderState
from ..models import Leg, Meeting, Order
from .merging import let_go
from .stepping import begin_step, end_step, org_of, resume_whole, row_of, said, step


def lead_by_list(order: Order, *, at: datetime) -> tuple[Org, list[Org]]:
    """Lead and co-handlers as the list of categories names them for the place. Raises Refused."""
    row = row_of(order, order.leaf, at=at)
    if row is None:
        raise Refused("还没有分类，或者这个类别已经失效。请先选定现在有效的类别。")
    town = order.region_id if order.region_id[6:9] != "000" else f"{order.region_id[:6]}100000"
    codes = [rules.lead_code(unit, town) for unit in (row.lead_unit, *row.co_units)]
    lead = org_of(codes[0])
    known = {o.code: o for o in Org.objects.filter(code__in=codes[1:], is_active=True)}
    return lead, [known[c] for c in dict.fromkeys(codes[1:]) if c in known and c != lead.code]


def _send(order: Order, lead: Org, co: Sequence[Org], *, at: datetime, asks: dict[str, str] | None = None) -> None:
    """Give the order to its lead and its co-handlers, each with an own clock."""
    order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).update(
        state=LegState.RECALLED, done_at=at
    )
    order.legs.filter(org=lead, state__in=(LegState.SENT, LegState.SIGNED)).update(state=LegState.RECALLED, done_at=at)
    calendar = calendar_for(order.region_id)
    sign_by = rules.due(at, rules.step_limit("sign"), calendar)
    order.lead, order.first_lead = lead, order.first_lead or lead
    order.dispatched_at, order.signed_at = at, None
    if order.contacted_at is None:
        order.contact_by = rules.due(at, rules.step_limit("contact"), calendar)
    order.return_by, order.suggested = None, None
    Leg.objects.create(order=order, org=lead, region_id=lead.region_id, role="lead", sent_at=at, sign_by=sign_by, due_at=order.due_at)  # fmt: skip
    there = set(
        order.legs.filter(role="co", state__in=(LegState.SENT, LegState.SIGNED)).values_list("org_id", flat=True)
    )
    for org in co:
        if org.pk not in there and org.pk != lead.pk:
            leg = Leg(order=order, org=org, region_id=org.region_id, role="co", sent_at=at, sign_by=sign_by, due_at=order.due_at, ask=(asks or {}).get(org.code, "")[:300])  # fmt: skip
            LEG_FLOW.begin(leg, by=SYSTEM, at=at, move="send", law=f"{W7}：协办")
    begin_step(order, "sign", at=at, org_id=lead.pk)


def dispatch(
    *, order_id: UUID, by: Actor, at: datetime, lead: Org | None = None, co: Sequence[Org] | None = None, words: str = "",
    asks: dict[str, str] | None = None,
) -> Order:  # fmt: skip
    """Send the order to the unit the list names, or to another one with a reason.

    Args:
        co: who helps; where it is not said, the list's co-handlers for what is many-sided (`rules.wants_help`), nobody else.
    """
    with step("dispatch", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        listed, helpers = lead_by_list(order, at=at)
        chosen = lead or listed
        if chosen.pk != listed.pk and len(words.strip()) < rules.LEAST_WORDS:
            raise Refused(f"清单上的主责单位是“{listed.short_name}”，您改派“{chosen.short_name}”，请写明理由。")
        by_list = chosen.pk == listed.pk and rules.wants_help(order.level, len(order.demands))
        _send(order, chosen, helpers if co is None and by_list else list(co or []), at=at, asks=asks)
        made.note = f"派给{chosen.short_name}" + (f"：{words.strip()}" if words.strip() else "")
        made.facts |= {"lead": chosen.code, "listed": listed.code}
    return order


def recall(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The hotline takes back what it sent wrongly, before it is signed."""
    with step("recall", by=by, at=at, order_id=order_id, note=said(words, "收回的原因")) as made:
        _take_back(made.subject, at=at)
    return difficult(made.subject, at=at)


def _take_back(order: Order, *, at: datetime) -> None:
    order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).update(
        state=LegState.RECALLED, done_at=at
    )
    order.transfers += 1
    order.lead, order.signed_at = None, None
    begin_step(order, "dispatch", at=at)


def ask_return(
    *, order_id: UUID, by: Actor, at: datetime, reason: str, words: str, suggested: Org | None = None
) -> Order:
    """The unit asks to give an order back: a reason of the list, in words, with the unit that should have it."""
    if reason not in rules.RETURN_REASONS:
        raise Refused("退单只有两种理由：不属于本单位职责；要素不全，无法办理。请选择。")
    if reason == "not_ours" and suggested is None:
        raise Refused("退单要写明建议的承办单位。请从单位列表里选择。")
    note = f"{rules.RETURN_REASONS[reason]}：{said(words, '退单的理由')}"
    with step("ask_return", by=by, at=at, order_id=order_id, note=note) as made:
        order: Order = made.subject
        if suggested is not None and suggested.pk == order.lead_id:
            raise Refused("建议的承办单位就是本单位，请选择其他单位。")
        order.suggested, order.asked_by = suggested, str(by.id)
        order.returns += 1
        made.facts |= {"reason": reason, "suggested": suggested.code if suggested else ""}
        begin_step(order, "return", at=at)
    return order


@transaction.atomic
def accept_return(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """The hotline agrees: the order waits to be dispatched again."""
    with step("accept_return", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        _take_back(made.subject, at=at)
    return difficult(made.subject, at=at)


def refuse_return(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The hotline does not agree: an improper return is counted, the unit goes on."""
    with step("refuse_return", by=by, at=at, order_id=order_id, note=said(words, "不同意的理由")) as made:
        order: Order = made.subject
        order.improper_returns += 1
        _signed(order, at=at)
        end_step(order, at=at)
    return order


def dispute(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """Returned twice: who shall do it is ruled upon."""
    with step("dispute", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        order: Order = made.subject
        order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).update(
            state=LegState.RECALLED, done_at=at
        )
        order.transfers += 1
        begin_step(order, "ruling", at=at)
    return order


def rule(*, order_id: UUID, by: Actor, at: datetime, lead: Org, co: Sequence[Org] = (), words: str) -> Order:
    """The bureau rules which unit leads; nobody returns it again."""
    with step("rule", by=by, at=at, order_id=order_id, note=f"{lead.short_name}：{said(words, '裁定的理由')}") as made:
        made.subject.is_ruled = True
        made.facts["lead"] = lead.code
        _send(made.subject, lead, co, at=at)
    return made.subject  # type: ignore[no-any-return]


def whistle(*, order_id: UUID, by: Actor, at: datetime, units: Sequence[Org], reason: str) -> Order:
    """吹哨: units are called to one place by a time."""
    if not units:
        raise Refused("请选择要报到的单位，至少一个。")
    with step("whistle", by=by, at=at, order_id=order_id, note=said(reason, "吹哨的事由")) as made:
        order: Order = made.subject
        order.level = "whistle"
        begin_step(order, "meeting", at=at)
        Meeting.objects.create(
            order=order, kind="whistle", called_at=at, arrive_by=order.step_due_at, reason=reason.strip()[:300],
            units=[o.code for o in units],
        )  # fmt: skip
    return order


def attend(*, order_id: UUID, by: Actor, at: datetime, unit: Org) -> Order:
    """A unit that was called has come."""
    with step("attend", by=by, at=at, order_id=order_id, note=f"{unit.short_name}报到") as made:
        meeting = Meeting.objects.select_for_update().get(order=made.subject, held_at=None)
        if unit.code not in meeting.units:
            raise Refused(f"“{unit.short_name}”不在应到单位里。")
        meeting.attended = {**meeting.attended, unit.code: at.isoformat()}
        meeting.save(update_fields=["attended"])
    return made.subject  # type: ignore[no-any-return]


def decide(*, order_id: UUID, by: Actor, at: datetime, lead: Org, co: Sequence[Org] = (), minutes: str) -> Order:
    """The meeting, or the government, has decided: the minutes go into the order, the unit gets it."""
    state = Order.objects.values_list("state", flat=True).get(pk=order_id)
    move = "decide_escalated" if state == OrderState.ESCALATED else "decide_meeting"
    with step(move, by=by, at=at, order_id=order_id, note=said(minutes, "会议纪要")) as made:
        order: Order = made.subject
        meeting = Meeting.objects.filter(order=order, held_at=None).first() or Meeting(
            order=order, kind="escalated", called_at=at, reason="提级办理", units=[o.code for o in (lead, *co)]
        )
        meeting.held_at, meeting.minutes, meeting.lead = at, minutes.strip(), lead
        meeting.save()
        order.is_ruled = True
        made.facts["lead"] = lead.code
        _send(order, lead, co, at=at)
    return order


def escalate(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """Put before the government what the hotline can't settle."""
    with step("escalate", by=by, at=at, order_id=order_id, note=said(words, "提级的理由")) as made:
        _lift(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def _lift(order: Order, *, at: datetime) -> None:
    Meeting.objects.filter(order=order, held_at=None).update(held_at=at, minutes="会商未能决定，呈政府提级办理。")
    order.extension, order.handled_at = {}, None
    let_go(order)
    resume_whole(order, at=at)
    begin_step(order, "meeting", at=at)


def difficult(order: Order, *, at: datetime) -> Order:
    """Sent round or redone too often: the system makes it a difficult order, which a task follows."""
    if not rules.is_difficult(order.redos, order.transfers) or order.is_difficult:
        return order
    words = f"重办 {order.redos} 次、转办 {order.transfers} 次"
    with step("escalate_difficult", by=SYSTEM, at=at, order_id=order.pk, note=words) as made:
        made.subject.is_difficult = True
        _lift(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]


def _signed(order: Order, *, at: datetime) -> None:
    leg = order.legs.filter(role="lead", state=LegState.SENT).first()
    if leg is not None:
        leg.state, leg.signed_at = LegState.SIGNED, at
        leg.save(update_fields=["state", "signed_at"])
    order.signed_at = order.signed_at or at


def sign(*, order_id: UUID, by: Actor, at: datetime) -> Order:
    """The unit signs for the order; it may be given back only for a while from now."""
    with step("sign", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        _signed(order, at=at)
        order.return_by = rules.due(at, rules.step_limit("return"), calendar_for(order.region_id))
        end_step(order, at=at)
    return order


@transaction.atomic
def add_co_handler(*, order_id: UUID, by: Actor, at: datetime, org: Org, ask: str) -> Leg:
    """One more unit takes a part, with a clock of its own."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if not access.dispatcher(by, order):
        raise Refused(f"您当前的岗位不能增加协办单位。{access.dispatcher.__doc__}")
    if order.state not in (OrderState.DISPATCHED, OrderState.HANDLING):
        raise Refused(f"现在是“{order.state_label}”，不能增加协办单位。")
    if org.pk == order.lead_id or order.legs.filter(org=org, state__in=(LegState.SENT, LegState.SIGNED)).exists():
        raise Refused(f"“{org.short_name}”已经在办理这张工单。")
    leg = Leg(
        order=order, org=org, region_id=org.region_id, role="co", ask=said(ask, "协办要求")[:300], sent_at=at,
        sign_by=rules.due(at, rules.step_limit("sign"), calendar_for(order.region_id)), due_at=order.due_at,
    )  # fmt: skip
    LEG_FLOW.begin(leg, by=by, at=at, move="send", law=f"{W7}：协办", note=ask.strip()[:300])
    return leg


def sign_leg(*, leg_id: UUID, by: Actor, at: datetime) -> Leg:
    """The co-handler signs."""
    with LEG_FLOW.step("sign", by=by, at=at, pk=leg_id) as made:
        made.subject.signed_at = at
    return made.subject  # type: ignore[no-any-return]


def feed_back(*, leg_id: UUID, by: Actor, at: datetime, words: str) -> Leg:
    """The co-handler hands in its part."""
    with LEG_FLOW.step("feed_back", by=by, at=at, pk=leg_id, note="已反馈") as made:
        leg: Leg = made.subject
        leg.answer, leg.done_at, leg.signed_at = said(words, "协办反馈"), at, leg.signed_at or at
    return leg


def recall_leg(*, leg_id: UUID, by: Actor, at: datetime, words: str) -> Leg:
    """The co-handler is not needed."""
    with LEG_FLOW.step("recall", by=by, at=at, pk=leg_id, note=said(words, "撤回的原因")) as made:
        made.subject.done_at = at
    return made.subject  # type: ignore[no-any-return]
