"""`siban lint PATH…`: check item lists against the rules, naming the cell, the rule and the mend."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser

from siban.catalog.linting import files, mending, reports
from siban.catalog.linting.inspection import Inspection
from siban.catalog.linting.sources import Source
from siban.kernel.checks import CheckError
from siban.kernel.imports import ImportRefused

CLEAN, FOUND, NOT_RUN = 0, 1, 2
EVERY = 0.5  # seconds between two lines of progress

EPILOG = (
    "退出码：0 没有错误（只有提醒也是 0）；1 有错误；2 没有检查成（文件读不出来、规则编号不存在）。"
    "规则的依据、正反例和改法见 docs/checks.md。"
    "R07（部门公共服务指南数）只在检查数据库时，或者用 --select R07 点名时检查：一个文件往往不是部门的全部事项。"
)


class Command(BaseCommand):
    help = "检查事项清单：逐条指出文件、行列、规则和改法"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = EPILOG
        parser.add_argument("paths", nargs="*", metavar="PATH", help="事项清单（YAML 文件）或者文件夹，可以写多个")
        parser.add_argument("--database", action="store_true", help="检查数据库里现行的版本和草稿")
        parser.add_argument("--format", default="text", metavar="text|json|xlsx", help="结果的格式，默认 text")
        parser.add_argument("--output", metavar="FILE", help="把结果写到文件；xlsx 必须写明")
        parser.add_argument("--select", default="", metavar="R01,R02", help="只检查这些规则")
        parser.add_argument("--ignore", default="", metavar="R01,R02", help="不检查这些规则")
        parser.add_argument("--region", metavar="CODE", help="按哪个区划的规则开关检查；默认按各单位自己的区划")
        parser.add_argument("--fix", action="store_true", help="列出可以安全改正的写法，只预览不改")
        parser.add_argument("--yes", action="store_true", help="与 --fix 一起用：写入改正")
        parser.add_argument("--progress", action="store_true", help="显示进度（在终端里默认显示）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            errors = self._run(options)
        except (CheckError, ImportRefused) as why:
            self.stderr.write(f"没有检查成。{why}")
            sys.exit(NOT_RUN)
        except BrokenPipeError:  # the reader (head, less) has seen enough; nothing more may be written at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        if errors:
            sys.exit(FOUND)

    def _run(self, options: dict[str, Any]) -> int:
        paths = [Path(p) for p in options["paths"]]
        select, ignore = _numbers(options["select"]), _numbers(options["ignore"])
        region = options["region"]
        self._refuse_nonsense(options, paths)
        show = Progress(self.stderr if options["progress"] or self.stderr.isatty() else None)

        def sources() -> list[Source]:
            found: list[Source] = [files.Files(paths, show.files)] if paths else []
            if options["database"]:
                from siban.catalog.linting.database import Database

                found.append(Database())
            return found

        if options["fix"]:
            self._fix(sources(), select, ignore, region, write=options["yes"])
            if not options["yes"]:
                self.stdout.write("")
        inspection = Inspection(sources(), select, ignore, region, show.items)
        output = Path(options["output"]) if options["output"] else None
        try:
            self._report(inspection, options["format"], output)
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise CheckError(f"结果写不到“{output}”（{fault.strerror}），请换一个位置。") from fault
        show.end()
        if output:
            self.stderr.write("\n".join(reports.summary_lines(inspection.summary)))
            self.stderr.write(f"结果已写到 {output}。")
        elif options["format"] == "json":
            self.stderr.write("\n".join(reports.summary_lines(inspection.summary)))
        return inspection.summary.errors

    def _refuse_nonsense(self, options: dict[str, Any], paths: list[Path]) -> None:
        if not paths and not options["database"]:
            raise CheckError("请写明要检查的文件或者文件夹，例如：siban lint departments/；检查数据库用 --database。")
        if options["format"] not in ("text", "json", "xlsx"):
            raise CheckError(f"没有“{options['format']}”这种格式，可以用 text、json 或者 xlsx。")
        if options["format"] == "xlsx" and not options["output"]:
            raise CheckError("xlsx 格式要用 --output 写明存到哪个文件。")
        if options["yes"] and not options["fix"]:
            raise CheckError("--yes 要与 --fix 一起用。")
        if options["fix"] and not paths:
            raise CheckError("--fix 只改文件；数据库里的事项请在编辑页修改，发布前会重新检查。")
        for path in paths:
            if not path.exists():
                raise CheckError(f"没有找到“{path}”，请核对路径。")
            if path.is_file() and path.suffix not in (".yaml", ".yml"):
                raise CheckError(f"“{path.name}”不是 YAML 文件（.yaml），现在只能检查 YAML 写的事项清单。")

    def _report(self, inspection: Inspection, form: str, output: Path | None) -> None:
        with ExitStack() as stack:
            if form == "xlsx":
                assert output
                if not output.parent.is_dir():
                    raise CheckError(f"文件夹“{output.parent}”不存在，请先建立。")
                report: reports.Report = reports.Workbook(output)
            else:
                out: TextIO = cast(TextIO, self.stdout._out)
                if output:
                    out = stack.enter_context(output.open("w", encoding="utf-8"))
                report = reports.Json(out) if form == "json" else reports.Text(out)
            for row in inspection.rows():
                report.row(row)
            report.end(inspection.summary)

    def _fix(
        self,
        sources: list[Source],
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        region: str | None,
        *,
        write: bool,
    ) -> None:
        """Show, or write, the mends that cannot be meant otherwise."""
        found = mending.mends(sources, select, ignore, region)
        done = [(mend, mending.rewritten(mend)) for mend in found]  # all are made before any is written
        for mend, new in done:
            for line in mending.preview(mend, new):
                self.stdout.write(line)
            for sentence in mend.by_hand:
                self.stdout.write(f"{mend.file}：{sentence}")
            if write:
                mending.write(mend, new)
        count = sum(len(mend.values) - len(mend.by_hand) for mend in found)
        if not count:
            self.stdout.write("没有可以自动改正的写法。")
        elif write:
            self.stdout.write(f"已改正 {count} 处。")
        else:
            self.stdout.write(f"可以安全改正 {count} 处，现在没有改动；确认后加 --yes 写入。")


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in text.replace("，", ",").split(",") if part.strip())


class Progress:
    """A line on the error stream now and then."""

    def __init__(self, out: Any) -> None:
        self._out, self._last = out, time.monotonic()

    def files(self, done: int, of: int) -> None:
        self._say(lambda: f"已读 {done} / {of} 个文件")

    def items(self, count: int) -> None:
        self._say(lambda: f"已检查 {count} 个事项")

    def _say(self, words: Callable[[], str]) -> None:
        if self._out is not None and (now := time.monotonic()) - self._last >= EVERY:
            self._last = now
            self._out.write(words())

    def end(self) -> None:
        self._out = None
