"""Opening a parcel for the result of a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from siban.cases import access, parcels
from siban.cases.models import Case
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused


@require_POST
@staff_required(*access.DESK)
def book(request: HttpRequest, number: str) -> HttpResponse:
    """开寄件单: the parcel gets its number and can be printed and handed over."""
    by = request.actor  # type: ignore[attr-defined]
    case = Case.objects.visible_to(by).select_related("org", "version", "person").filter(number=number).first()
    if case is None:
        raise Http404
    try:
        made = parcels.book_out(case, by=by, at=clock.now())
    except Refused as why:
        messages.error(request, str(why))
        return redirect("desk-case", number=number)
    messages.success(request, f"寄件单已开，邮件号 {made.number}。办“送达”时填写这个号码。")
    return redirect("desk-parcel", pk=made.pk)
