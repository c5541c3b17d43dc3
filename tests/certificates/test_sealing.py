"""The seal on the file, proven by an independent reader (pdfsig of poppler, with NSS)."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siban.certificates import api, ca, signing
from siban.kernel import files

from .conftest import AT, FONTS, Cast, issued


def pdfsig(path: Path, *options: str) -> str:
    return subprocess.run(
        ["pdfsig", *options, str(path)], capture_output=True, text=True, check=False, timeout=60
    ).stdout


@pytest.fixture
def sealed(cert: api.ECert, house: Path) -> bytes:
    return api.pdf(cert, base="https://demo.example/", at=AT)


def test_another_program_finds_the_seal_valid_and_trusts_it_under_our_root(sealed: bytes, tmp_path: Path) -> None:
    where = tmp_path / "certificate.pdf"
    where.write_bytes(sealed)
    said = pdfsig(where)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "CN=演示旗市场监督管理局演示" in said
    nss = tmp_path / "nss"
    nss.mkdir()
    db = f"sql:{nss}"
    subprocess.run(["certutil", "-N", "-d", db, "--empty-password"], check=True, capture_output=True)
    assert "Certificate issuer isn't Trusted." in pdfsig(where, "-nssdir", str(nss))
    root = str(house_root(tmp_path))
    subprocess.run(
        ["certutil", "-A", "-d", db, "-n", "root", "-t", "CT,C,C", "-i", root], check=True, capture_output=True
    )
    assert "Certificate is Trusted." in pdfsig(where, "-nssdir", str(nss))


def house_root(tmp_path: Path) -> Path:
    return tmp_path / "ca" / "root.pem"


def test_another_program_sees_one_flipped_byte(sealed: bytes, tmp_path: Path) -> None:
    bad = bytearray(sealed)
    bad[sealed.index(b"stream") + 60] ^= 1
    where = tmp_path / "bad.pdf"
    where.write_bytes(bad)
    assert "Digest Mismatch." in pdfsig(where)
    assert not signing.check(bytes(bad)).intact


def test_the_file_is_drawn_and_sealed_once_and_the_same_ever_after(cert: api.ECert, sealed: bytes) -> None:
    cert.refresh_from_db()
    assert api.pdf(cert) == sealed
    assert api.pdf(api.ECert.objects.get(pk=cert.pk)) == sealed
    assert cert.file is not None
    assert files.read(cert.file) == sealed


def test_our_own_check_reads_the_seal(sealed: bytes) -> None:
    found = signing.check(sealed)
    assert (found.found, found.intact, found.trusted) == (True, True, True)
    assert found.signer == "演示旗市场监督管理局演示"


def test_a_seal_of_another_authority_is_told_from_ours(sealed: bytes, house: Path, settings: object) -> None:
    settings.HOME = house / "elsewhere"  # type: ignore[attr-defined]
    found = signing.check(sealed)
    assert (found.intact, found.trusted) == (True, False)
    assert "不是本平台" in found.sentence


def test_what_was_added_after_sealing_is_told(sealed: bytes) -> None:
    import io

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Title"] = generic.pdf_string("追加")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    found = signing.check(out.getvalue())
    assert not found.intact
    assert "追加" in found.sentence


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"not a pdf at all", b"%PDF-1.7\n" + b"\x00\xff" * 500])
def test_rubbish_is_told_to_be_rubbish(body: bytes, house: Path) -> None:
    assert not signing.check(body).found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_no_flipped_bit_anywhere_passes_for_the_original(sealed: bytes, place: int, bit: int) -> None:
    bad = bytearray(sealed)
    bad[place % len(bad)] ^= 1 << bit
    found = signing.check(bytes(bad))
    gap = sealed[sealed.index(b"/Contents <") :]
    padding = len(sealed) - len(gap)
    inside = padding <= place % len(bad) < padding + gap.index(b">")
    assert inside or not (found.intact and found.trusted)


def test_the_authority_is_private_encrypted_and_says_that_it_is_a_demonstration(cast: Cast, house: Path) -> None:
    seal = ca.seal(org_code=cast.office.code, org_name=cast.office.name)
    assert ca.seal(org_code=cast.office.code, org_name=cast.office.name) == seal
    assert (house / "ca").stat().st_mode & 0o077 == 0
    for kept in (house / "ca").glob("*.*"):
        assert kept.stat().st_mode & 0o077 == 0, kept
    assert b"ENCRYPTED" in seal.key
    for body in (seal.root, seal.certificate):
        subject = x509.load_pem_x509_certificate(body).subject
        assert subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value == "演示"


def test_keys_of_another_secret_are_refused_with_what_to_do(cast: Cast, house: Path, settings: object) -> None:
    ca.root_certificate()
    settings.SECRET_KEY = "演示用的另一个系统密钥"  # type: ignore[attr-defined]
    with pytest.raises(ca.AuthorityUnreadable, match="SIBAN_SECRET_KEY"):
        ca.seal(org_code=cast.office.code, org_name=cast.office.name)


def test_the_list_of_revoked_seals_is_signed_by_the_root(house: Path) -> None:
    listed = x509.load_der_x509_crl(ca.revocations(at=AT, serials=(4711,)))
    root = x509.load_pem_x509_certificate(ca.root_certificate())
    assert listed.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert listed.get_revoked_certificate_by_serial_number(4711) is not None


def test_every_type_of_certificate_fits_on_its_one_page(cast: Cast, house: Path) -> None:
    import io

    import pikepdf

    from siban.certificates import sheet
    from siban.kernel import papers

    assert any(FONTS.glob("*.ttf")), "build the front-end first: the papers' fonts come from it"
    for kind in api.ECertType.objects.all():
        person = kind.holder_kind != "legal"
        made = issued(
            cast, type_id=kind.pk, person=cast.citizen_person if person else None,
            enterprise=None if person else cast.enterprise, values=dict.fromkeys(kind.fields, "演示内容比较长的一项" * 3),
        )  # fmt: skip
        with pikepdf.open(io.BytesIO(papers.draw(sheet.TEMPLATE, sheet.content(made)))) as drawn:
            assert len(drawn.pages) == 1, kind.name
