"""The desk's lists of changes: requests, to-dos from base items, unequal elements; each filtered, paged and exported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from siban.kernel import clock
from siban.kernel.ui.parts import Cell, Column, Lamp, Link, Page, Tab, Table
from siban.kernel.web.rowsheets import exported

from . import labels, queries
from . import queries_changes as changes
from .desk import ROLES
from .flow import ITEM_FLOW, ChangeKind
from .models import BaseChange, ChangeRequest, ImplementationItem
from .queries_changes import Asked

PAGE, LISTED = 30, 3000
CRUMBS = [Link("事项管理", "/desk/items/")]


def staff_only(view: Any) -> Any:
    from siban.identity.gate import staff_required

    return staff_required(*ROLES)(view)


def asked_in(request: HttpRequest) -> Asked:
    """What the address narrows the list by."""
    said = request.GET
    return Asked(*(said.get(name, "")[:60].replace("\x00", "") for name in ("q", "dept", "kind", "state", "element")))


def address(request: HttpRequest, **changed: object) -> str:
    """The same list with something else in its address."""
    kept = {k: v for k, v in request.GET.items() if v and k != "page"} | {k: str(v) for k, v in changed.items()}
    kept = {k: v for k, v in kept.items() if v}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page of a list shows."""

    title: str
    intro: str
    heads: Sequence[Column | str]
    empty: str
    unit: str = "条"
    hint: str = "放宽条件再查，或者清空条件。"


