"""`siban doctor`: says in words what is missing."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .. import home, postgres
from ..postgres import binaries
from . import django_commands, ports

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
ENOUGH_DISK = 2 * 2**30  # bytes: database, front-end packages, uploads of a demonstration


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `needed` decides whether its lack fails the examination."""

    what: str
    well: bool
    said: str
    needed: bool = True


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= OLDEST_PYTHON
    return Finding("Python", well, version if well else f"现为 {version}，需要 3.11 或更高。请安装 python3.11。")


def _packages() -> Finding:
    wanted = {"django": "Django", "psycopg": "psycopg", "granian": "granian", "whitenoise": "whitenoise"}
    lacking = [name for module, name in wanted.items() if importlib.util.find_spec(module) is None]
    said = f"缺少 {'、'.join(lacking)}。请执行 make run，会自动安装。" if lacking else "已安装"
    return Finding("运行所需的程序包", not lacking, said)


def _node() -> Finding:
    built = (home.checkout() / "frontend" / "static").is_dir()
    lacking = [name for name in ("node", "npm") if shutil.which(name) is None]
    if lacking:
        said = f"没有找到 {'、'.join(lacking)}。"
        return Finding(
            "Node 与 npm", built, said + ("界面文件已生成，不影响运行。" if built else "请安装 nodejs 20 或更高。")
        )
    answer = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True).stdout.strip()
    major = answer.lstrip("v").split(".")[0]
    well = major.isdigit() and int(major) >= OLDEST_NODE
    return Finding("Node 与 npm", well or built, answer if well else f"现为 {answer}，需要 {OLDEST_NODE} 或更高。")


def _static() -> Finding:
    folder = home.checkout() / "frontend" / "static"
    if not folder.is_dir() or not any(folder.rglob("*.css")):
        return Finding("界面文件", False, "还没有生成。请执行 make run，会自动生成。")
    fonts = any(folder.rglob("*.woff2")) or any(folder.rglob("*.ttf")) or any(folder.rglob("*.otf"))
    return Finding(
        "界面文件和字体", fonts, "齐备" if fonts else "缺少字体文件。请执行 make clean，再执行 make run 重新生成。"
    )


def _home() -> Finding:
    place = home.prepared(home.home())
    return Finding("数据目录", True, f"{place} 可写")


def _disk() -> Finding:
    free = shutil.disk_usage(home.prepared(home.home())).free
    said = f"剩余 {free / 2**30:.1f} GB"
    well = free >= ENOUGH_DISK
    return Finding(
        "磁盘空间", well, said if well else said + "，至少需要 2 GB。请清理磁盘，或用 SIBAN_HOME 换到别的磁盘。"
    )


def _programs() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("数据库程序", True, "使用 DATABASE_URL 指定的外部数据库，不需要")
    chosen = binaries.choose(None)
    lacking = binaries.missing_extensions(chosen)
    if lacking:
        return Finding(
            "数据库程序", False, f"{chosen.folder} 缺少扩展 {'、'.join(lacking)}。请安装 postgresql-contrib。"
        )
    return Finding("数据库程序", True, f"PostgreSQL {chosen.version}（{chosen.folder}）")


def _port() -> Finding:
    number = int(os.environ.get("PORT") or 8000)
    refused = ports.refusal("127.0.0.1", number)
    return Finding("端口", refused is None, refused or f"{number} 空闲", needed=False)


def _database() -> Finding:
    django_commands.with_database(temporary=True, say=lambda _: None)
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        return Finding("数据库", False, f"连不上：{str(error).strip()}。请检查 DATABASE_URL，或执行 siban db status。")
    well = version >= binaries.OLDEST
    return Finding(
        "数据库", well, f"PostgreSQL {version}，连接正常" if well else f"版本 {version} 太低，需要 15 或更高。"
    )


def _migrations() -> Finding:
    django_commands.begin()
    count = django_commands.pending()
    said = f"还有 {count} 步没有更新。请执行 siban prepare 或 make run。" if count else "已是最新"
    return Finding("数据库结构", not count, said)


EXAMINATIONS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("Python", _python),
    ("运行所需的程序包", _packages),
    ("Node 与 npm", _node),
    ("界面文件", _static),
    ("数据目录", _home),
    ("磁盘空间", _disk),
    ("数据库程序", _programs),
    ("端口", _port),
    ("数据库", _database),
    ("数据库结构", _migrations),
)


def examine() -> Iterator[Finding]:
    """Every examination, none of them able to stop the others."""
    for what, look in EXAMINATIONS:
        try:
            yield look()
        except (postgres.PostgresError, home.HomeError) as error:
            yield Finding(what, False, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other examinations go on
            yield Finding(what, False, f"检查时出错：{type(error).__name__}：{error}")


def run(_: argparse.Namespace) -> int:
    bad = 0
    for finding in examine():
        print(
            f"{'正常' if finding.well else '缺失' if finding.needed else '注意'}　{finding.what}：{finding.said}",
            flush=True,
        )
        bad += finding.needed and not finding.well
    print(f"\n有 {bad} 项需要处理。" if bad else "\n一切就绪。")
    return 1 if bad else 0
