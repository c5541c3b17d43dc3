"""Reading: opening a message is its receipt; one of a post takes it up for all."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.exchange.flow import RULE
from siban.exchange.models import Message
from siban.kernel import journal
from siban.kernel.actor import Actor


@transaction.atomic
def open_message(*, message_id: UUID, by: Actor, at: datetime) -> Message:
    """Open a message: the first opening is kept as its receipt. A message to a post is not read by looking at it."""
    message = Message.objects.addressed_to(by).select_for_update(of=("self",)).get(pk=message_id)
    if message.read_at is None and not message.role:
        message.read_at = at
        message.save(update_fields=["read_at"])
        journal.write(subject=message, move="read", by=by, at=at, law=RULE)
    return message


@transaction.atomic
def take_up(*, message_id: UUID, by: Actor, at: datetime) -> Message:
    """Take up a message to one's post; whoever comes later sees who has it, and it stays with the first."""
    message = Message.objects.addressed_to(by).select_for_update(of=("self",)).get(pk=message_id)
    if message.role and message.read_at is None:
        message.read_at, message.taken_by_id, message.taken_by_name = at, by.account_id, by.name
        message.save(update_fields=["read_at", "taken_by", "taken_by_name"])
        journal.write(subject=message, move="take_up", by=by, at=at, law=RULE)
    return message


def read_all(*, by: Actor, at: datetime) -> int:
    """Mark what is one's own as read. What the law wants told stays until it is opened, what is a post's until taken up."""
    return Message.objects.addressed_to(by).unread().filter(is_statutory=False, role="").update(read_at=at)
