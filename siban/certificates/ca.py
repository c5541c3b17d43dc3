"""The demonstration authority: a root and one seal certificate for each organisation, all marked 演示.

Made at the first use below the installation's home, readable by its owner alone; private keys are kept encrypted under
a key derived from the installation's secret.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from django.conf import settings

BITS = 3072
SINCE = datetime(2020, 1, 1, tzinfo=UTC)  # demonstrations are dated back; their seals must have been valid then
ROOT_UNTIL = datetime(2050, 1, 1, tzinfo=UTC)
SEAL_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)
DEMONSTRATION = "演示"


class AuthorityUnreadable(Exception):
    """The keys can't be opened; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What signs for one organisation: PEM of key and certificate, and of the root above."""

    key: bytes
    certificate: bytes
    root: bytes


def place() -> Path:
    """Where the authority is kept."""
    return Path(settings.HOME) / "ca"


def passphrase() -> bytes:
    """What the private keys are encrypted with, derived from the installation's secret."""
    derived = HKDF(hashes.SHA256(), 32, salt=b"siban seal keys", info=b"1").derive(settings.SECRET_KEY.encode())
    return derived.hex().encode()


@contextmanager
def _locked() -> Iterator[Path]:
    """One maker at a time, whatever the number of processes."""
    folder = place()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def root_certificate() -> bytes:
    """PEM of the root certificate, made if there is none yet; it is public."""
    with _locked() as folder:
        return _root(folder)[1]


def seal(*, org_code: str, org_name: str) -> Seal:
    """The seal of an organisation, made when it is first wanted.

    Args:
        org_code: the key it is kept under; `org_name` goes into the certificate as `<name>演示`.
    """
    with _locked() as folder:
        root_key, root = _root(folder)
        name = "seal-" + hashlib.sha256(f"{org_code}\n{org_name}".encode()).hexdigest()[:24]
        kept = _read(folder, name)
        if kept is None:
            subject = _name(f"{org_name}{DEMONSTRATION}", org_name)
            kept = _make(folder, name, subject, issuer=x509.load_pem_x509_certificate(root), issuer_key=root_key)
    return Seal(kept[0], kept[1], root)


def revocations(*, at: datetime, serials: tuple[int, ...] = ()) -> bytes:
    """The signed list of revoked seals (CRL, DER), kept beside the root as `crl.der`."""
    with _locked() as folder:
        key, root = _root(folder)
        issuer = x509.load_pem_x509_certificate(root)
        builder = x509.CertificateRevocationListBuilder(issuer.subject, at, at + timedelta(days=30))
        for serial in serials:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            )
        body = builder.sign(_open(key), hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        _write(folder / "crl.der", body)
    return body


def _root(folder: Path) -> tuple[bytes, bytes]:
    return _read(folder, "root") or _make(folder, "root", _name("四办演示根证书", "四办演示签章服务"))


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMONSTRATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _make(
    folder: Path,
    name: str,
    subject: x509.Name,
    *,
    issuer: x509.Certificate | None = None,
    issuer_key: bytes = b"",
) -> tuple[bytes, bytes]:
    """A key pair and its certificate, written certificate last so that a crash leaves nothing half made."""
    key = rsa.generate_private_key(65537, BITS)
    is_root = issuer is None
    signing = key if issuer is None else _open(issuer_key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(ROOT_UNTIL if is_root else SEAL_UNTIL)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(_usage(is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    certificate = builder.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kept = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase()),
    )
    _write(folder / f"{name}.key", kept)
    _write(folder / f"{name}.pem", certificate)
    return kept, certificate


def _usage(is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root, content_commitment=not is_root, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _open(key: bytes) -> rsa.RSAPrivateKey:
    try:
        opened = serialization.load_pem_private_key(key, passphrase())
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise AuthorityUnreadable(
            f"演示签章密钥打不开：系统密钥（SIBAN_SECRET_KEY）可能换过。请恢复原来的系统密钥，或者移走 {place()} 后重新生成。"
        ) from fault
    assert isinstance(opened, rsa.RSAPrivateKey)
    return opened


def _read(folder: Path, name: str) -> tuple[bytes, bytes] | None:
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    return (key.read_bytes(), certificate.read_bytes()) if certificate.exists() else None


def _write(path: Path, body: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
