"""办理用时: how long cases of an item took lately, stopped time left out; told where enough cases say so."""

from collections import defaultdict
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from siban.cases.models import Case
from siban.catalog.api import note_usual
from siban.kernel import models, terms
from siban.kernel.calendar import WorkCalendar
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.terms.actions import as_rule

WINDOW_DAYS = 90
FEWEST = 10  # fewer cases say nothing, and might tell of one person
CHUNK = 2000


def measure_times(*, at: datetime) -> int:
    """Median and ninth tenth of the last 90 days, in working days without stopped time. Returns how many items changed."""
    found: dict[UUID, list[int]] = defaultdict(list)
    calendars: dict[str, WorkCalendar] = {}
    rows = (
        Case.objects.filter(
            decided_at__gte=at - timedelta(days=WINDOW_DAYS), decided_at__lte=at, accepted_at__isnull=False
        )
        .order_by("decided_at", "id")
        .values_list("pk", "item_id", "region_id", "accepted_at", "decided_at")
    )
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            _count(chunk, found, calendars)
            chunk = []
    _count(chunk, found, calendars)
    return note_usual({item: usual(days) for item, days in found.items() if len(days) >= FEWEST})


def _count(chunk: list[Any], found: dict[UUID, list[int]], calendars: dict[str, WorkCalendar]) -> None:
    """Working days between acceptance and decision that no stop covered, by item."""
    stopped = _stopped([str(pk) for pk, *_ in chunk])
    for pk, item, region, accepted_at, decided_at in chunk:
        if region not in calendars:
            calendars[region] = calendar_for(region)
        start, end = local_day(accepted_at), local_day(decided_at)
        rule = terms.Term(start, 0, "workday", stopped.get(str(pk), ()))
        found[item].append(terms.used(rule, end, calendars[region]))


def _stopped(subjects: list[str]) -> dict[str, tuple[terms.Stop, ...]]:
    rows = models.Term.objects.filter(
        subject_type="cases.Case", subject_id__in=subjects, kind__in=("legal", "promised")
    )
    rows = rows.filter(stops__isnull=False).distinct().prefetch_related("stops").order_by("subject_id", "kind")
    return {row.subject_id: tuple(as_rule(row).stops) for row in rows}


def usual(days: list[int]) -> dict[str, Any]:
    """Median and ninth tenth (nearest rank) with the sentence the public reads."""
    ordered = sorted(days)
    median, most = ordered[ceil(len(ordered) / 2) - 1], ordered[ceil(len(ordered) * 0.9) - 1]
    words = f"实际用时：最近 90 天办了 {len(ordered)} 件，一半在{_said(median)}办好，九成在{_said(most)}办好。"
    return {"median": median, "p90": most, "cases": len(ordered), "words": words}


def _said(days: int) -> str:
    return f" {days} 个工作日内" if days else "当天"
