"""A person's messages and settings, the count in the head of every page, the link that proves an e-mail address."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.flow import Refused

from . import actions, pages
from .queries import inbox


@require_GET
@never_cache
def count(request: HttpRequest) -> HttpResponse:
    """How many unread messages, as the head of a page asks once it is shown; nothing for visitors."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = 0 if actor.is_anonymous else inbox.unread_count(actor)
    shown = f"{inbox.MOST_COUNTED}+" if found > inbox.MOST_COUNTED else str(found)
    return render(request, "exchange/_count.html", {"count": found, "shown": shown})


@require_GET
@never_cache
@citizen_required
def my_messages(request: HttpRequest) -> HttpResponse:
    """A person's messages, unread first."""
    return pages.listing(request, "exchange/public/messages.html")


@require_POST
@citizen_required
def open_mine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open one of a person's messages."""
    return pages.opened(request, pk, "my-messages")


@require_POST
@citizen_required
def read_mine(request: HttpRequest) -> HttpResponse:
    """Mark all as read that may be."""
    return pages.everything_read(request, "my-messages")


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required
def my_settings(request: HttpRequest) -> HttpResponse:
    """消息设置: channels, and the e-mail address with its proof."""
    return pages.reached(request, "exchange/public/settings.html", "my-message-settings")


@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the confirmation letter; programs that look at links in letters only see the page, a press confirms."""
    done, why = False, ""
    if request.method == "POST":
        try:
            actions.confirm_email(token=token, at=clock.now())
            done = True
        except Refused as refused:
            why = str(refused)
    response = render(request, "exchange/public/confirm.html", {"done": done, "why": why}, status=422 if why else 200)
    response["Referrer-Policy"] = "same-origin"  # the address holds the proof
    return response
