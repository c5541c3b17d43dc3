"""What every layout knows: the site, the actor, the navigation and the 适老 choice."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import slots
from .parts import Site

ELDER_COOKIE = "elder"


@dataclass(frozen=True)
class Visitor:
    """Stands in where a request carries no actor, for example on an error page."""

    name: str = ""
    is_anonymous: bool = True
    is_staff: bool = False
    kind: str = "citizen"
    post_label: str = ""


def site() -> Site:
    """The site's names and addresses, from settings.SIBAN_SITE where given."""
    return Site(**getattr(settings, "SIBAN_SITE", {}))


def ui(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the layouts."""
    return {
        "site": site(),
        "actor": getattr(request, "actor", None) or Visitor(),
        "nav": SimpleLazyObject(lambda: slots.nav("desk.nav", request)),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "path": request.path,
    }
