"""Pure law of returns: what a box takes, what a row must hold, when to remind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from .rules_supervision import SAID

KINDS = {"number": "数字", "text": "文字", "choice": "单选", "date": "日期", "file": "文件"}
REMIND_BEFORE = tuple(int(n) for n in SAID["collections"]["remind_before_days"]["value"])
REMIND_AFTER = tuple(int(n) for n in SAID["collections"]["remind_after_days"]["value"])
MONTHLY_DAY = int(SAID["collections"]["monthly_day"]["value"])
MOST_FIELDS, MOST_ROWS, MOST_TEXT, MOST_FAULTS = 60, 5000, 2000, 50
PLAIN = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


@dataclass(frozen=True, slots=True)
class Field:
    """One box of a form, one column of a workbook."""

    key: str
    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "name": self.name, "kind": self.kind, "required": self.required, "choices": list(self.choices), "hint": self.hint}  # fmt: skip


def fields_of(said: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Boxes as they are kept."""
    return tuple(Field(f["key"], f["name"], f["kind"], f["required"], tuple(f["choices"]), f["hint"]) for f in said)


def faulty_fields(fields: Sequence[Field], *, is_workbook: bool) -> list[str]:
    """What is wrong with a definition, one sentence each."""
    faults: list[str] = []
    if not fields:
        faults.append("还没有填报项目，请至少写一项。")
    if len(fields) > MOST_FIELDS:
        faults.append(f"填报项目有 {len(fields)} 项，最多 {MOST_FIELDS} 项。")
    seen: set[str] = set()
    for n, f in enumerate(fields, start=1):
        if f.name in seen:
            faults.append(f"第 {n} 项“{f.name}”和前面的重名，请改成不同的名称。")
        seen.add(f.name)
        if f.kind == "choice" and len(f.choices) < 2:
            faults.append(f"第 {n} 项“{f.name}”是单选，请写出至少两个选项，用顿号隔开。")
        if f.kind == "file" and is_workbook:
            faults.append(f"第 {n} 项“{f.name}”要的是文件，电子表格里不能放文件，请改成在线填表。")
    return faults


def value(field: Field, said: Any) -> tuple[Any, str]:
    """(what is kept, what is wrong): a box as entered or a cell as read."""
    text = _text(said)
    if text == "":
        return "", f"“{field.name}”没有填写，请补上。" if field.required else ""
    if len(text) > MOST_TEXT:
        return "", f"“{field.name}”有 {len(text)} 个字，最多 {MOST_TEXT} 个字。"
    match field.kind:
        case "number":
            return _number(field, text)
        case "choice":
            if text not in field.choices:
                return "", f"“{field.name}”的“{text[:20]}”不在选项里，可以填：{'、'.join(field.choices)}。"
        case "date":
            return _date(field, said, text)
    return text, ""


def _text(said: Any) -> str:
    if said is None:
        return ""
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, float) and said.is_integer() and abs(said) < 1e15:
        return str(int(said))
    return str(said).replace("\x00", "").strip()


def _number(field: Field, text: str) -> tuple[Any, str]:
    plain = text.translate(PLAIN).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return "", f"“{field.name}”的“{text[:20]}”应填数字。"
    if not number.is_finite() or abs(number) >= 10**15:
        return "", f"“{field.name}”的“{text[:20]}”不是可以用的数字。"
    return f"{number.normalize():f}", ""


def _date(field: Field, said: Any, text: str) -> tuple[Any, str]:
    if isinstance(said, datetime):
        return said.date().isoformat(), ""
    if isinstance(said, date):
        return said.isoformat(), ""
    plain = (
        text.translate(PLAIN)
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        year, month, day = (int(p) for p in plain.split("-"))
        return date(year, month, day).isoformat(), ""
    except ValueError:
        return "", f"“{field.name}”的“{text[:20]}”应是日历上有的一天，例如 2026-03-20。"


def step(due_on: date, today: date, already: int | None) -> int | None:
    """Which round of reminders is due: days left as a positive number, days late as a negative one; None for nothing."""
    left = (due_on - today).days
    if left >= 0:
        found = min((n for n in REMIND_BEFORE if left <= n), default=None)
    else:
        late = max((n for n in REMIND_AFTER if -left >= n), default=None)
        found = None if late is None else -late
    return found if found is not None and (already is None or found < already) else None
