"""The case page for staff: read it, act on it, open what was handed in, see a number in full for a purpose."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import access, actions, bundling, notices
from siban.cases.actions.review_points import not_in_hand
from siban.cases.flow import CASE_FLOW
from siban.cases.forms import fields_of
from siban.cases.models import Case
from siban.cases.queries import beside, desk_case
from siban.cases.queries import case_page as pages
from siban.identity.api import unmask
from siban.identity.gate import staff_required
from siban.kernel import clock, files, journal, papers
from siban.kernel.flow import Refused
from siban.kernel.models import Paper

from .acts import ACTS, DANGER, Act

INLINE = ("application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif")
# A file from outside may show itself inside our page and do nothing else: no script, no request, no form.
FILE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
)
REVEALED = {"applicant_id_number": "证件号码", "mobile": "手机号码", "mail_address": "收件地址"}


@require_GET
@never_cache
@staff_required(*access.DESK)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a case on one screen, with what one may do now; that it was opened is kept (个人信息保护法第六条)."""
    found = pages.find(request.actor, number=number)  # type: ignore[attr-defined]
    bundling.note(found, "打开办件", by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    return _page(request, found)


def _page(request: HttpRequest, found: Case, *, said: str = "", status: int = 200) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    page = pages.case_page(found, by=by, at=at)
    offered = [c for c in page.choices if c.name in ACTS]
    context = {
        "page": page,
        "desk": desk_case.extras(page, by=by),
        "beside": beside.beside(found, by=by),
        "plain": [c for c in offered if ACTS[c.name].plain and not ACTS[c.name].aside],
        "asked": [c for c in offered if not ACTS[c.name].plain and not ACTS[c.name].aside],
        "aside": [c for c in offered if ACTS[c.name].aside],
        "aside_title": "办理中可能要做的事" if page.is_open else "纠正已经作出的决定",
        "resubmits": page.choice("resubmit") is not None and by.has_role(*access.FRONT),
        "unseen": len(found.unseen_points()) if not_in_hand(found, by=by, at=at) is None else None,
        "may_conclude": actions.may_conclude(found, by=by, at=at),
        "plain_names": [name for name, act in ACTS.items() if act.plain],
        "danger": DANGER,
        "asks_why": access.sees_territory(by),
        "said": said,
        "here": reverse("desk-case", args=[found.number]),
        "crumbs": [("办件", reverse("case-inbox"))],
    }
    return render(request, "cases/desk/case.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DESK)
def act(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """Ask what an act needs, then do it; a page that has fallen behind says so and keeps every word typed."""
    if move not in ACTS:
        raise Http404
    by, at, doing = request.actor, clock.now(), ACTS[move]  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    if request.method == "GET":
        return _ask(request, found, move, {})
    given = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    seen = given.get("seen", found.state)
    if seen != found.state:
        if _done_by(found, move, by):
            messages.info(request, f"“{_label(move)}”已经办理过了，没有重复办理。")
            return redirect("desk-case", number=number)
        said = f"您打开这一页以后，办件已经由“{CASE_FLOW.label(seen) if seen in CASE_FLOW.states.values else '其他状态'}”变为“{CASE_FLOW.label(found.state)}”。请看过最新情况再决定；您写的内容还在。"
        return _again(request, found, move, given, said)
    try:
        doing.call(found, given, by, at)
    except Refused as why:
        return _again(request, pages.find(by, number=number), move, given, str(why))
    messages.success(request, doing.done)
    return redirect("desk-case", number=number)


def _label(move: str) -> str:
    return CASE_FLOW.moves[move].label if move in CASE_FLOW.moves else "当场办结"


def _done_by(found: Case, move: str, by: Any) -> bool:
    """The same press twice: this very person already made this move, and nothing else came after by another's hand."""
    made = {"conclude": ("approve", "issue", "deliver")}.get(move, (move,))
    last = journal.timeline(found).exclude(actor_kind="system").order_by("-seq").first()
    return last is not None and last.move in made and last.actor_id == by.id


def _again(request: HttpRequest, found: Case, move: str, given: dict[str, str], said: str) -> HttpResponse:
    if ACTS[move].plain:
        return _page(request, found, said=said, status=409)
    return _ask(request, found, move, given, said=said, status=409)


def _ask(
    request: HttpRequest, found: Case, move: str, given: dict[str, str], *, said: str = "", status: int = 200
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    doing: Act = ACTS[move]
    context = {
        "case": found,
        "move": move,
        "label": _label(move),
        "doing": doing,
        "asks": [(ask, given.get(ask.name, ask.start)) for ask in doing.asks(found)],
        "refusal": "" if said else CASE_FLOW.refusal(move, found, by=by, at=at) if move in CASE_FLOW.moves else "",
        "said": said,
        "remedies": notices.remedies(found, at) if doing.remedies else [],
        "state": CASE_FLOW.label(found.state),
        "back": reverse("desk-case", args=[found.number]),
        "crumbs": [("办件", reverse("case-inbox")), (found.number, reverse("desk-case", args=[found.number]))],
    }
    return render(request, "cases/desk/act.html", context, status=status)


@require_POST
@never_cache
@staff_required(*access.DESK)
def reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """A masked number or answer in full, once a purpose is given; who read it and why is journalled."""
    found = pages.find(request.actor, number=number)  # type: ignore[attr-defined]
    spec = next((s for s in fields_of(found) if f"form:{s.element}" == field), None)
    if field not in REVEALED and spec is None:
        raise Http404
    label = spec.name if spec else REVEALED[field]
    purpose, said, value = request.POST.get("purpose"), "", None
    if purpose is not None:
        try:
            value = unmask(
                subject=found, field="form" if spec else field, purpose=f"{label}：{purpose.strip()[:200]}" if purpose.strip()[1:] else "",
                by=request.actor, at=clock.now(), title=f"办件 {number}“{found.title}”", what=label,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as why:
            said = str(why)
        else:
            value = spec.label_of(found.form.get(spec.element)) if spec else value
    context = {
        "label": label, "value": value, "said": said, "url": request.path, "field": field.replace(":", "-"),
        "back": reverse("desk-case", args=[number]), "purpose": purpose or "",
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(
        request, "cases/desk/_reveal.html" if part else "cases/desk/reveal.html", context, status=422 if said else 200
    )


@require_http_methods(["GET", "POST"])
@staff_required(*access.DESK)
def material(request: HttpRequest, number: str, row: UUID) -> Any:
    """A file that was handed in, shown inside the page and kept from doing anything; who only oversees says why first."""
    by = request.actor  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    handed = found.materials.select_related("file").filter(file__isnull=False).get(pk=row)
    assert handed.file is not None
    purpose = request.POST.get("purpose", "") if access.sees_territory(by) else bundling.purpose_of(by, found)
    try:
        bundling.note(found, f"材料“{handed.name}”", by=by, at=clock.now(), purpose=purpose or " ")
    except Refused as why:
        return _why(request, found, f"查看材料“{handed.name}”", str(why))
    return shown(handed.file)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DESK)
def bundle(request: HttpRequest, number: str) -> Any:
    """All papers of a case in one file, for a stated purpose; who only oversees gets the papers alone."""
    by = request.actor  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    try:
        return bundling.send(request, found, purpose=request.POST.get("purpose", "") or " ", by=by, at=clock.now())
    except Refused as why:
        return _why(request, found, "下载全部文书材料", str(why))


def _why(request: HttpRequest, found: Case, doing: str, said: str) -> HttpResponse:
    """Ask for the purpose before anything is shown."""
    asked = request.method == "POST"
    context = {
        "doing": doing, "said": said if asked else "", "purpose": request.POST.get("purpose", ""), "url": request.path,
        "back": reverse("desk-case", args=[found.number]), "crumbs": [("办件", reverse("case-inbox"))],
    }  # fmt: skip
    return render(request, "cases/desk/why.html", context, status=422 if asked else 200)


def shown(stored: Any) -> FileResponse:
    """A stored file to look at; what a browser can't show safely is offered to be kept."""
    inline = stored.media_type in INLINE
    response = FileResponse(
        files.open_file(stored), content_type=stored.media_type, as_attachment=not inline, filename=stored.name
    )
    response["Content-Security-Policy"] = (
        FILE_POLICY if stored.media_type == "application/pdf" else f"sandbox; {FILE_POLICY}"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@staff_required(*access.DESK)
def paper(request: HttpRequest, number: str, paper_id: UUID) -> HttpResponse:
    """A statutory paper of the case as PDF, to be shown or printed."""
    found = pages.find(request.actor, number=number)  # type: ignore[attr-defined]
    wanted: Paper | None = papers.papers_of(("cases.Case", str(found.pk))).filter(pk=paper_id).first()
    if wanted is None:
        raise ObjectDoesNotExist
    bundling.note(found, f"文书《{wanted.title}》", by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    body = papers.pdf(
        wanted, verify_url=request.build_absolute_uri(reverse("verify-result", args=[wanted.verify_code]))
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = FILE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response
