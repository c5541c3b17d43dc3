"""What certificates add to other pages."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from siban.kernel.ui import slots
from siban.kernel.ui.parts import Link, NavItem

from . import access


def register_of_certificates(request: HttpRequest) -> NavItem | None:
    """电子证照 in the navigation of the issuing office and of who oversees it."""
    actor = request.actor  # type: ignore[attr-defined]
    return NavItem("电子证照", reverse("certificate-register"), "seal") if access.opens_desk(actor) else None


def my_certificates(request: HttpRequest, page: object) -> SafeString | None:
    """我的证照 on the pages of a person logged in."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_citizen:
        return None
    return render_to_string("certificates/_door.html", {"url": reverse("my-certificates")})


def verification(request: HttpRequest) -> Link:
    """核验证照和文书 for everybody."""
    return Link("核验证照和文书", reverse("verify"), "看一份证照或者文书是不是真的、现在是否有效")


slots.register("desk.nav", 40, register_of_certificates)
slots.register("my.home", 30, my_certificates)
slots.register("portal.tools", 30, verification)
