"""What days and hours ask of the hotline: warnings that climb, also where nobody is assigned, and ends that come by themselves."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import F, Q
from django.urls import reverse

from siban.exchange import api as exchange
from siban.exchange.api import Recipient, to_post
from siban.kernel.actor import SYSTEM
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day

from .. import messages, rules, wording
from ..flow import W7, LegState, OrderState
from ..models import Leg, Order

AT_ONCE = 500
NEAR, URGENT, LATE, BULLETIN = 1, 2, 3, 4
SAID = {
    NEAR: ("工单快到期", "离办理期限不到 {hours} 小时（{due}），请抓紧办理。"),
    URGENT: ("工单快到期，督办", "离办理期限不到 {hours} 小时（{due}），请督促办理。"),
    LATE: ("工单已经逾期，催办", "已经超过{due}的期限，请立即办理并说明原因。"),
    BULLETIN: ("工单逾期多日，列入通报", "超过{due}的期限已有 {days} 个工作日以上，列入通报。"),
}
WORKED_ON = (
    OrderState.CREATED, OrderState.DISPATCHED, OrderState.RETURNING, OrderState.RULING, OrderState.HANDLING,
    OrderState.WHISTLED, OrderState.ESCALATED, OrderState.SUSPENDING, OrderState.TERMINATING, OrderState.REVIEWED,
    OrderState.RECEIVED,
)  # fmt: skip


def warn(*, at: datetime) -> int:
    """48 hours before: who handles it; 24 hours: the head; the day after: the bureau; five workdays later: the bulletin.

    An order nobody leads is everybody's at the hotline: its dispatchers are warned first, the bureau next.
    """
    told = 0
    waiting = Order.objects.filter(closed_at=None, stopped_at=None, merged_into=None, state__in=WORKED_ON)
    windows = {
        BULLETIN: timedelta(days=-1), LATE: timedelta(0), URGENT: _hours("last_hours"), NEAR: _hours("first_hours"),
    }  # fmt: skip
    for level, window in windows.items():
        due = waiting.filter(warned__lt=level, due_at__lte=at + window).select_related("lead").order_by("due_at", "pk")
        for order in due[:AT_ONCE]:
            reached = _level(order, at=at)
            if reached > order.warned:
                told += _warn(order, reached, at=at)
                Order.objects.filter(pk=order.pk, warned__lt=reached).update(warned=reached)
    return told


def _hours(key: str) -> timedelta:
    return timedelta(hours=int(rules.setting("warnings", key)))


def _level(order: Order, *, at: datetime) -> int:
    """How near the end is; a short limit is not warned of before half of it is over."""
    assert order.due_at is not None
    whole, left = order.due_at - order.received_at, order.due_at - at
    if left <= timedelta(0):
        days = int(rules.setting("warnings", "bulletin_workdays"))
        bulletin = calendar_for(order.region_id).add_workdays(local_day(order.due_at), days)
        return BULLETIN if local_day(at) >= bulletin else LATE
    if left <= min(_hours("last_hours"), whole / 4):
        return URGENT
    return NEAR if left <= min(_hours("first_hours"), whole / 2) else 0


def _warn(order: Order, level: int, *, at: datetime) -> int:
    title, said = SAID[level]
    hours = rules.setting("warnings", "last_hours" if level == URGENT else "first_hours")
    words = said.format(
        hours=hours, due=messages.day(order.due_at), days=rules.setting("warnings", "bulletin_workdays")
    )
    told = 0
    for reached in range(order.warned + 1, level + 1):
        told += _tell(order, list(_who(order, reached, at=at)), title, words, f"due:{order.due_at}", f"warning.{reached}", at=at)  # fmt: skip
    return told


def _who(order: Order, level: int, *, at: datetime) -> Iterable[Recipient]:
    today = local_day(at)
    bureaus = messages.hotline_posts("service_admin", order.region_id, on=today)
    if order.lead_id is None:
        return messages.hotline_posts("hotline_dispatcher", order.region_id, on=today) if level == NEAR else bureaus
    if level == NEAR:
        workers = messages.workers(order.lead_id, on=today)
        return workers if messages.is_manned(order.lead_id, on=today) else chain(workers, bureaus)
    if level == URGENT:
        return [to_post("unit_head", order.lead_id)]
    if level == LATE:
        return [
            to_post("unit_head", order.lead_id),
            *messages.hotline_posts("hotline_dispatcher", order.region_id, on=today),
        ]
    return chain(bureaus, messages.hotline_posts("supervisor", order.region_id, on=today))


def _tell(order: Order, to: list[Recipient], title: str, words: str, event: str, kind: str, *, at: datetime) -> int:
    if not to:
        return 0
    return exchange.tell(
        to=to, event=f"{event}:{order.pk}", kind=f"hotline.{kind}", title=title,
        body=f"工单 {order.number}“{wording.first_words(order.text)}”（{order.state_label}）{words}",
        subject=("hotline.Order", str(order.pk)), region_code=order.region_id, by=SYSTEM, at=at,
        link=reverse("hotline-order", args=[order.number]), channels=(), law=W7, is_urgent=True,
    )  # fmt: skip


STEPS = {
    "dispatch": ("hotline_dispatcher", "service_admin"), "return": ("hotline_dispatcher", "service_admin"),
    "ruling": ("service_admin", "supervisor"), "callback": ("hotline_operator", "hotline_dispatcher"),
    "approve": ("hotline_dispatcher", "service_admin"), "meeting": ("service_admin", "supervisor"),
}  # fmt: skip


def warn_of_steps(*, at: datetime) -> int:
    """A step that is late: who owes it, and as long again later who stands above."""
    told, late = 0, Order.objects.filter(closed_at=None, step_due_at__lt=at, step_warned__lt=2).exclude(step="appeal")
    for order in late.select_related("lead").order_by("step_due_at", "pk")[:AT_ONCE]:
        assert order.step_due_at is not None
        running = order.clocks.filter(kind=order.step, ended_at=None).first()
        length = order.step_due_at - running.started_at if running else timedelta(hours=1)
        reached = 2 if at >= order.step_due_at + length else 1
        name = rules.step_limit(order.step).name
        for level in range(order.step_warned + 1, reached + 1):
            to = _owes(order, level, at=at)
            told += _tell(order, to, f"{name}已经超时", f"{name}应在{messages.day(order.step_due_at)}前完成，现在已经超时，请马上处理。", f"step:{order.step}:{order.step_due_at}", f"step.{level}", at=at)  # fmt: skip
        if reached > order.step_warned:
            Order.objects.filter(pk=order.pk, step=order.step).update(step_warned=reached)
    return told


def _owes(order: Order, level: int, *, at: datetime) -> list[Recipient]:
    today = local_day(at)
    if order.step in STEPS:
        return messages.hotline_posts(STEPS[order.step][level - 1], order.region_id, on=today)
    if level == 1 and order.lead_id is not None:
        return [*messages.workers(order.lead_id, on=today), to_post("unit_head", order.lead_id)]
    return messages.hotline_posts("service_admin", order.region_id, on=today)


def warn_of_contact(*, at: datetime) -> int:
    """Nobody has called the caller in time (响应)."""
    told, late = 0, Order.objects.filter(closed_at=None, contacted_at=None, lead__isnull=False, contact_by__lt=at)
    recent = late.filter(contact_by__gt=at - timedelta(days=2)).filter(state__in=WORKED_ON).select_related("lead")
    for order in recent.order_by("contact_by", "pk")[:AT_ONCE]:
        assert order.lead_id is not None
        to = [*messages.workers(order.lead_id, on=local_day(at)), to_post("unit_head", order.lead_id)]
        told += _tell(order, to, "还没有联系诉求人", f"应在{messages.day(order.contact_by)}前联系诉求人，请马上联系并登记。", f"contact:{order.contact_by}", "contact", at=at)  # fmt: skip
    return told


def warn_of_parts(*, at: datetime) -> int:
    """Co-handlers that have not signed or fed back in time."""
    told = 0
    late = Leg.objects.filter(role="co", state__in=(LegState.SENT, LegState.SIGNED)).filter(
        Q(state=LegState.SENT, sign_by__lt=at) | Q(due_at__lt=at)
    )
    late = late.filter(Q(sign_by__gt=at - timedelta(days=2)) | Q(due_at__gt=at - timedelta(days=2), due_at__lt=at))
    for leg in late.select_related("order").order_by(F("due_at").asc(nulls_last=True), "pk")[:AT_ONCE]:
        is_over = leg.due_at is not None and leg.due_at < at
        to = [to_post("unit_head", leg.org_id), *messages.workers(leg.org_id, on=local_day(at))]
        words = f"请本单位协办，{'反馈' if is_over else '签收'}已经超时，请马上处理。"
        told += _tell(leg.order, to, "协办工单已经超时", words, f"leg:{leg.pk}:{is_over}", "leg", at=at)
    return told
