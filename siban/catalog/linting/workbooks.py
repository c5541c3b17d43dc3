"""Items from a workbook: each cell found again by sheet, row and column; read in slices, by as many processes as there are cores."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from siban.kernel.checks import Found

from ..checks import ITEM
from ..workbook import reading, screening
from ..workbook.assembling import Entry
from ..workbook.codes import STATUS
from ..workbook.headings import Part, SheetMapping
from ..workbook.layout import KEY, Sheet
from ..workbook.places import Fault
from ..workbook.plans import Row
from ..workbook.reading import Book
from ..workbook.scanning import NotInSlices
from ..workbook.sheets import BY_NAME, ITEMS
from ..workbook.slicing import Sliced
from . import neighbours, surroundings
from .neighbours import Neighbours
from .sources import Place, Subject, Unit

NAMED = re.compile(r"\[([a-z_]+)=([^\]]*)\]")
NOBODY = "不属于任何事项的行"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv")  # those that cannot be read are refused in words


@dataclass(slots=True)
class Workbook:
    """A source of one workbook.

    Raises:
        WorkbookRefused: when it is opened, if it cannot be read at all.
    """

    path: Path
    mapping: Mapping[str, SheetMapping] | None = None
    name: str = "表格"
    is_complete: bool = False
    unknown: list[tuple[str, str]] = field(default_factory=list)
    _sliced: Sliced | None = None
    _around: Neighbours | None = None
    _is_open: bool = False

    def open(self) -> None:
        if self._is_open:
            return
        try:
            self._sliced = Sliced(self.path, self.mapping)
            self.unknown = self._sliced.unknown
        except NotInSlices:
            screening.screen(self.path)
        self._around = neighbours.around(self.path, self._sliced, self._whole)
        self._is_open = True

    def _whole(self) -> Book:
        return reading.opened(self.path, self.mapping)

    def workers(self) -> int:
        self.open()
        return self._sliced.workers if self._sliced else 1

    def portions(self, share: int, of: int) -> Iterator[Iterator[Subject]]:
        self.open()
        if self._sliced is None:
            if share == 0:
                book = reading.opened(self.path, self.mapping)
                self.unknown = book.unknown
                yield self._subjects(book, frozenset())
            return
        self._sliced.reopen()
        for _, book, earlier in self._sliced.slices(share, of):
            yield self._subjects(book, earlier)

    def is_large(self) -> bool:
        """Whether a process of its own, without what a whole program drags along, is worth it."""
        self.open()
        return self._sliced is not None and self._sliced.is_large

    def subjects(self) -> Iterator[Subject]:
        for portion in self.portions(0, 1):
            yield from portion

    def units(self) -> Iterable[Unit]:
        return ()

    def _subjects(self, book: Book, earlier: frozenset[str]) -> Iterator[Subject]:
        context, around = surroundings.certificates(self.path.parent), self._around
        assert around is not None  # `open` has been here
        file = str(self.path)
        for entry in book.items(earlier):
            content, code = _spoken(entry), entry.code
            yield Subject(
                id=content.get("id") or code, unit=str(content.get("dept_name") or ""), content=content,
                context={**context, **around.context(entry)},
                file=file, region=region_of(code), locate=_Cells(entry),
                faults=tuple((_place(f), Found(path_of(f, entry), f.value, f"{f}")) for f in entry.faults),
            )  # fmt: skip
        for fault, (_, number, values, part) in zip(book.faults, book.loose, strict=True):
            if fault.rule == reading.TWICE and (twice := self._twice(around, fault, number, values, part)):
                yield twice
                continue
            yield Subject(
                id="", unit=NOBODY, content={}, context=context, file=file, is_item=False,
                faults=((_place(fault), Found("impl_code", fault.value, f"{fault}")),),
            )  # fmt: skip

    def _twice(self, around: Neighbours, fault: Fault, number: int, values: Row, part: Part) -> Subject | None:
        """A second list of the same unit and base item, which has the same code; None for a row copied as it is."""
        said = {
            path: str(values[part.heads.at[title]])
            for path in ("id", "status", "handling_code", "basic_code")
            if (title := ITEMS.by_path[path].title) in part.heads.at
        }
        said["status"] = STATUS.meant.get(said.get("status"), "")
        code, slug = str(fault.value), said.get("id", "")
        others = around.siblings(code, slug)
        found = next(iter(ITEM["R38"].find(said, {"siblings": others})), None) if slug and others else None
        if found is None:
            return None
        at = part.heads.at.get(ITEMS.by_path[found.path].title, part.heads.at[KEY])
        place = part.place(number, at)
        return Subject(
            id=slug, unit=NOBODY, content={}, context={}, file=str(self.path), is_item=False, fault_of="R38",
            faults=((Place(place.row, place.column, place.sheet), found),),
        )  # fmt: skip


def _spoken(entry: Entry) -> dict[str, Any]:
    """The elements as the rules see them: a letter of which no cell is filled is none at all."""
    content = entry.content
    if content.get("authorisation_letter") is None:
        content = {name: value for name, value in content.items() if name != "authorisation_letter"}
    return content


def region_of(code: str) -> str:
    """The region an implementation code names (GB/T 39554.1: positions 3 to 8)."""
    return code[2:8] if len(code) == reading.CODE_LENGTH and code[2:8].isdigit() else ""


def _place(fault: Fault) -> Place:
    at = fault.place
    return Place(at.row, at.column, at.sheet)


@dataclass(slots=True)
class _Cells:
    """Finds the cell of a path."""

    entry: Entry

    def __call__(self, path: str) -> Place:
        at = self.entry.locate(numbered(path, self.entry.content))
        return Place(at.row, at.column, at.sheet)


def numbered(path: str, content: Mapping[str, Any]) -> str:
    """A path with places in lists instead of the ids of rows."""
    while (said := NAMED.search(path)) is not None:
        rows: Any = content
        for step in re.findall(r"[^.\[\]]+", path[: said.start()]):
            rows = (
                (rows[int(step)] if int(step) < len(rows) else {}) if step.isdigit() else (rows or {}).get(step) or {}
            )
        key, value = said.groups()
        at = next((n for n, row in enumerate(rows) if str(row.get(key)) == value), 0)
        path = f"{path[: said.start()]}[{at}]{path[said.end() :]}"
    return path


def path_of(fault: Fault, entry: Entry) -> str:
    """The element that a faulty cell should say; the list when its row belongs to none."""
    for name, rows in entry.rows.items():
        for number, _, part in rows:
            if number == fault.place.row and part.name == fault.place.sheet:
                return _path_in(BY_NAME[name], number, part, fault.place.column, entry)
    return ""


def _path_in(sheet: Sheet, number: int, part: Any, column: int, entry: Entry) -> str:
    title = next((t for t, at in part.heads.at.items() if at + part.shift + 1 == column), "")
    own = next((c.path for c in sheet.columns if c.title == title), "")
    if sheet is ITEMS:
        return own or "impl_code"
    if not sheet.parent:
        at = next((n for n, (row, p) in enumerate(entry.places.lists.get(sheet.path) or ()) if row == number and p is part), None)  # fmt: skip
        return sheet.path if at is None else f"{sheet.path}[{at}].{own}".rstrip(".")
    above = BY_NAME[sheet.parent].path
    for parent, rows in entry.places.nested.get(sheet.name, {}).items():
        for n, (row, p) in enumerate(rows):
            if row == number and p is part:
                return f"{above}[{parent}].{sheet.path}[{n}].{own}".rstrip(".")
    return above
