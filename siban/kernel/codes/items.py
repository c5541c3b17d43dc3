"""Item codes 事项编码, GB/T 39554.1-2020: basic 12, implementation 31, handling 33."""

from dataclasses import dataclass

from . import uscc
from .errors import refuse, stray, tidy

DIGITS = "0123456789"
LEVELS = "1234567"  # exercise level 行使层级, GB/T 39046-2020 A.2


@dataclass(frozen=True, slots=True)
class BasicCode:
    """A basic code 基本编码: area 2, item type 2, department 2, main item 3, sub-item 3."""

    code: str
    area: str
    item_type: str
    department: str
    main: str
    sub: str
    is_handleable: bool


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """An implementation code 实施编码: organisation 18, exercise level 1, basic code 12."""

    code: str
    organisation: str
    level: int
    basic: BasicCode


@dataclass(frozen=True, slots=True)
class HandlingCode:
    """A handling code 业务办理项编码: implementation code and two digits of sequence."""

    code: str
    implementation: ImplementationCode
    sequence: int


def check_basic(value: object, *, handleable: bool = True) -> str | None:
    """The sentence against a basic code, or None. With `handleable=False` a parent ending in Y passes too."""
    code = tidy(value)
    if not code:
        return "基本编码没有填写，请填写 12 位编码。"
    named = f"基本编码“{code}”"
    if len(code) != 12:
        return f"{named}应为 12 位，现有 {len(code)} 位，请对照基本目录核对。"
    is_parent = code[-1] == "Y" and stray(code[:11], DIGITS) is None
    if is_parent:
        return f"{named}末位为 Y，是下设子项的主项，不能直接办理，请改用它的子项编码。" if handleable else None
    wrong = stray(code, DIGITS)
    if wrong is not None:
        return f"{named}第 {wrong[0]} 位是“{wrong[1]}”，应为数字，请对照基本目录核对。"
    return None


def parse_basic(value: object) -> BasicCode:
    """Read a basic code; a parent ending in Y is read and marked as not handleable. Raises `CodeError`."""
    refuse(check_basic(value, handleable=False))
    code = tidy(value)
    return BasicCode(code, code[:2], code[2:4], code[4:6], code[6:9], code[9:], code[-1] != "Y")


def check_impl(value: object) -> str | None:
    """The sentence against an implementation code, or None."""
    code = tidy(value)
    if not code:
        return "实施编码没有填写，请填写 31 位编码。"
    named = f"实施编码“{code}”"
    if len(code) != 31:
        return (
            f"{named}应为 31 位（18 位统一社会信用代码、1 位行使层级、12 位基本编码），现有 {len(code)} 位，请核对。"
        )
    fault = uscc.check(code[:18])
    if fault is not None:
        return f"{named}前 18 位有误：{fault}"
    if code[18] not in LEVELS:
        return f"{named}第 19 位是行使层级，应为 1 至 7，现为“{code[18]}”，请核对。"
    fault = check_basic(code[19:])
    return None if fault is None else f"{named}后 12 位有误：{fault}"


def parse_impl(value: object) -> ImplementationCode:
    """Read an implementation code, or raise `CodeError`."""
    refuse(check_impl(value))
    code = tidy(value)
    return ImplementationCode(code, code[:18], int(code[18]), parse_basic(code[19:]))


def check_handling(value: object) -> str | None:
    """The sentence against a handling code, or None."""
    code = tidy(value)
    if not code:
        return "业务办理项编码没有填写，请填写 33 位编码。"
    named = f"业务办理项编码“{code}”"
    if len(code) != 33:
        return f"{named}应为 33 位（31 位实施编码、2 位顺序号），现有 {len(code)} 位，请核对。"
    fault = check_impl(code[:31])
    if fault is not None:
        return f"{named}前 31 位有误：{fault}"
    if stray(code[31:], DIGITS) is not None or code[31:] == "00":
        return f"{named}末 2 位是顺序号，应为 01 至 99，现为“{code[31:]}”，请核对。"
    return None


def parse_handling(value: object) -> HandlingCode:
    """Read a handling code, or raise `CodeError`."""
    refuse(check_handling(value))
    code = tidy(value)
    return HandlingCode(code, parse_impl(code[:31]), int(code[31:]))


def make_impl(organisation: str, level: int, basic: str) -> str:
    """The implementation code of a basic item at an organisation; raises `CodeError`."""
    return parse_impl(f"{tidy(organisation)}{level}{tidy(basic)}").code


def make_handling(impl: str, sequence: int) -> str:
    """The handling code of one way of handling an item; raises `CodeError`."""
    return parse_handling(f"{tidy(impl)}{sequence:02d}").code
