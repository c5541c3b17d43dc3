"""Files are what their bytes say, whatever their name."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from siban.kernel import files
from siban.kernel.files import FileRefused, sniff
from siban.kernel.models import StoredFile

AT = datetime(2026, 3, 2, tzinfo=UTC)


def pdf(password: str = "", script: bool = False) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if script:
            made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in ("[Content_Types].xml", *names):
            z.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "name", "media"),
    [
        (pdf(), "申请书.pdf", "application/pdf"),
        (picture("PNG"), "照片.PNG", "image/png"),
        (picture("JPEG"), "照片.jpeg", "image/jpeg"),
        (
            office("word/document.xml"),
            "说明.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (office("xl/workbook.xml"), "表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_lawful_files_are_known_for_what_they_are(body: bytes, name: str, media: str) -> None:
    assert sniff(io.BytesIO(body), name).media_type == media


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (b"", "空.pdf", "是空的"),
        (b"MZ" + b"\0" * 200, "身份证.pdf", "程序文件"),
        (b"<svg onload='x'></svg>", "图.svg", "SVG"),
        (b"<html><script>1</script>", "页.pdf", "网页"),
        (b"Rar!\x1a\x07", "包.rar", "RAR"),
        (b"%PDF-1.7 no more", "坏.pdf", "不是完好的 PDF"),
        (pdf(password="x1"), "密.pdf", "打开密码"),
        (pdf(script=True), "脚本.pdf", "带有脚本"),
        (picture("PNG")[:40], "断.png", "打不开"),
        (picture("PNG"), "图.pdf", "内容却是PNG"),
        (pdf(), "文件.jpg", "内容却是PDF"),
        (office("word/document.xml", "word/vbaProject.bin"), "宏.docx", "带有宏"),
        (office("nothing.txt"), "包.zip", "不能上传"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧.doc", "旧版 Office"),
    ],
)
def test_foreign_damaged_and_dangerous_files_are_refused_with_a_sentence(body: bytes, name: str, words: str) -> None:
    with pytest.raises(FileRefused, match=words) as refused:
        sniff(io.BytesIO(body), name)
    assert str(refused.value).endswith("。")


@pytest.mark.django_db
def test_a_refused_upload_leaves_nothing_behind(settings: pytest.FixtureRequest) -> None:
    with pytest.raises(FileRefused, match="超过 1 MB"):
        files.keep(b"x" * 1_100_000, name="大.pdf", at=AT, limit=1024 * 1024)
    with pytest.raises(FileRefused):
        files.keep(b"MZ" + b"\0" * 99, name="身份证.pdf", at=AT)
    assert not StoredFile.objects.exists()
    assert not list(Path(settings.HOME_FILES).glob(".incoming-*"))  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_same_bytes_are_kept_once_and_checked_when_read(settings: pytest.FixtureRequest) -> None:
    one = files.keep(pdf(), name="../../甲.pdf", at=AT)
    two = files.keep(files.read(one), name="乙.pdf", at=AT)
    assert one.sha256 == two.sha256
    assert one.name == "甲.pdf"
    place = Path(settings.HOME_FILES) / one.sha256[:2] / one.sha256[2:4] / one.sha256  # type: ignore[attr-defined]
    place.write_bytes(b"%PDF-changed")
    with pytest.raises(OSError, match="does not match"):
        files.read(two)


@pytest.mark.django_db
def test_bytes_of_a_refused_upload_go_after_a_day_and_named_ones_stay(settings: pytest.FixtureRequest) -> None:
    kept = files.keep(pdf(), name="甲.pdf", at=AT)
    with pytest.raises(FileRefused):
        files.keep(b"MZ" + b"\0" * 99, name="身份证.pdf", at=AT)
    places = list(Path(settings.HOME_FILES).glob("??/??/*"))  # type: ignore[attr-defined]
    assert len(places) == 2
    written = datetime.fromtimestamp(max(p.stat().st_mtime for p in places), UTC)
    assert files.remove_unreferenced(at=written) == 0
    assert files.remove_unreferenced(at=written + timedelta(days=2)) == 1
    assert files.read(kept).startswith(b"%PDF-")
