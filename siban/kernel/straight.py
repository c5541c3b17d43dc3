"""A named statement of a fast lane, handed straight to the driver and read in the database's binary form.

Django's cursor logs, wraps and re-reads every instant as text; for fifty rows that costs three times what the driver
needs. It is the same connection and the same transaction, faults come out as Django's, and while somebody counts or
wraps statements (tests, tracing) the statement goes Django's way.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def fetch(statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement.

    Args:
        statement: SQL with `%s` for each of `given`; the same text each time, so that it stays prepared.

    Raises:
        django.db.Error: as any cursor of Django would.
    """
    return _run(statement, given, wanted=True)


def write(statement: str, given: Sequence[Any]) -> None:
    """Carry out a statement that gives no rows; otherwise as `fetch`."""
    _run(statement, given, wanted=False)


def _run(statement: str, given: Sequence[Any], *, wanted: bool) -> list[tuple[Any, ...]]:
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as watched:
            watched.execute(statement, given)
            return list(watched.fetchall()) if wanted else []
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection).execute(statement, given, binary=True)
        return cursor.fetchall() if wanted else []
