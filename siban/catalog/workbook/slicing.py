"""A workbook of any size read in slices of some hundred items, so that memory stays as it is and several processes can share it.

The rows of a slice are cut out of the sheets as they are written (a sheet is text, its rows stand one after another) and
packed as a small workbook, which the spreadsheet library then reads. A workbook whose sheets are not in the order of the
items, or that is written in another way, cannot be cut (`NotInSlices`); it is read whole. No database, no clock.
"""

import io
import multiprocessing
import os
import re
import zipfile
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from . import cells, headings, reading, screening
from .headings import Part, SheetMapping, WorkbookRefused
from .layout import KEY
from .places import letter
from .reading import Book
from .scanning import ENDED, NUMBER, PIECE, NotInSlices, Page, Scan, cell_in
from .sheets import BY_NAME, ITEMS

ITEMS_A_SLICE = 200
MOST_WORKERS = 4
WORTH_TWO = 16 * 2**20  # bytes unpacked; below it starting a second process takes longer than it saves
HEAD_ROWS = 60  # among which the headings must be
NOTED = "上级事项标识"
SHARED = re.compile(rb'(<c\s[^>]*?)\bt="s"([^>]*)><v>(\d+)</v>')
ENTRIES = re.compile(rb"<si(?:\s[^>]*)?>(.*?)</si>|<si\s*/>", re.DOTALL)
KEPT = re.compile(
    r"(\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml)$"
)
STRINGS = "xl/sharedStrings.xml"


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


class Sliced:
    """A workbook opened for reading in slices.

    Args:
        workers: how many processes are worth it; one for a small file.
        order: place of every item's code in the items' sheet.
        unknown: headings of no column of the layout.

    Raises:
        WorkbookRefused: no workbook, with macros, a password, formulas, or headings that cannot be told.
        NotInSlices: it has to be read whole.
    """

    def __init__(
        self, path: Path, mapping: Mapping[str, SheetMapping] | None = None, workers: int | None = None
    ) -> None:
        screening.screen(path, formulas=False)
        self.path, self.mapping = path, mapping or {}
        self.workers = workers or min(len(os.sched_getaffinity(0)), MOST_WORKERS)
        self.packed = zipfile.ZipFile(path)
        self.is_large = sum(info.file_size for info in self.packed.infolist()) >= WORTH_TWO
        if not self.is_large:
            self.workers = 1
        self.strings = self._strings()
        self.order: dict[str, int] = {}
        self.bounds: dict[str, list[int]] = {}
        self.repeated: dict[int, set[str]] = {}
        self.again: set[str] = set()  # codes that stand twice on the items' sheet
        self.said: set[tuple[bytes, ...]] = set()  # what the cells of `NOTED` say, each once
        self.ends: list[int] = []  # of each slice, how many items stand before its end
        self._kept = {i.filename: self.packed.read(i) for i in self.packed.infolist() if KEPT.match(i.filename)}
        self.pages = self._pages()
        self.unknown = [(p.name, p.head.heads.said[at]) for p in self.pages for at in p.head.heads.unknown]
        try:
            self._survey()
        except zipfile.BadZipFile as fault:
            raise WorkbookRefused([f"文件“{path.name}”已损坏，打不开。{screening.SAVE_AS}"]) from fault

    def reopen(self) -> None:
        """Take a file handle of one's own, as another process must."""
        self.packed = zipfile.ZipFile(self.path)

    def item_key(self, kind: bytes, said: bytes) -> str:
        """The code a cell says, as the reader has it."""
        text = self.words(kind, said)
        return text if len(text) == reading.CODE_LENGTH and text.isascii() else cells.folded(text)

    def words(self, kind: bytes, said: bytes) -> str:
        """What a cell says."""
        if kind == b"<v>" and self.strings:
            inner = self.strings[int(said)] if said.isdigit() and int(said) < len(self.strings) else b""
            said = re.sub(rb"<[^>]*>", b"", inner)
        text = said.decode()
        return unescape(text) if "&" in text else text

    def slices(
        self, share: int = 0, of: int = 1, only: Container[int] | None = None
    ) -> Iterator[tuple[int, Book, frozenset[str]]]:
        """Every slice of a share (every so-manieth): its number, its rows, the codes that stood in an earlier one."""
        streams = [(page, self.packed.open(page.part)) for page in self.pages]
        places = dict.fromkeys(self.bounds, 0)
        count = max(len(found) for found in self.bounds.values()) - 1
        for number in range(share, count, of):
            if only is not None and number not in only:
                continue
            rows = []
            for page, stream in streams:
                begin, end = self.bounds[page.name][number : number + 2]
                if end > begin:
                    _pass_over(stream, begin - places[page.name])
                    rows.append((page, stream.read(end - begin)))
                    places[page.name] = end
            if rows:
                yield number, self._book(rows), frozenset(self.repeated.get(number, ()))

    def _book(self, packed: list[tuple[Page, bytes]]) -> Book:
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
        return Book(parts, self.again)

    def _with_edges(self, page: Page, piece: bytes) -> bytes:
        """A sheet of these rows, below a row that reaches from the first heading to the last, so that columns stay."""
        said = NUMBER.match(piece)
        if said is None:
            raise NotInSlices
        above = int(said.group(1)) - 1
        first, last = (letter(page.head.shift + n) for n in (0, len(page.head.heads.said) - 1))
        edge = "".join(
            f'<c r="{at}{above}" t="inlineStr"><is><t>-</t></is></c>' for at in dict.fromkeys((first, last))
        )
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
            key = cell_in(letter(head.shift + at))
            found.append(Page(name, parts[name], head, known.name, key, self.packed.getinfo(parts[name]).file_size))
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
        """Read over all rows once: their order, whether there are formulas, and where each slice begins on each page."""
        limits: list[int] = []  # of each slice, how many items stand before it
        for page in (p for p in self.pages if p.sheet == ITEMS.name):
            scan, starts, skipped = Scan(self, page), list[int](), len(limits)
            noted = page.head.heads.at.get(NOTED)
            also = None if noted is None else cell_in(letter(page.head.shift + noted))
            for rows, (at, code) in enumerate(scan.codes(also)):
                if rows % ITEMS_A_SLICE == 0:
                    limits.append(len(self.order))
                    starts.append(at)
                if (place := self.order.setdefault(code, len(self.order))) < limits[-1]:
                    self.repeated.setdefault(len(limits) - 1, set()).add(code)
                if place != len(self.order) - 1:
                    self.again.add(code)
            if not starts:
                limits.append(len(self.order))
            starts[:1] = [scan.begins]  # rows without a code go along
            self.bounds[page.name] = [*[scan.begins] * skipped, *starts, scan.ends]
        limits = self.ends = [*limits[1:], len(self.order)]  # from here on: one past the last
        for page in (p for p in self.pages if p.sheet == ITEMS.name):
            _padded(self.bounds[page.name], len(limits))
        below = [p for p in self.pages if p.sheet != ITEMS.name]
        for found in shared(self._all_bounds, below, limits, workers=self.workers, reopen=self.reopen):
            self.bounds |= found

    def _all_bounds(self, pages: list[Page], limits: list[int]) -> dict[str, list[int]]:
        return {page.name: self._bounds_of(page, limits) for page in pages}

    def _bounds_of(self, page: Page, limits: list[int]) -> list[int]:
        """Where the rows of each slice begin. Raises NotInSlices when they are not in the order of the items."""
        scan, bounds, last, number = Scan(self, page), list[int](), 0, 0
        get = self.order.get
        for at, code in scan.codes():
            if (place := get(code, last)) < last:
                raise NotInSlices
            last = place
            while number < len(limits) - 1 and place >= limits[number]:
                bounds.append(at)
                number += 1
        bounds = [scan.begins, *bounds, scan.ends]
        _padded(bounds, len(limits))
        return bounds


