"""What the item library adds to pages of the whole house."""

from django.http import HttpRequest
from django.urls import reverse

from siban.identity.api import Role
from siban.kernel.ui import slots
from siban.kernel.ui.parts import Link, NavItem

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


def quality_nav(request: HttpRequest) -> NavItem | None:
    """事项质量, for who manages or oversees items."""
    if not request.actor.has_role(*ROLES):  # type: ignore[attr-defined]
        return None
    return NavItem("事项质量", reverse("desk-quality"), icon="check")


slots.register("desk.nav", 32, quality_nav)


def public_lists(request: HttpRequest) -> Link:
    """公开清单 for everybody."""
    return Link(
        "公开清单", reverse("public-lists"), "权责清单、进驻和负面清单、容缺受理、告知承诺、中介服务、特别程序"
    )


slots.register("portal.tools", 40, public_lists)
