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
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return psycopg.Cursor(connection.connection).execute(statement, given, binary=True).fetchall()
