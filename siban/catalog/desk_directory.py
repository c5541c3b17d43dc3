"""Claiming from the base list: what a unit should exercise, one by one; the authority assigns and adjusts the list."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from siban.identity.api import Org, Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page

from . import access, actions, directory, labels
from . import queries_changes as changes
from .desk_changes import CRUMBS, PAGE, address
from .desk_versions import typed
from .models import CatalogItem

MANAGERS = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN)


def _org(request: HttpRequest, actor: Actor) -> Org | None:
    """The unit looked at: one's own, or the one the authority chose in its territory."""
    if not access.sees_territory(actor):
        return Org.objects.select_related("region").filter(pk=actor.org_id).first()
    code = request.GET.get("dept", "") or request.POST.get("dept", "")
    found = Org.objects.select_related("region").filter(region_id__startswith=actor.region_prefix)
    return found.filter(code=code[:60]).first() if code else None


@staff_required(*MANAGERS)
@require_http_methods(["GET", "POST"])
def claiming(request: HttpRequest) -> HttpResponse:
    """应认领未认领 of a unit; a POST claims (the unit) or assigns (the authority) one item."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    org, refusal = _org(request, actor), ""
    if request.method == "POST":
        try:
            return _one(request, actor, org)
        except Refused as why:
            refusal = str(why)
    rows = directory.unclaimed(org) if org else CatalogItem.objects.none()
    asked = request.GET.get("q", "")[:60].replace("\x00", "")
    if asked:
        rows = rows.filter(name__icontains=asked) | rows.filter(basic_code__startswith=asked)
    pages = Paginator(rows, PAGE)
    page = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "org": org,
        "asked": asked,
        "is_unit": actor.has_role("dept_admin"),
        "units": [("", "请选择单位"), *changes.units_below(actor)] if access.sees_territory(actor) else [],
        "waiting": list(directory.assigned(org)) if org else [],
        "rows": [(row, labels.ITEM_TYPES.get(row.item_type, "")) for row in page],
        "page": Page(
            len(page.object_list),
            address(request, page=page.previous_page_number()) if page.has_previous() else "",
            address(request, page=page.next_page_number()) if page.has_next() else "",
            pages.count,
            "项",
        ),
        "refusals": [(refusal, "#main")] if refusal else [],
        "crumbs": CRUMBS,
    }
    return render(request, "catalog/desk_directory.html", context, status=422 if refusal else 200)


def _one(request: HttpRequest, actor: Actor, org: Org | None) -> HttpResponse:
    code = request.POST.get("basic_code", "")[:12]
    if actor.has_role("dept_admin"):
        item = actions.claim_listed(catalog_item=code, by=actor, at=clock.now())
        messages.success(request, f"已认领“{item.name}”。下一步请“开始编制”。")
        return redirect("desk-item", pk=item.pk)
    if org is None:
        raise Refused("请先选择单位。")
    row = CatalogItem.objects.filter(pk=code).first()
    if row is None:
        raise Refused(f"基本目录里没有编码为“{code or '空'}”的事项，请核对 12 位基本编码。")
    actions.assign(catalog_item=row, org=org, slug=f"{org.code}.{row.pk}"[:120], by=actor, at=clock.now())
    messages.success(request, f"已向{org.name}下达认领“{row.name}”。")
    return redirect(f"{reverse('desk-directory')}?dept={org.code}")


STATUSES = [("suspended", "暂停"), ("cancelled", "取消"), ("active", "恢复为在用")]


@staff_required(Role.SERVICE_ADMIN)
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, basic_code: str) -> HttpResponse:
    """An item of the base list; a POST suspends, cancels or takes it up again."""
    row = CatalogItem.objects.filter(pk=basic_code).first()
    if row is None:
        raise Http404("基本目录里没有这个编码的事项。")
    said, refusal = typed(request, "status", "document_number", "note"), ""
    if request.method == "POST":
        try:
            row = actions.set_listed(
                basic_code=basic_code, status=said["status"], document_number=said["document_number"][:80],
                reason=said["note"][:300], by=request.actor, at=clock.now(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as why:
            refusal = str(why)
        else:
            messages.success(request, f"“{row.name}”在基本目录里已改为“{row.get_status_display()}”。")
            return redirect("desk-listed", basic_code=basic_code)
    context = {
        "row": row, "refusals": [(refusal, "#id_note")] if refusal else [], "typed": said, "crumbs": CRUMBS,
        "statuses": [choice for choice in STATUSES if choice[0] != row.status],
    }  # fmt: skip
    return render(request, "catalog/desk_listed.html", context, status=422 if refusal else 200)
