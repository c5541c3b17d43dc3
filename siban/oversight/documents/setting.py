"""How a document is set: as DOCX in the layout of GB/T 9704, and the same content for the PDF. Same content, same bytes."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from siban.kernel import clock
from siban.kernel.papers.drawing import draw

from .blocks import Block, Number, Span, free_numbers, plain

FANGSONG, HEI, KAI, SONG = "仿宋", "黑体", "楷体", "方正小标宋简体"
STILL = (1980, 1, 1, 0, 0, 0)  # the date in the archive: the content alone decides the bytes
COLUMNS = ("序号", "数字", "所说的", "单位", "怎样算出")
WIDE = 156  # mm between the margins
MEANINGS = ("所说的", "含义", "来源")


def content_of(document: Any) -> dict[str, Any]:
    """Everything that is printed, as JSON: what the paper keeps and both files are set from."""
    blocks, numbers = document.blocks(), document.numbers()
    day = clock.local_day(document.issued_at or document.drafted_at)
    return {
        "office": document.org.name, "title": document.title, "addressed_to": document.content.get("addressed_to", ""),
        "blocks": [_block(b, numbers) for b in blocks], "numbers": [_number(i, n) for i, n in enumerate(numbers, start=1)],
        "meanings": _meanings(numbers),
        "edits": [
            {"by": e.by_name, "at": f"{clock.local(e.at):%Y-%m-%d %H:%M}", "before": _unmarked(e.before), "after": plain(e.spans, numbers)}
            for e in document.standing_edits()
        ],
        "free": [w for b in blocks if b.kind != "table" and b.id in {e.block for e in document.standing_edits()} for w in free_numbers(b.spans)],
        "mismatches": [f"{m.where}：{m.words}" for m in document.mismatches()], "explanation": document.explanation,
        "known_at": f"{clock.local(document.known_at):%Y-%m-%d %H:%M:%S}", "issued_on": day.isoformat(), "number": "",
        "is_draft": document.issued_at is None,
    }  # fmt: skip


def _unmarked(text: str) -> str:
    return re.sub(r"〔\d{1,3}〕", "", text)


def _spans(spans: Sequence[Span], numbers: Sequence[Number]) -> list[dict[str, Any]]:
    return [{"t": s, "n": 0} if isinstance(s, str) else {"t": numbers[s].text, "n": s + 1} for s in spans]


def _block(block: Block, numbers: Sequence[Number]) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": block.kind, "spans": _spans(block.spans, numbers)}
    if block.kind == "table":
        said["columns"] = block.columns
        said["rows"] = [[_spans(cell, numbers) for cell in row] for row in block.rows]
    return said


def _number(place: int, n: Number) -> list[str]:
    return [str(place), n.text, n.title, n.unit, n.working]


def _meanings(numbers: Sequence[Number]) -> list[list[str]]:
    """Each definition once, in the order of the text."""
    return [list(said) for said in dict.fromkeys((n.title, n.words, n.source or "本文件") for n in numbers)]


def pdf(content: dict[str, Any], *, verify_code: str = "", verify_url: str = "", qr: str = "") -> bytes:
    """The document as PDF."""
    more = {"verify_code": verify_code, "verify_url": verify_url, "qr": qr, "issued_by": content["office"]}
    return draw("oversight/bulletin.typ", {**content, **more})


def word(content: dict[str, Any]) -> bytes:
    """The document as DOCX: A4, the margins of GB/T 9704, 仿宋 16 pt, numbers that lead to their definition in the annex."""
    book = docx.Document()
    _page(book)
    red = _line(book, content["office"], SONG, 30, WD_ALIGN_PARAGRAPH.CENTER)
    red.runs[0].font.color.rgb = RGBColor(0xC8, 0x14, 0x1C)
    number = _line(book, content["number"] or "（草稿，未编号）", FANGSONG, 16, WD_ALIGN_PARAGRAPH.CENTER)
    _rule_below(number)
    _line(book, "", FANGSONG, 10, WD_ALIGN_PARAGRAPH.CENTER)
    _line(book, content["title"], SONG, 22, WD_ALIGN_PARAGRAPH.CENTER).runs[0].bold = True
    _line(book, "", FANGSONG, 10, WD_ALIGN_PARAGRAPH.CENTER)
    if content["addressed_to"]:
        _line(book, content["addressed_to"] + "：", FANGSONG, 16, WD_ALIGN_PARAGRAPH.LEFT)
    for block in content["blocks"]:
        if block["kind"] == "table":
            _table(book, block)
            continue
        face, bold = {"heading": (HEI, False), "subheading": (KAI, True)}.get(block["kind"], (FANGSONG, False))
        paragraph = _line(book, "", face, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=True)
        _write(paragraph, block["spans"], face, 16, bold=bold)
    notes = _notes(content)
    _line(book, "", FANGSONG, 16, WD_ALIGN_PARAGRAPH.LEFT)
    _line(
        book,
        "附件：数字的口径和来源" + ("、修改和勾稽说明" if notes else ""),
        FANGSONG,
        16,
        WD_ALIGN_PARAGRAPH.LEFT,
        indent=True,
    )
    _line(book, "", FANGSONG, 16, WD_ALIGN_PARAGRAPH.LEFT)
    year, month, day = content["issued_on"].split("-")
    for text in (content["office"], f"{year}年{int(month)}月{int(day)}日"):
        _line(book, text, FANGSONG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    book.add_page_break()  # type: ignore[no-untyped-call]
    _line(book, "附件", HEI, 16, WD_ALIGN_PARAGRAPH.LEFT)
    _line(book, "数字的口径和来源", SONG, 18, WD_ALIGN_PARAGRAPH.CENTER)
    _line(
        book,
        f"数字按 {content['known_at']} 所知取自每日快照；正文里的数字可以点击，跳到这里对应的一行。",
        FANGSONG,
        12,
        WD_ALIGN_PARAGRAPH.LEFT,
    )
    _meant(book, content["meanings"])
    _line(book, "", FANGSONG, 10, WD_ALIGN_PARAGRAPH.LEFT)
    _definitions(book, content["numbers"])
    for text in notes:
        _line(book, text, FANGSONG, 12, WD_ALIGN_PARAGRAPH.LEFT)
    return _still(book)


def _notes(content: dict[str, Any]) -> list[str]:
    notes = [f"人工修改（{e['by']}，{e['at']}）：原文“{e['before']}”，改为“{e['after']}”。" for e in content["edits"]]
    if content["free"]:
        notes.append(f"人工填写、没有出处的数字：{'、'.join(content['free'])}。")
    notes += [f"勾稽不符：{words}。" for words in content["mismatches"]]
    if content["explanation"]:
        notes.append(f"勾稽说明：{content['explanation']}")
    return notes


def _page(book: Any) -> None:
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(25)
    normal = book.styles["Normal"]
    normal.font.name, normal.font.size = FANGSONG, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in ((None, "— "), ("begin", ""), ("instr", " PAGE "), ("end", ""), (None, " —")):
        run = _run(footer, text if kind is None else "", "宋体", 14)
        if kind in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif kind == "instr":
            said = OxmlElement("w:instrText")
            said.set(qn("xml:space"), "preserve")
            said.text = text
            run._r.append(said)
    about = book.core_properties
    about.author, about.title, about.comments = "", "", ""
    about.created = about.modified = datetime(2000, 1, 1, tzinfo=UTC)
    about.last_modified_by = ""


def _run(paragraph: Any, text: str, face: str, size: float, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    _face(run, face, size, bold)
    return run


def _face(run: Any, face: str, size: float, bold: bool) -> None:
    run.font.name, run.font.size, run.bold = face, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _line(book: Any, text: str, face: str, size: float, align: Any, *, indent: bool = False) -> Any:
    paragraph = book.add_paragraph()
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(28, size * 1.5))
    if indent:
        shape.first_line_indent = Pt(size * 2)
    if text:
        _run(paragraph, text, face, size)
    return paragraph


def _write(paragraph: Any, spans: Sequence[dict[str, Any]], face: str, size: float, *, bold: bool = False) -> None:
    """Words, and numbers as links inside the file."""
    for span in spans:
        if not span["n"]:
            _run(paragraph, span["t"], face, size, bold=bold)
            continue
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"n{span['n']}")
        link.set(qn("w:history"), "1")
        run = _run(paragraph, span["t"], face, size, bold=bold)
        link.append(run._r)
        paragraph._p.append(link)


def _rule_below(paragraph: Any) -> None:
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C8141C")):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    paragraph._p.get_or_add_pPr().append(borders)


def _grid(book: Any, columns: Sequence[str], widths: Sequence[float] = ()) -> Any:
    table = book.add_table(rows=1, cols=len(columns))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    for cell, text in zip(table.rows[0].cells, columns, strict=True):
        _fill(cell, [{"t": text, "n": 0}], bold=True)
    if widths:
        table.autofit = False
        for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
            column.width = cell.width = Mm(width)
    return table


def _fill(cell: Any, spans: Sequence[dict[str, Any]], *, bold: bool = False, size: float = 10.5) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _write(paragraph, spans, FANGSONG, size, bold=bold)
    return paragraph


def _table(book: Any, block: dict[str, Any]) -> None:
    caption = _line(book, "", HEI, 14, WD_ALIGN_PARAGRAPH.CENTER)
    _write(caption, block["spans"], HEI, 14)
    columns = block["columns"]
    rest = (WIDE - 30) / max(len(columns) - 1, 1)
    widths = (16, 30, 18, 18, WIDE - 82) if columns[0] == "位次" else (30, *(rest for _ in columns[1:]))
    table = _grid(book, columns, widths)
    size = 10.5 if len(columns) < 7 else 9 if len(columns) < 10 else 7
    for row in block["rows"]:
        cells = table.add_row().cells
        for cell, spans, width in zip(cells, row, widths, strict=True):
            cell.width = Mm(width)
            _fill(cell, spans, size=size)


def _meant(book: Any, meanings: Sequence[Sequence[str]]) -> None:
    table = _grid(book, MEANINGS, (36, 76, 44))
    for row in meanings:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _fill(cell, [{"t": text, "n": 0}], size=9)


def _definitions(book: Any, numbers: Sequence[Sequence[str]]) -> None:
    table = _grid(book, COLUMNS, (12, 20, 40, 40, 44))
    for place, row in enumerate(numbers, start=1):
        for position, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            paragraph = _fill(cell, [{"t": text, "n": 0}], size=8)
            if position == 0:
                _bookmark(paragraph, place)


def _bookmark(paragraph: Any, place: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(place))
    start.set(qn("w:name"), f"n{place}")
    paragraph._p.insert(0, start)
    paragraph._p.append(end)


def _still(book: Any) -> bytes:
    """The archive with its parts in their order and without the hour of writing."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, STILL)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
