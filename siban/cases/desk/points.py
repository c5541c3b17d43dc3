"""逐项审查: each review point beside its material; what the counter marked, what the review finds."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.cases import access, actions
from siban.cases.actions.review_points import Finding, Key, Unfinished, not_in_hand
from siban.cases.models import Case
from siban.cases.models_counter import MaterialCheck
from siban.cases.queries import case_page as pages
from siban.cases.queries import desk_case
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused

Given = dict[str, str]


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DECIDING)
def points(request: HttpRequest, number: str) -> HttpResponse:
    """Look at every point, write what was found; a refused page keeps every word."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = pages.find(by, number=number)
    if request.method == "GET":
        return _screen(request, found, {}, [])
    given = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    try:
        kept = len(actions.review_points(case_id=found.pk, findings=_findings(found, given), by=by, at=at))
        if given.get("do") == "pass":
            kept += actions.pass_unseen(case_id=found.pk, by=by, at=at)
    except Unfinished as why:
        return _screen(request, found, given, [(said, f"#{_id(key)}") for said, key in why.faults], status=422)
    except Refused as why:
        return _screen(request, found, given, [(str(why), "#points")], status=409)
    rest = len(pages.find(by, number=number).unseen_points())
    messages.success(
        request, f"已记下 {kept} 项审查结果" + (f"，还有 {rest} 项没有审查。" if rest else "，全部审查完毕。")
    )
    return redirect("desk-case-points" if rest or given.get("do") == "save" else "desk-case", number=number)


def _id(key: Key) -> str:
    return f"note-{key[0]}-{key[1]}"


def _findings(case: Case, given: Given) -> dict[Key, Finding]:
    """The points marked on the screen; a point the screen did not show keeps what was found."""
    return {
        (m.id, n): Finding(
            given[f"point-{m.id}-{n}"],
            given.get(f"note-{m.id}-{n}", ""),
            given.get(f"remedy-{m.id}-{n}", ""),
            given.get(f"was-{m.id}-{n}"),
        )
        for m in case.wanted()
        for n in range(len(m.review_points))
        if given.get(f"point-{m.id}-{n}")
    }


def _screen(
    request: HttpRequest, found: Case, given: Given, faults: list[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = pages.find(by, pk=found.pk)  # what was marked meanwhile stands beside what was typed
    refusal = not_in_hand(found, by=by, at=at)
    checked = desk_case.checked(found)
    context = {
        "case": found,
        "materials": [(m, [_shown(m.id, p, given) for p in m.points]) for m in checked],
        "any": any(m.points for m in checked),
        "unseen": len(found.unseen_points()),
        "verdicts": MaterialCheck.Verdict.choices,
        "refusal": "" if faults else refusal,
        "may": refusal is None,
        "faults": faults,
        "here": reverse("desk-case-points", args=[found.number]),
        "back": reverse("desk-case", args=[found.number]),
        "crumbs": [("办件", reverse("case-inbox")), (found.number, reverse("desk-case", args=[found.number]))],
    }
    return render(request, "cases/desk/points.html", context, status=status)


def _shown(mid: str, point: Any, given: Given) -> dict[str, Any]:
    """A point with what was typed, where something was, else what is kept."""
    end = f"{mid}-{point.review.number}"
    return {
        "end": end,
        "counter": point.counter,
        "review": point.review,
        "verdict": given.get(f"point-{end}", point.review.verdict),
        "note": given.get(f"note-{end}", point.review.note),
        "remedy": given.get(f"remedy-{end}", point.review.remedy),
    }
