"""Proof that nothing in the journal was altered, row by row and day by day."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from .writing import GENESIS, HASHED, digest


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault found by `verify`: which row, and what is wrong with it, as a sentence."""

    entry_id: int | None
    subject: str
    why: str


def anchor(*, day: date, at: datetime) -> "object | None":
    """Seal every row written since the last anchor. None when the day is sealed already or there is nothing new.

    The table is held against writers for the instant in which the last row is determined, so that no row that is
    still being written can slip in below the seal.
    """
    from siban.kernel.models import JournalAnchor, JournalEntry

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {JournalEntry._meta.db_table} IN SHARE MODE")
        if JournalAnchor.objects.filter(day=day).exists():
            return None
        before = JournalAnchor.objects.order_by("-day").first()
        since, prev = (before.last_entry, before.hash) if before else (0, GENESIS)
        last = JournalEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        if last <= since:
            return None
        rows, sealed = _seal(prev, since, last)
        return JournalAnchor.objects.create(
            day=day, last_entry=last, rows=rows, prev_hash=prev, hash=sealed, made_at=at
        )


def _seal(prev: str, since: int, last: int) -> tuple[int, str]:
    from siban.kernel.models import JournalEntry

    seal, count = hashlib.sha256(prev.encode()), 0
    rows = JournalEntry.objects.filter(id__gt=since, id__lte=last).order_by("id").values_list("id", "hash")
    for pk, row_hash in rows.iterator(chunk_size=5000):
        seal.update(f"{pk}:{row_hash}\n".encode())
        count += 1
    return count, seal.hexdigest()


def verify() -> Iterator[Broken]:
    """Walk all chains and anchors; yield every fault, naming the row. Memory stays flat."""
    from siban.kernel.models import JournalAnchor, JournalEntry

    fields = ("id", *HASHED, "hash")
    rows = JournalEntry.objects.order_by("subject_type", "subject_id", "seq").values(*fields)
    subject, seq, prev, intact = ("", ""), 0, GENESIS, True
    for r in rows.iterator(chunk_size=2000):
        here = (r["subject_type"], r["subject_id"])
        if here != subject:
            subject, seq, prev, intact = here, 0, GENESIS, True
        name = f"{here[0]}:{here[1]} 第 {r['seq']} 行"
        if r["seq"] != seq + 1:
            yield Broken(r["id"], name, f"第 {seq + 1} 行缺失，记录被删除过。")
        elif r["prev_hash"] != prev and intact:
            yield Broken(r["id"], name, "与上一行不衔接。")
        intact = digest(r) == r["hash"]
        if not intact:
            yield Broken(r["id"], name, "内容与校验值不符，写入后被改动过。")
        seq, prev = r["seq"], r["hash"]
    before = GENESIS, 0
    for a in JournalAnchor.objects.order_by("day"):
        rows_now, sealed = _seal(before[0], before[1], a.last_entry)
        if a.prev_hash != before[0]:
            yield Broken(None, f"{a.day} 日封存", "与前一日封存不衔接。")
        elif rows_now != a.rows:
            yield Broken(None, f"{a.day} 日封存", f"封存时 {a.rows} 行，现有 {rows_now} 行。")
        elif sealed != a.hash:
            yield Broken(None, f"{a.day} 日封存", "封存值与现有记录不符。")
        before = a.hash, a.last_entry
