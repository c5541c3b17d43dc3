"""What identity adds to the staff desk."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from .desk_events import ANSWER_FOR
from .roles import Role


def nav(request: HttpRequest) -> NavItem | None:
    """账号管理, for the administrator of a territory."""
    if not request.actor.has_role(Role.DATA_ADMIN):  # type: ignore[attr-defined]
        return None
    return NavItem("账号管理", reverse("accounts"), icon="user")


def events(request: HttpRequest) -> NavItem | None:
    """安全事件, for who answers for the whole site."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has_role(*ANSWER_FOR) or not actor.covers(settings.SITE_REGION):
        return None
    return NavItem("安全事件", reverse("security-events"), icon="warning")


slots.register("desk.nav", 90, nav)
slots.register("desk.nav", 91, events)
