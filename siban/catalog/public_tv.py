"""For the television: a feed of the guides for set-top programmes, and a page that turns by itself for a wall set."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import guide as guides
from . import queries

AT_A_TIME = 20
SECONDS = 20  # each guide stays on the screen


def said(made: guides.Guide) -> dict[str, Any]:
    """A guide as the feed carries it: the first screen in words, then every element."""
    return {
        "impl_code": made.content.impl_code,
        "name": made.content.name,
        "department": made.content.dept_name,
        "version": made.content.version,
        "content_hash": made.content_hash,
        "who": made.who_words,
        "bring": made.bring,
        "papers": [{"name": p.name, "note": p.note, "waived": bool(p.waived_by)} for p in made.papers],
        "where": list(made.where),
        "hours": made.content.office_hours or "",
        "phones": list(made.content.consult_phones),
        "duration": made.duration,
        "cost": made.cost,
        "visits": made.visits,
        "elements": [{"name": pair.key, "value": pair.value} for pair in made.told],
    }


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The banner's guides in pages; `next` leads on. The same version and hash as on every other channel."""
    rows = queries.shown_after(request.GET.get("after", "")[:120], most=AT_A_TIME)
    names = queries.names_of_departments([content for _, _, content in rows])
    found = [
        said(guides.build(content, content_hash=hash_, given={}, org_names=names, suspended=False))
        for _, hash_, content in rows
    ]
    following = ""
    if len(rows) == AT_A_TIME:
        following = request.build_absolute_uri(f"{reverse('tv-feed')}?after={rows[-1][0]}")
    response = JsonResponse({"items": found, "next": following}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One guide in large type; after a while the next. Needs no script."""
    after = request.GET.get("after", "")[:120]
    rows = queries.shown_after(after, most=1) or queries.shown_after("", most=1)
    slug, hash_, content = rows[0] if rows else ("", "", None)
    made = (
        guides.build(content, content_hash=hash_, given={}, org_names=queries.org_names(content), suspended=False)
        if content
        else None
    )
    context = {"guide": made, "name": content.name if content else "", "seconds": SECONDS, "after": slug}
    return render(request, "catalog/tv.html", context)
