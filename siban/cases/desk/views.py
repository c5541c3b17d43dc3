"""Saved views of the inbox: keep the conditions shown, choose what opens first, let go."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from siban.cases import access, actions
from siban.cases.queries import inbox as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused


@require_POST
@never_cache
@staff_required(*access.DESK)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is narrowed now under a name; the list is shown again as that view."""
    wanted = queries.Filter.of(QueryDict(request.POST.get("query", "")[:600]))
    query = wanted.query(after="", before="").lstrip("?")
    try:
        view = actions.save_view(
            name=request.POST.get("name", ""), query=query, is_default="is_default" in request.POST,
            is_shared="is_shared" in request.POST, by=request.actor, at=clock.now(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as why:
        messages.error(request, str(why))
        return redirect(f"{reverse('case-inbox')}?{query or 'whole=1'}")
    messages.success(request, f"已保存视图“{view.name}”。")
    return redirect(f"{reverse('case-inbox')}?{query}{'&' if query else ''}view={view.pk}")


@require_POST
@never_cache
@staff_required(*access.DESK)
def change(request: HttpRequest) -> HttpResponse:
    """Let one of one's own views go, or make it the one that opens first."""
    by = request.actor  # type: ignore[attr-defined]
    if "drop" in request.POST:
        name = actions.drop_view(view_id=_key(request.POST["drop"]), by=by)
        messages.success(request, f"已删除视图“{name}”。")
    else:
        chosen = request.POST.get("first", "")
        actions.open_first(view_id=_key(chosen) if chosen else None, by=by)
        messages.success(request, "以后打开办件时先看它。" if chosen else "以后打开办件时看全部在办。")
    return redirect(f"{reverse('case-inbox')}?whole=1")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ObjectDoesNotExist from None
