"""The text of a DOCX notice in its order: paragraphs with their automatic numbers, tables row by row."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

CHINESE = "〇一二三四五六七八九"
HEADS = {
    "problem": re.compile(r"问题|事项|任务|内容"),
    "units": re.compile(r"部门|单位|地区|乡镇|苏木"),
    "requirement": re.compile(r"要求|措施"),
    "due": re.compile(r"时限|期限|时间|日期"),
}
LABELS = {"units": "涉及部门", "requirement": "整改要求", "due": "整改期限"}


class Unreadable(ValueError):
    """The document can't be read; the message is a sentence for the person."""


def text_of(stream: BinaryIO, name: str) -> str:
    """All text of a document, one paragraph a line.

    Raises:
        Unreadable: damaged, or nothing in it.
    """
    try:
        document = docx.Document(stream)
    except Exception as fault:
        raise Unreadable(f"文件“{name}”打不开，可能已损坏。请另存为 Word 文档（.docx）后再上传。") from fault
    counters: dict[tuple[str, int], int] = {}
    lines: list[str] = []
    for piece in document.element.body.iterchildren():
        if piece.tag == qn("w:p"):
            paragraph = Paragraph(piece, document)
            lines.append(_numbered(paragraph, document, counters) + paragraph.text)
        elif piece.tag == qn("w:tbl"):
            lines += _rows(
                Table(piece, document), sum(bool(re.match(r"（[一二三四五六七八九十]+）", line)) for line in lines)
            )
    text = "\n".join(lines)
    if not text.strip():
        raise Unreadable(f"文件“{name}”里没有文字。如果是扫描件，请先识别成文字，或者把原文粘贴进来。")
    return text


def chinese(n: int) -> str:
    """一 to 九十九."""
    if n >= 100:
        return str(n)
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else CHINESE[tens] + "十"
    return head + (CHINESE[ones] if ones or not tens else "")


def _numbered(paragraph: Paragraph, document: Any, counters: dict[tuple[str, int], int]) -> str:
    """The number that Word draws in front of a paragraph and that is not in its text."""
    properties = paragraph._p.pPr
    held = properties.numPr if properties is not None else None
    if held is None or held.numId is None or not paragraph.text.strip():
        return ""
    number, level = str(held.numId.val), int(held.ilvl.val) if held.ilvl is not None else 0
    shape = _level(document, number, level)
    if shape is None:
        return ""
    form, pattern = shape
    counters[number, level] = counters.get((number, level), 0) + 1
    for key in [k for k in counters if k[0] == number and k[1] > level]:
        del counters[key]

    def value(m: "re.Match[str]") -> str:
        n = counters.get((number, int(m.group(1)) - 1), 1)
        return chinese(n) if "hinese" in form or "ideograph" in form or "japanese" in form else str(n)

    return re.sub(r"%(\d)", value, pattern)


def _level(document: Any, number: str, level: int) -> tuple[str, str] | None:
    """(kind of numbers, pattern) of a level of a list."""
    try:
        part = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # what python-docx raises for a document without numbered lists
        return None
    lists = [n for n in part.findall(qn("w:num")) if n.get(qn("w:numId")) == number]
    if not lists:
        return None
    abstract = lists[0].find(qn("w:abstractNumId")).get(qn("w:val"))
    for one in part.findall(qn("w:abstractNum")):
        if one.get(qn("w:abstractNumId")) == abstract:
            for shape in one.findall(qn("w:lvl")):
                if shape.get(qn("w:ilvl")) == str(level):
                    form, text = shape.find(qn("w:numFmt")), shape.find(qn("w:lvlText"))
                    if form is not None and text is not None and form.get(qn("w:val")) not in ("bullet", "none"):
                        return str(form.get(qn("w:val"))), str(text.get(qn("w:val")))
    return None


def _rows(table: Table, before: int) -> Iterator[str]:
    """A table of problems as the paragraphs it stands for; any other table row by row."""
    lines = [[" ".join(c.text.split()) for c in _once(row.cells)] for row in table.rows]
    lines = [line for line in lines if any(line)]
    if not lines:
        return
    heads = {
        kind: next((n for n, said in enumerate(lines[0]) if pattern.search(said)), None)
        for kind, pattern in HEADS.items()
    }
    if heads["problem"] is None or heads["units"] is None or heads["problem"] == heads["units"]:
        yield from (
            "：".join(filter(None, line)) if len(line) == 2 else "　".join(filter(None, line)) for line in lines
        )
        return
    place = before
    for line in lines[1:]:
        said = {kind: line[n] for kind, n in heads.items() if n is not None and n < len(line)}
        if not said.get("problem"):
            continue
        place += 1
        yield f"（{chinese(place)}）{said['problem']}"
        for kind, label in LABELS.items():
            if said.get(kind):
                yield f"{label}：{said[kind]}"


def _once(cells: Any) -> list[Any]:
    """The cells of a row, a merged one once."""
    found: list[Any] = []
    for cell in cells:
        if not found or cell._tc is not found[-1]._tc:
            found.append(cell)
    return found
