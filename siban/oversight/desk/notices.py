"""Reading a notice: paste or upload it, then decide, sentence by sentence, on what could not be read for certain."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals

from .. import access_supervision as access
from .. import forms_directives as forms
from ..actions import reading
from ..queries import directives as queries
from ..queries import pieces


def _may_direct(request: HttpRequest) -> Any:
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not access.may_direct(actor):
        raise PermissionDenied(f"您当前的岗位不能起草督查通知。{access.may_direct.__doc__}")
    return actor


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def read(request: HttpRequest) -> HttpResponse:
    """Paste a notice or upload it as DOCX; it becomes a draft."""
    actor, said, text = _may_direct(request), "", request.POST.get("text", "")
    if request.method == "POST":
        try:
            row = reading.read_notice(text=text, upload=request.FILES.get("file"), by=actor, at=clock.now())
        except (Refused, FileRefused) as why:
            refusals.upload(request, why)
            said = str(why)
        else:
            messages.success(request, "通知已经读成草稿。请对照原文逐项核对，确认以后再下达。")
            return redirect("directive-reading", pk=row.pk)
    context = {"said": said, "text": text, "crumbs": [("督查通知", reverse("directives"))]}
    return render(request, "oversight/directives/read.html", context, status=422 if said else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text beside what was read out of it; each uncertain name, number and figure is decided here."""
    actor, said = _may_direct(request), ""
    row = queries.find(actor, pk)
    if not row.reading:
        return redirect("directive-edit", pk=pk)
    if request.method == "POST":
        number = request.POST.get("ask", "")
        try:
            given = {k: str(v).replace("\x00", "") for k, v in request.POST.items()}
            reading.answer(directive_id=pk, ask=int(number) if number.isdecimal() and len(number) < 5 else -1, choice=given, by=actor, at=clock.now())  # fmt: skip
        except Refused as why:
            said, row = str(why), queries.find(actor, pk)
        else:
            messages.success(request, "已经记下您的决定。")
            return redirect("directive-reading", pk=pk)
    orgs = queries.units_in(actor.region_prefix)
    short = {str(o.pk): o.short_name for o in orgs}
    asked = pieces.asks(row)
    context = {
        "row": row, "pieces": pieces.of(row), "asks": asked, "left": pieces.open_asks(row), "said": said,
        "failed": request.POST.get("ask", "") if said else "", "given": request.POST if said else {},
        "orgs": [("", "请选择单位"), *((str(o.pk), o.short_name) for o in orgs)],
        "near": {a.number: [(c, short[c]) for c in a.candidates if c in short] for a in asked},
        "problems": queries.read_problems(row), "offered": forms.offered(),
        "crumbs": [("督查通知", reverse("directives")), (str(row), reverse("directive", args=[row.pk]))],
    }  # fmt: skip
    return render(request, "oversight/directives/reading.html", context, status=409 if said else 200)
