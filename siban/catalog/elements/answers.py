"""How answers are kept and read: days, numbers, several choices, periods, signatures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from siban.kernel.codes.errors import tidy

if TYPE_CHECKING:
    from .spec import FieldSpec

GIVEN_NOW = "本次签署"
GIVEN = frozenset({"signature", "commitment", "consent"})
YES = frozenset({True, "true", "on", "1", "yes", "是", GIVEN_NOW})
NO = frozenset({False, "false", "off", "0", "no", "否"})


def empty(value: Any) -> bool:
    """Whether nothing was answered; an unticked box is an answer of its own."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(empty(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return all(empty(v) for v in value)
    return False


def ticked(value: Any) -> bool:
    return _scalar(value) in YES


def unticked(value: Any) -> bool:
    return _scalar(value) in NO


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().lower() if value.strip() != GIVEN_NOW else GIVEN_NOW
    return value if isinstance(value, bool) else None


def day(value: Any) -> date | None:
    """A day given as ISO text or as a date; None when it is no day."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(tidy(value).replace("/", "-"))
    except ValueError:
        return None


def number(value: Any) -> Decimal | None:
    """A plain number; None when it is none (no thousands separators, no exponents)."""
    text = tidy(value)
    if not text or not set(text) <= set("+-.0123456789"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def several(value: Any) -> list[str]:
    """The chosen values of a field that takes several; free text is split at 、 and commas."""
    if isinstance(value, str):
        for mark in "，,；;\n":
            value = value.replace(mark, "、")
        value = value.split("、")
    return [str(v).strip() for v in value if str(v).strip()] if isinstance(value, (list, tuple)) else []


def period(value: Any) -> tuple[Any, Any]:
    """First and last day as answered, unread."""
    if isinstance(value, Mapping):
        return value.get("from"), value.get("to")
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return value[0], value[1]
    if isinstance(value, str) and "/" in value and len(value.split("/")) == 2:
        first, last = value.split("/")
        return first, last
    return value, None


def in_words(spec: "FieldSpec", value: Any) -> str:
    """An answer as it is read out: labels for codes, 是/否 for boxes."""
    if spec.type in ("boolean", "commitment", "consent"):
        return "是" if ticked(value) else "否"
    if empty(value):
        return ""
    labels = dict(spec.options)
    if spec.type == "multi_enum":
        return "、".join(labels.get(v, v) for v in several(value))
    if spec.type == "date_range":
        first, last = period(value)
        return f"{first or ''} 至 {last or ''}"
    if spec.type == "table" and isinstance(value, (list, tuple)):
        return "；".join(
            "，".join(
                f"{c.name}：{in_words(c, row.get(c.element))}" for c in spec.columns if not empty(row.get(c.element))
            )
            for row in value
            if isinstance(row, Mapping) and not empty(row)
        )
    return labels.get(str(value).strip(), str(value).strip())
