"""Where an element stands in a workbook, and the sentence of a fault at a place. Pure."""

import re
from dataclasses import dataclass, field
from typing import Any

from .cells import shown
from .layout import KEY, Sheet
from .sheets import BY_NAME, ITEMS, SHEETS

STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
LISTS = {sheet.path: sheet for sheet in SHEETS if sheet.path and not sheet.parent}
NESTED = {sheet.path: sheet for sheet in SHEETS if sheet.parent}


def letter(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    said = ""
    column += 1
    while column:
        column, at = divmod(column - 1, 26)
        said = chr(65 + at) + said
    return said


@dataclass(frozen=True, slots=True)
class Place:
    """A cell.

    Args:
        sheet: name of the sheet.
        row: as the spreadsheet program counts, from 1.
        column: from 1.
        title: heading of the column.
    """

    sheet: str
    row: int
    column: int
    title: str

    @property
    def letter(self) -> str:
        return letter(self.column - 1)

    def __str__(self) -> str:
        return f"“{self.sheet}”表第 {self.row} 行 {self.letter} 列“{self.title}”"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place: what stands there and the rule it breaks, as a clause."""

    place: Place
    value: Any
    rule: str

    def __str__(self) -> str:
        said = shown(self.value)
        return f"{self.place}{f'填的是“{said}”' if said else '是空的'}：{self.rule}。"


@dataclass(slots=True)
class Places:
    """The places of one item's elements.

    Args:
        item: row number and part of the row on the items' sheet.
        lists: `{path of a list: [(row number, part)]}`.
        nested: `{sheet name: {index of the parent row: [(row number, part)]}}`.
    """

    item: tuple[int, Any]
    lists: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    nested: dict[str, dict[int, list[tuple[int, Any]]]] = field(default_factory=dict)

    def locate(self, path: str) -> Place:
        """Where an element stands; the item's own row for what has no column of its own."""
        steps = [(name, int(at) if at else None) for name, at in STEP.findall(path)]
        for length in range(min(2, len(steps)), 0, -1):
            head = ".".join(name for name, _ in steps[:length])
            if head in LISTS:
                return self._in_list(LISTS[head], steps[length - 1][1], steps[length:])
        return self._cell(ITEMS, self.item, ".".join(name for name, _ in steps))

    def _in_list(self, sheet: Sheet, at: int | None, steps: list[tuple[str, int | None]]) -> Place:
        rows = self.lists.get(sheet.path) or []
        if not rows or (at or 0) >= len(rows):
            return self._cell(ITEMS, self.item, sheet.path)
        row = rows[at or 0]
        if steps and steps[0][0] in NESTED:
            below = NESTED[steps[0][0]]
            if below.parent == sheet.name:
                under = self.nested.get(below.name, {}).get(at or 0) or []
                place = steps[0][1] or 0
                if place < len(under):
                    return self._cell(below, under[place], ".".join(name for name, _ in steps[1:]))
        return self._cell(sheet, row, ".".join(name for name, _ in steps))

    @staticmethod
    def _cell(sheet: Sheet, row: tuple[int, Any], path: str) -> Place:
        number, part = row
        column = sheet.by_path.get(path)
        if column is None and path:
            column = next((c for c in sheet.columns if c.path.startswith(f"{path}.")), None)
        title = column.title if column and column.title in part.heads.at else KEY
        place: Place = part.place(number, part.heads.at[title])
        return place


assert set(BY_NAME) >= {sheet.parent for sheet in NESTED.values()}
