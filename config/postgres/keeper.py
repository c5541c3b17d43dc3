"""Waits until nobody uses a temporary server any more, then stops it. Started by `ensure`, ends with the server."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from . import server
from .room import Room


def main(home: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    here = Room.of(Path(home))
    while here.folder.is_dir():
        here.wait_for_no_user()
        if server.stop_if_unused(here) or not here.state().temporary:
            return


if __name__ == "__main__":
    main(sys.argv[1])
