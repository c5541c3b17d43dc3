"""Writing a workbook: the items' elements out into the sheets, with drop-downs, notes and what is locked in grey.

Rows go out in the order of the items on every sheet, one at a time; nothing is kept but the current row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec
import xlsxwriter

from siban.kernel.flow import Refused

from .. import rules
from . import beside, cells
from .beside import Beside
from .cells import LONGEST
from .codes import CodeSet
from .layout import ECHO, KEY, ROWS, Column, Kind, Sheet
from .places import letter
from .sheets import (
    BY_NAME,
    CODES_SHEET,
    FIELDS,
    ITEMS,
    KNOWN,
    MATERIALS,
    NOTES_SHEET,
    OPEN,
    OPTIONS,
    QUESTIONS,
    SHEETS,
)

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
INTRODUCTION = (
    "这是事项要素表。每个事项在“事项”表占一行，材料、环节等在各自的表里，用“实施编码”对应。",
    "改好以后，在“事项管理”里选择“导入表格”。系统先逐项核对，列出要改什么、哪里不对，您确认以后才会改。",
    "表头带星号（*）的必须填写。灰色的列由系统或者上级事项确定，不能在表里修改。",
    "有下拉列表的请从列表中选；写明“每行一个”的，同一格里用换行分开（Alt+回车）。",
    "编码、电话、门牌等都是文本，请不要改成数字格式，否则前面的 0 会丢失。",
    "删去一行就是去掉这条材料（环节、问题……）；删去整列或者整张表，导入时那部分保持不变。",
    "以全角空格开头的行，接在上一行后面，算同一条。",
)  # fmt: skip


@dataclass(slots=True)
class Written:
    """An item to be written.

    Args:
        content: its elements; missing ones have their default.
        locked: whether the level above fixes its common elements.
        around: what checks of the file have to know around the item.
    """

    content: Mapping[str, Any]
    locked: bool = False
    around: Beside | None = None


@dataclass(slots=True)
class Paper:
    """The sheet being written and its continuations."""

    sheet: Sheet
    page: Any
    row: int = 1
    number: int = 1


def write(out: Path | IO[bytes], items: Iterable[Written]) -> int:
    """Write the workbook; returns how many items it holds. Without items it is the empty form to be filled in.

    Raises:
        Refused: a text longer than a cell holds.
    """
    with xlsxwriter.Workbook(out, PLAIN) as book:
        return Writer(book).all(items)


class Writer:
    """Writes one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#DCE9F5", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#A9B8C6"})  # fmt: skip
        self.body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.whole = book.add_format({"num_format": "0", "valign": "top"})
        self.grey = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": "#E6E6E6", "font_color": "#404040"})  # fmt: skip
        self.quoted = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.lists: dict[str, str] = {}
        self._introduce()
        self.papers = {sheet.name: self._begin(sheet) for sheet in SHEETS}
        self._codes()
        self._beside: dict[str, tuple[Any, int]] = {}
        self._said: set[str] = set()

    def _introduce(self) -> None:
        page = self.book.add_worksheet(NOTES_SHEET)
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 16)
        page.set_column(2, 4, 44)
        for row, sentence in enumerate(INTRODUCTION):
            page.write_string(row, 0, sentence)
        row = len(INTRODUCTION) + 1
        for at, title in enumerate(("列", "所在的表", "填什么", "说明")):
            page.write_string(row, at, title, self.head)
        for sheet in SHEETS:
            for column in (c for c in sheet.columns if c.kind is not Kind.REST):
                row += 1
                kind = "系统填写，不能修改" if column.locked else column.kind.value
                for at, words in enumerate((heading(column), sheet.name, kind, column.note)):
                    page.write_string(row, at, words, self.wrapped)

    def _begin(self, sheet: Sheet, number: int = 1) -> Paper:
        """A sheet with its headings, notes, widths and drop-downs."""
        page = self.book.add_worksheet(sheet.name if number == 1 else f"{sheet.name}（{number}）")
        page.freeze_panes(1, sheet.lead if sheet.path else 2)
        page.set_row(0, 32)
        for at in range(sheet.lead):
            title = sheet.titles[at]
            page.write_string(0, at, title, self.head)
            page.set_column(at, at, {KEY: 34, ECHO: 30}.get(title, 12), self.grey if title == ECHO else self.body)
        for at, column in enumerate(sheet.columns, sheet.lead):
            page.write_string(0, at, heading(column), self.head)
            if column.note or column.locked:
                note = "由系统填写，不能在表里修改。" if column.locked else column.note
                page.write_comment(0, at, note, {"author": "", "x_scale": 1.6})
            form = self.grey if column.locked else self.whole if column.kind is Kind.NUMBER else self.body
            page.set_column(at, at, column.width, form, {"hidden": column.kind is Kind.REST})
            if column.codes and not column.several and not column.locked:
                self._drop_down(page, at, column)
        return Paper(sheet, page, number=number)

    def _drop_down(self, page: Any, at: int, column: Column) -> None:
        assert column.codes is not None
        page.data_validation(
            1, at, ROWS - 1, at,
            {
                "validate": "list", "source": self._range(column.codes), "error_type": "warning", "error_title": "请从列表中选",
                "error_message": f"{column.title}应从下拉列表中选。",
            },
        )  # fmt: skip

    def _range(self, codes: CodeSet) -> str:
        """Where the words of a code set stand on the sheet of codes."""
        if codes.name not in self.lists:
            at = len(self.lists)
            self.lists[codes.name] = f"={CODES_SHEET}!${letter(at)}$2:${letter(at)}${len(codes.words) + 1}"
        return self.lists[codes.name]

    def _codes(self) -> None:
        sets = {c.codes.name: c.codes for s in SHEETS for c in s.columns if c.codes}
        for codes in sets.values():
            self._range(codes)
        page = self.book.add_worksheet(CODES_SHEET)
        ordered = [sets[name] for name in self.lists]
        for at, codes in enumerate(ordered):
            page.write_string(0, at, codes.name, self.head)
            page.set_column(at, at, 20)
        for row in range(max(len(codes.words) for codes in ordered)):
            for at, codes in enumerate(ordered):
                if row < len(codes.words):
                    page.write_string(row + 1, at, list(codes.words.values())[row])

    def all(self, items: Iterable[Written]) -> int:
        count = 0
        for item in items:
            self.item(item)
            count += 1
        return count

    def item(self, item: Written) -> None:
        """One item on all its sheets."""
        said = item.content
        code, name = said["impl_code"], said.get("name") or ""
        fixed = frozenset(rules.LOCKED) if item.locked else frozenset()
        self._row(ITEMS, (code,), said, name, fixed)
        for sheet in SHEETS:
            if not sheet.path or sheet.parent:
                continue
            grey = item.locked and sheet.path.split(".")[0] in fixed
            for row in _at(said, sheet.path) or ():
                self._row(sheet, (code, name), row, name, grey)
        for above, below in ((MATERIALS, FIELDS), (QUESTIONS, OPTIONS)):
            grey = item.locked and above.path.split(".")[0] in fixed
            for parent in _at(said, above.path) or ():
                for row in parent.get(below.path) or ():
                    self._row(below, (code, name, parent[above.key]), row, name, grey)

        if item.around is not None:
            for title, words in beside.rows_of(code, said, item.around, self._said):
                self._stand_beside(title, words)

    def _stand_beside(self, title: str, words: list[str]) -> None:
        """A row on one of the sheets for checking, which nobody has to see."""
        page, line = self._beside.get(title) or (self.book.add_worksheet(title), 0)
        if not line:
            page.write_row(0, 0, beside.HEADS[title], self.head)
            page.set_column(0, 4, 30)
            page.hide()
        for at, said in enumerate(words):
            page.write_string(line + 1, at, said, self.quoted if said.startswith(DANGEROUS) else None)
        self._beside[title] = (page, line + 1)

    def paper(self, sheet: Sheet) -> Paper:
        """The sheet to write the next row on; a new one when the last is full."""
        paper = self.papers[sheet.name]
        if paper.row >= ROWS:
            paper = self.papers[sheet.name] = self._begin(sheet, paper.number + 1)
        return paper

    def _row(
        self, sheet: Sheet, lead: tuple[str, ...], said: Mapping[str, Any], name: str, grey: bool | frozenset[str]
    ) -> None:
        paper = self.paper(sheet)
        line, page = paper.row, paper.page
        paper.row += 1
        for at, words in enumerate(lead):
            self._text(page, line, at, words, self.grey if at == 1 else self.body, name)
        at = sheet.lead
        for column in sheet.columns:
            value = _value(said, column)
            if value is not None and value != "":
                greyed = column.locked or (grey if isinstance(grey, bool) else column.steps[0] in grey)
                form = self.grey if greyed else self.body
                if isinstance(value, str):
                    self._text(page, line, at, value, form, name)
                elif isinstance(value, bool):
                    page.write_string(line, at, "是" if value else "否", form)
                else:
                    page.write_number(
                        line, at, value, form if greyed else self.whole if isinstance(value, int) else None
                    )
            at += 1

    def _text(self, page: Any, line: int, at: int, words: str, form: Any, name: str) -> None:
        """Words as words: what begins like a formula is marked as text, so that editing the cell makes no formula of it."""
        if len(words) > LONGEST:
            raise Refused(f"“{name}”有一项内容超过 {LONGEST} 个字，一个单元格放不下，不能导出为表格。")
        page.write_string(line, at, words, self.quoted if words.startswith(DANGEROUS) else form)


