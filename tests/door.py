"""A request as the web server hands it over: fast lanes first, then Django."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from siban.identity.lanes import Lanes

ENDS = (request_started, request_finished)


@dataclass(frozen=True, slots=True)
class Said:
    """What came back."""

    status_code: int
    headers: dict[str, str]
    content: bytes


@cache
def _house() -> Lanes:
    return Lanes(WSGIHandler())


def get(client: Client, address: str, **headers: str) -> Said:
    """GET an address with the cookies of a test browser."""
    path, _, query = address.partition("?")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver",
        "HTTP_COOKIE": cookies, "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, **headers,
    }  # fmt: skip
    told: list[Any] = []
    for signal in ENDS:  # the connection of the test's transaction stays open
        signal.disconnect(close_old_connections)
    try:
        body = _house()(environ, lambda status, said: told.append((status, said)))
        content = b"".join(body)
        getattr(body, "close", lambda: None)()
    finally:
        for signal in ENDS:
            signal.connect(close_old_connections)
    return Said(int(told[0][0].split()[0]), dict(told[0][1]), content)
