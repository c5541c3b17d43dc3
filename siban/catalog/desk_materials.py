"""The catalogue of materials on the desk: use, links to certificates, what could be linked and what it would bring."""

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Entry, Link, Page, Table

from . import access, actions, wording
from . import grains as found_in
from .models import MaterialGrain

MOST = 100  # items changed at one sitting
ROLES = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN)
PAGE = 50
MOVES = {"link_material": "关联电子证照", "unlink_material": "取消关联"}
LINKS = (("", "全部"), ("linked", "已关联电子证照"), ("open", "没有关联"), ("could", "可以关联而没有关联"))


def _wanted(request: HttpRequest, could: dict[str, Any]) -> list[MaterialGrain]:
    q, link = request.GET.get("q", "").strip()[:60].replace("\x00", ""), request.GET.get("link", "")
    rows = MaterialGrain.objects.order_by("name", "id")
    rows = rows.filter(name__icontains=q) if q else rows
    if link == "linked":
        rows = rows.exclude(ecert_type_id="")
    elif link == "open":
        rows = rows.filter(ecert_type_id="", is_form=False)
    elif link == "could":
        rows = rows.filter(pk__in=list(could))
    return list(rows)


@never_cache
@require_safe
@staff_required(*ROLES)
def grains(request: HttpRequest) -> HttpResponse:
    """All common materials with their use and their certificate."""
    by = request.actor  # type: ignore[attr-defined]
    everything = list(MaterialGrain.objects.order_by("name", "id"))
    could = found_in.could_be_linked(everything, by=by)
    uses, names = found_in.uses(by), wording.certificate_names()
    pages = Paginator(_wanted(request, {c.grain.pk: c for c in could}), PAGE)
    page = pages.get_page(request.GET.get("page"))
    none = found_in.Use()
    rows = [
        (
            Cell(g.name, url=reverse("desk-material", args=[g.pk])),
            g.category,
            "是" if g.is_form else "",
            names.get(g.ecert_type_id, ""),
            uses.get(g.pk, none).items,
            uses.get(g.pk, none).unlike or "",
        )
        for g in page
    ]
    heads = [
        "材料", Column("类别", nowrap=True), Column("表格", nowrap=True), "关联的电子证照", Column("使用的事项", numeric=True),
        Column("待更新的事项", numeric=True),
    ]  # fmt: skip
    kept = {k: v for k, v in request.GET.items() if v and k != "page"}
    context = {
        "table": Table("材料目录", heads, rows, "没有符合条件的材料。", "换个名称再查，或者清空条件。", caption_hidden=True),
        "page": Page(
            len(rows),
            f"?{urlencode({**kept, 'page': page.previous_page_number()})}" if page.has_previous() else "",
            f"?{urlencode({**kept, 'page': page.next_page_number()})}" if page.has_next() else "",
            pages.count, "种",
        ),
        "could": could_table(could),
        "q": kept.get("q", ""),
        "link": kept.get("link", ""),
        "links": LINKS,
        "clear_url": reverse("desk-materials"),
        "export_url": reverse("desk-materials-export"),
    }  # fmt: skip
    return render(request, "catalog/desk_materials.html", context)


def could_table(could: list[found_in.Could]) -> Table:
    """What could be linked, and the figures before and after."""
    rows = [
        (
            Cell(c.grain.name, url=reverse("desk-material", args=[c.grain.pk]), note=c.why),
            c.name,
            c.items,
            f"{c.now.percent} → {c.linked.percent}",
            f"{c.now.percent} → {c.ticked.percent}",
            f"{c.papers_now} → {c.papers_then}",
        )
        for c in could
    ]
    heads = [
        "材料", "可以关联的电子证照", Column("事项", numeric=True), "免证办占比（只关联）", "免证办占比（关联并勾选免证办）",
        Column("不用带的材料（份）", numeric=True),
    ]  # fmt: skip
    return Table("可以关联而没有关联的材料", heads, rows, "没有可以关联而没有关联的材料。", caption_hidden=True)


