"""A caller's own demands: the list, one of them with where it stands and who holds it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from siban.identity.api import Region
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Cell, Entry, Lamp, Step, Table

from ..flow import ENDS, ORDER_FLOW, OrderState
from ..models import Order
from ..wording import first_words
from .order_page import entries
from .orders import short

STAGES = (
    ("登记", ("received", "created")),
    ("派给承办单位", ("dispatched", "return_requested", "ruling", "whistled", "escalated", "merged")),
    ("办理", ("handling", "suspend_requested", "suspended", "terminate_requested", "terminate_reviewed")),
    ("答复", ("replied", "terminate_notified", "appealed")),
    ("办结", tuple(str(s) for s in ENDS)),
)
SAID = {
    "received": "热线正在登记。", "created": "热线正在分派承办单位。", "dispatched": "已经派给{office}，等待签收。",
    "return_requested": "热线正在核对由哪个单位办理。", "ruling": "热线正在核对由哪个单位办理。", "handling": "{office}正在办理。",
    "replied": "{office}已经答复。请看看解决了没有，告诉我们。", "whistled": "几个单位正在一起商量怎么办。", "escalated": "已经提级督办，由旗里协调。",
    "suspend_requested": "{office}正在办理。", "suspended": "一时不能解决，{office}每月报告进展，条件具备就办理。",
    "terminate_requested": "{office}正在办理。", "terminate_reviewed": "{office}正在办理。",
    "terminate_notified": "已经终结。不同意的，可以申诉。", "appealed": "申诉正在复核。", "merged": "与别人反映的是同一件事，一并办理，照样逐一答复您。",
    "closed": "已经办结。", "direct_answered": "已经答复。", "referred": "这件事不由热线办理，请走下面写的渠道。", "withdrawn": "您已经撤回。",
    "terminated": "已经终结。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MyOrder:
    """One demand as its caller sees it."""

    order: Order
    lamp: Lamp
    sentence: str
    office: str
    steps: tuple[Step, ...]
    timeline: tuple[Entry, ...]
    may: frozenset[str]
    """What the caller may do now: confirm, redo, appeal, comment, withdraw."""


def lamp_of(order: Order) -> Lamp:
    """A tone that says whether it is the caller's turn."""
    if order.state in ENDS:
        return Lamp("grey", order.state_label)
    mine = order.state in (OrderState.REPLIED, OrderState.NOTIFIED)
    return Lamp("amber" if mine else "blue", "请您确认" if order.state == OrderState.REPLIED else order.state_label)


def my_orders(actor: Actor) -> Table:
    """All demands of this person, the newest first."""
    mine = Order.objects.visible_to(actor).select_related("lead").order_by("-received_at", "-id")[:200]
    rows = [
        (
            Cell(first_words(o.text), url=reverse("my-order", args=[o.number]), note=o.number), Cell(lamp=lamp_of(o)),
            o.lead.short_name if o.lead else "热线", short(o.received_at),
        )
        for o in mine
    ]  # fmt: skip
    return Table(
        "我的诉求", ["诉求", "进度", "由谁办", "反映时间"], rows, empty="您还没有反映过诉求。",
        empty_hint="遇到困难、有意见建议，可以在这里反映，也可以拨打 12345。", caption_hidden=True,
    )  # fmt: skip


def find(actor: Actor, number: str) -> Order:
    """Raises Order.DoesNotExist for somebody else's."""
    return Order.objects.visible_to(actor).select_related("lead", "region", "merged_into").get(number=number)


def my_order(order: Order, *, by: Actor, at: datetime) -> MyOrder:
    """One demand with everything its caller may know."""
    office = order.lead.name if order.lead else "热线"
    may = {c.name for c in ORDER_FLOW.choices(order, by=by, at=at) if c.refusal is None}
    return MyOrder(
        order, lamp_of(order), SAID[order.state].format(office=office), office, tuple(_steps(order)),
        entries(order, for_caller=True), frozenset(may),
    )  # fmt: skip


def _steps(order: Order) -> list[Step]:
    now = next(n for n, (_, states) in enumerate(STAGES) if order.state in states)
    over = order.state in ENDS
    return [Step(label, "done" if n < now or over else "current" if n == now else "todo") for n, (label, _) in enumerate(STAGES)]  # fmt: skip


def towns() -> list[tuple[str, str]]:
    """Townships of the place this house serves."""
    here = settings.SITE_REGION[:6]
    return list(Region.objects.filter(code__startswith=here, level=5).order_by("code").values_list("code", "name"))
