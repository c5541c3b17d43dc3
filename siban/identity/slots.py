"""What identity adds to the staff desk."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from .roles import Role


def nav(request: HttpRequest) -> NavItem | None:
    """账号管理, for the administrator of a territory."""
    if not request.actor.has_role(Role.DATA_ADMIN):  # type: ignore[attr-defined]
        return None
    return NavItem("账号管理", reverse("accounts"), icon="user")


slots.register("desk.nav", 90, nav)
