"""Several cases ticked in the inbox: look at what will be done, do it, see row by row how it went, take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from siban.cases import access, actions
from siban.cases.actions.together import MOST, VERBS
from siban.cases.desk.acts.asking import key
from siban.cases.desk.acts.reviewing import colleagues
from siban.cases.queries import case_page as pages
from siban.cases.queries import chosen as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from . import inbox


@require_POST
@never_cache
@staff_required(*access.DECIDING)
def batch(request: HttpRequest) -> HttpResponse:
    """First the list of what was ticked, then, confirmed, the act on each; a workbook at once."""
    by, numbers = request.actor, list(dict.fromkeys(request.POST.getlist("case")))  # type: ignore[attr-defined]
    verb = request.POST.get("verb", "")
    if not numbers or (verb != "export" and verb not in VERBS):
        messages.error(
            request,
            "请先勾选办件，再按要办的事。" if verb in (*VERBS, "export") else "这件事不能成批办理，请逐件办理。",
        )
        return redirect(f"{reverse('case-inbox')}?whole=1")
    if verb == "export":
        return inbox.workbook_of(request, numbers)
    if "confirm" not in request.POST:
        return _screen(request, verb, numbers)
    given = request.POST
    try:
        done = actions.together(
            verb=verb, numbers=numbers, by=by, at=clock.now(), handler_id=key(given, "handler"), note=given.get("note", ""),
            confirmed=given.getlist("looked"), text=given.get("text", ""), token=given.get("token", ""),
        )  # fmt: skip
    except Refused as why:
        return _screen(request, verb, numbers, said=str(why), status=422)
    handed = [(one.number, str(one.before or "")) for one in done if one.is_done] if verb == "assign" else []
    context = {
        "label": VERBS[verb],
        "done": done,
        "good": sum(one.is_done for one in done),
        "bad": sum(not one.is_done for one in done),
        "undo": handed,
        "handler": given.get("handler", ""),
        "crumbs": [("办件", f"{reverse('case-inbox')}?whole=1")],
    }
    return render(request, "cases/desk/batch_done.html", context)


def _screen(request: HttpRequest, verb: str, numbers: list[str], *, said: str = "", status: int = 200) -> HttpResponse:
    by, given = request.actor, request.POST  # type: ignore[attr-defined]
    rows = queries.chosen(by, numbers, verb=verb, most=MOST)
    context: dict[str, Any] = {
        "verb": verb,
        "label": VERBS[verb],
        "rows": rows,
        "over": max(len(numbers) - MOST, 0),
        "most": MOST,
        "able": sum(not row.refusal for row in rows),
        "said": said,
        "handlers": [("", "请选择"), *colleagues(by.org_id)] if verb == "assign" else [],
        "handler": given.get("handler", ""),
        "text": given.get("text", ""),
        "note": given.get("note", ""),
        "looked": given.getlist("looked"),
        "token": given.get("token") or str(uuid7()),
        "back": f"{reverse('case-inbox')}?whole=1",
        "crumbs": [("办件", f"{reverse('case-inbox')}?whole=1")],
    }
    return render(request, "cases/desk/batch.html", context, status=status)


@require_POST
@never_cache
@staff_required(*access.DECIDING)
def undo(request: HttpRequest) -> HttpResponse:
    """Take an assignment of several back: each as it was before, unless it has moved on since."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    given_to, back, kept = key(request.POST, "handler"), 0, []
    for pair in request.POST.getlist("before")[:MOST]:
        number, _, before = pair.partition("|")
        try:
            if given_to is None:
                raise Refused("没有写明分给了谁。")
            found = pages.find(by, number=number).pk
            actions.undo_assign(
                case_id=found, given_to=given_to, before=UUID(before) if before else None, by=by, at=at
            )
            back += 1
        except (Refused, ValueError, ObjectDoesNotExist) as why:
            kept.append(f"{number[:40]}：{why}")
    if back:
        messages.success(request, f"已撤销 {back} 件的分办。")
    for line in kept:
        messages.error(request, line)
    return redirect(f"{reverse('case-inbox')}?whole=1")
