"""统一出件: what lies at this desk, what arrives, what is on its way, what nobody fetches; results of a department."""

import tempfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import rules_custody
from siban.cases.actions import custody as actions
from siban.cases.models_custody import CustodyPiece
from siban.cases.queries import custody as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page, Tab

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("条码", "件", "种类", "办件编号", "事项", "申请人", "现在在哪里", "从什么时候起")
OFFICES = ("approver", "chief_rep", "unit_head")


@require_GET
@never_cache
@staff_required(*rules_custody.HANDLERS)
def issue_list(request: HttpRequest) -> HttpResponse:
    """The pieces of this unit by where they stand."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    wanted = queries.Wanted.of(request.GET)
    found, here = queries.issue_list(actor, wanted, at=at), reverse("issue-list")
    tabs = [
        Tab(label, here + queries.Wanted(tab).query(), tab == wanted.tab, found.counts.get(tab))
        for tab, label in queries.TABS.items()
    ]
    context = {
        "wanted": wanted,
        "found": found,
        "tabs": tabs,
        "page": Page(len(found.lines), next_url=found.following, unit="件"),
        "kinds": [("", "全部"), *CustodyPiece.Kind.choices],
        "counters": [one for one in queries.counters_of(actor) if one[0] != str(actor.org_id)],
        "is_office": actor.has_role(*OFFICES),
        "here": here,
        "export": reverse("issue-export") + wanted.query(),
        "unclaimed_days": rules_custody.UNCLAIMED_DAYS,
    }
    return render(request, "cases/desk/issue_list.html", context)


@require_POST
@never_cache
@staff_required(*rules_custody.HANDLERS)
def find(request: HttpRequest) -> HttpResponse:
    """A barcode, scanned or typed: who holds the piece."""
    typed = "".join(request.POST.get("barcode", "").split())
    if why := rules_custody.wrong_barcode(typed):
        messages.error(request, why)
    elif not CustodyPiece.objects.visible_to(request.actor).filter(barcode=typed).exists():  # type: ignore[attr-defined]
        messages.error(request, f"没有找到条码 {typed}，或者这一件没有经过您单位。请核对标签。")
    else:
        return redirect("issue-piece", typed)
    return redirect("issue-list")


@require_POST
@never_cache
@staff_required(*rules_custody.HANDLERS)
def confirm(request: HttpRequest) -> HttpResponse:
    """The pieces ticked are here: this unit holds them from now on."""
    chosen = _chosen(request, "handover")
    _said(request, lambda: actions.confirm(handovers=chosen, by=request.actor, at=clock.now()), "已接收 {} 件。")  # type: ignore[attr-defined]
    return redirect(reverse("issue-list") + ("?tab=arriving" if request.POST.get("again") else ""))


@require_POST
@never_cache
@staff_required(*rules_custody.HANDLERS)
def hand_over(request: HttpRequest) -> HttpResponse:
    """The pieces ticked go to another counter, as one list."""
    chosen, org = _chosen(request, "piece"), _uuid(request.POST.get("to", ""))
    if org is None:
        messages.error(request, "请选择接收窗口。")
    else:
        _said(
            request,
            lambda: actions.hand_over(pieces=chosen, to="counter", to_org_id=org, by=request.actor, at=clock.now()),  # type: ignore[attr-defined]
            "已移交，等待对方接收。",
        )
    return redirect("issue-list")


def _chosen(request: HttpRequest, name: str) -> list[UUID]:
    return [one for text in request.POST.getlist(name) if (one := _uuid(text)) is not None]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _said(request: HttpRequest, do: Callable[[], Any], done: str) -> None:
    try:
        result = do()
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done.format(result))


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*OFFICES)
def results(request: HttpRequest) -> HttpResponse:
    """What this department has made for its applicants and not yet brought to the issue desk."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen, org = _chosen(request, "case"), _uuid(request.POST.get("to", ""))
        if org is None:
            messages.error(request, "请选择出件窗口。")
        else:
            _said(
                request,
                lambda: actions.send_results(cases=chosen, to_org_id=org, by=actor, at=clock.now()),
                "已移交，等待出件窗口接收。标签可以在“在途”里打印。",
            )
        return redirect("issue-results")
    context = {
        "rows": queries.results_to_send(actor),
        "counters": queries.counters_of(actor),
        "crumbs": [("统一出件", reverse("issue-list"))],
    }
    return render(request, "cases/desk/issue_results.html", context)


@require_GET
@never_cache
@staff_required(*rules_custody.HANDLERS)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook, names of persons masked."""
    wanted, at = queries.Wanted.of(request.GET), clock.now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(queries.TABS[wanted.tab]), book.add_format({"bold": True})
    for column, width in enumerate((14, 28, 12, 24, 36, 14, 24, 18)):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, HEADS, bold)
    for number, one in enumerate(queries.every_line(request.actor, wanted, at=at), 1):  # type: ignore[attr-defined]
        since = f"{localtime(one.since):%Y-%m-%d %H:%M}"
        sheet.write_row(
            number, 0, (one.barcode, one.what, one.kind, one.number, one.title, one.applicant, one.lamp.label, since)
        )
    book.close()
    file.seek(0)
    name = f"{queries.TABS[wanted.tab]}-{clock.local_day(at):%Y%m%d}.xlsx"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=SHEET)
    response["Cache-Control"] = "no-store"
    return response
