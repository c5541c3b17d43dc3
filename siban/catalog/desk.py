"""The item manager's pages: the list of items, one item with its life, the buttons of the procedure."""

import io
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from siban.identity.api import Role
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Entry, Lamp, Link, Page, Row, Tab, Table

from . import access, actions, desk_versions, guide, labels, queries, reviewing
from . import queries_changes as changes
from .actions.compiling import findings_of, readable
from .actions.discarding import given_up
from .actions.requesting import SHORTEST
from .editing.places import anchor_of
from .flow import DISCARDS, ITEM_FLOW, ChangeBasis, ChangeKind, ItemState
from .models import ImplementationItem
from .queries import PAGE, Sought

TONES = {
    ItemState.PUBLISHED: "green", ItemState.SUSPENDED: "stopped", ItemState.CANCELLED: "grey", ItemState.TO_CLAIM: "amber",
}  # fmt: skip
REASONED = {*DISCARDS, "send_back", "request_change", "suspend", "cancel", "withdraw_schedule", "draft"}
BESIDE = {
    "request_cancellation": "申请取消", "decline_cancellation": "不同意取消", "confirm_base_change": "确认上级变更",
    "approve_taken_over": "审核并发布",
}  # acts that are no moves of the machine, or several at once  # fmt: skip
EXPORTED = 10000  # rows; a banner has a few thousand
ROLES = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN, Role.SUPERVISOR, Role.AUDITOR, Role.DATA_ADMIN)


def staff_only(view: Any) -> Any:
    from siban.identity.gate import staff_required

    return staff_required(*ROLES)(view)


def lamp(state: str) -> Lamp:
    """A state of an item as it is shown."""
    return Lamp(TONES.get(ItemState(state), "blue"), ITEM_FLOW.label(state))


def sought_in(request: HttpRequest) -> Sought:
    said = request.GET
    state = said.get("state", "")
    return Sought(
        q=said.get("q", "")[:60].replace("\x00", ""),
        state=state if state in ItemState.values else "",
        dept=said.get("dept", "")[:60],
        sort=said.get("sort", "name") if said.get("sort") in queries.SORTS else "name",
    )


def _address(request: HttpRequest, **changed: object) -> str:
    kept = {k: v for k, v in request.GET.items() if v and k != "page"}
    kept.update({k: str(v) for k, v in changed.items() if v})
    return f"{reverse('desk-items')}?{urlencode(kept)}" if kept else reverse("desk-items")


@staff_only
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Items of one's organisation or territory, by state."""
    actor, sought = request.actor, sought_in(request)  # type: ignore[attr-defined]
    pages = Paginator(queries.managed(sought, by=actor)[: queries.LISTED], PAGE)
    page = pages.get_page(request.GET.get("page"))
    heads = [
        Column("事项名称", sort_url=_address(request, sort="name"), sorted="ascending" if sought.sort == "name" else ""),
        Column("实施单位", sort_url=_address(request, sort="org"), sorted="ascending" if sought.sort == "org" else ""),
        Column("办件类型", nowrap=True),
        Column("版本", nowrap=True),
        Column("状态", nowrap=True),
        Column(
            "发布时间", sort_url=_address(request, sort="published"), nowrap=True,
            sorted="descending" if sought.sort == "published" else "",
        ),
    ]  # fmt: skip
    rows = [
        (
            Cell(i.name, url=reverse("desk-item", args=[i.pk]), note=i.impl_code),
            i.org.short_name,
            labels.CASE_TYPES[i.case_type],
            f"第 {i.version.number} 版" if i.version else "未发布",
            Cell(lamp=lamp(i.state)),
            f"{timezone.localtime(i.published_at):%Y-%m-%d}" if i.published_at else "",
        )
        for i in page
    ]
    counts = queries.counts_by_state(actor)
    tabs = [
        Tab(
            "全部",
            _address(request) if not sought.state else reverse("desk-items"),
            not sought.state,
            sum(counts.values()),
        )
    ]
    tabs += [
        Tab(str(s.label), _address(request, state=s), sought.state == s, counts[s]) for s in ItemState if s in counts
    ]
    context = {
        "sought": sought,
        "counts": queries.counts(actor),
        "tabs": tabs,
        "departments": [("", "全部单位"), *queries.departments_of(actor)],
        "table": Table(
            "事项", heads, rows, "没有符合条件的事项。", "放宽条件再查，或者清空条件。", caption_hidden=True
        ),
        "page": Page(
            len(rows),
            _address(request, page=page.previous_page_number()) if page.has_previous() else "",
            _address(request, page=page.next_page_number()) if page.has_next() else "",
            pages.count,
            "项",
        ),
        "listed": queries.LISTED if pages.count == queries.LISTED else 0,
        "export_url": f"{reverse('desk-items-export')}?{request.GET.urlencode()}",
        "elements_url": f"{reverse('desk-workbook-export')}?{request.GET.urlencode()}",
        "import_url": reverse("desk-workbook") if access.imports_items(actor) else "",
        "together_url": f"{reverse('desk-together')}?{request.GET.urlencode()}" if access.imports_items(actor) else "",
        "clear_url": reverse("desk-items"),
    }
    return render(request, "catalog/desk_items.html", context)