@never_cache
@require_safe
@staff_required(*ROLES)
def export(request: HttpRequest) -> HttpResponse:
    """The catalogue as a spreadsheet; text stays text."""
    by = request.actor  # type: ignore[attr-defined]
    uses, names = found_in.uses(by), wording.certificate_names()
    file, none = io.BytesIO(), found_in.Use()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("材料目录")
        sheet.write_row(
            0, 0, ["材料编号", "材料名称", "类别", "是否表格", "关联的电子证照", "使用的事项", "待更新的事项"]
        )
        for n, g in enumerate(MaterialGrain.objects.order_by("name", "id"), start=1):
            use = uses.get(g.pk, none)
            sheet.write_row(
                n, 0,
                [g.pk, g.name, g.category, "是" if g.is_form else "否", names.get(g.ecert_type_id, ""), use.items, use.unlike],
            )  # fmt: skip
    response = HttpResponse(
        file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%9D%90%E6%96%99%E7%9B%AE%E5%BD%95.xlsx"
    return response


def _grain(pk: str) -> MaterialGrain:
    found = MaterialGrain.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这种材料，请从材料目录进入。")
    return found


@never_cache
@require_safe
@staff_required(*ROLES)
def grain(request: HttpRequest, pk: str) -> HttpResponse:
    """One material: the link, the items that ask for it, those that say otherwise than the catalogue."""
    by = request.actor  # type: ignore[attr-defined]
    subject = _grain(pk)
    items = list(found_in.asking_for(pk, by=by)[: found_in.LISTED])
    rows = [(i, found_in.says_otherwise(i, subject), found_in.can_follow(i, by=by)) for i in items]
    names, called = wording.certificate_names(), wording.callable_certificates()
    entries = [
        Entry(
            e.at, e.actor_name, MOVES.get(e.move, e.move), e.law,
            " → ".join(names.get(str(v), "没有关联") for v in e.changes.get("ecert_type_id", ())),
        )
        for e in journal.timeline(subject)
    ]  # fmt: skip
    context = {
        "grain": subject,
        "linked": names.get(subject.ecert_type_id, ""),
        "certificates": sorted(((k, names[k]) for k in called), key=lambda pair: pair[1]),
        "suggested": found_in.candidates([subject]).get(subject.pk, ("", ""))[0] or subject.ecert_type_id,
        "may_link": access.links_materials(by),
        "rows": rows,
        "unlike": sum(1 for _, unlike, _ in rows if unlike),
        "may_follow": any(unlike and can for _, unlike, can in rows),
        "listed": found_in.LISTED if len(items) == found_in.LISTED else 0,
        "entries": entries,
        "crumbs": [Link("材料目录", reverse("desk-materials"))],
    }
    return render(request, "catalog/desk_material.html", context)


@require_POST
@staff_required(Role.SERVICE_ADMIN)
def link(request: HttpRequest, pk: str) -> HttpResponse:
    """Link a certificate, or take the link away."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    _grain(pk)
    try:
        if request.POST.get("do") == "unlink":
            actions.unlink_material(grain=pk, by=by, at=at)
            messages.success(request, "已取消关联。已发布的指南不变，需要更新的事项列在下面。")
        else:
            actions.link_material(grain=pk, certificate=request.POST.get("certificate", ""), by=by, at=at)
            messages.success(request, "已关联。已发布的指南不变，需要更新的事项列在下面。")
    except Refused as why:
        messages.error(request, str(why))
    return redirect("desk-material", pk=pk)


@require_POST
@staff_required(Role.DEPT_ADMIN)
def open_changes(request: HttpRequest, pk: str) -> HttpResponse:
    """Open a change for each chosen item, its draft already put right."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    _grain(pk)
    chosen = []
    for said in request.POST.getlist("item")[:MOST]:
        try:
            chosen.append(UUID(said))
        except ValueError:
            continue
    done = actions.follow_material(grain=pk, items=chosen, by=by, at=at)
    if good := [o for o in done if not o.why]:
        messages.success(request, f"已为 {len(good)} 个事项开始调整，草稿里的关联已更新，请自检后提交审核。")
    for outcome in done:
        if outcome.why:
            messages.error(request, f"{outcome.name}：{outcome.why}")
    if not done:
        messages.error(request, "没有选择可以调整的事项。请勾选后再试。")
    return redirect("desk-material", pk=pk)
