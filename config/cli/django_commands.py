"""Django's part of the command line: commands passed on, migrations, the demonstration data."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import home, postgres

# What `siban NAME …` passes on to the management command of the same name.
PASSED_ON = {
    "accounts": "列出演示用的登录账号",
    "backup": "备份数据库和文件",
    "bench": "测量性能",
    "demo": "建立演示旗县的数据",
    "docs": "由代码生成文档（--check 只核对是否最新）",
    "export": "把事项导出为表格",
    "hotline": "12345 热线：知识库问答",
    "import": "导入事项、机构、人员等表格",
    "indicators": "查看指标及其数据来源",
    "lint": "检查事项清单，指出问题所在的行列、规则和改法",
    "report": "生成通报和报告",
    "restore": "从备份恢复",
    "search": "在命令行检索事项",
    "verify": "核验日志链是否完整、未被改动",
    "worker": "运行后台任务",
}

DATABASE_LOCK = 0x51BA4  # one preparation of a database at a time


def with_database(*, temporary: bool, say: Callable[[str], None]) -> str:
    """Have a database and let Django and every child process find it."""
    url = postgres.database_url(home.home(), temporary=temporary, say=say)
    os.environ["DATABASE_URL"] = url
    return url


def begin() -> None:
    """Load Django with our settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    root = str(home.checkout())
    if root not in sys.path:
        sys.path.insert(0, root)
    import django

    django.setup()


def known(name: str) -> bool:
    """Whether this installation has a management command of that name."""
    from django.core.management import get_commands

    return name in get_commands()


def needs_database(name: str, arguments: list[str]) -> bool:
    """Files are checked and questions answered without a database unless its rows are asked for: that must work anywhere, at once."""
    return name not in ("lint", "hotline") or "--database" in arguments or "--mapped" in arguments


def pass_on(name: str, arguments: list[str]) -> int:
    """Run `siban NAME …` as the management command of that name."""
    if needs_database(name, arguments):
        with_database(temporary=True, say=_aside)
    begin()
    if not known(name):
        print(f"这个安装里没有“{name}”功能。可用 siban --help 查看有哪些命令。", file=sys.stderr)
        return 2
    return _execute([name, *arguments])


def manage(arguments: list[str]) -> int:
    """Any Django management command, for developers."""
    with_database(temporary=True, say=_aside)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    return _execute(arguments)


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["siban", *arguments])
    return 0


def _aside(sentence: str) -> None:
    """Progress goes to the error stream, so that output can be piped on."""
    print(sentence, file=sys.stderr, flush=True)


def pending() -> int:
    """How many migrations are still to be applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def prepare(*, demo: bool, say: Callable[[str], None]) -> None:
    """Bring the database up to date, and fill it with the demonstration banner if asked and not done before."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [DATABASE_LOCK])
    try:
        count = pending()
        if count:
            say(f"正在更新数据库结构（{count} 步）……")
            call_command("migrate", interactive=False, verbosity=0)
        if demo and known("demo"):
            mark = home.prepared(home.home()) / "demo.json"
            identity = _identity(connection)
            if not _marked(mark, identity):
                say("正在建立演示数据（只在第一次）……")
                call_command("demo")
                mark.write_text(json.dumps({"database": identity}))
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [DATABASE_LOCK])
        connection.close()


def _identity(connection: Any) -> str:
    """Tells this database from any other, also from a later one in the same place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier::text || '/' || oid::text"
            " FROM pg_control_system(), pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def _marked(mark: Path, identity: str) -> bool:
    try:
        return bool(json.loads(mark.read_text()).get("database") == identity)
    except (OSError, ValueError):
        return False


def show_accounts() -> None:
    """Print one log-in per role, if this installation can."""
    from django.core.management import call_command

    if known("accounts"):
        call_command("accounts")
