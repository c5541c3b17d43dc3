"""The fast lane of the inbox: the first page of one's own office, unfiltered, which is what everybody opens all day.

`siban.cases.queries.inbox` says the same through the ORM and serves everything else; a test compares the two row by
row. What the lane saves is composing the statement (half a millisecond a request) and, for programs, taking the rows
apart only to write them out again: the database writes the JSON itself.

Plan, one million cases: Limit -> Index Scan using case_inbox on cases_case, Index Cond: (org_id = …); no sort.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from siban.kernel.actor import Actor

from .inbox import COLUMNS, OFFICE, PAGE, Filter

OWN_OFFICE = frozenset({"approver", "chief_rep", "unit_head"})
_IN_OFFICE = ", ".join(f"'{state}'" for state in OFFICE)
ROWS = (
    f"SELECT {', '.join(COLUMNS)} FROM cases_case WHERE org_id = %s AND state IN ({_IN_OFFICE})"
    f" ORDER BY due_on, id LIMIT {PAGE + 1}"
)
JSON = (
    (
        "SELECT coalesce(json_agg(r) FILTER (WHERE n <= %(page)s), '[]')::text, bool_or(n > %(page)s),"
        " max(due_on) FILTER (WHERE n = %(page)s), max(id::text) FILTER (WHERE n = %(page)s) FROM ("
        f"SELECT json_build_array({', '.join(COLUMNS)}) AS r, due_on, id, row_number() OVER () AS n FROM ("
        + "{rows}"
        + ") a) b"
    )
    .replace("%(page)s", str(PAGE))
    .replace("{rows}", ROWS)
)


def serves(actor: Actor, wanted: Filter) -> bool:
    """Whether this page is one of the lane's: own office, first page, nothing filtered, nearest limit first."""
    plain = not (wanted.narrowed or wanted.after or wanted.before or wanted.faults) and wanted.sort == "due"
    return plain and actor.is_staff and actor.role in OWN_OFFICE


def rows(org_id: UUID | None) -> list[tuple[Any, ...]]:
    """One more than a page of tuples in the order of `COLUMNS`."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [org_id])
        return cursor.fetchall()


def as_json(org_id: UUID | None) -> tuple[bytes, str]:
    """(the rows as a JSON array, the mark of the next page or nothing)."""
    with connection.cursor() as cursor:
        cursor.execute(JSON, [org_id])
        text, more, due_on, key = cursor.fetchone()
    return text.encode(), (_mark(due_on, key) if more else "")


def _mark(due_on: date | None, key: str) -> str:
    return f"{due_on or ''}_{key}"
