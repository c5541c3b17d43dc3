"""The dashboard: the statistics table, the rows behind every number, the workbook."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.ui import parts

from .. import sheets
from ..queries import tables as queries

SEES_FIGURES = (
    "service_admin",
    "supervisor",
    "auditor",
    "unit_head",
    "dept_admin",
    "approver",
    "chief_rep",
    "township_clerk",
)
PAGE = 50


@require_GET
@staff_required(*SEES_FIGURES)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Figures of all units one may see, against their targets."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    group = request.GET.get("group", "")
    group = group if group in queries.LEVEL else ""
    context = {
        "table": queries.statistics_table(actor, region_code=settings.SITE_REGION, group=group),
        "cases": queries.case_figures(actor),
        "groups": [
            parts.Tab("全部", reverse("dashboard"), not group),
            *(parts.Tab(title, f"?group={key}", group == key) for key, title in queries.GROUPS),
        ],
        "export": reverse("dashboard-export") + (f"?group={group}" if group else ""),
        "on": clock.local_day(clock.now()),
    }
    return render(request, "oversight/dashboard.html", context)


@require_GET
@staff_required(*SEES_FIGURES)
def drill(request: HttpRequest, slug: str, unit: str, part: str) -> HttpResponse:
    """The very rows behind one number; their count is the number."""
    found = queries.rows_behind(request.actor, slug=slug, unit=unit, part=part)  # type: ignore[attr-defined]
    pages = Paginator(found.rows.select_related("org").order_by("pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = [queries.row_line(row, n) for n, row in enumerate(page.object_list, page.start_index())]
    context = {
        "found": found,
        "table": parts.Table(
            caption=found.title,
            caption_hidden=True,
            columns=("序号", "名称", "编码（编号）", "单位", "情况"),
            rows=[(str(x.number), x.name, x.code, x.unit, x.facts) for x in lines],
            empty="没有符合的行，这个数字是 0。",
        ),
        "page": parts.Page(
            shown=len(lines),
            previous_url=f"?page={page.previous_page_number()}" if page.has_previous() else "",
            next_url=f"?page={page.next_page_number()}" if page.has_next() else "",
            total=pages.count,
        ),
        "count": pages.count,
        "back": reverse("dashboard"),
    }
    return render(request, "oversight/rows.html", context)


@require_GET
@staff_required(*SEES_FIGURES)
def workbook(request: HttpRequest) -> HttpResponse:
    """The table as it is filtered, as XLSX."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    group = request.GET.get("group", "")
    table = queries.statistics_table(
        actor, region_code=settings.SITE_REGION, group=group if group in queries.LEVEL else ""
    )
    on = clock.local_day(clock.now())
    body = sheets.statistics_workbook(table, region_name=settings.SIBAN_SITE["region_name"], on=on)
    response = HttpResponse(body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''yiwangtongban-{on:%Y%m%d}.xlsx"
    return response
