"""Telephone numbers: a person's mobile, and the consulting number an item publishes."""

import re

from .errors import refuse, tidy

MOBILE = re.compile(r"1[3-9][0-9]{9}")
CONSULT = re.compile(
    r"(0(47[0-9]|48[23])-?[0-9]{7,8}"  # area codes of Inner Mongolia 0470-0479, 0482, 0483
    r"|1[3-9][0-9]{9}|12345|(400|800)-?[0-9]{7})(转[0-9]{1,5})?"
)


def check(value: object) -> str | None:
    """The sentence against a mobile number, or None."""
    number = tidy(value)
    if not number:
        return "手机号码没有填写，请填写 11 位手机号码。"
    if MOBILE.fullmatch(number) is None:
        return f"手机号码“{number}”应为 1 开头、第 2 位为 3 至 9 的 11 位数字，请核对后重新填写。"
    return None


def parse(value: object) -> str:
    """The mobile number as eleven digits, or `CodeError`."""
    refuse(check(value))
    return tidy(value)


def check_consult(value: object) -> str | None:
    """The sentence against a consulting number, or None."""
    number = tidy(value)
    if not number:
        return "咨询电话没有填写，请填写可以打通的号码。"
    if CONSULT.fullmatch(number) is None:
        return (
            f"咨询电话“{number}”不是可以拨打的号码，请填写带区号的固定电话（如 0470-8800000）、"
            "11 位手机号码、400 或 800 电话、12345，分机写作“转”加数字。"
        )
    return None


def parse_consult(value: object) -> str:
    """The consulting number in its plain form, or `CodeError`."""
    refuse(check_consult(value))
    return tidy(value)


def masked(value: str) -> str:
    """The number as it may be shown: first three and last four digits; a short text is hidden wholly."""
    number = tidy(value)
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
