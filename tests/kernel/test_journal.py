"""The journal can not be altered unseen, and nobody misses what they listen to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.journal import outbox
from siban.kernel.models import JournalAnchor, JournalEntry, OutboxRow

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def written(subject: str, *moves: str) -> list[Any]:
    return [
        journal.write(subject=("test.Thing", subject), move=m, by=SYSTEM, at=AT + timedelta(minutes=n), note="说明")
        for n, m in enumerate(moves)
    ]


def tampered(sql: str, *values: Any) -> None:
    """Change a row as somebody with the database's own rights would: with the guard taken off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kernel_journalentry DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kernel_journalentry ENABLE TRIGGER USER")


def test_chains_are_sound_and_each_subject_has_its_own() -> None:
    written("A", "create", "submit", "accept")
    written("B", "create")
    assert list(journal.verify()) == []
    assert [e.seq for e in journal.timeline(("test.Thing", "A"))] == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        "note = '改'",
        "actor_name = '别人'",
        "at = at + interval '1 second'",
        "law = 'x'",
        "changes = '{\"a\": 1}'",
        "target = 'x'",
    ],
)
def test_verify_names_exactly_the_altered_row(change: str) -> None:
    rows = written("A", "create", "submit", "accept")
    written("B", "create", "submit")
    tampered(f"UPDATE kernel_journalentry SET {change} WHERE id = %s", rows[1].pk)
    assert [f.entry_id for f in journal.verify()] == [rows[1].pk]


def test_verify_sees_a_rewritten_hash_by_the_row_after_it() -> None:
    rows = written("A", "create", "submit", "accept")
    tampered("UPDATE kernel_journalentry SET hash = repeat('0', 64) WHERE id = %s", rows[0].pk)
    assert rows[0].pk in [f.entry_id for f in journal.verify()]


def test_verify_sees_a_missing_row_and_a_missing_tail() -> None:
    rows = written("A", "create", "submit", "accept")
    journal.anchor(day=AT.date(), at=AT)
    tampered("DELETE FROM kernel_journalentry WHERE id = %s", rows[1].pk)
    assert any(f.entry_id == rows[2].pk and "缺失" in f.why for f in journal.verify())
    tampered("DELETE FROM kernel_journalentry WHERE id = %s", rows[2].pk)
    assert any("封存时 3 行，现有 1 行" in f.why for f in journal.verify())


@pytest.mark.parametrize("sql", ["UPDATE kernel_journalentry SET note = 'x'", "DELETE FROM kernel_journalentry", "UPDATE kernel_journalanchor SET rows = 0"])  # fmt: skip
def test_the_database_itself_refuses(sql: str) -> None:
    written("A", "create")
    journal.anchor(day=AT.date(), at=AT)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_truncate_is_refused_outside_a_test_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('kernel_append_only'::regproc)")
        assert "LIKE 'test\\_%'" in cursor.fetchone()[0]


def test_an_anchor_seals_a_day_once() -> None:
    written("A", "create", "submit")
    first = journal.anchor(day=AT.date(), at=AT)
    assert first is not None
    assert journal.anchor(day=AT.date(), at=AT) is None
    written("A", "accept")
    assert journal.anchor(day=AT.date() + timedelta(days=1), at=AT) is not None
    assert [a.rows for a in JournalAnchor.objects.order_by("day")] == [2, 1]
    assert list(journal.verify()) == []


def test_listeners_hear_each_row_once_and_failures_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    broken = [True]

    def good(event: journal.Event) -> None:
        heard.append(event.move)

    def bad(event: journal.Event) -> None:
        if broken[0]:
            raise RuntimeError("短信网关没有应答")
        heard.append("second")

    monkeypatch.setattr(outbox, "_LISTENERS", {})
    monkeypatch.setattr(outbox, "_HANDLERS", {})
    journal.on("test.Thing", "close")(good)
    journal.on("test.Thing", "close")(bad)
    written("A", "create", "close")

    later = AT + timedelta(minutes=2)
    assert journal.deliver(at=later) == 1
    assert heard == ["close"]
    left = OutboxRow.objects.get()
    assert left.attempts == 1
    assert "短信网关" in left.fault
    broken[0] = False
    assert journal.deliver(at=later + timedelta(minutes=10)) == 1
    assert heard == ["close", "second"]
    assert not OutboxRow.objects.exists()


def test_personal_fields_are_kept_as_fingerprints_only() -> None:
    from siban.identity.models import Person

    person = Person(name="演示甲", id_number="11010519491231002X", created_at=AT)
    seen = journal.picture(person)
    assert "演示甲" not in str(seen)
    assert "11010519491231002X" not in str(seen)
    other = Person(pk=person.pk, name="演示乙", id_number=person.id_number, created_at=AT)
    assert set(journal.changes(seen, journal.picture(other))) == {"name"}


def test_writing_needs_no_query_for_a_fresh_subject(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        journal.write(subject=("test.Thing", "Z"), move="create", by=SYSTEM, at=AT, fresh=True)
    assert JournalEntry.objects.filter(subject_id="Z").count() == 1
