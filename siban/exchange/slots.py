"""What messages add to the desk and to a person's pages."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import Link, NavItem

from . import access


def sent(request: HttpRequest) -> NavItem | None:
    """消息发送 in the navigation of who oversees it."""
    return NavItem("消息发送", reverse("messages-sent"), "bell") if access.oversees(request.actor) else None  # type: ignore[attr-defined]


def my_messages(request: HttpRequest) -> Link | None:
    """消息 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("消息", reverse("my-messages"), "办件进展、消息设置") if actor.is_citizen else None


slots.register("desk.nav", 85, sent)
slots.register("portal.my", 15, my_messages)
