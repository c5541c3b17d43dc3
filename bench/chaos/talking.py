"""A client as a browser or a business system is one: keep-alive connection, cookies, the token of a form."""

import http.client
import re
import threading
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.chaos.ledger import Ledger

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LATER = (502, 503, 504, 429)


class Stopped(Exception):
    """The campaign is over; what is under way is left."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


class Talker:
    """One client. `ask` never gives up on an act: it is sent again until the server answers it."""

    def __init__(self, port: int, ledger: Ledger, over: threading.Event) -> None:
        self.port, self.ledger, self.over = port, ledger, over
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send until an answer comes; a broken connection and 503 are tried again."""
        while True:
            if self.over.is_set():
                raise Stopped
            try:
                found = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as fault:
                self.ledger.again(type(fault).__name__)
                self.close()
            else:
                if found.status not in LATER:
                    return found
                self.ledger.again(str(found.status))
            self.over.wait(0.3)

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._line.request(method, path, body or None, sent)
        got = self._line.getresponse()
        text = got.read().decode(errors="replace")
        for line in got.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(got.status, got.headers.get("Location", ""), text)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, values: dict[str, object], *, page: str = "") -> Answer:
        """Fill in a form as a browser does; an expired token is fetched anew from `page`."""
        for _ in range(3):
            form = urlencode({**values, "csrfmiddlewaretoken": self.token(page)}, doseq=True).encode()
            found = self.ask(
                "POST",
                path,
                form,
                Content_Type="application/x-www-form-urlencoded",
                Referer=f"http://127.0.0.1:{self.port}/",
            )
            if found.status != 403:
                return found
            self.cookies.pop("csrftoken", None)
        return found

    def upload(self, path: str, name: str, content: bytes, *, page: str = "") -> Answer:
        """One file by the form of a page."""
        line = uuid.uuid4().hex
        body = (
            (
                f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token(page)}\r\n'
                f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n"
            ).encode()
            + content
            + f"\r\n--{line}--\r\n".encode()
        )
        return self.ask(
            "POST",
            path,
            body,
            Content_Type=f"multipart/form-data; boundary={line}",
            Referer=f"http://127.0.0.1:{self.port}/",
        )

    def token(self, page: str) -> str:
        if "csrftoken" not in self.cookies:
            self.get(page or "/login/staff/")
        return self.cookies.get("csrftoken", "")

    def log_in(self, path: str, values: dict[str, object]) -> None:
        """Come in; tried again until it is so."""
        while self.post(path, values, page=path).status != 302:
            if self.over.is_set():
                raise Stopped
            time.sleep(0.5)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
