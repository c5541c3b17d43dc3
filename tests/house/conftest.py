"""A home for each test, left as it was found."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import postgres
from config.postgres import account, binaries, process
from config.postgres.place import OUTSIDE


def outside(home: Path) -> list[Path]:
    """Where root would put this home's data if the home is closed."""
    name = f"siban-{hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]}"
    return [Path(parent) / name for parent in OUTSIDE]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PGBIN", "SIBAN_HOME", "PORT", "HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can walk through."""
    folder = Path(tempfile.mkdtemp(prefix="house-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cleared() -> Iterator[Callable[[Path], Path]]:
    """Register a home: its server is stopped and what it left elsewhere removed when the test ends."""
    homes: list[Path] = []

    def register(home: Path) -> Path:
        homes.append(home)
        return home

    yield register
    for home in homes:
        postgres.stop(home)
        _await_keepers(home)
        for place in outside(home):
            shutil.rmtree(place, ignore_errors=True)


def _await_keepers(home: Path) -> None:
    """The watcher of a temporary server ends a moment after it."""
    until = time.monotonic() + 10
    while any(
        str(home) in seen.argv
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (seen := process.look(int(entry.name))) and "config.postgres.keeper" in seen.argv
    ):
        assert time.monotonic() < until, "a keeper stays behind"
        time.sleep(0.02)


@pytest.fixture
def home(open_folder: Path, cleared: Callable[[Path], Path]) -> Path:
    return cleared(open_folder / "home")


@pytest.fixture
def public_programs(open_folder: Path) -> Path:
    """PostgreSQL programs that an ordinary user can run: a copy of the test's own, never the installed ones."""
    to = open_folder / "programs"
    to.mkdir(mode=0o755)
    return binaries.copied(binaries.choose(None), to).folder


def as_ordinary_user(job: Callable[[], Any]) -> Any:
    """Do a job as a user without rights: in a child that drops them if we are root, else right here."""
    if os.geteuid() != 0:
        return job()
    who = account.suitable(None)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.setgroups([])
            os.setgid(who.gid)
            os.setuid(who.uid)
            answer: tuple[bool, Any] = (True, job())
        except BaseException:  # noqa: BLE001 - the parent gets to see it
            answer = (False, traceback.format_exc())
        with os.fdopen(writing, "wb") as out:
            pickle.dump(answer, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as result:
        fine, value = pickle.load(result)
    os.waitpid(child, 0)
    assert fine, value
    return value
