"""The item manager's editor: one plain form over the draft; what was typed survives faults, conflicts and log-outs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Link

from . import access, actions, differences, queries, rules
from .actions.compiling import findings_of, gaps_of, readable
from .editing import ElementsForm, row_sets, written
from .editing.unsaved import as_typed, beside, places_of
from .flow import ITEM_FLOW, ItemState
from .models import ImplementationItem, ItemVersion

CHANGED = "这份草稿在您打开以后被别人改过，您的修改还没有保存，都保留在下面。请核对与现在草稿的不同之处，再按一次“保存”就以您填的为准。"
SHOWN = 30  # differences listed after a conflict


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(Role.DEPT_ADMIN)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Edit the elements of the draft."""
    actor = request.actor  # type: ignore[attr-defined]
    page, draft = _open(request, pk)
    base = page.item.base.version if page.item.base else None
    locked = rules.LOCKED if base else ()
    data = request.POST if request.method == "POST" else None
    form = ElementsForm(data, content=draft.content, locked=locked)
    sets = row_sets(data, content=draft.content, locked=locked)
    refusal, unlike, status = "", [], 200
    if data is not None:
        sound = [form.is_valid(), *(rows.is_valid() for _, rows in sets if rows is not None)]
        if not all(sound):
            status = 422
        else:
            content = written(draft.content, form, sets)
            if data.get("seen") != draft.content_hash:
                refusal, status = CHANGED, 409
                unlike = differences.between(readable(draft.content), readable(content))[:SHOWN]
            else:
                try:
                    kept = actions.save_draft(item=pk, content=content, seen=data["seen"], by=actor, at=clock.now())
                except Refused as why:
                    refusal, status = str(why), 422
                else:
                    messages.success(
                        request, "没有改动。" if kept.content_hash == draft.content_hash else "草稿已保存。"
                    )
                    return redirect("desk-item" if data.get("do") == "close" else "desk-item-edit", pk=pk)
    context = {
        "item": page.item,
        "version": draft,
        "form": form,
        "groups": form.groups(),
        "sets": [{"kind": kind, "rows": rows, "anchor": f"r-{kind.prefix}"} for kind, rows in sets],
        "locked": bool(locked),
        "errors": _errors(form, sets, refusal),
        "unlike": unlike,
        **_found_in(page.item, draft),
        "here": reverse("desk-item-edit", args=[pk]),
        "back": reverse("desk-item", args=[pk]),
        "crumbs": [Link("事项管理", reverse("desk-items")), Link(page.item.name, reverse("desk-item", args=[pk]))],
    }
    return render(request, "catalog/desk_edit.html", context, status=status)


def _open(request: HttpRequest, pk: UUID) -> tuple[queries.ItemPage, ItemVersion]:
    """The item with its draft, for who may edit it now."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        page = queries.item_page(pk, by=actor)
    except ImplementationItem.DoesNotExist:
        raise Http404("没有找到这个事项，或者它不属于您的单位。请从事项列表进入。") from None
    if not access.item_manager(actor, page.item):
        raise PermissionDenied(f"您当前的岗位不能编辑这个事项。{access.item_manager.__doc__}")
    if page.item.state != ItemState.DRAFTING or page.draft is None:
        raise Refused(f"现在是“{ITEM_FLOW.label(page.item.state)}”，不能编辑。需要修改时请在事项页面先“申请调整”。")
    return page, page.draft


@never_cache
@require_POST
@staff_required(Role.DEPT_ADMIN)
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the rules find in the elements as they are typed, before they are saved; asked while one types."""
    page, draft = _open(request, pk)
    locked = rules.LOCKED if page.item.base_id else ()
    form = ElementsForm(request.POST, content=draft.content, locked=locked)
    sets = row_sets(request.POST, content=draft.content, locked=locked)
    if any(rows is not None and not rows.management_form.is_valid() for _, rows in sets):
        raise Refused("这一页没有完整发送过来，请刷新页面后再试。")
    sound = [form.is_valid(), *(rows.is_valid() for _, rows in sets if rows is not None)]
    content = as_typed(draft.content, form, sets)
    found = findings_of(page.item, draft, content)
    places = places_of(sets)
    context = {
        "wrong": [] if all(sound) else _errors(form, sets, ""),
        "found": [beside(one, content, places) for one in found],
        "error_count": len(found.errors),
        "warning_count": len(found.warnings),
        "open_faults": [],
    }
    return render(request, "catalog/_findings.html", context)


def _found_in(item: ImplementationItem, draft: ItemVersion) -> dict[str, Any]:
    """What is missing and what the rules find in the draft as it is saved, each with its box."""
    found = findings_of(item, draft, draft.content)
    return {
        "open_faults": gaps_of(item, draft),
        "found": [beside(one, draft.content, {}) for one in found],
        "error_count": len(found.errors),
        "warning_count": len(found.warnings),
        "wrong": [],
    }


def _errors(form: ElementsForm, sets: list[Any], refusal: str) -> list[tuple[str, str]]:
    """Everything to mend, each a link to its field."""
    found = [(refusal, "#main")] if refusal else []
    if form.is_bound:
        found += [
            (str(text), f"#{bound.id_for_label or bound.auto_id + '_0'}") for bound in form for text in bound.errors
        ]
    for kind, rows in sets:
        if rows is None or not rows.is_bound:
            continue
        found += [(f"{kind.title}：{text}", f"#r-{kind.prefix}") for text in rows.non_form_errors()]
        for place, row in enumerate(rows, start=1):
            found += [
                (f"{kind.title}第 {place} 行：{text}", f"#{bound.id_for_label}")
                for bound in row
                for text in bound.errors
            ]
    return found
