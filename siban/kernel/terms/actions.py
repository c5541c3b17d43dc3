"""What happens to a kept term: opened, stopped, resumed, extended, closed, recomputed.

The caller writes the journal; every verb returns the row it changed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from siban.kernel import clock, models
from siban.kernel.actor import Actor
from siban.kernel.calendar import WorkCalendar
from siban.kernel.calendar.store import calendar_for
from siban.kernel.codes import region

from . import followers, rules
from .rules import TermError, Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """A term whose due day the new calendar moved."""

    term: UUID
    old_on: date | None
    new_on: date | None
    cause: str
    subject: str


def as_rule(term: models.Term) -> rules.Term:
    """The kept term as the rules see it."""
    stops = tuple(
        rules.Stop(stop.started_on, stop.ended_on, stop.kind, stop.paper_number, stop.authority)
        for stop in sorted(term.stops.all(), key=lambda stop: (stop.started_on, stop.pk))
    )
    unit: Unit = "workday" if term.unit == "workday" else "natural_day"
    return rules.Term(term.start_on, term.length, unit, stops, term.extension, term.closed_on)


@transaction.atomic
def open_term(
    *,
    subject_type: str,
    subject_id: object,
    kind: str,
    start_on: date,
    length: int,
    unit: Unit,
    at: datetime,
    by: Actor,
    calendar_region: str = region.NATIONAL,
) -> models.Term:
    """Start a clock for a subject; one of a kind runs at a time."""
    if models.Term.objects.running().of(subject_type, subject_id).filter(kind=kind).exists():
        raise TermError("同一事由的期限已在计算中，不能重复起算；请先结束原期限。")
    term = planned(
        subject_type=subject_type,
        subject_id=subject_id,
        kind=kind,
        start_on=start_on,
        length=length,
        unit=unit,
        at=at,
        calendar=calendar_for(region.parse(calendar_region).code),
        calendar_region=calendar_region,
    )
    term.save(force_insert=True)
    return term


def planned(
    *,
    subject_type: str,
    subject_id: object,
    kind: str,
    start_on: date,
    length: int,
    unit: Unit,
    at: datetime,
    calendar: WorkCalendar,
    calendar_region: str,
) -> models.Term:
    """A counted clock that is not kept yet, for a subject that is written together with it."""
    found = rules.due(rules.Term(start_on, length, unit), calendar)
    return models.Term(
        subject_type=subject_type,
        subject_id=str(subject_id),
        kind=kind,
        start_on=start_on,
        length=length,
        unit=unit,
        calendar_region=calendar_region,
        due_on=found.on,
        provisional=found.provisional,
        created_at=at,
    )


@transaction.atomic
def stop(
    *,
    term: UUID,
    kind: str,
    started_on: date,
    paper_number: str,
    authority: str,
    at: datetime,
    by: Actor,
    reason: str = "",
) -> models.Term:
    """Stop the clock for a special procedure; the applicant must have been told in writing."""
    row = _running(term)
    rules.Stop(started_on, None, kind, paper_number, authority)
    if any(other.ended_on is None for other in row.stops.all()):
        raise TermError("该期限已经停钟，尚未恢复，不能再次停钟；请先恢复计时。")
    if started_on < row.start_on:
        raise TermError(f"停钟日 {started_on} 早于期限起始日 {row.start_on}，请核对日期。")
    if row.due_on is not None and started_on > row.due_on:
        raise TermError(f"期限已于 {row.due_on} 届满，届满后不能停钟。")
    models.TermStop.objects.create(
        term=row,
        kind=kind,
        started_on=started_on,
        paper_number=paper_number.strip(),
        authority=authority,
        reason=reason,
    )
    return _recount(row)


@transaction.atomic
def resume(*, term: UUID, ended_on: date, at: datetime, by: Actor) -> models.Term:
    """End the open stop; days after `ended_on` count again."""
    row = _running(term)
    opened = next((other for other in row.stops.all() if other.ended_on is None), None)
    if opened is None:
        raise TermError("该期限没有停钟，无须恢复。")
    rules.Stop(opened.started_on, ended_on, opened.kind, opened.paper_number, opened.authority)
    opened.ended_on = ended_on
    opened.save(update_fields=["ended_on"])
    return _recount(row)


@transaction.atomic
def extend(*, term: UUID, days: int, at: datetime, by: Actor) -> models.Term:
    """Extend the term, once (行政许可法 art. 42); how many days are lawful is the caller's rule."""
    row = _running(term)
    if days < 1:
        raise TermError("延长的天数应为 1 天以上，请核对后重新填写。")
    if row.extension:
        raise TermError(f"该期限已经延长过 {row.extension} 天，只能延长一次。")
    if row.due_on is not None and clock.local_day(at) > row.due_on:
        raise TermError(f"期限已于 {row.due_on} 届满，届满后不能延长。")
    row.extension = days
    return _recount(row)


