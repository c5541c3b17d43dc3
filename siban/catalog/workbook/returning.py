"""Giving back what could not be taken: the rows as they were, in the same layout, each faulty cell marked and explained."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from .cells import LONGEST
from .headings import Part
from .layout import ECHO, KEY
from .places import Fault
from .plans import Row
from .sheets import BY_NAME, SHEETS
from .writing import DANGEROUS, PLAIN, Writer

Rows = Mapping[str, Sequence[tuple[int, Row, Part]]]
NOTE = 400  # characters of an explanation on a cell


def give_back(out: Path | IO[bytes], refused: Iterable[tuple[Rows, Sequence[Fault]]]) -> int:
    """Write the rows of what was refused; returns how many items or loose rows those are.

    Args:
        refused: for each item its rows on all sheets and what is wrong in them.
    """
    with xlsxwriter.Workbook(out, PLAIN) as book:
        writer = Writer(book)
        marked = book.add_format(
            {"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": "#F9D6D2", "border": 2, "border_color": "#B3261E"}
        )  # fmt: skip
        count = 0
        for rows, faults in refused:
            count += 1
            _item(writer, marked, rows, faults)
    return count


def _item(writer: Writer, marked: Any, rows: Rows, faults: Sequence[Fault]) -> None:
    wrong: dict[tuple[str, int, str], list[str]] = {}
    for fault in faults:
        wrong.setdefault((fault.place.sheet, fault.place.row, fault.place.title), []).append(fault.rule)
    for sheet in SHEETS:
        for number, row, part in rows.get(sheet.name, ()):
            paper = writer.paper(sheet)
            line, page = paper.row, paper.page
            paper.row += 1
            for at, title in enumerate(sheet.titles):
                place = part.heads.at.get(title)
                value = row[place] if place is not None else ""
                said = (
                    wrong.get((part.name, number, part.heads.said[place].strip("*＊ "))) if place is not None else None
                )
                _cell(
                    page,
                    line,
                    at,
                    value,
                    marked if said else writer.grey if title == ECHO else writer.body,
                    writer.quoted,
                )
                if said:
                    page.write_comment(line, at, "；".join(said)[:NOTE], {"author": "", "x_scale": 2, "y_scale": 1.5})


def _cell(page: Any, line: int, at: int, value: Any, form: Any, quoted: Any) -> None:
    """A raw value as it was; an empty cell keeps its mark."""
    if value == "":
        page.write_blank(line, at, None, form)
    elif isinstance(value, bool):
        page.write_string(line, at, "是" if value else "否", form)
    elif isinstance(value, int | float):
        page.write_number(line, at, value, form)
    elif isinstance(value, datetime | date | time | timedelta):
        page.write_string(line, at, str(value), form)
    else:
        words = str(value)[:LONGEST]
        page.write_string(line, at, words, quoted if words.startswith(DANGEROUS) else form)


assert KEY in BY_NAME["事项"].titles
