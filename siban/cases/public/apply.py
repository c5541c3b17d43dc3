"""Applying, step by step. Each step is a plain form that works by itself; scripts make it quicker."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from siban.cases import access, actions, application_form
from siban.cases.actions.drafting import EDITABLE
from siban.cases.flow import CASE_FLOW, CaseState
from siban.cases.forms import FormInvalid
from siban.cases.models import Case
from siban.cases.queries import apply_page, case_page, promise_offer
from siban.catalog.api import Renewal, renewal
from siban.identity.api import Enterprise, Entrustment, Person, enterprises_of
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.ui.parts import Confirm

ASSURANCE = 2  # 实名核验: a licence is applied for under one's verified name (国务院令第716号第九条)


@never_cache
@citizen_required(assurance=ASSURANCE)
def start(request: HttpRequest, impl_code: str) -> HttpResponse:
    """For whom? A POST makes the draft; the same page sent twice makes the same one."""
    by = request.actor  # type: ignore[attr-defined]
    page = apply_page.start_page(impl_code, by)
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("behalf", "")
        if chosen not in {value for value, _ in page.behalf}:
            error = "请选择为谁办理。"
        else:
            given = _entrustment(by, chosen)
            firm = None if chosen == "self" or given else _firm(by.person_id, chosen)
            person = Person.objects.get(pk=by.person_id)
            try:
                case = actions.start(
                    item=page.item,
                    by=by,
                    at=clock.now(),
                    person=person,
                    enterprise=firm,
                    token=_token(request),
                    entrustment=given,
                )
            except Refused as why:
                error = str(why)
            else:
                _take_over(case, page, request)
                return redirect("case-apply", case.pk)
    asked_before = [(q, request.GET[q]) for q in page.questions if q in request.GET]
    context = {
        "page": page,
        "answers": asked_before,
        "token": uuid7(),
        "error": error,
        "chosen": request.POST.get("behalf", "") or _only(page),
    }
    return render(request, "cases/public/start.html", context, status=422 if error else 200)


def _take_over(case: Case, page: apply_page.StartPage, request: HttpRequest) -> None:
    """Situation answers given on the guide need not be given again."""
    given = {q: request.POST[q] for q in page.questions if request.POST.get(q) and q not in case.answers}
    if given and case.state == CaseState.DRAFT:
        with suppress(Refused):  # an option the guide no longer has: the question is simply asked
            actions.answer(case_id=case.pk, answers=given, by=request.actor, at=clock.now())  # type: ignore[attr-defined]


def _only(page: apply_page.StartPage) -> str:
    """With one choice there is nothing to choose."""
    return page.behalf[0][0] if len(page.behalf) == 1 else ""


def _entrustment(by: Actor, wanted: str) -> Entrustment | None:
    """The entrustment chosen on the page, if one was."""
    kind, _, pk = wanted.partition(":")
    return Entrustment.objects.visible_to(by).get(pk=pk) if kind == "entrusted" else None


def _firm(person_id: UUID, wanted: str) -> Enterprise:
    return next(firm for firm in enterprises_of(person_id) if str(firm.pk) == wanted)


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def mine(request: HttpRequest, case_id: UUID) -> Case:
    """The application one may fill in; anyone else's is not found, nor is it for a co-applicant, who only agrees."""
    found = case_page.find(request.actor, pk=case_id)  # type: ignore[attr-defined]
    if not access.applicant(request.actor, found):  # type: ignore[attr-defined]
        raise Http404
    return found


def handed_in(request: HttpRequest, case: Case) -> HttpResponse:
    """Already handed in: to the page of the case, with a sentence, never a second case."""
    if case.number is None:
        messages.info(request, f"这份草稿{CASE_FLOW.label(case.state)}，不能再填写。")
        return redirect("my-home")
    messages.info(request, f"这份申请已经提交，编号 {case.number}，不会重复提交。下面是最新进度。")
    return redirect("my-case", case.number)


