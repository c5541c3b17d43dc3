"""Reading a workbook: item by item, in one pass over all sheets, each value with the place it stands at.

The writer puts the rows of every sheet in the order of the items, so that the sheets are read side by side; a sheet
that was sorted otherwise is gathered by item first. No database, no clock.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from . import cells, headings
from .assembling import Assembly, Entry, Found
from .cells import Unreadable
from .headings import Part, SheetMapping, WorkbookRefused
from .layout import KEY, Sheet
from .places import Fault
from .plans import Plan, Row, planned
from .sheets import BY_NAME, ITEMS, SHEETS

CODE_LENGTH = 31


@dataclass(slots=True)
class Stream:
    """The rows of one sheet and its continuations, handed out item by item."""

    sheet: Sheet
    parts: list[Part]
    book: "Book"
    plans: dict[int, Plan] = field(default_factory=dict)
    gathered: dict[str, list[Found]] | None = None
    _rows: Iterator[tuple[str, Found]] = field(default_factory=lambda: iter(()))
    _ahead: tuple[str, Found] | None = None

    def begin(self) -> None:
        """Go to the first row."""
        self.plans = {id(part): planned(self.sheet, part.heads) for part in self.parts}
        self._rows = self._keyed()
        self._ahead = next(self._rows, None)

    def _keyed(self) -> Iterator[tuple[str, Found]]:
        for part in self.parts:
            key_at, plan = part.heads.at[KEY], self.plans[id(part)]
            for number, row in part.rows():
                key = row[key_at]
                if key.__class__ is not str or len(key) != CODE_LENGTH:
                    if (cleaned := self._cleaned(key, number, row, part)) is None:
                        continue
                    key = cleaned
                yield key, (number, row, part, plan)

    def _cleaned(self, key: Any, number: int, row: Row, part: Part) -> str | None:
        at = part.heads.at[KEY]
        if not any(value != "" for value in row):
            return None
        try:
            if said := cells.code_of_item(key):
                return said
            why = "没有实施编码，不知道这一行属于哪个事项；请补上，或者删去整行"
        except Unreadable as wrong:
            why = str(wrong)
        self.book.tell(part.fault(number, at, key, why), self.sheet, part, number, row)
        return None

    def all(self) -> Iterator[tuple[str, Found]]:
        """Every row with its key, for the sheet that leads."""
        if self._ahead is not None:
            yield self._ahead
            self._ahead = None
        yield from self._rows

    def of(self, code: str) -> Sequence[Found]:
        """The rows of an item; asked for in the order of the items."""
        if self.gathered is not None:
            return self.gathered.pop(code, [])
        ahead = self._ahead
        if ahead is None or ahead[0] != code:
            return ()
        found = [ahead[1]]
        for key, row in self._rows:
            if key != code:
                self._ahead = (key, row)
                return found
            found.append(row)
        self._ahead = None
        return found

    def gather(self) -> None:
        """Take up the whole sheet, which is not in the order of the items."""
        self.gathered = {}
        for code, row in self.all():
            self.gathered.setdefault(code, []).append(row)

    def strays(self) -> None:
        """Tell of the rows that no item took."""
        left = self.all() if self.gathered is None else ((k, r) for k, rows in self.gathered.items() for r in rows)
        for code, (number, row, part, _) in left:
            why = f"“{ITEMS.name}”表里没有这个实施编码的事项"
            self.book.tell(part.fault(number, part.heads.at[KEY], code, why), self.sheet, part, number, row)


def in_order(stream: Stream, order: dict[str, int]) -> bool:
    """Whether the rows of a sheet stand in the order of the items, with none that no item takes."""
    last = -1
    for part in stream.parts:
        at = part.heads.at[KEY]
        for _, row in part.rows():
            place = order.get(row[at], last if row[at] == "" else -1)
            if place < last:
                return False  # a row nobody takes would hold up all that follow it
            last = place
    return True


Loose = tuple[str, int, Row, Part]  # a row without an item: sheet of the layout, number, values, where it stands


class Book:
    """An opened workbook.

    Args:
        absent: `{sheet name: titles of the columns it does not have}`; a missing sheet lacks all.
        faults: what is wrong with rows that belong to no item, `loose` those rows; complete once `items` has run.
        unknown: headings of no column of the layout, `(sheet, heading)`; they are not read.
    """

    def __init__(self, parts: dict[str, list[Part]], twice: Collection[str] = ()) -> None:
        self.twice = twice
        self.faults: list[Fault] = []
        self.loose: list[Loose] = []
        self.parts = parts
        self.absent = {
            s.name: frozenset(c.title for c in s.columns if not (s.name in parts and c.title in parts[s.name][0].heads.at))
            for s in SHEETS
        }  # fmt: skip
        self.unknown = [
            (p.name, p.heads.said[at]) for found in parts.values() for p in found for at in p.heads.unknown
        ]
        self.count = 0

    def tell(self, fault: Fault, sheet: Sheet, part: Part, number: int, row: Row) -> None:
        """Keep a fault of a row that belongs to no item, and the row."""
        self.faults.append(fault)
        self.loose.append((sheet.name, number, row, part))

    def items(self, earlier: Collection[str] = ()) -> Iterator[Entry]:
        """Every item in the order of the items' sheet. A second row for an item is a fault of that row.

        Args:
            earlier: codes that stood in an earlier slice of the same workbook.
        """
        streams = {name: Stream(BY_NAME[name], parts, self) for name, parts in self.parts.items()}
        order: dict[str, int] = {}
        twice = set(self.twice)
        for part in self.parts[ITEMS.name]:
            at = part.heads.at[KEY]
            for _, row in part.rows():
                code = row[at] if row[at].__class__ is str else ""
                if code in order:
                    twice.add(code)
                else:
                    order[code] = len(order)
        for stream in streams.values():
            stream.begin()
        lead = streams.pop(ITEMS.name)
        for stream in streams.values():
            if not in_order(stream, order):
                stream.gather()
        make = Assembly(streams, twice)
        seen = set(earlier)
        for code, found in lead.all():
            if code in seen:
                number, values, part, _ = found
                self.tell(part.fault(number, part.heads.at[KEY], code, TWICE), ITEMS, part, number, values)
                continue
            seen.add(code)
            yield make.entry(code, found)
        self.count = len(seen) - len(earlier)
        for stream in streams.values():
            stream.strays()


def opened(path: Path, mapping: Mapping[str, SheetMapping] | None = None) -> Book:
    """A workbook ready to be read. What may not be opened at all is told by `screening`.

    Args:
        mapping: `{name of a sheet: how it is read}` for a workbook of another layout.

    Raises:
        WorkbookRefused: no workbook, without the items' sheet, or with headings that cannot be told apart.
    """
    try:
        source = CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as fault:
        raise WorkbookRefused([NO_WORKBOOK]) from fault
    parts: dict[str, list[Part]] = {}
    for name in source.sheet_names:
        how = (mapping or {}).get(name)
        known = BY_NAME.get(how.sheet if how else CONTINUATION.sub("", name.strip()))
        if known is None:
            continue
        sheet = source.get_sheet_by_name(name)
        if headings.first_row(sheet)[1]:
            parts.setdefault(known.name, []).append(headings.part_of(known, name, sheet, how))
    if ITEMS.name not in parts:
        raise WorkbookRefused(
            [f"文件里没有“{ITEMS.name}”表，或者表是空的。请从系统下载表格模板，或者导出一份后再填。"]
        )
    return Book(parts)


TWICE = "这个实施编码前面已经有一行；一个事项只能有一行，请删去重复的"
CONTINUATION = re.compile(r"（\d+）$")
NO_WORKBOOK = "这个文件不是能读取的表格（.xlsx）。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再导入。"
