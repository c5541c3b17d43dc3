"""Whole lives of cases a second, through the doors the people use; a spike of five times the load; the worklist as it grows.

A life: a business system hands an application in, the counter accepts it, a reviewer begins, a head decides, the
certificate is issued, the search finds the case. Each step is a request of its own over HTTP, by a person logged in.
"""

import argparse
import json
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench import data, load
from bench.__main__ import CLIENTS, get, log_in, repeat
from bench.chaos import template
from bench.chaos.ledger import Ledger
from bench.chaos.talking import Answer, Talker

PASSWORD = "Siban-2026-demo"
AT_LEAST = 0.8  # of the rate at few cases
GROWTH = 1.3  # of the worklist's P95
SPIKE, SPIKE_SECONDS, BACK_WITHIN = 5, 60, 60
BACK = 1.5  # as good as before: no more than so many times the base, of the median of five seconds
THINKING = 0.25  # seconds between two steps of one user while the spike is measured


@dataclass
class Lived:
    """What a crowd did: lives finished, requests with their moment and milliseconds, and answers that were no success."""

    lives: int = 0
    steps: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, began: float) -> None:
        now = time.perf_counter()
        with self.lock:
            self.steps.append((now, 1000 * (now - began)))

    def between(self, since: float, until: float) -> list[float]:
        with self.lock:
            return [ms for at, ms in self.steps if since <= at < until]


class Crowd:
    """Everybody one life needs, in one thread: the same cookies as browsers, the same forms."""

    def __init__(self, port: int, made: "template.Template", bearer: str, place: Any, over: threading.Event) -> None:
        ledger = Ledger(place)
        self.made, self.bearer = made, bearer
        self.system, self.clerk, self.reviewer = (Talker(port, ledger, over) for _ in range(3))
        for talker, login in ((self.clerk, "chuangkou"), (self.reviewer, made.reviewer)):
            talker.log_in("/login/staff/", {"login": login, "password": PASSWORD, "next": "/healthz"})

    def live(self, lived: Lived, n: int, *, thinking: float = 0.0) -> bool:
        """One case from its application to being found; False when a step was refused."""
        body = json.dumps(self.made.application(n), ensure_ascii=False).encode()
        head = {
            "Authorization": f"Bearer {self.bearer}",
            "Idempotency_Key": str(uuid.uuid4()),
            "Content_Type": "application/json",
        }
        answer = self._timed(lived, self.system, "POST", "/api/v1/applications", body, head)
        if answer.status != 201:
            return self._fault(lived, "apply", answer)
        number = json.loads(answer.body)["number"]
        moves: tuple[tuple[Talker, str, str, dict[str, object]], ...] = (
            (self.clerk, "accept", "submitted", {}), (self.reviewer, "start_review", "accepted", {}),
            (self.reviewer, "points", "in_review", {"do": "pass"}), (self.reviewer, "approve", "in_review", {"note": "同意。"}),
            (self.reviewer, "issue", "approved", {}),
        )  # fmt: skip
        for who, move, seen, said in moves:
            time.sleep(thinking)
            began = time.perf_counter()
            answer = who.post(f"/desk/cases/{number}/{move}/", {**said, "seen": seen})
            lived.took(began)
            if answer.status != 302:
                return self._fault(lived, move, answer)
        time.sleep(thinking)
        answer = self._timed(lived, self.clerk, "GET", f"/desk/search/?q={number}")
        if answer.status not in (200, 302) or (answer.status == 200 and number not in answer.body):
            return self._fault(lived, "search", answer)
        with lived.lock:
            lived.lives += 1
        return True

    def _timed(
        self, lived: Lived, who: Talker, method: str, path: str, body: bytes = b"", head: dict[str, str] | None = None
    ) -> Answer:
        began = time.perf_counter()
        answer = who.ask(method, path, body, **(head or {}))
        lived.took(began)
        return answer

    def _fault(self, lived: Lived, step: str, answer: Answer) -> bool:
        with lived.lock:
            lived.faults.append(f"{step}: {answer.status} {answer.body[:200]}")
        return False

    def close(self) -> None:
        for talker in (self.system, self.clerk, self.reviewer):
            talker.close()


def _go(crowd: Crowd, lived: Lived, seed: int, stop: threading.Event, thinking: float) -> threading.Thread:
    def run() -> None:
        n = seed * 1000
        while not stop.is_set():
            n += 1
            crowd.live(lived, n % 800, thinking=thinking)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def _lived(crowds: list[Crowd], seconds: float) -> tuple[float, Lived]:
    lived, stop = Lived(), threading.Event()
    began = time.perf_counter()
    threads = [_go(crowd, lived, n, stop, 0.0) for n, crowd in enumerate(crowds)]
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join(60)
    return lived.lives / (time.perf_counter() - began), lived


