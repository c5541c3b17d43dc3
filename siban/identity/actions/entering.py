"""Coming in: the password, the one-time code, the lock after five wrong tries."""

from datetime import datetime, timedelta

import pyotp
from django.contrib.auth import hashers
from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused

from ..models import Account

MAX_FAILURES = 5  # a sixth try waits; house rule, not law
LOCK_MINUTES = 15
WRONG = (
    "账号或密码不正确，或者因连续输错 5 次正在锁定（15 分钟）。请检查大小写后再试；已经锁定的请过 15 分钟再试，"
    "急用时请本单位管理员解锁。"
)  # one sentence for all: it must not tell which accounts exist


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
        account.check_password(password)  # the same work, whatever comes of it
        return WRONG, None
    if not account.check_password(password) or not account.is_active:
        return failed(account, at=at), None
    if account.totp_secret:
        good = totp_step(account.totp_secret, code, at=at)
        if not code.strip():
            return "请输入动态验证码（身份验证器中显示的 6 位数字）。", None
        if good is None or good <= account.totp_last_step:
            return failed(account, at=at), None
        account.totp_last_step = good
    account.failed_attempts, account.locked_until, account.last_login = 0, None, at
    account.save(update_fields=["failed_attempts", "locked_until", "last_login", "totp_last_step"])
    journal.write(subject=account, move="log_in", by=SYSTEM, at=at, law="平台登录规则")
    return "", account


def totp_step(secret: str, code: str, *, at: datetime) -> int | None:
    """The half minute in which this code is the right one, now or one step off; None for a wrong one (RFC 6238)."""
    step, given = int(at.timestamp()) // 30, code.strip()
    return next((s for s in (step, step - 1, step + 1) if pyotp.TOTP(secret).at(s * 30) == given), None)


def failed(account: Account, *, at: datetime) -> str:
    account.failed_attempts += 1
    if account.failed_attempts >= MAX_FAILURES:
        account.failed_attempts, account.locked_until = 0, at + timedelta(minutes=LOCK_MINUTES)
        journal.write(subject=account, move="lock", by=SYSTEM, at=at, law="平台登录规则", note="连续输错密码")
    else:
        journal.write(subject=account, move="log_in_failed", by=SYSTEM, at=at, law="平台登录规则")
    account.save(update_fields=["failed_attempts", "locked_until"])
    return WRONG
