"""领取: the pick-up code, the card, the signature, and everything of the case that lies here goes out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.cases import access
from siban.cases.actions import handing_out as actions
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece
from siban.cases.queries.names import masked_name
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused

ASKED = ("code", "number", "receiver")


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.FRONT)
def hand_out(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the result and the originals of a case to who has come for them."""
    by, at = request.actor.through("window"), clock.now()  # type: ignore[attr-defined]
    here = CustodyPiece.objects.visible_to(by).filter(
        case__number=number, holder="counter", holder_org_id=by.org_id, lost_at=None
    )
    pieces = list(here.select_related("case").order_by("id"))
    if not pieces:
        if not CustodyPiece.objects.visible_to(by).filter(case__number=number).exists():
            raise Case.DoesNotExist
        messages.info(request, "这个办件没有件在本窗口。请看流转记录，向保管单位调取。")
        return redirect("issue-list")
    case = pieces[0].case
    given = {name: request.POST.get(name, "").strip() for name in ASKED}
    said = ""
    if request.method == "POST":
        try:
            actions.hand_out(case_id=case.pk, by=by, at=at, **given)
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, f"办件 {number} 已经发出 {len(pieces)} 件，送达回证已出具。")
            return redirect("issue-list")
    context: dict[str, Any] = {
        "case": case,
        "applicant": masked_name(case.applicant_name, is_person=case.enterprise_id is None),
        "pieces": pieces,
        "given": given,
        "said": said,
        "here": reverse("issue-hand-out", args=[number]),
        "crumbs": [("统一出件", reverse("issue-list"))],
    }
    return render(request, "cases/desk/hand_out.html", context, status=422 if said else 200)
