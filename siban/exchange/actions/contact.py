"""How one wishes to be reached: channels, and an e-mail address proven by a link."""

from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from siban.exchange import rules
from siban.exchange.models import Contact, Message
from siban.exchange.queries import reach
from siban.exchange.rules import Recipient
from siban.kernel import journal
from siban.kernel.actor import ANONYMOUS, Actor
from siban.kernel.flow import Refused

from .telling import tell

LAW = "个人信息保护法第十三条、第十五条"  # consent, and taking it back


def _contact(by: Actor, *, at: datetime) -> Contact:
    """One's settings, locked; made when first changed."""
    key = {"person_id": by.person_id} if by.is_citizen else {"account_id": by.account_id}
    contact, fresh = Contact.objects.select_for_update().get_or_create(**key, defaults={"changed_at": at})
    if fresh:
        journal.write(subject=contact, move="create", by=by, at=at, law=LAW, fresh=True)
    return contact


@transaction.atomic
def choose_channels(*, email_on: bool, sms_on: bool, by: Actor, at: datetime) -> Contact:
    """Wish for e-mail and short messages, or not. What the law wants told is always in the site."""
    contact = _contact(by, at=at)
    before = journal.picture(contact)
    contact.email_on, contact.sms_on, contact.changed_at = email_on, sms_on, at
    contact.save()
    changed = journal.changes(before, journal.picture(contact))
    journal.write(subject=contact, move="choose_channels", by=by, at=at, law=LAW, changes=changed)
    return contact


@transaction.atomic
def ask_for_email(*, email: str, by: Actor, region_code: str, at: datetime) -> Contact:
    """Name an e-mail address; it counts when the link sent there was followed. An empty one takes the address back.

    Raises:
        Refused: no e-mail channel here, not an address, or too many letters in an hour.
    """
    contact, email = _contact(by, at=at), email.strip()
    if not email:
        contact.email, contact.email_confirmed_at, contact.email_asked, contact.changed_at = "", None, "", at
        contact.save()
        journal.write(subject=contact, move="forget_email", by=by, at=at, law=LAW)
        return contact
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"“{email[:60]}”不是电子邮箱地址，应像 name@example.com 这样，请检查后重新填写。") from None
    since = at - timedelta(hours=1)
    if Message.objects.filter(kind=reach.CONFIRM, subject_id=str(contact.pk), created_at__gt=since).count() >= rules.SENDERS_LIMIT:  # fmt: skip
        raise Refused("一小时内已经发了多次确认邮件。请先查收（也看看垃圾邮件），一小时后再试。")
    contact.email_asked, contact.changed_at = email, at
    contact.save()
    entry = journal.write(subject=contact, move="ask_for_email", by=by, at=at, law=LAW)
    who = (
        Recipient(person_id=by.person_id, email=email)
        if by.is_citizen
        else Recipient(account_id=by.account_id, email=email)
    )
    tell(
        to=[who], event=f"journal:{entry.pk}", kind=reach.CONFIRM, title="请确认您的电子邮箱",
        body=f"确认邮件已经发往您填写的邮箱。请在 {rules.CONFIRM_HOURS} 小时内打开邮件里的链接，按“确认”。"
        "确认以后，办件消息也会发到这个邮箱。如果不是您本人填写的，请不用理会。",
        subject=journal.key(contact), region_code=region_code, by=by, at=at, channels=("email",), law=LAW, is_urgent=True,
    )  # fmt: skip
    return contact


@transaction.atomic
def confirm_email(*, token: str, at: datetime) -> Contact:
    """The link was followed: the address is the person's.

    Raises:
        Refused: the link is broken, too old, or another address was named since.
    """
    try:
        said = signing.loads(token, salt=reach.SALT, max_age=rules.CONFIRM_HOURS * 3600)
    except signing.SignatureExpired:
        raise Refused("这个链接已经过期。请登录后在“消息设置”里重新填写邮箱。") from None
    except signing.BadSignature:
        raise Refused("这个链接不完整或者不对。请从邮件里重新打开，或者复制完整的链接。") from None
    contact = Contact.objects.select_for_update().filter(pk=said["contact"]).first()
    if contact is not None and contact.email == said["email"]:
        return contact
    if contact is None or contact.email_asked != said["email"]:
        raise Refused("这个邮箱后来又改过，这个链接不再有效。请使用最近一封确认邮件。")
    contact.email, contact.email_asked, contact.email_confirmed_at, contact.changed_at = said["email"], "", at, at
    contact.save()
    journal.write(subject=contact, move="confirm_email", by=ANONYMOUS, at=at, law=LAW)
    return contact
