"""What is turned away as an attack is counted and journalled: never what was in it, always from where and where to."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest

from siban.kernel import clock, journal
from siban.kernel.actor import ANONYMOUS
from siban.kernel.clock import local_day
from siban.kernel.files import FileDangerous
from siban.kernel.models import SecurityEvent

from .throttle import Throttle, address_of

log = logging.getLogger(__name__)
Kind = SecurityEvent.Kind
LAW = "网络安全法（记录和留存网络运行状态、网络安全事件）；个人信息保护法第五十一条"
QUIET = timedelta(minutes=10)  # after so long without a journal row the next one is written
MISSES = Throttle("web.misses", capacity=40, per_minute=20)
COUNT = """
INSERT INTO kernel_securityevent AS e (day, kind, place, source, account_id, reason, times, first_at, last_at, journalled_at)
VALUES (%(day)s, %(kind)s, %(place)s, %(source)s, %(account)s, %(reason)s, 1, %(at)s, %(at)s, %(at)s)
ON CONFLICT (day, kind, place, source, account_id) DO UPDATE SET
  times = e.times + 1, last_at = greatest(e.last_at, excluded.last_at), reason = excluded.reason,
  journalled_at = CASE WHEN e.journalled_at <= %(quiet)s THEN excluded.journalled_at ELSE e.journalled_at END
RETURNING id, times = 1 OR journalled_at = %(at)s
"""


def note(request: HttpRequest, kind: str, reason: str, *, at: datetime | None = None) -> None:
    """Count one refusal in a transaction of its own; the first of its row, and each after a quiet while, is journalled.

    Args:
        kind: one of `SecurityEvent.Kind`.
        reason: why, in words that hold nothing of what was sent.
    """
    at = at or clock.now()
    actor: Any = getattr(request, "actor", ANONYMOUS)
    said = {
        "day": local_day(at), "kind": kind, "place": place_of(request), "source": address_of(request)[:64],
        "account": actor.account_id, "reason": reason[:200], "at": at, "quiet": at - QUIET,
    }  # fmt: skip
    try:
        with transaction.atomic():
            _count(said, by=actor)
    except DatabaseError as fault:  # what is refused stays refused, also when it can't be counted
        log.warning("not counted: %s at %s from %s: %s", kind, said["place"], said["source"], fault)


def _count(said: dict[str, Any], *, by: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, said)
        pk, is_new = cursor.fetchone()
    if is_new:
        journal.write(
            subject=("kernel.SecurityEvent", str(pk)), move="refuse", by=by, at=said["at"], law=LAW,
            facts={name: said[name] for name in ("kind", "source", "place", "reason")},
        )  # fmt: skip


def upload(request: HttpRequest, why: Exception) -> None:
    """Count a refused upload if it was dangerous; what is only too large, damaged or of a foreign type is nobody's attack."""
    if isinstance(why, FileDangerous):
        note(request, Kind.UPLOAD, why.reason)


def missed(request: HttpRequest) -> None:
    """Count who asks again and again for numbers that are not there or not theirs; a few wrong ones are nobody's fault."""
    match = getattr(request, "resolver_match", None)
    actor: Any = getattr(request, "actor", ANONYMOUS)
    if match and match.kwargs and MISSES.take(str(actor.account_id or address_of(request)), at=clock.now()):
        note(request, Kind.ENUMERATION, "反复查看不存在或者无权查看的编号")


def place_of(request: HttpRequest) -> str:
    """The pattern of the address, so that numbers in it make no new rows."""
    match = getattr(request, "resolver_match", None)
    return str(match.route if match else request.path)[:200]