@staff_only
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What is filtered, as a spreadsheet; text stays text."""
    found = queries.managed(sought_in(request), by=request.actor)[:EXPORTED]  # type: ignore[attr-defined]
    heads = [
        "事项名称",
        "实施编码",
        "基本编码",
        "实施单位",
        "事项类型",
        "办件类型",
        "到现场次数",
        "网办深度",
        "材料数",
        "状态",
        "版本",
        "发布时间",
    ]
    sheet_file = io.BytesIO()
    with xlsxwriter.Workbook(
        sheet_file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    ) as book:
        sheet, bold = book.add_worksheet("事项"), book.add_format({"bold": True})
        sheet.write_row(0, 0, heads, bold)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 3, 34)
        for line, i in enumerate(found, start=1):
            published = f"{timezone.localtime(i.published_at):%Y-%m-%d %H:%M}" if i.published_at else ""
            said = [
                i.name, i.impl_code, i.catalog_item_id, i.org.name, i.item_type, labels.CASE_TYPES[i.case_type],
                i.onsite_visits, i.online_depth, i.material_count, ITEM_FLOW.label(i.state),
                i.version.number if i.version else "", published,
            ]  # fmt: skip
            for column, value in enumerate(said):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, "" if value is None else str(value))
    response = HttpResponse(
        sheet_file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E4%BA%8B%E9%A1%B9.xlsx"
    return response


@staff_only
@require_safe
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item: what may be done with it now, its elements, versions and journal."""
    return _item(request, pk)


def _item(
    request: HttpRequest, pk: UUID, *, refusal: Refused | None = None, note: str = "", status: int = 200,
    giving_up: str = "",
) -> HttpResponse:  # fmt: skip
    actor = request.actor  # type: ignore[attr-defined]
    try:
        page = queries.item_page(pk, by=actor)
    except ImplementationItem.DoesNotExist:
        raise Http404("没有找到这个事项，或者它不属于您的单位。请从事项列表进入。") from None
    shown = page.draft or page.item.version
    content = readable(shown.content) if shown else None
    made = (
        guide.build(
            content, content_hash=shown.content_hash, given={}, org_names=queries.org_names(content), suspended=False
        )
        if content and shown
        else None
    )
    entries = [
        Entry(
            e.at, " ".join(part for part in (e.actor_role and str(Role(e.actor_role).label), e.actor_name) if part),
            _called(e.move), e.law, e.note,
        )
        for e in page.entries
    ]  # fmt: skip
    choices = [
        c for c in ITEM_FLOW.choices(page.item, by=actor, at=clock.now()) if c.allowed or c.name not in DISCARDS
    ]
    latest = desk_versions.latest(page)
    standing = changes.standing(page.item, page.draft)
    edit_url = _edit_url(page, actor)
    editor = (lambda one: edit_url + anchor_of(one.path, page.draft.content)) if edit_url and page.draft else None
    known = {reviewing.PAPERS, *(section.id for section in made.sections)} if made else set()
    found = reviewing.noted(
        findings_of(page.item, page.draft, page.draft.content) if page.draft else (), editor=editor, known=known
    )
    context = {
        "item": page.item,
        "lamp": lamp(page.item.state),
        "owner": ITEM_FLOW.owner(page.item.state),
        "rows": [
            Row("实施单位", page.item.org.name),
            Row("实施编码", page.item.impl_code),
            Row("现行版本", f"第 {page.item.version.number} 版" if page.item.version else "还没有发布"),
            Row("上级同一事项", page.item.base.name if page.item.base else "无（旗级事项）"),
            Row("下一步由谁办", ITEM_FLOW.owner(page.item.state) or "已经结束"),
        ],
        "choices": choices,
        "guide": made,
        "is_draft": bool(page.draft),
        "entries": entries,
        "latest": latest,
        "versions_url": reverse("desk-item-versions", args=[pk]),
        "asks": _asks(choices),
        "kinds": KINDS_OF_DRAFT if page.item.state == ItemState.CLAIMED else KINDS_OF_CHANGE,
        "bases": [("", "请选择"), *ChangeBasis.choices],
        "typed": desk_versions.typed(request, "kind", "basis", "document_number", "effective_on", "draft_days"),
        "standing": standing,
        "may_manage": access.item_manager(actor, page.item),
        "may_serve": access.service_admin(actor, page.item),
        "edit_url": edit_url,
        "findings": found,
        "parts": reviewing.parts(made.sections, found) if made else [],
        "of_papers": reviewing.of_papers(found),
        "forms_url": reverse("desk-item-forms", args=[pk]) if page.draft or page.item.version_id else "",
        "refusals": reviewing.refused(refusal, editor=editor, edit_url=edit_url, known=known) if refusal else [],
        "note": note,
        "giving_up": giving_up,
        "lost": given_up(page.item) if giving_up and page.draft else [],
        "crumbs": [Link("事项管理", reverse("desk-items"))],
        "public_url": reverse("item-guide", args=[page.item.impl_code]) if page.item.version_id else "",
        "print_url": reverse("item-print", args=[page.item.impl_code]) if page.item.version_id else "",
    }
    return render(request, "catalog/desk_item.html", context, status=status)


