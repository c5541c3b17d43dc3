"""Which folders the server uses: its data, and a socket whose path is short enough."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path

from .account import Account, suitable
from .errors import PostgresError
from .room import Room, State

OUTSIDE = ("/var/lib", "/var/tmp")
LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.65535.lock")  # sun_path holds 108 bytes with its closing zero


def existing(room: Room, state: State) -> Path | None:
    """The base folder of a cluster already made, verified to be ours; None if there is none yet."""
    if state.base:
        base = Path(state.base)
        if (base / "data").is_dir() and _ours(base, room):
            return base
    candidates = [room.inside]
    if os.geteuid() == 0:
        candidates += [Path(parent) / room.outside_name for parent in OUTSIDE]
    for base in candidates:
        if _is_private(base) and (base / "data").is_dir() and _ours(base, room):
            return base
    return None


def _is_private(base: Path) -> bool:
    """A real folder, closed to all but its owner; no link, nothing somebody else may have laid there."""
    try:
        found = base.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077


def _ours(base: Path, room: Room) -> bool:
    """Whether the data there belong to this home (or to this home before it was moved)."""
    if base == room.inside:
        return True
    if not _is_private(base):
        return False
    try:
        written = (base / "home").read_text()
    except OSError:
        return False
    if written == str(room.home):
        return True
    return base == Path(room.state().base) and not Path(written).exists()


def choose(room: Room, state: State) -> tuple[Path, Account]:
    """Where this home's cluster is or shall be, and whom it runs as."""
    base = existing(room, state)
    if base is not None:
        account = suitable((base / "data").stat().st_uid)
        if not account.can_enter(base):
            raise PostgresError(
                f"用户 {account.name} 走不到数据库所在的目录 {base}（上级目录对它关闭了）。"
                "请恢复上级目录原来的权限（至少可以穿过：chmod o+x），再试一次。"
            )
        if base != room.inside:
            _mark(base, room, account)
        return base, account
    account = suitable(None)
    if _made(room.inside, account) and account.can_enter(room.inside):
        return room.inside, account
    if not account.dropped:
        raise PostgresError(f"数据目录 {room.inside} 不可写。请检查它的权限，或另选目录：SIBAN_HOME=~/siban make run")
    room.inside.rmdir()
    for parent in OUTSIDE:
        base = Path(parent) / room.outside_name
        if _made(base, account) and account.can_enter(base):
            _mark(base, room, account)
            return base, account
    raise PostgresError(
        f"找不到用户 {account.name} 可以写入的地方来放数据库（试过 {room.inside}、{'、'.join(OUTSIDE)}）。"
        "请用 SIBAN_HOME 指定一个其他用户可以穿过的目录，或者改用普通用户运行。"
    )


def _made(base: Path, account: Account) -> bool:
    """Make the folder, or accept one that was made for this account and for nobody else."""
    try:
        base.mkdir(mode=0o700)
    except FileExistsError:
        found = base.lstat()
        return _is_private(base) and found.st_uid in (account.uid, os.geteuid())
    except OSError:
        return False
    finally:
        if _is_private(base) and base.lstat().st_uid == os.geteuid() and account.dropped:
            os.chown(base, account.uid, account.gid, follow_symlinks=False)
    return True


def _mark(base: Path, room: Room, account: Account) -> None:
    """Write beside the data whose they are, as the account that owns the folder."""
    account.run(["/bin/sh", "-c", 'printf %s "$2" > "$1/home"', "sh", str(base), str(room.home)])


def socket_folder(base: Path, account: Account, remembered: str) -> Path:
    """A private folder for the socket: beside the data if the path is short and plain, else in the temporary folder."""
    beside = base / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIR and re.fullmatch(r"[\w./+@-]+", str(beside)):
        beside.mkdir(mode=0o700, exist_ok=True)
        account.own(beside)
        return beside
    if remembered:
        known = Path(remembered)
        if _is_private(known) and known.lstat().st_uid == account.uid and account.can_enter(known):
            return known
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        short = len(os.fsencode(parent)) + len("/siban-12345678") <= LONGEST_SOCKET_DIR
        if short and re.fullmatch(r"[\w./+@-]+", parent) and os.access(parent, os.W_OK | os.X_OK):
            made = Path(tempfile.mkdtemp(prefix="siban-", dir=parent))
            account.own(made)
            if account.can_enter(made):
                return made
            made.rmdir()
    raise PostgresError("没有可以放置数据库套接字的临时目录。请用 TMPDIR 指明一个可写、路径较短的目录后再试。")


def clear_sockets(folder: Path) -> None:
    """Remove what a killed server left; the folder is ours alone and the `serving` lock proves nobody serves."""
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def drop_socket_folder(folder: Path) -> None:
    """Remove a socket folder made in the temporary folder, and nothing but sockets in it."""
    if not folder.name.startswith("siban-") or not _is_private(folder):
        return
    clear_sockets(folder)
    with contextlib.suppress(OSError):
        folder.rmdir()
