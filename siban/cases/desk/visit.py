"""接待 on one screen: the person, every item under way, all receipts; and the screen that says nothing about anybody."""

import io
from typing import Any
from uuid import UUID

import pikepdf
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import access
from siban.cases.actions import counter_visit as actions
from siban.cases.models import Case
from siban.cases.models_counter import CounterVisit
from siban.cases.queries import counter as counter_queries
from siban.cases.queries import visits as queries
from siban.catalog.api import ImplementationItem
from siban.identity.gate import staff_required
from siban.kernel import clock, papers
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.models import Paper

Fault = tuple[str, str]
MOST_PAPERS = 60


def forget(response: HttpResponse) -> HttpResponse:
    """The answer after a visitor has left: the browser drops what it kept of the pages before."""
    response["Clear-Site-Data"] = '"cache"'
    return response


def closed(request: HttpRequest, *, case_id: UUID | None = None, visit_id: UUID | None = None) -> HttpResponse:
    """What stands in the place of a visit that is not under way: how to go on, and nothing of the visitor."""
    context = {"case_id": case_id, "visit_id": visit_id}
    return render(request, "cases/desk/visit_closed.html", context, status=200 if request.method == "GET" else 409)


@require_GET
@never_cache
@staff_required(*access.FRONT)
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Who is here, each item with what it still wants, one more item, everything that is ready in one press."""
    found = _found(request, visit_id)
    return _screen(request, found, {}, []) if _is_served(request, found) else closed(request, visit_id=visit_id)


def _found(request: HttpRequest, visit_id: UUID) -> CounterVisit:
    by: Actor = request.actor  # type: ignore[attr-defined]
    return CounterVisit.objects.at_counter_of(by).select_related("person", "enterprise").get(pk=visit_id)


def _is_served(request: HttpRequest, found: CounterVisit) -> bool:
    return found.state == "open" and found.clerk_id == request.actor.account_id  # type: ignore[attr-defined]


def _screen(request: HttpRequest, found: CounterVisit, given: dict[str, str], faults: list[Fault]) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    wanted = given.get("q", "")
    items = counter_queries.items(by, wanted) if wanted else []
    context = {
        "page": queries.visit_page(found, by=by, on=clock.local_day(clock.now())),
        "given": {"q": wanted, "token": str(uuid7())},
        "items": items,
        "chosen": str(items[0].id) if items else "",
        "items_url": reverse("counter-items"),
        "faults": faults,
    }
    return render(request, "cases/desk/visit.html", context, status=422 if faults else 200)


@require_POST
@never_cache
@staff_required(*access.FRONT)
def add(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One more item for the same person."""
    found = _found(request, visit_id)
    if not _is_served(request, found):
        return closed(request, visit_id=visit_id)
    by: Actor = request.actor.through("window")  # type: ignore[attr-defined]
    given = {name: request.POST.get(name, "").strip()[:60] for name in ("q", "item", "token")}
    choices = counter_queries.items(by, given["q"])
    keys = [str(choice.id) for choice in choices]
    if not keys:
        said = f"没有找到“{given['q'][:30]}”。请换一个说法。" if given["q"] else "请输入要办的事项。"
        return _screen(request, found, given, [(said, "#id_q")])
    item = ImplementationItem.objects.select_related("version").get(
        pk=given["item"] if given["item"] in keys else keys[0]
    )
    try:
        token: UUID | None = UUID(given["token"])
    except ValueError:
        token = None
    try:
        case = actions.begin_item(visit_id=visit_id, item=item, by=by, at=clock.now(), token=token)
    except Refused as why:
        return _screen(request, found, given, [(str(why), "#id_q")])
    return redirect("counter-draft", case.pk)


@require_POST
@never_cache
@staff_required(*access.FRONT)
def act(request: HttpRequest, visit_id: UUID, verb: str) -> HttpResponse:
    """Set aside, take up, hand in all that is ready, end."""
    by: Actor = request.actor.through("window")  # type: ignore[attr-defined]
    found, at = _found(request, visit_id), clock.now()
    try:
        if verb == "resume":
            actions.resume(visit_id=visit_id, by=by, at=at)
            return redirect("counter-visit", visit_id)
        if verb == "park":
            actions.park(visit_id=visit_id, by=by, at=at)
            return forget(redirect("counter"))
        if verb == "end":
            actions.end(visit_id=visit_id, by=by, at=at)
            return forget(redirect("counter"))
        if not _is_served(request, found):
            return closed(request, visit_id=visit_id)
        page = queries.visit_page(found, by=by, on=clock.local_day(clock.now()), with_earlier=False)
        done = actions.hand_in_ready(visit_id=visit_id, ready=page.ready, by=by, at=at)
    except Refused:
        return closed(request, visit_id=visit_id)
    for one in done:
        if one.refusal:
            messages.error(request, f"“{one.title}”没有提交：{one.refusal}")
    handed = [one for one in done if not one.refusal]
    if handed:
        messages.success(request, f"已经提交 {len(handed)} 项，凭证可以一起打印。")
    elif not done:
        messages.info(request, "现在没有可以提交的事项。请先把缺的补齐。")
    return redirect("counter-visit", visit_id)


@require_POST
@never_cache
@staff_required(*access.FRONT)
def take_up(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Go on with a draft or a correction of who is here now."""
    by: Actor = request.actor.through("window")  # type: ignore[attr-defined]
    try:
        actions.take_up(case_id=case_id, by=by, at=clock.now())
    except Refused as why:
        messages.error(request, str(why))
        return redirect("counter")
    return redirect("counter-draft", case_id)


@require_http_methods(["GET"])
@never_cache
@staff_required(*access.FRONT)
def sheet(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One sheet for the visitor to take home: every item handed in, its numbers, its limits, where to ask."""
    found = _found(request, visit_id)
    if not _is_served(request, found):
        return closed(request, visit_id=visit_id)
    by: Actor = request.actor  # type: ignore[attr-defined]
    context = {"sheet": queries.visit_sheet(found), "counter": by.org_name, "at": clock.now(), "id": visit_id}
    return render(request, "cases/desk/visit_sheet.html", context)


@require_http_methods(["GET"])
@never_cache
@staff_required(*access.FRONT)
def all_papers(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Every statutory paper of the visit in one file, to be printed at once."""
    found = _found(request, visit_id)
    if not _is_served(request, found):
        return closed(request, visit_id=visit_id)
    sheets = _papers(found)
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for one in sheets:
            verify = request.build_absolute_uri(reverse("verify-result", args=[one.verify_code]))
            with pikepdf.open(io.BytesIO(papers.pdf(one, verify_url=verify))) as part:
                whole.pages.extend(part.pages)
        if not sheets:
            messages.info(request, "凭证正在出具，请过几秒再打印。")
            return redirect("counter-visit", visit_id)
        whole.save(out)
    response = HttpResponse(out.getvalue(), content_type="application/pdf")
    response["Content-Disposition"] = "inline; filename=papers.pdf"
    response["Cache-Control"] = "private, no-store"
    return response


def _papers(found: CounterVisit) -> list[Paper]:
    ids = Case.objects.filter(visit_lines__visit=found).order_by("pk").values_list("pk", flat=True)
    rows: Any = Paper.objects.filter(subject_type="cases.Case", subject_id__in=[str(pk) for pk in ids])
    return list(rows.filter(issued_at__gte=found.began_at).order_by("subject_id", "issued_at", "id")[:MOST_PAPERS])
