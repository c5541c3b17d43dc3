"""All measures of a unit, one measure of all units, the townships at a glance, one item, and the wall."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel.measures import REGISTRY
from siban.kernel.ui import parts

from .. import access, rules, units
from ..queries import aims, figures, items, snapshots
from .figures import HOME, SEES_FIGURES, filters, query, sought, today

ALL = parts.Link("全部指标", "/desk/figures/all/")
WALL_SECONDS = 60
REACH = {"township": "每个苏木乡镇", "department": "每个部门", "village": "每个嘎查", "unit": "每个单位"}


@require_GET
@staff_required(*SEES_FIGURES)
def everything(request: HttpRequest) -> HttpResponse:
    """Every measure of the whole territory, of a group of units, or of one unit."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    said, on = sought(request), today()
    unit = figures.choose(actor, request.GET.get("unit", ""))
    found = figures.entries(actor, unit=unit, region_code=settings.SITE_REGION, on=on, sought=said)
    context = {
        "unit": unit,
        "entries": _sections(found, opened=bool(said.category or said.document or said.short)),
        "counted": sum(e.told is not None for e in found),
        "waiting": sum(e.state == "待接入" for e in found),
        "short": sum(bool(e.told and e.told.is_short) for e in found),
        "sought": said,
        "short_only": "1" if said.short else "",
        **filters(aims.documents(region_code=settings.SITE_REGION)),
        "unit_choices": _choices(actor),
        "sees_all": access.sees_all_units(actor),
        "crumbs": [HOME],
        "on": on,
    }
    return render(request, "oversight/all.html", context)


def _sections(found: list[figures.Entry], *, opened: bool) -> list[tuple[str, list[figures.Entry], int, int, bool]]:
    """`(heading, measures, how many fall short, how many wait for data, shown open)`."""
    made = []
    for title in dict.fromkeys(e.measure.category for e in found):
        group = [e for e in found if e.measure.category == title]
        short = sum(bool(e.told and e.told.is_short) for e in group)
        waiting = sum(e.state == "待接入" for e in group)
        made.append((title or "平台自有指标", group, short, waiting, opened or short > 0))
    return made


def _choices(actor: Any) -> list[tuple[str, str]]:
    """The units somebody may choose: the whole, the groups, each unit."""
    if not access.sees_all_units(actor):
        return []
    seen = Org.objects.within(actor.region_prefix).filter(is_active=True).select_related("region")
    listed = [(u.key, u.name) for u in units.named(seen.order_by("order", "code"))]
    return [(units.WHOLE, "全旗"), *units.GROUPS, *listed]


@require_GET
@staff_required(*SEES_FIGURES)
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure by unit: target, actual, gap, trend, rank, lamp."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    said, on = sought(request), today()
    if slug in REGISTRY and not REGISTRY[slug].is_computed:
        return render(request, "oversight/waiting.html", _waiting(slug))
    page = figures.measure_page(actor, slug=slug, region_code=settings.SITE_REGION, on=on, sought=said)
    context = {
        "page": page,
        "sought": said,
        "short": "1" if said.short else "",
        **filters(sorted({(t.document_code, t.document) for t in (*page.targets, *page.elsewhere)})),
        "groups": [
            parts.Tab("全部", query(request, group="") or "?", not said.group),
            *(parts.Tab(title, query(request, group=key), said.group == key) for key, title in units.GROUPS),
        ],
        "trend": _trend(page),
        "days": _days(page),
        "bars": _bars(page),
        "demands": [
            (t, t.wants(share=page.measure.is_share), REACH.get(t.each) or ("本地区" if t.region_id else "参照"))
            for t in page.targets
        ]
        + [(t, t.wants(share=page.measure.is_share), "其他地区的文件，只作参照") for t in page.elsewhere],
        "crumbs": [HOME, ALL],
        "on": on,
        "export": reverse("figures-measure-export", args=[slug]) + query(request),
        "tones": rules.TONES,
    }
    return render(request, "oversight/measure.html", context)


def _waiting(slug: str) -> dict[str, Any]:
    m = REGISTRY[slug]
    found = [REGISTRY[p] for p in getattr(m, "parts", ())]
    return {"measure": m, "parts": found, "crumbs": [HOME, ALL]}


