"""三集中三到位 on the desk: entry of items and departments, authorisation, who is there by name only."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.kernel import clock
from siban.kernel.measures import Figure as Ratio
from siban.kernel.ui.parts import Cell, Column, Figure, Lamp, Link, Tab, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn
from siban.kernel.web.rowsheets import exported

from . import access, actions, forms, queries
from .desk import NUMBER, actor_of, address, sees, share

HOME = Link("进驻和授权", "/desk/halls/entry/")
SHORT = {"should": "应进驻", "entered": "已进驻", "missing": "应进未进", "negative": "负面清单"}
PERIOD = 90  # days looked back for 明进暗不进, unless asked otherwise


@sees
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Every department: items entered of those that should, in the hall since when, authorised by which letters."""
    by, at = actor_of(request), clock.now()
    today = clock.local_day(at)
    lines = queries.entry(by, on=today)
    deeds = []
    if access.is_bureau(by):
        out = [(str(x.org.pk), x.org.short_name) for x in lines if x.entry is None]
        here = [(str(x.entry.pk), x.org.short_name) for x in lines if x.entry]

        def enter(said: Mapping[str, Any]) -> str:
            made = actions.enter(
                **{k: v for k, v in said.items() if k != "org"}, org_id=UUID(said["org"]), by=by, at=at
            )
            return f"已登记进驻“{made.hall}”。"

        def leave(said: Mapping[str, Any]) -> str:
            actions.leave(entry_id=UUID(said["row"]), left_on=said["left_on"], reason=said["reason"], by=by, at=at)
            return "已登记撤出。"

        if out:
            deeds.append(
                Deed(
                    "enter",
                    "登记部门进驻",
                    "登记",
                    enter,
                    partial(forms.EnterForm, orgs=out),
                    initial={"entered_on": today, "windows": 1, "staff": 1},
                )
            )
        if here:
            deeds.append(
                Deed(
                    "leave",
                    "登记部门撤出",
                    "登记撤出",
                    leave,
                    partial(forms.LeaveForm, rows=here),
                    initial={"left_on": today},
                    danger=True,
                )
            )
    done = turn(request, deeds)
    if done.response:
        return done.response
    sums = {key: sum(x.counts[key] for x in lines) for key in queries.ENTRY}
    departments = [x for x in lines if x.entry]
    authorised = [x for x in departments if x.letters]

    def row(x: queries.EntryLine) -> tuple[object, ...]:
        since = (
            Cell(x.entry.hall, note=f"{x.entry.entered_on} 进驻，窗口 {x.entry.windows}，{x.entry.staff} 人")
            if x.entry
            else "没有进驻"
        )
        last = max((m.valid_to for m in x.letters), default=None)
        soon = last is not None and last <= today + timedelta(days=30)
        lamp = (
            Lamp("grey", "—")
            if not x.entry and not x.letters
            else Lamp("red", "没有授权书")
            if last is None
            else Lamp("amber" if soon else "green", f"至 {last - timedelta(days=1)}")
        )
        return (
            x.org.short_name, *(Cell(str(x.counts[k]), url=address("hall-items", part=k, org=x.org.code)) for k in ("should", "entered")),
            share(x.figure), *(Cell(str(x.counts[k]), url=address("hall-items", part=k, org=x.org.code)) for k in ("missing", "negative")),
            since, Cell(lamp=lamp, note="、".join(f"{m.account.name} {m.number}" for m in x.letters)),
        )  # fmt: skip

    heads = [
        Column("单位", nowrap=True),
        *(NUMBER(x) for x in ("应进驻", "已进驻", "进驻率", "应进未进", "负面清单")),
        "部门进驻",
        "授权书（首席代表）",
    ]
    total = Ratio("", None, sums["entered"], sums["should"])
    letters = Ratio("", None, len(authorised), len(departments))
    begin = today - timedelta(days=PERIOD)
    named = queries.in_name_only(by, begin=begin, end=today)
    stats = [
        Figure("已进驻的应进驻事项", sums["entered"], address("hall-items", part="entered"), unit="项", note=f"进驻率 {total.percent}"),
        Figure("应进未进", sums["missing"], address("hall-items", part="missing"), unit="项", tone="red" if sums["missing"] else "green"),
        Figure("进驻部门", len(departments), reverse("hall-entry"), unit="个", note=f"授权率 {letters.percent}"),
        Figure("明进暗不进", len(named), reverse("hall-in-name"), unit="项", tone="red" if named else "green", note=f"近 {PERIOD} 天"),
    ]  # fmt: skip
    intro = "除负面清单所列的以外，依申请办理的事项都应进驻大厅；进驻的部门要有首席代表的授权书。授权书由单位主要负责人在“首席代表授权”里签订。"
    body = [row(x) for x in lines]
    return show(
        request,
        Register(
            "进驻和授权（三集中三到位）", (intro,), buttons=[Link("授权书", reverse("hall-letters")), Link("导出清单", reverse("hall-export")), Link("负面清单", "/desk/items/negative/")],
            stats=stats, sections=[Section("", Table("进驻和授权", heads, body, "还没有单位。", caption_hidden=True))],
        ),
        done,
    )  # fmt: skip


