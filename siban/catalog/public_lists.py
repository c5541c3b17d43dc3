"""公开清单: the lists everyone may read and take home as a workbook."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from siban.kernel.ui.parts import Cell, Column, Link, Page, Table

from . import lists as public
from .desk_changes import exported
from .lists import KINDS, Sought

PAGE, LISTED = 20, 2000
HOME = Link("首页", "/")


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """All public lists with how many rows each has."""
    counted = public.counts()
    rows = [(kind, reverse("public-list", args=[kind.slug]), counted[kind.slug]) for kind in KINDS.values()]
    return render(request, "catalog/lists.html", {"rows": rows, "crumbs": [HOME]})


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One list: searched, by unit, page by page, or as a workbook."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404("没有这份清单。请从“公开清单”进入。")
    said = request.GET
    sought = Sought(said.get("q", "")[:60].replace("\x00", ""), said.get("dept", "")[:60].replace("\x00", ""))
    rows = kind.rows(sought)
    if said.get("export"):
        heads = [kind.first, "编码", "单位", *kind.heads]
        lines = ([s.name, s.code, s.unit, *s.cells] for row in rows.iterator(chunk_size=200) for s in kind.lines(row))
        return exported(kind.title, heads, lines)
    pages = Paginator(rows[:LISTED], PAGE)
    page = pages.get_page(said.get("page"))
    kept = {k: v for k, v in (("q", sought.q), ("dept", sought.dept)) if v}

    def at(number: int) -> str:
        return f"{request.path}?{urlencode({**kept, 'page': number})}"

    table = Table(
        kind.title,
        [Column(kind.first), Column("单位", nowrap=True), *kind.heads],
        [(Cell(s.name, url=s.url, note=s.code), s.unit, *s.cells) for row in page for s in kind.lines(row)],
        "清单里没有符合条件的内容。" if kept else "这份清单目前还没有公布任何内容。",
        "换一个词再查，或者清空条件。"
        if kept
        else "公布以后会出现在这里。需要办事的，请按办事指南办理，或者拨打 12345 咨询。",
        caption_hidden=True,
    )
    context = {
        "kind": kind,
        "sought": sought,
        "units": [("", "全部单位"), *public.units()],
        "table": table,
        "page": Page(
            len(page.object_list),
            at(page.previous_page_number()) if page.has_previous() else "",
            at(page.next_page_number()) if page.has_next() else "",
            pages.count,
            "项",
        ),
        "export_url": f"{request.path}?{urlencode({**kept, 'export': 1})}",
        "crumbs": [HOME, Link("公开清单", reverse("public-lists"))],
    }
    return render(request, "catalog/list.html", context)
