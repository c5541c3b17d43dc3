"""Small decisions beside the flow of a case: confirming a correction, recording the check of a promise, opinions asked."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import actions
from siban.cases.access import DECIDING
from siban.cases.actions import automatic
from siban.cases.models import Mandate
from siban.cases.queries import case_page as pages
from siban.cases.queries import waiting
from siban.identity.api import Account
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Lamp, Table


@require_POST
@never_cache
@staff_required(*DECIDING, "service_admin")
def override(request: HttpRequest, number: str, answer: str) -> HttpResponse:
    """The second person confirms a correction, or does not."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    try:
        if answer == "confirm":
            actions.confirm_override(case_id=found.pk, by=by, at=at)
            messages.success(request, "已确认，纠正已经生效。")
        else:
            actions.refuse_override(case_id=found.pk, reason=request.POST.get("reason", ""), by=by, at=at)
            messages.success(request, "已登记不确认，办件保持不变。")
    except Refused as why:
        messages.error(request, str(why))
    return redirect("desk-case", number=number)


@require_POST
@never_cache
@staff_required(*DECIDING)
def promise(request: HttpRequest, number: str) -> HttpResponse:
    """What the check of a promise found."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    act = actions.find_kept if request.POST.get("outcome") == "kept" else actions.find_false
    try:
        act(case_id=found.pk, findings=request.POST.get("findings", ""), by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "核查结果已登记。")
        if act is actions.find_false:
            messages.warning(request, "承诺不实的，应当撤销决定：请在“现在可以办”里提出撤销，由另一人确认。")
    return redirect("desk-case", number=number)


@require_POST
@never_cache
@staff_required(*DECIDING)
def recheck(request: HttpRequest, number: str) -> HttpResponse:
    """What a person found who looked again at an automatic decision."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found, agrees = pages.find(by, number=number), request.POST.get("outcome") == "agreed"
    try:
        automatic.recheck(case_id=found.pk, agrees=agrees, note=request.POST.get("note", ""), by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "复核结果已登记。")
        if not agrees:
            messages.warning(request, "不一致的，请考虑停用秒批规则；决定有误的，在“现在可以办”里提出撤销。")
    return redirect("desk-case", number=number)


@require_GET
@never_cache
@staff_required(*DECIDING)
def opinions(request: HttpRequest) -> HttpResponse:
    """征求本单位意见: what other offices wait for, nearest day first."""
    page = waiting.opinions_asked(request.actor, page=request.GET.get("page", "1"), today=clock.local_day(clock.now()))  # type: ignore[attr-defined]
    rows = [
        (
            Cell(o.case.title, url=reverse("desk-case", args=[o.case.number]), note=o.case.number),
            o.case.org.name,
            o.question,
            Cell(lamp=o.lamp),
        )
        for o in page.rows
    ]
    table = Table(
        "征求本单位意见", ("办件", "来自", "要答复什么", Column("期限", nowrap=True)), rows, caption_hidden=True
    )
    return render(request, "cases/desk/opinions.html", {"table": table, "page": page.page})


@require_GET
@never_cache
@staff_required(*DECIDING, "service_admin", "supervisor", "auditor")
def promises(request: HttpRequest) -> HttpResponse:
    """承诺核查: promises to be checked, nearest day first."""
    page = waiting.promises_to_check(
        request.actor, page=request.GET.get("page", "1"), today=clock.local_day(clock.now())
    )  # type: ignore[attr-defined]
    rows = [
        (
            Cell(p.case.title, url=reverse("desk-case", args=[p.case.number]), note=p.case.number),
            p.case.applicant_name,
            p.content,
            Cell(lamp=p.lamp),
        )
        for p in page.rows
    ]
    table = Table(
        "承诺核查", ("办件", "承诺人", "承诺内容", Column("核查期限", nowrap=True)), rows, caption_hidden=True
    )
    return render(request, "cases/desk/promises.html", {"table": table, "page": page.page})


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required("unit_head")
def mandates(request: HttpRequest) -> HttpResponse:
    """首席代表授权书: registered and taken back by the head of the office."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    given = {name: str(value) for name, value in request.POST.items()}
    said = ""
    if request.method == "POST":
        try:
            _mandate(given, by, at)
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, "已登记。")
            return redirect("case-mandates")
    today = clock.local_day(at)
    rows = Mandate.objects.filter(org_id=by.org_id).select_related("account").order_by("-valid_from", "number")[:200]
    holders = Account.objects.filter(posts__org_id=by.org_id, posts__role="chief_rep", is_active=True).distinct()
    listed = [(m, _standing(m, today), "、".join(m.items) or "本单位全部事项") for m in rows]
    context: dict[str, Any] = {
        "rows": listed, "holders": [(str(a.pk), a.name) for a in holders.order_by("name")], "given": given, "said": said,
        "today": today,
    }  # fmt: skip
    return render(request, "cases/desk/mandates.html", context, status=422 if said else 200)


def _standing(mandate: Mandate, today: date) -> Lamp:
    if mandate.withdrawn_at:
        return Lamp("grey", "已收回")
    if mandate.valid_to <= today:
        return Lamp("grey", "已到期")
    return Lamp("green", "有效") if mandate.valid_from <= today else Lamp("blue", "未生效")


def _mandate(given: dict[str, str], by: Any, at: Any) -> None:
    from .acts.asking import day

    if mandate := given.get("withdraw"):
        actions.withdraw_mandate(mandate_id=mandate, reason=given.get("reason", ""), by=by, at=at)  # type: ignore[arg-type]
        return
    actions.give_mandate(
        account_id=given.get("account") or "00000000-0000-0000-0000-000000000000",  # type: ignore[arg-type]
        number=given.get("number", ""), items=given.get("items", "").replace("、", " ").replace("，", " ").split(),
        may_reject=given.get("may_reject") == "on", valid_from=day(given, "valid_from", "生效日期"),
        valid_to=day(given, "valid_to", "失效日期"), by=by, at=at,
    )  # fmt: skip
