"""拍照: the pages of a paper as photographed become one PDF, and that is what is handed in."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from siban.cases.models import Case, CaseMaterial
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from . import drafting

MOST_PAGES = 20
MOST_PIXELS = 50_000_000
WIDEST = 2400
KINDS = ("JPEG", "PNG", "WEBP")
DPI = 200


def add_photographs(
    *, case_id: UUID, material_id: str, shots: Sequence[BinaryIO], by: Actor, at: datetime
) -> CaseMaterial:
    """Hand in photographs of a material as one document, one page each, upright.

    Raises:
        Refused: none, too many, not a picture, or larger than a camera makes them.
        FileRefused: the whole is larger than what is taken.
    """
    if not shots:
        raise Refused("没有照片。请先拍照，或者从文件里选照片。")
    if len(shots) > MOST_PAGES:
        raise Refused(f"一份材料最多 {MOST_PAGES} 张照片，这次有 {len(shots)} 张。请分几次提交，或者改用扫描件。")
    case = Case.objects.visible_to(by).select_related("version").get(pk=case_id)
    material = drafting.material_of(case, material_id)
    pages = [_page(shot, number) for number, shot in enumerate(shots, 1)]
    out = io.BytesIO()
    pages[0].save(out, format="PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return drafting.add_file(
        case_id=case_id, material_id=material_id, upload=out, name=f"{material.name[:60]}（拍照）.pdf", by=by, at=at
    )


def _page(shot: BinaryIO, number: int) -> Image.Image:
    shot.seek(0)
    try:
        with Image.open(shot, formats=KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(f"第 {number} 张照片太大（{picture.width}×{picture.height}）。请降低拍照的清晰度再拍。")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((WIDEST, WIDEST))
            return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused(f"第 {number} 个文件不是完整的照片（JPEG、PNG 或者 WebP）。请重拍或者重新选择。") from None
