"""`siban hotline train [FILE.jsonl]`: the help learns anew, and says how often it is right."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from siban.hotline.helping import lines, report, training
from siban.hotline.queries import decided

from .ask import read

NAME = "train"
HELP = "让分类建议重新学习：用给出的工单，没有给就用本地已办结的工单，再没有就用随产品附带的；并如实报告准确率"
LEAST = 200  # fewer decided orders of one's own teach less than those that ship


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="文件", nargs="?", default="", help="已判定的工单，每行一个 JSON（格式同 orders.jsonl）"
    )
    parser.add_argument("--report", metavar="文件", default="", help="报告写到哪里（默认标准输出）")
    parser.add_argument("--quick", action="store_true", help="只学习，不做留出检验（检验要学五遍，约一分钟）")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Learn, report, and keep what was learned."""
    bad: list[str] = []
    if options["file"]:
        rows, source = lines.decided(read(options["file"]), bad=bad), f"文件“{Path(options['file']).name}”"
    else:
        rows, source = _own()
    for sentence in bad:
        command.stderr.write(sentence)
    if not rows:
        raise CommandError("没有一条能学的工单：每行要有 text 和 gold.leaf（六位叶类代码）。", returncode=2)
    about = f"{source}，共 {len(rows)} 条"
    known = training.train(rows)
    if options["quick"]:
        words = [f"学习所用的工单：{about}。没有做留出检验。"]
    else:
        words = list(report.sentences(report.judged(rows), about))
    path = training.keep(known)
    text = "\n".join(words)
    if options["report"]:
        try:
            Path(options["report"]).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"写不了文件“{options['report']}”：{error.strerror}。") from None
    else:
        command.stdout.write(text)
    command.stderr.write(f"已保存到 {path}（{path.stat().st_size // 1024} KB）。网页在下次启动后使用。")


def _own() -> tuple[list[dict[str, Any]], str]:
    """Orders decided here beside those that ship, when there are enough of them; else those that ship alone."""
    try:
        rows = decided.ended()
    except DatabaseError:
        rows = []
    shipped = training.shipped_orders()
    texts = {row["text"] for row in shipped}
    rows = [row for row in rows if row["text"] not in texts]
    if len(rows) >= LEAST:
        return [*shipped, *rows], "本地已办结的工单和随产品附带的工单"
    return shipped, "随产品附带的工单（编写的，不是真实来电）"
