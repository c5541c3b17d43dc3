"""Starting, finding and stopping the server of a home."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..home import checkout, prepared
from . import binaries, cluster, place, process, room
from .account import Account
from .errors import PostgresError

START_PATIENCE = 300.0  # seconds; recovery after a crash may take long
FAST = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))  # PostgreSQL's fast, then immediate shutdown


@dataclass(frozen=True)
class Server:
    """A running server of ours."""

    home: Path
    url: str  # by TCP on 127.0.0.1
    socket_url: str  # by the unix socket: a little faster, for the account that runs it and for root
    pid: int
    port: int
    version: str
    data: Path
    socket_dir: Path
    started: bool  # by this very call


@dataclass(frozen=True)
class Status:
    """What can be said about a home's database without touching it."""

    made: bool
    server: Server | None
    data: Path | None
    users: bool  # somebody works with it now


def _quiet(_: str) -> None:
    """Say nothing."""


def _port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port(remembered: int) -> int:
    if remembered and _port_is_free(remembered):
        return remembered
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _server(here: room.Room, state: room.State, base: Path, pid: int, *, started: bool) -> Server:
    word = here.password(cluster.PASSWORD)
    if word is None:
        raise PostgresError("数据库的密码文件不见了。请先执行 siban db stop，再重新启动，系统会换一个新密码。")
    who = f"postgresql://{cluster.NAME}:{quote(word, safe='')}@"
    return Server(
        home=here.home,
        url=f"{who}127.0.0.1:{state.port}/{cluster.NAME}",
        socket_url=f"{who}{quote(state.socket_dir, safe='')}:{state.port}/{cluster.NAME}",
        pid=pid,
        port=state.port,
        version=state.version,
        data=base / "data",
        socket_dir=Path(state.socket_dir),
        started=started,
    )


def _living(here: room.Room, state: room.State) -> tuple[Path, process.Process] | None:
    base = place.existing(here, state)
    if base is None:
        return None
    found = process.postmaster_of(base / "data", (state.pid, state.ticks))
    return (base, found) if found else None


def ensure(home: Path, *, temporary: bool = False, keep: bool = False, say: Callable[[str], None] = _quiet) -> Server:
    """The home's server, started if need be; this process counts as a user of it until it ends or calls `release`.

    `temporary`: a server started by this call goes when its last user goes. `keep`: it stays until `stop`.
    """
    here = room.Room.of(prepared(home))
    here.make()
    with here.locked():
        state = here.state()
        living = _living(here, state)
        if living and _await_ready(living[0], living[1].pid) is None:
            base, postmaster = living
            server = _server(here, state, base, postmaster.pid, started=False)
            if keep and state.temporary:
                state.temporary = False
                here.remember(state)
        else:
            server = _start(here, state, temporary=temporary and not keep, say=say)
        here.join()
    return server


