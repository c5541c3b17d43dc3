"""Following one's cases: the list, one case, its papers, withdrawing, correcting in place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siban.cases import actions, bundling, rules_review
from siban.cases.queries import apply_page, beside, case_page, my_cases
from siban.identity.gate import citizen_required
from siban.kernel import clock, papers
from siban.kernel.flow import Refused
from siban.kernel.ui import slots
from siban.kernel.ui.parts import Confirm


@never_cache
@citizen_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Drafts, cases under way, cases that are over."""
    page = my_cases.my_cases(request.actor, at=clock.now())  # type: ignore[attr-defined]
    here = reverse("my-home")
    doors = [door for door in slots.collect("portal.my", request) if door.url != here]
    return render(request, "cases/public/home.html", {"page": page, "doors": doors})


@never_cache
@citizen_required
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case: where it stands, its clocks, what happened, its papers."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = case_page.find(by, number=number)
    if found.entrustment is not None and found.entrustment.agent_id == by.person_id:
        bundling.note(found, "代办人打开办件", by=by, at=at, purpose=f"受委托办理：{found.entrustment.purpose}")
    page = case_page.case_page(found, by=by, at=at)
    cards: tuple[apply_page.MaterialCard, ...] = ()
    if page.is_correcting:
        asked = {p.material_id for p in page.points}
        cards = tuple(c for c in apply_page.material_cards(found, at=at, by=request.actor) if c.shown.id in asked)
    owed: tuple[apply_page.MaterialCard, ...] = ()
    if found.deficiency_due_on:
        promised = set(found.deficiency.get("materials", ()))
        owed = tuple(c for c in apply_page.material_cards(found, at=at, by=request.actor) if c.shown.id in promised)
    form_points = [p for p in page.points if p.material_id not in {c.shown.id for c in cards}]
    context = {"page": page, "cards": cards, "form_points": form_points, "refusals": {}, "case": found}
    context |= {"owed": owed, "beside": beside.beside(found, by=by)}
    return render(request, "cases/public/case.html", context)


@citizen_required
@require_safe
def paper(request: HttpRequest, number: str, paper_id: UUID) -> HttpResponse:
    """A statutory paper as PDF, shown in the browser."""
    found = case_page.find(request.actor, number=number)  # type: ignore[attr-defined]
    sheet = (
        papers.papers_of(("cases.Case", str(found.pk))).exclude(kind__in=rules_review.OF_THE_OFFICE).get(pk=paper_id)
    )
    answer = HttpResponse(
        papers.pdf(sheet, verify_url=verify_address(request, sheet.verify_code)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{sheet.kind}-{sheet.serial}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@citizen_required
@require_safe
def bundle(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """All papers of one's own case in one file; that it was taken is kept like any other reading."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = case_page.find(by, number=number)
    return bundling.send(request, found, purpose="申请人一方下载全部文书材料", by=by, at=at)


def verify_address(request: HttpRequest, code: str) -> str:
    """The absolute address where anybody may check a paper by its code."""
    try:
        return request.build_absolute_uri(reverse("verify-result", args=[code]))
    except NoReverseMatch:  # this house answers no verification itself
        return request.build_absolute_uri(f"/verify/{code}/")


@never_cache
@citizen_required
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the application back, after asking."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = case_page.find(by, number=number)
    back = reverse("my-case", args=[number])
    choice = case_page.case_page(found, by=by, at=at).choice("withdraw")
    if choice is None or choice.refusal:
        messages.info(
            request, (choice and choice.refusal) or "这个办件已经作出决定或者已经结束，不能撤回。下面是最新进度。"
        )
        return redirect(back)
    if request.method == "POST":
        try:
            actions.withdraw(case_id=found.pk, reason=request.POST.get("reason", "")[:300], by=by, at=at)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "申请已经撤回。需要时可以重新申请。")
        return redirect(back)
    confirm = Confirm(
        "撤回这份申请？", f"撤回后，办件 {found.number}“{found.title}”不再办理，已经交的材料不退回到草稿。需要时可以重新申请。",
        "撤回申请", back, danger=True, layout="ui/portal.html",
    )  # fmt: skip
    return render(request, "ui/confirm.html", {"confirm": confirm})
