"""The same workbook with some cells changed, coloured or commented; all else stays as it was, to the letter.

A workbook is a packed folder of texts. Only the rows with such cells are rewritten, while the sheets run through, so that a
workbook of any size takes no more memory than what is to be said about it. No database, no clock.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import IO, Any

from . import screening
from .cells import LONGEST
from .headings import WorkbookRefused
from .places import letter

PIECE = 1 << 18
ROW, ENDED = b"<row ", b"</sheetData>"
NUMBER = re.compile(rb'<row\s[^>]*?\br="(\d+)"')
CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]+)\d+"')
STYLE = re.compile(rb'\bs="(\d+)"')
XF = re.compile(r"<xf\b[^>]*?/>|<xf\b.*?</xf>", re.DOTALL)
TEXTS = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.DOTALL)
COMMENT = re.compile(r'<comment\b[^>]*\bref="([A-Z]+[0-9]+)"[^>]*>.*?</comment>', re.DOTALL)
AFTER_LEGACY = re.compile(
    rb"<(?:legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TONES = {"E": "FFF9D6D2", "W": "FFFCEBC4"}
MOST_NOTES = 5000  # on one sheet; a spreadsheet program opens no more in reasonable time, the list has them all
NOTE = 900  # characters
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
NOT_LIKE_THIS = "这个工作簿的存储方式不能就地标注。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再检查。"


@dataclass(slots=True)
class Change:
    """What happens to a cell: a new value, a tone (`E`, `W`), a note; None leaves it."""

    value: Any = None
    tone: str | None = None
    notes: list[str] = field(default_factory=list)


Changes = Mapping[str, Mapping[int, Mapping[int, Change]]]
"""`{sheet: {row: {column: change}}}`, counted from 1."""


@dataclass(slots=True)
class Listing:
    """A sheet to be added at the front of the others' tail: widths of its columns, rows of words, cells and links."""

    name: str
    widths: Sequence[int]
    rows: Iterator[Sequence[Any]]
    bold: frozenset[int] = frozenset()


def amended(path: Path, out: Path, changes: Changes, listing: Listing | None = None) -> None:
    """Write the workbook with its changes beside the old one, wholly or not at all.

    Raises:
        WorkbookRefused: it is written in a way that cannot be changed in place.
    """
    beside = out.with_name(f".{out.name}.new")
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as new:
            _Amending(old, new).all(changes, listing)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


