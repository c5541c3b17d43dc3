"""政务公开目录 on the desk: by unit, overdue columns, records, totals that add up or are flagged."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as plain
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.ui.forms import DateInput, Form
from siban.kernel.ui.parts import Cell, Column, Figure, Lamp, Link, Tab, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn
from siban.kernel.web.rowsheets import Sheet
from siban.kernel.web.rowsheets import annex as annex_file

from .desk_liangyou import NUMBER, actor_of, sees
from .disclosure import actions, queries, rules
from .liangyou.forms import UploadForm
from .models_disclosure import DisclosureKind

HOME = Link("政务公开", "/desk/reform/disclosure/")


class ColumnForm(Form):
    """栏目."""

    name = plain.CharField(label="栏目名称", max_length=120, help_text="填已有的名称就是修改它的周期和责任岗位。")
    kind = plain.ChoiceField(label="类别", choices=DisclosureKind.choices)
    cycle_days = plain.IntegerField(
        label="更新周期（天）", min_value=1, max_value=3999, required=False, help_text="有变化时才更新的不填。"
    )
    duty = plain.CharField(label="责任岗位", max_length=60)
    basis = plain.CharField(label="依据", max_length=200, required=False)


class UpdateForm(Form):
    """一条更新."""

    column_id = plain.ChoiceField(label="栏目")
    title = plain.CharField(label="标题", max_length=200)
    published_on = plain.DateField(label="发布日期", widget=DateInput())
    link = plain.CharField(label="网址", max_length=300, required=False)

    def __init__(self, *args: Any, columns: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["column_id"].choices = [("", "请选择栏目"), *columns]  # type: ignore[attr-defined]


class ReportForm(Form):
    """一年的公开数量."""

    year = plain.IntegerField(label="年度", min_value=2008, max_value=2100)
    total = plain.IntegerField(label="发布信息总数", min_value=0, max_value=10_000_000)
    official = plain.IntegerField(label="其中：公文类", min_value=0, max_value=10_000_000)
    statutory = plain.IntegerField(label="其中：法定主动公开和动态信息", min_value=0, max_value=10_000_000)
    document = plain.CharField(label="来源文件", max_length=120, required=False)


def _year(request: HttpRequest) -> int:
    said = request.GET.get("year", "")
    this = clock.local_day(clock.now()).year
    return int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else this


def _address(name: str, **asked: object) -> str:
    kept = "&".join(f"{k}={v}" for k, v in asked.items() if v)
    return reverse(name) + (f"?{kept}" if kept else "")


@sees
@require_http_methods(["GET", "POST"])
def disclosure(request: HttpRequest) -> HttpResponse:
    """By unit: columns, overdue ones, what was published this year; totals as reported beside their sum."""
    by, at, year = actor_of(request), clock.now(), _year(request)
    today = clock.local_day(at)
    deeds = []
    if rules.publisher(by):

        def report(said: Mapping[str, Any]) -> str:
            made = actions.report(**said, by=by, at=at)
            return f"已登记。{rules.reconcile(made.total, made.official, made.statutory).words}。"

        def take_in(said: Mapping[str, Any]) -> str:
            columns, updates = actions.take_in(upload=said["file"], name=said["file"].name, by=by, at=at)
            return f"已导入 {columns} 个栏目、{updates} 条新的更新记录。"

        deeds = [
            Deed("report", "填报年度公开数量", "填报", report, ReportForm, "照实填报；分项与总数对不上的，系统只提示，不改数。", {"year": year}),
            Deed("import", "导入目录和更新记录", "导入", take_in, UploadForm, "按导出的表格填写；有一行不对就全部不导入，并逐行说明。"),
        ]  # fmt: skip
    done = turn(request, deeds)
    if done.response:
        return done.response
    lines = queries.units(by, year=year, on=today)

    def row(x: queries.UnitLine) -> tuple[object, ...]:
        code = x.org.code
        return (
            x.org.short_name, Cell(str(x.columns), url=_address("disclosure-columns", org=code)),
            Cell(str(x.overdue), url=_address("disclosure-columns", org=code, late=1)),
            Cell(str(x.total), url=_address("disclosure-updates", org=code, year=year)),
            *(Cell(str(x.updates.get(k, 0)), url=_address("disclosure-updates", org=code, year=year, kind=k)) for k in DisclosureKind.values),
        )  # fmt: skip

    told = queries.reports(by)
    reports = [
        (
            r.org.short_name, str(r.year), str(r.total), str(r.official), str(r.statutory),
            Cell(lamp=Lamp("red", f"相差 {abs(said.difference)}") if said.difference else Lamp("green", "一致"), note=said.words), r.document or "—",
        )
        for r, said in told
    ]  # fmt: skip
    overdue, none = sum(x.overdue for x in lines), [x for x in lines if not x.columns]
    stats = [
        Figure("栏目", sum(x.columns for x in lines), _address("disclosure-columns"), unit="个", note=f"{len(lines) - len(none)} 个单位有目录，{len(none)} 个没有"),
        Figure("超过更新周期的栏目", overdue, _address("disclosure-columns", late=1), unit="个", tone="red" if overdue else "green"),
        Figure(f"{year} 年发布", sum(x.total for x in lines), _address("disclosure-updates", year=year), unit="条"),
        Figure("数字对不上的填报", sum(1 for _, s in told if s.difference), reverse("disclosure"), unit="份", tone="amber" if any(s.difference for _, s in told) else "green"),
    ]  # fmt: skip
    heads = [
        Column("单位", nowrap=True),
        *(NUMBER(x) for x in ("栏目", "超过周期", f"{year} 年发布", *DisclosureKind.labels)),
    ]
    tabs = [Tab(f"{y} 年", _address("disclosure", year=y), y == year) for y in range(today.year, today.year - 4, -1)]
    return show(
        request,
        Register(
            "政务公开目录", ("每个单位公开哪些栏目、多久更新一次、由哪个岗位负责；更新记录计入发布数量。",), tabs=tabs,
            buttons=[Link("栏目", reverse("disclosure-columns")), Link("导出目录", reverse("disclosure-workbook"))], stats=stats,
            sections=[
                Section("按单位", Table("按单位", heads, [row(x) for x in lines], "还没有单位。", caption_hidden=True)),
                Section("年度公开数量（照填报的数）", Table("年度公开数量", ["单位", "年度", NUMBER("总数"), NUMBER("公文类"), NUMBER("法定主动公开和动态"), "勾稽", "来源"], reports, "还没有填报。", caption_hidden=True)),
            ],
        ),
        done,
    )  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """The catalogue; a unit keeps its own and records updates."""
    by, at = actor_of(request), clock.now()
    today, org, late = clock.local_day(at), request.GET.get("org", "")[:60], request.GET.get("late") == "1"
    some, page = paged(request, queries.columns(by, org=org, overdue_on=today if late else None), unit="个")
    done = turn(request, _deeds(by, at))
    if done.response:
        return done.response
    body = [
        (
            Cell(c.name, note=c.basis), c.org.short_name, c.get_kind_display(), f"{c.cycle_days} 天" if c.cycle_days else "有变化时",
            c.duty, str(c.last_on or "没有更新过"), _due(c, today),
        )
        for c in some
    ]  # fmt: skip
    tabs = [
        Tab("全部", _address("disclosure-columns", org=org), not late),
        Tab("超过更新周期的", _address("disclosure-columns", org=org, late=1), late),
    ]
    table = Table(
        "栏目",
        ["栏目", "单位", "类别", "更新周期", "责任岗位", "最近更新", "下一次"],
        body,
        "没有这样的栏目。",
        caption_hidden=True,
    )
    return show(
        request, Register("公开栏目", crumbs=[HOME], tabs=tabs, sections=[Section("", table, page=page)]), done
    )


def _due(c: Any, today: Any) -> Cell:
    if c.due_on is None:
        return Cell("有变化时更新")
    if c.due_on < today:
        return Cell(lamp=Lamp("red", f"超过 {(today - c.due_on).days} 天"), note=f"应在 {c.due_on} 前")
    return Cell(lamp=Lamp("amber" if (c.due_on - today).days <= 7 else "green", f"{c.due_on} 前"))


def _deeds(by: Actor, at: Any) -> list[Deed]:
    if not rules.publisher(by):
        return []

    def keep(said: Mapping[str, Any]) -> str:
        return f"已保存栏目“{actions.keep_column(**said, by=by, at=at).name}”。"

    def record(said: Mapping[str, Any]) -> str:
        actions.record_update(**{**said, "column_id": UUID(said["column_id"])}, by=by, at=at)
        return "已登记。"

    def end(said: Mapping[str, Any]) -> str:
        actions.end_column(column_id=UUID(said["column_id"]), by=by, at=at)
        return "已停用这个栏目，更新记录仍然保留。"

    own = [(str(c.pk), c.name) for c in queries.columns(by).filter(org_id=by.org_id)]
    found = [Deed("keep", "增加或者修改栏目", "保存", keep, ColumnForm)]
    if own:
        choose = type("Choose", (Form,), {"column_id": plain.ChoiceField(label="栏目", choices=own)})
        found = [
            Deed("record", "登记一条更新", "登记", record, partial(UpdateForm, columns=own), initial={"published_on": clock.local_day(at)}), *found,
            Deed("end", "停用一个栏目", "停用", end, choose, danger=True),
        ]  # fmt: skip
    return found


@sees
@require_GET
def updates(request: HttpRequest) -> HttpResponse:
    """What was published: the rows behind a number."""
    year, org, kind = _year(request), request.GET.get("org", "")[:60], request.GET.get("kind", "")
    kind = kind if kind in DisclosureKind.values else ""
    some, page = paged(request, queries.updates(actor_of(request), year=year, org=org, kind=kind))
    body = [
        (Cell(u.title, note=u.link), u.org.short_name, u.column.name, str(u.published_on), u.entered_by) for u in some
    ]
    table = Table(
        "更新记录", ["标题", "单位", "栏目", "发布日期", "登记人"], body, "没有更新记录。", caption_hidden=True
    )
    return show(request, Register(f"{year} 年更新记录", crumbs=[HOME], sections=[Section("", table, page=page)]))


@sees
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The catalogue and the year's records, in the layout they come in by."""
    by, year = actor_of(request), _year(request)

    def catalogue() -> Iterator[tuple[object, ...]]:
        for c in queries.columns(by).iterator(chunk_size=500):
            yield c.org.short_name, c.name, c.get_kind_display(), c.cycle_days, c.duty, c.basis

    def records() -> Iterator[tuple[object, ...]]:
        for u in queries.updates(by, year=year).iterator(chunk_size=500):
            yield u.org.short_name, u.column.name, u.title, str(u.published_on), u.link

    name = settings.SIBAN_SITE["region_name"]
    sheets = [
        Sheet(actions.CATALOGUE, f"{name}政务公开目录", actions.COLUMNS[actions.CATALOGUE], catalogue(), (22, 40, 24, 14, 20, 30)),
        Sheet(actions.RECORDS, f"{name}{year} 年更新记录", actions.COLUMNS[actions.RECORDS], records(), (22, 40, 40, 14, 40)),
    ]  # fmt: skip
    return annex_file(f"政务公开目录 {year}", sheets)
