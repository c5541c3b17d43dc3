"""Recorded days: what was recorded when, what was corrected since, a day as it was known at an instant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.measures import REGISTRY
from siban.kernel.ui import parts

from .. import access, units
from ..actions import snapshots as record
from ..models_snapshots import Snapshot
from ..queries import aims, snapshots
from .figures import HOME
from .figures_gaps import parse_day

SEES_ALL = ("service_admin", "supervisor", "auditor")
LIST = parts.Link("快照", "/desk/figures/snapshots/")
KINDS = {"close": "green", "demand": "blue", "late": "amber", "correction": "red"}


@require_GET
@staff_required(*SEES_ALL)
def listed(request: HttpRequest) -> HttpResponse:
    """All recordings, newest first."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    rows = [
        (
            parts.Cell(f"{s.day:%Y-%m-%d}", url=f"/desk/figures/snapshots/{s.day}/"),
            parts.Cell(lamp=parts.Lamp(KINDS[s.kind], s.get_kind_display())),
            f"{timezone.localtime(s.recorded_at):%Y-%m-%d %H:%M}",
            s.recorded_by,
            parts.Cell(s.changed, url=f"/desk/figures/snapshots/changes/{s.pk}/"),
            s.reason,
        )
        for s in snapshots.recordings()
    ]
    heads = ["统计日期", "种类", "记录时间", "记录人", parts.Column("写入的数", numeric=True), "说明"]
    table = parts.Table(
        "指标快照", heads, rows, empty="还没有记录过。系统每天零点后自动记录前一天的指标。", caption_hidden=True
    )
    context = {
        "table": table, "may_record": access.records_figures(actor), "crumbs": [HOME], "days": [],
        "measures": sorted((m for m in REGISTRY.values() if m.is_computed), key=lambda m: m.code),
        "orgs": units.named(Org.objects.within(actor.region_prefix).select_related("region").order_by("order", "code")),
        "yesterday": snapshots.last_day(),
    }  # fmt: skip
    return render(request, "oversight/snapshots.html", context)


@require_POST
@staff_required(*SEES_ALL)
def take(request: HttpRequest) -> HttpResponse:
    """Record the figures of today, now."""
    try:
        made = record.take(by=request.actor, at=clock.now(), reason=request.POST.get("reason", "")[:300])  # type: ignore[attr-defined]
        messages.success(request, f"已记录 {made.day:%Y年%m月%d日}的指标，与先前记录不同的有 {made.changed} 个数。")
    except Refused as why:
        messages.error(request, str(why))
    return redirect("figures-snapshots")


@require_POST
@staff_required(*SEES_ALL)
def correct(request: HttpRequest) -> HttpResponse:
    """Correct one recorded figure; the row recorded then stays."""
    said = request.POST
    day, hits, total = parse_day(said.get("day", "")), said.get("hits", ""), said.get("total", "").strip()
    try:
        org = UUID(said.get("org", ""))
    except ValueError:
        org = None
    if (
        day is None
        or org is None
        or not hits.isdecimal()
        or not (total == "" or total.isdecimal())
        or len(hits + total) > 18
    ):
        messages.error(request, "没有更正：请填写统计日期（例如 2026-03-02）、单位，以及不小于 0 的整数分子、分母。")
        return redirect("figures-snapshots")
    try:
        record.correct(
            day=day, slug=said.get("slug", ""), org=org, hits=int(hits), total=int(total) if total else None,
            reason=said.get("reason", ""), by=request.actor, at=clock.now(),  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"已更正 {day:%Y年%m月%d日}的一个数。当时记录的数仍然保留，更正在这里列出。")
    except Refused as why:
        messages.error(request, str(why))
    return redirect("figures-snapshots")


@require_GET
@staff_required(*SEES_ALL)
def changes(request: HttpRequest, snapshot: UUID) -> HttpResponse:
    """The figures one recording wrote, with what had stood before."""
    made = get_object_or_404(Snapshot, pk=snapshot)
    found = snapshots.changes_of(made, region_prefix=request.actor.region_prefix)  # type: ignore[attr-defined]
    rows = [
        (c.title, c.org, *(_parts(c.before) if c.before else ("没有记录", "")), *_parts(c.after))
        for c in found
    ]  # fmt: skip
    numeric = [parts.Column(x, numeric=True) for x in ("原分子", "原分母", "分子", "分母")]
    table = parts.Table(
        "写入的数", ["指标", "单位", *numeric], rows, caption_hidden=True, empty="与先前记录没有不同。"
    )
    return render(
        request, "oversight/changes.html", {"made": made, "table": table, "crumbs": [HOME, LIST], "shown": len(rows)}
    )


def _parts(figure: Any) -> tuple[object, object]:
    return figure.hits, "" if figure.total is None else figure.total


@require_http_methods(["GET"])
@staff_required(*SEES_ALL)
def day(request: HttpRequest, day: str) -> HttpResponse:
    """The figures of a day, as known today or at an instant asked for."""
    on = parse_day(day)
    if on is None:
        raise Http404("没有这个日期。")
    known = _instant(request.GET.get("known", ""))
    actor: Any = request.actor  # type: ignore[attr-defined]
    recorded = snapshots.is_recorded(on, known)
    found = snapshots.totals_on(on, region_prefix=actor.region_prefix, known_at=known)
    targets = aims.all_aims(region_code=settings.SITE_REGION, on=on)
    rows = []
    for slug, figure in found.items():
        m = REGISTRY.get(slug)
        if m is None:
            continue
        beside = aims.beside(m, figure, [t for t in targets.get(slug, ()) if not t.each])
        wants = "；".join(f"{a.document_code} {a.wants}" for a in beside if a.target.demands)
        rows.append(
            (m.code, m.title + (f"（{m.variant}）" if m.variant_of else ""), m.text(figure), *_parts(figure), wants)
        )
    heads = ["编号", "指标", *(parts.Column(x, numeric=True) for x in ("数值", "分子", "分母")), "目标"]
    empty = "这一天没有记录过指标。" if known is None else "在这个时刻，这一天还没有记录过指标。"
    context = {
        "day": on, "known": known, "table": parts.Table("当日指标", heads, sorted(rows), empty=empty, caption_hidden=True),
        "recorded": recorded, "recordings": [s for s in snapshots.recordings(limit=400) if s.day == on],
        "crumbs": [HOME, LIST], "kinds": KINDS,
    }  # fmt: skip
    return render(request, "oversight/day.html", context)


def _instant(text: str) -> datetime | None:
    """An instant as the form gives it (local time), or None."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=clock.CHINA)
