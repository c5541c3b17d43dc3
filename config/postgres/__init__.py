"""The embedded PostgreSQL: with no `DATABASE_URL`, a server of our own, kept in the home and shared by all commands.

Standard library only, so that it works before (and without) Django.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..home import home as _home
from .errors import PostgresError
from .server import Server, Status, admin_password, ensure, erase, release, status, stay_counted, stop, url_if_running

__all__ = [
    "PostgresError",
    "Server",
    "Status",
    "admin_password",
    "database_url",
    "ensure",
    "erase",
    "release",
    "status",
    "stay_counted",
    "stop",
    "url_if_running",
]


def database_url(
    home: Path | None = None, *, temporary: bool = False, say: Callable[[str], None] = lambda _: None
) -> str:
    """`DATABASE_URL` if it is set (then nothing is started); else the address of the home's own server, started now."""
    named = os.environ.get("DATABASE_URL")
    return named or ensure(home or _home(), temporary=temporary, say=say).url
