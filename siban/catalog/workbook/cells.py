"""What one cell says: exactly one meaning or a sentence why not. Pure."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

from .layout import Column, Kind

LONG_NUMBER = 10**11  # from twelve digits on a spreadsheet program shows a code as 1.50178E+11
LONGEST = 32_767  # characters of a cell (ECMA-376)
SHOWN = 40
CONTINUED = "　"  # a line that begins so belongs to the one above it
NUMBERS = re.compile(r"[+-]?\d+(\.0+)?$")
DECIMALS = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
DAYS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class Unreadable(ValueError):
    """A cell has no one meaning; the text is a clause that says what is expected."""


def shown(value: Any) -> str:
    """A value as it is quoted in a sentence."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < LONG_NUMBER * 10:
        value = int(value)
    words = str(value).replace("\n", " ")
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def folded(value: str) -> str:
    """A short value without what typing adds: full-width digits and letters, spaces around."""
    return unicodedata.normalize("NFKC", value).strip()


def text(value: Any) -> str:
    """Words of a cell; a small whole number is the digits it shows."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _digits(value)
    raise Unreadable("这一格被表格软件变成了日期或者时间；请先把单元格格式设为“文本”，再重新填写原来的内容")


def _digits(value: float) -> str:
    if abs(value) >= LONG_NUMBER:
        raise Unreadable(
            "这一格被表格软件变成了数字，位数可能已经丢失；请先把单元格格式设为“文本”，再重新填写完整的编码"
        )
    return str(int(value)) if float(value).is_integer() else repr(value)


def code_of_item(value: Any) -> str:
    """The key of a row: a code of 31 characters, which no number can hold."""
    if isinstance(value, str):
        return folded(value)
    raise Unreadable(
        "实施编码应是 31 位的文本，这一格被表格软件变成了数字；请先把单元格格式设为“文本”，再重新填写完整的编码"
    )


def long_code(value: Any) -> str:
    """A code whose leading zeros count."""
    if isinstance(value, str):
        return folded(value)
    raise Unreadable(
        "编码应是文本，这一格被表格软件变成了数字（前面的 0 或者后面的位数会丢失）；请先把单元格格式设为“文本”，再重新填写完整的编码"
    )


def lines(value: Any) -> list[str]:
    """One text a line; a line that begins with a full-width space goes on with the one above."""
    if not isinstance(value, str):
        said = text(value)
        return [said] if said else []
    if "\n" not in value:
        said = value.strip()
        return [said] if said else []
    found: list[str] = []
    for line in value.replace("\r\n", "\n").split("\n"):
        if line.startswith(CONTINUED) and found:
            found[-1] += "\n" + line[1:]
        elif said := line.strip():
            found.append(said)
    return [one.rstrip() for one in found]


def joined(values: Any) -> str:
    """Several texts as the lines of one cell."""
    return "\n".join(str(value).replace("\n", "\n" + CONTINUED) for value in values)


def number(value: Any) -> int:
    """A whole number; digits typed as text count when nothing is in doubt."""
    if isinstance(value, bool):
        raise Unreadable("应填整数")
    if isinstance(value, str):
        said = folded(value)
        if not NUMBERS.match(said):
            raise Unreadable("应填整数，不带单位和其他文字")
        return int(said.split(".")[0])
    if isinstance(value, int | float) and math.isfinite(value) and float(value).is_integer():
        return int(value)
    raise Unreadable("应填整数")


def decimal(value: Any) -> float:
    """A number."""
    if isinstance(value, str):
        said = folded(value)
        if not DECIMALS.match(said):
            raise Unreadable("应填数字，不带单位和其他文字")
        return float(said)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise Unreadable("应填数字")


def day(value: Any) -> str:
    """A day as `2026-03-02`; a date of the spreadsheet program or the usual spellings."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and (said := DAYS.match(folded(value))):
        try:
            return date(*(int(part) for part in said.groups())).isoformat()
        except ValueError:
            pass
    raise Unreadable("应填日期，例如 2026-03-02")


def rest(value: Any) -> dict[str, Any]:
    """What open mappings hold beyond their known entries."""
    try:
        found = msgspec.json.decode(value if isinstance(value, str) else "")
    except msgspec.DecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
        raise Unreadable("这一列由系统填写，请不要修改；恢复导出时的内容或者清空")
    return found


def code_reader(column: Column) -> Callable[[Any], Any]:
    """Reads one code of a drop-down: its word, the code itself, or another known word for it."""
    assert column.codes is not None
    meant, words = column.codes.meant, list(column.codes.words.values())
    listed = "、".join(words[:12]) + ("等" if len(words) > 12 else "")

    def read(value: Any) -> Any:
        if isinstance(value, str):
            value = value if value in meant else folded(value)
        try:
            return meant[value]
        except (KeyError, TypeError):
            raise Unreadable(f"应从下列中选一个：{listed}") from None

    return read


def codes_reader(column: Column) -> Callable[[Any], list[Any]]:
    """Reads several codes, one a line or with commas between."""
    one = code_reader(column)

    def read(value: Any) -> list[Any]:
        if not isinstance(value, str):
            return [one(value)]
        try:
            return [one(part) for part in lines(value)]
        except Unreadable:
            parts = [part for part in re.split(r"[\n、，,；;]", value) if part.strip()]
            return [one(part) for part in parts]

    return read


def reader(column: Column) -> Callable[[Any], Any]:
    """What reads the cells of a column."""
    match column.kind:
        case Kind.TEXT:
            return text
        case Kind.IDENT:
            return long_code
        case Kind.LINES:
            return lines
        case Kind.NUMBER:
            return number
        case Kind.DECIMAL:
            return decimal
        case Kind.FLAG | Kind.CODE:
            return code_reader(column)
        case Kind.CODES:
            return codes_reader(column)
        case Kind.DAY:
            return day
    return rest
