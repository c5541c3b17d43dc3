"""The guide at the window: everything on one screen for whoever serves a visitor."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siban.identity.gate import staff_required

from . import guide as guides
from . import public, public_ask, queries
from .models import elements_of
from .situations.known import Settled


@never_cache
@require_safe
@staff_required()
def item(request: HttpRequest, impl_code: str) -> HttpResponse:
    """What to ask of the visitor, what to look at in each paper, when and where."""
    version = queries.in_force(impl_code)
    if version is None:
        raise Http404(public.UNKNOWN)
    content, given = elements_of(version.version_id), dict(public.answers_in(request))
    made = guides.build(
        content, content_hash=version.content_hash, given=given, org_names=queries.org_names(content),
        suspended=version.suspended,
    )  # fmt: skip
    page = public_ask.ask_page(content, made, given, Settled(), base=request.path)
    points = {m.id: m.review_points for m in content.materials}
    context = {
        "guide": made,
        "page": page,
        "papers": [(paper, points[paper.id]) for paper in made.papers],
        "print_url": page.print_url,
        "public_url": reverse("item-guide", args=[impl_code]),
    }
    return render(request, "catalog/desk_guide.html", context)
