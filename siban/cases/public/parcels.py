"""Sending materials in: a person books a free parcel for a case, or tells the number of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.cases import parcels
from siban.cases.queries import case_page
from siban.exchange import api as exchange
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.flow import Refused


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required
def send_in(request: HttpRequest, number: str) -> HttpResponse:
    """What is sent, by a parcel booked here or by one's own."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    case, why = case_page.find(by, number=number), ""
    said = {"contents": request.POST.get("contents", "")[:200], "waybill": request.POST.get("waybill", "")[:40]}
    if request.method == "POST":
        try:
            made = parcels.book_in(case, contents=said["contents"], number=said["waybill"], by=by, at=at)
        except Refused as refused:
            why = str(refused)
        else:
            messages.success(request, f"已经登记，邮件号 {made.number}。请把它写在信封上，交给邮局。")
            return redirect("my-parcel", pk=made.pk)
    context = {
        "number": case.number, "title": case.title, "office": case.org.name, "why": why, "said": said,
        "lines": exchange.lines_of(("cases.Case", str(case.pk))),
    }  # fmt: skip
    return render(request, "cases/public/send_in.html", context, status=422 if why else 200)
