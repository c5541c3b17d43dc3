"""Coming in and going out: persons through the demonstration identity provider, staff with a password."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.web import refusals
from siban.kernel.web.throttle import Throttle, throttled

from . import actions, actors, middleware
from .forms import CitizenLogin, StaffLogin
from .gate import staff_required
from .models import Account

STAFF_ENTRIES = Throttle("identity.staff_login", capacity=120, per_minute=60)  # an office shares one address
ENTRIES = Throttle("identity.login", capacity=60, per_minute=30)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def _next(request: HttpRequest, default: str) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else default


def _enter(request: HttpRequest, account: Account, *, assurance: int) -> None:
    """A new session for this account; what belonged to a visitor before is not carried over."""
    middleware.forget(request)
    auth.logout(request)
    auth.login(request, account, backend=BACKEND)
    request.session[middleware.ASSURANCE] = assurance


@never_cache
@throttled(ENTRIES, methods=("POST",))
def login(request: HttpRequest) -> HttpResponse:
    """Log-in for persons (演示身份认证)."""
    form = CitizenLogin(request.POST or None, initial={"level": request.GET.get("level", "3")})
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            person = actions.register_person(
                name=form.cleaned_data["name"].strip(), id_number=form.cleaned_data["id_number"], by=SYSTEM, at=at
            )
            account = actions.citizen_account(person=person, by=SYSTEM, at=at)
        except Refused as why:
            form.add_error("name", str(why))
        else:
            _enter(request, account, assurance=int(form.cleaned_data["level"]))
            return redirect(_next(request, "/my/"))
    return render(
        request, "identity/login.html", {"form": form, "next": _next(request, "")}, status=422 if form.errors else 200
    )


@never_cache
@throttled(STAFF_ENTRIES, methods=("POST",))
def staff_login(request: HttpRequest) -> HttpResponse:
    """Log-in for staff."""
    form = StaffLogin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = actions.log_in(**form.cleaned_data, at=clock.now())
        except Refused as why:
            refusals.note(request, refusals.Kind.PASSWORD, "工作人员登录没有通过")
            form.add_error(None, str(why))
        else:
            _enter(request, account, assurance=0)
            return redirect(_next(request, "/desk/"))
    return render(
        request,
        "identity/staff_login.html",
        {"form": form, "next": _next(request, "")},
        status=422 if form.errors else 200,
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Leave; the session ends on the server."""
    staff = request.actor.is_staff  # type: ignore[attr-defined]
    middleware.forget(request)
    auth.logout(request)
    messages.success(request, "已退出登录。")
    return redirect("staff-login" if staff else "/")


@staff_required()
def post(request: HttpRequest) -> HttpResponse:
    """Choose which of one's posts to act in."""
    account = request.account  # type: ignore[attr-defined]
    posts = actors.posts_of(account, day=clock.local_day(clock.now()))
    if request.method == "POST":
        chosen = next((p for p in posts if str(p.pk) == request.POST.get("post")), None)
        if chosen is None:
            raise Refused("这个岗位已经结束，或者不属于您。请重新选择。")
        request.session[middleware.POST] = str(chosen.pk)
        request.session.pop(middleware.KEPT, None)
        middleware.forget(request)
        messages.success(request, f"已切换到：{chosen.org.name} · {chosen.get_role_display()}")
        return redirect("/desk/")
    return render(request, "identity/post.html", {"posts": posts})


def whoami(request: HttpRequest) -> JsonResponse:
    """Is the session alive: asked by pages before they send a long form."""
    return JsonResponse({"logged_in": not request.actor.is_anonymous})  # type: ignore[attr-defined]
