"""Sealing a PDF for an organisation (PAdES B-B), and reading the seals on a PDF somebody holds.

`Signer` is the seam: a seal service after GB/T 38540 (SM2) takes the demonstration's place without other changes.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asn1crypto import pem  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from . import ca

Box = tuple[int, int, int, int]


class Signer(Protocol):
    """Whoever can put an organisation's seal on a PDF."""

    def seal(self, pdf: bytes, *, org_code: str, org_name: str, box: Box, reason: str, at: datetime) -> bytes:
        """The sealed PDF; `box` is where the drawn seal stands on page one, in points from the lower left."""
        ...


class DemonstrationSigner:
    """Seals with the installation's own authority; every certificate says 演示."""

    def seal(self, pdf: bytes, *, org_code: str, org_name: str, box: Box, reason: str, at: datetime) -> bytes:
        kept = ca.seal(org_code=org_code, org_name=org_name)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(certificate(kept.root))
        signer = signers.SimpleSigner(
            signing_cert=certificate(kept.certificate),
            signing_key=load_private_key_from_pemder_data(kept.key, ca.passphrase()),
            cert_registry=store,
        )
        meta = signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, name=f"{org_name}{ca.DEMONSTRATION}",
            reason=reason, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, signer_key_usage={"digital_signature"},
        )  # fmt: skip
        field = fields.SigFieldSpec("Seal", on_page=0, box=box)
        style = TextStampStyle(
            stamp_text=" ", border_width=0
        )  # the sheet itself draws the seal; the field only covers it
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        out = signers.PdfSigner(meta, signer=signer, stamp_style=style, new_field_spec=field).sign_pdf(writer)
        return bytes(out.getbuffer())


def certificate(body: bytes) -> asn1_x509.Certificate:
    """A certificate from its PEM."""
    return asn1_x509.Certificate.load(pem.unarmor(body)[2])


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What the seal on a file says: `intact` = nothing was changed, `trusted` = made by our authority."""

    found: bool
    intact: bool
    trusted: bool
    signer: str
    sentence: str


UNSIGNED = SealCheck(False, False, False, "", "文件里没有电子签章，不能说明出自发证机关。")
BROKEN = SealCheck(False, False, False, "", "文件的结构已经损坏，或者不是 PDF 文件，无法核验。请重新下载原件。")
NO_SEAL_DATA = SealCheck(True, False, False, "", "签章数据被改动过，签章已经失效。")


def check(body: bytes) -> SealCheck:
    """Read the seal of a PDF and prove it against the bytes it covers."""
    try:
        reader = PdfFileReader(io.BytesIO(body), strict=False)
        embedded = reader.embedded_signatures
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes provoke in the parser means the same to the person
        return BROKEN
    if not embedded:
        return UNSIGNED
    root = certificate(ca.root_certificate())  # a fault of our own authority is ours, not the document's
    try:
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        status = validate_pdf_signature(embedded[0], signer_validation_context=context)
    except Exception:  # noqa: BLE001 - see above: damaged CMS structures fail in many ways
        return NO_SEAL_DATA
    signer = str(status.signing_cert.subject.native.get("common_name", ""))
    if not status.intact:
        return SealCheck(True, False, False, signer, "签章所覆盖的正文内容被改动过，签章已经失效。")
    if not status.valid:
        return SealCheck(True, False, False, signer, "签章数据被改动过，签章已经失效。")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level not in (
        None,
        ModificationLevel.NONE,
    ):
        return SealCheck(True, False, bool(status.trusted), signer, "盖章以后又追加了内容，追加的部分不受签章保护。")
    if not status.trusted:
        return SealCheck(True, True, False, signer, "签章完整，但不是本平台的签章机构签发的。")
    return SealCheck(True, True, True, signer, "签章有效，盖章以后内容没有改动。")


def demonstration() -> Signer:
    """The signer in force."""
    return DemonstrationSigner()
