"""Collections as pages ask for them: who was asked, who reported, what they reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.ui.parts import Cell, Column, Entry, Lamp, Tab, Table

from .. import access_supervision as access
from ..flow_collections import COLLECTION_FLOW, SUBMISSION_FLOW, CollectionState
from ..models import Collection, Submission
from ..rules_collections import Field, fields_of
from . import task_page

TONES = {"draft": "grey", "open": "blue", "closed": "green", "withdrawn": "grey"}
RETURN_TONES = {
    "awaited": "grey",
    "partial": "amber",
    "submitted": "blue",
    "returned": "red",
    "accepted": "green",
    "cancelled": "grey",
}
TABS = (("", "全部"), ("draft", "草稿"), ("open", "报送中"), ("closed", "已截止"), ("withdrawn", "已撤回"))
OWN_TABS = (("", "待报送"), ("done", "已报送"), ("all", "全部"))
OWED = ("awaited", "partial", "returned")


@dataclass(frozen=True, slots=True)
class CollectionList:
    table: Table
    tabs: tuple[Tab, ...]
    more: bool


def collection_list(actor: Actor, *, tab: str, q: str, at: datetime, number: int, size: int) -> CollectionList:
    """What the bureau asked for with who has and who has not; of a unit, what it owes."""
    territory = access.sees_territory(actor)
    tabs = TABS if territory else OWN_TABS
    links = tuple(
        Tab(label, "?" + urlencode({k: v for k, v in {"tab": name, "q": q}.items() if v}), name == tab)
        for name, label in tabs
    )
    start = (number - 1) * size
    if territory:
        rows: QuerySet[Any] = _counted(Collection.objects.visible_to(actor), at=at)
        if tab:
            rows = rows.filter(state=tab)
        if q:
            rows = rows.filter(title__contains=q)
        shown = list(rows.order_by("-created_at", "-pk")[start : start + size + 1])
        table = Table(
            "报送要求", ("报送", "状态", "期限", _n("应报"), _n("已报"), _n("零报"), _n("迟报"), _n("未报")),
            [_line(c) for c in shown[:size]], empty="没有符合条件的报送要求。", empty_hint="可以新建一份，让各单位在线填表或者上传表格。",
            caption_hidden=True,
        )  # fmt: skip
        return CollectionList(table, links, len(shown) > size)
    own = Submission.objects.visible_to(actor).select_related("collection")
    if tab != "all":
        owed = Q(state__in=OWED, collection__state=CollectionState.OPEN)
        own = own.filter(~owed & ~Q(state="cancelled") if tab == "done" else owed)
    if q:
        own = own.filter(collection__title__contains=q)
    found = list(own.order_by("due_on" if tab == "" else "-due_on", "pk")[start : start + size + 1])
    table = Table(
        "本单位的报送", ("报送", "状态", "期限", "回执"), [_own(s, local_day(at)) for s in found[:size]], empty="没有符合条件的报送。",
        empty_hint="有新的报送要求时，负责人会收到消息。", caption_hidden=True,
    )  # fmt: skip
    return CollectionList(table, links, len(found) > size)


def _n(label: str) -> Column:
    return Column(label, numeric=True)


def _counted(rows: "QuerySet[Any]", *, at: datetime) -> "QuerySet[Any]":
    handed = Q(submissions__first_submitted_at__isnull=False)
    return rows.annotate(
        asked=Count("submissions", filter=~Q(submissions__state="cancelled")),
        came=Count("submissions", filter=handed), nil=Count("submissions", filter=handed & Q(submissions__is_nil=True)),
        late=Count("submissions", filter=Q(submissions__on_time=False)),
        missing=Count("submissions", filter=Q(submissions__first_submitted_at=None) & ~Q(submissions__state="cancelled")),
    )  # fmt: skip


def _line(c: Any) -> tuple[object, ...]:
    note = c.get_kind_display() + (
        f"，每月报送（{c.month}）" if c.is_monthly and c.month else "，每月报送" if c.is_monthly else ""
    )
    return (
        Cell(c.title or "未命名", url=reverse("collection", args=[c.pk]), note=note), Cell(lamp=Lamp(TONES[c.state], c.get_state_display())),
        c.due_on or "未填", c.asked, c.came, c.nil, c.late, c.missing,
    )  # fmt: skip


def lamp(s: Submission, today: date) -> Lamp:
    """The state of a return, or how late it is."""
    if (
        s.state in OWED
        and s.collection.state == CollectionState.OPEN
        and s.due_on < today
        and s.first_submitted_at is None
    ):
        return Lamp("red", f"{s.get_state_display()}，已超期 {(today - s.due_on).days} 天")
    label = "零报送" if s.is_nil and s.state in ("submitted", "accepted") else s.get_state_display()
    return Lamp(RETURN_TONES[s.state], label + ("（迟报）" if s.on_time is False else ""))


def _own(s: Submission, today: date) -> tuple[object, ...]:
    return (
        Cell(s.collection.title, url=reverse("submission", args=[s.pk]), note=s.collection.get_kind_display()), Cell(lamp=lamp(s, today)),
        s.due_on, s.receipt or "还没有",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CollectionPage:
    collection: Collection
    lamp: Lamp
    fields: tuple[Field, ...]
    counts: dict[str, int]
    table: Table
    units: tuple[str, ...]
    choices: tuple[Choice, ...]
    timeline: tuple[Entry, ...]


def find(actor: Actor, pk: UUID) -> Collection:
    """Raises Collection.DoesNotExist for what this actor may not see."""
    return Collection.objects.visible_to(actor).select_related("org", "directive").get(pk=pk)


def find_return(actor: Actor, pk: UUID) -> Submission:
    """Raises Submission.DoesNotExist for what this actor may not see."""
    return Submission.objects.visible_to(actor).select_related("collection__org", "org").get(pk=pk)


def collection_page(row: Collection, *, by: Actor, at: datetime) -> CollectionPage:
    """Who has reported and who has not."""
    today = local_day(at)
    returns = list(row.submissions.select_related("org", "collection").order_by("org__order", "org__code"))
    lines = [
        (
            Cell(s.org.short_name, url=reverse("submission", args=[s.pk])), Cell(lamp=lamp(s, today)),
            f"{local_day(s.submitted_at)}" if s.submitted_at else "", s.receipt,
            "零报送" if s.is_nil else f"{len(s.rows)} 行" if s.rows else "",
            f"{s.corrections} 次" if s.corrections else "",
        )
        for s in returns
    ]  # fmt: skip
    counts = {
        "asked": sum(s.state != "cancelled" for s in returns), "came": sum(s.first_submitted_at is not None for s in returns),
        "nil": sum(s.is_nil and s.first_submitted_at is not None for s in returns), "late": sum(s.on_time is False for s in returns),
        "missing": sum(s.first_submitted_at is None and s.state != "cancelled" for s in returns),
    }  # fmt: skip
    table = Table(
        "各单位报送情况",
        ("单位", "状态", "报送日期", "回执", "内容", "更正"),
        lines,
        empty="下达以后，各单位的报送情况会出现在这里。",
        caption_hidden=True,
    )
    units = (
        tuple(u.short_name for u in row.units.order_by("order", "code")) if row.state == CollectionState.DRAFT else ()
    )
    return CollectionPage(
        row, Lamp(TONES[row.state], row.get_state_display()), fields_of(row.fields), counts, table, units,
        tuple(COLLECTION_FLOW.choices(row, by=by, at=at)), task_page.entries(row),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A box with what was entered."""

    field: Field
    value: Any
    file: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReturnPage:
    submission: Submission
    lamp: Lamp
    boxes: tuple[Shown, ...]
    table: Table | None
    choices: dict[str, Choice]
    timeline: tuple[Entry, ...]


