"""The ratings an office received, the rater masked; and the code a visitor scans at the window."""

import base64
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from siban.cases.api import Case
from siban.identity.gate import staff_required
from siban.kernel.measures import figures
from siban.kernel.papers.drawing import qr_svg
from siban.kernel.ui.parts import Page

from . import access, queries, rules
from .measures import BAD_COUNT, GOOD_RATE

PAGE = 30
LEVELS = (("", "全部"), ("bad", "差评（不满意、非常不满意）"), *((str(k), v) for k, v in rules.LEVELS.items()))


@require_GET
@staff_required()
def register(request: HttpRequest) -> HttpResponse:
    """Ratings of one's own office, or of the territory for who oversees it."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not access.opens_desk(actor):
        raise PermissionDenied(f"您当前的岗位不能查看评价。{access.opens_desk.__doc__}")
    level = request.GET.get("level", "")
    level = level if level in dict(LEVELS) else ""
    q = request.GET.get("q", "")[:100]
    page = request.GET.get("page", "1")
    number = max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1
    found = queries.register_page(actor, level=level, q=q, number=number, size=PAGE)

    def to(wanted: int) -> str:
        return "?" + urlencode({k: v for k, v in {"level": level, "q": q, "page": wanted}.items() if v})

    pages = Page(len(found.table.rows), to(number - 1) if number > 1 else "", to(number + 1) if found.more else "")
    context = {
        "found": found, "pages": pages, "level": level, "levels": LEVELS, "q": q, "clear": reverse("rating-register"),
        "bad_url": "?level=bad", **_figures(actor),
    }  # fmt: skip
    return render(request, "ratings/register.html", context)


def _figures(actor: Any) -> dict[str, object]:
    """The declared figures over what this actor sees."""
    found = figures((GOOD_RATE, BAD_COUNT), scope=queries.scope(actor))
    good, bad = found[GOOD_RATE.slug][None], found[BAD_COUNT.slug][None]
    return {"good": good.percent, "rated": good.total or 0, "bad": bad.hits}


@require_GET
@staff_required()
def code(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The code a visitor scans with their own phone after the case is closed; nobody has to log in."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=case_id)  # type: ignore[attr-defined]
    review = queries.of_case(case.pk)
    if review is None:
        raise Http404
    address = request.build_absolute_uri(reverse("rate", args=[review.token]))
    picture = "data:image/svg+xml;base64," + base64.b64encode(qr_svg(address).encode()).decode()
    context = {
        "picture": picture,
        "title": case.title,
        "is_rated": review.rated_at is not None,
        "freedom": rules.FREEDOM,
    }
    return render(request, "ratings/code.html", context)
