"""The product as `make run` starts it, in a home of its own, and the processes of it that may be killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from config import postgres
from config.postgres import process

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until the house must be open again
KINDS = ("web worker", "web server", "background worker", "database", "database backend")


@dataclass(frozen=True, slots=True)
class Target:
    """A process of ours at this very moment."""

    kind: str
    pid: int


class Product:
    """`siban up --demo` and everything below it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.home = Path(tempfile.mkdtemp(prefix="siban-chaos-"))
        self.home.chmod(0o711)
        self.log_file: IO[bytes] = (self.home / "product.log").open("ab")
        self.up: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        env = os.environ | {"SIBAN_HOME": str(self.home), "PORT": str(self.port), "SIBAN_LOG": "WARNING"}
        env.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "config.cli", "up", "--demo", "--workers", "2"]
        self.up = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=self.log_file, stderr=self.log_file
        )
        self.wait_until_open(300)
        return self

    def __exit__(self, *why: object) -> None:
        if self.up is not None:
            self.up.terminate()
            try:
                self.up.wait(60)
            except subprocess.TimeoutExpired:
                self.up.kill()
        postgres.stop(self.home)
        self.log_file.close()
        if why[0] is None:
            shutil.rmtree(self.home, ignore_errors=True)

    def url(self) -> str:
        found = postgres.url_if_running(self.home)
        if found is None:
            raise RuntimeError("the database does not run")
        return found

    def is_open(self) -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status == 200)
        except OSError:
            return False

    def wait_until_open(self, patience: float = PATIENCE) -> float:
        """Seconds until the house answered well and nothing of it is missing; raises when it stays closed."""
        began = time.monotonic()
        while time.monotonic() - began < patience:
            if self.up is None or self.up.poll() is not None:
                raise RuntimeError(f"the product ended by itself: {self.last_words()}")
            if self.is_open() and {t.kind for t in self.targets()} >= set(KINDS[:4]):
                return time.monotonic() - began
            time.sleep(0.1)
        raise RuntimeError(f"the house did not open within {patience:.0f} s: {self.last_words()}")

    def last_words(self) -> str:
        return (self.home / "product.log").read_text(errors="replace")[-3000:]

    def targets(self) -> list[Target]:
        """Every process of this very house that may be killed now; nothing else on the machine."""
        assert self.up is not None
        below = _children()
        found: list[Target] = []
        for child in below.get(self.up.pid, ()):
            argv = _argv(child)
            if "granian" in argv:
                found.append(Target("web server", child))
                found += [
                    Target("web worker", pid)
                    for pid in below.get(child, ())
                    if "spawn_main" in _argv(pid) or "granian" in _argv(pid)
                ]
            elif "config.cli worker" in argv:
                found.append(Target("background worker", child))
        server = postgres.status(self.home).server
        if server is not None:
            found.append(Target("database", server.pid))
            found += [
                Target("database backend", pid) for pid in below.get(server.pid, ()) if "siban siban" in _argv(pid)
            ]
        return found

    def kill(self, chance: random.Random) -> Target | None:
        """kill -9 of one process: first its kind is drawn, then which of that kind."""
        kind = chance.choice(KINDS)
        there = [t for t in self.targets() if t.kind == kind]
        if not there:
            return None
        target = chance.choice(there)
        if process.look(target.pid) is None:
            return None
        os.kill(target.pid, signal.SIGKILL)
        return target


def _children() -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        below.setdefault(parent, []).append(int(entry.name))
    return below


def _argv(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
