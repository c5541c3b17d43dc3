"""`siban search 办身份证` and `siban search --file QUERIES`: what the search finds for each question, for people and machines."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siban.catalog import search
from siban.catalog.search import Found, Wanted

TYPED_AT_MOST = 60


class Command(BaseCommand):
    help = "检索事项：直接写要找的话，或者用 --file 一行一个问题"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question", nargs="*", help="要找的话，例如：办身份证")
        parser.add_argument(
            "--file", metavar="文件", help="UTF-8 文本，一行一个问题，空行和 # 开头的行跳过；- 表示标准输入"
        )
        parser.add_argument(
            "--format", choices=["text", "json", "jsonl"], default="text",
            help="text：问题一行，其后每个事项一行，以制表符分隔：名次、标识、名称、实施编码、得分、理由；jsonl：一个问题一行；json：全部合为一个数组",
        )  # fmt: skip
        parser.add_argument("--limit", type=int, default=5, metavar="个数", help="每个问题最多列出几个事项（默认 5）")
        parser.add_argument("--region", default="", metavar="区划代码", help="在哪个地区找（默认本旗）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit 要写 1 或者更大的整数。", returncode=2)
        region = options["region"]
        if region and not (region.isascii() and region.isdigit() and len(region) <= 12):
            raise CommandError(f"--region 要写区划代码（最多 12 位数字），写的是“{region}”。", returncode=2)
        questions = list(_questions(options["question"], options["file"]))
        if not questions:
            raise CommandError("没有要找的话。请写在命令后面，或者用 --file 给出一行一个问题的文件。", returncode=2)
        if not search.library().entries:
            raise CommandError(
                "数据库里还没有发布的事项。请先运行 siban prepare --demo 或者 siban import items。", returncode=2
            )
        wanted, limit = Wanted(region=region), options["limit"]
        if options["format"] == "json":
            answers = [_as_data(q, search.find(q[:TYPED_AT_MOST], wanted=wanted, limit=limit)) for q in questions]
            self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=1))
            return
        for question in questions:
            found = search.find(question[:TYPED_AT_MOST], wanted=wanted, limit=limit)
            if options["format"] == "jsonl":
                self.stdout.write(json.dumps(_as_data(question, found), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(_as_text(question, found)))


def _questions(words: list[str], file: str | None) -> Iterator[str]:
    if words:
        yield " ".join(words)
    if file is None:
        return
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        lines = text.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise CommandError(f"读不了文件“{file}”：{error.strerror}。", returncode=2) from None
    except UnicodeDecodeError as error:
        raise CommandError(
            f"文件“{file}”第 {error.object[: error.start].count(10) + 1} 行不是 UTF-8 文字。请另存为 UTF-8 再试。",
            returncode=2,
        ) from None
    for line in lines:
        question = line.replace("\x00", "").strip()
        if question and not question.startswith("#"):
            yield question


def _as_text(question: str, found: Found) -> list[str]:
    flat = [question.replace("\t", " ")]
    flat += [
        "\t".join([str(n), hit.slug, hit.name, hit.impl_code, hit.score, hit.why])
        for n, hit in enumerate(found.hits, start=1)
    ]
    return [*flat, ""]


def _as_data(question: str, found: Found) -> dict[str, Any]:
    return {
        "query": question,
        "nearest": found.nearest,
        "meant": found.meant,
        "unknown": list(found.unknown),
        "hits": [
            {
                "rank": n, "slug": hit.slug, "name": hit.name, "impl_code": hit.impl_code, "score": float(hit.score),
                "why": hit.why,
            }
            for n, hit in enumerate(found.hits, start=1)
        ],
    }  # fmt: skip
