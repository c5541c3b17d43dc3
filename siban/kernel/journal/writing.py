"""Writing and reading the journal of one subject."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from siban.kernel.actor import Actor

from . import outbox

GENESIS = "0" * 64
HASHED = (
    "subject_type", "subject_id", "seq", "move", "source", "target", "law", "actor_kind", "actor_id", "actor_name",
    "actor_role", "org_id", "region_code", "channel", "at", "note", "changes", "facts", "prev_hash",
)  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON keeps it, so that the hash is the same before and after the database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, UUID, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, float):
        return str(value)
    return str(value)


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over every field of the row and the hash of the row before it."""
    body = json.dumps([plain(row[name]) for name in HASHED], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def key(subject: models.Model) -> tuple[str, str]:
    """How the journal names a subject: (`cases.Case`, its primary key as text)."""
    return subject._meta.label, str(subject.pk)


def picture(subject: models.Model) -> dict[str, Any]:
    """The subject's fields now, personal ones as a fingerprint only (they must not live on in the journal)."""
    private = set(getattr(subject, "pii", ()))
    seen: dict[str, Any] = {}
    for f in subject._meta.concrete_fields:
        value = plain(getattr(subject, f.attname))
        if f.name in private and value not in (None, ""):
            value = "#" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
        seen[f.name] = value
    return seen


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of what differs."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def row(
    *,
    subject_type: str,
    subject_id: str,
    seq: int,
    prev_hash: str,
    move: str,
    by: Actor,
    at: datetime,
    law: str = "",
    source: str = "",
    target: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One complete, hashed row, ready to be inserted."""
    made: dict[str, Any] = {
        "subject_type": subject_type,
        "subject_id": subject_id,
        "seq": seq,
        "move": move,
        "source": str(source),
        "target": str(target),
        "law": law,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "actor_role": by.role,
        "org_id": by.org_id,
        "region_code": by.region_code,
        "channel": by.channel,
        "at": at,
        "note": note,
        "changes": plain(changes or {}),
        "facts": plain(facts or {}),
        "prev_hash": prev_hash,
    }
    made["hash"] = digest(made)
    return made


def write(
    *, subject: models.Model | tuple[str, str], fresh: bool = False, at: datetime, **said: Any
) -> "models.Model":
    """Append one row to a subject's chain, and put it in the outbox of whoever listens.

    Args:
        subject: a model instance, or `(type, id)` for what has no row of its own.
        fresh: the subject was made in this very transaction, so its chain is known to be empty.
        at: the instant of the act; `by`, `move`, `law`, `source`, `target`, `note`, `changes`, `facts` as in `row`.

    Must run inside a transaction: the row stands or falls with the act.
    """
    from siban.kernel.models import JournalEntry

    kind, pk = subject if isinstance(subject, tuple) else key(subject)
    seq, prev = 0, GENESIS
    if not fresh:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{kind}:{pk}"])
        last = (
            JournalEntry.objects.filter(subject_type=kind, subject_id=pk)
            .order_by("-seq")
            .values_list("seq", "hash")
            .first()
        )
        seq, prev = last or (seq, prev)
    entry = JournalEntry(**row(subject_type=kind, subject_id=pk, seq=seq + 1, prev_hash=prev, at=at, **said))
    entry.save(force_insert=True)
    outbox.post(entry, at)
    return entry


def write_many(rows: Iterable[dict[str, Any]]) -> None:
    """Append the first rows of many new subjects at once (each from `row` with seq 1)."""
    from siban.kernel.models import JournalEntry

    JournalEntry.objects.bulk_create([JournalEntry(**r) for r in rows], batch_size=1000)


def timeline(subject: models.Model | tuple[str, str]) -> "models.QuerySet[Any]":
    """The rows of one subject, oldest first."""
    from siban.kernel.models import JournalEntry

    kind, pk = subject if isinstance(subject, tuple) else key(subject)
    return JournalEntry.objects.filter(subject_type=kind, subject_id=pk).order_by("seq")
