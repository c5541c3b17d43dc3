"""The system account a server runs as: ourselves, or when we are root somebody with no rights at all."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import PostgresError

UNPRIVILEGED = ("nobody", "daemon", "bin")  # initdb wants an account with a name; we create none


@dataclass(frozen=True)
class Account:
    """A user to run programs as."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess`: this user, no other groups, private files, a clean environment."""
        kept = {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}
        common: dict[str, Any] = {"umask": 0o077, "env": kept}
        if self.dropped:
            common |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return common

    def run(self, argv: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            **self.arguments(),
            **more,
        )

    def own(self, tree: Path) -> None:
        """Hand a folder that only we can have made, and all in it, to this account."""
        if not self.dropped:
            return
        os.chown(tree, self.uid, self.gid, follow_symlinks=False)
        for folder, names, files in os.walk(tree):
            for name in (*names, *files):
                os.chown(os.path.join(folder, name), self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can walk to the folder and write in it, tried and not reckoned."""
        if not self.dropped:
            return os.access(folder, os.W_OK | os.X_OK)
        script = 'cd -- "$1" && : > .try && rm .try'
        return self.run(["/bin/sh", "-c", script, "sh", str(folder)]).returncode == 0


def current() -> Account:
    """Ourselves."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise PostgresError(
            f"系统里没有编号 {uid} 对应的用户名，数据库程序拒绝在这样的用户下运行。"
            "请在 /etc/passwd 中登记该用户，或用 DATABASE_URL 指向已有的数据库。"
        ) from None
    return Account(name, uid, os.getegid(), dropped=False)


def suitable(owner: int | None) -> Account:
    """Who is to run the server. `owner` is the user that data already made belongs to."""
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise PostgresError(
                "这个数据目录里的数据库是由另一个用户建立的，当前用户不能打开。"
                "请换回原来的用户运行，或另选目录：SIBAN_HOME=~/siban make run"
            )
        return current()
    if owner:  # a plain user's data opened by root stays that user's
        try:
            entry = pwd.getpwuid(owner)
        except KeyError:
            raise PostgresError(
                f"数据库属于编号 {owner} 的用户，但系统里没有这个用户。请把数据目录交给现有用户，或恢复该用户。"
            ) from None
        return Account(entry.pw_name, owner, entry.pw_gid, dropped=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(name, entry.pw_uid, entry.pw_gid, dropped=True)
        try:
            if account.run(["/bin/sh", "-c", ":"]).returncode == 0:
                return account
        except (OSError, subprocess.SubprocessError):
            continue
    raise PostgresError(
        "数据库不能以 root 身份运行，而系统里没有可以换用的普通用户（nobody、daemon 都不可用）。"
        "请改用普通用户执行，或用 DATABASE_URL 指向已有的数据库。"
    )
