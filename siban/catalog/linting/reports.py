"""Findings as text, JSON or a workbook, written while they come."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, TextIO

from .inspection import Row, Summary, lacking

WORDS = {"E": "错误", "W": "提醒"}
SHOWN_UNITS = 20


class Report(Protocol):
    """Takes findings one by one; `end` gets the counts."""

    def row(self, row: Row) -> None: ...
    def end(self, summary: Summary) -> None: ...


def summary_lines(summary: Summary) -> Iterable[str]:
    """Counts by rule and by unit, and what could not be checked."""
    total = summary.errors + summary.warnings
    if not total:
        yield f"检查了 {summary.items} 个事项，没有发现问题。"
    else:
        yield f"检查了 {summary.items} 个事项，发现 {total} 处：错误 {summary.errors}，提醒 {summary.warnings}。"
        yield "按规则："
        for (rule, severity, title), count in sorted(summary.by_rule.items()):
            yield f"  {rule:<5}{WORDS[severity]} {count:>6}  {title}"
        yield "按单位："
        for unit, count in summary.by_unit.most_common(SHOWN_UNITS):
            yield f"  {count:>6}  {unit}"
        if len(summary.by_unit) > SHOWN_UNITS:
            yield f"  另有 {len(summary.by_unit) - SHOWN_UNITS} 个单位"
    yield from lacking(summary.not_run)


class Text:
    """One line a finding: `file:line:column`, rule, sentence; then the counts."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def row(self, row: Row) -> None:
        where = f"{row.file}:{row.place}" if str(row.place) else row.file
        self._out.write(
            f"{where}: {row.rule} {WORDS[row.severity]} {row.item} {row.path}：{row.message}改法：{row.fix}\n"
        )

    def end(self, summary: Summary) -> None:
        self._out.write("".join(f"{line}\n" for line in summary_lines(summary)))


class Json:
    """One JSON document: a list of objects, written piece by piece."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._begun = out, False

    def row(self, row: Row) -> None:
        said = {
            "rule": row.rule, "severity": row.severity, "file": row.file, "item": row.item, "path": row.path,
            "value": row.value, "message": row.message, "fix": row.fix,
        }  # fmt: skip
        self._out.write(",\n" if self._begun else "[\n")
        self._out.write(json.dumps(said, ensure_ascii=False, default=str))
        self._begun = True

    def end(self, summary: Summary) -> None:
        self._out.write("\n]\n" if self._begun else "[]\n")


COLUMNS = (
    ("文件", 34), ("行", 7), ("列", 7), ("单位", 24), ("事项", 34), ("规则", 8), ("级别", 7), ("要素", 34), ("现值", 24),
    ("问题", 48), ("怎样改", 56), ("依据", 40),
)  # fmt: skip


class Workbook:
    """A workbook of findings with a sheet of counts."""

    def __init__(self, file: Path) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self._book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
        head = self._book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._sheet = self._book.add_worksheet("问题")
        for column, (name, width) in enumerate(COLUMNS):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, name, head)
        self._sheet.freeze_panes(1, 0)
        self._head, self._at = head, 0

    def row(self, row: Row) -> None:
        self._at += 1
        file = f"{row.file} {row.place.sheet}".strip()
        cells: tuple[Any, ...] = (
            file, row.place.line, row.place.column, row.unit, row.item, row.rule, WORDS[row.severity], row.path,
            shortened(row.value), row.message, row.fix, row.source,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._at, column, cell, self._wrap)
            elif cell is not None:
                self._sheet.write_string(self._at, column, str(cell), self._wrap)

    def end(self, summary: Summary) -> None:
        if self._at:
            self._sheet.autofilter(0, 0, self._at, len(COLUMNS) - 1)
        counts = self._book.add_worksheet("汇总")
        counts.set_column(0, 0, 60)
        for row, line in enumerate(summary_lines(summary)):
            counts.write_string(row, 0, line)
        self._book.close()


def shortened(value: object) -> str:
    """A value as a list of findings shows it."""
    text = (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= 200 else text[:200] + "……"
