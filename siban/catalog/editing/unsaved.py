"""What is typed but not saved yet: its content with every sound value in it, and what a rule would put in a box."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from siban.kernel.checks import Finding, Found

from ..checks import ITEM
from ..linting import paths
from .elements import ASKED, Asked, ElementsForm, at, shown
from .places import anchor_of
from .rows import ROWS, RowSet, listed
from .writing import written

WORDED = ("text", "word", "words", "note", "lines", "phones", "address")  # what is typed there can be told as it is


def as_typed(content: Mapping[str, Any], form: ElementsForm, sets: list[tuple[RowSet, Any]]) -> dict[str, Any]:
    """The content with all that was typed, whether each box is sound or not; a number or choice that is none stays as it was."""
    _lenient(form, ASKED.values(), form.initial)
    for kind, rows in sets:
        for row in rows or ():
            if not hasattr(row, "cleaned_data"):
                row.cleaned_data = {}
            _lenient(row, kind.asked, row.initial)
    return written(content, form, sets)


def _lenient(form: Any, asked: Any, initial: Mapping[str, Any]) -> None:
    for one in asked:
        if one.name in form.errors:
            typed = form.data.get(form.add_prefix(one.name), "")
            form.cleaned_data[one.name] = typed if one.kind in WORDED else initial.get(one.name)


def places_of(sets: list[tuple[RowSet, Any]]) -> dict[str, list[int]]:
    """For each list, which row of the page each row of the content is: rows struck out are on the page only."""
    found = {}
    for kind, rows in sets:
        if rows is not None:
            found[kind.prefix] = [
                n for n, row in enumerate(rows)
                if (said := getattr(row, "cleaned_data", {})) and not said.get("DELETE") and said.get(kind.must)
            ]  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding beside its box.

    Args:
        anchor: address of the box on the page.
        box: id of the box; empty where the page has none for it.
        value: what the box would say if the rule's own mend were taken; None where only a person can tell.
    """

    finding: Finding
    anchor: str
    box: str
    value: str | None


def beside(found: Finding, content: Mapping[str, Any], places: Mapping[str, list[int]]) -> Shown:
    """Where a finding is shown on the page, and the mend that can be taken with one press."""
    anchor = on_the_page(anchor_of(found.path, content), places)
    box = anchor[1:] if anchor.startswith("#id_") else ""
    return Shown(found, anchor, box, _mended(found, content) if box else None)


def on_the_page(anchor: str, places: Mapping[str, list[int]]) -> str:
    """The same address by the rows of the page."""
    for kind in ROWS:
        head = f"#id_{kind.prefix}-"
        if anchor.startswith(head):
            row, name = anchor[len(head) :].split("-", 1)
            known = places.get(kind.prefix)
            return f"{head}{known[int(row)] if known and int(row) < len(known) else row}-{name}"
    return anchor


def _mended(found: Finding, content: Mapping[str, Any]) -> str | None:
    fix = ITEM[found.number].fix if found.number in ITEM else None
    new = fix(content, Found(found.path, found.value, found.message)) if fix else {}
    asked, path = _asked(found.path, content)
    if not new or asked is None or any(not p.startswith(found.path) for p in new):
        return None
    changed = copy.deepcopy(dict(content))
    for place, value in new.items():
        paths.put(changed, place, value)
    said = shown(asked.kind, paths.value_at(changed, path))
    return said if isinstance(said, str) else None


def _asked(path: str, content: Mapping[str, Any]) -> tuple[Asked | None, str]:
    """What is asked at a path, and the path of the whole box."""
    for one in ASKED.values():
        if (path == one.path or path.startswith(f"{one.path}[")) and at(content, one.path) is not None:
            return one, one.path
    for kind in ROWS:
        if path.startswith(f"{kind.name}[") and listed(content, kind):
            for one in kind.asked:
                if path.endswith(f"].{one.path}"):
                    return one, path
    return None, ""
