"""The self-service machine of a hall: large, by touch, without log-in, and forgetful after a minute."""

import string
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from siban.kernel.ui.parts import Link

from . import guide as guides
from . import public, public_ask, queries, search
from .models import elements_of
from .search import Wanted
from .situations.known import Settled

IDLE = 60  # seconds without a touch after which the machine forgets whoever stood there
LONGEST = 20  # letters somebody types with one finger
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the letters on the screen."""

    label: str
    url: str


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    said = {"idle": IDLE, "end": reverse("kiosk-end"), "home": reverse("kiosk"), **context}
    return render(request, template, said)


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What would you like to do? By letters of its sound, or by theme."""
    typed = "".join(c for c in request.GET.get("letters", "").lower() if c in string.ascii_lowercase)[:LONGEST]
    here = reverse("kiosk")
    keys = [Key(c.upper(), f"{here}?letters={typed}{c}") for c in string.ascii_lowercase]
    found = search.find(typed, limit=SHOWN).hits if typed else ()
    home = queries.home()
    doors = {"个人办事": home.natural, "企业和单位办事": home.legal}
    return _page(
        request, "catalog/kiosk_start.html", typed=typed, keys=keys, hits=found, home_page=home,
        back=f"{here}?letters={typed[:-1]}" if typed else "",
        doors={title: [Link(d.label, f"{reverse('kiosk-items')}?{d.query}") for d in group] for title, group in doors.items()},
    )  # fmt: skip


@never_cache
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The items of a theme."""
    wanted = public.wanted_in(request)
    found = search.find("", wanted=wanted if wanted.topic else Wanted(), after=request.GET.get("after", ""))
    following = urlencode({"who": wanted.who, "topic": wanted.topic, "after": found.after}) if found.after else ""
    return _page(
        request, "catalog/kiosk_items.html", found=found, topic=wanted.topic or "全部事项",
        following=f"{request.path}?{following}" if following else "",
    )  # fmt: skip


@never_cache
@require_GET
def item(request: HttpRequest, impl_code: str) -> HttpResponse:
    """The guide by touch: first the question of the situation, then what to bring; print, or take it along by phone."""
    version = queries.in_force(impl_code)
    if version is None:
        raise Http404(public.UNKNOWN)
    content, given = elements_of(version.version_id), dict(public.answers_in(request))
    made = guides.build(
        content, content_hash=version.content_hash, given=given, org_names=queries.org_names(content),
        suspended=version.suspended,
    )  # fmt: skip
    page = public_ask.ask_page(content, made, given, Settled(), base=request.path)
    site = getattr(settings, "SIBAN_PUBLIC_URL", "") or request.build_absolute_uri("/")[:-1]
    code = segno.make(site + page.guide_url, error="m", micro=False).svg_data_uri(scale=4, border=2)
    return _page(request, "catalog/kiosk_item.html", name=content.name, page=page, guide=made, code=code)


@csrf_exempt  # ends what there is and begins nothing; the machine must be able to forget even without a token
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Forget whoever stood here: session, cookies, what the browser kept; back to the start."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponseRedirect(reverse("kiosk"))  # another site may not log anybody out
    request.session.flush()
    response = HttpResponseRedirect(reverse("kiosk"))
    for name in request.COOKIES:
        response.delete_cookie(name)
    response["Clear-Site-Data"] = '"cookies", "storage"'
    response["Cache-Control"] = "no-store"
    return response
