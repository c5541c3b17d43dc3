"""报送 on the desk: what is asked of units, what they hand in, the receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.models import StoredFile
from siban.kernel.ui.acting import day
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.web import refusals
from siban.kernel.web.rowsheets import XLSX, exported
from siban.kernel.web.shown import shown_file

from .. import access_supervision as access
from .. import forms_collections as forms
from ..actions import collecting
from ..flow_collections import CollectionState
from ..models import Collection
from ..queries import collections as queries
from ..queries import directives
from ..rules_collections import KINDS, fields_of
from ..workbooks_collections import template

PAGE = 30


def _may_direct(request: HttpRequest) -> Any:
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not access.may_direct(actor):
        raise PermissionDenied(f"您当前的岗位不能提出报送要求。{access.may_direct.__doc__}")
    return actor


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def index(request: HttpRequest) -> HttpResponse:
    """What was asked for, with who has and who has not; of a unit, what it owes."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    tabs = dict(queries.TABS if access.sees_territory(actor) else queries.OWN_TABS)
    tab, number = request.GET.get("tab", ""), number_of(request.GET)
    tab = tab if tab in tabs else ""
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    found = queries.collection_list(actor, tab=tab, q=q, at=clock.now(), number=number, size=PAGE)
    context = {
        "found": found, "tab": tab, "q": q, "page": page_of(len(found.table.rows), number, found.more, tab=tab, q=q),
        "may_direct": access.may_direct(actor), "clear": reverse("collections"),
    }  # fmt: skip
    return render(request, "oversight/collections/index.html", context)


@require_POST
@staff_required(*access.BUREAU)
def begin(request: HttpRequest) -> HttpResponse:
    """An empty draft, kept from now on."""
    made = collecting.begin(by=_may_direct(request), at=clock.now())
    return redirect("collection-edit", pk=made.pk)


@require_GET
@never_cache
@staff_required(*access.BUREAU, "auditor")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One collection: who has reported and who has not."""
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: UUID, *, said: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.find(actor, pk)
    page = queries.collection_page(row, by=actor, at=at)
    draft = row.state == CollectionState.DRAFT
    context = {
        "page": page, "said": said, "until": request.POST.get("until", ""), "is_draft": draft, "kinds": KINDS,
        "faults": collecting.faults_of(row, today=clock.local_day(at)) if draft else [],
        "choices": {c.name: c for c in page.choices}, "may_direct": access.directs(actor, row),
        "crumbs": [("报送", reverse("collections"))],
    }  # fmt: skip
    return render(request, "oversight/collections/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The one page on which a collection is written."""
    actor = _may_direct(request)
    row = queries.find(actor, pk)
    if row.state != CollectionState.DRAFT:
        messages.info(request, "这份报送要求已经下达，不能再修改。")
        return redirect("collection", pk=pk)
    orgs = directives.units_in(actor.region_prefix)
    if request.method == "GET":
        return _edit(request, row, forms.of_row(row), orgs)
    form, draft = forms.read(request.POST, orgs=orgs, issuer=row.org_id)
    if form.faults():
        return _edit(request, row, form, orgs, status=422)
    try:
        collecting.save(collection_id=pk, draft=draft, by=actor, at=clock.now())
    except Refused as why:
        return _edit(request, row, form, orgs, said=str(why), status=409)
    messages.success(request, "草稿已经保存。")
    return redirect("collection" if request.POST.get("do") == "check" else "collection-edit", pk=pk)


def _edit(request: HttpRequest, row: Any, form: Any, orgs: Any, *, said: str = "", status: int = 200) -> HttpResponse:
    context = {
        "row": row, "form": form, "errors": form.faults(), "said": said, "kinds": list(KINDS.items()),
        "ways": Collection.Kind.choices, "purposes": Collection.Purpose.choices,
        "departments": [o for o in orgs if o.kind != "township"], "townships": [o for o in orgs if o.kind == "township"],
        "department_count": sum(o.kind != "township" and o.pk != row.org_id for o in orgs),
        "crumbs": [("报送", reverse("collections")), (str(row), reverse("collection", args=[row.pk]))],
    }  # fmt: skip
    return render(request, "oversight/collections/edit.html", context, status=status)


