"""并单: one event, several callers. Worked on once, counted once; each caller is answered and called back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused

from ..flow import FREE, LegState, OrderState
from ..models import Clock, Leg, Order
from .stepping import begin_step, end_step, finish, said, step, stop_whole

OPEN_MAIN = (*FREE, OrderState.WHISTLED, OrderState.ESCALATED, OrderState.RULING, OrderState.RETURNING)


@transaction.atomic
def merge(*, main_id: UUID, order_ids: Sequence[UUID], by: Actor, at: datetime, words: str = "") -> Order:
    """Put orders under one, all of them or none. Raises Refused."""
    ids = [pk for pk in dict.fromkeys(order_ids) if pk != main_id]
    if not ids:
        raise Refused("请选择要并入的工单，至少一张，不能是主单自己。")
    locked = {o.pk: o for o in Order.objects.select_for_update().filter(pk__in=[main_id, *ids]).order_by("pk")}
    if len(locked) != len(ids) + 1:
        raise Refused("有的工单找不到了，请刷新以后重新选择。")
    main = locked[main_id]
    if main.merged_into_id is not None:
        raise Refused(f"{main.number} 已经并入别的工单，不能再作主单。请选那张主单。")
    if main.state not in OPEN_MAIN:
        raise Refused(f"主单 {main.number} 现在是“{main.state_label}”，不能再并入。")
    for pk in ids:
        order = locked[pk]
        if order.region_id[:6] != main.region_id[:6]:
            raise Refused(f"{order.number} 不是同一个旗县的工单，不能并单。")
        if Order.objects.filter(merged_into=order).exists():
            raise Refused(f"{order.number} 下面已经并入了别的工单。请用它作主单，或者先撤销那些并单。")
        with step("merge", by=by, at=at, order_id=pk, note=f"并入 {main.number}" + (f"：{words.strip()}" if words.strip() else "")) as made:  # fmt: skip
            one: Order = made.subject
            one.merged_from, one.merged_into, one.extension = one.state, main, {}
            one.legs.filter(state__in=(LegState.SENT, LegState.SIGNED)).update(state=LegState.RECALLED, done_at=at)
            one.lead, one.signed_at = None, None
            end_step(one, at=at)
            made.facts |= {"main": str(main.pk), "weight": one.weight}
    Order.objects.filter(pk=main_id).update(weight=F("weight") + sum(locked[pk].weight for pk in ids))
    main.refresh_from_db()
    return main


@transaction.atomic
def unmerge(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """Merged wrongly: the order stands on its own again, its clock having run all the time."""
    with step("unmerge", by=by, at=at, order_id=order_id, note=said(words, "撤销并单的理由")) as made:
        order: Order = made.subject
        made.facts["main"] = str(order.merged_into_id)
        let_go(order)
        order.merged_from = ""
        begin_step(order, "dispatch", at=at)
    return order


def let_go(order: Order) -> None:
    """The weight goes back from the main order to its own."""
    if order.merged_into_id is not None:
        Order.objects.filter(pk=order.merged_into_id, weight__gt=order.weight).update(
            weight=F("weight") - order.weight
        )
    order.merged_into = None


def lead_again(order: Order, *, at: datetime) -> None:
    """Who led goes on leading: a part of its own, where none is open."""
    if order.lead_id and not order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).exists():
        order.legs.filter(org_id=order.lead_id, state__in=(LegState.SENT, LegState.SIGNED)).update(
            state=LegState.RECALLED, done_at=at
        )
        Leg.objects.create(
            order=order, org_id=order.lead_id, region_id=order.region_id, role="lead", state=LegState.SIGNED, sent_at=at,
            sign_by=at, signed_at=at, due_at=order.due_at,
        )  # fmt: skip


def _merged(main: Order) -> list[UUID]:
    under = Order.objects.filter(merged_into=main, state=OrderState.MERGED).order_by("received_at", "pk")
    return list(under.values_list("pk", flat=True))


def answer_merged(main: Order, *, at: datetime) -> None:
    """What the main order was told, each caller under it is told, and called back by itself."""
    for pk in _merged(main):
        if main.lead_id is None:
            with step("close_merged", by=SYSTEM, at=at, order_id=pk, note=f"随主单 {main.number} 答复") as made:
                made.subject.outcome, made.subject.handled_at = main.outcome, at
                finish(made.subject, at=at)
            continue
        with step("reply_merged", by=SYSTEM, at=at, order_id=pk, note=f"随主单 {main.number} 答复") as made:
            order: Order = made.subject
            order.lead, order.first_lead = main.lead, order.first_lead or main.lead
            order.outcome, order.hands = main.outcome, main.hands
            order.contacted_at = order.contacted_at or main.contacted_at
            order.replied_at = order.handled_at = at
            order.first_replied_at = order.first_replied_at or at
            stop_whole(order, at=at)
            begin_step(order, "callback", at=at)


def follow_withdrawn(main: Order, *, at: datetime) -> None:
    """The caller of the main order took it back; the others did not: the oldest leads, the rest go under it."""
    ids = _merged(main)
    for pk in ids:
        unmerge(order_id=pk, by=SYSTEM, at=at, words=f"主单 {main.number} 的诉求人撤回，其余诉求继续办理")


def take_back_replies(main: Order, *, at: datetime) -> None:
    """The reply of the main order was sent back before anybody was called: those under it wait again."""
    waiting = Order.objects.filter(merged_into=main, state=OrderState.REPLIED, attempts=0).order_by(
        "received_at", "pk"
    )
    for pk in list(waiting.values_list("pk", flat=True)):
        with step("return_merged", by=SYSTEM, at=at, order_id=pk, note=f"主单 {main.number} 的答复退回重写") as made:
            order: Order = made.subject
            order.handled_at = order.replied_at = order.stopped_at = order.lead = None
            order.outcome = ""
            Clock.objects.filter(order=order, kind="whole", ended_at=None).update(stopped_at=None)
            end_step(order, at=at)
