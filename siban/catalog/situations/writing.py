"""The tree as it is edited: from the fields of the page to the element, and what follows from it for the materials. Pure."""

import copy
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from .tree import Situations, expanded

MOST_QUESTIONS, MOST_OPTIONS = 12, 12
LETTERS = "abcdefghijkl"
FIELD = re.compile(r"^(q\d{1,2})__")
WHOLE = re.compile(r"^\d{1,4}$")


def posted(data: Any) -> dict[str, Any]:
    """The tree the fields say; blank questions and options stay, so that nothing typed is lost."""
    ids = list(dict.fromkeys(m.group(1) for name in data for m in [FIELD.match(name)] if m))[:MOST_QUESTIONS]
    questions = []
    for q in ids:
        options = []
        for o in LETTERS:
            here = f"{q}__{o}__"
            if f"{here}label" not in data:
                continue
            options.append(_option(o, here, data))
        questions.append({"id": q, "question": data.get(f"{q}__question", "").strip()[:200], "options": options})
    return {
        "root": ids[0] if ids else "", "common_materials": [m[:20] for m in data.getlist("common")],
        "questions": questions, "leaves": [],
    }  # fmt: skip


def _option(o: str, here: str, data: Any) -> dict[str, Any]:
    option: dict[str, Any] = {
        "id": o,
        "label": data.get(f"{here}label", "").strip()[:200],
        "materials": [m[:20] for m in data.getlist(f"{here}materials")],
        "next": data.get(f"{here}next", "")[:8] or None,
    }
    if when := data.get(f"{here}when", "").strip()[:500]:
        option["when"] = when
    days, unit = data.get(f"{here}days", "").strip(), data.get(f"{here}unit", "")
    if WHOLE.match(days):
        option |= {"limit_value": int(days), "limit_unit": unit if unit in ("workday", "natural_day") else None}
    if cost := data.get(f"{here}cost", "").strip()[:200]:
        option["cost"] = cost
    return option


def faults_of_fields(data: Any) -> list[tuple[str, str]]:
    """Fields that cannot be kept as typed, each a sentence with its place."""
    found = []
    for name in data:
        if name.endswith("__days") and (said := data.get(name, "").strip()) and not WHOLE.match(said):
            found.append((f"承诺时限“{said[:20]}”不是天数，请填 0 至 9999 的整数。", f"#{name}"))
    return found


def with_question(tree: dict[str, Any]) -> dict[str, Any]:
    """One more question, with two empty options."""
    taken = {q["id"] for q in tree["questions"]}
    free = next((f"q{n}" for n in range(1, MOST_QUESTIONS + 1) if f"q{n}" not in taken), None)
    if free is None:
        return tree
    fresh = {"id": free, "question": "", "options": [_blank("a"), _blank("b")]}
    return {**tree, "root": tree["root"] or free, "questions": [*tree["questions"], fresh]}


def with_option(tree: dict[str, Any], question: str) -> dict[str, Any]:
    """One more option of a question."""
    made = copy.deepcopy(tree)
    for q in made["questions"]:
        taken = {o["id"] for o in q["options"]}
        free = next((c for c in LETTERS if c not in taken), None)
        if q["id"] == question and free:
            q["options"].append(_blank(free))
    return made


def without(tree: dict[str, Any], question: str, option: str = "") -> dict[str, Any]:
    """The tree without a question, or without one of its options; what led to the question then ends there."""
    made = copy.deepcopy(tree)
    if option:
        for q in made["questions"]:
            if q["id"] == question:
                q["options"] = [o for o in q["options"] if o["id"] != option]
        return made
    made["questions"] = [q for q in made["questions"] if q["id"] != question]
    for o in (o for q in made["questions"] for o in q["options"]):
        if o.get("next") == question:
            o["next"] = None
    made["root"] = made["questions"][0]["id"] if made["questions"] else ""
    return made


def _blank(option: str) -> dict[str, Any]:
    return {"id": option, "label": "", "materials": [], "next": None}


def typed(tree: Mapping[str, Any]) -> Situations:
    """The tree as it is walked."""
    return msgspec.convert(dict(tree), Situations)


def written(content: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    """The content with this tree: leaves expanded, and each material marked with the situations that ask for it."""
    made = copy.deepcopy(dict(content))
    if not tree["questions"]:
        made["has_situations"], made["situations"] = False, None
        for row in made.get("materials") or ():
            _in_all(row)
        return made
    order = tuple(m["id"] for m in made.get("materials") or ())
    leaves = expanded(typed(tree), order)
    made["has_situations"], made["situations"] = True, {**copy.deepcopy(dict(tree)), "leaves": leaves}
    for row in made.get("materials") or ():
        here = [leaf for leaf in leaves if row["id"] in leaf["materials"]]
        if len(here) == len(leaves):
            _in_all(row)
        else:
            ids = [leaf["scenario_id"] for leaf in here]
            if list(row.get("scenario_ids") or ()) == ids and row.get("necessity") != "required":
                continue
            row["scenario_ids"] = ids
            row["case_condition"] = ("；".join(leaf["path"] for leaf in here) + "时提交") if here else "暂不收取"
            if row.get("necessity", "required") == "required":
                row["necessity"] = "optional"
    return made


def _in_all(row: dict[str, Any]) -> None:
    if row.get("scenario_ids"):
        row["scenario_ids"] = []
        row["case_condition"] = None
        if row.get("necessity") == "optional":
            row["necessity"] = "required"
