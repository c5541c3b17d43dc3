"""What oversight adds to the staff desk."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from . import slots_supervision
from .desk.figures import SEES_FIGURES

__all__ = ["slots_supervision"]


def figures(request: HttpRequest) -> NavItem | None:
    """指标 in the navigation of who may see figures."""
    return NavItem("指标", reverse("dashboard"), "check") if request.actor.has_role(*SEES_FIGURES) else None  # type: ignore[attr-defined]


def documents(request: HttpRequest) -> NavItem | None:
    """通报 in the navigation of who may read what was issued."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("调度通报", reverse("documents"), "paper") if actor.has_role(*SEES_FIGURES) else None


def liangyou(request: HttpRequest) -> NavItem | None:
    """两优 in the navigation of the same people."""
    return NavItem("两优", reverse("liangyou"), "chart") if request.actor.has_role(*SEES_FIGURES) else None  # type: ignore[attr-defined]


def transfers(request: HttpRequest) -> NavItem | None:
    """许可权划转 in the navigation."""
    return NavItem("许可权划转", reverse("transfers"), "seal") if request.actor.has_role(*SEES_FIGURES) else None  # type: ignore[attr-defined]


def disclosure(request: HttpRequest) -> NavItem | None:
    """政务公开 in the navigation."""
    return NavItem("政务公开", reverse("disclosure"), "eye") if request.actor.has_role(*SEES_FIGURES) else None  # type: ignore[attr-defined]


slots.register("desk.nav", 60, figures)
slots.register("desk.nav", 62, documents)
slots.register("desk.nav", 64, liangyou)
slots.register("desk.nav", 66, transfers)
slots.register("desk.nav", 68, disclosure)
