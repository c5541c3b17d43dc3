"""A draft at the counter: situation, materials against their review points, form, hand-in. One form, one screen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from siban.cases import access, actions, application_form
from siban.cases.actions import counter_visit, material_checks, photographs
from siban.cases.flow import CASE_FLOW
from siban.cases.forms import FormInvalid
from siban.cases.models import Case, CaseMaterial
from siban.cases.models_counter import CounterVisit, MaterialCheck
from siban.cases.queries import apply_page, case_page, visits
from siban.cases.queries import material_checks as checks
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals
from siban.kernel.web.security import WITH_CAMERA

from .visit import closed, forget

EDITABLE = ("draft", "correcting")
HAND_IN = {
    "submit": counter_visit.hand_in,
    "accept": counter_visit.hand_in_and_accept,
    "tell": counter_visit.hand_in_and_tell,
}
Fault = tuple[str, str]


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.FRONT)
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take in what the visitor brings; every button keeps everything that was entered first."""
    by: Actor = request.actor.through("window")  # type: ignore[attr-defined]
    found = _mine(by, case_id)
    visit = visits.serves(by, case_id)
    if visit is None:
        return closed(request, case_id=case_id)
    if found.state not in EDITABLE:
        messages.info(request, f"这份申请已经提交（{CASE_FLOW.label(found.state)}），没有重复办理。")
        return redirect("counter-done", case_id)
    if request.method == "GET":
        return _screen(request, found, visit, by, [], {})
    at, do = clock.now(), request.POST.get("do") or request.POST.get("button", "save")
    if do == "discard":
        actions.discard(case_id=case_id, by=by, at=at)
        return redirect("counter-visit", visit.pk)
    faults, over = _keep(request, found, by, at)
    found = _mine(by, case_id)
    if do.startswith(("add:", "remove:")):
        _rows(found, do, by, at)
    elif do.startswith("drop:"):
        actions.remove_material(case_id=case_id, row_id=UUID(do[5:]), by=by, at=at)
    elif do == "take":
        material_checks.take_all_papers(case_id=case_id, by=by, at=at)
    elif do == "pass":
        material_checks.pass_rest(case_id=case_id, by=by, at=at)
    elif do == "visit" and not faults:
        return redirect("counter-visit", visit.pk)
    elif do in HAND_IN and not faults:
        try:
            HAND_IN[do](case_id=case_id, by=by, at=at)
            return redirect("counter-done", case_id)
        except FormInvalid as why:
            over = {w.element: w.sentence for w in why.wrong}
            faults = [(w.sentence, f"#id_{w.element}") for w in why.wrong]
        except Refused as why:
            faults = [(str(why), "#work")]
    elif do == "park" and not faults:
        counter_visit.park(visit_id=visit.pk, by=by, at=at)
        return forget(redirect("counter"))
    return _screen(request, _mine(by, case_id), visit, by, faults, over)


def _mine(by: Actor, case_id: UUID) -> Case:
    found = case_page.find(by, pk=case_id)
    if not access.counter(by, found):
        raise PermissionDenied(f"您不能在窗口办理这份申请。{access.counter.__doc__}")
    return found


def _screen(
    request: HttpRequest, found: Case, visit: CounterVisit, by: Actor, faults: list[Fault], over: dict[str, str]
) -> HttpResponse:
    at = clock.now()
    visits.settle_form(found, on=clock.local_day(at))
    cards, points = apply_page.material_cards(found, at=at), checks.points_by_material(found)
    context = {
        "case": found,
        "taken": {c.shown.id for c in cards if any(_is_paper(h) for h in c.shown.handed)},
        "questions": apply_page.questions(found, on=clock.local_day(at)),
        "cards": [(card, points.get(card.shown.id, ())) for card in cards],
        "verdicts": MaterialCheck.Verdict.choices,
        "failed": checks.proposed_corrections(found),
        "visit": visits.visit_page(visit, by=by, on=clock.local_day(clock.now()), here=found.pk, with_earlier=False),
        "groups": apply_page.form_groups(found, by=by, wrong=over),
        "points": found.correction if found.state == "correcting" else [],
        "deliveries": Case.Delivery.choices,
        "missing": found.missing_materials(),
        "open_question": found.open_question(),
        "at_once": bool(found.elements.accept_on_receipt and found.elements.authorisation_letter),
        "may_discard": CASE_FLOW.refusal("discard", found, by=by, at=at) is None,
        "faults": faults,
        "here": reverse("counter-draft", args=[found.pk]),
        "limit": found.elements.limit_for(found.answers).words,
    }
    part = request.headers.get("HX-Request") == "true"
    page = "cases/desk/_draft_part.html" if part else "cases/desk/draft.html"
    response = render(request, page, context, status=422 if faults else 200)
    response["Permissions-Policy"] = WITH_CAMERA
    return response


