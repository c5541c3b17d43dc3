"""Random contents in the shape of the layout, and workbooks made by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st

from siban.catalog.workbook import writing
from siban.catalog.workbook.assembling import HOLDERS
from siban.catalog.workbook.layout import Column, Kind, Sheet
from siban.catalog.workbook.sheets import BY_NAME, FIELDS, ITEMS, MATERIALS, OPEN, OPTIONS, QUESTIONS, SHEETS

WORDS = st.text(
    st.one_of(st.sampled_from("=+-@'\"<>&_x0041_　，。；\n 事项材料办理"), st.characters(exclude_categories=("C", "Z"))),
    min_size=1, max_size=30,
).map(lambda said: said.strip()).filter(bool)  # fmt: skip
LINE = WORDS.map(lambda said: "\n".join(part.strip() for part in said.split("\n")).strip()).filter(bool)
CODES = st.integers(0, 10**12 - 1).map(lambda n: "11150724MB12345678" + "4" + f"{n:012d}")


def value(column: Column, *, filled: bool = False) -> st.SearchStrategy[Any]:
    """A value a cell of the column can hold; nothing only where the element may be empty."""
    match column.kind:
        case Kind.TEXT:
            some: st.SearchStrategy[Any] = WORDS
        case Kind.IDENT:
            some = st.from_regex(r"[0-9A-Z]{1,33}", fullmatch=True)
        case Kind.LINES:
            return st.lists(LINE, max_size=3)
        case Kind.NUMBER:
            some = st.integers(0, 10**6)
        case Kind.DECIMAL:
            some = st.integers(-(10**9), 10**9).map(lambda n: n / 10**6)
        case Kind.FLAG:
            some = st.booleans()
        case Kind.CODE:
            assert column.codes
            some = st.sampled_from(list(column.codes.words))
        case Kind.CODES:
            assert column.codes
            return st.lists(st.sampled_from(list(column.codes.words)), max_size=3, unique=True)
        case Kind.DAY:
            some = st.dates().filter(lambda d: d.year >= 1000).map(str)
    if column.required or filled:
        return some
    return st.one_of(st.just(column.empty), some)


def row(sheet: Sheet, **fixed: Any) -> st.SearchStrategy[dict[str, Any]]:
    made = {c.path: value(c) for c in sheet.columns if c.kind is not Kind.REST and "." not in c.path}
    return st.fixed_dictionaries({**made, **{name: st.just(said) for name, said in fixed.items()}})


def rows(sheet: Sheet, **fixed: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(
        row(sheet, **fixed), max_size=3, unique_by=(lambda one: str(one[sheet.key])) if sheet.key else None
    )


@st.composite
def contents(draw: Any, code: str | None = None) -> dict[str, Any]:
    """Any content a workbook can say."""
    made: dict[str, Any] = draw(row(ITEMS))
    made["impl_code"] = code or draw(CODES)
    for holder, names in HOLDERS.items():
        present = draw(st.booleans())
        made[holder] = {name: draw(value(ITEMS.by_path[path], filled=holder in OPEN)) for name, path in names}
        if holder in ("situations", "deficiency", "commitment") and not present:
            made[holder] = None
        if holder in OPEN and not present:
            made[holder] = {} if holder in ("guide_versions", "confidence") else None
    for sheet in SHEETS:
        if sheet.path and not sheet.parent and "." not in sheet.path:
            made[sheet.path] = draw(rows(sheet))
    for material in made["materials"]:
        material["form_fields"] = draw(rows(FIELDS))
    made["charging"]["items"] = draw(rows(BY_NAME["收费"]))
    if made["situations"] is not None:
        made["situations"]["root"] = draw(WORDS)
        made["situations"]["questions"] = draw(rows(QUESTIONS))
        for question in made["situations"]["questions"]:
            question["options"] = draw(rows(OPTIONS))
        made["situations"]["leaves"] = draw(rows(BY_NAME["情形组合"]))
    if made["commitment"] is not None:
        made["commitment"]["content"] = draw(WORDS)
    return made


def made(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook by hand: `{sheet: rows}`."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(list(line))
    book.save(path)
    return path


def exported(path: Path, said: Sequence[Mapping[str, Any]], **changed: Any) -> Path:
    """What the product writes for these contents."""
    writing.write(path, [writing.Written(one) for one in said])
    return path


def edited(path: Path, sheet: str, title: str, line: int, new: Any) -> Path:
    """The workbook with one cell changed, as a spreadsheet program would."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    heads = [str(cell.value).strip("*") for cell in page[1]]
    page.cell(line, heads.index(title) + 1).value = new
    book.save(path)
    return path


assert MATERIALS.key == "id"
