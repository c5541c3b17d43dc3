"""The statistics table as a workbook, every figure with its parts."""

import io
from datetime import date

import xlsxwriter

from .queries.tables import StatisticsTable


def statistics_workbook(table: StatisticsTable, *, region_name: str, on: date) -> bytes:
    """《一网通办指标统计表》 as XLSX: one sheet of figures, one of parts (分子、分母), one of definitions."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format(
        {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E8F0EE"}
    )
    cell = book.add_format({"border": 1, "align": "center"})
    name = book.add_format({"border": 1})
    total = book.add_format({"border": 1, "bold": True})
    percent = book.add_format({"border": 1, "align": "center", "num_format": "0.00%"})
    short = book.add_format({"border": 1, "align": "center", "num_format": "0.00%", "font_color": "#A4262C"})

    sheet = book.add_worksheet("指标统计表")
    sheet.merge_range(0, 0, 0, len(table.measures), f"{region_name}“一网通办”指标统计表", title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, f"统计日期：{on.year}年{on.month}月{on.day}日")
    sheet.write_string(2, 0, "单位", head)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(table.measures), 14)
    for n, m in enumerate(table.measures, 1):
        sheet.write_string(2, n, m.title, head)
    for r, line in enumerate(table.lines, 3):
        sheet.write_string(r, 0, line.name, total if line.is_sum else name)
        for n, c in enumerate(line.cells, 1):
            value = c.figure.value
            if value is None:
                sheet.write_string(r, n, "无数据", cell)
            elif c.is_count:
                sheet.write_number(r, n, int(value), cell)
            else:
                sheet.write_number(r, n, float(value), short if c.tone == "red" else percent)
    sheet.freeze_panes(3, 1)

    parts = book.add_worksheet("分子分母")
    parts.write_row(0, 0, ["单位", "指标编号", "指标", "分子", "分母", "目标", "还差"], head)
    parts.set_column(0, 2, 22)
    row = 1
    for line in table.lines:
        for c in line.cells:
            parts.write_string(row, 0, line.name, name)
            parts.write_string(row, 1, c.measure.code, cell)
            parts.write_string(row, 2, c.measure.title, name)
            parts.write_number(row, 3, c.figure.hits, cell)
            if c.figure.total is not None:
                parts.write_number(row, 4, c.figure.total, cell)
            else:
                parts.write_blank(row, 4, None, cell)
            parts.write_string(row, 5, "；".join(f"{a.document_code} {a.percent}" for a in c.aims), name)
            parts.write_string(
                row, 6, "；".join(f"{a.document_code} {a.short_by}" for a in c.aims if a.short_by), name
            )
            row += 1

    words = book.add_worksheet("口径")
    words.write_row(0, 0, ["编号", "指标", "含义", "来源"], head)
    words.set_column(1, 3, 40)
    for r, m in enumerate(table.measures, 1):
        words.write_row(r, 0, [m.code, m.title, m.words, m.source], name)
    for r, (code, document) in enumerate(table.documents, len(table.measures) + 2):
        words.write_row(r, 0, [code, document], name)
    book.close()
    return out.getvalue()
