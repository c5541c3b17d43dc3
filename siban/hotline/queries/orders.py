"""Orders as lists ask for them: narrowed, searched, sorted, by pages that open as fast at a million as at a hundred."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA, local, local_day
from siban.kernel.ui.parts import Cell, Column, Lamp, Tab, Table

from .. import access, rules, wording
from ..flow import ENDS, LegState, OrderState
from ..models import Category, Order
from ..wording import first_words

TABS = (
    ("todo", "待我方办理"), ("near", "48 小时内到期"), ("late", "逾期"), ("co", "协办"), ("callback", "待回访"), ("hung", "挂单"),
    ("open", "未办结"), ("done", "已办结"), ("all", "全部"),
)  # fmt: skip
TURNS = {
    "returns": Q(state__in=(OrderState.RETURNING, OrderState.RULING)), "redos": Q(redos__gt=0), "difficult": Q(is_difficult=True),
    "emergency": Q(is_emergency=True), "late": Q(step_due_at__lt=Now()), "long": Q(is_long_term=True), "improper": Q(improper_returns__gt=0),
}  # fmt: skip
"""Further narrowings that other pages lead to."""
SORTS = {"new": "-received_at", "due": "due_at"}
HEADS = (
    "工单编号", "来电时间", "来源", "苏木乡镇", "地点", "诉求", "性质", "类别", "级别", "紧急", "承办单位", "状态", "办理期限", "答复时间", "办结时间",
    "是否解决", "是否满意", "退单", "转办", "重办", "延期", "诉求人数",
)  # fmt: skip
MOST = 99
UNIT_STATES = (OrderState.DISPATCHED, OrderState.HANDLING, OrderState.SUSPENDED)
HOTLINE_STATES = (OrderState.RECEIVED, OrderState.CREATED, OrderState.RETURNING, OrderState.RULING, OrderState.SUSPENDING, OrderState.TERMINATING, OrderState.REVIEWED, OrderState.APPEALED, OrderState.WHISTLED, OrderState.ESCALATED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, as the address says it."""

    tab: str = "todo"
    q: str = ""
    unit: UUID | str | None = None
    town: str = ""
    top: str = ""
    leaf: str = ""
    nature: str = ""
    level: str = ""
    state: str = ""
    channel: str = ""
    turn: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""
    after: str = ""

    def address(self, **changed: Any) -> str:
        """The query of the same list with something changed; a change begins at the first page."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "after"}
        return "?" + urlencode({k: v for k, v in {**said, **changed}.items() if v and (k, v) != ("tab", "todo")})


def wanted(said: Mapping[str, str]) -> Wanted:
    """The filter out of an address; what means nothing is left out."""

    def one(name: str, of: Mapping[str, Any] | list[str]) -> str:
        return said.get(name, "") if said.get(name, "") in of else ""

    return Wanted(
        one("tab", dict(TABS)) or "todo", " ".join(said.get("q", "").replace("\x00", "").split())[:100],
        "none" if said.get("unit") == "none" else _uuid(said.get("unit", "")), said.get("town", "")[:12] if said.get("town", "").isdigit() else "",
        said.get("top", "")[:2] if said.get("top", "").isdigit() else "",
        said.get("leaf", "")[:6] if said.get("leaf", "").isdigit() else "", one("nature", rules.NATURES),
        one("level", rules.LEVELS), one("state", OrderState.values), one("channel", rules.CHANNELS), one("turn", TURNS),
        _day(said.get("since", "")), _day(said.get("until", "")), one("sort", SORTS), said.get("after", "")[:80],
    )  # fmt: skip


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def _tab(tab: str, actor: Actor, at: datetime) -> Q:
    running = Q(closed_at=None, stopped_at=None, merged_into=None)
    match tab:
        case "near":
            return running & Q(due_at__gte=at, due_at__lt=at + timedelta(hours=48))
        case "late":
            return running & Q(due_at__lt=at)
        case "callback":
            return Q(state=OrderState.REPLIED, closed_at=None)
        case "hung":
            return Q(state__in=(OrderState.SUSPENDED, OrderState.SUSPENDING), closed_at=None)
        case "open":
            return Q(closed_at=None)
        case "done":
            return Q(closed_at__isnull=False)
        case "co":
            return Q(legs__role="co", legs__state__in=(LegState.SENT, LegState.SIGNED), **_own(actor))
        case "todo":
            mine = Q(state__in=HOTLINE_STATES) if access.sees_territory(actor) else Q(lead_id=actor.org_id, state__in=UNIT_STATES)  # fmt: skip
            return mine & Q(closed_at=None)
    return Q()


def _own(actor: Actor) -> dict[str, Any]:
    return {} if access.sees_territory(actor) else {"legs__org_id": actor.org_id}


def narrowed(actor: Actor, asked: Wanted) -> "QuerySet[Order]":
    """What this actor may see of what the filter asks, over all tabs."""
    rows = Order.objects.visible_to(actor)
    if asked.unit:
        rows = rows.filter(lead=None) if asked.unit == "none" else rows.filter(lead_id=asked.unit)
    for name, value in (("nature", asked.nature), ("level", asked.level), ("state", asked.state), ("channel", asked.channel), ("leaf", asked.leaf)):  # fmt: skip
        if value:
            rows = rows.filter(**{name: value})
    if asked.turn:
        rows = rows.filter(TURNS[asked.turn])
    if asked.top and not asked.leaf:
        rows = rows.filter(leaf__startswith=asked.top)
    if asked.town:
        rows = rows.filter(region_id=asked.town)
    if asked.since:
        rows = rows.filter(received_at__gte=datetime.combine(asked.since, time(), tzinfo=CHINA))
    if asked.until:
        rows = rows.filter(received_at__lt=datetime.combine(asked.until + timedelta(days=1), time(), tzinfo=CHINA))
    return searched(rows, asked.q)


def searched(rows: "QuerySet[Order]", words: str) -> "QuerySet[Order]":
    """By number, by telephone (all digits of it), or by words of the demand and its place."""
    if not words:
        return rows
    if words.upper().startswith("RX"):
        return rows.filter(number__startswith=words.upper())
    if words.isdigit() and len(words) >= 7:
        return rows.filter(caller_key=words)
    asked = wording.query(words)
    return rows.filter(words=SearchQuery(asked, config="simple", search_type="raw")) if asked else rows.none()


def sorting(asked: Wanted) -> str:
    """The order of rows: what runs out first where that matters, else what came last."""
    return asked.sort or ("due" if asked.tab in ("near", "late") else "new")


def chosen(actor: Actor, asked: Wanted, *, at: datetime) -> "QuerySet[Order]":
    """The rows of the list in its order."""
    rows = narrowed(actor, asked).filter(_tab(asked.tab, actor, at)).select_related("lead", "region")
    if asked.tab == "co":
        rows = rows.distinct()
    if sorting(asked) == "due":
        return rows.filter(due_at__isnull=False).order_by("due_at", "id")
    return rows.order_by("-received_at", "-id")


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of orders."""

    table: Table
    tabs: tuple[Tab, ...]
    next_url: str
    shown: int


