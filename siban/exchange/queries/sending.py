"""How sending goes in a territory: counts by channel and state, the list with reasons, the whole for a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from siban.exchange import rules
from siban.exchange.flow import DELIVERY_FLOW, DeliveryState
from siban.exchange.models import Delivery, DemoSms, Message
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

SHOWN = 50
TONES = {
    DeliveryState.QUEUED: "blue", DeliveryState.SENT: "green", DeliveryState.RECEIVED: "green",
    DeliveryState.FAILED: "amber", DeliveryState.GIVEN_UP: "red",
}  # fmt: skip
STATES = dict(DeliveryState.choices)
HEADS = ("时间", "渠道", "收件人", "消息", "状态", "原因", "已试次数", "发出时间", "送达时间")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the list; what is not known filters nothing."""

    channel: str = ""
    state: str = ""

    @classmethod
    def of(cls, said: Any) -> "Wanted":
        channel, state = said.get("channel", ""), said.get("state", "")
        return cls(channel if channel in rules.CHANNELS else "", state if state in STATES else "")


@dataclass(frozen=True, slots=True)
class SendingLine:
    """A delivery as overseers see it: the address masked, of the message only its kind of title."""

    id: UUID
    at: datetime
    channel: str
    address: str
    title: str
    lamp: Lamp
    reason: str
    attempts: int
    sent_at: datetime | None
    received_at: datetime | None
    can_resend: bool


@dataclass(frozen=True, slots=True)
class SendingPage:
    """The list of one page, and the counts over everything seen."""

    lines: tuple[SendingLine, ...]
    has_more: bool
    counts: tuple[tuple[str, str, str, int, str], ...]
    in_site: int
    in_site_read: int

    @property
    def read_note(self) -> str:
        return f"其中已读或已接手 {self.in_site_read} 条"


def _found(actor: Actor, wanted: Wanted) -> "QuerySet[Delivery]":
    rows = Delivery.objects.overseen_by(actor)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return rows.select_related("message").order_by("-created_at", "-id")


def sending_page(actor: Actor, wanted: Wanted, *, number: int, may_resend: bool) -> SendingPage:
    """One page of deliveries, newest first."""
    start = (number - 1) * SHOWN
    rows = list(_found(actor, wanted)[start : start + SHOWN + 1])
    seen = Delivery.objects.overseen_by(actor)
    by_state = {
        (r["channel"], r["state"]): r["n"] for r in seen.order_by().values("channel", "state").annotate(n=Count("id"))
    }
    counts = tuple(
        (
            label,
            STATES[state],
            f"?channel={channel}&state={state}",
            by_state[channel, state],
            TONES[DeliveryState(state)],
        )
        for channel, label in rules.CHANNELS.items()
        for state in STATES
        if (channel, state) in by_state
    )
    site = Message.objects.filter(region_id__startswith=actor.region_prefix)
    told = site.aggregate(all=Count("id"), read=Count("read_at"))
    return SendingPage(
        tuple(_line(r, may_resend=may_resend) for r in rows[:SHOWN]), len(rows) > SHOWN, counts, told["all"], told["read"]
    )  # fmt: skip


def every_line(actor: Actor, wanted: Wanted) -> Iterator[SendingLine]:
    """The same without an end, read from the database in portions."""
    for row in _found(actor, wanted).iterator(chunk_size=1000):
        yield _line(row, may_resend=False)


def masked(channel: str, address: str) -> str:
    """An address as it may be shown: a number without its middle, of a mailbox the first letter and the host."""
    if channel == Delivery.Channel.SMS:
        return codes.phone.masked(address)
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def _line(d: Delivery, *, may_resend: bool) -> SendingLine:
    state = DeliveryState(d.state)
    return SendingLine(
        d.pk, d.created_at, rules.CHANNELS[d.channel], masked(d.channel, d.address), d.message.title,
        Lamp(TONES[state], DELIVERY_FLOW.label(state)), d.last_error, d.attempts, d.sent_at, d.received_at,
        may_resend and state in DELIVERY_FLOW.moves["resend"].sources,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SmsLine:
    """A short message of the demonstration channel."""

    id: UUID
    at: datetime
    mobile: str
    text: str
    lamp: Lamp
    is_open: bool
    receipt: str


def sms_page(actor: Actor, *, number: int) -> tuple[tuple[SmsLine, ...], bool]:
    """What would have been sent to phones in the territory, newest first, numbers masked."""
    start = (number - 1) * SHOWN
    known = Delivery.objects.overseen_by(actor).filter(channel=Delivery.Channel.SMS)
    rows = list(DemoSms.objects.filter(id__in=known.values("id")).order_by("-at", "-id")[start : start + SHOWN + 1])
    states = dict(known.filter(id__in=[r.pk for r in rows]).values_list("id", "state"))
    lines = tuple(
        SmsLine(
            r.pk, r.at, codes.phone.masked(r.mobile), r.text,
            Lamp(TONES[DeliveryState(states[r.pk])], DELIVERY_FLOW.label(states[r.pk])),
            states[r.pk] == DeliveryState.SENT, r.receipt,
        )
        for r in rows[:SHOWN]
    )  # fmt: skip
    return lines, len(rows) > SHOWN


def demo_receipt(actor: Actor, sms_id: UUID) -> str:
    """The receipt of a demonstration message in the territory. Raises DemoSms.DoesNotExist."""
    known = Delivery.objects.overseen_by(actor).filter(channel=Delivery.Channel.SMS)
    return DemoSms.objects.get(pk=sms_id, id__in=known.values("id")).receipt
