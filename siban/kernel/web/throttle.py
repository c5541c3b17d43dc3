"""A brake on mass enquiry: each client address has a bucket of tokens that fills up again with time.

Kept in the process: with several processes the limit is that many times higher, which still stops enumeration.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from siban.kernel import clock

View = Callable[..., HttpResponse]
SENTENCE = "操作太频繁，请过 {seconds} 秒再试。需要大量核验、查询的单位，请联系政务服务局开通数据共享接口。"
KEPT = 10_000


@dataclass(slots=True)
class Bucket:
    """What one address has left, and when it was last asked."""

    tokens: float
    seen: datetime


EVERY: "list[Throttle]" = []  # all there are, for who must release them


class Throttle:
    """A named limit.

    Args:
        name: what is limited, as the journal names it.
        capacity: how many enquiries at once.
        per_minute: how many come back each minute.
    """

    def __init__(self, name: str, *, capacity: int, per_minute: float) -> None:
        self.name, self.capacity, self.per_second = name, capacity, per_minute / 60
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = threading.Lock()
        EVERY.append(self)

    def take(self, address: str, *, at: datetime) -> int:
        """Ask for one enquiry.

        Returns:
            Seconds to wait; 0 = go ahead.
        """
        with self._lock:
            bucket = self._buckets.pop(address, None) or Bucket(float(self.capacity), at)
            passed = max((at - bucket.seen).total_seconds(), 0)
            bucket.tokens = min(self.capacity, bucket.tokens + passed * self.per_second)
            bucket.seen = max(at, bucket.seen)
            self._buckets[address] = bucket
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return int((1 - bucket.tokens) / self.per_second) + 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._buckets.clear()


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy of our own, from the header that `CLIENT_ADDRESS_HEADER` names."""
    header = getattr(settings, "CLIENT_ADDRESS_HEADER", "")
    named = request.META.get(header, "").split(",")[-1].strip() if header else ""
    return str(named or request.META.get("REMOTE_ADDR", ""))


def throttled(limit: Throttle, methods: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Let a view be asked only as often as the limit allows; beyond it, 429 with when to come back.

    Args:
        methods: only these count and are refused; all when none is named.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if methods and request.method not in methods:
                return view(request, *args, **kwargs)
            now = clock.now()
            seconds = limit.take(address_of(request), at=now)
            if not seconds:
                return view(request, *args, **kwargs)
            from . import refusals
            from .faults import answer

            refusals.note(request, refusals.Kind.ENUMERATION, f"超过限额（{limit.name}）", at=now)

            response = answer(request, 429, SENTENCE.format(seconds=seconds))
            response["Retry-After"] = str(seconds)
            return response

        return guarded

    return wrap
