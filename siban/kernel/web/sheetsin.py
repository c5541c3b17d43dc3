"""Workbooks that come in: every sheet as rows of headed cells, each cell with its address, so that a refusal can name it."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from siban.kernel.files import UNREADABLE, FileRefused, sniff
from siban.kernel.imports import ImportRefused

LARGEST = 10 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 20_000
HEAD_ROWS = 10  # among which the headings must be
SAVE_AS = "请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再导入。"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: `{heading: text}`, trimmed; an empty cell is an empty string."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, head: str) -> str:
        return self.cells.get(head, "")

    def wrong(self, head: str, why: str) -> str:
        """The sentence of refusal: sheet, row, column, value, why and what to do."""
        value = self[head]
        said = f"“{value[:40]}”" if value else "空白"
        return f"工作表“{self.sheet}”第 {self.number} 行“{head}”填的是{said}：{why}"


def text(value: Any) -> str:
    """A cell as it is read: whole numbers without a point, days as 2026-03-02."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


def day_of(said: str) -> date | None:
    """`2026-03-02`, `2026/3/2`, `2026.3.2` or `2026年3月2日`; None for what is no day of the calendar."""
    parts = said.translate(str.maketrans("年月日/.", "--\x00--")).replace("\x00", "").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def read(upload: BinaryIO, *, sheets: Mapping[str, Sequence[str]], name: str = "") -> Iterator[Line]:
    """The rows below the headings of each expected sheet; sheets of other names are left alone.

    Args:
        sheets: `{sheet: headings that must be there}`.

    Raises:
        ImportRefused: no workbook, too large, none of the sheets, or a heading is missing.
    """
    upload.seek(0)
    body = upload.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ImportRefused([f"文件“{name}”超过 {LARGEST // 2**20} MB。请拆成几个文件分别导入。"])
    try:
        if not sniff(io.BytesIO(body), name).name.startswith("Excel"):
            raise ImportRefused([f"文件“{name}”不是 Excel 工作簿（.xlsx）。{SAVE_AS}"])
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise ImportRefused([f"文件“{name}”展开后过大，不能导入。请拆成几个文件分别导入。"])
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    except FileRefused as fault:
        raise ImportRefused([str(fault)]) from None
    except (CalamineError, *UNREADABLE) as fault:
        raise ImportRefused([f"文件“{name}”已损坏，打不开。{SAVE_AS}"]) from fault
    known = [n for n in book.sheet_names if n.strip() in sheets]
    if not known:
        raise ImportRefused(
            [f"文件里没有要导入的工作表。应当有：{'、'.join(sheets)}。请下载本页的表样，按表样填写后再导入。"]
        )
    for sheet in known:
        yield from _lines(sheet.strip(), book.get_sheet_by_name(sheet).to_python(), sheets[sheet.strip()])


def _lines(sheet: str, rows: list[list[Any]], wanted: Sequence[str]) -> Iterator[Line]:
    if len(rows) > MOST_ROWS:
        raise ImportRefused([f"工作表“{sheet}”超过 {MOST_ROWS} 行，请拆开后分别导入。"])
    heads: list[str] = []
    for number, row in enumerate(rows, 1):
        cells = [text(value) for value in row]
        if not heads:
            if set(wanted) <= set(cells):
                heads = cells
            elif number >= HEAD_ROWS:
                break
            continue
        if any(cells):
            yield Line(sheet, number, dict(zip(heads, cells, strict=False)))
    if not heads and any(text(v) for row in rows for v in row):
        raise ImportRefused(
            [
                f"工作表“{sheet}”前 {HEAD_ROWS} 行里没有找到完整的表头。应当有这些列：{'、'.join(wanted)}。请按表样填写。"
            ]
        )
