"""`siban worker`: hand the journal to its listeners and do what limits ask for, until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection

from siban.kernel import clock, journal
from siban.kernel.rounds import rounds

log = logging.getLogger(__name__)
PAUSE = 0.3  # seconds between two looks into the outbox


class Command(BaseCommand):
    help = "后台工作：发送通知、处理到期期限、每日封存"

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        last: dict[str, float] = {}
        while not stop.is_set():
            try:
                close_old_connections()
                if not journal.deliver(at=clock.now()):
                    self.go_round(last)
                    stop.wait(PAUSE)
            except Error as fault:
                log.warning("database not reachable, trying again: %s", fault)
                connection.close()
                stop.wait(2)

    def go_round(self, last: dict[str, float]) -> None:
        """Each declared round when its time has come."""
        now = clock.now()
        for r in rounds():
            if now.timestamp() - last.get(r.name, 0) < r.every.total_seconds():
                continue
            last[r.name] = now.timestamp()
            try:
                r.do(now)
            except Error:
                raise
            except Exception:
                log.exception("round %s failed", r.name)
