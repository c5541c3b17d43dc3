"""The label of a parcel: addresses, contents, the number as Code 128 and as QR; printing it is journalled."""

import io
from datetime import datetime
from uuid import UUID

import barcode
from barcode.writer import SVGWriter
from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.papers.drawing import draw, qr_svg

from .models import Parcel


def code128(text: str) -> str:
    """A Code 128 barcode as SVG text."""
    out = io.BytesIO()
    barcode.get("code128", text, writer=SVGWriter()).write(out, options={"write_text": False, "quiet_zone": 2})
    return out.getvalue().decode()


@transaction.atomic
def label(*, parcel_id: UUID, by: Actor, at: datetime) -> bytes:
    """The label as PDF; whole name and address are on it, so who printed it is kept (个人信息保护法第六条)."""
    p = Parcel.objects.visible_to(by).select_related("org").get(pk=parcel_id)
    journal.write(subject=p, move="print_label", by=by, at=at, law="个人信息保护法第六条")
    office = {"name": p.org.name, "mobile": p.org.consult_phone, "address": p.org.hall or p.org.name}
    person = {"name": p.name, "mobile": p.mobile, "address": p.address}
    to, sender = (person, office) if p.direction == "out" else (office, person)
    return draw(
        "exchange/label.typ",
        {"number": p.number, "to": to, "from": sender, "contents": p.contents, "case": p.subject_number,
         "bars": code128(p.number), "qr": qr_svg(p.number)},
    )  # fmt: skip
