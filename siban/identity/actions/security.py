"""One's own security: the password, the one-time code (动态验证码)."""

from datetime import datetime

import pyotp
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from ..models import Account
from . import entering

LAW = "平台登录规则"


def new_secret() -> str:
    """A secret for an authenticator, not in force until a code of it was typed."""
    return pyotp.random_base32()


def change_password(*, account: Account, old: str, new: str, by: Actor, at: datetime) -> None:
    """Set a new password; all other sessions of the account end. Wrong old passwords count towards the lock.

    Raises:
        Refused: the old password is wrong or the new one too weak, or both are the same.
    """
    if why := _change(account=account, old=old, new=new, by=by, at=at):
        raise Refused(why)


@transaction.atomic
def _change(*, account: Account, old: str, new: str, by: Actor, at: datetime) -> str:
    held = _own(account)
    if why := _proven(held, old, at=at):
        return why
    if new == old:
        return "新密码和原密码相同，请换一个。"
    try:
        validate_password(new, held)
    except ValidationError as fault:
        return "".join(fault.messages)
    held.set_password(new)
    held.password_changed_at = at
    held.save(update_fields=["password", "password_changed_at"])
    journal.write(subject=held, move="change_password", by=by, at=at, law=LAW)
    return ""


def turn_on_totp(*, account: Account, secret: str, code: str, by: Actor, at: datetime) -> None:
    """From now on log-in also asks for the one-time code of this secret.

    Raises:
        Refused: it is on already, or the code is not one of this secret now.
    """
    with transaction.atomic():
        held = _own(account)
        if held.totp_secret:
            raise Refused("动态验证已经开通。要换手机，请先关闭再重新开通。")
        step = entering.totp_step(secret, code, at=at)
        if step is None:
            raise Refused("验证码不对。请确认手机时间准确，再填写身份验证器里现在显示的 6 位数字。")
        held.totp_secret, held.totp_last_step = secret, step
        held.save(update_fields=["totp_secret", "totp_last_step"])
        journal.write(subject=held, move="totp_on", by=by, at=at, law=LAW)


def turn_off_totp(*, account: Account, password: str, by: Actor, at: datetime) -> None:
    """Log-in asks for the password alone again.

    Raises:
        Refused: it is off already or the password is wrong.
    """
    if why := _off(account=account, password=password, by=by, at=at):
        raise Refused(why)


@transaction.atomic
def _off(*, account: Account, password: str, by: Actor, at: datetime) -> str:
    held = _own(account)
    if not held.totp_secret:
        return "动态验证没有开通。"
    if why := _proven(held, password, at=at):
        return why
    held.totp_secret = ""
    held.save(update_fields=["totp_secret"])
    journal.write(subject=held, move="totp_off", by=by, at=at, law=LAW)
    return ""


def _own(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _proven(held: Account, password: str, *, at: datetime) -> str:
    """Nothing when the password is right, else the sentence; the try is counted and kept."""
    if held.locked_until and held.locked_until > at:
        return "这个账号因多次输错已锁定，请 15 分钟后再试。"
    if not held.check_password(password):
        entering.failed(held, at=at)
        return "原密码不正确。连续输错 5 次，账号会锁定 15 分钟。"
    return ""
