"""What a workbook changes in an item, told from what is stored; what it says no differently stays as it was. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .. import rules
from ..blanks.links import FIELDS, OWN
from ..content import ItemContent, Limit, read
from ..editing.elements import PHONE
from .assembling import Entry
from .layout import Kind
from .places import Fault
from .sheets import BY_NAME, ITEMS, OPEN, SHEETS

SET_ANEW = ("version", "status", "effective_at", "guide_published_at", "guide_versions")  # by every publication
KEPT = tuple(
    dict.fromkeys(c.steps[0] for c in ITEMS.columns if c.locked and c.kind is not Kind.REST and c.steps[0] not in SET_ANEW)
)  # fmt: skip
FORM_FILES = tuple(FIELDS.values())
NAMES = tuple(field.name for field in msgspec.structs.fields(ItemContent))
TAKEN = tuple(n for n in NAMES if n not in SET_ANEW and n not in KEPT and n != "impl_code")
TITLES = {
    **{c.steps[0]: c.title for c in reversed(ITEMS.columns) if c.kind is not Kind.REST},
    **{s.path.split(".")[0]: s.name for s in SHEETS if s.path and not s.parent},
    "legal_limit": "法定时限", "promised_limit": "承诺时限", "online": "网上办理", "charging": "收费", "result": "办理结果",
    "situations": "情形",
}  # fmt: skip


def plain(value: Any) -> Any:
    """A value without what a cell cannot tell apart: spaces around words, empty words, empty entries of lists."""
    if isinstance(value, str):
        return "\n".join(line.strip() for line in value.replace("\r\n", "\n").strip().split("\n")) or None
    if isinstance(value, Mapping):
        return {k: said for k, v in value.items() if (said := plain(v)) is not None} or None
    if isinstance(value, list | tuple):
        return [said for v in value if (said := plain(v)) is not None] or None
    return value


def merged(stored: Mapping[str, Any] | None, entry: Entry, absent: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """The content an item has after the import.

    Args:
        stored: its elements now; None for a new item.
        absent: headings the workbook leaves out; what they would say stays as it is.

    Returns:
        All elements; each that says nothing new is the stored one to the letter.
    """
    said = entry.content
    if stored is None:
        return {**said, "status": "draft"}
    old, made, whole = read(dict(stored)), dict(stored), not any(absent.values())
    try:
        typed: ItemContent | None = read(said)
    except msgspec.ValidationError:
        typed = None  # something that must be there is missing; its cell is a fault
    for name in TAKEN:
        if whole and typed is not None and getattr(typed, name) == getattr(old, name):
            continue
        now = msgspec.to_builtins(getattr(old, name))
        new = said.get(name) if whole else _with_absent(name, said.get(name), now, absent)
        if plain(new) != plain(now):
            made[name] = new
    return made


def _with_absent(name: str, new: Any, now: Any, absent: Mapping[str, frozenset[str]]) -> Any:
    """An element with what the workbook has no column for taken from what is stored."""
    for column in ITEMS.columns:
        if column.steps[0] == name and column.title in absent[ITEMS.name]:
            if len(column.steps) == 1:
                return now
            if now and column.steps[1] in now:
                new = {**(new or {}), column.steps[1]: now[column.steps[1]]}
    for sheet in SHEETS:
        if not sheet.path or sheet.parent or sheet.path.split(".")[0] != name:
            continue
        gone = absent[sheet.name]
        if not gone:
            continue
        *way, last = sheet.path.split(".")
        before = (now or {}).get(last) if way else now
        if len(gone) == len(sheet.columns):
            rows = before or []
        else:
            rows = [_row_with(sheet.name, row, at, before or [], gone) for at, row in enumerate(_rows(new, way, last))]
        if not way:
            new = rows
        elif new is not None or rows:
            new = {**(now or {}), **(new or {}), last: rows}
    for above, below in (("材料", "表单字段"), ("情形问题", "情形选项")):
        sheet, parent = BY_NAME[below], BY_NAME[above]
        if parent.path.split(".")[0] == name and len(absent[below]) == len(sheet.columns):
            for row in _rows(new, parent.path.split(".")[:-1], parent.path.split(".")[-1]):
                old = next(
                    (
                        o
                        for o in _rows(now, parent.path.split(".")[:-1], parent.path.split(".")[-1])
                        if o["id"] == row["id"]
                    ),
                    {},
                )
                row[sheet.path] = old.get(sheet.path, [])
    return new


def _rows(value: Any, way: list[str], last: str) -> list[dict[str, Any]]:
    return list(((value or {}).get(last) if way else value) or [])


def _row_with(
    sheet: str, row: dict[str, Any], at: int, before: list[dict[str, Any]], gone: frozenset[str]
) -> dict[str, Any]:
    """A row with the cells that have no column taken from the stored row of the same key, or of the same place."""
    known = BY_NAME[sheet]
    key = known.key if known.key and known.by_path[known.key].title not in gone else ""
    old = next((o for o in before if o[key] == row[key]), None) if key else before[at] if at < len(before) else None
    if old is None:
        return row
    return {**row, **{c.path: old[c.path] for c in known.columns if c.title in gone and c.path in old}}


def altered(stored: Mapping[str, Any] | None, made: Mapping[str, Any]) -> list[str]:
    """The elements an import changes."""
    return [name for name in NAMES if (stored or {}).get(name) != made.get(name) and name not in SET_ANEW]


def system_faults(entry: Entry, stored: Mapping[str, Any]) -> list[Fault]:
    """Cells of columns the system fills in that say something else than is stored."""
    found = []
    for name in KEPT:
        new, now = plain(entry.content.get(name)), plain(stored.get(name))
        if new is None or new == now or isinstance(now, dict):
            continue
        found.append(Fault(entry.locate(name), new, f"这一列由系统填写，不能修改，应为“{now or '空'}”"))
    return found


def unlawful(made: Mapping[str, Any], stored: Mapping[str, Any] | None) -> Iterator[tuple[str, Any, str]]:
    """(path, value, rule) of each element that no draft may say."""
    for limit, words in (("legal_limit", "法定时限"), ("promised_limit", "承诺时限")):
        said = made.get(limit) or {}
        if said.get("value") and not said.get("unit"):
            yield f"{limit}.unit", "", f"请选择{words}是工作日还是自然日"
    legal, promised = (
        Limit(**{k: (made.get(n) or {}).get(k) for k in ("value", "unit")}) for n in ("legal_limit", "promised_limit")
    )
    days = rules.comparable_days(legal), rules.comparable_days(promised)
    if days[0] is not None and days[1] is not None and days[1] > days[0]:  # 行政许可法 art. 42; rule R01
        yield "promised_limit.value", promised.words, f"承诺时限不能超过法定时限（{legal.words}）"
    for phones in ("consult_phones", "complain_phones"):
        wrong = [one for one in made.get(phones) or () if not PHONE.match(one)]
        if wrong and (stored is None or made.get(phones) != stored.get(phones)):
            yield phones, wrong[0], "不是电话号码，只能填数字和“-”，每行一个"
    known = {(m.get("id"), name): m.get(name) for m in (stored or {}).get("materials") or () for name in FORM_FILES}
    for at, material in enumerate(made.get("materials") or ()):
        for name in FORM_FILES:
            said = material.get(name) or ""
            if said.startswith(OWN) and said != known.get((material.get("id"), name)):
                yield (
                    f"materials[{at}].{name}",
                    said,
                    "本单位自备的表格文件要在事项的表格页面上传，不能在表里填写文件号",
                )


def faults_of(
    entry: Entry, made: Mapping[str, Any], *, stored: Mapping[str, Any] | None, base: Mapping[str, Any] | None,
    listed: tuple[str, str],
) -> list[Fault]:  # fmt: skip
    """What the law or the level above does not allow in an item's new content.

    Args:
        base: elements of the level above, when it fixes the common ones.
        listed: basic code and name of the base list.
    """
    found: list[Fault] = []

    def tell(path: str, value: Any, rule: str) -> None:
        found.append(Fault(entry.locate(path), value, rule))

    for name, wanted in zip(("basic_code", "name"), listed, strict=True):
        if made.get(name) != wanted:
            tell(name, made.get(name), f"应与基本目录一致，为“{wanted}”")
    for path, value, rule in unlawful(made, stored):
        tell(path, value, rule)
    for name in rules.altered_locked(made, base) if base else ():
        tell(name, "", f"{TITLES.get(name, name)}与上级事项一致，不能在本级修改；需要调整时请向上级事项的部门提出")
    return found


assert set(OPEN) <= set(NAMES)
