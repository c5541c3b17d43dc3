"""`siban lint PATH…`: check item lists against the rules, naming the cell, the rule and the mend."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser

from siban.catalog.linting import amending, asked, files, mending, reports
from siban.catalog.linting.inspection import Inspection, Row
from siban.catalog.linting.sources import Source
from siban.catalog.linting.workbooks import Workbook
from siban.kernel.checks import CheckError
from siban.kernel.imports import ImportRefused

CLEAN, FOUND, NOT_RUN = 0, 1, 2
EVERY = 0.5  # seconds between two lines of progress

EPILOG = (
    "退出码：0 没有错误（只有提醒也是 0）；1 有错误；2 没有检查成（文件读不出来、规则编号不存在）。"
    "规则的依据、正反例和改法见 docs/checks.md。"
    "R07（部门公共服务指南数）只在检查数据库时，或者用 --select R07 点名时检查：一个文件往往不是部门的全部事项。"
)


class ChineseParser(CommandParser):
    """The parser with headings and complaints in Chinese; Django's own switches work but are not shown."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said, add_help=False)
        self._positionals.title, self._optionals.title = "要检查的", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def add_argument(self, *names: Any, **said: Any) -> argparse.Action:
        if set(names) & {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
                         "--force-color", "--skip-checks"}:  # fmt: skip
            said["help"] = argparse.SUPPRESS
        return super().add_argument(*names, **said)

    def format_usage(self) -> str:
        return self.format_help().split("\n\n")[0] + "\n"

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        said = message
        for theirs, ours in (
            ("unrecognized arguments:", "没有这样的选项："), ("expected one argument", "后面要写一个值"),
            ("argument ", "选项 "), ("ambiguous option:", "选项不完整："), ("could match", "可能是"),
        ):  # fmt: skip
            said = said.replace(theirs, ours)
        sys.stderr.write(f"没有检查成。{said}。用 siban lint --help 查看说明。\n")
        sys.exit(NOT_RUN)


