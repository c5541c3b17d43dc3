"""推送清单 as page and as sheet; the department takes what was pushed to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from siban.cases import rules_custody
from siban.cases.actions import pushing as actions
from siban.cases.queries import pushing as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Page, Tab


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*rules_custody.HANDLERS)
def push_list(request: HttpRequest) -> HttpResponse:
    """What went where, what was taken, what has come back; a department ticks and takes."""
    actor, here = request.actor, reverse("push-list")  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            done = actions.take_pushed(cases=_chosen(request), by=actor, at=clock.now())
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"已接收 {done} 件。")
        return redirect("push-list")
    wanted = queries.Wanted.of(request.GET)
    page = queries.push_page(actor, wanted)
    chosen = [g for g in page.groups if wanted.unit in ("", g.unit)]
    tabs = [
        Tab(
            label,
            here + queries.Wanted(part, wanted.unit).query(),
            part == wanted.part,
            sum(getattr(g, part) for g in chosen),
        )
        for part, label in queries.PARTS.items()
    ]
    context = {
        "page": page,
        "wanted": wanted,
        "tabs": tabs,
        "pages": Page(len(page.lines), next_url=page.following, unit="件"),
        "here": here,
        "sheet": reverse("push-sheet") + wanted.query(),
        "links": [(g, here + queries.Wanted(wanted.part, g.unit).query()) for g in page.groups],
    }
    return render(request, "cases/desk/push_list.html", context)


def _chosen(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("case"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_GET
@never_cache
@staff_required(*rules_custody.HANDLERS)
def push_sheet(request: HttpRequest) -> HttpResponse:
    """The list on paper, to go with the files, with room for two signatures."""
    wanted = queries.Wanted.of(request.GET)
    page = queries.push_page(request.actor, wanted)  # type: ignore[attr-defined]
    context = {"page": page, "part": queries.PARTS[wanted.part], "at": clock.now()}
    return render(request, "cases/desk/push_sheet.html", context)
