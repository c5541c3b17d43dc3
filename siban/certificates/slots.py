"""What certificates add to other pages."""

from django.http import HttpRequest
from django.urls import reverse

from siban.kernel.ui import slots
from siban.kernel.ui.parts import Link, NavItem

from . import access


def register_of_certificates(request: HttpRequest) -> NavItem | None:
    """电子证照 in the navigation of the issuing office and of who oversees it."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("电子证照", reverse("certificate-register"), "seal") if access.opens_desk(actor) else None


def my_certificates(request: HttpRequest) -> Link | None:
    """我的证照 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    return Link("我的证照", reverse("my-certificates"), "查看、下载，看谁用过") if actor.is_citizen else None


def verify(request: HttpRequest) -> Link:
    """证照文书核验 for everybody."""
    return Link("证照文书核验", reverse("verify"), "核对证照、文书的真伪和状态")


slots.register("desk.nav", 40, register_of_certificates)
slots.register("portal.my", 30, my_certificates)
slots.register("portal.tools", 40, verify)