def _keep(request: HttpRequest, found: Case, by: Actor, at: datetime) -> tuple[list[Fault], dict[str, str]]:
    """Keep situation, form, delivery and materials as far as each can be kept; says what could not."""
    faults: list[Fault] = []
    given = request.POST
    key: dict[str, Any] = {"case_id": found.pk, "by": by, "at": at}
    asked = {q.id for q in apply_page.questions(found, on=clock.local_day(at))}
    answers = {
        name[2:]: value for name, value in given.items() if name.startswith("q-") and name[2:] in asked and value
    }
    if {k: v for k, v in answers.items() if found.answers.get(k) != v}:
        try:
            actions.answer(answers=answers, **key)
        except Refused as why:
            faults.append((str(why), "#situation"))
    reading = application_form.read(apply_page.form_specs(found), given)
    over = dict(reading.too_much)
    faults += [(sentence, f"#id_{element}") for element, sentence in over.items()]
    if reading.values:
        actions.save_form(values=reading.values, **key)
    if delivery := given.get("delivery"):
        try:
            actions.choose_delivery(delivery=delivery, address=given.get("mail_address", ""), **key)
        except Refused as why:
            faults.append((str(why), "#id_mail_address"))
    for card in apply_page.material_cards(found, at=at):
        faults += _keep_material(request, found, card, key)
    if marks := _marks(found, given):
        material_checks.check_materials(marks=marks, **key)
    return faults, over


def _marks(found: Case, given: Any) -> dict[tuple[str, int], material_checks.Mark]:
    """The review points marked on the screen; a point the screen did not show keeps its mark."""
    return {
        (m.id, n): material_checks.Mark(given[f"point-{m.id}-{n}"], given.get(f"note-{m.id}-{n}", ""))
        for m in found.wanted()
        for n in range(len(m.review_points))
        if given.get(f"point-{m.id}-{n}") in MaterialCheck.Verdict.values
    }


def _keep_material(
    request: HttpRequest, found: Case, card: apply_page.MaterialCard, key: dict[str, Any]
) -> list[Fault]:
    """Paper ticked or unticked, a certificate the visitor agreed to, a scan."""
    mid, faults = card.shown.id, []
    if f"seen-{mid}" not in request.POST:
        return []
    paper = [h for h in card.shown.handed if _is_paper(h)]
    if f"paper-{mid}" in request.POST and not paper:
        actions.note_paper(material_id=mid, **key)
    elif f"paper-{mid}" not in request.POST:
        for row in paper:
            actions.remove_material(row_id=row.id, **key)
    if wanted := request.POST.get(f"use-{mid}"):
        used = {str(h.certificate_id) for h in card.shown.handed}
        if wanted in {str(held.id) for held in card.held} - used:
            try:
                actions.use_certificate(material_id=mid, certificate_id=UUID(wanted), consent=True, **key)
            except Refused as why:
                faults.append((str(why), f"#id_use-{mid}"))
    for upload in request.FILES.getlist(f"file-{mid}"):
        try:
            actions.add_file(material_id=mid, upload=upload.file, name=upload.name or "扫描件", **key)
        except (FileRefused, Refused) as why:
            refusals.upload(request, why)
            faults.append((str(why), f"#id_file-{mid}"))
    if shots := request.FILES.getlist(f"photo-{mid}"):
        try:
            photographs.add_photographs(material_id=mid, shots=[one.file for one in shots], **key)
        except (FileRefused, Refused) as why:
            refusals.upload(request, why)
            faults.append((str(why), f"#id_photo-{mid}"))
    return faults


def _is_paper(handed: case_page.Handed) -> bool:
    return handed.source == CaseMaterial.Source.PAPER.label and not handed.is_rejected


def _rows(found: Case, do: str, by: Actor, at: datetime) -> None:
    """One line more or less in a table of the form."""
    verb, _, rest = do.partition(":")
    name, _, number = rest.partition(":")
    if verb == "add":
        values = application_form.with_row(dict(found.form), name)
    else:
        values = application_form.without_row(dict(found.form), name, int(number) if number.isdigit() else -1)
    actions.save_form(case_id=found.pk, values={name: values.get(name, [])}, by=by, at=at)


@require_GET
@never_cache
@staff_required(*access.FRONT)
def done(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Handed in: the number, what follows, the papers to print, and the next visitor."""
    by = request.actor  # type: ignore[attr-defined]
    found = _mine(by, case_id)
    visit = visits.serves(by, case_id)
    if visit is None:
        return closed(request, case_id=case_id)
    if found.state in EDITABLE:
        return redirect("counter-draft", case_id)
    page = case_page.case_page(found, by=by, at=clock.now())
    part = request.headers.get("HX-Request") == "true"
    waits = not any(p.kind == "receipt" for p in page.papers)
    context = {
        "page": page,
        "visit": visits.visit_page(visit, by=by, on=clock.local_day(clock.now()), with_earlier=False),
        "waits": waits,
        "here": reverse("counter-done", args=[case_id]),
    }
    return render(request, "cases/desk/_done.html" if part else "cases/desk/done.html", context)
