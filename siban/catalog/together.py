"""One element over many items: where it stands in each of them, and how it is put there. Pure."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import labels
from .editing.elements import ASKED, Asked, _choices, at, kept, shown

WINDOW = (
    Asked("windows.street", "办理地点：街道"), Asked("windows.house_no", "办理地点：门牌"),
    Asked("windows.building", "办理地点：楼"), Asked("windows.floor", "办理地点：层"),
    Asked("windows.room_no", "办理地点：房间"), Asked("windows.window_no", "办理地点：窗口"),
    Asked("windows.windows_type", "办理地点：窗口种类", "choice", choices=(("", "没有写明"), *_choices(labels.WINDOWS))),
)  # fmt: skip
FORMS = (Asked("materials.sample_form_file", "表格材料：样表"), Asked("materials.blank_form_file", "表格材料：空表"))
FIRST = ("office_hours", "consult_phones", "complain_phones")  # what is changed in many items most often
ELEMENTS: dict[str, Asked] = {
    **{name: ASKED[name] for name in FIRST},
    **{asked.name: asked for asked in (*WINDOW, *FORMS)},
    **{name: asked for name, asked in ASKED.items() if name not in FIRST and asked.kind != "several"},
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the element in one item.

    Args:
        key: the row it belongs to, a window's place or a material's id; empty for the item itself.
        words: what the row is called.
        value: what it says now.
    """

    key: str
    words: str
    value: Any


def spots(asked: Asked, content: Mapping[str, Any]) -> Iterator[Spot]:
    """Where the element stands in an item; a form's file only for the materials that are forms."""
    if asked in WINDOW:
        rows = content.get("windows") or [{}]
        for place, window in enumerate(rows):
            yield Spot(str(place), f"第 {place + 1} 处" if len(rows) > 1 else "", window.get(_last(asked)))
    elif asked in FORMS:
        for material in content.get("materials") or ():
            if material.get("is_form"):
                yield Spot(str(material["id"]), str(material["name"]), material.get(_last(asked)))
    else:
        yield Spot("", "", at(content, asked.path))


def _last(asked: Asked) -> str:
    return asked.path.rpartition(".")[2]


def unlike(asked: Asked, before: Any, value: Any) -> bool:
    """Whether a value as typed says something else than is stored."""
    if asked.kind in ("lines", "phones"):
        return list(kept(asked.kind, value)) != kept(asked.kind, shown(asked.kind, before))  # type: ignore[no-any-return]
    return bool(shown(asked.kind, before) != ("" if value is None else value))


def put(asked: Asked, content: Mapping[str, Any], key: str, value: Any, *, typed: bool = True) -> dict[str, Any]:
    """The content with the element changed at one place.

    Args:
        typed: whether the value is as typed, or as stored.
    """
    made = copy.deepcopy(dict(content))
    new = kept(asked.kind, value) if typed else value
    if asked in WINDOW:
        rows = made.get("windows") or [{}]
        rows[int(key)][_last(asked)] = new
        made["windows"] = rows
    elif asked in FORMS:
        row = next(m for m in made["materials"] if m["id"] == key)
        row[_last(asked)] = new
    else:
        holder, (*way, last) = made, asked.path.split(".")
        for step in way:
            holder[step] = holder.get(step) if isinstance(holder.get(step), dict) else {}
            holder = holder[step]
        holder[last] = new
    return made


def value_at(asked: Asked, content: Mapping[str, Any], key: str) -> Any:
    """What the element says at a place; None where the place is gone."""
    return next((spot.value for spot in spots(asked, content) if spot.key == key), None)


def words_of(asked: Asked, value: Any) -> str:
    """A stored value in words."""
    if asked.kind == "flag":
        return "是" if value else "否"
    said = str(shown(asked.kind, value))
    return dict(asked.choices).get(said, said).replace("\n", "；")
