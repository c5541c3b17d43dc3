"""The sheet of a certificate: drawn and sealed when it is first wanted, the same bytes ever after."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from siban.kernel import clock, files, papers
from siban.kernel.papers.drawing import qr_svg

from . import rules, signing
from .models import ECert

TEMPLATE = "certificates/certificate.typ"
SEAL_BOX = (576, 58, 702, 182)  # points from the lower left; the sheet draws the round seal at this very place


def verify_address(code: str, base: str = "") -> str:
    """The public address that confirms a certificate; `base` is the site, e.g. `https://example.org/`."""
    base = base or getattr(settings, "PUBLIC_URL", "")
    try:
        return urljoin(base, reverse("verify-result", args=[code]))
    except NoReverseMatch:
        return urljoin(base, f"/verify/{code}/")


def pdf(cert: ECert, *, base: str = "", at: datetime | None = None) -> bytes:
    """The certificate as a sealed PDF.

    Args:
        base: scheme and host for the QR code; by default the site's `PUBLIC_URL`.
        at: the instant of sealing; interfaces may leave it out.
    """
    if cert.file is not None:
        return files.read(cert.file)
    at = at or clock.now()
    drawn = papers.draw(TEMPLATE, content(cert, base=base))
    body = signing.demonstration().seal(
        drawn,
        org_code=cert.issuer.code,
        org_name=cert.issuer.name,
        box=SEAL_BOX,
        reason=f"制发{cert.type.name}（演示）",
        at=at,
    )
    stored = files.keep(
        body, name=f"{cert.type.name}-{cert.serial}.pdf", at=at, media_type="application/pdf",
        subject=("certificates.ECert", str(cert.pk)),
    )  # fmt: skip
    if not ECert.objects.filter(pk=cert.pk, file=None).update(file=stored):
        stored.delete()  # somebody drew it at the same moment: theirs is the certificate
        cert.refresh_from_db(fields=["file"])
        assert cert.file is not None
        return files.read(cert.file)
    cert.file = stored
    return body


def content(cert: ECert, *, base: str = "") -> dict[str, object]:
    """What the sheet prints."""
    address = verify_address(cert.verify_code, base)
    return {
        "title": cert.type.name,
        "identifier": cert.identifier,
        "holder": cert.holder_name,
        "rows": [list(line) for line in cert.lines],
        "number": cert.serial,
        "version": f"{cert.version:03d}",
        "issuer": cert.issuer.name,
        "issued_on": cert.issued_on.isoformat(),
        "issued_words": rules.words(cert.issued_on),
        "valid_from": rules.words(cert.valid_from),
        "valid_until": rules.last_day(cert.valid_to),
        "verify_code": cert.verify_code,
        "qr": qr_svg(address),
    }
