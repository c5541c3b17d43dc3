"""Progress for whoever holds the receipt: case number and the tail of the ID number, without logging in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from siban.cases.queries import my_cases
from siban.kernel import clock
from siban.kernel.web.throttle import Throttle, throttled

NOT_FOUND = "没有找到编号和证件号码后四位都相符的办件。请对照收件凭证核对后再试，或者拨打 12345 咨询。"

ENQUIRIES = Throttle("case-progress", capacity=20, per_minute=6)  # four characters must not be guessed through


@never_cache
@throttled(ENQUIRIES)
def progress(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that numbers stand in no address and no log."""
    number, tail = request.POST.get("number", "").strip()[:50], request.POST.get("tail", "").strip()[:4]
    found, error = None, ""
    if request.method == "POST":
        found = my_cases.progress_of(number, id_tail=tail, at=clock.now())
        error = "" if found else NOT_FOUND
    context = {"found": found, "error": error, "number": number, "errors": [(error, "#id_number")] if error else []}
    return render(request, "cases/public/progress.html", context, status=422 if error else 200)
