"""Online payment: what a channel tells us and how it proves itself; the demonstration channel pays nothing."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from .sms import signature

LATEST_SECONDS = 300  # a notice older than this, or from the future, is not taken


class NotGenuine(Exception):
    """A notice that no channel of ours signed; the sentence says what is wanted."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as the channel tells it."""

    order: str
    trade_no: str
    amount: int
    paid_at: datetime


def secret() -> str:
    """The channel's secret; a demonstration has one of its own, made from the key of the installation."""
    if settings.PAY_SECRET:
        return str(settings.PAY_SECRET)
    if settings.SIBAN_SITE["demo"]:
        return hmac.new(settings.SECRET_KEY.encode(), b"siban.pay.demo", hashlib.sha256).hexdigest()
    return ""


def pays_in_demo() -> bool:
    """Whether the only online channel is the demonstration's, where no money moves."""
    return not settings.PAY_SECRET and bool(settings.SIBAN_SITE["demo"])


def pays_online() -> bool:
    """Whether a page of ours can pay. A real channel takes the place of the demonstration's cash desk."""
    return pays_in_demo()


def is_signed(key: str, body: bytes, *, stamp: str, given: str, at: datetime) -> bool:
    """Whether who holds the key sent this within the last minutes."""
    if not key or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    fresh = abs(at.timestamp() - int(stamp)) <= LATEST_SECONDS
    return fresh and hmac.compare_digest(signature(key, stamp, body).encode(), given.encode())


def read(body: bytes, *, stamp: str, given: str, at: datetime) -> Paid:
    """The payment a notice tells of.

    Args:
        body: `{"order", "trade_no", "amount" (fen), "paid_at" (ISO 8601 with offset)}`.
        stamp, given: time in seconds and HMAC-SHA256 over `stamp + "." + body`.

    Raises:
        NotGenuine: not signed by the channel, or too old.
        ValueError: signed, but not understood.
    """
    if not is_signed(secret(), body, stamp=stamp, given=given, at=at):
        raise NotGenuine("签名不对或者时间相差太多。")
    try:
        said = json.loads(body)
        paid = Paid(said["order"], said["trade_no"], said["amount"], datetime.fromisoformat(said["paid_at"]))
    except (KeyError, TypeError, ValueError):
        raise ValueError("应是 JSON，含 order、trade_no、amount（分）、paid_at。") from None
    texts = isinstance(paid.order, str) and isinstance(paid.trade_no, str) and 0 < len(paid.trade_no) <= 64
    if not texts or type(paid.amount) is not int or paid.amount <= 0 or paid.paid_at.tzinfo is None:
        raise ValueError("应是 JSON，含 order、trade_no、amount（分）、paid_at。")
    return paid


def demo_notice(paid: Paid, *, at: datetime) -> tuple[bytes, str, str]:
    """What the demonstration channel would send: body, stamp, signature."""
    body = json.dumps(
        {
            "order": paid.order, "trade_no": paid.trade_no, "amount": paid.amount, "paid_at": paid.paid_at.isoformat(),
        }
    ).encode()  # fmt: skip
    stamp = str(int(at.timestamp()))
    return body, stamp, signature(secret(), stamp, body)
