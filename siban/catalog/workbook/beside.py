"""What a workbook says beside its items: the items above them, the base list, other lists of the same unit.

An export carries these on sheets of their own, so that the rules about an item among others can be run on the file alone.
They are for checking; an import does not read them. No database, no clock.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from .. import rules
from ..content import read as typed
from . import cells, screening

ABOVE, LISTED, OTHERS, BELOW = "上级事项（对照）", "基本目录（对照）", "同目录清单（对照）", "上级是谁（对照）"
STATUSES = {"active": "在用", "suspended": "暂停", "cancelled": "取消"}
COMPARED = (*rules.LOCKED, "promised_limit", "case_type", "status")
"""What rules about the item above ask of it."""

HEADS = {
    LISTED: ("基本编码", "事项名称", "事项类型", "事项子类", "目录状态"),
    ABOVE: ("上级事项标识", "要素（系统用）"),
    OTHERS: ("实施编码", "另一清单的事项标识", "另一清单的业务办理项编码"),
    BELOW: ("实施编码", "上级事项标识"),
}
PIECE = cells.LONGEST // 2  # characters of a cell; what is longer goes on in the next one


@dataclass(slots=True)
class Beside:
    """What stands around one item: the item above it, its row of the base list, other lists of its unit."""

    base_id: str = ""
    base: Mapping[str, Any] | None = None
    catalogue: Mapping[str, Any] = field(default_factory=dict)
    siblings: Mapping[str, str | None] = field(default_factory=dict)


def as_read(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Elements with those left out written as empty, as a workbook has them; as they are where they cannot be read."""
    try:
        return msgspec.to_builtins(typed(dict(content)))  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        return content


def compared(content: Mapping[str, Any]) -> dict[str, Any]:
    """Of an item above, what those below are compared with."""
    return {name: content.get(name) for name in COMPARED}


def packed(content: Mapping[str, Any]) -> bytes:
    """The same, small enough that many can be kept."""
    return zlib.compress(msgspec.msgpack.encode(compared(content)), 1)


def unpacked(said: bytes) -> dict[str, Any]:
    return msgspec.msgpack.decode(zlib.decompress(said))  # type: ignore[no-any-return]


def rows_of(code: str, content: Mapping[str, Any], around: Beside, seen: set[str]) -> Iterator[tuple[str, list[str]]]:
    """(sheet, cells) of the rows that an item adds; what was written for an earlier one is not repeated."""
    said = around.catalogue
    if said and (key := f"{LISTED}{said['basic_code']}") not in seen:
        seen.add(key)
        status = STATUSES.get(str(said.get("status")), str(said.get("status")))
        yield LISTED, [*(str(said.get(n) or "") for n in ("basic_code", "name", "item_type", "sub_type")), status]
    if around.base_id and around.base is not None:
        if around.base_id != content.get("base_item_id"):
            yield BELOW, [code, around.base_id]
        if (key := f"{ABOVE}{around.base_id}") not in seen:
            seen.add(key)
            text = msgspec.json.encode(compared(as_read(around.base))).decode()
            yield ABOVE, [around.base_id, *(text[at : at + PIECE] for at in range(0, len(text), PIECE))]
    for slug, handling in around.siblings.items():
        yield OTHERS, [code, slug, handling or ""]


@dataclass(slots=True)
class Told:
    """What a workbook's sheets beside its items say."""

    bases: dict[str, bytes] = field(default_factory=dict)
    base_of: dict[str, str] = field(default_factory=dict)
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    siblings: dict[str, dict[str, str | None]] = field(default_factory=dict)


def read(path: Path) -> Told:
    """The sheets beside the items, where the workbook has them; what cannot be read counts as not there."""
    told = Told()
    with zipfile.ZipFile(path) as file:
        names = {name for _, name in screening.sheets_of(file)} & {*HEADS}
    if not names:
        return told
    try:
        book = CalamineWorkbook.from_path(path)
    except CalamineError:
        return told
    meant = {words: code for code, words in STATUSES.items()}

    def rows(name: str) -> Iterable[list[str]]:
        found = book.get_sheet_by_name(name).iter_rows() if name in names else ()
        return ([cells.text(value) for value in row] for n, row in enumerate(found) if n)

    for code, name, item_type, sub_type, status, *_ in rows(LISTED):
        told.listed[code] = {
            "basic_code": code, "name": name, "item_type": item_type, "sub_type": sub_type,
            "status": meant.get(status, status),
        }  # fmt: skip
    for slug, *pieces in rows(ABOVE):
        try:
            told.bases[slug] = packed(msgspec.json.decode("".join(pieces)))
        except (msgspec.DecodeError, AttributeError):
            continue
    for code, slug, handling, *_ in rows(OTHERS):
        told.siblings.setdefault(code, {})[slug] = handling or None
    told.base_of = {code: slug for code, slug, *_ in rows(BELOW)}
    return told
