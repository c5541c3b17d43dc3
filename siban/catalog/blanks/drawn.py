"""A form as a file: DOCX to be filled in on a computer, PDF to be printed; drawn when first wanted and kept by content."""

import io
from dataclasses import asdict
from datetime import date

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from siban.kernel.papers.drawing import draw

from ..cache import Kept
from ..content import ItemContent, Material
from .sheet import Box, Cell, Grid, Section, Sheet, sheet_of

KINDS = {"blank": "空表", "sample": "样表"}
SUFFIXES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
FONT, HEAVY = "宋体", "黑体"
COLUMNS = (Cm(3.4), Cm(4.9), Cm(3.4), Cm(4.9))
SAMPLE_MARK = "样表：内容为演示，仅供对照填写"
_FILES: Kept[bytes] = Kept(256)


def file_of(
    content: ItemContent, material: Material, *, content_hash: str, kind: str, suffix: str, today: date
) -> bytes:
    """The bytes of a form; the same version gives the same bytes.

    Args:
        kind: of `KINDS`. suffix: of `SUFFIXES`.
        today: the day a sample is dated.

    Raises:
        KeyError: no such kind or suffix.
    """
    drawer = {"docx": docx, "pdf": pdf}[suffix]
    sample = {"blank": False, "sample": True}[kind]

    def make() -> bytes:
        return drawer(sheet_of(content, material, sample=sample, today=today))

    return _FILES.get((content_hash, material.id, kind, suffix, today if sample else None), make)


def pdf(sheet: Sheet) -> bytes:
    """Set by typst, as all papers are."""
    return draw("catalog/form.typ", {**asdict(sheet), "mark": SAMPLE_MARK if sheet.sample else ""})


def docx(sheet: Sheet) -> bytes:
    """A table of four columns on A4, as offices hand it out; what is to be written in is empty."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin = Cm(2), Cm(1.8)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    properties = document.core_properties
    properties.title, properties.author, properties.language = sheet.title, sheet.org, "zh-CN"
    if sheet.sample:
        _write(document.add_paragraph(), SAMPLE_MARK, align=WD_ALIGN_PARAGRAPH.RIGHT, red=True)
    _write(document.add_paragraph(), sheet.title, size=20, heavy=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _write(document.add_paragraph(), f"办理事项：{sheet.item}　　办理单位：{sheet.org}", size=11)
    for section in sheet.sections:
        _section(document.add_table(0, len(COLUMNS)), section, red=sheet.sample)
        document.add_paragraph().paragraph_format.space_after = Pt(2)
    for text in sheet.text:
        paragraph = _write(document.add_paragraph(), text)
        paragraph.paragraph_format.first_line_indent = Pt(24)
    for box in sheet.says:
        _write(document.add_paragraph(), _box(box))
    _signatures(document.add_table(0, 2), sheet)
    for number, note in enumerate(sheet.notes, 1):
        _write(document.add_paragraph(), f"填表说明 {number}：{note}" if number == 1 else f"{number}．{note}", size=10)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(
    paragraph: Paragraph, text: str, *, size: float = 12, heavy: bool = False, red: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> Paragraph:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), heavy
    if heavy:
        run.font.name = HEAVY
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAVY)
    if red:
        run.font.color.rgb = RGBColor(0xB0, 0x12, 0x1A)
    paragraph.alignment = align  # type: ignore[assignment]
    paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _box(box: Box) -> str:
    return f"{'☑' if box.ticked else '□'}{box.label}"


def _section(table: Table, section: Section, *, red: bool) -> None:
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    head = table.add_row().cells  # type: ignore[no-untyped-call]
    _write(head[0].merge(head[-1]).paragraphs[0], section.title, heavy=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    for line in section.lines:
        _line(table, line, red=red)
    for grid in section.grids:
        _grid(table, grid, red=red)
    for row in table.rows:
        for cell, width in zip(row.cells, COLUMNS, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _line(table: Table, line: tuple[Cell, ...], *, red: bool) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]
    row.height = Cm(2) if line[0].tall else Cm(0.95)
    places = row.cells
    if len(line) == 1:
        places = (places[0], places[1].merge(places[3]))
    for number, cell in enumerate(line):
        _write(places[2 * number].paragraphs[0], f"{cell.label}{'*' if cell.required else ''}", size=11)
        words = "　".join(_box(b) for b in cell.boxes) or cell.value
        _write(places[2 * number + 1].paragraphs[0], words, size=11, red=red and not cell.boxes)


def _grid(table: Table, grid: Grid, *, red: bool) -> None:
    """A list inside the table: its name over it, its head and rows side by side in a table of their own."""
    row = table.add_row().cells  # type: ignore[no-untyped-call]
    place: _Cell = row[0].merge(row[-1])
    _write(place.paragraphs[0], grid.label, size=11)
    inner = place.add_table(0, len(grid.heads))
    inner.style = "Table Grid"
    for said in (grid.heads, *grid.rows):
        for cell, word in zip(inner.add_row().cells, said, strict=True):  # type: ignore[no-untyped-call]
            _write(cell.paragraphs[0], word, size=10.5, red=red and said is not grid.heads)
    _write(place.add_paragraph(), "", size=2)  # a cell must end in a paragraph


def _signatures(table: Table, sheet: Sheet) -> None:
    for number, name in enumerate(sheet.signs):
        left, right = table.add_row().cells  # type: ignore[no-untyped-call]
        written = sheet.signed[number] if sheet.signed else ""
        _write(left.paragraphs[0], f"{name}：{written}", red=bool(written))
        _write(
            right.paragraphs[0],
            sheet.day or "　　　　年　　月　　日",
            align=WD_ALIGN_PARAGRAPH.RIGHT,
            red=bool(sheet.day),
        )