def order_list(actor: Actor, asked: Wanted, *, at: datetime, size: int) -> OrderList:
    """One page from its key on, the tabs counted up to 99: a constant number of statements."""
    rows = _after(chosen(actor, asked, at=at), asked)
    shown = list(rows[: size + 1])
    tabs = tuple(
        Tab(label, asked.address(tab=name, sort=""), name == asked.tab, _upto(actor, asked, name, at))
        for name, label in TABS
    )
    more = asked.address() + ("&" if len(asked.address()) > 1 else "") + urlencode({"after": _key(shown[size - 1], asked)}) if len(shown) > size else ""  # fmt: skip
    table = Table(
        "热线工单",
        ["诉求", "状态", Column("办理期限", sort_url=asked.address(sort="due"), sorted="ascending" if sorting(asked) == "due" else ""),
         "承办单位", Column("来电时间", sort_url=asked.address(sort="new"), sorted="descending" if sorting(asked) == "new" else "")],
        [line(o, at) for o in shown[:size]], empty="没有符合条件的工单。", empty_hint="换一个条件，或者看“全部”。", caption_hidden=True,
    )  # fmt: skip
    return OrderList(table, tabs, more, min(len(shown), size))


def _upto(actor: Actor, asked: Wanted, tab: str, at: datetime) -> int | None:
    """A count that costs no more at a million: of what waits, never more than a hundred rows are looked at."""
    if tab in ("all", "done", "open"):
        return None
    rows = narrowed(actor, asked).filter(_tab(tab, actor, at)).order_by()
    return rows.values("pk")[: MOST + 1].count()


def _key(order: Order, asked: Wanted) -> str:
    instant = order.due_at if sorting(asked) == "due" else order.received_at
    assert instant is not None
    return f"{instant.isoformat()}~{order.pk}"


