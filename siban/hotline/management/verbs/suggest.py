"""`siban hotline suggest FILE.jsonl`: what the help proposes for each order, one JSON line each."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siban.hotline import helping
from siban.hotline.helping import lines, shipping

from .ask import read

NAME = "suggest"
HELP = (
    "为工单提出建议：读入诉求（每行一个 JSON），逐条写出类别、主责单位、性质、级别、是否紧急、是否重复，并写明依据的词"
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="文件",
        help="UTF-8 文本，每行一个 JSON：text，可加 id、place、township_code、received_at、caller_key；- 表示标准输入",
    )  # fmt: skip
    parser.add_argument("-o", "--out", metavar="文件", default="", help="写到哪里（默认标准输出）")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Propose for every line of the file; lines that are no order are told on the error stream and skipped."""
    given = read(options["file"])
    known = helping.helper()
    bad: list[str] = []
    count = urgent = same = 0
    try:
        target = Path(options["out"]).open("w", encoding="utf-8") if options["out"] else nullcontext(command.stdout)  # noqa: SIM115  closed below
    except OSError as error:
        raise CommandError(f"写不了文件“{options['out']}”：{error.strerror}。") from None
    with target as out:
        for row in lines.suggestions(given, known, bad=bad, earlier=shipping.orders(known)):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count, urgent, same = count + 1, urgent + row["urgent"], same + (row["duplicate_of"] is not None)
    for sentence in bad:
        command.stderr.write(sentence)
    command.stderr.write(f"共 {count} 条诉求，{urgent} 条紧急，{same} 条可能重复；有问题的行 {len(bad)} 处。")
    if not count:
        raise CommandError("文件里没有一条能读的诉求。", returncode=2)