@require_POST
@staff_required(*access.BUREAU)
def act(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Send out, postpone, urge, close, withdraw, stop repeating."""
    actor, at = _may_direct(request), clock.now()
    queries.find(actor, pk)
    given = {k: str(v).replace("\x00", "") for k, v in request.POST.items()}
    try:
        match move:
            case "open":
                row = collecting.send_out(collection_id=pk, by=actor, at=at)
                done = f"已经下达，并通知了 {row.submissions.count()} 个单位。"
            case "postpone":
                collecting.postpone(
                    collection_id=pk,
                    until=day(given, "until", "新的期限"),
                    reason=given.get("reason", ""),
                    by=actor,
                    at=at,
                )
                done = "期限已经调整。"
            case "urge":
                done = f"已经催报 {collecting.urge(collection_id=pk, by=actor, at=at)} 个单位。"
            case "close":
                collecting.close(collection_id=pk, by=actor, at=at)
                done = "已经截止，不再收报送。"
            case "withdraw":
                collecting.withdraw(collection_id=pk, reason=given.get("reason", ""), by=actor, at=at)
                done = "已经撤回。"
            case "stop_repeating":
                collecting.stop_repeating(collection_id=pk, by=actor, at=at)
                done = "下个月不再重复。"
            case _:
                raise Refused("没有这种办理。请刷新页面后再试。")
    except Refused as why:
        return _detail(request, pk, said=str(why), status=409)
    messages.success(request, done)
    return redirect("collection", pk=pk)


@require_GET
@staff_required(*access.BUREAU, "auditor")
def export(request: HttpRequest, pk: UUID) -> Any:
    """All rows of all units together."""
    row = queries.find(request.actor, pk)  # type: ignore[attr-defined]
    return exported("报送汇总", queries.heads(row), queries.export_rows(row, at=clock.now()))


@require_GET
@staff_required(*access.SEES_SUPERVISION)
def blank(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The workbook to fill in."""
    row = queries.find(request.actor, pk)  # type: ignore[attr-defined]
    if row.kind != Collection.Kind.WORKBOOK:
        raise Http404
    body = template(fields_of(row.fields), title=row.title, words=row.words)
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%8A%A5%E9%80%81%E6%A8%A1%E6%9D%BF.xlsx"
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A unit's return: filled in by the unit, looked through by the bureau; nothing entered is lost when it is refused."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.find_return(actor, pk)
    if request.method == "GET":
        return _submission(request, row)
    do, words = request.POST.get("do", ""), request.POST.get("words", "").replace("\x00", "")
    who: dict[str, Any] = {"submission_id": row.pk, "by": actor, "at": at}
    try:
        match do:
            case "submit" | "part" if row.collection.kind == Collection.Kind.WORKBOOK:
                collecting.report_workbook(upload=request.FILES.get("file"), words=words, partial=do == "part", **who)
            case "submit" | "part":
                collecting.report(
                    entered=request.POST.dict(), uploads=request.FILES.dict(), words=words, partial=do == "part", **who
                )
            case "nil":
                collecting.report_nil(words=words, **who)
            case "accept":
                collecting.accept(**who)
            case "back":
                collecting.send_back(reason=request.POST.get("reason", ""), **who)
            case _:
                raise Refused("没有这种办理。请刷新页面后再试。")
    except collecting.Faulty as why:
        return _submission(
            request, queries.find_return(actor, pk), faults=why.faults, sentences=why.sentences, status=422
        )
    except (Refused, FileRefused) as why:
        refusals.upload(request, why)
        return _submission(request, queries.find_return(actor, pk), sentences=(str(why),), status=409)
    said = {"submit": "已经报送，回执编号见本页。", "part": "已经保存这一部分，报完以后请点“报送”。", "nil": "已经零报送，回执编号见本页。", "accept": "已经收妥。", "back": "已经退回更正。"}  # fmt: skip
    messages.success(request, said[do])
    return redirect("submission", pk=pk)


def _submission(
    request: HttpRequest,
    row: Any,
    *,
    faults: dict[str, str] | None = None,
    sentences: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = queries.return_page(row, by=actor, at=clock.now())
    typed = request.POST if request.method == "POST" else {}
    boxes = [
        (b, typed.get(b.field.key, b.value) if b.field.kind != "file" else b.value, (faults or {}).get(b.field.key, ""), [("", "请选择"), *((c, c) for c in b.field.choices)])
        for b in page.boxes
    ]  # fmt: skip
    context = {
        "page": page, "row": row, "boxes": boxes, "sentences": sentences, "words": typed.get("words", row.words), "reason": typed.get("reason", ""),
        "fills": access.works_for_unit(actor, row) and "submit" in page.choices, "accept": page.choices.get("accept"),
        "back": page.choices.get("send_back"), "is_workbook": row.collection.kind == Collection.Kind.WORKBOOK,
        "territory": access.sees_territory(actor), "crumbs": [("报送", reverse("collections"))],
    }  # fmt: skip
    return render(request, "oversight/collections/submission.html", context, status=status)


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """回执, to print."""
    row = queries.find_return(request.actor, pk)  # type: ignore[attr-defined]
    if not row.receipt:
        raise Http404
    return render(request, "oversight/collections/receipt.html", {"row": row})


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def file(request: HttpRequest, pk: UUID, file_id: UUID) -> Any:
    """One file that was handed in."""
    row = queries.find_return(request.actor, pk)  # type: ignore[attr-defined]
    return shown_file(StoredFile.objects.get(pk=file_id, subject_type="oversight.Submission", subject_id=str(row.pk)))