class _Amending:
    def __init__(self, old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        self.old, self.new = old, new
        self.parts = {name: part for part, name in screening.sheets_of(old)}
        self.texts: dict[str, str] = {}  # small parts that are rewritten, by name
        self.styles = Styles(self._text("xl/styles.xml"))

    def _text(self, name: str) -> str:
        if name not in self.texts:
            self.texts[name] = self.old.read(name).decode() if name in self.old.namelist() else ""
        return self.texts[name]

    def all(self, changes: Changes, listing: Listing | None) -> None:
        touched = {self.parts[name]: rows for name, rows in changes.items() if name in self.parts}
        legacy = {part: self._notes(part, rows) for part, rows in touched.items()}
        if listing is not None:
            self._add_sheet(listing)
        for info in self.old.infolist():
            if info.filename in touched:
                with self.old.open(info) as source, self.new.open(info.filename, "w", force_zip64=True) as target:
                    self._sheet(source, target, touched[info.filename], legacy[info.filename])
            elif info.filename not in self.texts:
                with self.old.open(info) as source, self.new.open(info.filename, "w", force_zip64=True) as target:
                    while piece := source.read(PIECE):
                        target.write(piece)
        self.texts["xl/styles.xml"] = self.styles.text()
        for name, said in self.texts.items():
            if said:
                self.new.writestr(name, said)

    def _sheet(
        self, source: IO[bytes], target: IO[bytes], rows: Mapping[int, Mapping[int, Change]], legacy: str
    ) -> None:
        buffer, left = b"", set(rows)
        while True:
            piece = source.read(PIECE)
            buffer += piece
            end = buffer.find(ENDED)
            safe = end if end >= 0 else max(buffer.rfind(ROW), 0)
            at = buffer.find(ROW, 0, safe)
            if at >= 0:
                target.write(buffer[:at])
                while at < safe:
                    after = buffer.find(ROW, at + len(ROW), safe)
                    after = after if after >= 0 else safe
                    said = NUMBER.match(buffer, at, after)
                    number = int(said.group(1)) if said else 0
                    row = buffer[at:after]
                    if number in rows:
                        left.discard(number)
                        row = self._row(row, number, rows[number])
                    target.write(row)
                    at = after
                buffer = buffer[safe:]
            if end >= 0 or not piece:
                break
        if left:
            raise WorkbookRefused([NOT_LIKE_THIS])
        tail = buffer + source.read()
        if legacy and (spot := AFTER_LEGACY.search(tail)):
            tail = tail[: spot.start()] + legacy.encode() + tail[spot.start() :]
        target.write(tail)

    def _row(self, row: bytes, number: int, changes: Mapping[int, Change]) -> bytes:
        opened = row.index(b">")
        if row[opened - 1 : opened] == b"/":
            head, body, foot = row[: opened - 1] + b">", b"", b"</row>"
        else:
            closing = row.rindex(b"</row>")
            head, body, foot = row[: opened + 1], row[opened + 1 : closing], row[closing:]
        cells: dict[int, bytes] = {}
        for cell in CELL.findall(body):
            said = REFERENCE.search(cell)
            if said is None:
                raise WorkbookRefused([NOT_LIKE_THIS])
            cells[_column(said.group(1).decode())] = cell
        for column, change in changes.items():
            cells[column] = self._cell(cells.get(column), f"{letter(column - 1)}{number}", change)
        return head + b"".join(cells[column] for column in sorted(cells)) + foot

    def _cell(self, old: bytes | None, reference: str, change: Change) -> bytes:
        said = STYLE.search(old[: old.index(b">")]) if old else None
        style = int(said.group(1)) if said else 0
        if change.tone:
            style = self.styles.toned(style, change.tone)
        if change.value is None:
            if old is None:
                return f'<c r="{reference}" s="{style}"/>'.encode()
            opened = old.index(b">")
            head = STYLE.sub(b"", old[:opened].removesuffix(b"/"))
            closed = b"/" if old[opened - 1 : opened] == b"/" else b""
            return head.rstrip() + f' s="{style}"'.encode() + closed + old[opened:]
        if isinstance(change.value, bool | int | float) and not isinstance(change.value, bool):
            return f'<c r="{reference}" s="{style}"><v>{change.value}</v></c>'.encode()
        return f'<c r="{reference}" s="{style}" t="inlineStr"><is>{_t(str(change.value))}</is></c>'.encode()

    def _notes(self, part: str, rows: Mapping[int, Mapping[int, Change]]) -> str:
        """Comments of a sheet, added to those it has; gives what the sheet must say of them, if it says nothing yet."""
        notes = [
            (r, c, change.notes)
            for r, said in sorted(rows.items())
            for c, change in sorted(said.items())
            if change.notes
        ]
        if not notes:
            return ""
        notes = notes[:MOST_NOTES]
        folder, name = part.rsplit("/", 1)
        related = f"{folder}/_rels/{name}.rels"
        links = self._text(related) or (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKED}/relationships"></Relationships>'
        )
        comments, drawing = (_target(links, kind, folder) for kind in ("comments", "vmlDrawing"))
        legacy = ""
        if not comments:
            comments = f"xl/commentsSiban_{Path(name).stem}.xml"
            links = _linked(links, "rIdSibanC", "comments", f"/{comments}")
            self._typed(f"/{comments}", "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")
            self.texts[comments] = (
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}"><authors><author></author></authors><commentList></commentList></comments>'
            )
        if not drawing:
            drawing = f"xl/drawings/vmlDrawingSiban_{Path(name).stem}.vml"
            links = _linked(links, "rIdSibanV", "vmlDrawing", f"/{drawing}")
            legacy = f'<legacyDrawing xmlns:r="{RELATED}" r:id="rIdSibanV"/>'
            types = self._text("[Content_Types].xml")
            if 'Extension="vml"' not in types:
                self.texts["[Content_Types].xml"] = re.sub(
                    r"(<Types[^>]*>)", r'\1<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>', types, count=1,
                )  # fmt: skip
            self.texts[drawing] = (
                '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
                '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
            )
        self.texts[related] = links
        said, shapes, new = self._text(comments), [], []
        before = {found.group(1): found.group(0) for found in COMMENT.finditer(said)}
        for at, (row, column, sentences) in enumerate(notes):
            words, reference = "\n".join(sentences)[:NOTE], f"{letter(column - 1)}{row}"
            if own := before.get(reference):
                kept, head = "".join(TEXTS.findall(own)), own.split(">", 1)[0]
                said = said.replace(own, f"{head}><text>{_t_raw(kept + chr(10) + _xml(words))}</text></comment>")
                continue
            shapes.append((at, row, column))
            new.append(f'<comment ref="{reference}" authorId="0"><text>{_t(words)}</text></comment>')
        self.texts[comments] = said.replace("</commentList>", f"{''.join(new)}</commentList>")
        self.texts[drawing] = self._text(drawing).replace("</xml>", "".join(_shape(*one) for one in shapes) + "</xml>")
        return legacy

    def _typed(self, part: str, kind: str) -> None:
        types = self._text("[Content_Types].xml")
        self.texts["[Content_Types].xml"] = types.replace(
            "</Types>", f'<Override PartName="{part}" ContentType="{kind}"/></Types>'
        )

    def _add_sheet(self, listing: Listing) -> None:
        name = listing.name
        while name in self.parts:
            name += "（新）"
        book, links = self._text("xl/workbook.xml"), self._text("xl/_rels/workbook.xml.rels")
        if "</sheets>" not in book or "</Relationships>" not in links:
            raise WorkbookRefused([NOT_LIKE_THIS])
        number = max((int(n) for n in re.findall(r'\bsheetId="(\d+)"', book)), default=0) + 1
        self.texts["xl/workbook.xml"] = book.replace(
            "</sheets>", f'<sheet name="{name}" sheetId="{number}" xmlns:r="{RELATED}" r:id="rIdSibanL"/></sheets>'
        )
        self.texts["xl/_rels/workbook.xml.rels"] = _linked(
            links, "rIdSibanL", "worksheet", "/xl/worksheets/sheetSiban.xml"
        )
        self._typed(
            "/xl/worksheets/sheetSiban.xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        )
        bold, wrapped = self.styles.bold(), self.styles.wrapped()
        links_to: list[tuple[str, str]] = []
        with self.new.open("xl/worksheets/sheetSiban.xml", "w", force_zip64=True) as target:
            columns = "".join(
                f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(listing.widths, 1)
            )
            target.write(
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><cols>{columns}</cols><sheetData>'.encode()
            )
            for number, row in enumerate(listing.rows, 1):
                style = bold if number in listing.bold else wrapped
                said = []
                for at, value in enumerate(row):
                    reference = f"{letter(at)}{number}"
                    if isinstance(value, Link):
                        if len(links_to) < MOST_NOTES:
                            links_to.append((reference, value.to))
                        value = value.words
                    if value in (None, ""):
                        continue
                    if isinstance(value, int):
                        said.append(f'<c r="{reference}" s="{style}"><v>{value}</v></c>')
                    else:
                        said.append(f'<c r="{reference}" s="{style}" t="inlineStr"><is>{_t(str(value))}</is></c>')
                target.write(f'<row r="{number}">{"".join(said)}</row>'.encode())
            hyperlinks = "".join(f'<hyperlink ref="{ref}" location="{escape(to)}"/>' for ref, to in links_to)
            target.write(
                f"</sheetData>{f'<hyperlinks>{hyperlinks}</hyperlinks>' if hyperlinks else ''}</worksheet>".encode()
            )


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a cell that lead to another one (`'材料'!F12`)."""

    words: str
    to: str


class Styles:
    """The formats of the cells, with those added that differ from an old one in their ground only."""

    def __init__(self, text: str) -> None:
        found = re.search(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", text, re.DOTALL)
        fills = re.search(r"<fills\b[^>]*>.*?</fills>", text, re.DOTALL)
        fonts = re.search(r"<fonts\b[^>]*>(.*?)</fonts>", text, re.DOTALL)
        if not found or not fills or not fonts:
            raise WorkbookRefused([NOT_LIKE_THIS])
        self._text, self._xfs = text, XF.findall(found.group(1))
        self._fills = len(re.findall(r"<fill\b(?!s)", fills.group(0)))
        self._fonts = len(re.findall(r"<font>|<font/>|<font\s", fonts.group(1)))
        self._made: dict[tuple[int, str], int] = {}
        self._with_font = False

    def toned(self, style: int, tone: str) -> int:
        """The number of a format like this one on the tone's ground."""
        if (style, tone) not in self._made:
            old = self._xfs[style] if style < len(self._xfs) else self._xfs[0]
            fill = self._fills + list(TONES).index(tone)
            head, rest = old.split(">", 1) if not old.endswith("/>") else (old[:-2], None)
            head = re.sub(r'\s(fillId|applyFill)="[^"]*"', "", head) + f' fillId="{fill}" applyFill="1"'
            self._made[style, tone] = self._add(f"{head}/>" if rest is None else f"{head}>{rest}")
        return self._made[style, tone]

    def bold(self) -> int:
        self._with_font = True
        return self._add(f'<xf numFmtId="0" fontId="{self._fonts}" fillId="0" borderId="0" xfId="0" applyFont="1"/>')

    def wrapped(self) -> int:
        return self._add('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>')  # fmt: skip

    def _add(self, xf: str) -> int:
        self._xfs.append(xf)
        return len(self._xfs) - 1

    def text(self) -> str:
        fills = "".join(f'<fill><patternFill patternType="solid"><fgColor rgb="{c}"/><bgColor indexed="64"/></patternFill></fill>' for c in TONES.values())  # fmt: skip
        said = re.sub(
            r"<cellXfs\b[^>]*>.*?</cellXfs>",
            lambda _: f'<cellXfs count="{len(self._xfs)}">{"".join(self._xfs)}</cellXfs>', self._text, count=1, flags=re.DOTALL,
        )  # fmt: skip
        said = said.replace("</fills>", f"{fills}</fills>", 1)
        said = re.sub(r"<fills\b[^>]*>", f'<fills count="{self._fills + len(TONES)}">', said, count=1)
        if self._with_font:
            said = said.replace("</fonts>", '<font><b/><sz val="11"/></font></fonts>', 1)
            said = re.sub(r'(<fonts\b[^>]*?\bcount=")\d+', rf"\g<1>{self._fonts + 1}", said, count=1)
        return said


def _column(letters: str) -> int:
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - 64
    return number


def _xml(words: str) -> str:
    return escape(ILLEGAL.sub("", words), quote=False)


def _t(words: str) -> str:
    return _t_raw(_xml(words[:LONGEST]))


def _t_raw(words: str) -> str:
    return f'<t xml:space="preserve">{words}</t>'


def _target(links: str, kind: str, folder: str) -> str:
    """The part a relationship of a kind leads to."""
    for one in re.findall(r"<Relationship\b[^>]*>", links):
        said = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if said.get("Type", "").endswith(f"/{kind}"):
            to = said.get("Target", "")
            steps = [] if to.startswith("/") else folder.split("/")
            for step in to.strip("/").split("/"):
                steps = steps[:-1] if step == ".." else [*steps, step]
            return "/".join(steps)
    return ""


def _linked(links: str, key: str, kind: str, target: str) -> str:
    return links.replace(
        "</Relationships>", f'<Relationship Id="{key}" Type="{RELATED}/{kind}" Target="{target}"/></Relationships>'
    ) if "</Relationships>" in links else re.sub(
        r"<Relationships([^>]*?)/>",
        lambda m: f'<Relationships{m.group(1)}><Relationship Id="{key}" Type="{RELATED}/{kind}" Target="{target}"/></Relationships>',
        links,
    )  # fmt: skip


def _shape(number: int, row: int, column: int) -> str:
    """Where a comment shows up: hidden until its cell is pointed at."""
    return (
        f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{700000 + number}" type="#_x0000_t202" style="position:absolute;width:240pt;height:96pt;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 15, {max(row - 2, 0)}, 10, {column + 4}, 15, {row + 5}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
