"""How a higher module hears of an act: after commit, at least once, each handler by itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

log = logging.getLogger(__name__)
RETRY_MINUTES = (0, 1, 5, 15, 60)


@dataclass(frozen=True, slots=True)
class Event:
    """What a handler is told: which act on which subject, by whom and when."""

    entry_id: int
    subject_type: str
    subject_id: str
    move: str
    source: str
    target: str
    at: datetime
    channel: str
    facts: dict[str, Any]


Handler = Callable[[Event], None]
_LISTENERS: dict[tuple[str, str], list[str]] = {}
_HANDLERS: dict[str, Handler] = {}


def on(subject_type: str, *moves: str) -> Callable[[Handler], Handler]:
    """Declare a handler for moves of a subject: `@journal.on("cases.Case", "close")`.

    A handler runs after the commit of the act, in a transaction of its own, at least once: it must bear a repeat.
    """

    def register(handler: Handler) -> Handler:
        name = f"{handler.__module__}.{handler.__qualname__}"
        _HANDLERS[name] = handler
        for move in moves:
            names = _LISTENERS.setdefault((subject_type, move), [])
            if name not in names:
                names.append(name)
        return handler

    return register


def heard_by(subject_type: str, move: str) -> list[str]:
    """Names of the handlers that hear this move."""
    return _LISTENERS.get((subject_type, move), [])


def post(entry: Any, at: datetime) -> None:
    """Put a journal row into the outbox of everyone who listens; part of the act's own transaction."""
    from siban.kernel.models import OutboxRow

    if names := heard_by(entry.subject_type, entry.move):
        OutboxRow.objects.bulk_create([OutboxRow(entry=entry, handler=name, next_at=at) for name in names])


def deliver(*, at: datetime, limit: int = 200) -> int:
    """Hand out what is due, one transaction a handler. Returns how many were done.

    Several workers may do this at once; a handler that fails is tried again later and the fault is kept.
    """
    from siban.kernel.models import OutboxRow

    done = 0
    for _ in range(limit):
        with transaction.atomic():
            due = (
                OutboxRow.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("entry")
                .filter(next_at__lte=at)
                .order_by("id")
                .first()
            )
            if due is None:
                break
            try:
                with transaction.atomic():
                    _HANDLERS[due.handler](_event(due.entry))
            except Exception as fault:
                log.exception("handler %s failed on journal row %s", due.handler, due.entry_id)
                due.attempts += 1
                due.fault = f"{type(fault).__name__}: {fault}"[:2000]
                wait = RETRY_MINUTES[min(due.attempts, len(RETRY_MINUTES) - 1)]
                due.next_at = at + timedelta(minutes=wait)
                due.save(update_fields=["attempts", "fault", "next_at"])
            else:
                due.delete()
                done += 1
    return done


def _event(entry: Any) -> Event:
    return Event(
        entry.pk, entry.subject_type, entry.subject_id, entry.move, entry.source, entry.target, entry.at,
        entry.channel, entry.facts,
    )  # fmt: skip
