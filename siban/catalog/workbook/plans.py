"""How a row becomes a struct: the readers of its columns, fast for what is sound and careful for what is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import cells
from .cells import Unreadable
from .headings import Heads, Part
from .layout import Kind, Sheet
from .places import Fault

Row = Sequence[Any]
NOTHING: tuple[Any, ...] = (None, "")
MISSING = "这一格必须填写"


@dataclass(slots=True)
class Plan:
    """How the rows of one sheet become structs: the readers of its columns, by what they read."""

    sheet: Sheet
    defaults: dict[str, Any]
    several: tuple[str, ...]
    words: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str, Callable[[Any], Any]], ...]
    needed: tuple[str, ...]
    columns: dict[str, int]
    parent_at: int = -1

    def struct(self, row: Row) -> dict[str, Any]:
        """The struct of a row. Raises Unreadable or anything else on a faulty cell."""
        made = self.defaults.copy()
        for name in self.several:
            made[name] = []
        for at, name in self.words:
            value = row[at]
            if value.__class__ is str:
                if value:
                    if said := value.strip():
                        made[name] = said
            else:
                made[name] = cells.text(value)
        for at, name, read in self.others:
            value = row[at]
            if value != "":
                made[name] = read(value)
        for name in self.needed:
            if made[name] in NOTHING:
                raise Unreadable(MISSING)
        return made

    def careful(self, row: Row, number: int, part: Part) -> tuple[dict[str, Any], list[Fault]]:
        """The struct of a row with each faulty cell told and left empty."""
        made, faults = self.defaults.copy(), []
        made.update({name: [] for name in self.several})
        readers = [*((at, name, cells.text) for at, name in self.words), *self.others]
        for at, name, read in readers:
            value = row[at]
            if value == "" or (isinstance(value, str) and not value.strip()):
                continue
            try:
                made[name] = read(value)
            except Unreadable as why:
                faults.append(part.fault(number, at, value, str(why)))
        told = {fault.place.column for fault in faults}
        for name in self.needed:
            place = part.place(number, self.columns[name])
            if made[name] in NOTHING and place.column not in told:
                faults.append(Fault(place, row[self.columns[name]], MISSING))
        return made, faults


def planned(sheet: Sheet, heads: Heads) -> Plan:
    """The plan for a sheet with these headings."""
    defaults, several, words, others, columns = {}, [], [], [], {}
    for column in sheet.columns:
        if column.several:
            several.append(column.path)
        else:
            defaults[column.path] = column.empty
        at = heads.at.get(column.title)
        if at is None:
            continue
        columns[column.path] = at
        if column.kind is Kind.TEXT:
            words.append((at, column.path))
        else:
            others.append((at, column.path, cells.reader(column)))
    needed = tuple(column.path for column in sheet.columns if column.required and column.path in columns)
    return Plan(
        sheet, defaults, tuple(several), tuple(words), tuple(others), needed, columns,
        heads.at[sheet.parent_title] if sheet.parent else -1,
    )  # fmt: skip
