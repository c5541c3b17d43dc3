"""How a workbook of another layout is read: what is proposed for its headings and codes, and how it is known again. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from . import cells, headings
from .headings import SheetMapping, WorkbookRefused, spelled, worded
from .layout import ECHO, KEY, Column, Kind, Sheet
from .reading import NO_WORKBOOK
from .sheets import BY_NAME, CODES_SHEET, NOTES_SHEET, SHEETS
from .synonyms import NATIONAL_AND_OTHERS, SHEET_SYNONYMS, SYNONYMS

SAMPLED = 2000  # rows looked at for samples and values
SAMPLES = 3
MOST_VALUES = 20
ENOUGH = 0.62  # from this likeness on a column is proposed
MOST_SHEETS = 20


@dataclass(slots=True)
class Foreign:
    """A column of another layout.

    Args:
        at: its place in the row.
        heading: as written.
        samples: a few of its values.
        values: all different values, when they are few.
    """

    at: int
    heading: str
    samples: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    raw: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class ForeignSheet:
    """A sheet of another layout with its columns."""

    name: str
    columns: list[Foreign]


def _book(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as fault:
        raise WorkbookRefused([NO_WORKBOOK]) from fault


def signature_of(path: Path) -> str:
    """What a layout is known by: its sheets with their headings, in any order of columns."""
    book, said = _book(path), []
    for name in book.sheet_names[: MOST_SHEETS * 2]:
        _, heads = headings.first_row(book.get_sheet_by_name(name))
        said.append(f"{name}:{'|'.join(sorted(spelled(h) for h in heads if h))}")
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def sheets_of(kept: Mapping[str, Any]) -> dict[str, SheetMapping]:
    """A kept mapping as the reader takes it."""
    return {name: SheetMapping(how["sheet"], how["columns"], how["values"]) for name, how in kept.items()}


def foreign_sheets(path: Path) -> list[ForeignSheet]:
    """The sheets of a workbook with samples of their columns."""
    book, found = _book(path), []
    for name in book.sheet_names[:MOST_SHEETS]:
        if name in (NOTES_SHEET, CODES_SHEET):
            continue
        source = book.get_sheet_by_name(name)
        number, heads = headings.first_row(source)
        columns = [Foreign(at, heading.strip()) for at, heading in enumerate(heads) if heading.strip()]
        if not columns:
            continue
        for row in islice(source.iter_rows(), number, number + SAMPLED):
            for column in columns:
                value = row[column.at]
                if value == "" or len(column.values) > MOST_VALUES:
                    continue
                if (said := worded(value)) and said not in column.values:
                    column.values.append(said)
                    column.raw.append(value)
        for column in columns:
            column.samples = [cells.shown(v) for v in column.values[:SAMPLES]]
        found.append(ForeignSheet(name, columns))
    return found


def likeness(one: str, other: str) -> float:
    """How alike two names are: 1 for the same, 0 for nothing in common."""
    one, other = spelled(one), spelled(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other).ratio()
    shorter, longer = sorted((one, other), key=len)
    return max(ratio, 0.55 + 0.4 * len(shorter) / len(longer)) if len(shorter) >= 2 and shorter in longer else ratio


def named(title: str, heading: str, synonyms: Mapping[str, Sequence[str]] = SYNONYMS) -> float:
    """How well a heading names a title of the layout, by any of its names."""
    own = likeness(title, heading)
    return max(own, *(0.98 * likeness(other, heading) for other in synonyms.get(title, ())), 0.0)


def understood(column: Column, values: Sequence[Any]) -> float:
    """Which share of the values the column's reader understands."""
    if not values:
        return 0.0
    read, sound = cells.reader(column), 0
    for value in values:
        try:
            read(value)
            sound += 1
        except cells.Unreadable:
            pass
    return sound / len(values)


