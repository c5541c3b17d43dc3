"""Processes that `siban up` starts and never leaves behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from . import bound


class Child:
    """One child process in a group of its own, bound to our life by `bound`."""

    def __init__(self, name: str, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.name = name
        self.argv = list(argv)
        self.env = dict(env)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binding = [sys.executable, "-S", "-E", bound.__file__, str(os.getpid())]
        self.process = subprocess.Popen(
            [*binding, *self.argv], env=self.env, start_new_session=True, stdin=subprocess.DEVNULL
        )

    @property
    def ended(self) -> int | None:
        """Its exit code once it has ended."""
        return self.process.poll() if self.process else 0

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, patience: float) -> None:
        """Wait for it to go; then make sure that nothing of its group stays."""
        if not self.process:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop_all(children: Sequence[Child], patience: float) -> None:
    """Ask all first, then wait for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(patience)
