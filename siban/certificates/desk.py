"""The issuing office's register of certificates: find one, see its life, act on it with a reason."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page

from . import access, actions, queries
from .flow import ECERT_FLOW
from .forms import ReasonForm, RegisterFilter

VERBS = {name: getattr(actions, name) for name in ("suspend", "resume", "uphold", "withdraw", "revoke", "cancel")}
PAGE = 30


def _actor(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if not access.opens_desk(actor):
        raise PermissionDenied(f"您当前的岗位不能查看证照登记。{access.opens_desk.__doc__}")
    return actor


@require_GET
@staff_required()
def register(request: HttpRequest) -> HttpResponse:
    """The certificates of the office, or of the territory for who oversees it."""
    actor = _actor(request)
    asked = RegisterFilter(request.GET)
    asked.is_valid()
    chosen = {name: asked.cleaned_data.get(name, "") for name in ("state", "type", "q")}
    number = int(page) if (page := request.GET.get("page", "1")).isdecimal() and len(page) < 6 else 1
    found = queries.register_page(
        actor, state=chosen["state"], type_id=chosen["type"], q=chosen["q"], number=max(number, 1), size=PAGE,
        on=clock.local_day(clock.now()),
    )  # fmt: skip

    def to(wanted: int) -> str:
        return "?" + urlencode({k: v for k, v in {**chosen, "page": wanted}.items() if v})

    pages = Page(
        len(found.table.rows), to(number - 1) if number > 1 else "", to(number + 1) if found.more else "", unit="份"
    )
    context = {"found": found, "pages": pages, "chosen": chosen, "clear": reverse("certificate-register")}
    return render(request, "certificates/register.html", context)


@require_GET
@staff_required()
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One certificate with its life and uses; that it was opened is kept."""
    actor = _actor(request)
    cert = get_object_or_404(queries.certificates(actor), pk=pk)
    actions.note(cert, "打开证照登记", purpose=access.purpose_of(actor), by=actor, at=clock.now())
    return _detail(request, pk, ReasonForm())


def _detail(
    request: HttpRequest, pk: UUID, form: Any, *, values: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = _actor(request)
    cert = get_object_or_404(queries.certificates(actor), pk=pk)
    page = queries.detail_page(cert, by=actor, at=clock.now(), masked=access.sees_territory(actor))
    context = {"page": page, "form": form, "fields": queries.correction_fields(cert, values or {})}
    return render(request, "certificates/detail.html", context, status=status)


@require_POST
@staff_required()
def act(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Make a move with its reason; what was entered stays when it is refused."""
    actor = _actor(request)
    cert = get_object_or_404(queries.certificates(actor), pk=pk)
    form = ReasonForm(request.POST)
    values = {
        name: request.POST[f"value-{n}"] for n, name in enumerate(cert.type.fields) if f"value-{n}" in request.POST
    }
    if form.is_valid():
        said = {"certificate_id": cert.pk, "reason": form.cleaned_data["reason"], "by": actor, "at": clock.now()}
        try:
            if move == "correct":
                new = actions.correct(values=values, **said)
                messages.success(request, f"已更正并重新签发第 {new.version} 版，原版本已经失效。")
                return redirect("certificate-detail", pk=new.pk)
            if move not in VERBS:
                raise Refused("没有这种办理。请刷新页面后再试。")
            VERBS[move](**said)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已办理“{ECERT_FLOW.moves[move].label}”，持证人和公众核验时会看到最新状态。")
            return redirect("certificate-detail", pk=cert.pk)
    return _detail(request, pk, form, values=values, status=422)