def fitting(title: str, sheet: Sheet, column: Foreign) -> float:
    """How likely a column is what a title of the layout says: by name, and by what stands in it."""
    score = named(title, column.heading)
    if title == KEY:
        codes = [v for v in column.values if len(v) == 31 and v.isascii()]
        return score + (0.4 if column.values and len(codes) == len(column.values) else -0.3 if column.values else 0)
    known = next((c for c in sheet.columns if c.title == title), None)
    if known and column.raw and known.kind in (Kind.CODE, Kind.FLAG, Kind.CODES, Kind.NUMBER, Kind.DECIMAL, Kind.DAY):
        share = understood(known, column.raw)
        score += 0.1 * share if share > 0.8 else -0.15 if share < 0.3 else 0
    return score


def proposed_sheet(sheet: ForeignSheet) -> str:
    """The sheet of the layout a sheet most likely stands for; empty for none."""
    best, found = 0.0, ""
    for known in SHEETS:
        name = named(known.name, sheet.name, SHEET_SYNONYMS)
        heads = [max((named(t, c.heading) for t in known.titles if t != ECHO), default=0.0) for c in sheet.columns]
        share = sum(1 for h in heads if h >= ENOUGH) / len(heads)
        score = 0.5 * name + share
        if score > best:
            best, found = score, known.name
    return found if best >= 0.5 else ""


def proposed_columns(sheet: Sheet, foreign: ForeignSheet) -> dict[int, str]:
    """`{place of the column: title}`: each title once, the likeliest first."""
    pairs = sorted(
        (
            (score, -column.at, title)
            for column in foreign.columns
            for title in sheet.titles
            if title != ECHO and (score := fitting(title, sheet, column)) >= ENOUGH
        ),
        reverse=True,
    )
    found: dict[int, str] = {}
    for _, at, title in pairs:
        if -at not in found and title not in found.values():
            found[-at] = title
    return found


def choices_of(sheet: Sheet, title: str) -> list[str]:
    """The words a drop-down column may say; none for other columns."""
    column = next((c for c in sheet.columns if c.title == title), None)
    if column is None or column.codes is None or column.locked:
        return []
    return [str(words) for words in column.codes.words.values()]


def values_of(sheet: Sheet, title: str, column: Foreign) -> list[str]:
    """The different values of a column that a drop-down's words are looked for; several in one cell are taken apart."""
    known = next(c for c in sheet.columns if c.title == title)
    values = [part for raw in column.raw for part in headings.several(raw)] if known.several else column.values
    return list(dict.fromkeys(values))[:MOST_VALUES]


def proposed_value(sheet: Sheet, title: str, value: str) -> str:
    """The word of the layout a value of another system most likely means; empty when that is not clear."""
    column = next(c for c in sheet.columns if c.title == title)
    assert column.codes is not None
    try:
        if value not in NATIONAL_AND_OTHERS.get(title, {}):
            return str(column.codes.shown(cells.code_reader(column)(value)))
    except cells.Unreadable:
        pass
    if word := NATIONAL_AND_OTHERS.get(title, {}).get(value):
        return word
    best = max(column.codes.words.values(), key=lambda words: likeness(str(words), value))
    return str(best) if likeness(str(best), value) >= 0.5 else ""


def faults_of(mapped: Mapping[str, Any]) -> list[str]:
    """Why a mapping cannot be used yet."""
    found = []
    if "事项" not in {how["sheet"] for how in mapped.values()}:
        found.append("请至少指定一张表作为“事项”表。")
    for name, how in mapped.items():
        sheet, titles = BY_NAME[how["sheet"]], list(how["columns"].values())
        for title in (KEY, *([sheet.parent_title] if sheet.parent else ())):
            if title not in titles:
                found.append(f"“{name}”表里请指定哪一列是“{title}”。")
        found += [
            f"“{name}”表里有两列都指定为“{t}”，请只留一列。"
            for t in sorted({t for t in titles if titles.count(t) > 1})
        ]
    return found
