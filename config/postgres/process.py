"""Processes seen from outside: who is alive, since when, and how to leave one running behind us (Linux `/proc`)."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLOCK_SLACK = 30.0  # seconds between the kernel's account of a start and the one in postmaster.pid


@dataclass(frozen=True)
class Process:
    """A living process; `ticks` (start, in clock ticks since boot) tells it from a later one with the same number."""

    pid: int
    ticks: int
    argv: tuple[str, ...]

    @property
    def started_at(self) -> float:
        """Start as a Unix time, by the kernel's present idea of when it booted."""
        for line in Path("/proc/stat").read_text().splitlines():
            if line.startswith("btime "):
                return float(line.split()[1]) + self.ticks / os.sysconf("SC_CLK_TCK")
        return 0.0


def look(pid: int) -> Process | None:
    """The process with this number, or None if it is gone or only waits to be buried."""
    if pid <= 0:
        return None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        argv = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[0] in "ZX":
        return None
    return Process(pid, int(fields[19]), tuple(os.fsdecode(part) for part in argv.split(b"\0")[:-1]))


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` says."""

    pid: int
    data: str
    started_at: int
    port: int
    ready: bool

    @classmethod
    def read(cls, data: Path) -> PidFile | None:
        try:
            lines = (data / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return None
        try:
            port = int(lines[3]) if len(lines) > 3 else 0
            return cls(int(lines[0]), lines[1], int(lines[2]), port, len(lines) > 7 and lines[7].strip() == "ready")
        except (ValueError, IndexError):
            return None


def postmaster_of(data: Path, known: tuple[int, int] | None) -> Process | None:
    """The living server of exactly this data folder, or None. `known` is the (pid, ticks) noted when we started it."""
    note = PidFile.read(data)
    process = look(note.pid) if note else None
    if note is None or process is None:
        return None
    if (
        Path(note.data) != data
        or len(process.argv) < 3
        or Path(process.argv[0]).name not in ("postgres", "postmaster")
    ):
        return None
    if process.argv[1] != "-D" or Path(process.argv[2]) != data:
        return None
    if known == (process.pid, process.ticks) or abs(process.started_at - note.started_at) <= CLOCK_SLACK:
        return process
    return None


def serves(process: Process, data: Path) -> bool:
    """Whether a process looks like a server of this folder, however it was started."""
    if not process.argv or Path(process.argv[0]).name not in ("postgres", "postmaster"):
        return False
    try:
        return Path(f"/proc/{process.pid}/cwd").readlink() == data
    except OSError:
        return str(data) in process.argv


def end(process: Process, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal and wait so many seconds; true once the process is gone. Cannot hit a successor of that number."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        for number, patience in signals:
            present = look(process.pid)
            if present is None or present.ticks != process.ticks:
                return True
            signal.pidfd_send_signal(handle, number)
            if select.select([handle], [], [], patience)[0]:
                return True
        return False
    except ProcessLookupError:
        return True
    finally:
        os.close(handle)


def leave_running(argv: Sequence[str], *, log: int, cwd: str, keep: tuple[int, ...] = (), **who: Any) -> int:
    """Start a process that outlives us in a session of its own, adopted by init; return its number."""
    started = subprocess.run(
        ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", *argv],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=cwd,
        pass_fds=keep,
        check=True,
        **who,
    )
    return int(started.stdout)


def wait_gone(process: Process, seconds: float) -> bool:
    """Wait for a process to go by itself."""
    until = time.monotonic() + seconds
    while (now := look(process.pid)) and now.ticks == process.ticks:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
