"""Making a cluster and writing its settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .account import Account
from .binaries import Binaries, missing_extensions
from .errors import PostgresError
from .room import Room

NAME = "siban"  # of the database and of the role that owns it
ADMIN = "postgres"  # the superuser, by the socket only
PASSWORD = "password"  # file of the owner's password
ADMIN_PASSWORD = "password-admin"

SETTINGS = """\
# Written anew at every start. Your own settings go to postgresql.conf, below its include line.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 100
password_encryption = 'scram-sha-256'
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
dynamic_shared_memory_type = {shared_memory}
fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = on
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'Asia/Shanghai'
logging_collector = on
log_directory = 'log'
log_filename = 'siban-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %u@%d '
log_lock_waits = on
log_min_duration_statement = 2s
"""

ACCESS = f"""\
# The superuser comes by the socket only; everyone shows a password.
local all {ADMIN} scram-sha-256
local all all scram-sha-256
host all {ADMIN} 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
"""


def major_of(data: Path) -> int | None:
    """The major version that made this data folder."""
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except (OSError, ValueError):
        return None


def make(
    room: Room, base: Path, account: Account, binaries: Binaries, serving: int, say: Callable[[str], None]
) -> None:
    """A whole cluster with its role and database, put in place by one rename: it exists completely or not at all.

    The programs inherit the `serving` lock: if we are killed, the next starter waits for them before it clears up.
    """
    lacking = missing_extensions(binaries)
    if lacking:
        raise PostgresError(
            f"{binaries.folder} 的 PostgreSQL 缺少扩展 {'、'.join(lacking)}。请安装 postgresql-contrib，或取消 PGBIN 使用随附的程序。"
        )
    free = shutil.disk_usage(base).free
    if free < 300 * 2**20:
        raise PostgresError(f"{base} 所在磁盘只剩 {free // 2**20} MB，建立数据库至少需要 300 MB。请清理磁盘后再试。")
    say("正在建立数据库（只在第一次，约需几秒）……")
    fresh = base / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    command = [binaries.program("initdb"), "-D", str(fresh), "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"]
    if binaries.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # sorts the same whatever libc is below
    command += ["--data-checksums", "--auth=reject"]
    done = account.run(command, stdin=subprocess.DEVNULL, pass_fds=(serving,))
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PostgresError(f"建立数据库失败。数据库程序的说明如下，可据此处理后重试：\n{done.stdout.strip()[-1500:]}")
    put(fresh / "pg_hba.conf", ACCESS, account)
    put(fresh / "postgresql.conf", "include 'siban.conf'\n# Your own settings below this line.\n", account)
    settings(fresh, account, port=5432, socket_dir=Path())
    owner, admin = room.new_password(PASSWORD), room.new_password(ADMIN_PASSWORD)
    alone(
        fresh,
        account,
        binaries,
        serving,
        f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{owner}'",
        f"ALTER ROLE {ADMIN} PASSWORD '{admin}'",
        f"CREATE DATABASE {NAME} OWNER {NAME}",
    )
    fresh.rename(base / "data")


def alone(data: Path, account: Account, binaries: Binaries, serving: int, *statements: str) -> None:
    """Run statements as superuser with no server: nobody else can be connected."""
    command = [binaries.program("postgres"), "--single", "-c", "exit_on_error=true", "-c", "logging_collector=off"]
    words = "".join(f"{line}\n" for line in statements)
    done = account.run([*command, "-D", str(data), "postgres"], input=words, pass_fds=(serving,))
    if done.returncode != 0:
        raise PostgresError(f"准备数据库失败。数据库程序的说明如下：\n{done.stdout.strip()[-1500:]}")


def renew_lost_passwords(room: Room, data: Path, account: Account, binaries: Binaries, serving: int) -> None:
    """Someone deleted a password file: set a new password while nothing runs."""
    for file, role in ((PASSWORD, NAME), (ADMIN_PASSWORD, ADMIN)):
        if room.password(file) is None:
            alone(data, account, binaries, serving, f"ALTER ROLE {role} PASSWORD '{room.new_password(file)}'")


def settings(data: Path, account: Account, *, port: int, socket_dir: Path) -> None:
    """Our settings file for this start."""
    put(
        data / "siban.conf",
        SETTINGS.format(port=port, socket_dir=socket_dir, shared_memory="posix" if _roomy_shared_memory() else "mmap"),
        account,
    )


def _roomy_shared_memory() -> bool:
    """Containers often give 64 MB of /dev/shm, too little for parallel queries."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return os.access("/dev/shm", os.W_OK) and found.f_bavail * found.f_frsize >= 256 * 2**20


def put(path: Path, text: str, account: Account) -> None:
    """Replace a file of the account's."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if account.dropped:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
    fresh.rename(path)
