"""Working a round out: for every item the version in force on each of the two days, compared; written in one pass."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from siban.catalog.api import APPLIED_POWERS, ImplementationItem, ItemState, ItemVersion, applied_service
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA, local_day
from siban.kernel.codes import region
from siban.kernel.models import JournalEntry

from ..models import InternalItem, InternalVersion, LiangyouRound, OptimisationRecord
from . import rules

BATCH = 500
Row = TypeVar("Row")
Standing = OptimisationRecord.Standing


def end_of(day: date) -> datetime:
    """The first instant that is no longer this day."""
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)


def version_on(day: date) -> Subquery:
    """The version of an item in force at the end of a day: the last one published until then."""
    published = ItemVersion.objects.filter(item=OuterRef("pk"), is_published=True, published_at__lt=end_of(day))
    return Subquery(published.order_by("-published_at", "-number").values("pk")[:1])


@transaction.atomic
def compute(
    *, round_id: UUID, by: Actor, at: datetime, items: Collection[UUID] | None = None,
    internals: Collection[UUID] | None = None,
) -> int:  # fmt: skip
    """Work a round out anew.

    Args:
        items, internals: only these are looked at again; without either, everything is.

    Returns:
        How many items the round has rows of, of those looked at.
    """
    found = LiangyouRound.objects.select_for_update().get(pk=round_id)
    rows, everything = OptimisationRecord.objects.filter(round=found), items is None and internals is None
    made = 0
    if everything or items is not None:
        wanted = ImplementationItem.objects.filter(region_id__startswith=region.prefix(found.region_id))
        old = rows.filter(scope="external")
        if items is not None:
            wanted, old = wanted.filter(pk__in=items), old.filter(item_id__in=items)
        old.delete()
        made += _write(_external(found, wanted, at))
    if everything or internals is not None:
        kept = InternalItem.objects.filter(region_id__startswith=region.prefix(found.region_id))
        old = rows.filter(scope="internal")
        if internals is not None:
            kept, old = kept.filter(pk__in=internals), old.filter(internal_id__in=internals)
        old.delete()
        made += _write(_internal(found, kept, at))
    found.computed_at = at
    found.save(update_fields=["computed_at"])
    journal.write(subject=found, move="compute", by=by, at=at, law=rules.LAW, facts={"rows": made, "all": everything})
    return made


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _write(rows: Iterator[OptimisationRecord]) -> int:
    made = 0
    for some in _batches(rows):
        OptimisationRecord.objects.bulk_create(some)
        made += len(some)
    return made


def _external(found: LiangyouRound, wanted: Any, at: datetime) -> Iterator[OptimisationRecord]:
    ended = dict(
        JournalEntry.objects.filter(
            subject_type="catalog.ImplementationItem", move="cancel",
            subject_id__in=[str(pk) for pk in wanted.filter(state=ItemState.CANCELLED).order_by().values_list("pk", flat=True)],
        ).order_by().values("subject_id").annotate(last=Max("at")).values_list("subject_id", "last")
    )  # fmt: skip
    pairs = wanted.order_by("pk").annotate(old=version_on(found.begin_on), now=version_on(found.end_on))
    lines = pairs.values_list("pk", "org_id", "region_id", "impl_code", "name", "old", "now").iterator(
        chunk_size=BATCH
    )
    for some in _batches(lines):
        versions = ItemVersion.objects.in_bulk([v for line in some for v in line[5:] if v])
        for pk, org_id, region_id, code, name, old, now in some:
            end = ended.get(str(pk))
            before = versions[old] if old and not (end and local_day(end) <= found.begin_on) else None
            after = versions[now] if now and not (end and local_day(end) <= found.end_on) else None
            shown = after or before
            if shown is None or not applied_service(shown.elements):
                continue
            record = _record(
                found, at, before and rules.of_item(before.elements), after and rules.of_item(after.elements), pk
            )
            record.scope, record.item_id, record.org_id, record.region_id = "external", pk, org_id, region_id
            record.name, record.code, record.before, record.after = shown.elements.name or name, code, before, after
            record.is_power = shown.elements.item_type in APPLIED_POWERS
            yield record


def _internal(found: LiangyouRound, kept: Any, at: datetime) -> Iterator[OptimisationRecord]:
    def on(day: date) -> Subquery:
        said = InternalVersion.objects.filter(item=OuterRef("pk"), effective_on__lte=day)
        return Subquery(said.order_by("-effective_on").values("pk")[:1])

    lines = kept.order_by("pk").annotate(old=on(found.begin_on), now=on(found.end_on)).iterator(chunk_size=BATCH)
    for some in _batches(lines):
        versions = InternalVersion.objects.in_bulk([v for i in some for v in (i.old, i.now) if v])
        for item in some:
            end = item.ended_on
            before = versions[item.old] if item.old and not (end and end <= found.begin_on) else None
            after = versions[item.now] if item.now and not (end and end <= found.end_on) else None
            if before is None and after is None:
                continue
            record = _record(found, at, before and before.state, after and after.state, item.pk)
            record.scope, record.internal_id, record.org_id = "internal", item.pk, item.org_id
            record.region_id, record.name, record.code = item.region_id, item.name, item.number
            record.internal_before, record.internal_after = before, after
            yield record


def _record(
    found: LiangyouRound, at: datetime, before: rules.State | None, after: rules.State | None, pk: UUID
) -> OptimisationRecord:
    """The row of one item; without both versions there is nothing to compare, only what one of them says."""
    record = OptimisationRecord(id=uuid5(found.pk, str(pk)), round=found, computed_at=at)
    if before and after:
        record.standing, change = Standing.COMPARED, rules.compare(before, after)
        record.materials_before, record.materials_after = change.papers
        record.steps_before, record.steps_after = change.steps
        record.days_before, record.days_after = change.days
        record.visits_before, record.visits_after = change.visits
        record.cut_material, record.cut_step, record.cut_time = change.cut_material, change.cut_step, change.cut_time
        record.is_worse = change.grew_material or change.grew_step or change.grew_time
        record.gone = {
            "gone_papers": list(change.gone_papers), "new_papers": list(change.new_papers),
            "gone_steps": list(change.gone_steps), "new_steps": list(change.new_steps),
        }  # fmt: skip
        return record
    state, side = (after, "after") if after else (before, "before")
    assert state is not None
    record.standing = Standing.NEW if after else Standing.GONE
    setattr(record, f"materials_{side}", len(rules.identities(state.papers, ())))
    setattr(record, f"steps_{side}", len(state.steps))
    setattr(record, f"days_{side}", state.days)
    setattr(record, f"visits_{side}", state.visits)
    return record
