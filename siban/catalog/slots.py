"""What the item library adds to pages of the whole house."""

from django.http import HttpRequest
from django.urls import reverse

from siban.identity.api import Role
from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

ROLES = (Role.DEPT_ADMIN, Role.SERVICE_ADMIN, Role.SUPERVISOR, Role.AUDITOR, Role.DATA_ADMIN)


def nav(request: HttpRequest) -> NavItem | None:
    """事项管理, for who manages or oversees items."""
    if not request.actor.has_role(*ROLES):  # type: ignore[attr-defined]
        return None
    return NavItem("事项管理", reverse("desk-items"), icon="paper")


slots.register("desk.nav", 30, nav)


def materials_nav(request: HttpRequest) -> NavItem | None:
    """材料目录, for who manages items."""
    if not request.actor.has_role(Role.DEPT_ADMIN, Role.SERVICE_ADMIN):  # type: ignore[attr-defined]
        return None
    return NavItem("材料目录", reverse("desk-materials"), icon="paper")


slots.register("desk.nav", 31, materials_nav)
