"""What days ask of returns: rounds of reminders, and the collection of a new month."""

from datetime import date, datetime, timedelta

from django.db import transaction

from siban.kernel.actor import SYSTEM
from siban.kernel.clock import local_day
from siban.kernel.together import insert_together

from .. import rules_collections as rules
from ..flow_collections import COLLECTION_FLOW, RULE, SUBMISSION_FLOW, CollectionState
from ..models import Collection, Submission
from ..rules_supervision import next_due
from . import notifying

AT_ONCE = 2000


def remind(*, at: datetime) -> int:
    """Each round once: before the day, on it, and after it. Returns how many units were told."""
    today, told = local_day(at), 0
    near = Submission.objects.owed().filter(due_on__lte=today + timedelta(days=max(rules.REMIND_BEFORE)))
    for row in near.select_related("collection", "org").order_by("due_on", "id")[:AT_ONCE]:
        due = rules.step(row.due_on, today, row.reminded)
        if due is None:
            continue
        left = (row.due_on - today).days
        words = f"还有 {left} 天到期" if left > 0 else "今天到期" if left == 0 else f"已经超期 {-left} 天"
        with transaction.atomic():
            Submission.objects.filter(pk=row.pk).update(reminded=due)
            notifying.returned(row, f"due:{row.due_on}:{due}", "请按期报送", f"“{row.collection.title}”{words}（{row.due_on}）。没有内容的，也请零报送。", notifying.heads(row.org_id), by=SYSTEM, at=at)  # fmt: skip
        told += 1
    return told


def repeat(*, at: datetime) -> int:
    """Monthly collections are asked for again when their month begins. Returns how many were made."""
    today, made = local_day(at), 0
    rows = Collection.objects.filter(is_monthly=True, series__isnull=False).exclude(state=CollectionState.WITHDRAWN)
    latest = rows.order_by("series", "-month").distinct("series")
    for row in latest:
        assert row.due_on is not None
        first = Collection.objects.get(pk=row.series)
        assert first.due_on is not None
        while row is not None and row.due_on is not None:
            due = next_due(row.due_on, day_of_month=first.due_on.day)
            if today < due.replace(day=1):
                break
            row = _again(row, due, at=at)  # type: ignore[assignment]
            made += row is not None
    return made


@transaction.atomic
def _again(old: Collection, due: date, *, at: datetime) -> Collection | None:
    """The same collection for the next month; None when another worker made it."""
    month = f"{due:%Y-%m}"
    if Collection.objects.filter(series=old.series, month=month).exists():
        return None
    made = Collection(
        title=old.title, words=old.words, kind=old.kind, purpose=old.purpose, fields=old.fields, due_on=due,
        takes_nil=old.takes_nil, is_monthly=True, month=month, series=old.series, directive_id=old.directive_id,
        region_id=old.region_id, org_id=old.org_id, created_at=at, created_by_name=SYSTEM.name,
    )  # fmt: skip
    COLLECTION_FLOW.begin(made, by=SYSTEM, at=at, move="repeat", law=RULE, note=f"{month} 月，每月重复")
    units = list(old.units.filter(is_active=True).order_by("order", "code"))
    made.units.set(units)
    with COLLECTION_FLOW.step("open_again", by=SYSTEM, at=at, pk=made.pk) as step:
        step.subject.opened_at = at
        step.facts["units"] = len(units)
    made = step.subject
    rows = [Submission(collection=made, org=unit, region_id=unit.region_id, due_on=due) for unit in units]
    entries = [e for s in rows for e in SUBMISSION_FLOW.walk(s, by=SYSTEM, at=at, law=RULE).rows]
    insert_together([(Submission, rows)], journal=entries)
    notifying.asked(made, [u.pk for u in units], by=SYSTEM, at=at)
    return made
