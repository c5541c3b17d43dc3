"""`make bench`: W1 accepting an application, W2 a guide page, W3 the reviewer's inbox, ratios within this run; whole lives of cases, a spike; the search; the linter."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import house, load

CLIENTS = 8
MANY = 100_000  # implementations of the section library; `--items 1600000` takes some ten minutes and 4 GB


@dataclass(frozen=True, slots=True)
class Line:
    """One printed result."""

    name: str
    ours: float
    peer: float
    goal: float | None
    note: str

    @property
    def ratio(self) -> float:
        return self.ours / self.peer if self.peer else 0.0

    @property
    def is_short(self) -> bool:
        return self.goal is not None and self.ratio < self.goal

    def show(self) -> str:
        goal = f"  goal ≥ {self.goal:.2f} {'SHORT' if self.is_short else 'ok'}" if self.goal is not None else ""
        return f"{self.name:<28} ours {self.ours:>9.1f}/s   peer {self.peer:>9.1f}/s   ratio {self.ratio:.3f}{goal}   {self.note}"


def rounds(
    ours: Callable[[], load.Outcome], peer: Callable[[], float], *, count: int
) -> tuple[float, float, load.Outcome]:
    """Interleaved rounds; medians of both rates and the median round of ours."""
    outcomes, rates = [], []
    for _ in range(count):
        outcomes.append(ours())
        rates.append(peer())
    outcomes.sort(key=lambda o: o.rate)
    middle = outcomes[len(outcomes) // 2]
    return middle.rate, statistics.median(rates), middle


def get(path: str, cookie: str = "", accept: str = "text/html") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


def repeat(request: bytes) -> Callable[[], Iterator[bytes]]:
    def forever() -> Iterator[bytes]:
        while True:
            yield request

    return forever


def log_in(port: int, login: str) -> str:
    """A session cookie, got as a person gets it."""
    import http.cookiejar
    import re
    import urllib.request

    jar = http.cookiejar.CookieJar()
    web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/login/staff/"
    page = web.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token.group(1), "login": login, "password": "Siban-2026-demo", "next": "/healthz"}
    web.open(urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address})).read()
    return "; ".join(f"{c.name}={c.value}" for c in jar)


def cost(pid: int, server: int, work: Callable[[], load.Outcome]) -> tuple[load.Outcome, str]:
    """Run once more and say what a request cost the server and the database in CPU."""
    before, base = house.cpu_seconds(pid), house.cpu_seconds(server)
    outcome = work()
    ours, theirs = house.cpu_seconds(pid) - before, house.cpu_seconds(server) - base
    n = max(outcome.answers, 1)
    said = f"CPU/request: server {ours / n * 1000:.2f} ms, database {theirs / n * 1000:.2f} ms; "
    said += f"P50 {outcome.percentile(0.5):.1f} ms, P95 {outcome.percentile(0.95):.1f} ms, P99 {outcome.percentile(0.99):.1f} ms"
    return outcome, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="search,W1,W2,W3,lifecycle")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument(
        "--items",
        type=int,
        default=0,
        help="implementations for search, library and lint (the last two: 100,000 if not said)",
    )
    asked = parser.parse_args()
    wanted = set(asked.only.split(","))
    if "lint" in wanted:
        from bench import linting

        print("-- lint", flush=True)
        for said in linting.section(asked.items or MANY, asked.rounds):
            print(said, flush=True)
        if wanted == {"lint"}:
            return 0
    with house.database() as (place, url):
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from bench import data, growing, many_items, searching, work
        from config import postgres

        data.build()
        database_pid = postgres.ensure(place).pid
        if "search" in wanted:
            print("-- search", flush=True)
            print("\n".join(searching.section(asked.items, many_items.fill)), flush=True)
        if "library" in wanted:
            print("-- library", flush=True)
            for said in growing.section(asked.items or MANY, many_items.fill):
                print(said, flush=True)
        if "measures" in wanted:
            from bench import measuring

            print("-- measures", flush=True)
            for said in measuring.section(asked.items or MANY, many_items.fill):
                print(said, flush=True)
        if "hotline" in wanted:
            from bench import hotline

            print("-- hotline", flush=True)
            for said in hotline.section(asked.cases):
                print(said, flush=True)
        if wanted <= {"search", "library", "lint", "measures", "hotline"}:
            return 0
        opened = time.perf_counter()
        with house.web() as (port, pid):
            print(f"start-up of the server: {time.perf_counter() - opened:.2f} s")
            lines: list[Line] = []
            for name, one in (("W1", work.accepting), ("W2", work.guide), ("W3", work.inbox)):
                if name in wanted:
                    print(f"-- {name}", flush=True)
                    made = one(port=port, pid=pid, database_pid=database_pid, url=url, asked=asked)
                    print("\n".join(line.show() for line in made), flush=True)
                    lines += made
            if "lifecycle" in wanted:
                from bench import lifecycle

                print("-- lifecycle", flush=True)
                for said in lifecycle.section(port=port, asked=asked, place=place):
                    print(said, flush=True)
            print(f"peak memory of a worker: {house.peak_memory_mb(pid):.0f} MiB")
    short = [line.name for line in lines if line.is_short]
    print(f"short of the goal: {', '.join(short)}" if short else "every goal is met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
