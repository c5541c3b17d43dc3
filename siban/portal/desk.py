"""The staff home and the search across rooms; what they show comes from the rooms through slots."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.ui import slots

SHORTEST = 2  # characters of a search


@require_GET
@never_cache
@staff_required()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me today; every number opens its list."""
    found = slots.collect("desk.home", request)
    figures = [figure for group in found for figure in group]
    context = {
        "waiting": [f for f in figures if f.value],
        "quiet": [f for f in figures if not f.value],
        "on": clock.local_day(clock.now()),
        "doors": slots.nav("desk.nav", request),
    }
    return render(request, "portal/desk_home.html", context)


@require_GET
@never_cache
@staff_required()
def search(request: HttpRequest) -> HttpResponse:
    """One box for cases, items and whatever else a room can find."""
    wanted = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    short = len(wanted) < SHORTEST
    found = [] if short else slots.collect("desk.search", request, wanted)
    context = {"q": wanted, "short": short, "found": [f for f in found if f.table.rows]}
    return render(request, "portal/desk_search.html", context)
