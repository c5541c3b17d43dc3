"""A checked workbook given back: the same file with its cells coloured and commented and a sheet of what was found."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..workbook import amending
from ..workbook.amending import Change, Link, Listing
from ..workbook.places import letter
from . import reports
from .asked import MARKED
from .inspection import Row, Summary
from .reports import WORDS, shortened, summary_lines
from .sources import Place

HEADS = ("位置", "单位", "事项", "规则", "级别", "要素", "现值", "问题", "怎样改", "依据")
WIDTHS = (22, 24, 30, 8, 8, 30, 24, 48, 56, 40)
MOST_ROWS = 1_000_000  # a sheet holds little more (ECMA-376)


class Marked:
    """Keeps what is found, then writes the workbook with it; grows with the findings, not with the items."""

    def __init__(self, path: Path, out: Path) -> None:
        self._path, self._out = path, out
        self._rows: list[tuple[Any, ...]] = []
        self._cells: dict[str, dict[int, dict[int, Change]]] = {}

    def row(self, row: Row) -> None:
        at = row.place
        where: Any = ""
        if at.sheet and at.line and at.column:
            cell = self._cells.setdefault(at.sheet, {}).setdefault(at.line, {}).setdefault(at.column, Change())
            cell.tone = "E" if row.severity == "E" or cell.tone == "E" else "W"
            cell.notes.append(f"{row.rule} {WORDS[row.severity]}：{row.message}改法：{row.fix}")
            name = f"{at.sheet}!{letter(at.column - 1)}{at.line}"
            where = Link(name, f"'{at.sheet.replace(chr(39), chr(39) * 2)}'!{letter(at.column - 1)}{at.line}")
        if len(self._rows) < MOST_ROWS:
            self._rows.append(
                (where, row.unit, row.item, row.rule, WORDS[row.severity], row.path, shortened(row.value), row.message,
                 row.fix, row.source)
            )  # fmt: skip

    def end(self, summary: Summary) -> None:
        lines = list(summary_lines(summary))
        listing = Listing(MARKED, WIDTHS, self._listed(lines), frozenset({1, len(lines) + 2}))
        amending.amended(self._path, self._out, self._cells, listing)

    def _listed(self, lines: list[str]) -> Iterator[tuple[Any, ...]]:
        for line in lines:
            yield (line,)
        yield ()
        yield HEADS
        yield from self._rows


def write_values(path: Path, out: Path, values: Mapping[Place, Any]) -> None:
    """The workbook with new values in some cells."""
    cells: dict[str, dict[int, dict[int, Change]]] = {}
    for place, value in values.items():
        assert place.line is not None
        assert place.column is not None
        cells.setdefault(place.sheet, {}).setdefault(place.line, {})[place.column] = Change(value)
    amending.amended(path, out, cells)


class Copies:
    """Every workbook given back with what was found in it; what was found elsewhere goes to a list of its own.

    Args:
        copies: the marked copy of each workbook.
        rest: the list for files of other kinds and the database; it holds everything where there is one.
    """

    def __init__(self, copies: Mapping[Path, Path], rest: Path | None) -> None:
        self._marked = {str(book): Marked(book, out) for book, out in copies.items()}
        self._rest = reports.Workbook(rest) if rest else None
        self._counts = {book: Summary() for book in self._marked}

    def row(self, row: Row) -> None:
        if (marked := self._marked.get(row.file)) is not None:
            marked.row(row)
            self._counts[row.file].count(row)
        if self._rest is not None:
            self._rest.row(row)

    def end(self, summary: Summary) -> None:
        for book, marked in self._marked.items():
            own = self._counts[book]
            own.items = summary.by_file.get(book, 0)
            marked.end(summary if len(self._marked) == 1 and self._rest is None else own)
        if self._rest is not None:
            self._rest.end(summary)
