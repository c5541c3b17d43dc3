"""Unified social credit code 统一社会信用代码, GB 32100-2015."""

from dataclasses import dataclass

from . import organisation
from .errors import refuse, stray, tidy

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100-2015
ASK = "请对照营业执照或登记证书核对后重新填写。"


@dataclass(frozen=True, slots=True)
class SocialCreditCode:
    """A checked code and its parts: who registered it, what kind, where, which organisation."""

    code: str
    registrar: str
    kind: str
    region6: str
    organisation: str


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first seventeen."""
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(WEIGHTS, first17, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def check(value: object) -> str | None:
    """The sentence saying what is wrong with the code, or None."""
    code = tidy(value)
    if not code:
        return "统一社会信用代码没有填写，请填写 18 位代码。"
    named = f"统一社会信用代码“{code}”"
    if len(code) != 18:
        return f"{named}应为 18 位，现有 {len(code)} 位，{ASK}"
    wrong = stray(code, ALPHABET)
    if wrong is not None:
        return f"{named}第 {wrong[0]} 位是“{wrong[1]}”，只能用数字和 I、O、S、V、Z 以外的大写字母，{ASK}"
    wrong = stray(code[2:8], "0123456789")
    if wrong is not None:
        return f"{named}第 {wrong[0] + 2} 位是“{wrong[1]}”，第 3 至 8 位是行政区划，应为数字，{ASK}"
    if check_character(code[:17]) != code[17]:
        return f"{named}末位校验码不符，至少有一位有误，{ASK}"
    if organisation.check(code[8:17]) is not None:
        return f"{named}第 9 至 17 位“{code[8:17]}”不是正确的组织机构代码，{ASK}"
    return None


def parse(value: object) -> SocialCreditCode:
    """Read a code, or raise `CodeError`."""
    refuse(check(value))
    code = tidy(value)
    return SocialCreditCode(code, code[0], code[1], code[2:8], code[8:17])


def make(first8: str, organisation8: str) -> str:
    """A code for tests and demonstrations: registrar, kind and region; then the organisation without its check."""
    first17 = first8 + organisation.make(organisation8)
    return first17 + check_character(first17)
