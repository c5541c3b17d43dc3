"""What the hotline adds to the staff desk."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import Link, NavItem

from . import access, access_knowledge


def orders(request: HttpRequest) -> NavItem | None:
    """热线工单 in the navigation of who may see orders."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("热线工单", reverse("hotline-orders"), "phone") if access.opens(actor) else None


def wall(request: HttpRequest) -> NavItem | None:
    """热线调度 for who oversees the hotline."""
    roles = (*access.OVERSEERS, "unit_head")
    return NavItem("热线调度", reverse("hotline-wall"), "clock") if request.actor.has_role(*roles) else None  # type: ignore[attr-defined]


def callbacks(request: HttpRequest) -> NavItem | None:
    """回访台 for the operators."""
    roles = (*access.OPERATORS, "service_admin")
    return NavItem("回访台", reverse("hotline-callbacks"), "phone") if request.actor.has_role(*roles) else None  # type: ignore[attr-defined]


def ledgers(request: HttpRequest) -> NavItem | None:
    """三张清单 for everybody who sees orders."""
    return (
        NavItem("三张清单", reverse("hotline-ledger", args=["hung"]), "paper") if access.opens(request.actor) else None
    )  # type: ignore[attr-defined]


def hotspots(request: HttpRequest) -> NavItem | None:
    """高频问题 for who oversees the hotline."""
    return (
        NavItem("高频问题", reverse("hotline-hotspots"), "chart")
        if request.actor.has_role(*access.OVERSEERS)
        else None
    )  # type: ignore[attr-defined]


def open311(request: HttpRequest) -> NavItem | None:
    """开放接口 in the navigation of who issues keys."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("开放接口", reverse("open311-keys"), "paper") if access.may_set_rules(actor) else None


def file_demand(request: HttpRequest) -> Link:
    """反映诉求 on the first page of the portal."""
    return Link("反映诉求", reverse("hotline-file-demand"), "12345 接诉即办")


def knowledge(request: HttpRequest) -> NavItem | None:
    """知识库 in the navigation of who may see articles."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("知识库", reverse("knowledge"), "paper") if access_knowledge.opens(actor) else None


def ask(request: HttpRequest) -> Link:
    """问一问 on the first page of the portal."""
    return Link("问一问", reverse("ask"), "常见问题当场答")


def my_orders(request: HttpRequest) -> Link | None:
    """我的诉求 among one's own affairs."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("我的诉求", reverse("my-orders"), "反映过的事情和办理进度") if actor.is_citizen else None


slots.register("portal.tools", 10, file_demand)
slots.register("portal.tools", 11, ask)
slots.register("portal.my", 14, my_orders)
slots.register("desk.nav", 20, orders)
slots.register("desk.nav", 21, callbacks)
slots.register("desk.nav", 22, wall)
slots.register("desk.nav", 23, ledgers)
slots.register("desk.nav", 24, hotspots)
slots.register("desk.nav", 25, knowledge)
slots.register("desk.nav", 26, open311)
