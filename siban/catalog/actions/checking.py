"""The daily check of everything in force: what is found is kept from the day it came to the day it went, with scores."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from siban.kernel import clock
from siban.kernel.checks import Finding

from ..linting import running
from ..linting.database import AT_A_TIME, Database, Stood
from ..linting.reports import shortened
from ..linting.sources import Subject, Unit
from ..models import CheckResult, CheckRun, CheckScore, ImplementationItem

KEPT_FOR = timedelta(days=400)  # scores of a year and a bit; findings that went longer ago are of no use
LOCK = 0x51BA7  # one check of everything at a time
VALUE, MESSAGE, MEND = 190, 500, 300
Tell = Callable[[int], None]


@dataclass(slots=True)
class Tally:
    """What was counted of one organisation's items of one level."""

    region: str
    items: int = 0
    sound: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(slots=True)
class Counts:
    """All tallies; they grow with the organisations, not with the items."""

    of: dict[tuple[UUID, int], Tally] = field(default_factory=dict)
    not_run: Counter[str] = field(default_factory=Counter)

    def item(self, at: Stood, found: Sequence[Finding]) -> None:
        tally = self.of.setdefault((at.org, at.level), Tally(at.region))
        errors = sum(f.severity == "E" for f in found)
        tally.items += 1
        tally.sound += not errors
        self._add(tally, errors, len(found) - errors)

    def unit(self, at: Stood, found: Sequence[Finding]) -> None:
        """Findings of a whole list count for the organisation, not for an item."""
        errors = sum(f.severity == "E" for f in found)
        if found:
            self._add(self.of.setdefault((at.org, at.level), Tally(at.region)), errors, len(found) - errors)

    @staticmethod
    def _add(tally: Tally, errors: int, warnings: int) -> None:
        tally.errors += errors
        tally.warnings += warnings


def check_everything(*, at: datetime, tell: Tell = lambda count: None) -> CheckRun | None:
    """Check all published items and the lists of organisations, once a day; done again the same day it is done anew.

    Returns:
        None when another process is at it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
    try:
        return _checked(at, tell)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _checked(at: datetime, tell: Tell) -> CheckRun:
    day, counts, source = clock.local_day(at), Counts(), Database(with_drafts=False)
    run, _ = CheckRun.objects.update_or_create(day=day, defaults={"began_at": at, "ended_at": None})
    done = 0
    for chunk in source.chunks():
        with transaction.atomic():
            found = [(stood, _of_item(subject, counts)) for stood, subject in chunk]
            for stood, findings in found:
                counts.item(stood, findings)
            _keep(found, day)
            _mark(found)
        done += len(chunk)
        tell(done)
    for lists in batched(source.lists(), AT_A_TIME):
        with transaction.atomic():
            of_lists = [(stood, _of_unit(unit)) for stood, unit in lists]
            for stood, findings in of_lists:
                counts.unit(stood, findings)
            _keep(of_lists, day, of_units=True)
    with transaction.atomic():
        _forget_what_is_no_longer_checked(day)
    with transaction.atomic():
        _finish(run, counts, day)
    return run


def batched(lists: Iterable[tuple[Stood, Unit]], size: int) -> Iterator[list[tuple[Stood, Unit]]]:
    """Some hundred at a time."""
    rest = iter(lists)
    while some := list(islice(rest, size)):
        yield some


def _of_item(subject: Subject, counts: Counts) -> list[Finding]:
    rules = running.linter(subject.region, stored=subject.context["switches"])
    found = rules.item(subject.content, subject.context)
    counts.not_run.update(found.not_run)
    return _once(found)


def _of_unit(unit: Unit) -> list[Finding]:
    return _once(running.linter(unit.region, stored=unit.switches).unit(unit.subject))


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One finding for each rule and place."""
    return list({(f.number, f.path[:200]): f for f in found}.values())


Placed = Sequence[tuple[Stood, list[Finding]]]


