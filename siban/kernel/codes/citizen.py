"""Citizen number 公民身份号码, GB 11643-1999."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .errors import refuse, stray, tidy

DIGITS = "0123456789"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"  # GB 11643-1999
ASK = "请对照身份证原件逐位核对后重新填写。"


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """A number that passed every check, and what it says of its holder."""

    number: str
    region6: str
    born_on: date
    sex: Literal["男", "女"]

    def masked(self) -> str:
        """The number as it may be shown: first three and last four characters."""
        return masked(self.number)


def masked(value: str) -> str:
    """Hide all but the first three and last four characters; a short text is hidden wholly."""
    code = tidy(value)
    if len(code) <= 7:
        return "*" * len(code)
    return code[:3] + "*" * (len(code) - 7) + code[-4:]


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return CHECKS[total % 11]


def check(value: object) -> str | None:
    """The sentence saying what is wrong with the number, or None. The number is named masked."""
    code = tidy(value)
    if not code:
        return "公民身份号码没有填写，请填写 18 位号码。"
    named = f"公民身份号码“{masked(code)}”"
    if len(code) != 18:
        return f"{named}应为 18 位，现有 {len(code)} 位，{ASK}"
    wrong = stray(code[:17], DIGITS)
    if wrong is None and code[17] not in CHECKS:
        wrong = (18, code[17])
    if wrong is not None:
        return f"{named}第 {wrong[0]} 位是“{wrong[1]}”，前 17 位应为数字、末位应为数字或 X，{ASK}"
    if _birthday(code) is None:
        return f"{named}第 7 至 14 位“{code[6:14]}”不是存在的出生日期，{ASK}"
    if check_character(code[:17]) != code[17]:
        return f"{named}末位校验码不符，号码中至少有一位有误，{ASK}"
    return None


def parse(value: object) -> CitizenNumber:
    """Read a number, or raise `CodeError`."""
    refuse(check(value))
    code = tidy(value)
    born_on = _birthday(code)
    assert born_on is not None
    return CitizenNumber(code, code[:6], born_on, "男" if int(code[16]) % 2 else "女")


def make(region6: str, born_on: date, seq: int) -> str:
    """A number for tests and demonstrations; `seq` 0 to 999, odd for a man."""
    first17 = f"{region6}{born_on:%Y%m%d}{seq:03d}"
    if len(first17) != 17 or stray(first17, DIGITS):
        raise ValueError("region6 is six digits, seq is 0 to 999")
    return first17 + check_character(first17)


def _birthday(code: str) -> date | None:
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None
