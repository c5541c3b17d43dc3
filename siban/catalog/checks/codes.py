"""Checks of the codes: 12, 31 and 33 digits, credit code and level of the organisation."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from siban.kernel.checks import Context, Example, Found
from siban.kernel.codes import items as codes
from siban.kernel.codes import uscc

from .declared import EMPTY, ITEM, NO_ROWS

check_uscc = lru_cache(maxsize=65536)(uscc.check)
BASIC_LENGTH, IMPL_LENGTH = 12, 31


def _as_written(value: object, fault: str | None, words: str) -> str | None:
    """A code is taken as it stands: what would only be right after tidying is wrong in a file."""
    if fault is None and (value.__class__ is not str or value != value.strip() or not value.isascii()):
        return f"{words}“{value}”里有空格、全角字符或者不是文本，请按原样填写。"
    return fault


@ITEM.check(
    "CODE", "编码的位数、校验位、层级正确", "E",
    source="GB/T 39554.1—2020 编码要求；GB 32100—2015",
    mend="对照基本目录和机构代码核对：实施编码 = 统一社会信用代码 18 位 + 行使层级 1 位 + 基本编码 12 位，"
    "业务办理项编码再加顺序号 2 位。",
    example=Example(
        good={"basic_code": "150176001000", "impl_code": "11150724MB0E0016954150176001000", "exercise_level": 4},
        bad={"basic_code": "150176001000", "impl_code": "11150724MB0E0016955150176001000", "exercise_level": 4},
    ),
)  # fmt: skip
def codes_are_right(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """编码的位数、校验位不对，或者与主体代码、行使层级、基本编码不一致。"""
    basic, impl = item.get("basic_code"), item.get("impl_code")
    owner, level = item.get("dept_uscc"), item.get("exercise_level")
    # The common case first: everything fits together, one comparison and a remembered check digit.
    if (
        basic.__class__ is str and len(basic) == BASIC_LENGTH and basic.isdigit() and basic.isascii()
        and item.get("handling_code") is None
        and (impl is None or (owner is not None and impl == f"{owner}{level}{basic}"))
        and (owner is None or (owner.__class__ is str and check_uscc(owner) is None and owner.isascii()))
    ):  # fmt: skip
        return
    basic_fault = _as_written(basic, codes.check_basic(basic), "基本编码")
    if basic_fault:
        yield Found("basic_code", basic, basic_fault)
    owner_fault = owner is not None and _as_written(owner, uscc.check(owner), "统一社会信用代码")
    if owner_fault:
        yield Found("dept_uscc", owner, owner_fault)
    if impl is not None:
        impl_fault = _as_written(impl, codes.check_impl(impl), "实施编码")
        if impl_fault:
            yield Found("impl_code", impl, impl_fault)
        elif not (basic_fault or owner_fault):
            yield from _parts(item, context, impl, basic, owner, level)
    yield from _handling(item, impl)


def _parts(item: dict[str, Any], context: Context, impl: str, basic: Any, owner: Any, level: Any) -> Iterator[Found]:
    """Parts of a sound implementation code against the cells they repeat; the odd one out is named."""
    if owner is not None and impl[:18] != owner:
        yield Found("impl_code", impl, f"实施编码前 18 位（{impl[:18]}）不是本单位的统一社会信用代码（{owner}）。")
    if level is not None and impl[18] != str(level):
        if level in (item.get("levels") or (level,)):
            yield Found("impl_code", impl, f"实施编码第 19 位（{impl[18]}）与行使层级（{level}）不一致。")
        else:
            yield Found("exercise_level", level, f"行使层级（{level}）与实施编码第 19 位（{impl[18]}）不一致。")
    if impl[19:] != basic:
        why = f"实施编码后 12 位（{impl[19:]}）与基本编码（{basic}）不一致。"
        yield Found("basic_code", basic, why) if _witness(item, context, impl[19:]) else Found("impl_code", impl, why)


def _witness(item: dict[str, Any], context: Context, code: str) -> bool:
    """Whether another cell speaks for the code inside the implementation code, so that `basic_code` is the odd one."""
    if (
        str(item.get("handling_code"))[19:IMPL_LENGTH] == code
        or (context.get("base") or EMPTY).get("basic_code") == code
    ):
        return True
    others = [str(row.get("impl_code"))[19:] == code for row in item.get("implementations") or NO_ROWS]
    if sum(others) > 1 and sum(others) * 2 > len(others):
        return True
    return any(str(row.get("url")).endswith(code) for row in item.get("power_list") or NO_ROWS)


def _handling(item: dict[str, Any], impl: Any) -> Iterator[Found]:
    handling = item.get("handling_code")
    if handling is None:
        return
    fault = _as_written(handling, codes.check_handling(handling), "业务办理项编码")
    if fault:
        yield Found("handling_code", handling, fault)
    elif impl is not None and handling[:IMPL_LENGTH] != impl:
        yield Found("handling_code", handling, f"业务办理项编码前 31 位与实施编码（{impl}）不一致。")
