"""Upkeep of the lists that are data of their own: the power list of a unit, the negative list of the hall."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.api import Org, Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Lamp, Link, Page, Tab, Table
from siban.kernel.web.rowsheets import exported

from . import access, actions, labels, queries
from .desk import ROLES
from .desk_changes import CRUMBS, PAGE, address, asked_in, day
from .desk_versions import typed
from .lists import standing_of_link
from .models import ImplementationItem, LinkCheck, NegativeEntry, PowerListItem

MANAGERS = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN)
STATES = {"unlinked": "没有关联指南", "broken": "链接打不开", "removed": "已移出"}


def _entries(actor: Actor) -> Any:
    """Entries an actor may see: own unit's, or the territory's."""
    rows = PowerListItem.objects.select_related("org")
    if access.sees_territory(actor):
        return rows.filter(org__region_id__startswith=actor.region_prefix)
    return rows.filter(org_id=actor.org_id) if actor.org_id else rows.none()


def _found(request: HttpRequest) -> Any:
    asked = asked_in(request)
    rows = _entries(request.actor)  # type: ignore[attr-defined]
    rows = rows.filter(status="removed" if asked.state == "removed" else "active")
    if asked.state == "unlinked":
        rows = rows.exclude(pk__in=PowerListItem.items.through.objects.filter(
            implementationitem_id__in=ImplementationItem.objects.published().order_by().values("pk")
        ).values("powerlistitem_id"))  # fmt: skip
    elif asked.state == "broken":
        rows = rows.filter(is_reachable=False)
    if asked.dept:
        rows = rows.filter(org__code=asked.dept)
    if asked.q:
        rows = rows.filter(name__icontains=asked.q.strip()) | rows.filter(code__istartswith=asked.q.strip())
    return rows.prefetch_related("items").order_by("org__order", "org__code", "code")


def _reach(entry: PowerListItem) -> Cell:
    tone = {True: "green", False: "red", None: "grey"}[entry.is_reachable]
    return Cell(lamp=Lamp(tone, standing_of_link(entry)), note=entry.url)


@staff_required(*ROLES)
@require_safe
def powers(request: HttpRequest) -> HttpResponse:
    """权责清单: entries, their guides, whether their links can be opened."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows, asked = _found(request), asked_in(request)
    if request.GET.get("export"):
        heads = [
            "权责事项",
            "编号",
            "单位",
            "权力类型",
            "依据",
            "链接",
            "链接检查",
            "检查日期",
            "关联的事项",
            "实施编码",
        ]
        said = (
            (
                p.name, p.code, p.org.name, labels.ITEM_TYPES.get(p.item_type, ""), p.basis, p.url, standing_of_link(p),
                day(p.checked_at), "；".join(i.name for i in p.items.all()), "；".join(i.impl_code for i in p.items.all()),
            )
            for p in rows.iterator(chunk_size=300)
        )  # fmt: skip
        return exported("权责清单", heads, said)
    pages = Paginator(rows[:3000], PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = [
        (
            Cell(p.name, url=reverse("desk-power", args=[p.pk]), note=p.code), p.org.short_name or p.org.name,
            labels.ITEM_TYPES.get(p.item_type, ""),
            Cell("、".join(i.name for i in p.items.all()[:4]) or "没有关联办事指南", note=f"共 {len(p.items.all())} 个" if len(p.items.all()) > 4 else ""),
            _reach(p),
        )
        for p in page
    ]  # fmt: skip
    context = {
        "asked": asked,
        "tabs": [Tab("全部", address(request, state=""), not asked.state)]
        + [Tab(name, address(request, state=key), asked.state == key) for key, name in STATES.items()],
        "departments": [("", "全部单位"), *queries.departments_of(actor)],
        "table": Table("权责清单", ["权责事项", Column("单位", nowrap=True), Column("类型", nowrap=True), "关联的办事指南", "链接"], lines, "没有符合条件的权责条目。", caption_hidden=True),
        "page": Page(
            len(page.object_list),
            address(request, page=page.previous_page_number()) if page.has_previous() else "",
            address(request, page=page.next_page_number()) if page.has_next() else "", pages.count, "条",
        ),
        "export_url": address(request, export="1"), "clear_url": request.path, "crumbs": CRUMBS,
        "may_add": actor.has_role(*MANAGERS),
        "last": LinkCheck.objects.order_by("-made_at").first(),
    }  # fmt: skip
    return render(request, "catalog/desk_powers.html", context)


@staff_required(*MANAGERS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Open every link of one's list once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    org = None if access.sees_territory(actor) else Org.objects.get(pk=actor.org_id)
    run = actions.check_links(org=org, by=actor, at=clock.now())
    messages.success(
        request, f"已检查：能打开 {run.reachable} 条，打不开 {run.unreachable} 条，外部网址未检查 {run.unknown} 条。"
    )
    return redirect("desk-powers")


@staff_required(*MANAGERS)
@require_http_methods(["GET", "POST"])
def power(request: HttpRequest, power: UUID | None = None) -> HttpResponse:
    """One entry: add, change, take off the list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    entry = _entries(actor).filter(pk=power).first() if power else None
    if power and entry is None:
        raise Http404("没有找到这条权责事项，或者它不属于您的单位。请从权责清单进入。")
    refusal, said = "", request.POST
    org = entry.org if entry else _org(request, actor)
    if request.method == "POST":
        try:
            if org is None:
                raise Refused("请选择单位。")
            if said.get("do") == "remove" and entry:
                actions.remove_power(power=entry.pk, org=org, reason=said.get("note", ""), by=actor, at=clock.now())
                messages.success(request, f"已将“{entry.name}”移出权责清单。")
                return redirect("desk-powers")
            kept = actions.keep_power(
                power=entry.pk if entry else None, org=org, code=said.get("code", ""), name=said.get("name", ""),
                item_type=said.get("item_type", ""), basis=said.get("basis", ""), url=said.get("url", ""),
                items=_uuids(request), by=actor, at=clock.now(),
            )  # fmt: skip
            messages.success(request, f"已保存“{kept.name}”。")
            return redirect("desk-power", power=kept.pk)
        except Refused as why:
            refusal = str(why)
    chosen = set(said.getlist("items")) if said else {str(i.pk) for i in entry.items.all()} if entry else set()
    owned = ImplementationItem.objects.visible_to(actor).filter(org=org).order_by("name") if org else []
    value = {
        name: said.get(name, "") if said else getattr(entry, name, "") if entry else ""
        for name in ("code", "name", "item_type", "basis", "url")
    }
    context = {
        "entry": entry, "org": org, "value": value, "types": [("", "请选择"), *labels.POWER_TYPES.items()],
        "items": [(str(i.pk), i.name) for i in owned], "chosen": sorted(chosen),
        "units": [("", "请选择"), *queries.departments_of(actor)] if access.sees_territory(actor) else [],
        "refusals": [(refusal, "#main")] if refusal else [], "crumbs": [*CRUMBS, Link("权责清单", reverse("desk-powers"))],
        "reach": _reach(entry) if entry else None, "note": said.get("note", ""),
    }  # fmt: skip
    return render(request, "catalog/desk_power.html", context, status=422 if refusal else 200)


def _org(request: HttpRequest, actor: Actor) -> Org | None:
    if not access.sees_territory(actor):
        return Org.objects.filter(pk=actor.org_id).first()
    code = request.POST.get("dept", "") or request.GET.get("dept", "")
    return Org.objects.filter(region_id__startswith=actor.region_prefix, code=code[:60]).first() if code else None


def _uuids(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(said) for said in dict.fromkeys(request.POST.getlist("items"))]
    except ValueError:
        raise Refused("选择的事项有误，请刷新页面后重新选择。") from None


@staff_required(*ROLES)
@require_http_methods(["GET", "POST"])
def negative(request: HttpRequest) -> HttpResponse:
    """不进驻大厅负面清单, and items that are neither in the hall nor on it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal = ""
    if request.method == "POST":
        try:
            return _change_negative(request, actor)
        except Refused as why:
            refusal = str(why)
    mine = ImplementationItem.objects.visible_to(actor).published()
    listed = NegativeEntry.objects.filter(removed_at=None, item__in=mine.order_by().values("pk"))
    asked = asked_in(request)
    gaps = mine.filter(is_in_hall=False).exclude(pk__in=listed.order_by().values("item_id")).select_related("org")
    if asked.dept:
        listed, gaps = listed.filter(item__org__code=asked.dept), gaps.filter(org__code=asked.dept)
    if asked.q:
        listed, gaps = listed.filter(item__name__icontains=asked.q), gaps.filter(name__icontains=asked.q)
    if request.GET.get("export"):
        rows = listed.select_related("item__org").order_by("item__org__order", "item__slug")
        heads = ["事项名称", "实施编码", "单位", "不进驻的原因", "依据文号", "列入日期", "列入人"]
        told = ((e.item.name, e.item.impl_code, e.item.org.name, e.reason, e.document_number, day(e.listed_at), e.listed_by) for e in rows.iterator(chunk_size=500))  # fmt: skip
        return exported("不进驻大厅负面清单", heads, told)
    pages = Paginator(gaps.order_by("level", "org__order", "slug")[:3000], PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "asked": asked, "departments": [("", "全部单位"), *queries.departments_of(actor)],
        "listed": list(listed.select_related("item__org").order_by("item__org__order", "item__slug")[:500]),
        "gaps": list(page), "page": Page(
            len(page.object_list),
            address(request, page=page.previous_page_number()) if page.has_previous() else "",
            address(request, page=page.next_page_number()) if page.has_next() else "", pages.count, "项",
        ),
        "in_hall": mine.filter(is_in_hall=True).count(), "may": actor.has_role("service_admin"), "typed": typed(request, "item", "note", "document_number"),
        "choices": [("", "请选择事项"), *((str(i.pk), f"{i.name}（{i.org.short_name}）") for i in page)],
        "refusals": [(refusal, "#id_note")] if refusal else [], "crumbs": CRUMBS,
        "export_url": address(request, export="1"), "clear_url": request.path,
    }  # fmt: skip
    return render(request, "catalog/desk_negative.html", context, status=422 if refusal else 200)


def _change_negative(request: HttpRequest, actor: Actor) -> HttpResponse:
    said = request.POST
    try:
        key = UUID(said.get("item", "") or said.get("entry", ""))
    except ValueError:
        raise Refused("请先选择事项。") from None
    try:
        if said.get("entry"):
            done = actions.take_off_negative(entry=key, reason=said.get("note", ""), by=actor, at=clock.now())
            messages.success(request, f"“{done.item.name}”已移出负面清单。")
        else:
            made = actions.list_as_negative(
                item=key, reason=said.get("note", ""), document_number=said.get("document_number", ""), by=actor,
                at=clock.now(),
            )  # fmt: skip
            messages.success(request, f"“{made.item.name}”已列入负面清单。")
    except (ImplementationItem.DoesNotExist, NegativeEntry.DoesNotExist):
        raise Refused("没有找到这个事项，请刷新页面后重新选择。") from None
    return redirect("desk-negative")
