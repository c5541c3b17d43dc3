"""Parcels on the desk: the list, one parcel, its label, seeing to what failed; and the demonstration's post office."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siban.identity.gate import citizen_required, staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.paging import number_of, page_of

from . import access_parcels, actions, labels, rules_parcels
from .connectors.post import Told
from .flow_parcels import ParcelState
from .models import Parcel
from .queries import parcels as queries

STATES = (("", "全部"), ("failed", "退回、丢失，要处理"), *ParcelState.choices)
DIRECTIONS = (("", "全部"), *rules_parcels.DIRECTIONS.items())
CLERKS = (*access_parcels.OFFICE, "service_admin")


@require_GET
@never_cache
@staff_required(*access_parcels.READS)
def parcels(request: HttpRequest) -> HttpResponse:
    """Parcels of one's office or territory."""
    state, direction = request.GET.get("state", ""), request.GET.get("direction", "")
    state = state if state in dict(STATES) else ""
    direction = direction if direction in rules_parcels.DIRECTIONS else ""
    number = number_of(request.GET)
    lines, more = queries.parcels_page(request.actor, state=state, direction=direction, number=number)  # type: ignore[attr-defined]
    context = {
        "lines": lines, "state": state, "states": STATES, "direction": direction, "directions": DIRECTIONS,
        "pages": page_of(len(lines), number, more, state=state, direction=direction), "clear": reverse("desk-parcels"),
    }  # fmt: skip
    return render(request, "exchange/desk/parcels.html", context)


def _page(request: HttpRequest, pk: UUID) -> queries.ParcelPage:
    try:
        return queries.parcel_page(pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Parcel.DoesNotExist:
        raise Http404 from None


@require_GET
@never_cache
@staff_required(*access_parcels.READS)
def parcel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One parcel with its way."""
    context = {
        "page": _page(request, pk), "kinds": list(rules_parcels.KINDS.items()),
        "plays_post": settings.SIBAN_SITE["demo"] and not settings.POST_SECRET and request.actor.has_role(*CLERKS),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "exchange/desk/parcel.html", context)


@require_GET
@never_cache
@citizen_required
def my_parcel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person's parcel with its way."""
    return render(request, "exchange/public/parcel.html", {"page": _page(request, pk)})


@require_GET
@never_cache
@staff_required(*access_parcels.OFFICE)
def label(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The label to be printed."""
    try:
        body = labels.label(parcel_id=pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Parcel.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="label.pdf"'
    return response


@require_POST
@staff_required(*CLERKS)
def act(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Hand over, cancel, send again, settle otherwise; or play the post office in a demonstration."""
    page, by, at = _page(request, pk), request.actor, clock.now()  # type: ignore[attr-defined]
    shown: Any = pk
    try:
        if name == "hand-over":
            actions.hand_over(parcel_id=pk, by=by, at=at)
        elif name == "cancel":
            actions.cancel_parcel(parcel_id=pk, by=by, at=at)
        elif name == "again":
            shown = actions.send_again(parcel_id=pk, address=request.POST.get("address", ""), by=by, at=at).pk
        elif name == "settle":
            actions.settle_otherwise(parcel_id=pk, how=request.POST.get("how", ""), by=by, at=at)
        elif name == "play" and settings.SIBAN_SITE["demo"] and not settings.POST_SECRET:
            kind = request.POST.get("kind", "")
            if kind not in rules_parcels.KINDS:
                raise Refused("请选择邮件到了哪一步。")
            actions.record_event(Told(str(uuid4()), page.number, kind, at, "演示邮局", "模拟"), at=at)
        else:
            raise Http404
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已办理。")
    return redirect("desk-parcel", pk=shown)