def section(*, port: int, asked: argparse.Namespace, place: Any) -> Iterator[str]:
    """The section **lifecycle** of `make bench`."""
    from siban.kernel import clock

    over, bearer = threading.Event(), data.client_token()
    made = template.of(template.SINGLE, clock.local_day(clock.now()))
    crowds = [Crowd(port, made, bearer, place / f"life-{n}", over) for n in range(CLIENTS)]
    cookie = log_in(port, data.INBOX_LOGIN)
    rates, worklists = {}, {}
    _lived(crowds, 2)
    for count in (asked.few, asked.cases):
        data.many_cases(count)
        done = [_lived(crowds, max(asked.seconds, 5)) for _ in range(asked.rounds)]
        rates[count] = statistics.median(rate for rate, _ in done)
        slow = sorted(ms for _, lived in done for _, ms in lived.steps)
        p95 = slow[int(len(slow) * 0.95)]
        faults = sum(len(lived.faults) for _, lived in done)
        yield f"{rates[count]:.1f} lives a second at {count:,} cases (six requests each, P95 of a request {p95:.0f} ms), {faults} faults"
        for _, lived in done:
            yield from lived.faults[:3]
        runs = [
            load.run(port, repeat(get("/desk/cases/", cookie)), seconds=asked.seconds, lines=CLIENTS)
            for _ in range(asked.rounds)
        ]
        worklists[count] = statistics.median(run.percentile(0.95) for run in runs)
        yield f"worklist P95 at {count:,} cases: {worklists[count]:.1f} ms"
    kept, grown = rates[asked.cases] / rates[asked.few], worklists[asked.cases] / worklists[asked.few]
    yield f"lives at {asked.cases:,} are {kept:.2f} of those at {asked.few:,} (goal ≥ {AT_LEAST}) {'ok' if kept >= AT_LEAST else 'SHORT'}"
    yield f"worklist P95 grew {grown:.2f} times (goal ≤ {GROWTH}) {'ok' if grown <= GROWTH else 'SHORT'}"
    yield from _spike(port, made, bearer, place, crowds, over)
    over.set()
    for crowd in crowds:
        crowd.close()


def _spike(
    port: int, made: "template.Template", bearer: str, place: Any, crowds: list[Crowd], over: threading.Event
) -> Iterator[str]:
    """Users that think between two steps; five times as many for a minute; then the first alone again."""
    base = crowds[: max(CLIENTS // 2, 1)]
    more = [
        Crowd(port, made, bearer, place / f"spike-{n}", over)
        for n in range((SPIKE - 1) * len(base) - len(crowds) + len(base))
    ]
    extra = [*crowds[len(base) :], *more]
    lived, stop, calm = Lived(), threading.Event(), threading.Event()
    threads = [_go(crowd, lived, n, stop, THINKING) for n, crowd in enumerate(base)]
    time.sleep(3)
    began = time.perf_counter()
    time.sleep(15)
    spike_at = time.perf_counter()
    threads += [_go(crowd, lived, 100 + n, calm, THINKING) for n, crowd in enumerate(extra)]
    time.sleep(SPIKE_SECONDS)
    calm.set()
    calm_at = time.perf_counter()
    usual, high = lived.between(began, spike_at), lived.between(spike_at, calm_at)
    back = None
    for second in range(0, BACK_WITHIN, 5):
        time.sleep(5)
        now = lived.between(calm_at + second, calm_at + second + 5)
        if back is None and now and statistics.median(now) <= BACK * statistics.median(usual):
            back = second + 5
            break
    stop.set()
    for thread in threads:
        thread.join(60)
    for crowd in more:
        crowd.close()
    ok = not lived.faults and back is not None
    yield (
        f"spike: {len(usual) / (spike_at - began):.0f} requests a second, median {statistics.median(usual):.0f} ms; {SPIKE} × the users "
        f"for {SPIKE_SECONDS} s: {len(high) / SPIKE_SECONDS:.0f} a second, median {statistics.median(high):.0f} ms, "
        f"{len(lived.faults)} faults; back to at most {BACK} × the base within {back or '—'} s (goal: none, {BACK_WITHIN} s) "
        f"{'ok' if ok else 'SHORT'}"
    )
    yield from lived.faults[:3]
