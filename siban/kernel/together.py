"""Many rows of several tables, their journal and its listeners, inserted by one statement: whole or not at all.

How it works: each table's rows travel as one JSON parameter and come out of `json_populate_recordset` typed as the
table is. One statement is one transaction, so nothing is begun or committed around it, and its plan is prepared once
a connection. The plan is a chain of `Insert on … -> Function Scan on json_populate_recordset`.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models, transaction

from siban.kernel import straight
from siban.kernel.journal import heard_by
from siban.kernel.models import JournalEntry, OutboxRow

Batch = tuple[type[models.Model], Sequence[models.Model]]
_encode = msgspec.json.Encoder().encode


def insert_together(batches: Sequence[Batch], journal: Sequence[dict[str, Any]] = ()) -> None:
    """Insert all rows of all batches, the journal rows, and outbox rows for whoever hears them.

    Args:
        batches: (model, unsaved instances), referenced tables first; every field must be set, keys included
            (models whose key the database gives are left without it).
        journal: rows as `journal.row` makes them, of subjects among the batches.

    Raises:
        IntegrityError: a unique or check constraint; nothing is written then.
    """
    full = [(model, rows) for model, rows in batches if rows]
    heard = [
        {"subject_id": r["subject_id"], "seq": r["seq"], "handler": name}
        for r in journal for name in heard_by(r["subject_type"], r["move"])
    ]  # fmt: skip
    given = [_encode([_fields(row) for row in rows]).decode() for _, rows in full]
    given += [_encode(list(journal)).decode(), _encode(heard).decode()]
    inside = (
        transaction.atomic() if connection.in_atomic_block else nullcontext()
    )  # a fault must not spoil what stands
    with inside:
        straight.write(_statement(tuple(model for model, _ in full)), given)


def _fields(row: models.Model) -> dict[str, Any]:
    return {column: getattr(row, attname) for attname, column in _columns(type(row))}


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """(attribute, column) of what is written; a key the database gives is not."""
    return tuple(
        (f.attname, str(f.column)) for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)
    )


@cache
def _statement(tables: tuple[type[models.Model], ...]) -> str:
    parts = []
    for n, model in enumerate(tables):
        names = ", ".join(f'"{column}"' for _, column in _columns(model))
        table = model._meta.db_table
        parts.append(
            f"t{n} AS (INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s::json))"
        )
    entry, outbox = JournalEntry._meta.db_table, OutboxRow._meta.db_table
    names = ", ".join(f'"{column}"' for _, column in _columns(JournalEntry))
    parts.append(
        f"j AS (INSERT INTO {entry} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{entry}, %s::json)"
        " ORDER BY seq RETURNING id, subject_id, seq, at)"
    )
    return (
        "WITH " + ", ".join(parts) + f" INSERT INTO {outbox} (entry_id, handler, attempts, next_at, fault)"
        " SELECT j.id, h.handler, 0, j.at, '' FROM j JOIN json_to_recordset(%s::json)"
        " AS h(subject_id text, seq int, handler text) USING (subject_id, seq)"
    )