@transaction.atomic
def close(*, term: UUID, closed_on: date, at: datetime, by: Actor) -> models.Term:
    """The matter is done: the clock stands still for good, an open stop ends the same day."""
    row = _running(term)
    if closed_on < row.start_on:
        raise TermError(f"办结日 {closed_on} 早于期限起始日 {row.start_on}，请核对日期。")
    for opened in row.stops.filter(ended_on=None):
        opened.ended_on = max(opened.started_on, closed_on)
        opened.save(update_fields=["ended_on"])
    row.closed_on = closed_on
    row.save(update_fields=["closed_on"])
    return _recount(row)


@transaction.atomic
def recompute(*, region_code: str, year: int, cause: str, at: datetime, by: Actor) -> list[Moved]:
    """Count again every running term of the region that the year's table touches; keep each day that moved.

    Subjects that keep due days of their own follow in the same transaction (`followers`).
    """
    touched = (
        models.Term.objects.running()
        .filter(calendar_region__startswith=region.prefix(region_code), start_on__year__lte=year)
        .filter(Q(due_on=None) | Q(due_on__year__gte=year) | Q(provisional=True))
        .order_by("id")
    )
    followers.hold(list(touched.values_list("subject_type", "subject_id")))
    touched = touched.select_for_update().prefetch_related("stops")
    calendars: dict[str, WorkCalendar] = {}
    moved: list[Moved] = []
    changed: list[models.Term] = []
    for row in touched:
        if row.calendar_region not in calendars:
            calendars[row.calendar_region] = calendar_for(row.calendar_region)
        found = rules.due(as_rule(row), calendars[row.calendar_region])
        if (found.on, found.provisional) == (row.due_on, row.provisional):
            continue
        if found.on != row.due_on:
            moved.append(Moved(row.pk, row.due_on, found.on, cause, f"{row.subject_type} {row.subject_id}"))
        row.due_on, row.provisional = found.on, found.provisional
        changed.append(row)
    models.Term.objects.bulk_update(changed, ["due_on", "provisional"], batch_size=500)
    models.Recalculation.objects.bulk_create(
        [
            models.Recalculation(
                term_id=one.term, old_on=one.old_on, new_on=one.new_on, cause=cause, at=at, by=by.name
            )
            for one in moved
        ],
        batch_size=500,
    )
    followers.tell([(row.subject_type, row.subject_id) for row in changed], cause=cause, at=at, by=by)
    return moved


def _running(term: UUID) -> models.Term:
    """The term, locked; a closed one is refused."""
    row = models.Term.objects.select_for_update().get(pk=term)
    if row.closed_on is not None:
        raise TermError(f"该期限已于 {row.closed_on} 办结，不能再改动。")
    return row


def _recount(row: models.Term) -> models.Term:
    found = rules.due(as_rule(row), calendar_for(row.calendar_region))
    row.due_on, row.provisional = found.on, found.provisional
    row.save(update_fields=["extension", "due_on", "provisional"])
    return row
