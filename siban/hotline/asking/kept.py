"""What was learned, kept in a file of this installation, so that no process learns twice what another has learned."""

import contextlib
import hashlib
import os
import pickle
import tempfile
from functools import cache
from pathlib import Path

from .. import rules
from . import features, learning, shelf
from .shelf import Paper, Shelf

FOLDER = "asking"
SOURCES = (features, learning, shelf)
READ = ("asked_ways.yaml", "asked_words.yaml", "categories.yaml")


@cache
def _made_of() -> bytes:
    """A digest of the code and the tables that learning goes by."""
    sum_ = hashlib.sha256()
    for path in (*(Path(str(s.__file__)) for s in SOURCES), *(rules.REFERENCE / name for name in READ)):
        sum_.update(path.read_bytes())
    return sum_.digest()


def place(papers: tuple[Paper, ...], home: Path) -> Path:
    """The file of these articles."""
    sum_ = hashlib.sha256(_made_of() + repr(papers).encode())
    return home / FOLDER / f"{sum_.hexdigest()[:32]}.learned"


def stocked(papers: tuple[Paper, ...], home: Path) -> Shelf:
    """The shelf of these articles: from the file, or learned now and kept."""
    path = place(papers, home)
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError):
        held = pickle.loads(path.read_bytes())
        if isinstance(held, Shelf):
            return held
    made = shelf.stocked(papers)
    with contextlib.suppress(OSError):  # a full or foreign disk must not keep anybody from an answer
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, pickle.dumps(made, protocol=5))
        _tidy(path)
    return made


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: others may be reading."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    os.replace(name, path)


def _tidy(path: Path) -> None:
    """Keep the last few only."""
    files = sorted(path.parent.glob("*.learned"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in files[4:]:
        old.unlink(missing_ok=True)
