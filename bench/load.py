"""A small HTTP load generator: raw keep-alive sockets, prepared bytes, one process, so that it takes little from the server."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What came of a run: answers a second and latencies in milliseconds."""

    seconds: float
    answers: int
    refused: int
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.answers / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        rows = sorted(self.latencies)
        return rows[min(int(len(rows) * share), len(rows) - 1)] if rows else 0.0


class _Line:
    """One connection: what is being received, since when."""

    __slots__ = ("buffer", "need", "since", "sock")

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.buffer, self.need, self.since = bytearray(), -1, 0.0

    def ask(self, request: bytes) -> None:
        self.buffer.clear()
        self.need, self.since = -1, time.perf_counter()
        self.sock.setblocking(True)
        self.sock.sendall(request)
        self.sock.setblocking(False)

    def done(self) -> bool:
        """Whether the whole answer is here (Content-Length only: our servers send it)."""
        if self.need < 0:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return False
            lower = bytes(self.buffer[:head]).lower()
            at = lower.find(b"content-length:")
            length = int(lower[at + 15 : lower.find(b"\r", at) if lower.find(b"\r", at) > 0 else None]) if at >= 0 else 0
            self.need = head + 4 + length
        return len(self.buffer) >= self.need


def run(port: int, requests: Callable[[], Iterator[bytes]], *, seconds: float, lines: int, good: bytes = b" 200 ") -> Outcome:
    """Send requests for so many seconds over so many connections.

    Args:
        requests: gives an iterator of complete HTTP/1.1 requests (keep-alive, with Content-Length where needed).
        good: what the status line of a right answer contains; `b" 20"` takes 200 and 201.
    """
    source, selector = requests(), selectors.DefaultSelector()
    outcome = Outcome(0.0, 0, 0)
    started = time.perf_counter()
    until = started + seconds
    for _ in range(lines):
        line = _Line(port)
        selector.register(line.sock, selectors.EVENT_READ, line)
        line.ask(next(source))
    busy = lines
    while busy:
        for key, _ in selector.select(timeout=10):
            line = key.data
            part = line.sock.recv(262144)
            if not part:
                raise ConnectionError("the server closed a connection")
            line.buffer += part
            if not line.done():
                continue
            now = time.perf_counter()
            if good in line.buffer[:32]:
                outcome.answers += 1
                outcome.latencies.append((now - line.since) * 1000)
            else:
                outcome.refused += 1
                if outcome.refused == 1:
                    outcome_text = bytes(line.buffer[:600]).decode(errors="replace")
                    print(f"  not the expected answer: {outcome_text}")
            if now < until:
                line.ask(next(source))
            else:
                selector.unregister(line.sock)
                line.sock.close()
                busy -= 1
    outcome.seconds = time.perf_counter() - started
    return outcome