def shared(
    work: Callable[[list[Page], list[int]], dict[str, list[int]]],
    pages: list[Page],
    limits: list[int],
    *,
    workers: int,
    reopen: Callable[[], None],
) -> Iterator[dict[str, list[int]]]:
    """The pages read over by several processes, the largest first to each; a page that does not fit ends it all."""
    if workers < 2 or len(pages) < 2:
        yield work(pages, limits)
        return
    ways = multiprocessing.get_context("fork")

    def one(part: list[Page], out: Connection) -> None:
        try:
            reopen()
            out.send(work(part, limits))
        except (NotInSlices, WorkbookRefused, zipfile.BadZipFile) as fault:
            out.send(fault)

    loads: list[tuple[int, list[Page]]] = [(0, []) for _ in range(workers)]
    for page in sorted(pages, key=lambda p: -p.size):
        loads.sort(key=lambda load: load[0])
        loads[0] = (loads[0][0] + page.size, [*loads[0][1], page])
    running = []
    for _, part in loads:
        ours, theirs = ways.Pipe(duplex=False)
        process = ways.Process(target=one, args=(part, theirs), daemon=True)
        process.start()
        theirs.close()
        running.append((process, ours))
    for process, ours in running:
        try:
            answer = ours.recv()
        except EOFError:
            raise WorkbookRefused(["读取表格的一个进程意外中断。请确认内存够用，再检查一次。"]) from None
        process.join()
        if isinstance(answer, Exception):
            raise answer
        yield answer


def _padded(bounds: list[int], slices: int) -> None:
    """Slices after the last row of a page are empty."""
    bounds += [bounds[-1]] * (slices + 1 - len(bounds))


def _pass_over(stream: IO[bytes], count: int) -> None:
    while count > 0 and (piece := stream.read(min(count, PIECE))):
        count -= len(piece)
