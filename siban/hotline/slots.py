"""What the hotline adds to the staff desk."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import NavItem

from . import access


def orders(request: HttpRequest) -> NavItem | None:
    """热线工单 in the navigation of who may see orders."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("热线工单", reverse("hotline-orders"), "phone") if access.opens(actor) else None


slots.register("desk.nav", 20, orders)
