"""The statistics table, the rows behind every number, the workbooks of what is filtered."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.ui import parts

from .. import access, annexes, units
from ..queries import figures, rows, tables

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
HOME = parts.Link("指标", "/desk/figures/")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sought(request: HttpRequest) -> figures.Sought:
    """What narrows a page of figures, from its address; what nobody knows is left out."""
    group, sort = request.GET.get("group", ""), request.GET.get("sort", "")
    return figures.Sought(
        group=group if group in units.LEVEL else "", document=request.GET.get("document", "")[:10],
        category=request.GET.get("category", "")[:60], short=request.GET.get("short") == "1",
        sort=sort if sort in figures.SORTS else "",
    )  # fmt: skip


def query(request: HttpRequest, **changed: str) -> str:
    """The present address with some of its conditions changed."""
    said = {k: v for k, v in request.GET.items() if k != "page"} | changed
    return "?" + urlencode({k: v for k, v in said.items() if v})


SHORT = (("", "全部"), ("1", "只看未达标"))


def filters(documents: Any) -> dict[str, Any]:
    """The choices of the filter bar."""
    return {
        "document_choices": [("", "全部文件"), *((code, f"{code} {title}"[:40]) for code, title in documents)],
        "short_choices": SHORT,
        "sort_choices": list(figures.SORTS.items()),
        "group_choices": [("", "全部单位"), *units.GROUPS],
        "category_choices": [("", "全部类别"), *((c, c) for c in figures.categories())],
    }


def today() -> Any:
    return clock.local_day(clock.now())


@require_GET
@staff_required(*SEES_FIGURES)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Figures of all units one may see, against their targets."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    said = sought(request)
    table = tables.statistics_table(actor, region_code=settings.SITE_REGION, sought=said)
    context = {
        "table": table,
        "cases": tables.case_figures(actor),
        "groups": [
            parts.Tab("全部", query(request, group="") or "?", not said.group),
            *(parts.Tab(title, query(request, group=key), said.group == key) for key, title in tables.GROUPS),
        ],
        "annexes": [
            (a.title, f"{reverse('dashboard-export')}{query(request, annex=a.number)}") for a in annexes.listed()
        ],
        "sought": said,
        "short": "1" if said.short else "",
        **filters(table.documents),
        "sees_all": access.sees_all_units(actor),
        "on": today(),
    }
    return render(request, "oversight/dashboard.html", context)


@require_GET
@staff_required(*SEES_FIGURES)
def drill(request: HttpRequest, slug: str, unit: str, part: str) -> HttpResponse:
    """The very rows behind one number; their count is the number."""
    found = rows.rows_behind(request.actor, slug=slug, unit=unit, part=part)  # type: ignore[attr-defined]
    pages = Paginator(rows.ordered(found), PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = rows.lines(found, page.object_list, start=page.start_index())
    context = {
        "found": found,
        "table": parts.Table(
            caption=found.title,
            caption_hidden=True,
            columns=("序号", "名称", "编码（编号）", "单位", "情况"),
            rows=[(str(x.number), parts.Cell(x.name, url=x.url), x.code, x.unit, x.facts) for x in lines],
            empty="没有符合的行，这个数字是 0。",
        ),
        "page": parts.Page(
            shown=len(lines),
            previous_url=f"?page={page.previous_page_number()}" if page.has_previous() else "",
            next_url=f"?page={page.next_page_number()}" if page.has_next() else "",
            total=pages.count,
        ),
        "count": pages.count,
        "crumbs": [HOME, parts.Link(found.measure.title, reverse("figures-measure", args=[slug]))],
    }
    return render(request, "oversight/rows.html", context)


@require_GET
@staff_required(*SEES_FIGURES)
def workbook(request: HttpRequest) -> HttpResponse:
    """The table as it is filtered, as XLSX in the layout of an official annex (附件1 unless said otherwise)."""
    annex = annexes.of(request.GET.get("annex", "1"))
    if annex is None:
        raise Http404("没有这个附件。")
    on = today()
    actor: Any = request.actor  # type: ignore[attr-defined]
    body = annex.write(actor, sought(request), settings.SITE_REGION, on)
    response = HttpResponse(body, content_type=SHEET)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{annex.file_name}-{on:%Y%m%d}.xlsx"
    return response
