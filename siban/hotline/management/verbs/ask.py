"""`siban hotline ask FILE.jsonl`: what the knowledge base answers to each question, one JSON line each."""

import json
import os
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from siban.hotline import asking
from siban.hotline.asking import kept, lines
from siban.hotline.queries import knowledge as queries
from siban.kernel import clock

NAME = "ask"
HELP = "向知识库提问：读入问题（每行一个 JSON），逐条写出找到的条目、理由和答复；没有答案的如实说明"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="文件", help="UTF-8 文本，每行一个 JSON：id（可不写）、question 或者 text；- 表示标准输入"
    )
    parser.add_argument("-o", "--out", metavar="文件", default="", help="写到哪里（默认标准输出）")
    parser.add_argument(
        "--day", metavar="日期", default="", help="按哪一天有效的条目回答，例如 2026-11-22（默认今天）"
    )
    parser.add_argument(
        "--database", action="store_true", help="用本系统数据库里已发布的条目回答（没有发布过的，用随产品提供的条目）"
    )


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Answer every line of the file; lines that are no question are told on the error stream and skipped."""
    try:
        on = date.fromisoformat(options["day"]) if options["day"] else clock.local_day(clock.now())
    except ValueError:
        raise CommandError(f"--day 要写成 2026-11-22 这样的日期，写的是“{options['day']}”。") from None
    given = read(options["file"])
    papers = _published(must=options["database"]) or asking.shipped()
    known = kept.stocked(papers, Path(settings.HOME))
    bad: list[str] = []
    count = found = 0
    try:
        target = Path(options["out"]).open("w", encoding="utf-8") if options["out"] else nullcontext(command.stdout)  # noqa: SIM115  closed below
    except OSError as error:
        raise CommandError(f"写不了文件“{options['out']}”：{error.strerror}。") from None
    with target as out:
        for row in lines.answers(given, known, on=on, bad=bad):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count, found = count + 1, found + row["answered"]
    for sentence in bad:
        command.stderr.write(sentence)
    command.stderr.write(f"共 {count} 个问题，{found} 个有答复，{count - found} 个没有；跳过 {len(bad)} 行。")
    if not count:
        raise CommandError("文件里没有一个能读的问题。", returncode=2)


def _published(*, must: bool) -> tuple[asking.Paper, ...]:
    """The articles of the database where one is at hand; none otherwise, and where it holds none."""
    if not must and not os.environ.get("DATABASE_URL"):
        return ()
    try:
        return queries.papers()
    except DatabaseError as error:
        if must:
            raise CommandError(f"读不到数据库里的条目（{type(error).__name__}）。请先运行 siban prepare。") from None
        return ()


def read(file: str) -> list[str]:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"读不了文件“{file}”：{error.strerror}。", returncode=2) from None
    # Only line feeds end a line, and a line that is no UTF-8 spoils no other.
    return [line.decode("utf-8", errors="replace").removeprefix("\ufeff") for line in content.split(b"\n")]