def _after(rows: "QuerySet[Order]", asked: Wanted) -> "QuerySet[Order]":
    instant, _, pk = asked.after.partition("~")
    try:
        at, key = datetime.fromisoformat(instant), UUID(pk)
    except ValueError:
        return rows
    if sorting(asked) == "due":
        return rows.filter(Q(due_at__gt=at) | Q(due_at=at, id__gt=key))
    return rows.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(id__lt=key))


def lamp(order: Order, at: datetime) -> Lamp:
    """The state; a running order that is late, or soon will be, says so."""
    if order.state in ENDS:
        return Lamp("grey", order.state_label)
    if order.stopped_at is not None:
        return Lamp("stopped" if order.state == OrderState.SUSPENDED else "blue", order.state_label)
    if order.due_at is not None and order.due_at < at:
        return Lamp("red", f"{order.state_label}，已逾期")
    near = order.due_at is not None and order.due_at < at + timedelta(hours=24)
    return Lamp("amber" if near else "green", order.state_label)


def left(order: Order, at: datetime) -> str:
    """How long is left, in words."""
    if order.due_at is None or order.state in ENDS or order.handled_at is not None:
        return ""
    if order.stopped_at is not None:
        return "停钟"
    return span(order.due_at - at)


def span(delta: timedelta) -> str:
    """`还有 3 天 4 小时`, `已逾期 25 分钟`."""
    minutes = int(abs(delta).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    words = f"{days} 天 {hours} 小时" if days else f"{hours} 小时" if hours else f"{minutes} 分钟"
    return ("还有 " if delta >= timedelta(0) else "已逾期 ") + words.replace(" 0 小时", "")


def short(at: datetime | None) -> str:
    """`3月2日 10:00`."""
    return f"{local(at):%-m月%-d日 %H:%M}" if at else ""


def line(order: Order, at: datetime) -> tuple[object, ...]:
    """One row of the list."""
    marks = [order.number, order.leaf_name or "未分类"]
    marks += ["紧急"] if order.is_urgent else []
    marks += ["疑难"] if order.is_difficult else []
    marks += [f"{order.weight} 人反映"] if order.weight > 1 else []
    marks += [f"重办 {order.redos} 次"] if order.redos else []
    return (
        Cell(first_words(order.text), url=reverse("hotline-order", args=[order.number]), note="　".join(marks)),
        Cell(lamp=lamp(order, at)),
        Cell(short(order.due_at) or "未定", note=left(order, at)),
        Cell(order.lead.short_name if order.lead else "还没有派单", note=order.region.name),
        Cell(short(order.received_at), note=rules.CHANNELS[order.channel]),
    )


def export_rows(actor: Actor, asked: Wanted, *, at: datetime) -> Iterator[tuple[object, ...]]:
    """The whole list as rows of a workbook, read as they are written; who called is not in it."""
    yes = {True: "是", False: "否", None: ""}
    for o in chosen(actor, asked, at=at).iterator(chunk_size=1000):
        yield (
            o.number, short(o.received_at), rules.CHANNELS[o.channel], o.region.name, o.place, o.text,
            rules.NATURES.get(o.nature, ""), o.leaf_name, rules.LEVELS.get(o.level, ""), yes[o.is_urgent],
            o.lead.short_name if o.lead else "", o.state_label, short(o.due_at), short(o.replied_at), short(o.closed_at),
            yes[o.is_solved], yes[o.is_satisfied], o.returns, o.transfers, o.redos, o.extensions, o.weight,
        )  # fmt: skip


def units_for(region: str) -> tuple[tuple[str, str], ...]:
    """The organisations an order here may go to."""
    here = region[:6]
    rows = Org.objects.filter(is_active=True, region_id__startswith=here).exclude(kind__in=("village",)).order_by("order", "code")  # fmt: skip
    return (("", "请选择"), *((str(pk), name) for pk, name in rows.values_list("pk", "short_name")))


def towns_for(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The townships of the territory."""
    here = actor.region_code[:6]
    rows = Region.objects.filter(code__startswith=here, level=5).order_by("code")
    return tuple(rows.values_list("code", "name"))


def tops_for(actor: Actor, *, at: datetime) -> tuple[tuple[str, str], ...]:
    """The top categories in force here."""
    rows = Category.objects.in_force(local_day(at)).filter(region_id__startswith=actor.region_code[:6])
    return tuple(sorted({(c[:2], name) for c, name in rows.order_by().values_list("code", "top_name")}))
