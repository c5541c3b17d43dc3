"""One order with everything beside it: clocks, parts, visits, call-backs, ledgers, duplicates, and what one may do now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from siban.identity.api import Role
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local
from siban.kernel.codes import phone
from siban.kernel.flow import Choice
from siban.kernel.ui.parts import Cell, Entry, Lamp, Table

from .. import access, rules
from ..flow import LEG_FLOW, ORDER_FLOW, LegState
from ..models import Callback, Category, Clock, Leg, Meeting, Order, Suspension, Termination, Visit
from .orders import lamp, left, short

SELDOM = {
    "note": 1,
    "recall": 2,
    "ask_return": 2,
    "whistle": 3,
    "escalate": 4,
    "attend": -1,
    "withdraw": 5,
    "confirm": -1,
    "reply": -2,
    "contact": -1,
}
"""What is done seldom stands below what is done daily."""
CLOCKS = {"whole": "全程"}
FIRST = "登记"


@dataclass(frozen=True, slots=True)
class Part:
    """A co-handler's part and what this actor may do with it."""

    leg: Leg
    lamp: Lamp
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Everything about one order."""

    order: Order
    lamp: Lamp
    left: str
    owner: str
    phone: str
    name: str
    choices: tuple[Choice, ...]
    clocks: Table
    parts: tuple[Part, ...]
    visits: tuple[Visit, ...]
    callbacks: tuple[Callback, ...]
    meetings: tuple[Meeting, ...]
    suspension: Suspension | None
    termination: Termination | None
    merged: Table | None
    files: tuple[Any, ...]
    timeline: tuple[Entry, ...]
    demands: tuple[str, ...]


def find(actor: Actor, number: str) -> Order:
    """Raises Order.DoesNotExist for what this actor may not see."""
    return Order.objects.visible_to(actor).select_related("lead", "first_lead", "suggested", "region", "merged_into").get(number=number)  # fmt: skip


def masked_name(name: str) -> str:
    """Only the last character is shown."""
    return "＊" * (len(name) - 1) + name[-1] if name else "没有留名"


def order_page(order: Order, *, by: Actor, at: datetime) -> OrderPage:
    """The one-order page: a constant number of statements."""
    under = list(Order.objects.filter(merged_into=order).select_related("region").order_by("received_at", "pk")[:50])
    return OrderPage(
        order, lamp(order, at), left(order, at), ORDER_FLOW.owner(order.state),
        phone.masked(order.caller_phone) if order.caller_phone else "没有留电话", masked_name(order.caller_name),
        tuple(sorted(ORDER_FLOW.choices(order, by=by, at=at), key=lambda c: SELDOM.get(c.name, 0))), clocks(order, at), tuple(_parts(order, by=by, at=at)),
        tuple(order.visits.select_related("photo", "org")), tuple(order.callbacks.all()), tuple(order.meetings.select_related("lead")),
        order.suspensions.prefetch_related("notes").order_by("-asked_at").first(), order.terminations.order_by("-asked_at").first(),
        _merged(under, at) if under else None, tuple(order.files.select_related("file")), entries(order),
        tuple(_names(order)),
    )  # fmt: skip


def _names(order: Order) -> list[str]:
    if len(order.demands) < 2:
        return []
    rows = Category.objects.filter(code__in=order.demands, valid_to=None).order_by("code")
    names = dict(rows.values_list("code", "name"))
    return [names.get(code, code) for code in order.demands]


def clocks(order: Order, at: datetime) -> Table:
    """Both clocks, line by line: from when, how long, until when, stopped for how long, kept or not, by which document."""
    rows = []
    for c in order.clocks.select_related("org"):
        name = CLOCKS.get(c.kind) or rules.step_limit(c.kind).name
        rows.append(
            (
                Cell(name, note=c.org.short_name if c.org else ""), short(c.started_at), c.limit_words,
                Cell(short(c.due_at), note="" if c.due_at == c.first_due_at else f"原来 {short(c.first_due_at)}"),
                _stopped(c), Cell(lamp=_clock_lamp(c, at)), Cell(c.source),
            )
        )  # fmt: skip
    return Table(
        "两套时钟",
        ["时钟", "开始", "时限", "期限", "停钟", "情况", "依据"],
        rows,
        empty="还没有起算。",
        caption_hidden=True,
    )


def _stopped(clock: Clock) -> str:
    hours = clock.stopped_seconds // 3600
    done = f"{hours // 24} 天 {hours % 24} 小时" if hours >= 24 else f"{hours} 小时" if hours else ""
    return f"{done}，正在停钟".lstrip("，") if clock.stopped_at else done or "没有"


def _clock_lamp(clock: Clock, at: datetime) -> Lamp:
    if clock.stopped_at is not None:
        return Lamp("stopped", "停钟")
    if clock.ended_at is not None:
        return Lamp("green", "按期") if clock.ended_at <= clock.due_at else Lamp("red", "超期完成")
    return Lamp("red", "已超期") if at > clock.due_at else Lamp("blue", "计时中")


def _parts(order: Order, *, by: Actor, at: datetime) -> list[Part]:
    parts = []
    for leg in order.legs.filter(role="co").select_related("org"):
        over = leg.due_at is not None and leg.due_at < at and leg.state in (LegState.SENT, LegState.SIGNED)
        tone = "red" if over else "grey" if leg.state == LegState.RECALLED else "green" if leg.state == LegState.DONE else "blue"  # fmt: skip
        parts.append(Part(leg, Lamp(tone, str(LegState(leg.state).label)), tuple(LEG_FLOW.choices(leg, by=by, at=at))))
    return parts


def _merged(under: list[Order], at: datetime) -> Table:
    rows = [
        (Cell(o.number, url=reverse("hotline-order", args=[o.number])), short(o.received_at), o.region.name, Cell(lamp=lamp(o, at)))
        for o in under
    ]  # fmt: skip
    return Table("并入的工单", ["工单", "来电时间", "苏木乡镇", "状态"], rows, caption_hidden=True)


def entries(order: Order, *, for_caller: bool = False) -> tuple[Entry, ...]:
    """The record as a timeline; a caller sees what was done and by which office, not by whom."""
    found = []
    for e in journal.timeline(order):
        move = ORDER_FLOW.moves.get(e.move)
        if move is None and e.move not in ("receive",):
            continue
        if for_caller and e.move in HIDDEN:
            continue
        what = move.label if move else FIRST
        note = e.note
        if e.facts.get("remarks"):
            note += "（系统提示：" + "；".join(e.facts["remarks"]) + "）"
        post = str(Role(e.actor_role).label) if e.actor_role in Role.values else ""
        who = (
            (post or e.actor_name or "系统")
            if for_caller
            else f"{e.actor_name}（{post}）"
            if post
            else e.actor_name or "系统"
        )
        found.append(Entry(local(e.at), who, what, law="" if for_caller else e.law, note="" if for_caller and e.move not in TOLD else note))  # fmt: skip
    return tuple(found)


HIDDEN = ("reclassify", "ask_return", "accept_return", "refuse_return", "dispute", "ask_extension", "refuse_extension", "ask_suspension", "refuse_suspension", "ask_termination", "review_termination", "refuse_termination", "return_reply", "return_merged", "attend", "recall")  # fmt: skip
TOLD = ("progress", "comment", "withdraw", "redo", "refer", "dispatch", "reject_appeal", "uphold_appeal", "appeal")


def may_reveal(actor: Actor, order: Order) -> bool:
    """Who calls or visits: the hotline, and the units that handle it; where the caller asks for secrecy, no unit but the lead."""
    unit = access.handler(actor, order) if order.is_secret else access.sees_unit(actor)
    return access.operator(actor, order) or access.dispatcher(actor, order) or unit
