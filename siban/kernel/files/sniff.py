"""What a file really is, told from its bytes and never from its name."""

import io
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from . import hidden


class FileRefused(ValueError):
    """A file that can't be taken; the message tells the person what is wrong and what to do."""


class FileDangerous(FileRefused):
    """A file made to do harm, or one that pretends to be another; counted and journalled besides.

    Args:
        said: the sentence for the person.
        reason: the same without the file's name, for the record.
    """

    def __init__(self, said: str, reason: str) -> None:
        super().__init__(said)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A file type we take: its name for people, media type and usual endings."""

    name: str
    media_type: str
    endings: tuple[str, ...]


PDF = Kind("PDF 文档", "application/pdf", (".pdf",))
JPEG = Kind("JPG 图片", "image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("PNG 图片", "image/png", (".png",))
DOCX = Kind("Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = Kind("Excel 表格", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
OFD = Kind("OFD 版式文档", "application/ofd", (".ofd",))
ALLOWED = (PDF, JPEG, PNG, DOCX, XLSX, OFD)
TAKEN = "、".join(k.name for k in ALLOWED)

FOREIGN = (
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"#!", "脚本文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
    (b"<svg", "SVG 图片"),
    (b"<?xml", "网页或 XML 文件"),
    (b"<!DOCTYPE", "网页文件"),
    (b"<html", "网页文件"),
)
UNREADABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError)
"""What an archive raises that is damaged, locked (RuntimeError) or packed in a way the library does not know (NotImplementedError)."""
ACTIVE = {"程序文件", "脚本文件", "SVG 图片", "网页或 XML 文件", "网页文件"}
MAX_PIXELS = 80_000_000
MAX_UNPACKED = 200 * 1024 * 1024


def sniff(stream: BinaryIO, name: str) -> Kind:
    """The type of an upload.

    Args:
        stream: seekable, read from its beginning, left at its beginning.
        name: the name given by the sender, only compared with what the bytes say.

    Raises:
        FileRefused: not a type we take, damaged, encrypted, dangerous, or not what its name claims.
    """
    stream.seek(0)
    head = stream.read(1024)
    stream.seek(0)
    if not head:
        raise FileRefused(f"文件“{name}”是空的。请检查后重新选择。")
    kind = _kind(head, stream)
    if kind is None:
        lower = head.lstrip().lower()
        really = next((word for magic, word in FOREIGN if lower.startswith(magic.lower())), "无法识别的文件")
        said = f"文件“{name}”的内容是{really}，不能上传。请上传{TAKEN}。"
        raise FileDangerous(said, f"内容是{really}") if really in ACTIVE else FileRefused(said)
    claimed = ("." + name.rsplit(".", 1)[-1].lower()) if "." in name else ""
    if claimed and claimed not in kind.endings:
        raise FileDangerous(
            f"文件“{name}”的名称以 {claimed} 结尾，内容却是{kind.name}。请确认选对了文件，或者改好名称再上传。",
            f"以 {claimed[:10]} 结尾，内容是{kind.name}",
        )
    _PROOFS[kind.media_type](stream, name)
    stream.seek(0)
    return kind


def _kind(head: bytes, stream: BinaryIO) -> Kind | None:
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(stream) as z:
                names = set(z.namelist())
        except zipfile.BadZipFile:
            return None
        finally:
            stream.seek(0)
        for kind, mark in ((DOCX, "word/document.xml"), (XLSX, "xl/workbook.xml"), (OFD, "OFD.xml")):
            if mark in names:
                return kind
    return None


def _prove_pdf(stream: BinaryIO, name: str) -> None:
    import pikepdf

    try:
        with pikepdf.open(stream) as pdf:
            pages = len(pdf.pages)
            active = hidden.in_pdf(pdf)
    except pikepdf.PasswordError as fault:
        raise FileRefused(f"文件“{name}”设有打开密码。请去掉密码后重新上传。") from fault
    except pikepdf.PdfError as fault:
        raise FileRefused(f"文件“{name}”不是完好的 PDF 文档，可能已损坏。请重新导出后上传。") from fault
    if active := active or hidden.behind_pdf(stream):
        raise FileDangerous(f"文件“{name}”{active}，不能上传。请打印成新的 PDF 再上传。", f"PDF {active}")
    if not pages:
        raise FileRefused(f"文件“{name}”没有任何页面。请检查后重新选择。")


def _prove_image(stream: BinaryIO, name: str) -> None:
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise FileDangerous(
                        f"图片“{name}”尺寸过大（{image.width}×{image.height}）。请缩小后再上传。", "图片尺寸过大"
                    )
                image.verify()
    except FileRefused:
        raise
    except Exception as fault:
        raise FileRefused(f"图片“{name}”打不开，可能已损坏。请重新拍照或扫描后上传。") from fault
    stream.seek(0)
    if more := hidden.behind_image(stream.read()):
        raise FileDangerous(f"图片“{name}”{more}，不能上传。请重新拍照或扫描后上传。", f"图片{more}")


def _prove_zip(stream: BinaryIO, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(stream.read()) if not stream.seekable() else stream) as z:
            infos = z.infolist()
            strange = hidden.in_archive(z) if len(infos) <= 5000 else None
    except UNREADABLE as fault:
        raise FileRefused(f"文件“{name}”已损坏。请重新保存后上传。") from fault
    if sum(i.file_size for i in infos) > MAX_UNPACKED or len(infos) > 5000:
        raise FileDangerous(f"文件“{name}”解开后过大，不能上传。请减小内容后再试。", "文档解开后过大")
    if any(i.filename.lower().endswith("vbaproject.bin") for i in infos):
        raise FileDangerous(f"文件“{name}”带有宏，不能上传。请另存为不带宏的文档。", "文档带有宏")
    if strange:
        raise FileDangerous(f"文件“{name}”{strange}，不能上传。请用办公软件另存为新文件后再上传。", f"文档{strange}")


_PROOFS = {
    PDF.media_type: _prove_pdf,
    JPEG.media_type: _prove_image,
    PNG.media_type: _prove_image,
    DOCX.media_type: _prove_zip,
    XLSX.media_type: _prove_zip,
    OFD.media_type: _prove_zip,
}
