"""Public pages: verify a document, one's own certificates and who used them, the files themselves."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from siban.identity.gate import citizen_required, to_login
from siban.kernel import clock, journal, papers
from siban.kernel.flow import Refused
from siban.kernel.models import Paper
from siban.kernel.web.throttle import Throttle, throttled

from . import access, actions, checking, queries, sheet
from .forms import FileForm, ReasonForm, VerifyForm

ENQUIRIES = Throttle("certificates.verify", capacity=20, per_minute=20)


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a document by its code."""
    if "q" not in request.GET:
        return render(request, "certificates/verify.html", {"form": VerifyForm(), "missing": ""})
    return _look_up(request)


@throttled(ENQUIRIES)
def _look_up(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.GET)
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": form, "missing": ""}, status=422)
    page = queries.verify_public(form.cleaned_data["q"])
    if page.found:
        return redirect("verify-result", code=page.code)
    return render(request, "certificates/verify.html", {"form": form, "missing": form.cleaned_data["q"]}, status=404)


@require_http_methods(["GET", "POST"])
@throttled(ENQUIRIES)
def verify_result(request: HttpRequest, code: str) -> HttpResponse:
    """What stands behind a code; with a file, whether the file is the one that was issued."""
    page = queries.verify_public(code)
    if not page.found:
        context = {"form": VerifyForm({"q": code}), "missing": code}
        return render(request, "certificates/verify.html", context, status=404)
    form, found = FileForm(), None
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            found = checking.compare(form.cleaned_data["file"].read(), page)
    context = {"page": page, "rows": queries.verify_rows(page), "form": form, "found": found, "now": clock.now()}
    return render(request, "certificates/verify_result.html", context, status=422 if form.errors else 200)


@require_GET
@citizen_required
def my_certificates(request: HttpRequest) -> HttpResponse:
    """The certificates this person holds, or may act with for an enterprise."""
    page = queries.holder_page(_actor(request), on=clock.local_day(clock.now()))
    return render(request, "certificates/mine.html", {"page": page})


@require_http_methods(["GET", "POST"])
@citizen_required
def my_certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One certificate: what it says, who used it and why, and how to say that something on it is wrong."""
    actor, form = _actor(request), ReasonForm(request.POST or None)
    cert = get_object_or_404(queries.certificates(actor), pk=pk)
    if request.method == "POST" and form.is_valid():
        try:
            actions.dispute(certificate_id=cert.pk, reason=form.cleaned_data["reason"], by=actor, at=clock.now())
        except Refused as why:
            form.add_error("reason", str(why))
        else:
            return redirect("my-certificate", pk=cert.pk)
    page = queries.detail_page(cert, by=actor, at=clock.now())
    context = {"page": page, "form": form}
    return render(request, "certificates/mine_detail.html", context, status=422 if form.errors else 200)


def _pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def certificate_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sealed file, for the holder, the issuing office and who oversees it; an official's reading is journalled."""
    actor, now = _actor(request), clock.now()
    if actor.is_anonymous:
        return to_login(request, "login")
    cert = get_object_or_404(queries.certificates(actor), pk=pk)
    if actor.is_staff:
        with transaction.atomic():
            journal.write(subject=cert, move="read", by=actor, at=now, law="个人信息保护法第六条", note="打开证照文件")
            actions.note(cert, "打开证照文件", purpose=access.purpose_of(actor), by=actor, at=now)
    body = sheet.pdf(cert, base=request.build_absolute_uri("/"), at=now)
    return _pdf(body, f"{cert.type.name}-{cert.serial}.pdf")


@require_GET
def paper_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A statutory paper, for who may see its subject."""
    actor = _actor(request)
    if actor.is_anonymous:
        return to_login(request, "login")
    paper = get_object_or_404(Paper.objects.select_related("file"), pk=pk)
    if not papers.viewers.may_see(actor, paper):
        raise Http404
    address = request.build_absolute_uri(reverse("verify-result", args=[paper.verify_code]))
    return _pdf(papers.pdf(paper, verify_url=address), f"{paper.title}-{paper.number}.pdf")
