"""`siban hotline check-replies FILE.jsonl`: what is to be mended in each draft reply, one JSON line each."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siban.hotline.helping import lines

from .ask import read

NAME = "check-replies"
HELP = "检查答复草稿：读入答复（每行一个 JSON），逐条写出缺什么、哪里不妥、怎么改"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="文件",
        help="UTF-8 文本，每行一个 JSON：text（答复），可加 id、order_text（诉求）、demands（各项诉求的类别）；- 表示标准输入",
    )  # fmt: skip
    parser.add_argument("-o", "--out", metavar="文件", default="", help="写到哪里（默认标准输出）")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Check every line of the file; lines that are no reply are told on the error stream and skipped."""
    given = read(options["file"])
    bad: list[str] = []
    count = faulty = 0
    try:
        target = Path(options["out"]).open("w", encoding="utf-8") if options["out"] else nullcontext(command.stdout)  # noqa: SIM115  closed below
    except OSError as error:
        raise CommandError(f"写不了文件“{options['out']}”：{error.strerror}。") from None
    with target as out:
        for row in lines.remarks(given, bad=bad):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count, faulty = count + 1, faulty + (row["quality"] == "bad")
    for sentence in bad:
        command.stderr.write(sentence)
    command.stderr.write(f"共 {count} 条答复，{faulty} 条要改；有问题的行 {len(bad)} 处。")
    if not count:
        raise CommandError("文件里没有一条能读的答复。", returncode=2)
