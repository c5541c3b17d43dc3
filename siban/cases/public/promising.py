"""What the applicant promises, asks for or gives up: 容缺, 告知承诺, 听证, 补齐."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from siban.cases import actions
from siban.cases.actions import automatic
from siban.cases.actions.drafting import EDITABLE
from siban.cases.queries import case_page
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.flow import Refused

from .apply import ASSURANCE, handed_in, mine

ACTS = {
    "complete_deficiency": (actions.complete_deficiency, "承诺的材料已经补齐。"),
    "ask_hearing": (actions.ask_hearing, "已经申请听证，举行前七日会通知您时间、地点。"),
    "ask_recheck": (automatic.ask_recheck, "已经申请人工复核，复核结果会在办件里显示。"),
    "waive_hearing": (actions.waive_hearing, "已经放弃听证。"),
}


@require_POST
@never_cache
@citizen_required(assurance=ASSURANCE)
def promise_materials(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Promise to bring papers later, or take the promise back."""
    case, by, at = mine(request, case_id), request.actor, clock.now()  # type: ignore[attr-defined]
    if case.state not in EDITABLE:
        return handed_in(request, case)
    chosen = [] if "take_back" in request.POST else request.POST.getlist("materials")
    try:
        if not chosen and "take_back" not in request.POST:
            raise Refused("请勾选要以后补交的材料。")
        until = _day(request.POST.get("until", "")) if chosen else clock.local_day(at)
        signature = request.POST.get("signature", "")
        actions.promise_materials(case_id=case.pk, materials=chosen, until=until, signature=signature, by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已经登记补交承诺。" if chosen else "已经收回补交承诺。")
    return redirect(f"{reverse('case-step', args=[case.pk, 'materials'])}#promise")


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused("请选择补交日期，例如 2026-03-02。") from None


@require_POST
@never_cache
@citizen_required(assurance=ASSURANCE)
def choose_promise(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """告知承诺: read, agreed to and signed; or back to the ordinary way."""
    case, by, at = mine(request, case_id), request.actor, clock.now()  # type: ignore[attr-defined]
    if case.state not in EDITABLE:
        return handed_in(request, case)
    signature = "" if "take_back" in request.POST else request.POST.get("signature", "")
    try:
        if not signature.strip() and "take_back" not in request.POST:
            raise Refused("请签名：填写申请人（经办人）的姓名。")
        actions.choose_promise(case_id=case.pk, signature=signature, agreed="agreed" in request.POST, by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已经选择告知承诺方式。" if signature else "已经改回一般方式。")
    return redirect(f"{reverse('case-step', args=[case.pk, 'materials'])}#commitment")


@require_POST
@never_cache
@citizen_required
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One press on one's own case: papers completed, hearing asked for or given up."""
    if name not in ACTS:
        raise Http404
    found = case_page.find(request.actor, number=number)  # type: ignore[attr-defined]
    verb, done = ACTS[name]
    try:
        verb(case_id=found.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("my-case", number)
