"""Files made to do harm: every one is refused with a sentence, every good neighbour passes."""

import io
import zipfile
import zlib
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from PIL import Image

from siban.kernel import files
from siban.kernel.files import FileRefused, hidden, sniff

AT = datetime(2026, 3, 2, tzinfo=UTC)
DOCX = "word/document.xml"


def pdf(change: Any = None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        made.save(out)
    return out.getvalue()


def acting(kind: str, where: str) -> bytes:
    """A PDF with an act of this kind, at the opening, on a page, or on a link."""

    def change(made: pikepdf.Pdf) -> None:
        act = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), JS="app.alert(1)", F="cmd.exe")
        if where == "open":
            made.Root.OpenAction = act
        elif where == "page":
            made.pages[0].obj.AA = pikepdf.Dictionary(O=act)
        else:
            link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=act)
            made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(link)])

    return pdf(change)


def attached() -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.attachments["evil.exe"] = b"MZ"

    return pdf(change)


def swollen(size: int) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        squeezed = zlib.compress(b"\0" * size, 9)
        made.Root.Big = pikepdf.Stream(made, squeezed, Filter=pikepdf.Name.FlateDecode)

    return pdf(change)


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in parts:
            z.writestr(name, body)
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
HTML = b"<html><script>alert(1)</script></html>"
HOSTILE = {
    "PDF with a page behind it": (pdf() + HTML, "a.pdf", "藏着"),
    "PDF with an archive behind it": (pdf() + archive(("a.txt", b"x")), "a.pdf", "藏着"),
    "PDF that is a document too": (pdf() + archive((DOCX, b"<x/>")), "a.docx", "内容却是PDF"),
    "GIF with script": (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "a.gif", "GIF"),
    "PNG with a page behind it": (picture("PNG") + HTML, "a.png", "藏着"),
    "JPEG with an archive behind it": (picture("JPEG") + archive(("a", b"x")), "a.jpg", "藏着"),
    "SVG called PNG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png", "SVG"),
    "page called PDF": (HTML, "a.pdf", "网页"),
    "page in front of a PDF": (HTML + pdf(), "a.pdf", "网页"),
    "PDF with script at opening": (acting("JavaScript", "open"), "a.pdf", "带有脚本"),
    "PDF with script on a page": (acting("JavaScript", "page"), "a.pdf", "带有脚本"),
    "PDF that starts a program by a link": (acting("Launch", "link"), "a.pdf", "带有脚本"),
    "PDF with a program attached": (attached(), "a.pdf", "夹带附件"),
    "PDF that swells": (swollen(hidden.MOST_STREAM + 2), "a.pdf", "过大"),
    "document that swells": (archive((DOCX, b"\0" * 30_000_000)), "a.docx", "过大"),
    "sheet with another archive in it": (archive(("xl/workbook.xml", b"<x/>"), ("xl/a.zip", archive(("b", b"c")))), "a.xlsx", "压缩包"),
    "OFD with another OFD in it": (archive(("OFD.xml", b"<x/>"), ("Doc_0/a.ofd", archive(("b", b"c")))), "a.ofd", "压缩包"),
    "document whose part climbs out": (archive((DOCX, b"<x/>"), ("../../etc/cron.d/x", b"x")), "a.docx", "路径"),
    "document with external entities": (archive((DOCX, ENTITY)), "a.docx", "外部"),
    "sheet with external entities": (archive(("xl/workbook.xml", b"<x/>"), ("xl/a.xml", ENTITY)), "a.xlsx", "外部"),
    "OFD with external entities": (archive(("OFD.xml", ENTITY)), "a.ofd", "外部"),
    "document with a macro": (archive((DOCX, b"<x/>"), ("word/vbaProject.bin", b"x")), "a.docx", "宏"),
    "cut off PDF": (pdf()[:200], "a.pdf", "PDF"),
    "cut off document": (archive((DOCX, b"<x/>" * 99))[:60], "a.docx", "不能上传"),
    "empty": (b"", "a.pdf", "空"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused_with_its_sentence(kind: str) -> None:
    body, name, words = HOSTILE[kind]
    with pytest.raises(FileRefused, match=words):
        sniff(io.BytesIO(body), name)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (pdf(), "申请书.pdf"), (pdf() + b"\r\n\r\n", "扫描.pdf"), (picture("PNG"), "照片.png"),
        (picture("JPEG") + b"\0" * 40, "相机.jpg"), (archive((DOCX, b"<x/>")), "说明.docx"),
        (archive(("OFD.xml", b"<x/>"), ("Doc_0/Document.xml", b"<x/>")), "证明.ofd"),
        (swollen(1_000_000), "大图.pdf"),
    ],
)  # fmt: skip
def test_good_neighbour_passes(body: bytes, name: str) -> None:
    sniff(io.BytesIO(body), name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("..\\..\\a.pdf", "a.pdf"), ("a\x00.pdf", "a.pdf"),
        ("发票\u202egpj.pdf", "发票gpj.pdf"), ("a\r\nX: y.pdf", "aX: y.pdf"), ("x" * 300 + ".pdf", ("x" * 300 + ".pdf")[-200:]),
        ("CON.pdf", "_CON.pdf"), ("lpt1.pdf", "_lpt1.pdf"), ("..", "未命名"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_dangerous_name_is_kept_harmless(given: str, kept: str) -> None:
    assert files.keep(pdf(), name=given, at=AT, media_type="application/pdf").name == kept