def _start(here: room.Room, state: room.State, *, temporary: bool, say: Callable[[str], None]) -> Server:
    base, account = place.choose(here, state)
    data = base / "data"
    chosen = binaries.choose(cluster.major_of(data))
    programs = binaries.reachable(chosen, account, base)
    serving = os.open(base / "serving", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _await_stillness(serving, data)
        if not data.exists():
            cluster.make(here, base, account, programs, serving, say)
        _clear_stale_pid(data)
        cluster.renew_lost_passwords(here, data, account, programs, serving)
        for attempt in range(4):
            state.port = _free_port(state.port if attempt == 0 else 0)
            state.socket_dir = str(place.socket_folder(base, account, state.socket_dir))
            place.clear_sockets(Path(state.socket_dir))
            cluster.settings(data, account, port=state.port, socket_dir=Path(state.socket_dir))
            pid = _launch(programs, data, base, account, serving)
            complaint = _await_ready(base, pid)
            if complaint is None:
                break
            if "could not bind" not in complaint:
                raise PostgresError(f"数据库没有启动成功。它留下的说明如下，可据此处理后重试：\n{complaint}")
        else:
            raise PostgresError("数据库连试几个端口都被占用。请稍后再试。")
    finally:
        os.close(serving)
    postmaster = process.look(pid)
    state.base = "" if base == here.inside else str(base)
    state.pid, state.ticks = pid, postmaster.ticks if postmaster else 0
    state.version, state.temporary = programs.version, temporary
    here.remember(state)
    if temporary:
        _post_keeper(here)
    return _server(here, state, base, pid, started=True)


def _launch(programs: binaries.Binaries, data: Path, base: Path, account: Account, serving: int) -> int:
    log = os.open(base / "start.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        return process.leave_running(
            [programs.program("postgres"), "-D", str(data)], log=log, cwd="/", keep=(serving,), **account.arguments()
        )
    finally:
        os.close(log)


def _await_stillness(serving: int, data: Path) -> None:
    """Take the `serving` lock: after a crash the last backends need a moment to notice and go."""
    until = time.monotonic() + 20
    while not room.take(serving, fcntl.LOCK_EX):
        if time.monotonic() > until:
            raise PostgresError(
                f"另有一个数据库进程仍在使用 {data}，但不是本系统能认出的（可能在另一个容器里）。请先停止它，再试一次。"
            )
        time.sleep(0.05)


def _clear_stale_pid(data: Path) -> None:
    """Remove `postmaster.pid` when its number now belongs to something else; the `serving` lock proves nobody serves."""
    note = process.PidFile.read(data)
    other = process.look(note.pid) if note else None
    if other and process.serves(other, data):
        raise PostgresError(
            f"{data} 正由另外启动的数据库进程 {other.pid} 使用，本系统不会去动它。请用启动它的办法停止它，再试一次。"
        )
    if note is None or Path(f"/proc/{note.pid}").exists():  # somebody else, or the dead server waiting to be buried
        (data / "postmaster.pid").unlink(missing_ok=True)


def _await_ready(base: Path, pid: int) -> str | None:
    """Wait until the server takes connections; what it complained of if it died instead."""
    until = time.monotonic() + START_PATIENCE
    while time.monotonic() < until:
        note = process.PidFile.read(base / "data")
        if note and note.pid == pid and note.ready:
            return None
        if process.look(pid) is None:
            return _last_words(base)
        time.sleep(0.02)
    raise PostgresError("数据库启动后一直在恢复数据，还没有就绪。请过几分钟再试，不要删除任何文件。")


def _last_words(base: Path) -> str:
    text = (base / "start.log").read_text(errors="replace")
    logs = sorted((base / "data" / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
    if logs and "redirecting log output" in text:
        text = logs[-1].read_text(errors="replace")
    return text.strip()[-1500:]


def _post_keeper(here: room.Room) -> None:
    """Leave a watcher that stops the server when its last user is gone, even if that user was killed."""
    log = os.open(os.devnull, os.O_WRONLY)
    try:
        process.leave_running(
            [sys.executable, "-W", "ignore", "-m", "config.postgres.keeper", str(here.home)],
            log=log,
            cwd=str(checkout()),
        )
    finally:
        os.close(log)


def release(home: Path) -> bool:
    """This process has done with the server; stops it if it was temporary and nobody else uses it. True if stopped."""
    here = room.Room.of(home)
    here.leave()
    return stop_if_unused(here)


def stay_counted(home: Path) -> None:
    """Stay a user of the server when this process becomes another program."""
    room.Room.of(home).stay_counted()


def stop_if_unused(here: room.Room) -> bool:
    with here.locked():
        if not here.state().temporary or here.others():
            return False
        return _stop(here)


def stop(home: Path) -> bool:
    """Stop the home's server, whoever uses it. True if one was running."""
    here = room.Room.of(home)
    if not here.folder.is_dir():
        return False
    here.leave()
    with here.locked():
        return _stop(here)


def _stop(here: room.Room) -> bool:
    state = here.state()
    living = _living(here, state)
    stopped = False
    if living:
        try:
            stopped = process.end(living[1], FAST)
        except PermissionError:
            raise PostgresError("数据库由另一个用户启动，当前用户不能停止它。请换那个用户或管理员执行。") from None
        if not stopped:
            raise PostgresError(
                f"数据库（进程 {living[1].pid}）没有按时停止。请查看日志：{living[0] / 'data' / 'log'}"
            )
    if state.socket_dir:
        place.drop_socket_folder(Path(state.socket_dir))
    state.pid = state.ticks = 0
    state.temporary = False
    here.remember(state)
    return stopped


def erase(home: Path) -> bool:
    """Stop the server and delete its data for good; refused while somebody else works with it. True if there were any."""
    here = room.Room.of(home)
    if not here.folder.is_dir():
        return False
    here.leave()
    with here.locked():
        if here.others():
            raise PostgresError("还有命令正在使用数据库（例如 siban up）。请先结束它们，再清除数据。")
        _stop(here)
        base = place.existing(here, here.state())
        if base is None:
            return False
        gone = base / f"data.gone-{os.getpid()}"
        (base / "data").rename(gone)
        shutil.rmtree(gone)
        return True


def status(home: Path) -> Status:
    """Look without touching."""
    here = room.Room.of(home)
    if not here.folder.is_dir():
        return Status(made=False, server=None, data=None, users=False)
    state = here.state()
    base = place.existing(here, state)
    living = _living(here, state)
    return Status(
        made=base is not None,
        server=_server(here, state, living[0], living[1].pid, started=False) if living else None,
        data=base / "data" if base else None,
        users=here.others(),
    )


def url_if_running(home: Path) -> str | None:
    """The address of the home's server if it runs; starts nothing."""
    found = status(home).server
    return found.url if found else None


def admin_password(home: Path) -> str | None:
    """The superuser's password (socket only)."""
    return room.Room.of(home).password(cluster.ADMIN_PASSWORD)