def _keep(found: Placed, day: date, *, of_units: bool = False) -> None:
    """Add what is new, close what is gone, leave the rest; only differences are written."""
    rows = CheckResult.objects.open().order_by("pk")
    if of_units:
        rows = rows.filter(item=None, org_id__in=[stood.org for stood, _ in found])
    else:
        rows = rows.filter(item_id__in=[stood.item for stood, _ in found])
    there = {(row.item_id or row.org_id, row.rule, row.path): row for row in rows}
    new: list[CheckResult] = []
    for stood, findings in found:
        for finding in findings:
            old = there.pop((stood.item, finding.number, finding.path[:200]), None)
            _compare(old, stood, None if of_units else stood.item, finding, day, new)
    _close(there.values(), day)
    CheckResult.objects.bulk_create(new)


def _mark(found: Placed) -> None:
    """The column the figures read; written only where it says something else."""
    unsound = {stood.item for stood, findings in found if any(f.severity == "E" for f in findings)}
    items = ImplementationItem.objects.filter(pk__in=[stood.item for stood, _ in found])
    items.filter(pk__in=unsound, is_sound=True).update(is_sound=False)
    items.exclude(pk__in=unsound).filter(is_sound=False).update(is_sound=True)


def _compare(
    old: CheckResult | None, stood: Stood, item: UUID | None, finding: Finding, day: date, new: list[CheckResult]
) -> None:
    said: dict[str, Any] = {
        "org_id": stood.org, "region_id": stood.region, "level": stood.level, "severity": finding.severity,
        "value": shortened(finding.value)[:VALUE], "message": finding.message[:MESSAGE], "mend": finding.mend[:MEND],
    }  # fmt: skip
    if old is None:
        new.append(CheckResult(item_id=item, rule=finding.number, path=finding.path[:200], found_on=day, **said))
    elif any(getattr(old, name) != value for name, value in said.items()):
        CheckResult.objects.filter(pk=old.pk).update(**said)


def _close(rows: Iterable[CheckResult], day: date) -> None:
    """What is gone; what came and went on one day never was."""
    gone = list(rows)
    CheckResult.objects.filter(pk__in=[r.pk for r in gone if r.found_on == day]).delete()
    CheckResult.objects.filter(pk__in=[r.pk for r in gone if r.found_on != day]).update(gone_on=day)


GONE_WITH_ITS_ITEM = """
UPDATE catalog_checkresult r SET gone_on = %s
FROM catalog_implementationitem i
WHERE i.id = r.item_id AND r.gone_on IS NULL AND (i.version_id IS NULL OR i.state IN ('suspended', 'cancelled') OR i.is_suspended)
"""


def _forget_what_is_no_longer_checked(day: date) -> None:
    """Findings of items that are suspended or cancelled go with them; what is old enough goes for good."""
    with connection.cursor() as cursor:
        cursor.execute(GONE_WITH_ITS_ITEM, [day])
    CheckResult.objects.filter(gone_on__lt=day - KEPT_FOR).delete()
    CheckRun.objects.filter(day__lt=day - KEPT_FOR).delete()


def _finish(run: CheckRun, counts: Counts, day: date) -> None:
    run.scores.all().delete()
    CheckScore.objects.bulk_create(
        [
            CheckScore(
                run=run, org_id=org, region_id=t.region, level=level, items=t.items, sound=t.sound, errors=t.errors,
                warnings=t.warnings,
            )
            for (org, level), t in counts.of.items()
        ],
        batch_size=1000,
    )  # fmt: skip
    tallies = counts.of.values()
    run.items, run.sound = sum(t.items for t in tallies), sum(t.sound for t in tallies)
    run.errors, run.warnings = sum(t.errors for t in tallies), sum(t.warnings for t in tallies)
    run.not_run, run.ended_at = dict(counts.not_run), clock.now()
    run.save()
