"""The three workloads, each with its peer."""

import argparse
import uuid
from collections.abc import Iterator

from bench import data, house, load
from bench.__main__ import CLIENTS, Line, cost, get, log_in, repeat, rounds


def accepting(*, port: int, pid: int, database_pid: int, url: str, asked: argparse.Namespace) -> list[Line]:
    """W1: applications over HTTP, validated, journalled, two terms; against one statement with the same inserts."""
    from bench import statements
    from siban.kernel import clock

    token = data.client_token()
    body = data.body(data.application(clock.local_day(clock.now())))

    def requests() -> Iterator[bytes]:
        while True:
            head = (
                "POST /api/v1/applications HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {token}\r\nIdempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            yield head.encode() + body

    def ours() -> load.Outcome:
        return load.run(port, requests, seconds=asked.seconds, lines=CLIENTS, good=b" 201 ")

    load.run(port, requests, seconds=1, lines=CLIENTS, good=b" 201 ")
    script = statements.same_inserts()
    rate, peer, _ = rounds(
        ours, lambda: house.pgbench(url, script, seconds=asked.seconds, clients=CLIENTS), count=asked.rounds
    )
    _, said = cost(pid, database_pid, ours)
    return [Line("W1 accept an application", rate, peer, 0.20, said)]


def guide(*, port: int, pid: int, database_pid: int, url: str, asked: argparse.Namespace) -> list[Line]:
    """W2: a guide page to a visitor; against nginx serving the same bytes from a file."""
    import urllib.request

    from siban.catalog.api import ImplementationItem

    code = ImplementationItem.objects.get(slug="market_regulation.food_business").impl_code
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/items/{code}/").read()
    request = get(f"/items/{code}/")

    def ours() -> load.Outcome:
        return load.run(port, repeat(request), seconds=asked.seconds, lines=CLIENTS)

    ours()
    with house.nginx(page) as peer_port:

        def peer() -> float:
            return load.run(peer_port, repeat(request), seconds=asked.seconds, lines=CLIENTS).rate

        rate, theirs, _ = rounds(ours, peer, count=asked.rounds)
    _, said = cost(pid, database_pid, ours)
    return [Line("W2 a guide page", rate, theirs, 0.05, f"{len(page) // 1024} KiB; {said}")]


def inbox(*, port: int, pid: int, database_pid: int, url: str, asked: argparse.Namespace) -> list[Line]:
    """W3: the reviewer's inbox over many cases, HTML and JSON; against the same SELECT in pgbench."""
    from bench import statements

    cookie, lines, medians = log_in(port, data.INBOX_LOGIN), [], {}
    for count in (asked.few, asked.cases):
        data.many_cases(count)
        for kind, path, goal in (("JSON", "/desk/cases.json", 0.25), ("HTML", "/desk/cases/", 0.12)):
            script = statements.inbox_select(kind)
            request = get(path, cookie, "application/json" if kind == "JSON" else "text/html")

            def ours(request: bytes = request) -> load.Outcome:
                return load.run(port, repeat(request), seconds=asked.seconds, lines=CLIENTS)

            ours()
            rate, peer, middle = rounds(
                ours, lambda script=script: house.pgbench(url, script, seconds=asked.seconds, clients=CLIENTS),  # type: ignore[misc]
                count=asked.rounds,
            )  # fmt: skip
            medians[kind, count] = middle.percentile(0.5)
            _, said = cost(pid, database_pid, ours)
            lines.append(
                Line(f"W3 inbox {kind} at {count:,}", rate, peer, goal if count == asked.cases else None, said)
            )
    for kind in ("JSON", "HTML"):
        grown = medians[kind, asked.cases] / medians[kind, asked.few]
        print(f"W3 {kind}: P50 at {asked.cases:,} is {grown:.2f} × that at {asked.few:,} (goal ≤ 1.30)")
    return lines
