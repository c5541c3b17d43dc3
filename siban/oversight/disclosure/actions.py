"""What a unit does about disclosure: keeps its catalogue, records what it published, reports its totals."""

from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused
from siban.kernel.web import sheetsin

from ..models import DisclosureColumn, DisclosureReport, DisclosureUpdate
from ..models_disclosure import DisclosureKind
from . import rules


def _own(by: Actor) -> Org:
    if not rules.publisher(by):
        raise Refused(f"您当前的岗位不能办理。{rules.publisher.__doc__}")
    return Org.objects.get(pk=by.org_id)


@transaction.atomic
def keep_column(
    *, name: str, kind: str, cycle_days: int | None, duty: str, basis: str = "", since: date | None = None, by: Actor,
    at: datetime,
) -> DisclosureColumn:  # fmt: skip
    """Enter a column of one's catalogue, or change its duty and cycle; what was published stays."""
    org = _own(by)
    if not name.strip() or not duty.strip():
        raise Refused("请填写栏目名称和责任岗位。")
    if kind not in DisclosureKind.values:
        raise Refused("请选择栏目类别。")
    column = DisclosureColumn.objects.select_for_update().filter(org=org, name=name.strip(), ended_on=None).first()
    fresh = column is None
    column = column or DisclosureColumn(
        org=org, region_id=org.region_id, name=name.strip(), since=since or local_day(at)
    )
    column.kind, column.cycle_days, column.duty, column.basis = kind, cycle_days, duty.strip(), basis.strip()
    column.due_on = rules.due(since=column.since, last_on=column.last_on, cycle_days=cycle_days)
    column.save()
    journal.write(
        subject=column, move="keep_column", by=by, at=at, law=rules.LAW, fresh=fresh,
        facts={"cycle_days": cycle_days, "duty": column.duty},
    )  # fmt: skip
    return column


@transaction.atomic
def end_column(*, column_id: UUID, by: Actor, at: datetime) -> DisclosureColumn:
    """A column is no longer kept."""
    org = _own(by)
    column = DisclosureColumn.objects.select_for_update().filter(pk=column_id, org=org, ended_on=None).first()
    if column is None:
        raise Refused("没有找到这个栏目，或者它不属于本单位。")
    column.ended_on = local_day(at)
    column.save(update_fields=["ended_on"])
    journal.write(subject=column, move="end_column", by=by, at=at, law=rules.LAW)
    return column


@transaction.atomic
def record_update(
    *, column_id: UUID, title: str, published_on: date, link: str = "", by: Actor, at: datetime
) -> DisclosureUpdate:
    """Something was published under a column; its next day is counted anew."""
    org = _own(by)
    column = DisclosureColumn.objects.select_for_update().filter(pk=column_id, org=org, ended_on=None).first()
    if column is None:
        raise Refused("没有找到这个栏目，或者它不属于本单位。")
    if not title.strip():
        raise Refused("请填写标题。")
    if published_on > local_day(at):
        raise Refused("发布日期不能晚于今天。")
    made = DisclosureUpdate(
        column=column, org=org, region_id=org.region_id, title=title.strip(), published_on=published_on,
        link=link.strip(), entered_at=at, entered_by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"“{title.strip()}”在 {published_on} 已经登记过。") from None
    column.last_on = column.updates.aggregate(last=Max("published_on"))["last"]
    column.due_on = rules.due(since=column.since, last_on=column.last_on, cycle_days=column.cycle_days)
    column.save(update_fields=["last_on", "due_on"])
    journal.write(
        subject=column, move="record_update", by=by, at=at, law=rules.LAW, facts={"published_on": published_on}
    )
    return made


@transaction.atomic
def report(
    *, year: int, total: int, official: int, statutory: int, document: str = "", by: Actor, at: datetime
) -> DisclosureReport:
    """The totals of a year as the unit reports them; they are kept as they are, also where they do not add up."""
    org = _own(by)
    made, fresh = DisclosureReport.objects.update_or_create(
        org=org, year=year,
        defaults={
            "region_id": org.region_id, "total": total, "official": official, "statutory": statutory,
            "document": document.strip(), "reported_at": at, "reported_by": by.name,
        },
    )  # fmt: skip
    journal.write(
        subject=made, move="report_disclosure", by=by, at=at, law=rules.LAW, fresh=fresh,
        facts={"total": total, "official": official, "statutory": statutory},
    )  # fmt: skip
    return made


CATALOGUE, RECORDS = "公开目录", "更新记录"
COLUMNS = {
    CATALOGUE: ("单位", "栏目名称", "类别", "更新周期（天）", "责任岗位", "依据"),
    RECORDS: ("单位", "栏目名称", "标题", "发布日期", "网址"),
}
KINDS = {str(label): value for value, label in DisclosureKind.choices}


@transaction.atomic
def take_in(*, upload: BinaryIO, name: str, by: Actor, at: datetime) -> tuple[int, int]:
    """A workbook of columns and updates, all of it or nothing. Returns how many columns and how many new updates.

    Raises:
        ImportRefused: every wrong cell by sheet, row, column and value.
    """
    org, faults, columns, updates = _own(by), [], 0, 0
    names = {org.name, org.short_name, ""}
    lines = list(sheetsin.read(upload, sheets=COLUMNS, name=name))
    for line in sorted(lines, key=lambda one: (one.sheet != CATALOGUE, one.number)):
        try:
            if line["单位"] not in names:
                raise Refused(line.wrong("单位", "不是本单位，只能填报本单位的目录。"))
            if line.sheet == CATALOGUE:
                cycle = line["更新周期（天）"]
                if cycle and not (cycle.isascii() and cycle.isdecimal() and 0 < int(cycle) < 4000):
                    raise Refused(line.wrong("更新周期（天）", "应填 1 到 3999 的整数；有变化时才更新的不填。"))
                if line["类别"] not in KINDS:
                    raise Refused(line.wrong("类别", f"应填以下之一：{'、'.join(KINDS)}。"))
                for head in ("栏目名称", "责任岗位"):
                    if not line[head]:
                        raise Refused(line.wrong(head, "不能为空。"))
                keep_column(
                    name=line["栏目名称"][:120], kind=KINDS[line["类别"]], cycle_days=int(cycle) if cycle else None,
                    duty=line["责任岗位"][:60], basis=line["依据"][:200], by=by, at=at,
                )  # fmt: skip
                columns += 1
            else:
                updates += _update(line, org, by=by, at=at)
        except Refused as why:
            faults.append(str(why))
    if faults:
        raise ImportRefused(faults)
    if not columns and not updates and not lines:
        raise ImportRefused(["表里没有填写内容。"])
    return columns, updates


def _update(line: sheetsin.Line, org: Org, *, by: Actor, at: datetime) -> int:
    column = DisclosureColumn.objects.filter(org=org, name=line["栏目名称"], ended_on=None).first()
    if column is None:
        raise Refused(line.wrong("栏目名称", "公开目录里没有这个栏目。请先在“公开目录”表里填写。"))
    day = sheetsin.day_of(line["发布日期"])
    if day is None or day > local_day(at):
        raise Refused(line.wrong("发布日期", "应填不晚于今天的日期，例如 2026-03-02。"))
    if not line["标题"]:
        raise Refused(line.wrong("标题", "不能为空。"))
    known: dict[str, Any] = {"column": column, "title": line["标题"][:200], "published_on": day}
    if DisclosureUpdate.objects.filter(**known).exists():
        return 0
    record_update(column_id=column.pk, title=known["title"], published_on=day, link=line["网址"][:300], by=by, at=at)
    return 1