class Command(BaseCommand):
    help = "检查事项清单：逐条指出文件、表、行列、规则和改法"
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **said: Any) -> CommandParser:
        parser = ChineseParser(
            prog=f"{Path(prog_name).name} {subcommand}", description=self.help,
            called_from_command_line=getattr(self, "_called_from_command_line", None), **said,
        )  # fmt: skip
        for name in ("--version", "--settings", "--pythonpath"):
            parser.add_argument(name)
        parser.add_argument("-v", "--verbosity", default=1, type=int)
        for name in ("--traceback", "--no-color", "--force-color", "--skip-checks"):
            parser.add_argument(name, action="store_true")
        self.add_arguments(parser)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = EPILOG
        parser.add_argument(
            "paths", nargs="*", metavar="路径", help="工作簿（.xlsx）、事项清单（YAML 文件）或者文件夹，可以写多个"
        )
        parser.add_argument("--database", action="store_true", help="检查数据库里现行的版本和草稿")
        parser.add_argument("--mapped", action="store_true", help="按数据库里登记的列对应，读取其他单位格式的工作簿")
        parser.add_argument("--format", default="text", metavar="text|json|xlsx",
                            help="结果的格式，默认 text；xlsx 把每个工作簿标上颜色和批注另存一份交回")  # fmt: skip
        parser.add_argument(
            "--output",
            metavar="文件或者文件夹",
            help="把结果写到文件；xlsx 格式可以写文件夹，每个工作簿的副本“原名-检查结果.xlsx”放进去，不写就放在各自旁边",
        )
        parser.add_argument("--select", default="", metavar="R01,R02", help="只检查这些规则")
        parser.add_argument("--ignore", default="", metavar="R01,R02", help="不检查这些规则")
        parser.add_argument("--region", metavar="区划代码", help="按哪个区划的规则开关检查；默认按各单位自己的区划")
        parser.add_argument("--fix", action="store_true", help="列出可以安全改正的写法，只预览不改")
        parser.add_argument(
            "--yes", action="store_true", help="与 --fix 一起用：写入改正；工作簿另存为“原名-已修改.xlsx”"
        )
        parser.add_argument("--in-place", action="store_true", help="与 --fix --yes 一起用：工作簿也直接改原文件")
        parser.add_argument("--progress", action="store_true", help="显示进度（在终端里默认显示）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            errors = self._run(options)
        except (CheckError, ImportRefused) as why:
            said = (
                str(why).replace("再导入", "再检查").replace("不能导入", "不能检查")
            )  # the reader speaks of importing
            self.stderr.write(f"没有检查成。{said}")
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
        lists, workbooks = asked.parted(paths)

        def sources() -> list[Source]:
            found: list[Source] = [files.Files(lists, show.files)] if lists else []
            found += [Workbook(path, self._mapping(path) if options["mapped"] else None) for path in workbooks]
            if options["database"]:
                from siban.catalog.linting.database import Database

                found.append(Database())
            return found

        if options["fix"]:
            self._fix(sources(), select, ignore, region, write=options["yes"], in_place=options["in_place"])
            if not options["yes"]:
                self.stdout.write("")
        inspection = Inspection(sources(), select, ignore, region, show.items, by_file=options["format"] == "xlsx")
        output = Path(options["output"]) if options["output"] else None
        copies: dict[Path, Path] = {}
        if options["format"] == "xlsx":
            copies, output = self._copies(workbooks, output, others=bool(lists or options["database"]))
        try:
            self._report(inspection, options["format"], output, copies)
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise CheckError(f"结果写不到“{output}”（{fault.strerror}），请换一个位置。") from fault
        show.end()
        for source in inspection.sources:
            if isinstance(source, Workbook) and source.unknown:
                named = "、".join(f"“{sheet}”表的“{heading}”" for sheet, heading in source.unknown[:8])
                self.stderr.write(f"{source.path.name}：不认识这些列，没有检查：{named}。")
        if output or copies:
            self.stderr.write("\n".join(reports.summary_lines(inspection.summary)))
            for written in [*copies.values(), *([output] if output else [])]:
                self.stderr.write(f"结果已写到 {written}。")
        elif options["format"] == "json":
            self.stderr.write("\n".join(reports.summary_lines(inspection.summary)))
        return inspection.summary.errors

    @staticmethod
    def _mapping(path: Path) -> Any:
        from siban.catalog.linting.layouts import mapping_for

        return mapping_for(path)

    def _refuse_nonsense(self, options: dict[str, Any], paths: list[Path]) -> None:
        if not paths and not options["database"]:
            raise CheckError(
                "请写明要检查的工作簿、文件或者文件夹，例如：siban lint 事项.xlsx；检查数据库用 --database。"
            )
        if options["format"] not in ("text", "json", "xlsx"):
            raise CheckError(f"没有“{options['format']}”这种格式，可以用 text、json 或者 xlsx。")
        if options["yes"] and not options["fix"]:
            raise CheckError("--yes 要与 --fix 一起用。")
        if options["in_place"] and not options["yes"]:
            raise CheckError("--in-place 要与 --fix --yes 一起用。")
        if options["fix"] and not paths:
            raise CheckError("--fix 只改文件；数据库里的事项请在编辑页修改，发布前会重新检查。")

    @staticmethod
    def _copies(workbooks: list[Path], output: Path | None, *, others: bool) -> tuple[dict[Path, Path], Path | None]:
        """(marked copy of each workbook, list of what was found elsewhere) of the xlsx format.

        Args:
            output: a file for one workbook or a list; a folder for several; without it copies stand beside their workbooks.
        """
        folder = output if output and output.is_dir() else None
        if output and folder is None and not output.parent.is_dir():
            raise CheckError(f"文件夹“{output.parent}”不存在，请先建立。")
        if len(workbooks) == 1 and not others and output and not folder:
            return {workbooks[0]: output}, None
        if output and not folder and workbooks and (len(workbooks) > 1 or others):
            return {book: asked.beside(book, asked.MARKED) for book in workbooks}, output
        if output is None and others:
            raise CheckError("检查事项清单文件或者数据库时，xlsx 格式要用 --output 写明结果存到哪个文件或者文件夹。")
        copies = {book: asked.beside(folder / book.name if folder else book, asked.MARKED) for book in workbooks}
        if len({*copies.values()}) < len(copies):
            raise CheckError("有同名的工作簿，标注后的副本会互相覆盖。请不写 --output，副本存在各自旁边。")
        return copies, folder / f"{asked.MARKED}.xlsx" if folder and others else None if folder else output

    def _report(self, inspection: Inspection, form: str, output: Path | None, copies: dict[Path, Path]) -> None:
        with ExitStack() as stack:
            if form == "xlsx":
                report: reports.Report = amending.Copies(copies, output)
            else:
                out: TextIO = cast(TextIO, self.stdout._out)
                if output:
                    out = stack.enter_context(output.open("w", encoding="utf-8"))
                report = reports.Json(out) if form == "json" else reports.Text(out)
            take: Callable[[Row], None] = report.row
            for row in inspection.rows():
                take(row)
            report.end(inspection.summary)

    def _fix(
        self,
        sources: list[Source],
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        region: str | None,
        *,
        write: bool,
        in_place: bool,
    ) -> None:
        """Show, or write, the mends that cannot be meant otherwise."""
        found = mending.mends(sources, select, ignore, region)
        done = [(mend, mending.rewritten(mend)) for mend in found if not mend.cells]  # all made before any is written
        for mend, new in done:
            for line in mending.preview(mend, new):
                self.stdout.write(line)
            for sentence in mend.by_hand:
                self.stdout.write(f"{mend.file}：{sentence}")
            if write:
                mending.write(mend, new)
        for mend in found:
            for place, (old, value) in mend.cells.items():
                self.stdout.write(f"{mend.file}:{place}：{_quoted(old)} → {_quoted(value)}")
            if mend.cells and write:
                to = mend.file if in_place else asked.beside(mend.file, asked.MENDED)
                amending.write_values(mend.file, to, {place: new for place, (_, new) in mend.cells.items()})
                self.stdout.write(f"改正后的工作簿：{to}")
        count = sum(len(mend.values) + len(mend.cells) - len(mend.by_hand) for mend in found)
        if not count:
            self.stdout.write("没有可以自动改正的写法。")
        elif write:
            self.stdout.write(f"已改正 {count} 处。")
        else:
            self.stdout.write(f"可以安全改正 {count} 处，现在没有改动；确认后加 --yes 写入。")


def _quoted(value: object) -> str:
    return f"“{value}”" if value not in (None, "") else "（空）"


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
