"""The layout of the items' workbook: which sheet and column says which element. Pure data.

Titles follow item_elements §4–5, as officials know them; what kind of value a column holds is taken from the typed
elements themselves, so that layout and content cannot drift apart.
"""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

import msgspec
from msgspec import inspect as info

from . import codes as c
from .codes import CodeSet

KEY = "实施编码"
ECHO = "事项名称（对照）"
ROWS = 1_048_576  # rows of a sheet, its header included (ECMA-376)


class Kind(Enum):
    """What a cell holds."""

    TEXT = "文字"
    IDENT = "编码"  # digits that a spreadsheet program must not take for a number
    LINES = "多条，每行一条"
    NUMBER = "整数"
    DECIMAL = "数字"
    FLAG = "是或者否"
    CODE = "从下拉列表中选"
    CODES = "可多选，每行一个"
    DAY = "日期"
    REST = "系统用"


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        path: of the element, below the row (`online.is_online`; `name` of a material).
        title: the heading.
        codes: the words of a drop-down.
        note: what the heading's note says.
        required: a row without it is not complete.
        locked: kept by the system, shown grey; a change of it is refused.
        ident: digits that must stay text.
    """

    path: str
    title: str
    codes: CodeSet | None = None
    note: str = ""
    required: bool = False
    locked: bool = False
    ident: bool = False
    kind: Kind = Kind.TEXT
    empty: Any = None
    width: int = 16

    @cached_property
    def steps(self) -> tuple[str, ...]:
        return tuple(self.path.split("."))

    @property
    def several(self) -> bool:
        return self.kind in (Kind.LINES, Kind.CODES)


@dataclass(frozen=True)
class Sheet:
    """One sheet: the rows of one list of an item.

    Args:
        name: of the sheet.
        path: of the list in the content; empty for the items themselves.
        parent: sheet whose rows these rows belong to, joined by the column `parent_title`.
        key: path of the column that tells rows of one item (and parent) apart; empty where place alone does.
    """

    name: str
    path: str
    columns: tuple[Column, ...]
    parent: str = ""
    parent_title: str = ""
    key: str = ""

    @cached_property
    def by_path(self) -> dict[str, Column]:
        return {column.path: column for column in self.columns}

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """All headings in order, those of the keys before the elements'."""
        before = (KEY,) if not self.path else (KEY, ECHO, self.parent_title) if self.parent else (KEY, ECHO)
        return (*before, *(column.title for column in self.columns))

    @property
    def lead(self) -> int:
        """How many columns stand before the elements."""
        return len(self.titles) - len(self.columns)


def bound(column: Column, said: Any) -> Column:
    """The column with the kind and the empty value that the declared type of its element gives it."""
    if column.kind is Kind.REST:
        return column
    for step in column.steps:
        owner = _plain(said)
        if not isinstance(owner, info.StructType):
            return column  # an open mapping: kind as declared
        said = next(f for f in owner.fields if f.name == step)
        default = said.default
        nullable, said = _nullable(said.type), said.type
    node = _plain(said)
    empty = None if nullable or default is msgspec.NODEFAULT else default
    match node:
        case info.VarTupleType():
            return replace(column, kind=Kind.CODES if column.codes else Kind.LINES, empty=())
        case info.BoolType():
            return replace(column, kind=Kind.FLAG, codes=c.YES_NO, empty=empty)
        case _ if column.codes:
            return replace(column, kind=Kind.CODE, empty=empty)
        case info.IntType():
            return replace(column, kind=Kind.NUMBER, empty=empty)
        case info.FloatType():
            return replace(column, kind=Kind.DECIMAL, empty=empty)
    kind = Kind.IDENT if column.ident else column.kind
    return replace(column, kind=kind, empty="" if empty is None and not nullable else empty)


def _nullable(node: Any) -> bool:
    return isinstance(node, info.UnionType) and any(isinstance(t, info.NoneType) for t in node.types)


def _plain(node: Any) -> Any:
    if isinstance(node, info.UnionType):
        node = next(t for t in node.types if not isinstance(t, info.NoneType))
    return node


def bound_sheet(sheet: Sheet, row: type) -> Sheet:
    """The sheet with all its columns bound to the struct of its rows."""
    said = info.type_info(row)
    return replace(sheet, columns=tuple(bound(column, said) for column in sheet.columns))
