"""Items as workbooks on the desk: out as filtered; in by upload, preview and confirmation; back what could not be taken."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui.parts import Cell, Lamp, Link, Page, Tab, Table
from siban.kernel.web import refusals
from siban.kernel.web.rowsheets import sent

from . import actions, exporting, queries
from .actions.importing import path_of
from .desk import ROLES, sought_in
from .models import WorkbookImport, WorkbookLine
from .workbook import mapping, reading, returning, writing
from .workbook.headings import WorkbookRefused
from .workbook.places import Fault, Place

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 2 * 1024 * 1024  # bytes; larger workbooks are checked in the background
FEW = 60  # items put into drafts at once; more of them in the background
Verdict = WorkbookLine.Verdict
TONES = {Verdict.NEW: "green", Verdict.CHANGED: "blue", Verdict.UNCHANGED: "grey", Verdict.REFUSED: "red"}
GONE = "没有找到这次导入，或者它不属于您的单位。请从“导入表格”进入。"
MANAGERS = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN)


class WorkbookForm(ui_forms.Form):
    """The workbook to be imported."""

    file = forms.FileField(
        label="事项表格",
        help_text="Excel 工作簿（.xlsx）。可以是从本系统导出的，也可以是其他单位格式的，后者会请您核对各列的对应关系。",
        widget=ui_forms.UploadInput(max_bytes=settings.UPLOAD_LIMIT, accept=".xlsx", kinds="Excel 表格"),
    )


@staff_required(*ROLES)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All elements of what is filtered, as a workbook; `template` gives the empty form."""
    empty = "template" in request.GET
    found = queries.managed(sought_in(request), by=request.actor)  # type: ignore[attr-defined]
    return sent(
        lambda out: writing.write(out, iter(()) if empty else exporting.written(found)),
        "事项表格模板.xlsx" if empty else "事项要素.xlsx",
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(*MANAGERS)
def upload(request: HttpRequest) -> HttpResponse:
    """Send a workbook in; earlier ones of the organisation below."""
    actor = request.actor  # type: ignore[attr-defined]
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = actions.receive_workbook(content=file.file, name=file.name, by=actor, at=clock.now())
        except FileRefused as why:
            refusals.upload(request, why)
            form.add_error("file", str(why))
        else:
            if file.size <= AT_ONCE:
                actions.check_workbook(workbook=received.pk, at=clock.now())
            return redirect("desk-workbook-page", pk=received.pk)
    rows = [
        (
            Cell(w.file.name, url=reverse("desk-workbook-page", args=[w.pk])),
            f"{timezone.localtime(w.received_at):%Y-%m-%d %H:%M}",
            w.received_by,
            Cell(lamp=standing(w)),
        )
        for w in queries.recent_workbooks(actor)
    ]
    context = {
        "form": form,
        "recent": Table(
            "最近的导入", ["文件", "上传时间", "上传人", "情况"], rows, "还没有导入过表格。", caption_hidden=True
        ),
        "crumbs": [Link("事项管理", reverse("desk-items"))],
        "template_url": f"{reverse('desk-workbook-export')}?template=1",
        "export_url": reverse("desk-workbook-export"),
    }
    return render(request, "catalog/desk_workbook.html", context, status=422 if form.errors else 200)


def standing(workbook: WorkbookImport) -> Lamp:
    """How far an import is, in words."""
    if workbook.applied_at:
        return Lamp("green", f"已导入 {workbook.counts.get('applied', 0)} 项")
    if workbook.confirmed_at:
        return Lamp("amber", "正在导入")
    if workbook.checked_at is None:
        return Lamp("amber", "正在核对")
    if workbook.foreign:
        return Lamp("amber", "要对应各列")
    if workbook.refusal:
        return Lamp("red", "不能读取")
    return Lamp("blue", "已核对，等您确认")


def found(request: HttpRequest, pk: UUID) -> WorkbookImport:
    try:
        return WorkbookImport.objects.visible_to(request.actor).select_related("file", "org").get(pk=pk)  # type: ignore[attr-defined]
    except WorkbookImport.DoesNotExist:
        raise Http404(GONE) from None


@never_cache
@require_safe
@staff_required(*MANAGERS)
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the workbook would change, item by item and element by element; what is refused and why."""
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in Verdict.values else ""
    said = request.GET.get("page", "1")
    number = max(1, int(said)) if said.isdecimal() and len(said) < 6 else 1
    try:
        page = queries.workbook_page(pk, verdict=verdict, page=number, by=request.actor)  # type: ignore[attr-defined]
    except WorkbookImport.DoesNotExist:
        raise Http404(GONE) from None
    workbook, counts = page.workbook, page.workbook.counts
    running = bool(workbook.checked_at is None or (workbook.confirmed_at and not workbook.applied_at))
    if request.headers.get("HX-Request") == "true" and not running:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    here = reverse("desk-workbook-page", args=[pk])
    tabs = [Tab("要看的", here, not verdict, sum(counts.get(v, 0) for v in Verdict.values if v != Verdict.UNCHANGED))]
    tabs += [Tab(str(v.label), f"{here}?verdict={v}", verdict == v, counts[v]) for v in Verdict if counts.get(v)]

    def at(to: int) -> str:
        return f"{here}?{urlencode({'verdict': verdict, 'page': to} if verdict else {'page': to})}"

    todo = counts.get(Verdict.NEW, 0) + counts.get(Verdict.CHANGED, 0)
    context = {
        "workbook": workbook,
        "lamp": standing(workbook),
        "running": running,
        "done": queries.how_far(workbook) if workbook.confirmed_at and running else 0,
        "todo": todo,
        "refused": counts.get(Verdict.REFUSED, 0),
        "loose": workbook.loose,
        "unread": workbook.unread,
        "lines": [_shown(line) for line in page.lines],
        "tabs": tabs,
        "page": Page(
            len(page.lines), at(number - 1) if number > 1 else "", at(number + 1) if number * queries.LINES < page.total else "",
            page.total, "项",
        ),
        "here": here,
        "apply_url": reverse("desk-workbook-apply", args=[pk]),
        "returned_url": reverse("desk-workbook-returned", args=[pk]),
        "columns_url": reverse("desk-workbook-columns", args=[pk]),
        "upload_url": reverse("desk-workbook"),
        "crumbs": [Link("事项管理", reverse("desk-items")), Link("导入表格", reverse("desk-workbook"))],
        "errors": [(sentence, "#main") for sentence in workbook.refusal],
    }  # fmt: skip
    return render(request, "catalog/desk_workbook_page.html", context)


def _shown(line: WorkbookLine) -> dict[str, Any]:
    rows = [(where, before or "（没有）", after or "（去掉了）") for where, before, after in line.differences]
    outcome = line.outcome or ("已存为草稿" if line.applied_at else "")
    return {
        "line": line,
        "lamp": Lamp(TONES[Verdict(line.verdict)], str(Verdict(line.verdict).label)),
        "table": Table(f"{line.name}的改动", ["要素", "原来", "改为"], rows, caption_hidden=True) if rows else None,
        "faults": [fault["words"] for fault in line.faults],
        "outcome": outcome,
        "url": reverse("desk-item", args=[line.item_id]) if line.item_id else "",
    }


@require_POST
@staff_required(*MANAGERS)
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview was read: the sound items go into drafts."""
    workbook = found(request, pk)
    try:
        confirmed = actions.confirm_workbook(workbook=workbook.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refused as why:
        messages.error(request, str(why))
        return redirect("desk-workbook-page", pk=pk)
    if confirmed.counts.get(Verdict.NEW, 0) + confirmed.counts.get(Verdict.CHANGED, 0) <= FEW:
        actions.apply_workbook(workbook=pk, at=clock.now())
    return redirect("desk-workbook-page", pk=pk)


@require_safe
@staff_required(*MANAGERS)
def returned(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What could not be taken, as a workbook with the faulty cells marked."""
    workbook = found(request, pk)
    lines = workbook.lines.filter(verdict=Verdict.REFUSED).order_by("place")
    wrong = dict(lines.values_list("code", "faults").iterator())
    if not wrong and not workbook.loose:
        raise Http404("这次导入没有退回的内容。")
    maps = mapping.sheets_of(workbook.mapping.sheets) if workbook.mapping else None
    try:
        book = reading.opened(path_of(workbook.file), maps)
    except WorkbookRefused as why:
        raise Http404(str(why)) from None

    def rows() -> Iterator[tuple[returning.Rows, list[Fault]]]:
        for entry in book.items():
            if entry.code in wrong:
                yield entry.rows, [_fault(said) for said in wrong[entry.code]]
        for fault, (sheet, number, row, part) in zip(book.faults, book.loose, strict=True):
            yield {sheet: [(number, row, part)]}, [fault]

    return sent(lambda out: returning.give_back(out, rows()), "退回修改的事项.xlsx")


def _fault(said: dict[str, Any]) -> Fault:
    """A kept fault as the writer takes it."""
    return Fault(Place(said["sheet"], said["row"], 0, said["title"]), None, said["rule"])
