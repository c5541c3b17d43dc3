"""Imported holiday tables in the database, over those that come with the product."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock

from django.db import connection, transaction

from siban.kernel import straight
from siban.kernel.actor import Actor
from siban.kernel.codes import region
from siban.kernel.models.calendar import CalendarDay, CalendarYear

from . import tables
from .tables import TableDay, YearTable
from .workdays import WorkCalendar

KEPT = 64  # calendars kept in a process; a banner needs one or two

Version = tuple[tuple[int, str], ...]
IN_FORCE = "SELECT id, checksum FROM kernel_calendaryear WHERE region_code = ANY(%s) ORDER BY region_code, year"
_lock = Lock()
_calendars: OrderedDict[Version, WorkCalendar] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `changed` is False if the very same table was there already."""

    year: int
    region_code: str
    changed: bool
    days: int


def calendar_for(region_code: str) -> WorkCalendar:
    """The calendar of a region: national days, then the local holidays of each region it lies in.

    Costs one small query: the checksums of the tables in force are the version under which a process keeps a calendar,
    so an import elsewhere is seen at once and a rolled-back one never.
    """
    version: Version = tuple(
        straight.fetch(IN_FORCE, (list(region.lineage(region_code)),))
    )  # asked at every acceptance
    with _lock:
        kept = _calendars.get(version)
        if kept is not None:
            _calendars.move_to_end(version)
            return kept
    built = tables.build(_in_force(version))
    with _lock:
        _calendars[version] = built
        while len(_calendars) > KEPT:
            _calendars.popitem(last=False)
    return built


def import_year(*, file: Path, at: datetime, by: Actor) -> Imported:
    """Import one year's table, replacing an earlier one of the same year and region; raises `TableError`.

    Idempotent. Terms already counted are not touched: call `terms.actions.recompute` afterwards.
    """
    return keep(table=tables.read(file.name, file.read_bytes()), at=at, by=by)


@transaction.atomic
def keep(*, table: YearTable, at: datetime, by: Actor) -> Imported:
    """Keep a table that has been read."""
    with connection.cursor() as cursor:  # one import of a year and region at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"calendar {table.region_code} {table.year}"])
    checksum = table.checksum()
    kept = CalendarYear.objects.filter(region_code=table.region_code, year=table.year).first()
    if kept is not None and kept.checksum == checksum:
        return Imported(table.year, table.region_code, False, len(table.days))
    row, _ = CalendarYear.objects.update_or_create(
        region_code=table.region_code,
        year=table.year,
        defaults={"source": table.source, "checksum": checksum, "loaded_at": at, "loaded_by": by.name},
    )
    row.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(
            table=row, date=day.on, region_code=table.region_code, kind=day.kind, name=day.name, source=table.source
        )
        for day in table.days
    )
    return Imported(table.year, table.region_code, True, len(table.days))


def _in_force(version: Version) -> list[YearTable]:
    """The kept tables of a version, and the product's own for national years not imported."""
    days: dict[int, list[TableDay]] = {}
    ids = [row_id for row_id, _ in version]
    for table_id, on, kind, name in (
        CalendarDay.objects.filter(table_id__in=ids).order_by("date").values_list("table_id", "date", "kind", "name")
    ):
        assert isinstance(on, date)
        days.setdefault(table_id, []).append(TableDay(on, "rest" if kind == "rest" else "work", name))
    kept = [
        YearTable(row.year, row.region_code, row.source, tuple(days.get(row.pk, ())))
        for row in CalendarYear.objects.filter(pk__in=ids).order_by("pk")
    ]
    imported = {table.year for table in kept if table.region_code == region.NATIONAL}
    return [table for table in tables.national_tables() if table.year not in imported] + kept
