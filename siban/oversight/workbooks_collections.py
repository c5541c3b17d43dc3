"""The workbook of a collection: the template that goes out, the rows that come back, faults by row and column."""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineWorkbook

from .rules_collections import KINDS, MOST_FAULTS, MOST_ROWS, Field, value

SHEET = "填报"
HEAD_WITHIN = 10  # rows in which the heads may stand, under a title somebody added


class WrongRows(ValueError):
    """The workbook can't be taken; `faults` name row, column, value and what to do."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("".join(faults))


def template(fields: Sequence[Field], *, title: str, words: str) -> bytes:
    """An empty workbook with the columns to fill in, and a sheet that explains them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format(
        {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8F0EE"}
    )
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(SHEET)
    for n, f in enumerate(fields):
        sheet.write_string(0, n, f.name + ("*" if f.required else ""), head)
        sheet.set_column(n, n, 20, text if f.kind == "text" else None)
        if f.kind == "choice" and len("、".join(f.choices)) < 250:
            sheet.data_validation(1, n, MOST_ROWS, n, {"validate": "list", "source": list(f.choices), "error_title": "请从列表里选择", "error_message": "只能填列表里的选项。"})  # fmt: skip
    sheet.freeze_panes(1, 0)
    about = book.add_worksheet("填报说明")
    about.set_column(0, 3, 24)
    about.write_string(0, 0, title)
    about.write_string(1, 0, words)
    about.write_row(3, 0, ["项目", "填什么", "是否必填", "说明"], head)
    for n, f in enumerate(fields, start=4):
        said = KINDS[f.kind] + ("：" + "、".join(f.choices) if f.choices else "")
        for column, cell in enumerate((f.name, said, "必填" if f.required else "选填", f.hint)):
            about.write_string(n, column, cell)
    book.close()
    return out.getvalue()


def rows(stream: BinaryIO, fields: Sequence[Field]) -> list[dict[str, Any]]:
    """The filled rows of a workbook.

    Raises:
        WrongRows: the sheet, a column or a cell is wrong; nothing is taken then.
    """
    try:
        book = CalamineWorkbook.from_filelike(stream)
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError, KeyError) as fault:
        raise WrongRows(["电子表格打不开，可能已损坏。请用下载的模板填写后再上传。"]) from fault
    wanted = {f.name: f for f in fields}
    found = next((s for name, lines in sheets if name == SHEET and (s := _head(lines, wanted))), None) or next(
        (s for _, lines in sheets if (s := _head(lines, wanted))), None
    )
    if found is None:
        raise WrongRows([f"没有找到表头。请用下载的模板填写，表头应有：{'、'.join(wanted)}。"])
    at, places, lines = found
    if missing := [name for name in wanted if name not in places]:
        raise WrongRows([f"缺少“{name}”这一列，请用下载的模板填写。" for name in missing])
    faults = _strange(lines, at, places)
    taken: list[dict[str, Any]] = []
    for n, line in enumerate(lines[at + 1 :], start=at + 2):
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if all(c is None or str(c).strip() == "" for c in cells.values()):
            continue
        row = {}
        for name, cell in cells.items():
            row[wanted[name].key], why = value(wanted[name], cell)
            if why:
                faults.append(f"第 {n} 行：{why}")
        taken.append(row)
    if len(taken) > MOST_ROWS:
        faults.insert(0, f"一共有 {len(taken)} 行，最多 {MOST_ROWS} 行，请分开报送。")
    if faults:
        more = [f"……一共 {len(faults)} 处，改好以后再上传。"] if len(faults) > MOST_FAULTS else []
        raise WrongRows([*faults[:MOST_FAULTS], *more])
    if not taken:
        raise WrongRows(["表里没有填写内容。没有要报的，请选择“零报送”。"])
    return taken


Found = tuple[int, dict[str, int], list[list[Any]]]


def _plain(cell: Any) -> str:
    return "".join(str(cell).split()).rstrip("*＊") if cell is not None else ""


def _head(lines: list[list[Any]], wanted: dict[str, Field]) -> Found | None:
    """The row of heads: the first that holds at least half of the columns."""
    by_plain = {_plain(name): name for name in wanted}
    for n, line in enumerate(lines[:HEAD_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(line):
            name = by_plain.get(_plain(cell))
            if name is not None and name not in places:
                places[name] = place
        if places and len(places) * 2 >= len(wanted):
            return n, places, lines
    return None


def _strange(lines: list[list[Any]], at: int, places: dict[str, int]) -> list[str]:
    """Columns that were added and filled: what stands in them would be lost."""
    known = set(places.values())
    return [
        f"第 {place + 1} 列“{_plain(cell)[:20]}”不在模板里，里面的内容不会收下，请删去这一列或者写进已有的列。"
        for place, cell in enumerate(lines[at])
        if place not in known and _plain(cell)
    ]
