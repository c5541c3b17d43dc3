"""One's own messages: the list with the unread first, and how many are unread."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from siban.exchange.models import Contact, Message
from siban.identity.api import Person
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

SHOWN = 20
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as its recipient sees it."""

    id: UUID
    title: str
    body: str
    link: str
    at: datetime
    is_unread: bool
    is_post: bool
    lamp: Lamp
    taken_by: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of messages."""

    lines: tuple[MessageLine, ...]
    has_more: bool
    can_read_all: bool


def unread_count(actor: Actor) -> int:
    """How many messages wait, counted up to one more than is ever shown."""
    return Message.objects.addressed_to(actor).unread().order_by()[: MOST_COUNTED + 1].count()


def inbox_page(actor: Actor, *, only_unread: bool, number: int) -> InboxPage:
    """Messages, unread ones first, then by age."""
    found = Message.objects.addressed_to(actor)
    if only_unread:
        found = found.unread()
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    start = (number - 1) * SHOWN
    rows = list(found.annotate(is_read=is_read).order_by("is_read", "-created_at", "-id")[start : start + SHOWN + 1])
    lines = tuple(_line(m, actor) for m in rows[:SHOWN])
    return InboxPage(lines, len(rows) > SHOWN, any(m.read_at is None and not (m.is_statutory or m.role) for m in rows))


def _line(m: Message, actor: Actor) -> MessageLine:
    unread = m.read_at is None
    if m.role:
        mine = m.taken_by_id == actor.account_id
        label = "待接手" if unread else "我已接手" if mine else f"{m.taken_by_name}已接手"
    else:
        label = "未读" if unread else "已读"
    tone = "grey" if not unread else "red" if m.is_urgent else "amber" if m.role else "blue"
    return MessageLine(
        m.pk, m.title, m.body, m.link, m.created_at, unread, bool(m.role), Lamp(tone, label), m.taken_by_name
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """How one is reached now."""

    mobile: str
    email: str
    email_asked: str
    email_on: bool
    sms_on: bool


def settings_page(actor: Actor) -> SettingsPage:
    """One's own settings; the mobile number is shown masked."""
    if actor.is_citizen:
        contact = Contact.objects.filter(person_id=actor.person_id).first()
        mobile = Person.objects.filter(pk=actor.person_id).values_list("mobile", flat=True).first() or ""
    else:
        contact, mobile = Contact.objects.filter(account_id=actor.account_id).first(), ""
    shown = codes.phone.masked(mobile) if mobile else ""
    if contact is None:
        return SettingsPage(shown, "", "", True, True)
    return SettingsPage(shown, contact.email, contact.email_asked, contact.email_on, contact.sms_on)
