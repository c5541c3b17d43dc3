"""`siban db`: the embedded database by hand."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from .. import home, postgres
from ..postgres import binaries
from .up import say


def _external() -> str | None:
    return os.environ.get("DATABASE_URL")


def run(arguments: argparse.Namespace) -> int:
    if _external():
        say("已设置 DATABASE_URL，数据库由外部提供，随附的数据库不参与。")
        return 0 if arguments.verb == "status" else 1
    place = home.home()
    if arguments.verb == "start":
        say(described(postgres.ensure(place, keep=True, say=say)))
        return 0
    if arguments.verb == "stop":
        say("数据库已停止。" if postgres.stop(place) else "数据库本来就没有运行。")
        return 0
    if arguments.verb == "reset":
        return reset(place, arguments.yes)
    return show(place)


def described(server: postgres.Server) -> str:
    return (
        f"数据库正在运行：PostgreSQL {server.version}，127.0.0.1:{server.port}，进程 {server.pid}。\n"
        f"数据在 {server.data}，进入命令行：siban db shell"
    )


def show(place: Path) -> int:
    found = postgres.status(place)
    if found.server:
        say(described(found.server))
        say("有命令正在使用它。" if found.users else "现在没有命令在使用它。")
        return 0
    say(
        f"数据库没有运行，数据在 {found.data}。启动：siban db start"
        if found.made
        else "数据库还没有建立。建立并启动：make run"
    )
    return 3


def reset(place: Path, sure: bool) -> int:
    if not sure:
        print("这会永久删除随附数据库里的全部数据。确定要删，请执行：siban db reset --yes", file=sys.stderr)
        return 2
    say("数据已删除。" if postgres.erase(place) else "本来就没有数据。")
    (place / "demo.json").unlink(missing_ok=True)
    return 0


def shell(words: list[str]) -> NoReturn:
    """Become psql, as the owner or with `--admin` as the superuser; other words go to psql."""
    admin = "--admin" in words
    program = str(binaries.choose(None).folder / "psql")
    extra = [word for word in words if word not in ("--", "--admin")]
    url = _external()
    if url:
        os.execv(program, [program, *extra, url])
    place = home.home()
    server = postgres.ensure(place, temporary=True, say=say)
    env = os.environ | {"PGHOST": str(server.socket_dir), "PGPORT": str(server.port), "PGDATABASE": "siban"}
    if admin:
        env |= {"PGUSER": "postgres", "PGPASSWORD": postgres.admin_password(place) or ""}
    else:
        word = (server.home / "postgres" / "password").read_text().strip()
        env |= {"PGUSER": "siban", "PGPASSWORD": word}
    postgres.stay_counted(place)
    os.execve(program, [program, *extra], env)
