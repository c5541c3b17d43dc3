"""Staff accounts and posts: opened, given, ended, unlocked. The administrator of a territory does it, and it is journalled."""

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..models import Account, Org, Post
from ..roles import Role

LAW = "平台账号管理规则"
NOT_YOURS = "您当前的岗位不能管理这个账号。"


def may(by: Actor, org: Org) -> None:
    """Raises Refused for who does not administer the organisation's territory."""
    if not by.is_system and not access.administrator(by, org):
        raise Refused(f"{NOT_YOURS}{access.administrator.__doc__}")


@transaction.atomic
def open_staff_account(
    *, login: str, name: str, password: str, posts: list[tuple[str, Org, str]], by: Actor, at: datetime, since: date,
    must_change: bool = False,
) -> Account:  # fmt: skip
    """A staff account with its posts: `posts` are (role, organisation, region code).

    Args:
        must_change: the password is somebody else's and has to be changed at the first log-in.

    Raises:
        Refused: not the post for it, the log-in is taken, the password is too weak.
    """
    for _, org, _ in posts:
        may(by, org)
    login = login.strip()
    if Account.objects.filter(login=login).exists():
        raise Refused(f"账号“{login}”已经有人使用，请换一个。")
    account = Account(
        login=login, name=name.strip(), kind=Account.Kind.STAFF, created_at=at,
        password_changed_at=None if must_change else at,
    )  # fmt: skip
    _set_password(account, password)
    account.save(force_insert=True)
    journal.write(subject=account, move="open", by=by, at=at, law=LAW, fresh=True)
    for role, org, region_code in posts:
        _give(account, role=role, org=org, region_code=region_code, since=since, by=by, at=at)
    return account


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as why:
        raise Refused("".join(why.messages)) from why
    account.set_password(password)


def _give(account: Account, *, role: str, org: Org, region_code: str, since: date, by: Actor, at: datetime) -> Post:
    post = Post.objects.create(account=account, role=Role(role), org=org, region_id=region_code, valid_from=since)
    facts = {"account": account.pk, "role": role, "org": org.code, "region": region_code}
    journal.write(subject=post, move="give", by=by, at=at, law=LAW, fresh=True, facts=facts)
    return post


@transaction.atomic
def give_post(*, account: Account, role: str, org: Org, since: date, by: Actor, at: datetime) -> Post:
    """One more post for an account, in the region of the organisation.

    Raises:
        Refused: not the post for it, a person's account, or the very post is held already.
    """
    may(by, org)
    if account.kind != Account.Kind.STAFF:
        raise Refused("办事人的账号不能任职。")
    try:
        with transaction.atomic():
            post = _give(account, role=role, org=org, region_code=org.region_id, since=since, by=by, at=at)
    except IntegrityError as fault:
        raise Refused(f"“{account.name}”已经在“{org.name}”担任“{Role(role).label}”。") from fault
    _rights_changed(account)
    return post


@transaction.atomic
def end_post(*, post: Post, on: date, by: Actor, at: datetime, note: str = "") -> None:
    """Close a post from a day on; sessions that act in it are worked out anew at their next request.

    Raises:
        Refused: not the post for it, ended already, or the last administrator would go.
    """
    may(by, post.org)
    if post.valid_to is not None:
        raise Refused(f"这个岗位已经在 {post.valid_to} 结束。")
    if by.post_id == post.pk:
        raise Refused("不能结束自己正在使用的岗位，请由另一位管理员办理。")
    if on <= post.valid_from:
        on = post.valid_from + (date.resolution)
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    _rights_changed(post.account)
    journal.write(subject=post, move="end", by=by, at=at, law=LAW, note=note)


def _rights_changed(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(rights_version=F("rights_version") + 1)


@transaction.atomic
def unlock(*, account: Account, by: Actor, at: datetime) -> None:
    """Let a locked account try again at once."""
    held = _administered(account, by=by)
    if held.locked_until is None or held.locked_until <= at:
        raise Refused(f"账号“{held.login}”没有锁定，不用解锁。")
    held.locked_until, held.failed_attempts = None, 0
    held.save(update_fields=["locked_until", "failed_attempts"])
    journal.write(subject=held, move="unlock", by=by, at=at, law=LAW)


@transaction.atomic
def reset_password(*, account: Account, password: str, by: Actor, at: datetime) -> None:
    """A new first password after the old one was forgotten; also ends the one-time code of a lost phone and all sessions."""
    held = _administered(account, by=by)
    _set_password(held, password)
    held.password_changed_at, held.totp_secret, held.locked_until, held.failed_attempts = None, "", None, 0
    held.save(update_fields=["password", "password_changed_at", "totp_secret", "locked_until", "failed_attempts"])
    journal.write(subject=held, move="reset_password", by=by, at=at, law=LAW)


@transaction.atomic
def close_account(*, account: Account, by: Actor, at: datetime, note: str = "") -> None:
    """Close an account for good: nobody comes in with it any more."""
    held = _administered(account, by=by)
    if held.pk == by.account_id:
        raise Refused("不能停用自己的账号，请由另一位管理员办理。")
    if not held.is_active:
        raise Refused(f"账号“{held.login}”已经停用。")
    held.is_active = False
    held.save(update_fields=["is_active"])
    _rights_changed(held)
    journal.write(subject=held, move="close", by=by, at=at, law=LAW, note=note)


def _administered(account: Account, *, by: Actor) -> Account:
    """The account, locked; every organisation it serves must lie in the administrator's territory."""
    held = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    orgs = [post.org for post in held.posts.select_related("org").filter(valid_to=None).order_by("pk")]
    if held.kind != Account.Kind.STAFF or (not orgs and not by.is_system):
        orgs = [post.org for post in held.posts.select_related("org").order_by("pk")]
        if not orgs:
            raise Refused(NOT_YOURS)
    for org in orgs:
        may(by, org)
    return held
