"""The gap of a measure: what is still missing, the cheapest rows first, and what mending some of them would give."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.measures import REGISTRY, Measure
from siban.kernel.ui import parts

from .. import access_supervision, sheets
from ..actions import tasking
from ..queries import figures, gaps
from .figures import HOME, SEES_FIGURES, SHEET, sought, today

FORTNIGHT = timedelta(days=14)


def may_task(actor: Any, measure: Measure) -> bool:
    """Whether ticked rows can become a task: they are items, and this post directs."""
    return measure.unit == "事项" and access_supervision.may_direct(actor)


@require_http_methods(["GET", "POST"])
@staff_required(*SEES_FIGURES)
def gap(request: HttpRequest, share: str, unit: str) -> HttpResponse:
    """What is missing; with rows ticked, how the figure would move; with the task button, the ticks become a task."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    on = today()
    slug, measure = share, figures.computed(share)
    if measure.total() is None:
        return redirect("dashboard-rows", slug=slug, unit=unit, part="hits")
    page = gaps.gap_page(actor, slug=slug, unit=unit, region_code=settings.SITE_REGION, on=on)
    ticked = [x for x in request.POST.getlist("item") if len(x) <= 60][: gaps.MOST]
    if request.POST.get("act") == "task":
        return _task(request, actor, slug, unit, ticked)
    context = {
        "page": page,
        "ticked": set(ticked),
        "shown": gaps.what_if(page, ticked) if request.method == "POST" else None,
        "may_task": may_task(actor, measure) and unit_is_one(unit),
        "elsewhere": may_task(actor, measure) and not unit_is_one(unit),
        "due": on + FORTNIGHT,
        "crumbs": [HOME, parts.Link(page.measure.title, reverse("figures-measure", args=[slug]))],
        "efforts": gaps.EFFORT,
        "unit_key": unit,
        "most": gaps.MOST,
    }
    part = request.headers.get("HX-Request") and request.method == "POST"
    return render(request, "oversight/_what_if.html" if part else "oversight/gap.html", context)


def unit_is_one(unit: str) -> bool:
    try:
        UUID(unit)
    except ValueError:
        return False
    return True


def _task(request: HttpRequest, actor: Any, slug: str, unit: str, ticked: list[str]) -> HttpResponse:
    """The ticked rows as a task of their unit; refused in words where it can't be."""
    back = redirect("figures-gap", share=slug, unit=unit)
    measure = REGISTRY[slug]
    if not may_task(actor, measure) or not unit_is_one(unit):
        messages.error(request, "您当前的岗位不能布置任务，或者没有选定一个单位。请先进入一个单位的“先改哪些”。")
        return back
    if not ticked:
        messages.error(request, "请先勾选要整改的事项，再布置任务。")
        return back
    org = Org.objects.filter(pk=UUID(unit), region_id__startswith=actor.region_prefix).first()
    due = parse_day(request.POST.get("due_on", "")) or today() + FORTNIGHT
    if org is None:
        messages.error(request, "没有这个单位，或者它不在您管理的地区。")
        return back
    wanted = "；".join(m.words for m in measure.mends) or measure.words
    try:
        task = tasking.task_from_items(
            by=actor, at=clock.now(), org=org, measure_slug=slug, items=[UUID(x) for x in ticked], due_on=due,
            requirement=f"“{measure.title}”有 {len(ticked)} 个事项没有达到，请整改：{wanted}。",
        )  # fmt: skip
    except Refused as why:
        messages.error(request, str(why))
        return back
    except ValueError:
        messages.error(request, "勾选的行不能识别，请刷新页面后重新勾选。")
        return back
    messages.success(
        request, f"已给{org.short_name}布置任务 {task.number}，{len(ticked)} 个事项，期限 {due:%Y年%m月%d日}。"
    )
    return back


def parse_day(text: str) -> Any:
    """A day as the form gives it, or None."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@staff_required(*SEES_FIGURES)
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure by unit as it is filtered, as a workbook."""
    page = figures.measure_page(
        request.actor,
        slug=slug,
        region_code=settings.SITE_REGION,
        on=today(),
        sought=sought(request),  # type: ignore[attr-defined]
    )
    response = HttpResponse(sheets.measure_workbook(page, on=today()), content_type=SHEET)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{page.measure.code}-{today():%Y%m%d}.xlsx"
    return response
