"""The `siban` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import home, postgres
from . import db, django_commands, doctor, reader, up
from .chinese import Parser


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"端口应是 1 到 65535 之间的数字，现为“{text}”")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(f"进程数应在 1 到 64 之间，现为“{text}”")
    return int(text)


def parser() -> Parser:
    """All commands with their words."""
    top = Parser(prog="siban", description="四办：一体化政务服务平台")
    commands = top.add_subparsers(dest="command", metavar="命令", title="命令")

    start = commands.add_parser(
        "up",
        help="启动系统：数据库、网页服务、后台任务；按 Ctrl-C 停止",
        description="启动系统：数据库、网页服务、后台任务；按 Ctrl-C 停止",
    )
    start.add_argument("--demo", action="store_true", help="第一次启动时建立演示数据")
    start.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8000", help="端口（默认取 PORT，否则 8000）"
    )
    start.add_argument(
        "--host", default=os.environ.get("HOST") or "127.0.0.1", help="监听地址（默认 127.0.0.1，只本机访问）"
    )
    start.add_argument("--workers", type=_count, default=str(min(4, os.cpu_count() or 1)), help="网页服务的进程数")
    start.set_defaults(run=up.up)

    ready = commands.add_parser(
        "prepare", help="准备好数据库但不启动网页服务", description="准备好数据库但不启动网页服务"
    )
    ready.add_argument("--demo", action="store_true", help="同时建立演示数据")
    ready.set_defaults(run=up.prepare)

    data = commands.add_parser(
        "db",
        help="随附数据库：启动、停止、状态、命令行、清除",
        description="随附数据库：启动、停止、状态、命令行、清除",
    )
    verbs = data.add_subparsers(dest="verb", metavar="动作", title="动作", required=True)
    verbs.add_parser(
        "start", help="启动并一直运行，直到 siban db stop", description="启动并一直运行，直到 siban db stop"
    )
    verbs.add_parser("stop", help="停止", description="停止")
    verbs.add_parser("status", help="查看状态", description="查看状态")
    verbs.add_parser("shell", help="进入 psql（--admin 以数据库管理员身份），其余参数原样交给 psql")
    reset = verbs.add_parser(
        "reset", help="永久删除随附数据库里的全部数据", description="永久删除随附数据库里的全部数据"
    )
    reset.add_argument("--yes", action="store_true", help="确认删除")
    data.set_defaults(run=db.run)

    card = commands.add_parser(
        "reader",
        help="窗口电脑上的读卡程序：把身份证读数交给窗口收件页面",
        description="窗口电脑上的读卡程序：把身份证读数交给窗口收件页面。说明见 docs/operating/card_reader.md",
    )
    card.add_argument("--server", default="http://127.0.0.1:8000", help="平台的地址（默认 http://127.0.0.1:8000）")
    card.add_argument("--code", default="", help="窗口收件页面上的 8 位配对码；不写则询问")
    way = card.add_mutually_exclusive_group(required=True)
    way.add_argument("--simulate", action="store_true", help="用演示卡代替读卡器")
    way.add_argument("--driver", default="", help="读卡器驱动程序的命令：每读一张卡，在标准输出写一行 JSON")
    card.set_defaults(run=reader.run)

    commands.add_parser(
        "doctor", help="检查还缺什么，并说明怎么办", description="检查还缺什么，并说明怎么办"
    ).set_defaults(run=doctor.run)
    for name, sentence in (*django_commands.PASSED_ON.items(), ("manage", "Django 管理命令（供开发人员使用）")):
        commands.add_parser(name, help=sentence)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the console script; the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in django_commands.PASSED_ON:
            return django_commands.pass_on(words[0], words[1:])
        if words and words[0] == "manage":
            return django_commands.manage(words[1:])
        if words[:2] == ["db", "shell"] and not {"-h", "--help"} & set(words):
            return db.shell(words[2:])
        arguments = parser().parse_args(words)
        if arguments.command is None:
            parser().print_help()
            return 0
        return int(arguments.run(arguments))
    except (postgres.PostgresError, home.HomeError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
