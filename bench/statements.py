"""The peers' SQL, made from what our own code writes and reads, so that both do the same."""

from typing import Any

from django.db import connection

from bench import data

FRESH = {
    ("cases_case", "id"): "k.case_id", ("cases_case", "number"): "'X' || k.n", ("cases_case", "token"): "gen_random_uuid()",
    ("cases_casematerial", "id"): "gen_random_uuid()", ("cases_casematerial", "case_id"): "k.case_id",
    ("kernel_journalentry", "subject_id"): "k.case_id::text", ("kernel_term", "id"): "gen_random_uuid()",
    ("kernel_term", "subject_id"): "k.case_id::text", ("kernel_outboxrow", "entry_id"): "(SELECT min(id) FROM journal)",
    ("exchange_givenanswer", "key"): "k.case_id::text",
}  # fmt: skip
OWN_NUMBERS = {"kernel_journalentry", "kernel_outboxrow", "exchange_givenanswer"}  # `id` comes from the table itself


def _literal(value: Any, kind: str) -> str:
    """A value as SQL text, typed as its column."""
    if value is None:
        return f"NULL::{kind}"
    quoted = str(value).replace("'", "''").replace("\\", "\\\\").replace(":", "'||chr(58)||'")
    return f"('{quoted}')::{kind}"


def _rows(table: str, where: str, params: list[Any]) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
            " AND (column_name <> 'id' OR NOT %s) ORDER BY ordinal_position",
            [table, table in OWN_NUMBERS],
        )
        columns = [(name, kind) for name, kind in cursor.fetchall()]
        names = ", ".join(f'"{name}"::text' for name, _ in columns)
        cursor.execute(f"SELECT {names} FROM {table} WHERE {where} ORDER BY 1", params)
        return columns, cursor.fetchall()


def same_inserts() -> str:
    """One statement that inserts what one accepted application inserted: case, materials, journal, terms, outbox, answer."""
    from siban.cases.api import Case

    case = Case.objects.filter(channel="api").order_by("-created_at").first()
    assert case is not None, "no application has been taken in yet"
    parts = {
        "cases_case": ("id = %s", [case.pk]),
        "cases_casematerial": ("case_id = %s", [case.pk]),
        "kernel_journalentry": ("subject_id = %s", [str(case.pk)]),
        "kernel_term": ("subject_id = %s", [str(case.pk)]),
        "kernel_outboxrow": ("entry_id IN (SELECT id FROM kernel_journalentry WHERE subject_id = %s)", [str(case.pk)]),
        "exchange_givenanswer": ("answer->>'number' = %s", [case.number]),
    }
    names = {"cases_case": "one", "cases_casematerial": "papers", "kernel_journalentry": "journal", "kernel_term": "clocks",
             "kernel_outboxrow": "heard", "exchange_givenanswer": "given"}  # fmt: skip
    made = ["k AS MATERIALIZED (SELECT gen_random_uuid() AS case_id, nextval('cases_number_seq') AS n)"]
    for table, (where, params) in parts.items():
        columns, rows = _rows(table, where, list(params))
        if not rows:
            continue
        heads = ", ".join(f'"{name}"' for name, _ in columns)
        selects = " UNION ALL ".join(
            "SELECT " + ", ".join(FRESH.get((table, n), _literal(v, kind)) for (n, kind), v in zip(columns, row, strict=True))
            + " FROM k" for row in rows
        )  # fmt: skip
        made.append(f"{names[table]} AS (INSERT INTO {table} ({heads}) {selects} RETURNING id)")
    print("  the same inserts: " + ", ".join(f"{len(_rows(t, w, list(p))[1])} {t}" for t, (w, p) in parts.items()))
    return "WITH " + ",\n".join(made) + "\nSELECT count(*) FROM one;\n"


def inbox_select(kind: str) -> str:
    """The SELECT our inbox sends for this reviewer: tuples for the page, the array the database writes for programs."""
    from siban.cases.queries import inbox_lane
    from siban.identity.seeds import account_of

    office = account_of(data.INBOX_LOGIN).posts.get().org_id
    return inbox_lane.of_office(inbox_lane.JSON if kind == "JSON" else inbox_lane.ROWS, office) + ";\n"