def shown(
    request: HttpRequest, listing: Listing, rows: Any, line: Callable[[Any], Iterable[Sequence[object]]], **more: Any
) -> HttpResponse:
    """One page of a list."""
    pages = Paginator(rows[:LISTED], PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = [cells for row in page for cells in line(row)]
    context = {
        "listing": listing,
        "asked": asked_in(request),
        "departments": [("", "全部单位"), *queries.departments_of(request.actor)],  # type: ignore[attr-defined]
        "table": Table(listing.title, listing.heads, lines, listing.empty, listing.hint, caption_hidden=True),
        "page": Page(
            len(page.object_list),
            address(request, page=page.previous_page_number()) if page.has_previous() else "",
            address(request, page=page.next_page_number()) if page.has_next() else "",
            pages.count,
            listing.unit,
        ),
        "export_url": address(request, export="1"),
        "clear_url": request.path,
        "crumbs": CRUMBS,
        "tabs": [],
        **more,
    }
    return render(request, "catalog/desk_changes.html", context)


def day(at: Any) -> str:
    """An instant as a day of the office."""
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def _item_cell(item: ImplementationItem) -> Cell:
    return Cell(item.name, url=reverse("desk-item", args=[item.pk]), note=item.org.short_name or item.org.name)


REQUESTS = Listing(
    "调整申请",
    "新增、变更、承接、下放、取消事项的申请，都留下依据、文号和经办人。",
    [
        "事项",
        Column("类型", nowrap=True),
        "原因和依据",
        "文号",
        Column("提出", nowrap=True),
        Column("结果", nowrap=True),
    ],
    "没有符合条件的调整申请。",
    "份",
)
OUTCOMES = {"open": "blue", "done": "green", "declined": "red", "confirmed": "amber", "superseded": "grey"}


@staff_only
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """《事项调整申请》 of one's organisation or territory."""
    asked = asked_in(request)
    rows = changes.requests_found(asked, by=request.actor)  # type: ignore[attr-defined]
    if request.GET.get("export"):
        heads = ["事项名称", "实施编码", "实施单位", "类型", "依据", "文号", "原因", "提出时间", "提出人", "结果", "办结时间", "答复"]  # fmt: skip
        said = (
            (
                r.item.name, r.item.impl_code, r.item.org.name, r.get_kind_display(), r.get_basis_display(),
                r.document_number, r.reason, day(r.requested_at), r.requested_by, r.get_outcome_display(),
                day(r.closed_at), r.answer,
            )
            for r in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return exported("调整申请", heads, said)

    def line(r: ChangeRequest) -> Iterable[Sequence[object]]:
        yield (
            _item_cell(r.item), r.get_kind_display(), Cell(r.reason, note=r.get_basis_display()), r.document_number,
            Cell(day(r.requested_at), note=r.requested_by),
            Cell(lamp=Lamp(OUTCOMES[r.outcome], r.get_outcome_display()), note=r.answer),
        )  # fmt: skip

    return shown(
        request, REQUESTS, rows, line,
        selects=[
            ("kind", "调整类型", [("", "全部类型"), *ChangeKind.choices], asked.kind),
            ("state", "结果", [("", "全部"), *ChangeRequest.Outcome.choices], asked.state),
        ],
    )  # fmt: skip


BASE_CHANGES = Listing(
    "上级变更待办",
    "上级事项发布新版本，或者基本目录暂停、取消以后，本级要在期限内确认。逾期没有确认的在这里列出，并计入指标。",
    ["事项", "有什么不同", "上级", Column("期限", nowrap=True), Column("状态", nowrap=True)],
    "没有符合条件的待办。",
)


@staff_only
@require_safe
def base_changes(request: HttpRequest) -> HttpResponse:
    """To-dos from changed base items, with the overdue ones."""
    asked, today = asked_in(request), clock.local_day(clock.now())
    actor = request.actor  # type: ignore[attr-defined]
    rows = changes.base_changes_found(asked, today=today, by=actor)
    if request.GET.get("export"):
        heads = ["事项名称", "实施编码", "实施单位", "上级单位", "事由", "有什么不同", "产生", "期限", "状态", "确认时间", "确认人"]  # fmt: skip
        said = (
            (
                c.item.name, c.item.impl_code, c.item.org.name, c.item.base.org.name if c.item.base else "",
                c.get_kind_display(), "；".join(c.sentences), day(c.opened_at), str(c.due_on), _standing(c, today),
                day(c.confirmed_at), c.confirmed_by,
            )
            for c in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return exported("上级变更待办", heads, said)

    def line(c: BaseChange) -> Iterable[Sequence[object]]:
        tone = "red" if _late(c, today) else OUTCOMES[c.outcome]
        above = c.item.base.org.short_name if c.item.base else "基本目录"
        yield (
            _item_cell(c.item), "；".join(c.sentences),
            Cell(above, note=f"第 {c.base_version.number} 版" if c.base_version else c.document_number),
            str(c.due_on), Cell(lamp=Lamp(tone, _standing(c, today))),
        )  # fmt: skip

    counts = changes.base_change_counts(today=today, by=actor)
    kinds = [("", "全部", sum(v for k, v in counts.items() if k != changes.OVERDUE)), (changes.OVERDUE, "逾期未确认", counts[changes.OVERDUE])]  # fmt: skip
    kinds += [(str(o), str(o.label), counts[o]) for o in BaseChange.Outcome]
    return shown(
        request, BASE_CHANGES, rows, line,
        tabs=[Tab(name, address(request, state=key), asked.state == key, n) for key, name, n in kinds],
        selects=[("kind", "事由", [("", "全部事由"), *BaseChange.Kind.choices], asked.kind)],
    )  # fmt: skip


def _late(c: BaseChange, today: Any) -> bool:
    return bool(c.outcome == BaseChange.Outcome.OPEN and c.due_on < today)


def _standing(c: BaseChange, today: Any) -> str:
    return f"逾期 {(today - c.due_on).days} 天未确认" if _late(c, today) else str(c.get_outcome_display())


UNEQUAL = Listing(
    "三级N同",
    "同一事项在各级应当一致的要素（名称、编码、类型、设定依据、受理条件、材料、流程、法定时限、结果、情形），这里逐条列出不一致的单位、要素和两边的内容。",
    ["事项和单位", Column("要素", nowrap=True), "本级写的", "上级写的"],
    "没有不一致的要素。",
    "个事项",
    "每次发布时自动比对，现在各级都一致。",
)


@staff_only
@require_safe
def unequal(request: HttpRequest) -> HttpResponse:
    """三级N同: unequal locked elements, with unit and both values."""
    asked = asked_in(request)
    rows = changes.unequal_items(asked, by=request.actor)  # type: ignore[attr-defined]
    element = asked.element if asked.element in labels.ELEMENTS else ""
    if request.GET.get("export"):
        heads = [
            "事项名称",
            "基本编码",
            "实施编码",
            "单位",
            "状态",
            "上级单位",
            "要素",
            "位置",
            "本级写的",
            "上级写的",
        ]
        said = (
            (
                i.name, i.catalog_item_id, i.impl_code, i.org.name, ITEM_FLOW.label(i.state),
                i.base.org.name if i.base else "", u.element, u.where, u.here, u.above,
            )
            for i in rows.iterator(chunk_size=100)
            for u in changes.unequal_elements(i, element)
        )  # fmt: skip
        return exported("三级N同", heads, said)

    def line(i: ImplementationItem) -> Iterable[Sequence[object]]:
        above = i.base.org.short_name if i.base else ""
        for u in changes.unequal_elements(i, element):
            yield _item_cell(i), Cell(u.element, note=u.where), u.here, Cell(u.above, note=above)

    return shown(
        request, UNEQUAL, rows, line,
        selects=[("element", "要素", [("", "全部要素"), *labels.ELEMENTS.items()], asked.element)],
    )  # fmt: skip
