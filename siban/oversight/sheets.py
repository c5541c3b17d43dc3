"""The annexes of the notice as workbooks: 附件1 with every figure and its parts, 附件2 the items whose papers a certificate may replace."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.conf import settings

from siban.kernel.actor import Actor

from . import annexes
from .queries import callable_items, figures, tables
from .queries.figures import Sought
from .queries.tables import StatisticsTable


class Sheets:
    """A workbook with the formats of the notice: title in the middle, framed cells, red where a target is missed."""

    def __init__(self) -> None:
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.title = self.book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.head = self.book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#E8F0EE",
            }
        )
        self.cell = self.book.add_format({"border": 1, "align": "center"})
        self.name = self.book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        self.total = self.book.add_format({"border": 1, "bold": True})
        self.percent = self.book.add_format({"border": 1, "align": "center", "num_format": "0.00%"})
        self.short = self.book.add_format(
            {"border": 1, "align": "center", "num_format": "0.00%", "font_color": "#A4262C"}
        )

    def sheet(
        self, name: str, *, annex: str, title: str, on: date, heads: Sequence[str], widths: Sequence[int]
    ) -> Any:
        """A sheet with 附件号, title and day above its heads; the first row of the table is the fifth."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, annex)
        sheet.merge_range(1, 0, 1, len(heads) - 1, title, self.title)
        sheet.set_row(1, 30)
        sheet.write_string(2, 0, f"统计日期：{on.year}年{on.month}月{on.day}日")
        for n, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.write_string(3, n, head, self.head)
            sheet.set_column(n, n, width)
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        return sheet

    def rows(self, sheet: Any, rows: Iterable[Sequence[object]], *, start: int = 4) -> None:
        """Rows of text and numbers."""
        for r, row in enumerate(rows, start):
            for c, value in enumerate(row):
                if isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(r, c, value, self.cell)
                else:
                    sheet.write_string(r, c, "" if value is None else str(value), self.name)

    def done(self) -> bytes:
        self.book.close()
        return self.out.getvalue()


def statistics_workbook(table: StatisticsTable, *, region_name: str, on: date) -> bytes:
    """附件1 《一网通办指标统计表》: one sheet of figures, one of parts (分子、分母), one of definitions."""
    made = Sheets()
    heads = ["单位", *(m.title for m in table.measures)]
    sheet = made.sheet(
        "指标统计表", annex="附件1", title=f"{region_name}“一网通办”指标统计表", on=on, heads=heads, widths=[24] + [14] * len(table.measures)
    )  # fmt: skip
    for r, line in enumerate(table.lines, 4):
        sheet.write_string(r, 0, line.name, made.total if line.is_sum else made.name)
        for n, c in enumerate(line.cells, 1):
            value = c.figure.value
            if value is None:
                sheet.write_string(r, n, "无数据", made.cell)
            elif c.is_count:
                sheet.write_number(r, n, int(value), made.cell)
            else:
                sheet.write_number(r, n, float(value), made.short if c.tone == "red" else made.percent)
    parts = made.book.add_worksheet("分子分母")
    parts.write_row(0, 0, ["单位", "指标编号", "指标", "分子", "分母", "目标", "还差"], made.head)
    parts.set_column(0, 2, 22)
    made.rows(parts, _parts(table), start=1)
    words = made.book.add_worksheet("口径")
    words.write_row(0, 0, ["编号", "指标", "含义", "分子", "分母", "来源"], made.head)
    words.set_column(1, 5, 40)
    said = [[m.code, m.title, m.words, m.numerator, m.denominator, m.source] for m in table.measures]
    made.rows(words, [*said, [], *([code, document] for code, document in table.documents)], start=1)
    return made.done()


def _parts(table: StatisticsTable) -> Iterable[Sequence[object]]:
    for line in table.lines:
        for c in line.cells:
            yield (
                line.name, c.measure.code, c.measure.title, c.figure.hits, c.figure.total,
                "；".join(f"{a.document_code} {a.percent}" for a in c.aims),
                "；".join(f"{a.document_code} {a.short_by}" for a in c.aims if a.short_by),
            )  # fmt: skip


def annex_1(actor: Actor, sought: Sought, region_code: str, on: date) -> bytes:
    """附件1 of what is filtered."""
    table = tables.statistics_table(actor, region_code=region_code, sought=sought)
    return statistics_workbook(table, region_name=settings.SIBAN_SITE["region_name"], on=on)


def annex_2(actor: Actor, sought: Sought, region_code: str, on: date) -> bytes:
    """附件2 《可调用电子证照事项清单》: every material that a certificate may replace, linked or not."""
    made = Sheets()
    heads = ["序号", "单位", "事项名称", "实施编码", "材料名称", "可调用的电子证照", "是否关联", "是否免证办"]
    sheet = made.sheet("可调用电子证照事项清单", annex="附件2", title="可调用电子证照事项清单", on=on, heads=heads, widths=[6, 20, 36, 34, 30, 24, 10, 10])  # fmt: skip
    made.rows(sheet, callable_items.rows(actor, group=sought.group))
    return made.done()


def measure_workbook(page: figures.MeasurePage, *, on: date) -> bytes:
    """One measure of every unit that is shown, with targets, gap and rank, in the layout of 附件1."""
    made = Sheets()
    heads = ["单位", page.measure.title, "分子", "分母", "目标", "还差", "名次", "比 30 天前"]
    sheet = made.sheet("指标", annex=page.measure.code, title=f"{page.measure.title}（按单位）", on=on, heads=heads, widths=[24, 14, 12, 12, 30, 20, 14, 18])  # fmt: skip
    made.rows(
        sheet,
        (
            (
                t.unit.name, t.text, t.figure.hits, t.figure.total, "；".join(f"{a.document_code} {a.wants}" for a in t.aims),
                "；".join(f"{a.document_code} {a.short_by}" for a in t.aims if a.short_by), t.rank or "不参与排名", t.change,
            )
            for t in page.lines
        ),
    )  # fmt: skip
    words = made.book.add_worksheet("口径")
    words.set_column(0, 1, 60)
    made.rows(words, [("含义", page.measure.words), ("分子", page.measure.numerator), ("分母", page.measure.denominator), ("来源", page.measure.source)], start=0)  # fmt: skip
    return made.done()


annexes.register("1", "附件1 一网通办指标统计表", "fujian1-yiwangtongban", annex_1)
annexes.register("2", "附件2 可调用电子证照事项清单", "fujian2-dianzizhengzhao", annex_2)
