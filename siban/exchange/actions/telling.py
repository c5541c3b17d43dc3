"""Telling somebody something: in the site at once, by the other channels after the commit."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from siban.exchange import connectors, rules
from siban.exchange.flow import DELIVERY_FLOW, RULE
from siban.exchange.models import Delivery, Message
from siban.exchange.queries import reach
from siban.exchange.rules import Recipient
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.together import insert_together

ALL = tuple(rules.CHANNELS)


@transaction.atomic
def tell(
    *,
    to: Sequence[Recipient],
    event: str,
    kind: str,
    title: str,
    body: str,
    subject: tuple[str, str],
    region_code: str,
    by: Actor,
    at: datetime,
    link: str = "",
    channels: Sequence[str] = ALL,
    law: str = RULE,
    is_statutory: bool = False,
    is_urgent: bool = False,
) -> int:
    """Tell each recipient once, as part of the caller's transaction. Sending to the outside is the worker's, later.

    Args:
        to: persons, accounts, posts; the same one twice is told once.
        event: what brought this about, for example `journal:4711`; with kind and recipient it makes the message one.
        link: address in this site that the message opens.
        subject: what it is about, as the journal names it.
        region_code: in whose territory it is sent, for who oversees the sending.
        channels: besides the site; each is used only if it is set up and the person wishes it.
        is_statutory: the law wants the person told; it counts as read only when it was opened.

    Returns:
        How many were told now; who had been told before is left alone.
    """
    wanted = {f"{event}:{kind}:{r.key}"[:200]: r for r in to}
    if not wanted:
        return 0
    with connection.cursor() as cursor:  # two workers on the same event come one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"{event}:{kind}"])
    known = set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = {key: r for key, r in wanted.items() if key not in known}
    if not fresh:
        return 0
    addresses = reach.addresses(fresh.values())
    messages: list[Message] = []
    deliveries: list[Delivery] = []
    rows = []
    for key, r in fresh.items():
        message = Message(
            key=key, kind=kind, person_id=r.person_id, account_id=r.account_id, role=r.role, org_id=r.org_id,
            region_id=region_code, title=" ".join(title.split())[:100], body=body, link=link, subject_type=subject[0],
            subject_id=subject[1], is_statutory=is_statutory, is_urgent=is_urgent, created_at=at,
        )  # fmt: skip
        messages.append(message)
        rows.append(_told(message, by=by, at=at, law=law))
        for channel, address in addresses[r.key].items():
            if channel in channels and connectors.is_set_up(channel):
                delivery = Delivery(
                    message=message, channel=channel, address=address, created_at=at,
                    next_at=rules.allowed_from(channel, at, urgent=is_urgent),
                )  # fmt: skip
                deliveries.append(delivery)
                rows += DELIVERY_FLOW.walk(delivery, by=by, at=at, law=RULE).rows
    insert_together([(Message, messages), (Delivery, deliveries)], journal=rows)
    return len(messages)


def _told(message: Message, *, by: Actor, at: datetime, law: str) -> dict[str, object]:
    kind, pk = journal.key(message)
    return journal.row(
        subject_type=kind, subject_id=pk, seq=1, prev_hash=journal.GENESIS, move="tell", by=by, at=at, law=law,
        facts={"kind": message.kind, "about": f"{message.subject_type}:{message.subject_id}"},
    )  # fmt: skip
