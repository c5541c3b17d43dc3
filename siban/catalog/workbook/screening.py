"""What must not be opened at all, told from the bytes before anything is read. No database, no clock."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from siban.kernel.files import UNREADABLE

from .headings import WorkbookRefused

CHUNK = 1 << 20
MOST_UNPACKED = 12 * 2**30  # a hundred thousand items take about a third of it
MOST_RATIO = 200  # text of tables packs to a thirtieth at best; a bomb to a thousandth
MOST_PARTS = 2000
SMALL = 8 * 2**20  # parts so small are no bomb whatever their ratio
SHOWN = 5
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"')
SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
TARGET = re.compile(r"<Relationship\b[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
SAVE_AS = "请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再导入。"


def screen(path: Path, name: str = "", *, formulas: bool = True) -> None:
    """Look at a file before it is read.

    Args:
        formulas: whether to look for formulas, which takes reading all of it.

    Raises:
        WorkbookRefused: no workbook, protected by a password, with macros, a bomb, or with formulas.
    """
    name = name or path.name
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head:
        raise WorkbookRefused([f"文件“{name}”是空的。请检查后重新选择。"])
    if not head.startswith(b"PK\x03\x04"):
        raise WorkbookRefused([f"文件“{name}”{_really(head)}"])
    try:
        with zipfile.ZipFile(path) as packed:
            _parts(packed, name)
            if formulas and (found := _formulas(packed)):
                cells = "、".join(found[:SHOWN]) + ("等" if len(found) > SHOWN else "")
                why = f"文件“{name}”里有公式（{cells}）。公式的结果可能与看到的不一样，不能导入。"
                raise WorkbookRefused([f"{why}请选中这些单元格，复制后“选择性粘贴”为数值，再导入。"])
    except UNREADABLE as fault:
        raise WorkbookRefused([f"文件“{name}”已损坏，打不开。{SAVE_AS}"]) from fault


def _really(head: bytes) -> str:
    """What a file is that is no workbook, and what to do."""
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return f"是旧版表格（.xls），或者设有打开密码。请去掉密码，{SAVE_AS.removeprefix('请')}"
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<head")):
        return f"其实是网页，只是改成了表格的名字。{SAVE_AS}"
    for encoding in ("utf-8", "gb18030"):
        try:
            said = head[: len(head) - len(head) % 4 - 4 if len(head) > 4000 else None].decode(
                encoding, errors="strict"
            )
        except UnicodeDecodeError:
            continue
        if not any(ord(c) < 9 for c in said):
            return f"其实是文本文件（CSV），不是表格。{SAVE_AS}"
    return f"不是能读取的表格。{SAVE_AS}"


def _parts(packed: zipfile.ZipFile, name: str) -> None:
    infos = packed.infolist()
    names = {info.filename for info in infos}
    if any(n.lower().endswith("vbaproject.bin") or "/macrosheets/" in n.lower() for n in names):
        raise WorkbookRefused([f"文件“{name}”带有宏，不能导入。{SAVE_AS}"])
    if "xl/workbook.xml" not in names:
        raise WorkbookRefused([f"文件“{name}”不是能读取的表格。{SAVE_AS}"])
    if any(info.flag_bits & 1 for info in infos):
        raise WorkbookRefused([f"文件“{name}”设有打开密码。请去掉密码后再导入。"])
    total = sum(info.file_size for info in infos)
    swollen = any(i.file_size > SMALL and i.file_size > MOST_RATIO * max(i.compress_size, 1) for i in infos)
    if total > MOST_UNPACKED or swollen or len(infos) > MOST_PARTS:
        raise WorkbookRefused(
            [f"文件“{name}”解开后大得反常，不能导入。请新建一个工作簿，只把需要的内容复制过去再导入。"]
        )
    if b"macroEnabled" in packed.read("[Content_Types].xml") if "[Content_Types].xml" in names else False:
        raise WorkbookRefused([f"文件“{name}”是启用宏的工作簿（.xlsm），不能导入。{SAVE_AS}"])


def _formulas(packed: zipfile.ZipFile) -> list[str]:
    """The cells that hold a formula; a few are enough."""
    found: list[str] = []
    for part, sheet in sheets_of(packed):
        for cell in _formula_cells(packed, part):
            found.append(f"“{sheet}”表 {cell}")
            if len(found) > SHOWN:
                return found
    return found


def sheets_of(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(part, name of the sheet) of every sheet."""
    said = packed.read("xl/workbook.xml").decode("utf-8", errors="replace")
    names = {key: unescape(title) for title, key in SHEET.findall(said)}
    related = "xl/_rels/workbook.xml.rels"
    known = set(packed.namelist())
    targets: dict[str, str] = {}
    if related in known:
        for one in TARGET.findall(packed.read(related).decode("utf-8", errors="replace")):
            said_of = dict(ATTRIBUTE.findall(one))
            target = said_of.get("Target", "")
            targets["xl/" + target if not target.startswith("/") else target[1:]] = names.get(
                said_of.get("Id", ""), ""
            )
    for part in sorted(known):
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            yield part, targets.get(part) or Path(part).stem


def _formula_cells(packed: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Read in pieces, so that a sheet of any size is looked through in the memory of two pieces."""
    before = b""
    with packed.open(part) as stream:
        while piece := stream.read(CHUNK):
            text = before + piece
            for hit in FORMULA.finditer(text):
                if hit.end() <= len(before):
                    continue
                above = CELL.findall(text, max(0, hit.start() - 4000), hit.start())
                yield above[-1].decode() if above else "某个单元格"
            before = text[-5000:]