def heading(column: Column) -> str:
    return f"{column.title}*" if column.required else column.title


def _at(said: Mapping[str, Any], path: str) -> Any:
    found: Any = said
    for step in path.split("."):
        found = found.get(step) if found else None
    return found


def _value(said: Mapping[str, Any], column: Column) -> Any:
    """What the cell of a column shows."""
    if column.kind is Kind.REST:
        return _rest(said)
    value: Any = said
    for step in column.steps:
        value = value.get(step) if value else None
    if value is None:
        return None
    match column.kind:
        case Kind.LINES:
            return cells.joined(value)
        case Kind.CODES:
            assert column.codes is not None
            return cells.joined(column.codes.shown(code) for code in value)
        case Kind.CODE:
            assert column.codes is not None
            return column.codes.shown(value)
    if column.steps[0] in OPEN and isinstance(value, dict | list):
        return None  # stands among the rest
    return value


def _rest(said: Mapping[str, Any]) -> str | None:
    """Entries of open mappings that have no column."""
    found: dict[str, dict[str, Any]] = {}
    for holder in OPEN:
        for key, value in (said.get(holder) or {}).items():
            if key not in KNOWN[holder] or (isinstance(value, dict | list) and key != "kinds"):
                found.setdefault(holder, {})[key] = value
    return msgspec.json.encode(found).decode() if found else None


assert set(BY_NAME) == {sheet.name for sheet in SHEETS}
