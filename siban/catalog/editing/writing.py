"""What was edited, put back into the content; everything the editor does not show stays as it was. Pure."""

import copy
from collections.abc import Mapping
from typing import Any

from ..checks.limits import NO_STATUTORY_LIMIT
from .elements import ASKED, WORDS, ElementsForm, at, kept, shown
from .rows import ROW, RowSet, key_of, listed

NEW_MATERIAL: dict[str, Any] = {"category": "其他", "is_form": False, "review_points": []}


def written(content: Mapping[str, Any], form: ElementsForm, sets: list[tuple[RowSet, Any]]) -> dict[str, Any]:
    """The content with the values of valid forms."""
    made = copy.deepcopy(dict(content))
    for name, asked in ASKED.items():
        if not form.fields[name].disabled:
            _put(made, asked.path, asked.kind, form.cleaned_data.get(name))
    for kind, rows in sets:
        if rows is not None:
            _put_rows(made, kind, rows)
    if not form.fields["legal_limit__value"].disabled:
        _settle_statutory_limit(made)
    return made


def _settle_statutory_limit(made: dict[str, Any]) -> None:
    """No number of days is the statement that the law sets none; a number takes it back."""
    limit = made["legal_limit"] = made.get("legal_limit") or {}
    if limit.get("value") is None and not limit.get("note"):
        limit["note"] = NO_STATUTORY_LIMIT
    elif limit.get("value") is not None and limit.get("note") == NO_STATUTORY_LIMIT:
        limit["note"] = None


def _put(holder: dict[str, Any], path: str, kind: str, value: Any) -> None:
    """Set a value, unless it says what is there already (nothing and an empty word are the same)."""
    if _same(kind, at(holder, path), value):
        return
    *way, last = path.split(".")
    if way and not value and not isinstance(at(holder, ".".join(way)), dict):
        return  # nothing said of what is not there
    for step in way:
        if not isinstance(holder.get(step), dict):
            holder[step] = {}
        holder = holder[step]
    holder[last] = kept(kind, value)


def _same(kind: str, before: Any, value: Any) -> bool:
    if kind in ("lines", "phones", "several", "materials"):
        return list(kept(kind, shown(kind, before))) == kept(kind, value)  # type: ignore[no-any-return]
    if kind in WORDS and before is None:
        return False
    return bool(shown(kind, before) == ("" if value is None else value))


def _put_rows(made: dict[str, Any], kind: RowSet, rows: Any) -> None:
    before = listed(made, kind)
    known = {key_of(kind, row, place): row for place, row in enumerate(before)}
    after: list[dict[str, Any]] = []
    for form in rows:
        said = form.cleaned_data
        if not said or said.get("DELETE") or not said.get(kind.must):
            continue
        row = copy.deepcopy(known.get(said.get(ROW, ""), {}))
        for asked in kind.asked:
            _put(row, asked.path, asked.kind, said.get(asked.name))
        after.append(row)
    if kind.name == "materials":
        _settle_materials(made, before, after)
    if kind.name == "process_steps":
        for seq, row in enumerate(after, start=1):
            row["seq"] = seq
    if after == before:
        return
    holder, (*way, last) = made, kind.name.split(".")
    for step in way:
        if not isinstance(holder.get(step), dict):
            holder[step] = {}
        holder = holder[step]
    holder[last] = after


def _settle_materials(made: dict[str, Any], before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """New materials get an id and are asked in every situation; removed ones are asked in none."""
    taken = {row["id"] for row in [*before, *after] if row.get("id")}
    fresh = []
    for row in after:
        if row.get("id"):
            continue
        number = next(n for n in range(1, 1000) if f"m{n:02d}" not in taken)
        for name, value in NEW_MATERIAL.items():
            row.setdefault(name, copy.deepcopy(value))
        row["id"] = f"m{number:02d}"
        taken.add(row["id"])
        fresh.append(row["id"])
    gone = {row["id"] for row in before} - {row["id"] for row in after}
    tree = made.get("situations")
    if isinstance(tree, dict) and (fresh or gone):
        tree["common_materials"] = [m for m in tree.get("common_materials") or () if m not in gone] + fresh
        for option in (o for q in tree.get("questions") or () for o in q["options"]):
            option["materials"] = [m for m in option.get("materials") or () if m not in gone]
        for leaf in tree.get("leaves") or ():
            leaf["materials"] = [m for m in leaf.get("materials") or () if m not in gone] + fresh
    if gone and isinstance(made.get("deficiency"), dict):
        made["deficiency"]["materials"] = [m for m in made["deficiency"].get("materials") or () if m not in gone]
