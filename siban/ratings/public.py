"""The rating page: by the invitation's token, with or without log-in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.web.throttle import Throttle, throttled

from . import access, actions, queries, rules
from .forms import RateForm

OPENINGS = Throttle("ratings.rate", capacity=60, per_minute=60)


@require_http_methods(["GET", "POST"])
@throttled(OPENINGS)
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Rate the service of one case, once."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    review = queries.by_token(token)
    if review is None:
        raise Http404
    page = queries.rate_page(review, actor)
    form = RateForm(request.POST if request.method == "POST" else None, can_be_named=page.can_be_named)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.rate(
                review_id=review.pk, level=said["level"], tags=said["tags"], comment=said["comment"],
                anonymous=said.get("anonymous", False), by=actor, at=clock.now(),
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("rate", token=token)
    context = {
        "page": page,
        "form": form,
        "freedom": rules.FREEDOM,
        "may": access.rater(actor, review),
        "why": access.rater.__doc__,
    }
    response = render(request, "ratings/rate.html", context, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make browsers send no origin: refused
    response["Cache-Control"] = "private, no-store"
    return response
