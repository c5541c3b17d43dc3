"""Who may come to a page at all: decorators that send visitors to the right log-in and bring them back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from siban.kernel.actor import Actor

View = Callable[..., HttpResponse]
ENDED = "登录已过期。填写的内容已经保留，请重新登录后继续。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fast lane is told of a request: a GET without a query.

    Args:
        actor: who asks; anonymous on the lanes of visitors.
        environ: the request as the web server has it, for headers.
    """

    path: str
    cookies: Mapping[str, str]
    actor: Actor
    environ: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a lane gives: a whole body, its type, and headers besides those every answer carries."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Lane = Callable[[Asked], Answer | None]
STAFF_LANES: dict[str, tuple[Lane, frozenset[str]]] = {}
VISITOR_LANES: dict[str, Lane] = {}


def lane(path: str, *roles: str) -> Callable[[Lane], Lane]:
    """Let staff acting in these roles be answered on the fast lane at this address (`lanes.Lanes`).

    A lane gives None for what it can't answer; that, and whoever acts in another role, goes the whole way, where the
    page's own gate refuses.
    """

    def enter(view: Lane) -> Lane:
        STAFF_LANES[path] = (view, frozenset(roles))
        return view

    return enter


def visitor_lane(segment: str) -> Callable[[Lane], Lane]:
    """Let visitors of whom nothing is known be answered on the fast lane, for addresses below `/segment/`."""

    def enter(view: Lane) -> Lane:
        VISITOR_LANES[segment] = view
        return view

    return enter


def to_login(request: HttpRequest, name: str) -> HttpResponse:
    """To the log-in page and back; programs on the page get 401 with the sentence instead of a page."""
    here = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    address = f"{reverse(name)}?{urlencode({'next': _local(here, request)})}"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(ENDED, status=401)
        response["HX-Redirect"] = address
        return response
    if "application/json" in request.headers.get("Accept", "") or request.headers.get("X-Requested-With"):
        return JsonResponse({"error": ENDED, "login": address}, status=401)
    return redirect(address)


def _local(address: str, request: HttpRequest) -> str:
    """Only addresses of this site are ever followed after log-in."""
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if parts.netloc and parts.netloc != request.get_host():
        return "/"
    path = parts.path or "/"
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return "/"
    return path + (f"?{parts.query}" if parts.query else "")


def citizen_required(view: View | None = None, *, assurance: int = 1) -> Any:
    """For persons logged in with at least this assurance level (实名等级)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.is_citizen:
                return to_login(request, "login")
            if actor.assurance < assurance:
                return redirect(
                    f"{reverse('login')}?{urlencode({'next': request.get_full_path(), 'level': assurance})}"
                )
            return view(request, *args, **kwargs)

        return guarded

    return wrap(view) if view else wrap


def staff_required(*roles: str) -> Callable[[View], View]:
    """For staff acting in one of these roles; any role when none is named."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.is_anonymous:
                return to_login(request, "staff-login")
            if not actor.is_staff or (roles and actor.role not in roles):
                raise PermissionDenied("您当前的岗位没有这一页的权限。可以在右上角切换岗位，或者联系本单位管理员。")
            return view(request, *args, **kwargs)

        return guarded

    return wrap
