"""Electronic certificate identifier 电子证照标识, GB/T 36904-2018."""

from dataclasses import dataclass

from . import uscc
from .errors import CodeError, refuse, stray, tidy

ROOT = "1.2.156.3005.2"  # GB/T 36904-2018: root of electronic certificates
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class CertificateIdentifier:
    """A checked identifier and its parts."""

    identifier: str
    type_code: str
    issuer: str
    serial: str
    version: int
    check: str


def mod37_36(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 (GB/T 17710)."""
    rest = 36
    for char in text:
        rest = (rest + ALPHABET.index(char)) % 36 or 36
        rest = rest * 2 % 37
    return ALPHABET[(1 - rest) % 36]


def check(value: object) -> str | None:
    """The sentence saying what is wrong with the identifier, or None."""
    code = tidy(value)
    if not code:
        return "电子证照标识没有填写，请填写完整标识。"
    named = f"电子证照标识“{code}”"
    if not code.startswith(f"{ROOT}."):
        return f"{named}应以“{ROOT}.”开头，请核对后重新填写。"
    parts = code.removeprefix(f"{ROOT}.").split(".")
    if len(parts) != 5:
        return f"{named}在“{ROOT}.”之后应有证照类型、颁发机构、流水号、版本号、校验位 5 段，现有 {len(parts)} 段，请核对。"
    fault = _fault(*parts[:4])
    if fault is not None:
        return f"{named}{fault}"
    if len(parts[4]) != 1 or mod37_36("".join(parts[:4])) != parts[4]:
        return f"{named}末位校验位“{parts[4]}”不符，至少有一位有误，请核对后重新填写。"
    return None


def parse(value: object) -> CertificateIdentifier:
    """Read an identifier, or raise `CodeError`."""
    refuse(check(value))
    code = tidy(value)
    type_code, issuer, serial, version, check_ = code.removeprefix(f"{ROOT}.").split(".")
    return CertificateIdentifier(code, type_code, issuer, serial, int(version), check_)


def build(type_code: str, issuer: str, serial: str, version: int) -> str:
    """The identifier of one version of a certificate; raises `CodeError`."""
    parts = (tidy(type_code), tidy(issuer), tidy(serial), f"{version:03d}")
    fault = _fault(*parts)
    if fault is not None:
        raise CodeError(f"无法编制电子证照标识：{fault}")
    return ".".join((ROOT, *parts, mod37_36("".join(parts))))


def _fault(type_code: str, issuer: str, serial: str, version: str) -> str | None:
    if len(type_code) != 21 or uscc.check(type_code[:18]) or stray(type_code[18:], DIGITS):
        return f"证照类型“{type_code}”应为类型发布机构的 18 位统一社会信用代码加 3 位顺序号，请核对。"
    issuer_fault = uscc.check(issuer)
    if issuer_fault is not None:
        return f"颁发机构有误：{issuer_fault}"
    if not serial or stray(serial, ALPHABET):
        return f"流水号“{serial}”应为数字或大写字母，不能为空，请核对。"
    if len(version) != 3 or stray(version, DIGITS):
        return f"版本号“{version}”应为 3 位数字，请核对。"
    return None