@sees
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The items behind one number."""
    by, part, org = actor_of(request), request.GET.get("part", "missing"), request.GET.get("org", "")[:60]
    if part not in queries.ENTRY:
        raise Http404("没有这个数字。请从“进驻和授权”页点击数字进入。")
    some, page = paged(
        request, queries.rows(by, queries.ENTRY, part=part, org=org).prefetch_related("negative_entries"), unit="项"
    )

    def ground(item: Any) -> Cell:
        here = [e for e in item.negative_entries.all() if e.removed_at is None]
        return Cell(
            "；".join(e.reason for e in here) or "—",
            note="；".join(e.document_number for e in here if e.document_number),
        )

    body = [
        (
            Cell(i.name, note=i.impl_code), i.org.short_name,
            Cell(lamp=Lamp("green", "已进驻") if i.is_in_hall else Lamp("grey", "没有进驻")), ground(i),
        )
        for i in some
    ]  # fmt: skip
    tabs = [Tab(SHORT[key], address("hall-items", part=key, org=org), key == part) for key in queries.ENTRY]
    table = Table(
        queries.ENTRY[part][0],
        ["事项", "单位", "进驻", "不进驻的理由（负面清单）"],
        body,
        "没有这样的事项，这个数字是 0。",
        caption_hidden=True,
    )
    return show(
        request, Register(queries.ENTRY[part][0], crumbs=[HOME], tabs=tabs, sections=[Section("", table, page=page)])
    )


@sees
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Letters of authorisation in force: who, which items, until when."""
    by, today = actor_of(request), clock.local_day(clock.now())
    some, page = paged(request, queries.letters(by, on=today), unit="份")
    body = [
        (
            Cell(m.number, note=m.org.short_name), m.account.name, f"{len(m.items)} 个事项" if m.items else "本单位全部事项",
            "可以作出不予决定" if m.may_reject else "只能作出准予决定", f"{m.valid_from} 至 {m.valid_to - timedelta(days=1)}",
        )
        for m in some
    ]  # fmt: skip
    table = Table(
        "授权书",
        ["授权书", "首席代表", "授权事项", "决定权限", "有效期"],
        body,
        "没有在有效期内的授权书。",
        caption_hidden=True,
    )
    return show(request, Register("授权书", crumbs=[HOME], sections=[Section("", table, page=page)]))


@sees
@require_GET
def in_name(request: HttpRequest) -> HttpResponse:
    """明进暗不进, over a period one may choose."""
    by, today = actor_of(request), clock.local_day(clock.now())
    asked = forms.PeriodForm(
        request.GET if request.GET.get("begin") else {"begin": today - timedelta(days=PERIOD), "end": today}
    )
    refusals, found = [], []
    if asked.is_valid() and asked.cleaned_data["begin"] <= asked.cleaned_data["end"]:
        found = queries.in_name_only(by, begin=asked.cleaned_data["begin"], end=asked.cleaned_data["end"])
    else:
        refusals = [("error", "日期不对：请填写日历上有的日期，开始不能晚于结束。")]
    body = [(Cell(i.name, note=i.impl_code), i.org.short_name, "0", str(own)) for i, own in found]
    table = Table(
        "明进暗不进",
        ["事项", "单位", NUMBER("大厅受理"), NUMBER("部门窗口受理")],
        body,
        "没有发现。",
        caption_hidden=True,
    )
    intro = "已进驻大厅、这段时间大厅没有受理一件，而部门自己的窗口受理了的事项。请核实后由部门改到大厅受理。"
    return show(
        request,
        Register(
            "明进暗不进",
            (intro,),
            [HOME],
            notices=refusals,
            narrow=asked,
            clear_url=reverse("hall-in-name"),
            sections=[Section("", table)],
        ),
    )


@sees
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list of entry as a workbook."""
    by = actor_of(request)
    heads = [
        "单位",
        "应进驻",
        "已进驻",
        "进驻率",
        "应进未进",
        "负面清单",
        "大厅",
        "进驻日期",
        "窗口数",
        "人数",
        "授权书",
        "首席代表",
        "有效期至",
    ]

    def row(x: queries.EntryLine) -> tuple[object, ...]:
        e = x.entry
        return (
            x.org.name, x.counts["should"], x.counts["entered"], x.figure.percent, x.counts["missing"], x.counts["negative"],
            e.hall if e else "没有进驻", e.entered_on if e else "", e.windows if e else 0, e.staff if e else 0,
            "、".join(m.number for m in x.letters), "、".join(m.account.name for m in x.letters),
            "、".join(str(m.valid_to - timedelta(days=1)) for m in x.letters),
        )  # fmt: skip

    return exported("进驻和授权清单", heads, (row(x) for x in queries.entry(by, on=clock.local_day(clock.now()))))
