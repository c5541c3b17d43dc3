"""The headings of a sheet: which column is which, and what a workbook of another layout calls them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineSheet

from siban.kernel.imports import ImportRefused

from .layout import KEY, Sheet
from .places import Fault, Place

SEPARATORS = re.compile(r"[\n、，,；;|]")


class WorkbookRefused(ImportRefused):
    """The whole workbook cannot be read; `sentences` say why and what to do."""


def spelled(title: Any) -> str:
    """A heading without what typing adds: spaces, line breaks, full-width letters, the star of what must be filled in."""
    said = unicodedata.normalize("NFKC", str(title))
    return "".join(said.split()).strip("*＊:：")


@dataclass(frozen=True, slots=True)
class Heads:
    """The headings of one sheet.

    Args:
        at: `{title of the layout: index in the row}`.
        said: the heading as written at each index.
        unknown: indices of headings the layout does not have.
        row: number of the row they stand in.
    """

    at: Mapping[str, int]
    said: Sequence[str]
    unknown: tuple[int, ...]
    row: int


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How a sheet of another layout is read.

    Args:
        sheet: the sheet of the layout it stands for.
        columns: `{heading as spelled: title of the layout}`; what is not in it is not read.
        values: `{title: {value as text: word or code of the layout}}` for drop-downs with other codes.
    """

    sheet: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Part:
    """One physical sheet of a workbook with its headings."""

    name: str
    source: CalamineSheet
    heads: Heads
    values: Mapping[int, Mapping[Any, Any]] = field(default_factory=dict)

    @property
    def shift(self) -> int:
        """How many empty columns stand before the first one that is read."""
        return self.source.start[1] if self.source.start else 0

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """(row number, values) of every row below the headings."""
        numbered = enumerate(self.source.iter_rows(), 1)
        for number, _ in numbered:
            if number >= self.heads.row:
                break
        if not self.values:
            return numbered
        return self._mapped(numbered)

    def _mapped(self, numbered: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        for number, row in numbered:
            for at, meant in self.values.items():
                if row[at] != "":
                    row[at] = translated(row[at], meant)
            yield number, row

    def place(self, number: int, at: int) -> Place:
        return Place(self.name, number, at + self.shift + 1, self.heads.said[at].strip("*＊ "))

    def fault(self, number: int, at: int, value: Any, rule: str) -> Fault:
        return Fault(self.place(number, at), value, rule)


def worded(value: Any) -> str:
    """A value as mappings of values name it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def several(value: Any) -> list[str]:
    """The parts of a value that says several things."""
    return (
        [worded(part) for part in SEPARATORS.split(str(value)) if part.strip()]
        if isinstance(value, str)
        else [worded(value)]
    )


def translated(value: Any, meant: Mapping[str, Any]) -> Any:
    """A value of another layout in the words of this one, whole or part by part."""
    if (whole := worded(value)) in meant:
        return meant[whole]
    parts = several(value)
    return "\n".join(str(meant.get(part, part)) for part in parts) if any(part in meant for part in parts) else value


def part_of(sheet: Sheet, name: str, source: CalamineSheet, how: SheetMapping | None) -> Part:
    """A physical sheet with its headings, read by a mapping where there is one."""
    heads = heads_of(sheet, source, how.columns if how else {})
    values = {heads.at[title]: meant for title, meant in (how.values if how else {}).items() if title in heads.at}
    return Part(name, source, heads, values)


def heads_of(sheet: Sheet, source: CalamineSheet, renamed: Mapping[str, str]) -> Heads:
    """The headings of a sheet.

    Args:
        renamed: `{heading as spelled: title of the layout}`, what a mapping says of another layout.

    Raises:
        WorkbookRefused: two columns with one heading, or a column missing without which no row can be told.
    """
    known = {spelled(title): title for title in sheet.titles}
    number, said = first_row(source)
    at: dict[str, int] = {}
    unknown = []
    for index, heading in enumerate(said):
        spelling = spelled(heading)
        title = renamed.get(spelling) if renamed else known.get(spelling)
        if title is None:
            if spelling:
                unknown.append(index)
            continue
        if title in at:
            first, second = (Place(source.name, number, i + 1, heading) for i in (at[title], index))
            raise WorkbookRefused(
                [
                    f"“{source.name}”表有两列都是“{title}”（{first.letter} 列和 {second.letter} 列）。请去掉一列或者改正表头后再导入。"
                ]
            )
        at[title] = index
    needed = [KEY, *([sheet.parent_title] if sheet.parent else [])]
    if missing := [title for title in needed if title not in at]:
        raise WorkbookRefused(
            [
                f"“{source.name}”表没有“{missing[0]}”列，不知道每一行属于哪个{'事项' if missing[0] == KEY else missing[0][:2]}。请补上这一列，或者从系统重新导出一份再填。"
            ]
        )
    return Heads(at, said, tuple(unknown), number)


def first_row(source: CalamineSheet) -> tuple[int, list[str]]:
    """Number and words of the first row that says anything."""
    for number, row in enumerate(source.iter_rows(), 1):
        if any(value != "" for value in row):
            return number, [str(value) for value in row]
    return 1, []
