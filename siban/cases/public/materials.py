"""Handing in materials: several files at once, a certificate instead of a paper, taking one out again."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from siban.cases import actions
from siban.cases.actions.drafting import EDITABLE
from siban.cases.flow import CaseState
from siban.cases.models import Case, CaseMaterial
from siban.cases.queries import apply_page, case_page, promise_offer
from siban.identity.gate import citizen_required
from siban.kernel import clock, files
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals as turned_away

from .apply import ASSURANCE, handed_in, mine

MOST_FILES = 20


@require_POST
@citizen_required(assurance=ASSURANCE)
def hand_in(request: HttpRequest, case_id: UUID, material_id: str) -> HttpResponse:
    """Take in what was sent for one material. What is refused says why; what was good stays."""
    case, by = mine(request, case_id), request.actor  # type: ignore[attr-defined]
    if case.state not in EDITABLE and not promised(case, material_id):
        return handed_in(request, case)
    refusals: list[str] = []
    if chosen := request.POST.get("certificate"):
        refusals = _certificate(case, material_id, chosen, request)
    else:
        sent = cast("list[UploadedFile]", request.FILES.getlist("files"))
        if not sent:
            refusals = ["还没有选择文件。请选择照片或者文件后再上传。"]
        if len(sent) > MOST_FILES:
            refusals, sent = [f"一次最多上传 {MOST_FILES} 个文件，请分几次上传。"], []
        for upload in sent:
            try:
                actions.add_file(
                    case_id=case.pk, material_id=material_id, upload=upload.file, name=upload.name or "", by=by, at=clock.now()
                )  # fmt: skip
            except (FileRefused, Refused) as why:
                turned_away.upload(request, why)
                refusals.append(str(why))
    return _answer(request, case.pk, material_id, refusals)


def promised(case: Case, material_id: str) -> bool:
    """Whether a paper of an accepted case is still to come (容缺)."""
    return bool(case.deficiency_due_on) and material_id in case.deficiency.get("materials", ())


def _certificate(case: Case, material_id: str, chosen: str, request: HttpRequest) -> list[str]:
    try:
        actions.use_certificate(
            case_id=case.pk,
            material_id=material_id,
            certificate_id=UUID(chosen),
            consent="consent" in request.POST,
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except ValueError:
        return ["没有找到这份电子证照。请刷新页面后重新选择。"]
    except Refused as why:
        return [str(why)]
    return []


@require_POST
@citizen_required(assurance=ASSURANCE)
def take_out(request: HttpRequest, case_id: UUID, row_id: UUID) -> HttpResponse:
    """Remove one thing handed in."""
    case = mine(request, case_id)
    if case.state not in EDITABLE:
        return handed_in(request, case)
    row = CaseMaterial.objects.filter(pk=row_id, case_id=case.pk).first()
    if row is None:  # taken out already, by the other press of the button
        return redirect("case-step", case.pk, "materials")
    actions.remove_material(case_id=case.pk, row_id=row.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    return _answer(request, case.pk, row.material_id, [])


def _answer(request: HttpRequest, case_id: UUID, material_id: str, refusals: list[str]) -> HttpResponse:
    """The card of this material for scripts; for plain forms the page again, or back to where one was."""
    case, at, status = mine(request, case_id), clock.now(), 422 if refusals else 200
    if request.headers.get("HX-Request") == "true":
        card = next(iter(apply_page.material_cards(case, at=at, only=material_id, by=request.actor)), None)
        if card is None:
            raise Refused(refusals[0] if refusals else "这份材料不在办事指南的材料清单里。请刷新页面。")
        return render(
            request, "cases/public/_material.html", {"case": case, "card": card, "refused": refusals}, status=status
        )
    if not refusals:
        if case.number and (case.state == CaseState.CORRECTING or promised(case, material_id)):
            return redirect(f"{reverse('my-case', args=[case.number])}#m-{material_id}")
        return redirect(f"{reverse('case-step', args=[case.pk, 'materials'])}#m-{material_id}")
    if case.number and promised(case, material_id):
        for why in refusals:
            messages.error(request, why)
        return redirect(f"{reverse('my-case', args=[case.number])}#m-{material_id}")
    road = apply_page.road(case, "materials")
    context = {
        "case": case, "road": road, "cards": apply_page.material_cards(case, at=at, by=request.actor), "refusals": {material_id: refusals},
        "errors": [(why, f"#m-{material_id}") for why in refusals], "correcting": case.state == CaseState.CORRECTING,
        "offer": promise_offer.offer(case, at=at),
    }  # fmt: skip
    return render(request, "cases/public/step_materials.html", context, status=status)


@citizen_required
def draft_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of one's own application, before it has a number."""
    return download(mine(request, case_id), file_id)


def download(case: Case, file_id: UUID) -> HttpResponse:
    """A file of a case the caller may see: as a download, never as a page."""
    row = CaseMaterial.objects.select_related("file").get(case_id=case.pk, file_id=file_id)
    assert row.file is not None
    answer = FileResponse(
        files.open_file(row.file), as_attachment=True, filename=row.file.name, content_type=row.file.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


@citizen_required
def case_file(request: HttpRequest, number: str, file_id: UUID) -> HttpResponse:
    """A file of one's own case."""
    found = case_page.find(request.actor, number=number)  # type: ignore[attr-defined]
    if not case_page.sees_contents(request.actor, found):  # type: ignore[attr-defined]
        raise Http404
    return download(found, file_id)
