"""读卡器: pair the programme on the clerk's computer, take over what a card says, forget it."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from siban.cases import access
from siban.cases.models_counter import CardReader, CardReading
from siban.kernel import codes, journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused

LAW = "平台办件规则（综合窗口接待）"
CODE_MINUTES = 5
PAIRED_HOURS = 12  # a working day; the next one begins with a new pairing
KEPT_SECONDS = 60
SKEW_SECONDS = 120
FIELDS = {"id_number": 18, "name": 50, "nation": 20, "address": 200, "issuer": 100, "valid_until": 10}


def secret_of(reader_id: UUID) -> str:
    """The key that signs this reader's readings: it follows from the house's secret and is kept nowhere."""
    return hmac.new(settings.SECRET_KEY.encode(), f"reader:{reader_id}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, stamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `<milliseconds>.<body>`."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _hash(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"pair:{code}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def offer_pairing(*, by: Actor, at: datetime) -> str:
    """A pairing code of eight digits, valid for five minutes and once; an earlier reader of this clerk is cut off."""
    if not by.has_role(*access.FRONT):
        raise Refused("只有窗口人员可以连接读卡器。")
    CardReader.objects.filter(account_id=by.account_id).delete()
    code = f"{secrets.randbelow(100_000_000):08d}"
    reader = CardReader.objects.create(
        org_id=by.org_id,
        account_id=by.account_id,
        code_hash=_hash(code),
        code_until=at + timedelta(minutes=CODE_MINUTES),
    )
    journal.write(subject=reader, fresh=True, move="offer_pairing", by=by, at=at, law=LAW)
    return code


@dataclass(frozen=True, slots=True)
class Paired:
    """What the programme is told: its name, its key, which counter it belongs to."""

    reader: UUID
    secret: str
    counter: str


@transaction.atomic
def pair(*, code: str, at: datetime) -> Paired:
    """The programme shows the code it was given. Raises Refused for a wrong, used or expired one."""
    reader = (
        CardReader.objects.select_for_update(of=("self",))
        .select_related("org")
        .filter(code_hash=_hash(code.strip()), code_until__gt=at)
        .first()
    )
    if reader is None:
        raise Refused("配对码不对或者已经过期。请在窗口收件页面重新按“连接读卡器”。")
    reader.code_hash, reader.paired_at, reader.ends_at = "", at, at + timedelta(hours=PAIRED_HOURS)
    reader.save(update_fields=["code_hash", "paired_at", "ends_at"])
    journal.write(subject=reader, move="pair", by=SYSTEM, at=at, law=LAW)
    return Paired(reader.pk, secret_of(reader.pk), reader.org.name)


class Unsigned(Refused):
    """A reading that this reader did not sign, or signed long ago, or sent twice."""


@transaction.atomic
def take_reading(
    *, reader_id: UUID, stamp: int, body: bytes, signed: str, said: Mapping[str, object], at: datetime
) -> None:
    """A card lies on the reader: keep what it says until the page of this clerk asks, a minute at most.

    Raises:
        Unsigned: not this reader's, too old, or a repeat.
        Refused: not a card's contents.
    """
    reader = CardReader.objects.select_for_update().filter(pk=reader_id, ends_at__gt=at).first()
    if reader is None:
        raise Unsigned("读卡器没有配对，或者配对已经到期。请重新配对。")
    if not hmac.compare_digest(signature(secret_of(reader_id), stamp, body), signed):
        raise Unsigned("读数的签名不对。")
    if abs(stamp / 1000 - at.timestamp()) > SKEW_SECONDS:
        raise Unsigned("读数的时间和服务器相差太多。请校准电脑的时间。")
    if stamp <= reader.last_stamp:
        raise Unsigned("这次读数已经收过。")
    kept = {name: str(said.get(name, ""))[:most].strip() for name, most in FIELDS.items()}
    if why := codes.citizen.check(kept["id_number"]):
        raise Refused(why)
    if not kept["name"]:
        raise Refused("卡里没有姓名。请重新放卡。")
    reader.last_stamp = stamp
    reader.save(update_fields=["last_stamp"])
    CardReading.objects.update_or_create(reader=reader, defaults={"said": kept, "at": at})


@transaction.atomic
def take_over(*, by: Actor, at: datetime) -> dict[str, str] | None:
    """The page asks: what the card said, once; it is gone from here then. None when no card was laid on."""
    found = (
        CardReading.objects.select_for_update(of=("self",))
        .filter(reader__account_id=by.account_id, reader__org_id=by.org_id)
        .first()
    )
    if found is None:
        return None
    said, is_fresh = dict(found.said), found.at > at - timedelta(seconds=KEPT_SECONDS)
    found.delete()
    return said if is_fresh else None


def forget(*, by: Actor) -> None:
    """The visit is over: what the reader still holds is for nobody."""
    CardReading.objects.filter(reader__account_id=by.account_id).delete()


def forget_old(*, at: datetime) -> int:
    """Readings nobody asked for and readers whose day is over."""
    gone, _ = CardReading.objects.filter(at__lt=at - timedelta(seconds=KEPT_SECONDS)).delete()
    CardReader.objects.filter(ends_at__lt=at).delete()
    CardReader.objects.filter(paired_at=None, code_until__lt=at).delete()
    return gone


@transaction.atomic
def disconnect(*, by: Actor, at: datetime) -> None:
    """Cut the reader off."""
    for reader in CardReader.objects.filter(account_id=by.account_id).select_for_update():
        journal.write(subject=reader, move="disconnect", by=by, at=at, law=LAW)
        reader.delete()
