"""A real SMTP server and a real HTTP gateway on this machine, and the people of the cases' cast."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from siban.exchange.connectors import sms
from tests.cases import cast as standing


@pytest.fixture
def cast(db: Any) -> standing.Cast:
    return standing.cast()


@dataclass
class Mailbox:
    """What the server does with who is written to: `answers` by address, else it takes the letter."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A server that listens on a port of its own."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_URL, settings.EMAIL_SENDER = f"smtp://127.0.0.1:{port}/", "政务服务 <noreply@example.org>"
    yield box
    server.stop()


@dataclass
class Sms:
    """A gateway: what it was asked, and what it answers in turn (status, body); a number is slept first."""

    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    is_slow: bool = False
    known: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def sms_gateway(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sms]:
    """A gateway that knows a message by its id: the second time it says 409 with the first receipt."""
    kept = Sms()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            stamp = self.headers["X-Siban-Timestamp"]
            assert self.headers["X-Siban-Signature"] == sms.signature("geheim", stamp, raw)
            said = json.loads(raw)
            kept.asked.append((dict(self.headers), said))
            if said["id"] in kept.known:
                status, answer = 409, {"receipt": kept.known[said["id"]]}
            elif kept.answers:
                status, answer = kept.answers.pop(0)
            else:
                kept.known[said["id"]] = f"r-{len(kept.known)}"
                status, answer = 200, {"receipt": kept.known[said["id"]]}
            if kept.is_slow:
                kept.hold.wait(5)
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.SMS_URL, settings.SMS_KEY = f"http://127.0.0.1:{server.server_address[1]}/send", "siban"
    settings.SMS_SECRET = "geheim"
    monkeypatch.setattr(sms, "PATIENCE", 0.5)
    yield kept
    kept.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()
