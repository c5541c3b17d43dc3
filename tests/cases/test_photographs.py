"""拍照: pages become one document; what is no photograph is refused and nothing is half kept."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from siban.cases.actions import photographs
from siban.cases.models import Case
from siban.kernel import files
from siban.kernel.flow import Refused

from . import cast as standing
from .test_counter import begin, hall, situated  # noqa: F401 (a fixture and the ways of the clerk)


def picture(size=(300, 200), kind="JPEG", orientation=None):
    out = io.BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new("RGB", size, "white").save(out, kind, exif=exif)
    out.seek(0)
    return out


def material_of(case):
    return next(m.id for m in case.wanted() if not m.is_form)


def test_several_pages_become_one_document_through_the_page(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    mid = material_of(situated(client, where))
    sent = [SimpleUploadedFile(f"{n}.jpg", picture().read(), "image/jpeg") for n in range(3)]
    assert client.post(where, {f"seen-{mid}": "1", f"photo-{mid}": sent}).status_code == 200
    row = Case.objects.get().materials.get()
    assert row.file.media_type == "application/pdf"
    with pikepdf.open(io.BytesIO(files.read(row.file))) as made:
        assert len(made.pages) == 3


def test_a_page_taken_sideways_stands_upright(hall):  # noqa: F811
    page = photographs._page(picture((300, 200), orientation=6), 1)
    assert page.size == (200, 300)


@pytest.mark.parametrize(
    ("shots", "why"),
    [
        ([], "没有照片"),
        ([picture] * 21, "最多 20 张"),
        ([picture, lambda: io.BytesIO(b"GIF89a" + b"0" * 100)], "第 2 个文件不是完整的照片"),
        ([lambda: io.BytesIO(picture().read()[:100])], "第 1 个文件不是完整的照片"),
        ([lambda: picture((9000, 6000))], "太大"),
    ],
)
def test_what_cannot_be_a_page_is_refused_by_its_number(hall, shots, why):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    case = situated(client, begin(client, hall)["Location"])
    with pytest.raises(Refused, match=why):
        photographs.add_photographs(
            case_id=case.pk,
            material_id=material_of(case),
            shots=[one() for one in shots],
            by=hall.clerk,
            at=standing.MONDAY,
        )
    assert not case.materials.exists()


def test_the_camera_is_allowed_on_the_page_of_the_draft_and_nowhere_else(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    allowed = re.compile(r"camera=\(self\)")
    assert allowed.search(client.get(where)["Permissions-Policy"])
    for other in ("/desk/counter/", "/desk/", "/", "/desk/issue/"):
        assert not allowed.search(client.get(other)["Permissions-Policy"])
