"""Everything that changes who may come in: log-in, lock-out, posts, persons."""

from datetime import date, datetime, timedelta
from typing import Any

import pyotp
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F

from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.codes import citizen, uscc
from siban.kernel.flow import Refused

from .models import Account, Enterprise, EnterpriseMember, Org, Person, Post
from .roles import Role

MAX_FAILURES = 5  # a sixth try waits; house rule, not law
LOCK_MINUTES = 15
WRONG = "账号或密码不正确。请检查大小写；连续输错 5 次将锁定 15 分钟。"


def log_in(*, login: str, password: str, code: str = "", at: datetime, channel: str = "web") -> Account:
    """Check a staff log-in; every attempt on a known account is counted and journalled.

    Raises:
        Refused: wrong, locked, closed, or the one-time code is missing; the sentence does not tell which accounts exist.
    """
    why, account = _check(login=login.strip(), password=password, code=code, at=at)
    if why or account is None:
        raise Refused(why or WRONG)
    return account


@transaction.atomic
def _check(*, login: str, password: str, code: str, at: datetime) -> tuple[str, Account | None]:
    account = Account.objects.select_for_update(of=("self",)).filter(login=login, kind=Account.Kind.STAFF).first()
    if account is None:
        hashers.make_password(password)  # the same work as for a known account: the answer's time tells nothing
        return WRONG, None
    if account.locked_until and account.locked_until > at:
        minutes = int((account.locked_until - at).total_seconds() // 60) + 1
        return f"这个账号因多次输错已锁定，请 {minutes} 分钟后再试，或联系本单位管理员。", None
    if not account.check_password(password) or not account.is_active:
        return _failed(account, at=at), None
    if account.totp_secret:
        step = int(at.timestamp()) // 30
        good = next(
            (s for s in (step, step - 1, step + 1) if pyotp.TOTP(account.totp_secret).at(s * 30) == code.strip()), None
        )
        if not code.strip():
            return "请输入动态验证码（身份验证器中显示的 6 位数字）。", None
        if good is None or good <= account.totp_last_step:
            return _failed(account, at=at), None
        account.totp_last_step = good
    account.failed_attempts, account.locked_until, account.last_login = 0, None, at
    account.save(update_fields=["failed_attempts", "locked_until", "last_login", "totp_last_step"])
    journal.write(subject=account, move="log_in", by=SYSTEM, at=at, law="平台登录规则")
    return "", account


def _failed(account: Account, *, at: datetime) -> str:
    account.failed_attempts += 1
    if account.failed_attempts >= MAX_FAILURES:
        account.failed_attempts, account.locked_until = 0, at + timedelta(minutes=LOCK_MINUTES)
        journal.write(subject=account, move="lock", by=SYSTEM, at=at, law="平台登录规则", note="连续输错密码")
    else:
        journal.write(subject=account, move="log_in_failed", by=SYSTEM, at=at, law="平台登录规则")
    account.save(update_fields=["failed_attempts", "locked_until"])
    return WRONG


@transaction.atomic
def open_staff_account(
    *, login: str, name: str, password: str, posts: list[tuple[str, Org, str]], by: Actor, at: datetime, since: date
) -> Account:
    """A staff account with its posts: `posts` are (role, organisation, region code)."""
    account = Account(login=login, name=name, kind=Account.Kind.STAFF, created_at=at, password_changed_at=at)
    validate_password(password, account)
    account.set_password(password)
    account.save(force_insert=True)
    journal.write(subject=account, move="open", by=by, at=at, law="平台账号管理规则", fresh=True)
    for role, org, region_code in posts:
        Post.objects.create(account=account, role=Role(role), org=org, region_id=region_code, valid_from=since)
    return account


@transaction.atomic
def end_post(*, post: Post, on: date, by: Actor, at: datetime, note: str = "") -> None:
    """Close a post from a day on; sessions that act in it are worked out anew at their next request."""
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    Account.objects.filter(pk=post.account_id).update(rights_version=F("rights_version") + 1)
    journal.write(subject=post, move="end", by=by, at=at, law="平台账号管理规则", note=note)


@transaction.atomic
def register_person(
    *, name: str, id_number: str, mobile: str = "", region_code: str | None = None, address: str = "", by: Actor,
    at: datetime,
) -> Person:  # fmt: skip
    """The person with this citizen number, known already or entered now (实名).

    Raises:
        CodeError: the number is not a citizen number.
        Refused: the number is known under another name.
    """
    number = citizen.parse(id_number).number
    person, fresh = Person.objects.get_or_create(
        id_type="111",
        id_number=number,
        defaults={"name": name, "mobile": mobile, "region_id": region_code, "address": address, "created_at": at},
    )
    if person.name != name:
        raise Refused("这个证件号码登记的是另一个姓名。请核对身份证上的姓名和号码。")
    if fresh:
        journal.write(subject=person, move="register", by=by, at=at, law="GB 11643—1999", fresh=True)
    elif mobile and person.mobile != mobile:
        person.mobile = mobile
        person.save(update_fields=["mobile"])
        journal.write(subject=person, move="change_contact", by=by, at=at, law="平台账号管理规则")
    return person


@transaction.atomic
def register_enterprise(
    *, name: str, code: str, representative: Person | None, region_code: str | None, address: str = "", by: Actor,
    at: datetime,
) -> Enterprise:  # fmt: skip
    """The enterprise with this unified social credit code, with its legal representative as first member."""
    enterprise, fresh = Enterprise.objects.get_or_create(
        uscc=uscc.parse(code).code,
        defaults={
            "name": name, "region_id": region_code, "address": address, "legal_representative": representative,
            "created_at": at,
        },
    )  # fmt: skip
    if fresh:
        journal.write(subject=enterprise, move="register", by=by, at=at, law="GB 32100—2015", fresh=True)
    if representative:
        EnterpriseMember.objects.get_or_create(
            enterprise=enterprise,
            person=representative,
            defaults={"capacity": EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE},
        )
    return enterprise


@transaction.atomic
def citizen_account(*, person: Person, by: Actor, at: datetime) -> Account:
    """The account of a person whom the identity provider vouches for; made at the first log-in."""
    account, fresh = Account.objects.get_or_create(
        person=person,
        defaults={
            "login": f"p-{person.pk}", "name": person.name, "kind": Account.Kind.CITIZEN, "password": "!",
            "created_at": at,
        },
    )  # fmt: skip
    if fresh:
        journal.write(subject=account, move="open", by=by, at=at, law="国务院令第716号", fresh=True)
    account.last_login = at
    account.save(update_fields=["last_login"])
    return account


@transaction.atomic
def unmask(*, subject: Any, field: str, purpose: str, by: Actor, at: datetime) -> str:
    """Show a masked personal field in full, and journal who read it and why (个人信息保护法第六条 目的明确).

    Raises:
        Refused: no purpose was given, or the field is not a personal one.
    """
    if field not in getattr(subject, "pii", ()):
        raise Refused("这一项不是可查看的个人信息。")
    if len(purpose.strip()) < 2:
        raise Refused("请填写查看原因（至少 2 个字），例如：核对申请人证件。")
    journal.write(
        subject=subject,
        move="unmask",
        by=by,
        at=at,
        law="个人信息保护法第六条",
        note=purpose.strip(),
        facts={"field": field},
    )
    return str(getattr(subject, field))