@never_cache
@citizen_required(assurance=ASSURANCE)
def resume(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """To the first step that still wants something."""
    case = mine(request, case_id)
    if case.state not in EDITABLE:
        return handed_in(request, case)
    return redirect("case-step", case.pk, apply_page.road(case).here)


@never_cache
@citizen_required(assurance=ASSURANCE)
def step(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    """One step: shown, or taken in and on to the next."""
    case = mine(request, case_id)
    if case.state not in EDITABLE:
        return handed_in(request, case)
    if name not in STEPS:
        raise Http404
    road = apply_page.road(case, name)
    if road.here != name:
        return redirect("case-step", case.pk, road.here)
    return STEPS[name](request, case, road)


def _show(request: HttpRequest, case: Case, road: apply_page.Road, *, status: int = 200, **more: Any) -> HttpResponse:
    correcting = case.state == CaseState.CORRECTING
    renewal = None if case.state != CaseState.DRAFT else _renewal(case)
    context = {"case": case, "road": road, "correcting": correcting, "errors": [], "renewal": renewal, **more}
    return render(request, f"cases/public/step_{road.here}.html", context, status=status)


def _renewal(case: Case) -> Renewal | None:
    return renewal(case.version, case.item, today=clock.local_day(clock.now()))


@never_cache
@citizen_required(assurance=ASSURANCE)
def renew(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The guide has a new version: what is different, and the draft moved to it on one's wish."""
    case = mine(request, case_id)
    if case.state != CaseState.DRAFT:
        return handed_in(request, case)
    if request.method == "POST":
        done = actions.renew(case_id=case.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        said = "已改用新版指南，您填写的内容都带过来了，请核对后提交。"
        if done.left:
            said += f"新版不再需要的材料：{'、'.join(done.left)}，文件还留在草稿里。"
        messages.success(request, said)
        return redirect("case-apply", case.pk)
    found = _renewal(case)
    if found is None:
        return redirect("case-apply", case.pk)
    return render(request, "cases/public/renew.html", {"case": case, "renewal": found})


def _on(case: Case, road: apply_page.Road) -> HttpResponse:
    return redirect("case-step", case.pk, road.after)


def _situation(request: HttpRequest, case: Case, road: apply_page.Road) -> HttpResponse:
    errors: list[tuple[str, str]] = []
    today = clock.local_day(clock.now())
    if request.method == "POST":
        known = {q.id for q in apply_page.questions(case, on=today)}
        given = {name: str(value) for name, value in request.POST.items() if name in known and value}
        try:
            case = actions.answer(case_id=case.pk, answers=given, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refused as why:
            errors = [(str(why), "")]
        else:
            if not case.open_question():
                return _on(case, road)
            if not known - set(given):  # everything shown was answered: there is a further question
                return redirect("case-step", case.pk, "situation")
            errors = [(f"请选择：{case.open_question()}", "")]
    shown = apply_page.questions(case, on=today)
    return _show(request, case, road, questions=shown, errors=errors, status=422 if errors else 200)


def _form(request: HttpRequest, case: Case, road: apply_page.Road) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    check_url = reverse("case-check", args=[case.pk])
    if request.method != "POST":
        return _show(request, case, road, groups=apply_page.form_groups(case, by=by, check_url=check_url))
    specs = apply_page.form_specs(case)
    reading = application_form.read(specs, request.POST)
    values, button = reading.values, request.POST.get("button", "next")
    verb, _, rest = button.partition(":")
    table, _, number = rest.partition(":")
    if verb == "add":
        values = application_form.with_row(values, table)
    elif verb == "remove" and number.isdigit():
        values = application_form.without_row(values, table, int(number))
    elif verb == "next":
        values = application_form.without_blank_rows(specs, values)
    case = actions.save_form(case_id=case.pk, values=values, by=by, at=at)
    if verb in ("add", "remove"):
        return redirect(f"{reverse('case-step', args=[case.pk, 'form'])}#{table}")
    if verb == "later" and not reading.too_much:
        messages.success(request, "已经保存。下次登录后在“我的办件”里接着填。")
        return redirect("my-home")
    wrong = {w.element: w.sentence for w in apply_page.wrong_here(case, case.form, today=clock.local_day(at))}
    wrong |= reading.too_much
    if not wrong:
        return _on(case, road)
    groups = apply_page.form_groups(case, by=by, wrong=wrong, check_url=check_url)
    errors = [(a.error, f"#{a.anchor}") for group in groups for a in group.fields if a.error]
    return _show(request, case, road, groups=groups, errors=errors, status=422)


@require_POST
@citizen_required(assurance=ASSURANCE)
def save(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Save as one types: right or wrong, everything is kept; only what can't be kept at all is refused (422)."""
    case, at = mine(request, case_id), clock.now()
    if case.state not in EDITABLE:
        return JsonResponse({"error": "这份申请已经提交，不能再修改。请刷新页面查看进度。"}, status=409)
    reading = application_form.read(apply_page.form_specs(case), request.POST)
    actions.save_form(case_id=case.pk, values=reading.values, by=request.actor, at=at)  # type: ignore[attr-defined]
    if reading.too_much:
        return JsonResponse({"saved_at": at.isoformat(), "errors": reading.too_much}, status=422)
    return JsonResponse({"saved_at": at.isoformat()})


@require_POST
@citizen_required(assurance=ASSURANCE)
def check(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One field as soon as it is left: the field again, with its sentence if something is wrong."""
    case = mine(request, case_id)
    spec = next((s for s in apply_page.form_specs(case) if s.element == request.GET.get("field")), None)
    if spec is None:
        raise Http404
    values = application_form.read(apply_page.form_specs(case), request.POST).values
    today = clock.local_day(clock.now())
    error = spec.check(values.get(spec.element), values={**case.form, **values}, today=today) or ""
    url = reverse("case-check", args=[case.pk])
    asked = application_form.Asked(spec, spec.element, values.get(spec.element, ""), error, check_url=url)
    return HttpResponse(asked.html, status=422 if error else 200)


def _materials(request: HttpRequest, case: Case, road: apply_page.Road) -> HttpResponse:
    if request.method == "POST":
        return _on(case, road)
    return _show(
        request,
        case,
        road,
        cards=apply_page.material_cards(case, at=clock.now(), by=request.actor),
        refusals={},
        offer=promise_offer.offer(case, at=clock.now()),
    )


def _delivery(request: HttpRequest, case: Case, road: apply_page.Road) -> HttpResponse:
    chosen, address, error = case.delivery, case.mail_address, ""
    if request.method == "POST":
        chosen, address = request.POST.get("delivery", ""), request.POST.get("address", "")[:200]
        try:
            actions.choose_delivery(
                case_id=case.pk, delivery=chosen, address=address, by=request.actor, at=clock.now()  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as why:
            error = str(why)
        else:
            return _on(case, road)
    elif not address and case.person:
        address = case.person.address
    ways = [way for way in Case.Delivery.choices if way[0] != Case.Delivery.MAIL or _mails(case)]
    context = {"ways": ways, "chosen": chosen, "address": address, "mails": _mails(case)}
    context |= {"error": error, "errors": [(error, "#id_delivery_0")] if error else []}
    return _show(request, case, road, status=422 if error else 200, **context)


def _mails(case: Case) -> bool:
    """Whether the result of this item may go by mail."""
    return case.elements.online.mail_result or case.elements.online.is_express


def _review(request: HttpRequest, case: Case, road: apply_page.Road, *, why: str = "") -> HttpResponse:
    page = apply_page.review(case, today=clock.local_day(clock.now()))
    errors = [(why, "")] if why else []
    return _show(request, case, road, review=page, errors=errors, status=422 if why else 200)


STEPS = {"situation": _situation, "form": _form, "materials": _materials, "delivery": _delivery, "review": _review}


@require_POST
@citizen_required(assurance=ASSURANCE)
def submit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hand in, or hand in again after a correction. Sent twice, or from a stale page, it is still one case."""
    case, by = mine(request, case_id), request.actor  # type: ignore[attr-defined]
    if case.state not in EDITABLE:
        return handed_in(request, case)
    act = actions.resubmit if case.state == CaseState.CORRECTING else actions.submit
    try:
        case = act(case_id=case.pk, by=by, at=clock.now())
    except (FormInvalid, Refused) as why:
        case = mine(request, case_id)
        if case.state not in EDITABLE:  # somebody, or the other press of the button, was quicker
            return handed_in(request, case)
        return _review(request, case, apply_page.road(case, "review"), why=str(why))
    return redirect("case-done", case.number)


@never_cache
@citizen_required
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Handed in: the number, what comes next, until when, the receipt."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    return render(
        request,
        "cases/public/done.html",
        {"page": case_page.case_page(case_page.find(by, number=number), by=by, at=at)},
    )


@never_cache
@citizen_required
def discard(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give up a draft, after asking."""
    case = mine(request, case_id)
    if case.state != CaseState.DRAFT:
        return handed_in(request, case)
    if request.method == "POST":
        actions.discard(case_id=case.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, f"“{case.title}”的草稿已经删除。")
        return redirect("my-home")
    confirm = Confirm(
        "删除这份草稿？", f"“{case.title}”里填写的内容和上传的材料将不再保留在您的办件里，删除后不能找回。", "删除草稿",
        reverse("case-apply", args=[case.pk]), danger=True, layout="ui/portal.html",
    )  # fmt: skip
    return render(request, "ui/confirm.html", {"confirm": confirm})
