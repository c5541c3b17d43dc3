"""A connection that was silent for a while is asked whether it still lives before a request relies on it.

Django can ask at every request, which costs a statement each; a busy connection needs no asking. After the database
was restarted the first requests find out here, and nobody is shown a fault.
"""

import time
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

SILENT_SECONDS = 1.0


class LiveConnection:
    """Closes a dead connection before the view runs; Django opens a new one when it is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection = connections[DEFAULT_DB_ALIAS]
        opened = connection.connection
        if opened is not None and not connection.in_atomic_block:
            seen = getattr(connection, "last_seen_alive", 0.0)
            if time.monotonic() - seen > SILENT_SECONDS and not connection.is_usable():
                connection.close()
        response = self.get_response(request)
        if connection.connection is not None and not connection.errors_occurred:
            connection.last_seen_alive = time.monotonic()  # type: ignore[attr-defined]
        return response
