"""Versions of an item: any two compared in words, and an old one taken as the draft of a new one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Link, Row, Table

from . import access, actions, differences
from . import queries_changes as changes
from .flow import ItemState
from .models import ImplementationItem, ItemVersion
from .queries import ItemPage
from .slots import ROLES

GONE = "没有找到这个事项，或者它不属于您的单位。请从事项列表进入。"


def standing(version: ItemVersion, item: ImplementationItem) -> str:
    """现行、待生效、草稿 or 历史."""
    if version.pk == item.version_id:
        return "现行"
    if version.is_published:
        return "历史"
    return f"待生效（{version.effective_on}）" if item.state == ItemState.SCHEDULED else "草稿"


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """What was typed into the fields of a form, to be shown again after a refusal."""
    return {name: request.POST.get(name, "") for name in names}


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 7 else None


@staff_required(*ROLES)
@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All versions, two of them side by side; a POST takes an old one as the draft of a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    said, refusal = request.GET, ""
    if not ImplementationItem.objects.visible_to(actor).filter(pk=pk).exists():
        raise Http404(GONE)
    if request.method == "POST":
        number = _number(request.POST.get("number", ""))
        try:
            if number is None:
                raise Refused("请选择要作为底稿的版本。")
            made = actions.roll_back(
                item=pk, number=number, reason=request.POST.get("note", "")[:280], by=actor, at=clock.now()
            )
        except Refused as why:
            refusal = str(why)
        else:
            messages.success(request, f"已以第 {number} 版为底稿建立第 {made.number} 版草稿，请核对后自检、提交。")
            return redirect("desk-item", pk=pk)
    page = changes.compared(
        pk, older=_number(said.get("older", "")), newer=_number(said.get("newer", "")), by=actor
    )  # fmt: skip
    return render(
        request, "catalog/desk_versions.html", _context(request, page, refusal), status=422 if refusal else 200
    )


def _context(request: HttpRequest, page: changes.Compared, refusal: str) -> dict[str, Any]:
    item = page.item
    named = [(str(v.number), f"第 {v.number} 版（{standing(v, item)}）") for v in page.versions]
    old = [(str(v.number), f"第 {v.number} 版") for v in page.versions if v.is_published and v.pk != item.version_id]
    rows = [
        (
            f"第 {v.number} 版", standing(v, item), str(v.effective_on or ""),
            f"{timezone.localtime(v.retired_at):%Y-%m-%d}" if v.retired_at else "",
            Cell(v.created_by, note=f"{timezone.localtime(v.created_at):%Y-%m-%d %H:%M}"),
            Cell(v.reason, note=f"校验码 {v.content_hash[:16]}"),
        )
        for v in page.versions
    ]  # fmt: skip
    context: dict[str, Any] = {
        "item": item,
        "crumbs": [Link("事项管理", reverse("desk-items")), Link(item.name, reverse("desk-item", args=[item.pk]))],
        "table": Table(
            "版本",
            ["版本", "状态", "生效日期", "停用日期", "编制人", "原因"],
            rows,
            "还没有版本。",
            caption_hidden=True,
        ),
        "choices": named,
        "older": str(page.older.number) if page.older else "",
        "newer": str(page.newer.number) if page.newer else "",
        "page": page,
        "who": [],
        "details": None,
        "refusals": [(refusal, "#id_note")] if refusal else [],
        "typed": typed(request, "number", "note"),
        "old": old if access.item_manager(request.actor, item) else [],  # type: ignore[attr-defined]
    }
    if page.older and page.newer:
        context["who"] = [
            Row(f"第 {v.number} 版", f"{v.created_by}，{timezone.localtime(v.created_at):%Y-%m-%d %H:%M}，{v.reason or '没有写明原因'}")
            for v in (page.older, page.newer)
        ]  # fmt: skip
        context["details"] = Table(
            "逐项对照", ["要素", f"第 {page.older.number} 版", f"第 {page.newer.number} 版"],
            [(d.where, d.before or "（没有）", d.after or "（去掉了）") for d in page.details], "两版内容相同。",
            caption_hidden=True,
        )  # fmt: skip
    return context


def latest(page: ItemPage) -> dict[str, Any]:
    """What the newest version changes against the one before it, in sentences; empty with fewer than two."""
    if len(page.versions) < 2:
        return {}
    newer, older = page.versions[:2]
    return {
        "newer": newer.number, "older": older.number, "is_draft": not newer.is_published,
        "sentences": differences.in_words(older.elements, newer.elements),
    }  # fmt: skip
