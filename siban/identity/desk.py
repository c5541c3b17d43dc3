"""Staff pages of identity: one's own security, and the administrator's register of accounts and posts."""

import io
from typing import Any
from uuid import UUID

import pyotp
import segno
from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Entry, Lamp, Link, Row, Table

from . import actions, actors, queries
from .forms import AccountOpened, PasswordChange, PasswordReset, PostGiven, TotpOff, TotpOn
from .gate import staff_required
from .models import Account
from .roles import Role

ISSUER = "四办政务服务平台"
PENDING = "totp_pending"
DONE = {
    "open": "开通账号", "log_in": "登录", "log_in_failed": "登录时输错", "lock": "连续输错，锁定", "unlock": "解锁",
    "reset_password": "重设初始密码", "change_password": "更换密码", "totp_on": "开通动态验证", "totp_off": "关闭动态验证",
    "close": "停用账号", "unmask": "查看个人信息",
}  # fmt: skip


@never_cache
@require_safe
@staff_required()
def security(request: HttpRequest) -> HttpResponse:
    """How one's own account stands: post, password, one-time code."""
    held: Account = Account.objects.get(pk=request.actor.account_id)  # type: ignore[attr-defined]
    changed = (
        f"{clock.local_day(held.password_changed_at):%Y年%-m月%-d日}" if held.password_changed_at else "还没有换过"
    )
    posts = actors.posts_of(held, day=clock.local_day(clock.now()))
    rows = [
        Row("账号", held.login),
        Row("现在的岗位", request.actor.post_label, Link("切换岗位", reverse("post")) if len(posts) > 1 else None),  # type: ignore[attr-defined]
        Row("密码", f"上次更换：{changed}", Link("更换密码", reverse("security-password"))),
        Row(
            "动态验证",
            "已开通，登录时还要填 6 位数字" if held.totp_secret else "没有开通",
            Link("关闭", reverse("security-totp-off")) if held.totp_secret else Link("开通", reverse("security-totp")),
        ),
    ]
    return render(request, "identity/security.html", {"rows": rows})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session goes on, all others end."""
    form, at = PasswordChange(request.POST or None), clock.now()
    held: Account = request.account  # type: ignore[attr-defined]
    first = held.password_changed_at is None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_password(account=held, old=said["old"], new=said["new"], by=request.actor, at=at)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error("old" if "原密码不" in str(why) else "new", str(why))
        else:
            auth.update_session_auth_hash(request, Account.objects.get(pk=held.pk))
            messages.success(request, "密码已更换，其他地方的登录都已退出。")
            return redirect("/desk/" if first else "security")
    context = {"form": form, "first": first, "crumbs": [] if first else [Link("账号安全", reverse("security"))]}
    return render(request, "identity/password.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def totp(request: HttpRequest) -> HttpResponse:
    """Turn the one-time code on: scan, then prove it with a code."""
    held: Account = Account.objects.get(pk=request.actor.account_id)  # type: ignore[attr-defined]
    if held.totp_secret:
        messages.info(request, "动态验证已经开通。要换手机，请先关闭再重新开通。")
        return redirect("security")
    secret = request.session.get(PENDING) or actions.new_secret()
    request.session[PENDING] = secret
    form = TotpOn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.turn_on_totp(
                account=held,
                secret=secret,
                code=form.cleaned_data["totp"],
                by=request.actor,
                at=clock.now(),  # type: ignore[attr-defined]
            )
        except Refused as why:
            form.add_error("totp", str(why))
        else:
            del request.session[PENDING]
            messages.success(request, "动态验证已开通，下次登录起生效。")
            return redirect("security")
    address = pyotp.TOTP(secret).provisioning_uri(name=held.login, issuer_name=ISSUER)
    context = {
        "form": form, "drawing": drawn(address), "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "crumbs": [Link("账号安全", reverse("security"))],
    }  # fmt: skip
    return render(request, "identity/totp.html", context, status=422 if form.errors else 200)


def drawn(text: str) -> SafeString:
    """A QR code as SVG that needs no style of its own."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, title="动态验证二维码", svgclass=None, lineclass=None,
        light="#fff",
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def totp_off(request: HttpRequest) -> HttpResponse:
    """Turn the one-time code off, with the password."""
    form = TotpOff(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.turn_off_totp(
                account=request.account,
                password=form.cleaned_data["password"],
                by=request.actor,
                at=clock.now(),  # type: ignore[attr-defined]
            )
        except Refused as why:
            form.add_error("password", str(why))
        else:
            messages.success(request, "动态验证已关闭。")
            return redirect("security")
    context = {"form": form, "crumbs": [Link("账号安全", reverse("security"))]}
    return render(request, "identity/totp_off.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@staff_required(Role.DATA_ADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts of the territory."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = [
        (
            Cell(row.name, url=reverse("account", args=[row.id]), note=row.login),
            Cell("；".join(row.posts)),
            Cell(lamp=Lamp(row.tone, row.state)),
            "已开通" if row.has_totp else "没有",
        )
        for row in queries.accounts_in(request.actor, at=clock.now(), q=q)  # type: ignore[attr-defined]
    ]
    table = Table(
        "账号",
        ["姓名和账号", "岗位", "状态", "动态验证"],
        rows,
        "没有符合条件的账号。",
        "换一个条件再查。",
        caption_hidden=True,
    )
    return render(request, "identity/accounts.html", {"table": table, "q": q, "here": reverse("accounts")})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(Role.DATA_ADMIN)
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account with its first post."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    orgs = queries.orgs_in(by)
    form = AccountOpened(request.POST or None, orgs=orgs)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        org = next(o for o in orgs if str(o.pk) == said["org"])
        try:
            made = actions.open_staff_account(
                login=said["login"], name=said["name"], password=said["password"], must_change=True, by=by, at=at,
                posts=[(said["role"], org, org.region_id)], since=clock.local_day(at),
            )  # fmt: skip
        except Refused as why:
            form.add_error("password" if "密码" in str(why) else "login", str(why))
        else:
            messages.success(request, f"已开通账号“{made.login}”。请把初始密码当面告诉本人。")
            return redirect("account", pk=made.pk)
    context = {"form": form, "crumbs": [Link("账号管理", reverse("accounts"))]}
    return render(request, "identity/account_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@staff_required(Role.DATA_ADMIN)
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account: posts, what may be done, what was done."""
    return _account(request, pk)


def _account(
    request: HttpRequest, pk: UUID, *, refusal: str = "", forms: dict[str, Any] | None = None
) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    try:
        page = queries.account_page(pk, by=by, at=clock.now())
    except Account.DoesNotExist:
        raise Http404("没有找到这个账号，或者它不在您管理的地区。") from None
    forms = forms or {}
    entries = [
        Entry(e.at, " ".join(p for p in (e.actor_role and str(Role(e.actor_role).label), e.actor_name) if p), DONE.get(e.move, e.move), e.law, e.note)
        for e in reversed(page.entries)
    ]  # fmt: skip
    context = {
        "held": page.account,
        "row": page.row,
        "lamp": Lamp(page.row.tone, page.row.state),
        "posts": page.posts,
        "is_locked": page.row.tone == "red",
        "entries": entries,
        "refusals": [(refusal, "#main")] if refusal else [],
        "post_form": forms.get("post") or PostGiven(orgs=queries.orgs_in(by)),
        "reset_form": forms.get("reset") or PasswordReset(),
        "crumbs": [Link("账号管理", reverse("accounts"))],
    }
    return render(request, "identity/account.html", context, status=422 if refusal or forms else 200)


@sensitive_post_parameters()
@require_POST
@staff_required(Role.DATA_ADMIN)
def account_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """One act on an account: give or end a post, unlock, new first password, close."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        page = queries.account_page(pk, by=by, at=at)
    except Account.DoesNotExist:
        raise Http404("没有找到这个账号，或者它不在您管理的地区。") from None
    held, note = page.account, request.POST.get("note", "").replace("\x00", "")[:200]
    try:
        match act:
            case "give-post":
                form = PostGiven(request.POST, orgs=queries.orgs_in(by))
                if not form.is_valid():
                    return _account(request, pk, forms={"post": form})
                org = next(o for o in queries.orgs_in(by) if str(o.pk) == form.cleaned_data["org"])
                actions.give_post(
                    account=held, role=form.cleaned_data["role"], org=org, since=clock.local_day(at), by=by, at=at
                )
                said = "已增加岗位。"
            case "end-post":
                post = next((p for p in page.posts if str(p.pk) == request.POST.get("post")), None)
                if post is None:
                    raise Refused("没有找到这个岗位，请刷新页面。")
                actions.end_post(post=post, on=clock.local_day(at), by=by, at=at, note=note)
                said = "岗位已结束。"
            case "unlock":
                actions.unlock(account=held, by=by, at=at)
                said = "已解锁，可以马上再登录。"
            case "reset-password":
                reset = PasswordReset(request.POST)
                if not reset.is_valid():
                    return _account(request, pk, forms={"reset": reset})
                actions.reset_password(account=held, password=reset.cleaned_data["password"], by=by, at=at)
                said = "已重设初始密码，请当面告诉本人。"
            case "close":
                actions.close_account(account=held, by=by, at=at, note=note)
                said = "账号已停用。"
            case _:
                raise Http404("没有这个操作，请从账号页面的按钮进入。")
    except Refused as why:
        return _account(request, pk, refusal=str(why))
    messages.success(request, said)
    return redirect("account", pk=pk)
