"""A list as a workbook: rows are written as they are read, text stays text."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

import xlsxwriter  # type: ignore[import-untyped]
from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 200_000  # rows; more is narrowed first


def write(out: IO[bytes], *, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """One sheet, in memory that does not grow with the rows. Returns how many rows were written."""
    about = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    count = 0
    with xlsxwriter.Workbook(out, about) as book:
        sheet, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(heads) - 1, 24)
        sheet.set_column(0, 0, 40)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for count, row in enumerate(rows, start=1):
            if count > MOST:
                sheet.write_string(count, 0, f"只导出前 {MOST} 行，请缩小范围后再导出其余部分。")
                break
            for column, value in enumerate(row):
                if isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(count, column, value)
                else:
                    sheet.write_string(count, column, "" if value is None else str(value)[:32000])
    return count


def sent(write: Callable[[IO[bytes]], object], name: str) -> FileResponse:
    """A workbook as a download; it is written to disk first, so that a fault is told before anything is sent."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 — closed by the response
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    response = FileResponse(out, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def exported(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> FileResponse:
    """A whole list as a download named after it."""
    return sent(lambda out: write(out, title=name, heads=heads, rows=rows), f"{name}.xlsx")


@dataclass(frozen=True)
class Sheet:
    """One sheet of an official annex: its name, the title over the table, its columns with their widths, its rows."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()
    note: str = ""


def write_annex(out: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Several sheets in annex layout (title, note, framed table, 分数 as percentages), written row by row."""
    about = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, about) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        framed = {"border": 1, "valign": "vcenter", "text_wrap": True}
        head = book.add_format({**framed, "bold": True, "align": "center", "bg_color": "#E8F0EE"})
        cell, number = book.add_format(framed), book.add_format({**framed, "align": "center"})
        percent = book.add_format({**framed, "align": "center", "num_format": "0.00%"})
        for one in sheets:
            sheet = book.add_worksheet(one.name)
            for column in range(len(one.heads)):
                sheet.set_column(column, column, one.widths[column] if column < len(one.widths) else 16)
            sheet.set_row(0, 30)
            sheet.merge_range(0, 0, 0, len(one.heads) - 1, one.title, title)
            sheet.write_string(1, 0, one.note)
            sheet.freeze_panes(3, 0)
            for column, words in enumerate(one.heads):
                sheet.write_string(2, column, words, head)
            for count, row in enumerate(one.rows, start=3):
                for column, value in enumerate(row):
                    if isinstance(value, float):
                        sheet.write_number(count, column, value, percent)
                    elif isinstance(value, int) and not isinstance(value, bool):
                        sheet.write_number(count, column, value, number)
                    else:
                        sheet.write_string(count, column, "" if value is None else str(value)[:32000], cell)


def annex(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """An annex as a download named after it."""
    return sent(lambda out: write_annex(out, sheets), f"{name}.xlsx")
