"""Blank forms and samples of an item: what the public gets, and the unit's own files in place of the drawn ones."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Link
from siban.kernel.web import refusals

from . import access, actions, blanks, queries, rules
from .actions.compiling import readable
from .editing.form_fields import FieldRows, field_rows
from .flow import ItemState
from .models import ImplementationItem, ItemVersion
from .public import offered

READERS = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN, Role.SUPERVISOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Offered:
    """One form of one kind as the page shows it."""

    material_id: str
    material: str
    kind: str
    words: str
    own: bool
    links: tuple[Link, ...]


def _page(request: HttpRequest, pk: UUID) -> queries.ItemPage:
    try:
        return queries.item_page(pk, by=request.actor)  # type: ignore[attr-defined]
    except ImplementationItem.DoesNotExist:
        raise Http404("没有找到这个事项，或者它不属于您的单位。请从事项列表进入。") from None


def _shown(page: queries.ItemPage) -> ItemVersion:
    version = page.draft or page.item.version
    if version is None:
        raise Http404("这个事项还没有内容，请先“开始编制”。")
    return version


@never_cache
@require_safe
@staff_required(*READERS)
def forms(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every form of the draft, else of the version in force."""
    return _render(request, _page(request, pk))


def _locked(page: queries.ItemPage) -> bool:
    """Whether the level above says which papers are asked for."""
    return bool(page.item.base_id) and "materials" in rules.LOCKED


def _editable(request: HttpRequest, page: queries.ItemPage) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    return access.item_manager(actor, page.item) and page.item.state == ItemState.DRAFTING and not _locked(page)


def _render(request: HttpRequest, page: queries.ItemPage, *, error: str = "", status: int = 200) -> HttpResponse:
    content = readable(_shown(page).content)
    rows = []
    for material in content.materials:
        for kind, words in blanks.KINDS.items() if material.is_form else ():
            own = blanks.own_file(material, kind) is not None
            offers = (("查看", "own"),) if own else (("Word", "docx"), ("PDF", "pdf"))
            rows.append(
                Offered(
                    material.id, material.name, kind, words, own,
                    tuple(Link(w, reverse("desk-item-form", args=[page.item.pk, material.id, kind, s])) for w, s in offers),
                )
            )  # fmt: skip
    locked, editable = _locked(page), _editable(request, page)
    context = {
        "item": page.item,
        "rows": rows,
        "editable": editable,
        "locked": locked,
        "errors": [(error, "#main")] if error else [],
        "crumbs": [
            Link("事项管理", reverse("desk-items")),
            Link(page.item.name, reverse("desk-item", args=[page.item.pk])),
        ],
    }
    return render(request, "catalog/desk_forms.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(Role.DEPT_ADMIN)
def fields(request: HttpRequest, pk: UUID, material_id: str) -> HttpResponse:
    """Which data elements one form of the draft asks for."""
    page = _page(request, pk)
    draft = page.draft
    if not _editable(request, page) or draft is None:
        raise Refused("现在不能修改表单字段。需要修改时，由部门事项管理员在事项页面“申请调整”后再来。")
    material = next((m for m in readable(draft.content).materials if m.id == material_id and m.is_form), None)
    if material is None:
        raise Http404("草稿里没有这份表格，请从“空表和样表”页面进入。")
    data = request.POST if request.method == "POST" else None
    known = [{"element": f.element, "name": f.name, "required": f.required} for f in material.form_fields]
    rows, refusal, status = field_rows(data, known), "", 200
    if data is not None and rows.is_valid():
        said = {"item": pk, "material_id": material_id, "fields": rows.fields_in_order(), "seen": data.get("seen", "")}
        try:
            actions.ask_fields(**said, by=request.actor, at=clock.now())  # type: ignore[arg-type, attr-defined]
        except Refused as why:
            refusal, status = str(why), 409
        else:
            messages.success(request, "表单字段已保存到草稿，空表和样表随之更新。")
            return redirect("desk-item-forms", pk=pk)
    elif data is not None:
        status = 422
    context = {
        "item": page.item,
        "material": material,
        "rows": rows,
        "seen": draft.content_hash,
        "errors": _errors(rows, refusal) if data is not None else [],
        "back": reverse("desk-item-forms", args=[pk]),
        "crumbs": [
            Link("事项管理", reverse("desk-items")),
            Link(page.item.name, reverse("desk-item", args=[pk])),
            Link("空表和样表", reverse("desk-item-forms", args=[pk])),
        ],
    }
    return render(request, "catalog/desk_form_fields.html", context, status=status)


def _errors(rows: FieldRows, refusal: str) -> list[tuple[str, str]]:
    found = [(refusal, "#main")] if refusal else []
    found += [(str(text), "#fields") for text in rows.non_form_errors()]
    for number, row in enumerate(rows, start=1):
        found += [(f"第 {number} 行：{text}", f"#{bound.id_for_label}") for bound in row for text in bound.errors]
    return found


@never_cache
@require_safe
@staff_required(*READERS)
def file(request: HttpRequest, pk: UUID, material_id: str, kind: str, suffix: str) -> HttpResponse | FileResponse:
    """One file as it would be offered."""
    version = _shown(_page(request, pk))
    return offered(readable(version.content), version.content_hash, material_id, kind, suffix)


@never_cache
@require_POST
@staff_required(Role.DEPT_ADMIN)
def change(request: HttpRequest, pk: UUID, material_id: str, kind: str) -> HttpResponse:
    """Take the unit's own file in, or go back to the drawn one."""
    page, said = _page(request, pk), {"item": pk, "material_id": material_id, "kind": kind}
    by, at, sent = request.actor, clock.now(), request.FILES.get("file")  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "restore":
            actions.restore_form(**said, by=by, at=at)
        elif sent is None:
            raise Refused("还没有选择文件。请先选择一个 PDF、Word 或者 Excel 文件，再按“换上”。")
        else:
            actions.replace_form(**said, file=sent.file, name=sent.name or "", by=by, at=at)
    except (Refused, FileRefused) as why:
        refusals.upload(request, why)
        return _render(request, page, error=str(why), status=422)
    messages.success(request, "已保存到草稿，发布后公众看到新的表格。")
    return redirect("desk-item-forms", pk=pk)
