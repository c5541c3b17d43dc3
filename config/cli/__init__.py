"""The `siban` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import home, postgres
from . import db, django_commands, doctor, up


class _Parser(argparse.ArgumentParser):
    """Argparse that says what is wrong in Chinese."""

    def error(self, message: str) -> None:  # type: ignore[override]
        print(f"命令写得不完整或不正确（{message}）。用法见：{self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"端口应是 1 到 65535 之间的数字，现为“{text}”")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(f"进程数应在 1 到 64 之间，现为“{text}”")
    return int(text)


def _new(parent: argparse.ArgumentParser | argparse._SubParsersAction, name: str, sentence: str) -> _Parser:
    """A subcommand, its help in Chinese."""
    made = parent.add_parser(name, help=sentence, description=sentence, add_help=False)  # type: ignore[union-attr]
    made.add_argument("-h", "--help", action="help", help="显示这份说明")
    return made  # type: ignore[no-any-return]


def parser() -> _Parser:
    top = _Parser(prog="siban", description="四办：一体化政务服务平台", add_help=False)
    top.add_argument("-h", "--help", action="help", help="显示这份说明")
    commands = top.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)

    start = _new(commands, "up", "启动系统：数据库、网页服务、后台任务；按 Ctrl-C 停止")
    start.add_argument("--demo", action="store_true", help="第一次启动时建立演示数据")
    start.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8000", help="端口（默认取 PORT，否则 8000）"
    )
    start.add_argument(
        "--host", default=os.environ.get("HOST") or "127.0.0.1", help="监听地址（默认 127.0.0.1，只本机访问）"
    )
    start.add_argument("--workers", type=_count, default=str(min(4, os.cpu_count() or 1)), help="网页服务的进程数")
    start.set_defaults(run=up.up)

    ready = _new(commands, "prepare", "准备好数据库但不启动网页服务")
    ready.add_argument("--demo", action="store_true", help="同时建立演示数据")
    ready.set_defaults(run=up.prepare)

    data = _new(commands, "db", "随附数据库：启动、停止、状态、命令行、清除")
    verbs = data.add_subparsers(dest="verb", metavar="动作", title="动作", required=True, parser_class=_Parser)
    _new(verbs, "start", "启动并一直运行，直到 siban db stop")
    _new(verbs, "stop", "停止")
    _new(verbs, "status", "查看状态")
    shell = _new(verbs, "shell", "进入 psql；其后的参数原样交给 psql")
    shell.add_argument("--admin", action="store_true", help="以数据库管理员身份进入")
    shell.add_argument("rest", nargs=argparse.REMAINDER, help="交给 psql 的参数")
    reset = _new(verbs, "reset", "永久删除随附数据库里的全部数据")
    reset.add_argument("--yes", action="store_true", help="确认删除")
    data.set_defaults(run=db.run)

    _new(commands, "doctor", "检查还缺什么，并说明怎么办").set_defaults(run=doctor.run)
    for name, sentence in (*django_commands.PASSED_ON.items(), ("manage", "Django 管理命令（供开发人员使用）")):
        commands.add_parser(name, help=sentence, add_help=False)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the console script; the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in django_commands.PASSED_ON:
            return django_commands.pass_on(words[0], words[1:])
        if words and words[0] == "manage":
            return django_commands.manage(words[1:])
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
