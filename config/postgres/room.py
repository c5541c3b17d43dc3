"""What is remembered about one home's database, and the locks that let several commands share it.

Three locks, all of the kind the kernel drops when its holder dies, however it dies:
`lock` guards starting and stopping; `users` is held shared by everyone who works with the server; `serving` (beside the
data) is inherited by the server and its children, so that as long as it is held something still writes the data.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .errors import PostgresError

PATIENCE = 180.0  # seconds to wait for another command that is starting or stopping the server


@dataclass
class State:
    """The state file: how the server was last started."""

    base: str = ""  # the folder of the server's own account: data, socket, programs; empty means inside the home
    port: int = 0
    socket_dir: str = ""
    pid: int = 0
    ticks: int = 0
    version: str = ""
    temporary: bool = False  # started by `siban up`: goes when its last user goes


@dataclass(frozen=True)
class Room:
    """The folder `postgres` of one home."""

    home: Path
    folder: Path

    @classmethod
    def of(cls, home: Path) -> Room:
        place = home.resolve()
        return cls(place, place / "postgres")

    @property
    def inside(self) -> Path:
        """Where data live when the server's account can get there."""
        return self.folder / "cluster"

    @property
    def outside_name(self) -> str:
        """The name this home's data have elsewhere."""
        return f"siban-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"

    def make(self) -> None:
        self.folder.mkdir(exist_ok=True)
        if self.folder.stat().st_uid == os.geteuid():
            self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def state(self) -> State:
        try:
            known = json.loads((self.folder / "state.json").read_text())
        except FileNotFoundError:
            return State()
        except ValueError:
            return State()
        except PermissionError as error:
            raise PostgresError(
                f"当前用户不能读取 {self.folder}。请换回建立它的用户运行，或另选目录：SIBAN_HOME=~/siban make run"
            ) from error
        names = {field.name for field in fields(State)}
        return State(**{name: value for name, value in known.items() if name in names})

    def remember(self, state: State) -> None:
        self.write("state.json", json.dumps(asdict(state), indent=1))

    def write(self, name: str, text: str) -> None:
        """Replace a private file in one step, left to whoever owns the folder."""
        fresh = self.folder / f"{name}.{os.getpid()}.new"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            if os.geteuid() == 0:
                owner = self.folder.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        fresh.rename(self.folder / name)

    def password(self, name: str) -> str | None:
        """A password kept in a file of mode 0600, None if the file is gone."""
        try:
            return (self.folder / name).read_text().strip() or None
        except FileNotFoundError:
            return None

    def new_password(self, name: str) -> str:
        word = secrets.token_urlsafe(24)
        self.write(name, word + "\n")
        return word

    def _open(self, name: str) -> int:
        path = self.folder / name
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except PermissionError as error:
            raise PostgresError(
                f"当前用户不能打开 {path}。请换回建立它的用户运行，或另选目录：SIBAN_HOME=~/siban make run"
            ) from error
        if os.geteuid() == 0:
            owner = self.folder.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all commands that start or stop this server."""
        descriptor = self._open("lock")
        try:
            until = time.monotonic() + PATIENCE
            while not take(descriptor, fcntl.LOCK_EX):
                if time.monotonic() > until:
                    raise PostgresError(
                        "另一个命令一直在启动或停止数据库，已等候 3 分钟。请看看是否有卡住的 siban 命令，结束它后再试。"
                    )
                time.sleep(0.05)
            yield
        finally:
            os.close(descriptor)

    def join(self) -> None:
        """Be counted among the users for as long as this process lives or until `leave`."""
        if self.folder not in _joined:
            descriptor = self._open("users")
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            _joined[self.folder] = descriptor

    def stay_counted(self) -> None:
        """Stay a user through `exec`."""
        descriptor = _joined.get(self.folder)
        if descriptor is not None:
            os.set_inheritable(descriptor, True)

    def leave(self) -> None:
        descriptor = _joined.pop(self.folder, None)
        if descriptor is not None:
            os.close(descriptor)

    def others(self) -> bool:
        """Whether a living process is still counted (call after `leave`)."""
        descriptor = self._open("users")
        try:
            return not take(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    def wait_for_no_user(self) -> None:
        """Sleep until nobody is counted."""
        descriptor = self._open("users")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)


_joined: dict[Path, int] = {}


def take(descriptor: int, kind: int) -> bool:
    """Try a lock without waiting."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
