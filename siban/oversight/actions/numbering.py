"""Readable numbers out of sequences: unique, in order, not without gaps."""

from datetime import datetime

from django.db import connection

from siban.kernel.clock import local_day


def numbers(prefix: str, sequence: str, count: int, *, at: datetime) -> list[str]:
    """So many numbers at once: `DB2026000123`."""
    if sequence not in ("oversight_task_seq", "oversight_receipt_seq"):
        raise ValueError(f"no sequence {sequence}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{sequence}') FROM generate_series(1, %s)", [count])
        return [f"{prefix}{local_day(at).year}{n:06d}" for (n,) in cursor.fetchall()]
