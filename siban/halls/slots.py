"""What halls add to the staff desk."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from .access import SEES


def delayed(request: HttpRequest) -> NavItem | None:
    """延时服务 in the navigation."""
    return NavItem("延时服务", reverse("delayed"), "clock") if request.actor.has_role(*SEES) else None  # type: ignore[attr-defined]


def entry(request: HttpRequest) -> NavItem | None:
    """进驻和授权 in the navigation."""
    return NavItem("进驻和授权", reverse("hall-entry"), "house") if request.actor.has_role(*SEES) else None  # type: ignore[attr-defined]


slots.register("desk.nav", 56, delayed)
slots.register("desk.nav", 57, entry)
