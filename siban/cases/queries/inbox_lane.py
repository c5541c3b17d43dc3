"""The fast lane of the inbox: the first page of one's own office, unfiltered, which is what everybody opens all day.

`siban.cases.queries.inbox` says the same through the ORM and serves everything else; a test compares the two row by
row. What the lane saves is composing the statement (half a millisecond a request) and, for programs, taking the rows
apart only to write them out again: the database writes the JSON itself.

Plan, one million cases: Limit -> Index Scan using case_inbox on cases_case, Index Cond: (org_id = …); no sort.
"""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from siban.kernel import straight
from siban.kernel.actor import Actor

from .inbox import COLUMNS, OFFICE, PAGE, Filter

OWN_OFFICE = frozenset({"approver", "chief_rep", "unit_head"})
_IN_OFFICE = ", ".join(f"'{state}'" for state in OFFICE)
DAY = {"submitted_at": "(submitted_at AT TIME ZONE 'Asia/Shanghai')::date"}  # all the page shows of it
FROM = f"FROM cases_case WHERE org_id = '{{office}}' AND state IN ({_IN_OFFICE}) ORDER BY due_on, id LIMIT {PAGE + 1}"
ROWS = f"SELECT {', '.join(DAY.get(c, c) for c in COLUMNS)} {FROM}"
JSON = (
    f"SELECT coalesce(json_agg(r) FILTER (WHERE n <= {PAGE}), '[]')::text, bool_or(n > {PAGE}),"
    f" max(due_on) FILTER (WHERE n = {PAGE}), max(id::text) FILTER (WHERE n = {PAGE}) FROM ("
    f"SELECT json_build_array({', '.join(COLUMNS)}) AS r, due_on, id, row_number() OVER () AS n"
    f" FROM (SELECT {', '.join(COLUMNS)} {FROM}) a) b"
)


@lru_cache(maxsize=1000)
def of_office(statement: str, org_id: UUID) -> str:
    """The statement of one office. The office stands in its text: as a parameter, PostgreSQL would weigh each office's
    number of cases and plan anew at every request, which costs twice what the page does."""
    return statement.replace("{office}", str(UUID(str(org_id))))


def serves(actor: Actor, wanted: Filter) -> bool:
    """Whether this page is one of the lane's: own office, first page, nothing filtered, nearest limit first."""
    plain = not (wanted.narrowed or wanted.after or wanted.before or wanted.faults) and wanted.sort == "due"
    return plain and actor.is_staff and actor.role in OWN_OFFICE and actor.org_id is not None


def rows(org_id: UUID) -> list[tuple[Any, ...]]:
    """One more than a page of tuples in the order of `COLUMNS`, with the day in place of `submitted_at`."""
    return straight.fetch(of_office(ROWS, org_id), ())


def as_json(org_id: UUID) -> tuple[bytes, str]:
    """(the rows as a JSON array, the mark of the next page or nothing)."""
    [(text, more, due_on, key)] = straight.fetch(of_office(JSON, org_id), ())
    return text.encode(), (_mark(due_on, key) if more else "")


def _mark(due_on: date | None, key: str) -> str:
    return f"{due_on or ''}_{key}"
