"""What a file carries besides what it shows: a second file behind its end, acts inside a PDF, foreign parts in an archive."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

TAIL = 1024  # bytes after the end mark of a PDF that scanners and signatures do leave there
ACTS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute")
MOST_OBJECTS = 200_000
MOST_STREAM = 200 * 1024 * 1024  # bytes of one stream of a PDF once unpacked
RATIO = 1000  # an entry that grows more than so many times is no document
NESTED = (
    ".zip",
    ".docx",
    ".xlsx",
    ".ofd",
    ".jar",
    ".7z",
    ".rar",
    ".gz",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".scr",
)
MARKUP = (b"<script", b"<html", b"<svg", b"<iframe", b"<!doctype html")
XML_TRICKS = (b"<!DOCTYPE", b"<!ENTITY")


def behind_pdf(stream: BinaryIO) -> str | None:
    """A second file in front of, or behind, what a reader shows of a PDF."""
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    stream.seek(max(0, size - 64 * 1024))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"%%EOF")
    if end >= 0 and (rest := tail[end + 5 :]).strip(b"\r\n\t \x00"):
        if len(rest) > TAIL or any(mark in rest.lower() for mark in MARKUP) or b"PK\x03\x04" in rest:
            return "末尾还藏着另一个文件"
    if end < 0 and zipfile.is_zipfile(stream):
        stream.seek(0)
        return "末尾还藏着一个压缩包"
    stream.seek(0)
    if zipfile.is_zipfile(stream):
        stream.seek(0)
        return "里面还藏着一个压缩包"
    stream.seek(0)
    return None


def in_pdf(pdf: Any) -> str | None:
    """Something in a PDF that acts by itself, or that unpacks to more than any document holds."""
    import pikepdf

    if len(pdf.objects) > MOST_OBJECTS:
        return "对象过多"
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and (why := _in_stream(thing)):
            return why
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            kinds = set(_kinds(thing))
            if "/EmbeddedFiles" in kinds:
                return "里面夹带附件"
            if not kinds.isdisjoint(ACTS):
                return "带有脚本"
    return None


def _kinds(thing: Any, depth: int = 0) -> Iterator[str]:
    """Kinds of acts of a dictionary and of those written directly inside it."""
    import pikepdf

    for key, value in thing.items():
        if key in ("/JS", "/JavaScript"):
            yield "/JavaScript"
        if key == "/S" and isinstance(value, pikepdf.Name):
            yield str(value)
        if key in ("/EF", "/EmbeddedFiles"):
            yield "/EmbeddedFiles"
        if depth < 6 and not getattr(value, "is_indirect", False) and isinstance(value, pikepdf.Dictionary):
            yield from _kinds(value, depth + 1)


def _in_stream(stream: Any) -> str | None:
    """Flate streams are let out a piece at a time, never whole."""
    import zlib

    filters = stream.get("/Filter")
    names = [str(f) for f in filters] if filters is not None and not str(filters).startswith("/") else [str(filters)]
    if "/FlateDecode" not in names:
        return None
    if names.count("/FlateDecode") > 1:
        return "反复压缩"
    if names[0] != "/FlateDecode":
        return None
    raw, out, engine = stream.read_raw_bytes(), 0, zlib.decompressobj()
    try:
        while raw:
            out += len(engine.decompress(raw, 1024 * 1024))
            if out > MOST_STREAM:
                return "解开后过大"
            raw = engine.unconsumed_tail
    except zlib.error:
        return None  # damage inside is for the reader to show
    return None


def behind_image(body: bytes) -> str | None:
    """Another file in a picture, wherever it hides: behind the end, in a comment, in a text part."""
    lower = body.lower()
    if any(word in lower for word in MARKUP):
        return "里面藏着网页代码"
    if zipfile.is_zipfile(io.BytesIO(body)):
        return "里面还藏着一个压缩包"
    return None


def in_archive(z: zipfile.ZipFile) -> str | None:
    """An entry that leaves its place, another archive or program, foreign XML, or one that grows beyond measure."""
    for info in z.infolist():
        name, lower = info.filename.replace("\\", "/"), info.filename.lower()
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            return "里面的文件路径不正常"
        if (
            lower.endswith(NESTED)
            and not lower.startswith("word/embeddings/")
            and not lower.startswith("xl/embeddings/")
        ):
            return "里面还有压缩包或者程序"
        if info.flag_bits & 1:
            return "设有打开密码"
        if info.file_size > 1024 * 1024 and info.file_size > RATIO * max(info.compress_size, 1):
            return "解开后过大"
        if lower.endswith((".xml", ".rels", ".vml")):
            with z.open(info) as part:
                if any(trick in part.read(64 * 1024) for trick in XML_TRICKS):
                    return "里面的 XML 引用了外部内容"
    return None
