"""Where on the editor's page a place of the content is: from the path of a finding to the box that holds it. Pure."""

from collections.abc import Mapping
from typing import Any

from ..linting.paths import parse
from .elements import ASKED
from .rows import ROWS, listed


def anchor_of(path: str, content: Mapping[str, Any]) -> str:
    """The address on the page (`#id_…`) of the box, else of the nearest part of the page that holds it."""
    steps = parse(path)
    words = [step for step in steps if isinstance(step, str)]
    for kind in ROWS:
        way = kind.name.split(".")
        if words[: len(way)] != way:
            continue
        place = next((step for step in steps if not isinstance(step, str)), None)
        row = _row(listed(content, kind), place)
        asked = [a.name for a in kind.asked if a.name in words[len(way) :]]
        if row is None:
            return f"#r-{kind.prefix}"
        return f"#id_{kind.prefix}-{row}-{asked[0] if asked else kind.must}"
    for end in range(len(words), 0, -1):
        name = "__".join(words[:end])
        if name in ASKED:
            return f"#id_{name}"
    first = next((name for name, asked in ASKED.items() if asked.top == words[0]), "")
    return f"#id_{first}" if first else "#main"


def _row(rows: list[dict[str, Any]], step: Any) -> int | None:
    if isinstance(step, int):
        return step if step < len(rows) else None
    if isinstance(step, tuple):
        return next((at for at, row in enumerate(rows) if str(row.get(step[0])) == str(step[1])), None)
    return None
