"""A connection that was silent for a while is asked whether it still lives before a request relies on it.

Django can ask at every request, which costs a statement each; a busy connection needs no asking. After the database
was restarted the first requests find out here, and nobody is shown a fault.
"""

import time
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

SILENT_SECONDS = 1.0


def check() -> None:
    """Drop a connection that died while it was silent; a new one is opened when it is needed."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None or connection.in_atomic_block:
        return
    seen = getattr(connection, "last_seen_alive", 0.0)
    if time.monotonic() - seen > SILENT_SECONDS and not connection.is_usable():
        connection.close()


def served() -> None:
    """Note that the connection has just answered."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is not None and not connection.errors_occurred:
        connection.last_seen_alive = time.monotonic()  # type: ignore[attr-defined]


class LiveConnection:
    """Asks before the view runs, notes after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        check()
        response = self.get_response(request)
        served()
        return response
