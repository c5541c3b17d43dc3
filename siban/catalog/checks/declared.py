"""Where the checks of an item are declared, and the few words they all use."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Registry, declare

ITEM = declare("items", Registry())
"""Checks of one item's content."""

UNIT = declare("units", Registry())
"""Checks of an organisation's whole list; their subject is `{id, name, public_guides}`."""

Rows = list[dict[str, Any]]
EMPTY: dict[str, Any] = {}
NO_ROWS: tuple[dict[str, Any], ...] = ()

IN_FORCE = "published"


PLACEHOLDERS = frozenset(
    {
        "无",
        "暂无",
        "没有",
        "待定",
        "待补",
        "待补充",
        "待上传",
        "略",
        "空",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "#",
        "null",
        "N/A",
    }
)  # what people write where a cell must not be empty


def blank(value: object) -> bool:
    """Whether a cell says nothing, or only that there is nothing."""
    if not value:
        return True
    return value.__class__ is str and (value in PLACEHOLDERS or str.isspace(value))


def whole(value: object) -> bool:
    """A whole number that is not negative; yes and no are no numbers."""
    return value.__class__ is int and value >= 0


def place(rows: str, row: dict[str, Any], index: int, key: str) -> str:
    """The path of a row: by its own id or number where it has one, else by its place in the list."""
    own = row.get(key)
    return f"{rows}[{key}={own}]" if names_a_row(own) else f"{rows}[{index}]"


def names_a_row(own: object) -> bool:
    """Whether a row's own id or number can stand in a path."""
    return own.__class__ is int or (own.__class__ is str and own != "" and "]" not in own)


def materials_of(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each material with its path."""
    for index, row in enumerate(item.get("materials") or NO_ROWS):
        yield place("materials", row, index, "id"), row
