"""Is a port free, and if not, who holds it."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

LISTENING = "0A"  # the state column of /proc/net/tcp


def refusal(host: str, port: int) -> str | None:
    """None if we can listen there, else a sentence: what stands in the way and what to do."""
    if not 0 < port < 65536:
        return f"端口 {port} 不对，应在 1 到 65535 之间。例如：PORT=8001 make run"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError:
        return f"地址 {host} 不是这台机器能识别的地址。请改为 127.0.0.1（只本机访问）或 0.0.0.0（全网访问）。"
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            trial.listen(1)
        except OSError as error:
            return _because(error, host, port)
    return None


def _because(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EACCES:
        return f"当前用户不能使用端口 {port}（1024 以下的端口只有管理员能用）。请换一个端口：PORT=8000 make run"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"这台机器没有地址 {host}。请改为 127.0.0.1（只本机访问）或 0.0.0.0（全网访问）。"
    who = holder(port)
    by = f"被 {who} 占用" if who else "被其他程序占用"
    return f"端口 {port} 已{by}。请先停止它，或换一个端口：PORT={port + 1 if port < 65535 else 8000} make run"


def holder(port: int) -> str | None:
    """The process listening on a port as 「名称（进程 123）」, as far as we are allowed to see it."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    if not sockets:
        return None
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if any(os.readlink(entry) in sockets for entry in (process / "fd").iterdir()):
                return f"{_called(process)}（进程 {process.name}）"
        except OSError:
            continue
    return None


def _listening(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                inodes.add(columns[9])
    return inodes


def _called(process: Path) -> str:
    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return command[:80] or (process / "comm").read_text().strip()