def _edit_url(page: queries.ItemPage, actor: Any) -> str:
    """The editor, for who may edit the draft now."""
    may = page.draft and page.item.state == ItemState.DRAFTING and access.item_manager(actor, page.item)
    return reverse("desk-item-edit", args=[page.item.pk]) if may else ""


def _called(move: str) -> str:
    return ITEM_FLOW.moves[move].label if move in ITEM_FLOW.moves else BESIDE.get(move) or OTHER_MOVES.get(move, move)


def _asks(choices: Any) -> dict[str, bool]:
    """Which fields the open moves want beside the reason."""
    names = {c.name for c in choices if c.allowed}
    return {
        "kind": bool(names & {"request_change", "draft"}),
        "document": bool(names & {"request_change", "draft", "cancel"}),
        "day": bool(names & {"publish", "schedule"}),
    }


KINDS_OF_DRAFT = [(k.value, k.label) for k in (ChangeKind.NEW, ChangeKind.TAKE_OVER)]
KINDS_OF_CHANGE = [(k.value, k.label) for k in (ChangeKind.CHANGE, ChangeKind.TAKE_OVER, ChangeKind.DELEGATE)]
OTHER_MOVES = {
    "assign": "下达认领", "save_draft": "保存草稿", "import": "导入或者批量修改", "list_as_negative": "列入负面清单",
    "take_off_negative": "移出负面清单",
}  # fmt: skip


@staff_only
@require_POST
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """One step of the procedure, by its button."""
    if (move not in ITEM_FLOW.moves or ITEM_FLOW.moves[move].deemed) and move not in BESIDE:
        raise Http404("没有这个操作，请从事项页面的按钮进入。")
    actor, note = request.actor, request.POST.get("note", "")[:300]  # type: ignore[attr-defined]
    if not ImplementationItem.objects.visible_to(actor).filter(pk=pk).exists():
        raise Http404("没有找到这个事项，或者它不属于您的单位。请从事项列表进入。")
    if move in DISCARDS and len(note.strip()) >= SHORTEST and not request.POST.get("confirmed"):
        return _item(request, pk, note=note, giving_up=move)
    try:
        act = (
            actions.discard if move in DISCARDS else actions.publish if move == "schedule" else getattr(actions, move)
        )
        act(item=pk, by=actor, at=clock.now(), **_said(request, move, note))
    except Refused as why:
        return _item(request, pk, refusal=why, note=note, status=422)
    messages.success(request, f"已{_called(move)}。")
    return redirect("desk-item", pk=pk)


def _said(request: HttpRequest, move: str, note: str) -> dict[str, Any]:
    """What a move wants to know, from the form. Raises Refused for a day that is none."""
    said = request.POST
    if move in ("publish", "schedule"):
        return _when(said, move)
    found: dict[str, Any] = {"reason": note} if move in REASONED or "cancellation" in move else {}
    if move == "review":
        found["opinion"] = note
    if move in ("request_change", "draft"):
        found["kind"] = said.get("kind") or ("new" if move == "draft" else "change")
    if move in ("request_change", "request_cancellation"):
        found["basis"] = said.get("basis", "")
    if move in ("request_change", "draft", "cancel", "request_cancellation"):
        found["document_number"] = said.get("document_number", "")[:80]
    return found


def _when(said: Any, move: str) -> dict[str, Any]:
    typed, days = said.get("effective_on", "").strip(), said.get("draft_days", "").strip()
    try:
        day = date.fromisoformat(typed.replace("/", "-")) if typed else None
    except ValueError:
        raise Refused(f"生效日期“{typed[:20]}”不是日期，请按“2026-12-01”的样子填写。") from None
    if move == "schedule" and (day is None or day <= clock.local_day(clock.now())):
        raise Refused("定日发布请填写以后的生效日期；今天就执行的请按“发布”。")
    if move == "publish" and day and day > clock.local_day(clock.now()):
        raise Refused("生效日期在以后的请按“定日发布”；今天就执行的请把生效日期清空，再按“发布”。")
    if days and not (days.isdigit() and len(days) < 4):
        raise Refused(f"旧版草稿的保留天数“{days[:10]}”不是天数，请填写 0 到 365 之间的整数。")
    return {"effective_on": day, **({"draft_days": int(days)} if days else {})}
