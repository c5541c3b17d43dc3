"""Open311 GeoReport v2, pure: what of an order is public, how long a span may be asked, what a service asks for."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from siban.kernel.clock import CHINA

from . import rules
from .flow import OrderState

LAW = "国办发〔2020〕53号；Open311 GeoReport v2"
SPAN = timedelta(days=90)
MOST, LONGEST_DESCRIPTION, MOST_IDS = 1000, 4000, 100
REPEATED = timedelta(minutes=10)
HIDDEN_NATURES = ("report",)
"""Who reports another's offence is in danger: such orders are never shown."""
HIDDEN_STATES = (OrderState.WITHDRAWN, OrderState.REFERRED)
STATUSES = ("open", "closed")
SAID = {
    OrderState.RECEIVED: "已收到，等待登记", OrderState.CREATED: "已登记，等待派单", OrderState.CLOSED: "已办结",
    OrderState.ANSWERED: "已答复", OrderState.TERMINATED: "已终结", OrderState.MERGED: "与同一事件的诉求一并办理",
    OrderState.SUSPENDED: "列入长期解决，定期公布进展", OrderState.REPLIED: "已答复，等待回访", OrderState.HANDLING: "承办单位正在办理",
    OrderState.DISPATCHED: "已派承办单位",
}  # fmt: skip
COARSE = Decimal("0.01")


class BadRequest(Exception):
    """What a caller of the interface did wrong: the status and the sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question that a service asks."""

    code: str
    datatype: str
    description: str
    values: Sequence[tuple[str, str]] = ()
    hint: str = ""
    is_required: bool = False


def attributes(natures: Sequence[str], towns: Sequence[tuple[str, str]]) -> tuple[Attribute, ...]:
    """What is asked beside the description: the kind of demand, and the township it is in."""
    return (
        Attribute(
            "nature", "singlevaluelist", "诉求性质", [(n, rules.NATURES[n]) for n in natures], "不填的由热线判定"
        ),
        Attribute("town", "singlevaluelist", "所在苏木乡镇", towns, "不填的按地址判定"),
    )


def is_closed(order: Any) -> bool:
    """Nothing more is to be done."""
    return order.closed_at is not None


def status_notes(order: Any) -> str:
    """Where the order stands, in words for everybody."""
    return SAID.get(OrderState(order.state), "正在办理")


def description(order: Any) -> str:
    """What everybody may read: the matter, never the caller's words."""
    return f"{order.leaf_name}（{rules.NATURES.get(order.nature, '诉求')}）" if order.leaf_name else "诉求正在登记"


def coarse(value: Decimal | None) -> float | None:
    """A place to about a kilometre: enough for a map, too little for a door."""
    return None if value is None else float(Decimal(value).quantize(COARSE))


def updated_at(order: Any) -> datetime:
    """The last public step."""
    steps = (order.received_at, order.dispatched_at, order.signed_at, order.replied_at, order.closed_at)
    last: datetime = max(at for at in steps if at is not None)
    return last


def instant(text: str, name: str) -> datetime:
    """An instant as the specification writes it (w3); without an offset it is ours. Raises BadRequest."""
    try:
        said = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise BadRequest(400, f"{name} 应写成 2026-01-31T00:00:00Z 这样的时间，收到的是“{text[:40]}”。") from None
    return said if said.tzinfo else said.replace(tzinfo=CHINA)


def span(start: str, end: str, *, now: datetime) -> tuple[datetime, datetime]:
    """The time asked for: at most 90 days, by default the last ones. Raises BadRequest."""
    since = instant(start, "start_date") if start else None
    until = instant(end, "end_date") if end else None
    try:
        if since is None:
            until = until or now
            return until - SPAN, until
        until = until or min(since + SPAN, max(now, since))
    except OverflowError:
        raise BadRequest(400, "start_date 或者 end_date 太早或者太晚。") from None
    if until < since:
        raise BadRequest(400, "end_date 早于 start_date。")
    if until - since > SPAN:
        raise BadRequest(400, "start_date 和 end_date 之间最多 90 天，请分几次查询。")
    return since, until


def listed(text: str) -> list[str]:
    """A list with commas."""
    return [part for piece in text.split(",") if (part := piece.strip())]


def statuses(text: str) -> list[str]:
    """The states asked for; none: all. Raises BadRequest."""
    said = [s.lower() for s in listed(text)]
    if strange := [s for s in said if s not in STATUSES]:
        raise BadRequest(400, f"status 只能是 open、closed，收到的是“{strange[0][:40]}”。")
    return said


def number(text: str, name: str, default: int, most: int) -> int:
    """A page or its size. Raises BadRequest."""
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most):
        raise BadRequest(400, f"{name} 应是 1 到 {most} 的整数，收到的是“{text[:20]}”。")
    return int(text)


def degrees(text: str, name: str, most: int) -> Decimal | None:
    """Latitude or longitude. Raises BadRequest."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > most:
        raise BadRequest(400, f"{name} 应是 -{most} 到 {most} 之间的度数，收到的是“{text[:20]}”。")
    return value.quantize(Decimal("0.00001"))


def same(partner: str, said: Mapping[str, str], files: Sequence[bytes], *, given: str = "") -> str:
    """A digest of one filing, so that a repeated one is known."""
    sum_ = hashlib.sha256(partner.encode())
    if given:
        sum_.update(b"\0key\0" + given.encode())
        return sum_.hexdigest()[:48]
    for name in sorted(said):
        sum_.update(f"\0{name}\0{said[name]}".encode())
    for digest in files:
        sum_.update(b"\0" + digest)
    return sum_.hexdigest()[:48]
