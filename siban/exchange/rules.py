"""When a message goes out, how often it is tried, what fits into a short message. Pure: no rows, no clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from siban.kernel.clock import CHINA, local_day

QUIET_FROM, QUIET_UNTIL = time(22), time(8)  # 平台消息规则: no short message at night, except urgent ones
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 720)  # pauses after the first, second… failure
MOST_ATTEMPTS = len(RETRY_MINUTES) + 1
SMS_LONGEST = 134  # characters in two parts of a Chinese short message (67 each)
CONFIRM_HOURS = 48  # the link in the e-mail that proves an address
CHANNELS = {"email": "电子邮件", "sms": "短信"}
OUTAGE_MINUTES = 2  # a channel that cannot be reached is asked again so soon
OLDEST_DAYS = 3  # what could not go out for so long is given up
SENDERS_LIMIT = 5  # confirmation letters a person may ask for in an hour


def allowed_from(channel: str, at: datetime, *, urgent: bool = False) -> datetime:
    """The earliest instant at which a channel may be used: a short message waits for the morning unless it is urgent."""
    if channel != "sms" or urgent:
        return at
    here = at.astimezone(CHINA)
    if here.time() < QUIET_UNTIL:
        return datetime.combine(local_day(at), QUIET_UNTIL, CHINA)
    if here.time() >= QUIET_FROM:
        return datetime.combine(local_day(at) + timedelta(days=1), QUIET_UNTIL, CHINA)
    return at


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after this many failures; None when it is enough."""
    if attempts < 1:
        raise ValueError("nothing has failed yet")
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + timedelta(minutes=RETRY_MINUTES[attempts - 1])


def is_due(delivery: Any, at: datetime) -> str | None:
    """Its time has come."""
    if delivery.next_at > at:
        return "还没有到发送的时间。"
    return None


def short_text(site: str, title: str, body: str) -> str:
    """What a short message says: the site's name, the title, and of the body as many whole sentences as fit."""
    text = f"【{site}】{title.rstrip('。')}。"
    if len(text) > SMS_LONGEST:
        return text[: SMS_LONGEST - 1] + "…"
    for sentence in sentences(body):
        if len(text) + len(sentence) > SMS_LONGEST:
            break
        text += sentence
    return text


def sentences(body: str) -> list[str]:
    """A text cut after each full stop."""
    said = body.replace("\n", "").replace("。", "。\n").split("\n")
    return [s for s in said if s]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a person, a member of staff, or everyone who holds a role in an organisation (岗位).

    `mobile` and `email` stand in for what the person's own record says, for this one message.
    """

    person_id: UUID | None = None
    account_id: UUID | None = None
    role: str = ""
    org_id: UUID | None = None
    mobile: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        post = bool(self.role) and self.org_id is not None
        if [self.person_id is not None, self.account_id is not None, post].count(True) != 1 or (
            bool(self.role) != (self.org_id is not None)
        ):
            raise ValueError("a recipient is one person, one account, or a role in an organisation")

    @property
    def key(self) -> str:
        """How the message's key names the recipient."""
        if self.person_id:
            return f"person:{self.person_id}"
        return f"account:{self.account_id}" if self.account_id else f"post:{self.role}:{self.org_id}"


def to_person(person_id: UUID, *, mobile: str = "") -> Recipient:
    return Recipient(person_id=person_id, mobile=mobile)


def to_account(account_id: UUID) -> Recipient:
    return Recipient(account_id=account_id)


def to_post(role: str, org_id: UUID) -> Recipient:
    return Recipient(role=role, org_id=org_id)
