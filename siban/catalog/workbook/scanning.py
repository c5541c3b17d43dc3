"""The sheets of a workbook read over as text: where rows begin, whose they are, what single cells say. No database, no clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import screening
from .headings import Part
from .sheets import ITEMS

if TYPE_CHECKING:
    from .slicing import Sliced

PIECE = 1 << 18
ROW, ENDED = b"<row ", b"</sheetData>"
NUMBER = re.compile(rb'<row\s[^>]*?\br="(\d+)"')
FORMULA = re.compile(rb"<f[\s>/]")


class NotInSlices(Exception):
    """The workbook has to be read whole."""


@dataclass(slots=True)
class Page:
    """One sheet of the file: where it is packed, its headings, how the key of a row is found."""

    name: str
    part: str
    head: Part
    sheet: str
    key: re.Pattern[bytes]
    size: int


class Scan:
    """One page read over once: where its rows begin in the unpacked text, and whose they are."""

    def __init__(self, file: "Sliced", page: Page) -> None:
        self._file, self._page = file, page
        self.begins = self.ends = 0

    def windows(self) -> Iterator[tuple[int, bytes, int, int]]:
        """(where the text begins, text, first row, end of the last whole row), again and again."""
        buffer, before, in_head = b"", 0, True
        with self._file.packed.open(self._page.part) as stream:
            while True:
                piece = stream.read(PIECE)
                buffer += piece
                end = buffer.find(ENDED, max(0, len(buffer) - len(piece) - len(ENDED)))
                safe = max(end, 0) if end >= 0 or not piece else max(buffer.rfind(ROW), 0)
                at = buffer.find(ROW, 0, safe)
                if at >= 0 and in_head:
                    at, in_head = self._below_head(buffer, at, safe)
                    self.begins = before + at
                if at >= 0 and not in_head:
                    yield before, buffer, at, safe
                self.ends = before + safe
                if end >= 0 or not piece:
                    if in_head:
                        self.begins = self.ends
                    return
                buffer, before = buffer[safe:], before + safe

    def _below_head(self, buffer: bytes, at: int, safe: int) -> tuple[int, bool]:
        """The first row below the headings; (end of the text, True) while there is none."""
        while at < safe:
            said = NUMBER.match(buffer, at, safe)
            if said is None:
                raise NotInSlices
            if int(said.group(1)) > self._page.head.heads.row:
                return at, False
            after = buffer.find(ROW, at + len(ROW), safe)
            at = after if after >= 0 else safe
        return safe, True

    def codes(self, also: re.Pattern[bytes] | None = None) -> Iterator[tuple[int, str]]:
        """(where the row begins, code) of every row whose code is not that of the row above; formulas are refused.

        Args:
            also: a further cell of each row; what it says is collected in the file's `said`.
        """
        search, item_key = self._page.key.search, self._file.item_key
        last = b""
        for before, buffer, at, safe in self.windows():
            if b"<f" in buffer and FORMULA.search(buffer, at, safe):
                screening.screen(self._file.path)  # refuses, and names the cells
                raise NotInSlices
            find = buffer.find
            while at < safe:
                after = find(ROW, at + 5, safe)
                if after < 0:
                    after = safe
                if (said := search(buffer, at, after)) is not None:
                    if (key := said.group(2)) != last:
                        last = key
                        yield before + at, item_key(said.group(1), key)
                    elif self._page.sheet == ITEMS.name:
                        self._file.again.add(item_key(said.group(1), key))
                if also is not None and (other := also.search(buffer, at, after)) is not None:
                    self._file.said.add(other.groups())
                at = after


def cell_in(column: str) -> re.Pattern[bytes]:
    """The cell of a column in a row as it is written: how it says its value, and the value."""
    return re.compile(rb'<c r="' + column.encode() + rb'\d+"[^>]*>(<is><t[^>]*>|<v>)([^<]*)<')
