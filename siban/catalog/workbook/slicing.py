"""A workbook of any size read in slices of some hundred items, so that memory stays as it is and several processes can share it.

The rows of a slice are cut out of the sheets as they are written (a sheet is text, its rows stand one after another) and
packed as a small workbook, which the spreadsheet library then reads. A workbook whose sheets are not in the order of the
items, or that is written in another way, cannot be cut (`NotInSlices`); it is read whole. No database, no clock.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from . import cells, headings, reading, screening
from .headings import Part, SheetMapping, WorkbookRefused
from .layout import KEY
from .places import letter
from .reading import Book
from .sheets import BY_NAME, ITEMS

ITEMS_A_SLICE = 200
PIECE = 1 << 18
HEAD_ROWS = 60  # among which the headings must be
ROW, ENDED = b"<row ", b"</sheetData>"
NUMBER = re.compile(rb'<row\s[^>]*?\br="(\d+)"')
FORMULA = re.compile(rb"<f[\s>/]")
SHARED = re.compile(rb'(<c\s[^>]*?)\bt="s"([^>]*)><v>(\d+)</v>')
ENTRIES = re.compile(rb"<si(?:\s[^>]*)?>(.*?)</si>|<si\s*/>", re.S)
KEPT = re.compile(r"(\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml)$")
STRINGS = "xl/sharedStrings.xml"


class NotInSlices(Exception):
    """The workbook has to be read whole."""


@dataclass(slots=True)
class Slice(Part):
    """The rows of one sheet that belong to a slice."""

    kept: list[list[Any]] = field(default_factory=list)
    first: int = 0
    empty_before: int = 0

    @property
    def shift(self) -> int:
        return self.empty_before

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        numbered = enumerate(self.kept, self.first)
        return self._mapped(numbered) if self.values else numbered


@dataclass(slots=True)
class Page:
    """One sheet of the file: where it is packed, its headings, how the key of a row is found."""

    name: str
    part: str
    head: Part
    sheet: str
    key: re.Pattern[bytes]


class Rows:
    """The rows of one page as they are written, forward only."""

    def __init__(self, file: "Sliced", page: Page) -> None:
        self._file, self._page = file, page
        self._stream = file.packed.open(page.part)
        self._buffer, self._at, self._safe, self._ended = b"", 0, 0, False
        self._skip_head()

    def _skip_head(self) -> None:
        while self._ready():
            said = NUMBER.match(self._buffer, self._at, self._safe)
            if said is None:
                raise NotInSlices
            if int(said.group(1)) > self._page.head.heads.row:
                return
            self._at = self._next()

    def _next(self) -> int:
        """Where the row that begins here ends."""
        end = self._buffer.find(ROW, self._at + len(ROW), self._safe)
        return end if end >= 0 else self._safe

    def _ready(self) -> bool:
        """Whether whole rows are at hand, read on if need be."""
        while self._at >= self._safe:
            if self._ended:
                return False
            piece = self._stream.read(PIECE)
            self._buffer, self._at = self._buffer[self._at :] + piece, 0
            end = self._buffer.find(ENDED, max(0, len(self._buffer) - len(piece) - len(ENDED)))
            if end >= 0 or not piece:
                self._ended, self._safe = True, max(end, 0)
            else:
                self._safe = max(self._buffer.rfind(ROW), 0)
            if self._safe and not self._buffer.startswith(ROW):
                start = self._buffer.find(ROW, 0, self._safe)
                self._at = start if start >= 0 else self._safe
        return True

    def walk(self, each: Callable[[str], bool]) -> Iterator[bytes]:
        """The rows, in pieces, as long as their keys are welcome; rows without a key go along."""
        key, item_key = self._page.key, self._file.item_key
        while self._ready():
            buffer, safe, begun = self._buffer, self._safe, self._at
            while self._at < safe:
                end = self._next()
                said = key.search(buffer, self._at, end)
                if said is not None and not each(item_key(said.group(1), said.group(2))):
                    if self._at > begun:
                        yield buffer[begun : self._at]
                    return
                self._at = end
            yield buffer[begun:safe]


class Sliced:
    """A workbook opened for reading in slices.

    Args:
        order: place of every item's code in the items' sheet.
        unknown: headings of no column of the layout.

    Raises:
        WorkbookRefused: no workbook, with macros, a password, formulas, or headings that cannot be told.
        NotInSlices: it has to be read whole.
    """

    def __init__(self, path: Path, mapping: Mapping[str, SheetMapping] | None = None) -> None:
        screening.screen(path, formulas=False)
        self.path, self.mapping = path, mapping or {}
        self.packed = zipfile.ZipFile(path)
        self.strings = self._strings()
        self.order: dict[str, int] = {}
        self._kept = {i.filename: self.packed.read(i) for i in self.packed.infolist() if KEPT.match(i.filename)}
        self.pages = self._pages()
        self.unknown = [(p.name, p.head.heads.said[at]) for p in self.pages for at in p.head.heads.unknown]
        try:
            self._survey()
        except zipfile.BadZipFile as fault:
            raise WorkbookRefused([f"文件“{path.name}”已损坏，打不开。{screening.SAVE_AS}"]) from fault

    def again(self) -> "Sliced":
        """The same with a file handle of its own, for another process."""
        self.packed = zipfile.ZipFile(self.path)
        return self

    def item_key(self, kind: bytes, said: bytes) -> str:
        """The code a cell says, as the reader has it."""
        if kind == b"<v>" and self.strings:
            inner = self.strings[int(said)] if said.isdigit() and int(said) < len(self.strings) else b""
            said = re.sub(rb"<[^>]*>", b"", inner)
        text = said.decode()
        if "&" in text:
            text = unescape(text)
        return text if len(text) == reading.CODE_LENGTH and text.isascii() else cells.folded(text)

    def slices(self, share: int = 0, of: int = 1) -> Iterator[tuple[int, Book]]:
        """Every slice of a share (every so-manieth), with its number; the others are passed over."""
        leads = self._chain(ITEMS.name)
        below = {name: self._chain(name) for name in dict.fromkeys(p.sheet for p in self.pages) if name != ITEMS.name}
        number = 0
        while True:
            codes: list[str] = []

            def one_more(code: str, codes: list[str] = codes) -> bool:
                if len(codes) >= ITEMS_A_SLICE:
                    return False
                codes.append(code)
                return True

            rows = {ITEMS.name: leads.take(one_more)}
            if not rows[ITEMS.name]:
                break
            new = [self.order[code] for code in codes]
            limit = max(new, default=-1)
            rows |= {name: chain.take(lambda code: self.order.get(code, -1) <= limit) for name, chain in below.items()}
            if number % of == share:
                yield number, self._book(rows)
            number += 1
        if number % of == share:
            rest = {name: chain.take(lambda code: True) for name, chain in below.items()}
            if any(rest.values()):
                yield number, self._book(rest)  # rows that belong to no item

    def _chain(self, sheet: str) -> "Chain":
        return Chain(self, [p for p in self.pages if p.sheet == sheet])

    def _book(self, rows: Mapping[str, list[tuple[Page, bytes]]]) -> Book:
        packed = [one for pieces in rows.values() for one in pieces]
        source = self._small({page.part: self._with_edges(page, piece) for page, piece in packed})
        parts: dict[str, list[Part]] = {ITEMS.name: []}
        for page, piece in packed:
            sheet = source.get_sheet_by_name(page.name)
            table = sheet.to_python(skip_empty_area=True)[1:]
            start = (sheet.start or (0, 0))[1]
            if surplus := page.head.shift - start:
                table = [row[surplus:] for row in table]
            said = NUMBER.match(piece)
            if said is None:
                raise NotInSlices
            parts.setdefault(page.sheet, []).append(
                Slice(page.name, page.head.source, page.head.heads, page.head.values, table, int(said.group(1)), page.head.shift)
            )  # fmt: skip
        return Book(parts)

    def earlier(self, book: Book) -> set[str]:
        """Codes of a slice that already stood in an earlier one."""
        codes: dict[str, int] = {}
        for part in book.parts[ITEMS.name]:
            at = part.heads.at[KEY]
            for _, row in part.rows():
                if isinstance(row[at], str):
                    code = cells.folded(row[at])
                    codes.setdefault(code, self.order.get(code, -1))
        first = min((p for p in codes.values() if p >= 0), default=0)
        new = sorted(p for p in codes.values() if p >= 0)
        # what is new in a slice is counted on without a gap up to its last code
        while new and first < new[-1] - len(new) + 1:
            new.pop(0)
            first = new[0] if new else 0
        return {code for code, place in codes.items() if 0 <= place < first}

    def _with_edges(self, page: Page, piece: bytes) -> bytes:
        """A sheet of these rows, below a row that reaches from the first heading to the last, so that columns stay."""
        said = NUMBER.match(piece)
        if said is None:
            raise NotInSlices
        above = int(said.group(1)) - 1
        first, last = (letter(page.head.shift + n) for n in (0, len(page.head.heads.said) - 1))
        edge = "".join(f'<c r="{at}{above}" t="inlineStr"><is><t>-</t></is></c>' for at in dict.fromkeys((first, last)))
        if self.strings:
            piece = SHARED.sub(self._inline, piece)
        return (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + f'<row r="{above}">{edge}</row>'.encode() + piece + b"</sheetData></worksheet>"
        )  # fmt: skip

    def _inline(self, said: re.Match[bytes]) -> bytes:
        at = int(said.group(3))
        inner = self.strings[at] if at < len(self.strings) else b""
        return said.group(1) + b't="inlineStr"' + said.group(2) + b"><is>" + inner + b"</is>"

    def _small(self, sheets: Mapping[str, bytes]) -> CalamineWorkbook:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
            for name, said in {**self._kept, **sheets}.items():
                packed.writestr(name, said)
        out.seek(0)
        return CalamineWorkbook.from_filelike(out)

    def _strings(self) -> list[bytes]:
        """The shared texts, as they are written; cells refer to them by number."""
        if STRINGS not in self.packed.namelist():
            return []
        return [said.group(1) or b"" for said in ENTRIES.finditer(self.packed.read(STRINGS))]

    def _pages(self) -> list[Page]:
        """The sheets of the layout with their headings."""
        found: list[Page] = []
        parts = {name: part for part, name in screening.sheets_of(self.packed)}
        try:
            names = self._small({}).sheet_names
        except CalamineError as fault:
            raise WorkbookRefused([reading.NO_WORKBOOK]) from fault
        for name in names:
            how = self.mapping.get(name)
            known = BY_NAME.get(how.sheet if how else reading.CONTINUATION.sub("", name.strip()))
            if known is None:
                continue
            if name not in parts:
                raise NotInSlices
            sheet = self._small({parts[name]: self._top(parts[name])}).get_sheet_by_name(name)
            if not headings.first_row(sheet)[1]:
                continue
            head = headings.part_of(known, name, sheet, how)
            if (at := head.heads.at.get(KEY)) is None:
                raise NotInSlices
            column = letter(head.shift + at).encode()
            key = re.compile(rb'<c r="' + column + rb'\d+"[^>]*>(<is><t[^>]*>|<v>)([^<]*)<')
            found.append(Page(name, parts[name], head, known.name, key))
        if not any(page.sheet == ITEMS.name for page in found):
            raise WorkbookRefused(
                [f"文件里没有“{ITEMS.name}”表，或者表是空的。请从系统下载表格模板，或者导出一份后再填。"]
            )
        return found

    def _top(self, part: str) -> bytes:
        """The first rows of a sheet as a sheet of its own."""
        said = b""
        with self.packed.open(part) as stream:
            while said.count(b"</row>") < HEAD_ROWS and ENDED not in said and (piece := stream.read(PIECE)):
                said += piece
        if ENDED in said or b"<sheetData" not in said:
            whole = said
        else:
            whole = said[: said.rfind(b"</row>") + 6] + b"</sheetData></worksheet>"
        if self.strings:
            whole = SHARED.sub(self._inline, whole)
        return whole

    def _survey(self) -> None:
        """Read over all rows once: their order, and whether there are formulas."""
        for page in sorted(self.pages, key=lambda p: p.sheet != ITEMS.name):
            last, order, leads, out = -1, self.order, page.sheet == ITEMS.name, False

            def note(code: str) -> bool:
                nonlocal last, out
                if leads:
                    order.setdefault(code, len(order))
                    return True
                place = order.get(code, last)
                out = out or place < last
                last = place
                return True

            for piece in Rows(self, page).walk(note):
                if b"<f" in piece and FORMULA.search(piece):
                    screening.screen(self.path)  # refuses, and names the cells
                    raise NotInSlices
            if out:
                raise NotInSlices


class Chain:
    """A sheet and its continuations, taken up row after row."""

    def __init__(self, file: Sliced, pages: list[Page]) -> None:
        self._left = [(page, Rows(file, page)) for page in pages]

    def take(self, each: Callable[[str], bool]) -> list[tuple[Page, bytes]]:
        """The next rows as long as their keys are welcome, sheet by sheet."""
        found: list[tuple[Page, bytes]] = []
        while self._left:
            page, rows = self._left[0]
            refused = False

            def welcome(code: str) -> bool:
                nonlocal refused
                refused = not each(code)
                return not refused

            if pieces := b"".join(rows.walk(welcome)):
                found.append((page, pieces))
            if refused:
                break
            self._left.pop(0)
        return found
