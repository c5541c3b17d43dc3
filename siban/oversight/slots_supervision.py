"""What supervision adds to the staff desk: navigation and the figures of the home page."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import Figure, NavItem

from . import access_supervision as access
from .queries import collections, tasks


def directives(request: HttpRequest) -> NavItem | None:
    """督查通知 for who directs, oversees or is directed."""
    return NavItem("督查通知", reverse("directives"), "bell") if access.opens(request.actor) else None  # type: ignore[attr-defined]


def supervised(request: HttpRequest) -> NavItem | None:
    """督查任务 of the territory, 我的任务 of a unit."""
    actor = request.actor  # type: ignore[attr-defined]
    if not access.opens(actor):
        return None
    return NavItem("督查任务" if access.sees_territory(actor) else "我的任务", reverse("tasks"), "warning")


def returns(request: HttpRequest) -> NavItem | None:
    """报送 for who asks and who reports."""
    return NavItem("报送", reverse("collections"), "upload") if access.opens(request.actor) else None  # type: ignore[attr-defined]


def waiting(request: HttpRequest) -> list[Figure] | None:
    """Tasks that wait for this person."""
    actor = request.actor  # type: ignore[attr-defined]
    if not access.opens(actor):
        return None
    open_, late = tasks.waiting(actor)
    territory = access.sees_territory(actor)
    label, query = ("待核验的督查任务", "?tab=check") if territory else ("本单位的督查任务", "")
    if not (open_ or late):
        return None
    note = f"逾期 {late} 项" if late else ""
    return [Figure(label, open_, reverse("tasks") + query, "red" if late else "amber", note, "项")]


def owed(request: HttpRequest) -> list[Figure] | None:
    """Returns this unit still owes."""
    actor = request.actor  # type: ignore[attr-defined]
    if not access.sees_unit(actor):
        return None
    count = collections.owed(actor)
    return [Figure("待报送", count, reverse("collections"), "amber", unit="份")] if count else None


slots.register("desk.nav", 61, directives)
slots.register("desk.nav", 62, supervised)
slots.register("desk.nav", 63, returns)
slots.register("desk.home", 60, waiting)
slots.register("desk.home", 61, owed)
