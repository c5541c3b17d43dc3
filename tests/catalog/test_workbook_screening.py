"""Files that must not be opened are told from their bytes, each with a sentence that says what to do."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from siban.catalog.workbook import screening, writing
from siban.catalog.workbook.headings import WorkbookRefused

from .conftest import logged_in


def book(path: Path) -> Path:
    writing.write(path, [])
    return path


def repacked(path: Path, added: dict[str, bytes], changed: dict[str, Callable[[bytes], bytes]] | None = None) -> Path:
    """The workbook with parts added or changed."""
    with zipfile.ZipFile(book(path)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for name, how in (changed or {}).items():
        parts[name] = how(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in {**parts, **added}.items():
            new.writestr(name, body)
    return path


def with_formula(path: Path) -> Path:
    page = openpyxl.load_workbook(book(path))
    page["事项"]["C5"] = '=HYPERLINK("http://example.org","点这里")'
    page["材料"]["D900"] = "=1+1"
    page.save(path)
    return path


def far_formula(path: Path) -> Path:
    """A formula across the seam of two pieces."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as made:
        page = made.add_worksheet("事项")
        for row in range(9000):
            for column in range(8):
                page.write_string(row, column, f"第 {row} 行的文字，长一点，好让表格超过一块")
        page.write_formula(9000, 3, "=A1")
    return path


def written(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def encrypted(path: Path) -> Path:
    """The flag of a part that wants a password."""
    body = bytearray(book(path).read_bytes())
    at = 0
    while (at := body.find(b"PK\x01\x02", at)) >= 0:
        body[at + 8] |= 1
        at += 4
    return written(path, bytes(body))


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (lambda p: written(p, b""), "是空的"),
    "csv in GBK": (lambda p: written(p, "实施编码,事项名称\r\n1,结婚登记\r\n".encode("gbk") * 900), "其实是文本文件（CSV）"),
    "csv in UTF-8": (lambda p: written(p, "实施编码,事项名称\r\n".encode()), "其实是文本文件（CSV）"),
    "a page renamed": (lambda p: written(p, b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table></html>"), "其实是网页"),
    "old or protected": (lambda p: written(p, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000)), "旧版表格（.xls），或者设有打开密码"),
    "a picture": (lambda p: written(p, b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "不是能读取的表格"),
    "cut off": (lambda p: written(p, book(p).read_bytes()[:3000]), "已损坏"),
    "another package": (lambda p: repacked_without(p, "xl/workbook.xml"), "不是能读取的表格"),
    "macros": (lambda p: repacked(p, {"xl/vbaProject.bin": b"x"}), "带有宏"),
    "enabled for macros": (
        lambda p: repacked(p, {}, {"[Content_Types].xml": lambda b: b.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")}),
        "启用宏的工作簿",
    ),
    "a bomb": (lambda p: repacked(p, {"xl/worksheets/sheet99.xml": bytes(40 * 2**20)}), "大得反常"),
    "a thousand parts": (lambda p: repacked(p, {f"xl/media/{n}": b"" for n in range(2100)}), "大得反常"),
    "a password on parts": (encrypted, "打开密码"),
    "formulas": (with_formula, "“事项”表 C5、“材料”表 D900"),
    "a formula far down": (far_formula, "“事项”表 D9001"),
}  # fmt: skip


def repacked_without(path: Path, name: str) -> Path:
    with zipfile.ZipFile(book(path)) as old:
        parts = {n: old.read(n) for n in old.namelist() if n != name}
    with zipfile.ZipFile(path, "w") as new:
        for n, body in parts.items():
            new.writestr(n, body)
    return path


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    make, part = BAD[name]
    with pytest.raises(WorkbookRefused) as why:
        screening.screen(make(tmp_path / "x.xlsx"))
    said = str(why.value)
    assert part in said
    assert "请" in said
    assert said.endswith("。")


def test_what_the_product_writes_is_let_through(tmp_path: Path) -> None:
    screening.screen(book(tmp_path / "x.xlsx"))


def test_a_lying_size_is_found_out(tmp_path: Path) -> None:
    """A part that claims to be small and is not."""
    path = repacked(tmp_path / "x.xlsx", {"xl/worksheets/sheet99.xml": b"<c>" * 3_000_000})
    body = bytearray(path.read_bytes())
    at = body.rfind(b"xl/worksheets/sheet99.xml") - 46
    body[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(WorkbookRefused):
        screening.screen(written(path, bytes(body)))


@pytest.mark.parametrize("name", ["csv in GBK", "macros", "old or protected", "formulas", "a page renamed"])
def test_the_page_tells_the_same_and_takes_nothing(library: None, tmp_path: Path, settings: object, name: str) -> None:
    settings.HOME_FILES = str(tmp_path / "files")  # type: ignore[attr-defined]
    make, _ = BAD[name]
    path = make(tmp_path / "x.xlsx")
    browser = logged_in("dept_admin", "civil_affairs")
    answer = browser.post(
        "/desk/items/workbook/", {"file": SimpleUploadedFile("表.xlsx", path.read_bytes())}, follow=True
    )
    page = answer.content.decode()
    assert "不能" in page
    assert "确认导入" not in page