def _number(m: Any, figure: Any) -> float | None:
    value = figure.value
    return None if value is None else round(float(value) * (100 if m.is_share else 1), 2)


def _axis(m: Any) -> dict[str, Any]:
    return {"type": "value", "name": "%" if m.is_share else m.unit, "min": 0, **({"max": 100} if m.is_share else {})}


def _trend(page: figures.MeasurePage) -> dict[str, Any]:
    lines = [
        {"yAxis": float(t.value) * (100 if page.measure.is_share else 1), "name": f"{t.document_code} 目标"}
        for t in page.targets
        if t.value is not None and not t.each
    ]
    return {
        "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day, _ in page.trend]},
        "yAxis": _axis(page.measure),
        "series": [
            {"name": page.measure.title, "type": "line", "data": [_number(page.measure, f) for _, f in page.trend], "symbolSize": 8,
             "markLine": {"data": lines, "symbol": "none", "label": {"formatter": "{b}", "position": "insideEndTop"}}},
        ],
    }  # fmt: skip


def _days(page: figures.MeasurePage) -> parts.Table:
    m = page.measure
    heads = [parts.Column("日期", nowrap=True), *(parts.Column(x, numeric=True) for x in (m.title, "分子", "分母"))]
    rows = [
        (f"{day:%Y-%m-%d}", m.text(f), f.hits, "" if f.total is None else f.total) for day, f in reversed(page.trend)
    ]
    return parts.Table("近 30 天", heads, rows, caption_hidden=True)


def _bars(page: figures.MeasurePage) -> dict[str, Any]:
    shown = page.lines[:40]
    colours = {"green": "#1b7245", "red": "#a4262c", "grey": "#5b6b72"}
    return {
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [t.unit.name for t in shown], "axisLabel": {"rotate": 45, "interval": 0}},
        "yAxis": _axis(page.measure),
        "series": [
            {"name": page.measure.title, "type": "bar", "barMaxWidth": 24,
             "data": [{"value": _number(page.measure, t.figure), "itemStyle": {"color": colours[t.tone]}} for t in shown]},
        ],
    }  # fmt: skip


@require_GET
@staff_required(*SEES_FIGURES)
def item(request: HttpRequest, item: UUID) -> HttpResponse:
    """One item: in which figures it counts, in which it doesn't, and what it lacks."""
    found = items.item_page(request.actor, item=item)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("没有这个事项，或者它不在您可以查看的范围。")
    rows = [
        (
            parts.Cell(x.measure.title, url=reverse("figures-measure", args=[x.measure.slug]), note=x.measure.code),
            x.measure.category,
            parts.Cell(lamp=parts.Lamp(x.tone, x.words)),
            "；".join(x.lacks),
        )
        for x in found.standings
    ]
    table = parts.Table("各项指标", ["指标", "类别", "本事项", "需要"], rows, caption_hidden=True)
    return render(request, "oversight/item.html", {"found": found, "table": table, "crumbs": [HOME]})


@require_GET
@staff_required(*SEES_FIGURES)
def wall(request: HttpRequest) -> HttpResponse:
    """The figures of the notice on a wall: large, without anything to press, renewed every minute."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    on = today()
    unit = figures.choose(actor, "")
    found = figures.entries(actor, unit=unit, region_code=settings.SITE_REGION, on=on)
    asked = [e for e in found if e.told is not None and e.told.aims and any(a.target.demands for a in e.told.aims)]
    pages = [asked[n : n + 12] for n in range(0, len(asked), 12)] or [[]]
    number = request.GET.get("screen", "1")
    at = (int(number) - 1) % len(pages) if number.isdecimal() and len(number) < 4 else 0
    context = {
        "unit": unit if access.sees_all_units(actor) else units.Unit(unit.key, actor.org_name, ""),
        "shown": pages[at],
        "screen": at + 1,
        "screens": len(pages),
        "following": f"?screen={(at + 1) % len(pages) + 1}",
        "seconds": WALL_SECONDS if len(pages) == 1 else 20,
        "met": sum(e.told is not None and e.told.tone == "green" for e in asked),
        "short": sum(e.told is not None and e.told.tone == "red" for e in asked),
        "recorded": snapshots.last_day(),
        "on": on,
    }
    return render(request, "oversight/wall.html", context)
