"""What ratings add to other pages: the invitation on a case, the code at the counter, the desk's navigation."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from . import access, queries


def register_of_ratings(request: HttpRequest) -> NavItem | None:
    """好差评 in the navigation of who may read ratings."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("好差评", reverse("rating-register"), "star") if access.opens_desk(actor) else None


def invitation(request: HttpRequest, case: Any) -> SafeString | None:
    """The card beside the applicant's own closed case. `case`: the case, or a page object with its `id`."""
    actor = request.actor  # type: ignore[attr-defined]
    review = _review(case)
    if review is None or not actor.is_citizen or not access.rater(actor, review):
        return None
    page = queries.rate_page(review, actor)
    return render_to_string("ratings/_invitation.html", {"page": page, "url": reverse("rate", args=[review.token])})


def counter_code(request: HttpRequest, case: Any) -> SafeString | None:
    """The link to the code beside a closed case on the desk."""
    review = _review(case)
    if review is None or review.rated_at is not None or not request.actor.is_staff:  # type: ignore[attr-defined]
        return None
    return render_to_string("ratings/_counter.html", {"url": reverse("rating-code", args=[review.subject_id])})


def _review(case: Any) -> Any:
    key = getattr(case, "pk", None) or getattr(case, "id", None)
    review, known = queries.of_case(key) if key else None, getattr(case, "case", None)
    if review is not None and known is not None:
        review.applied = (known.person_id, known.enterprise_id)
    return review


slots.register("desk.nav", 50, register_of_ratings)
slots.register("case.public.aside", 20, invitation)
slots.register("desk.case.aside", 30, counter_code)