ROWS_SHOWN = 50


def return_page(row: Submission, *, by: Actor, at: datetime) -> ReturnPage:
    """One unit's return: its boxes, or the first rows of its workbook."""
    fields = fields_of(row.collection.fields)
    entered = row.rows[0] if row.rows and row.collection.kind == Collection.Kind.FORM else {}
    boxes = tuple(_shown(f, entered.get(f.key, "")) for f in fields)
    table = None
    if row.collection.kind == Collection.Kind.WORKBOOK and row.rows:
        lines = [[r.get(f.key, "") for f in fields] for r in row.rows[:ROWS_SHOWN]]
        table = Table(f"已经报的内容（共 {len(row.rows)} 行）", [f.name for f in fields], lines)
    return ReturnPage(
        row,
        lamp(row, local_day(at)),
        boxes,
        table,
        {c.name: c for c in SUBMISSION_FLOW.choices(row, by=by, at=at)},
        task_page.entries(row),
    )


def _shown(f: Field, said: Any) -> Shown:
    if isinstance(said, dict):
        return Shown(f, said["name"], said["file"], said["name"])
    return Shown(f, said)


def heads(row: Collection) -> list[str]:
    return ["单位", "报送情况", "报送日期", "是否按期", "回执", "说明", *(f.name for f in fields_of(row.fields))]


def export_rows(row: Collection, *, at: datetime) -> Iterator[list[object]]:
    """All rows of all units together; a unit that reported nothing has its one line too."""
    today, fields = local_day(at), fields_of(row.fields)
    returns = row.submissions.select_related("org", "collection").order_by("org__order", "org__code")
    for s in returns.iterator(chunk_size=100):
        when = local_day(s.submitted_at) if s.submitted_at else ""
        timely = "" if s.on_time is None else "按期" if s.on_time else "迟报"
        about: list[object] = [s.org.short_name, lamp(s, today).label, when, timely, s.receipt, s.words]
        for entered in s.rows or [{}]:
            yield [*about, *(_cell(entered.get(f.key, ""), f) for f in fields)]


def _cell(said: Any, f: Field) -> object:
    if isinstance(said, dict):
        return said["name"]
    if f.kind == "number" and str(said).lstrip("-").isdecimal():
        return int(said)
    return said


def owed(actor: Actor) -> int:
    """How many returns a unit still owes."""
    return Submission.objects.visible_to(actor).owed().count()
