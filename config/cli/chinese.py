"""Argparse that speaks Chinese."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

SENTENCES = (
    (r"the following arguments are required: (.+)", r"缺少：\1"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (?:\S+/)?(\S+): invalid choice: '?([^']*)'?.*", r"没有“\2”这个\1"),
    (r"argument (?:\S+/)?(\S+): expected one argument", r"\1 后面要写一个值"),
    (r"argument (?:\S+/)?(\S+): (.+)", r"\1：\2"),
)


class Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A command with its help in Chinese."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, add_help=False, formatter_class=Formatter, allow_abbrev=False, **named)
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        said = message
        for pattern, sentence in SENTENCES:
            if re.fullmatch(pattern, message):
                said = re.sub(pattern, sentence, message)
                break
        print(f"命令不正确。{said}。用法见：{self.prog} --help", file=sys.stderr)
        raise SystemExit(2)
