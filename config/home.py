"""Where this installation keeps what it must not lose: database, uploads, keys, marks of work done."""

from __future__ import annotations

import os
from pathlib import Path


class HomeError(Exception):
    """The home cannot be used; the message is a sentence for the person at the keyboard."""


def checkout() -> Path:
    """The folder that holds `config/` and `siban/`."""
    return Path(__file__).resolve().parents[1]


def home() -> Path:
    """`SIBAN_HOME`; else `.siban` in a checkout we may write to; else the user's own data folder."""
    named = os.environ.get("SIBAN_HOME")
    if named:
        return Path(named).expanduser().absolute()
    root = checkout()
    inside = root / ".siban"
    if (root / "pyproject.toml").is_file() and os.access(inside if inside.exists() else root, os.W_OK | os.X_OK):
        return inside
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser().absolute() / "siban"


def prepared(place: Path) -> Path:
    """The home, made if missing. Root's home can be walked through (the database runs as another user), not listed."""
    try:
        if not place.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(mode=0o700, exist_ok=True)
            if os.geteuid() == 0:
                place.chmod(0o711)
    except OSError as error:
        raise HomeError(
            f"无法建立数据目录 {place}（{error.strerror}）。请换一个可写的目录，例如：SIBAN_HOME=~/siban make run"
        ) from error
    if not os.access(place, os.W_OK | os.X_OK):
        raise HomeError(
            f"数据目录 {place} 不属于当前用户，无法写入。请换回原来的用户，或另选目录：SIBAN_HOME=~/siban make run"
        )
    return place
