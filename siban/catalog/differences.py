"""What differs between two versions of an item: in sentences first, then element by element in the words of the guide. Pure."""

from dataclasses import dataclass

from siban.kernel.ui.parts import Cell, Table

from . import labels
from .blanks.links import links
from .chapters import sections
from .content import ItemContent
from .guide import paper
from .sentences import changed, sentences

NUMBERING = {"版本", "指南版本", "生效日期", "指南公布日期"}


@dataclass(frozen=True, slots=True)
class Difference:
    """An element that says something else now; `before` or `after` empty = new or gone."""

    where: str
    before: str
    after: str


def between(before: ItemContent, after: ItemContent) -> list[Difference]:
    """Every element that differs, in the order of the guide."""
    old, new = said(before), said(after)
    return [
        Difference(where, old.get(where, ""), new.get(where, ""))
        for where in {**new, **old}
        if old.get(where, "") != new.get(where, "")
    ]


def in_words(before: ItemContent, after: ItemContent) -> list[str]:
    """The differences in sentences, what matters most first: `材料少 1 份：户口簿复印件`. Empty when nothing differs."""
    told = sentences(before, after)
    heads = {head for head, _ in told}
    found = [sentence for _, sentence in told if sentence]
    for one in between(before, after):
        if not _is_told(one.where, heads):
            found.append(changed(one.where.replace(" · ", "的"), one.before, one.after))
    return list(dict.fromkeys(found))


def _is_told(where: str, heads: set[str]) -> bool:
    """Whether a sentence stands for this difference already: of the element itself, or of the whole material."""
    chapter = where.partition(" · ")[0]
    return where in heads or (chapter.startswith("材料“") and chapter in heads)


def said(content: ItemContent) -> dict[str, str]:
    """Everything a version says: `{chapter and element: words}`."""
    found: dict[str, list[str]] = {"谁能办": [labels.OBJECTS[o] for o in content.service_objects]}
    for material in content.materials:
        for pair in (*paper(content, material).pairs, *links(content, material)):
            found.setdefault(f"材料“{material.name}” · {pair.key}", []).append(pair.value)
    for section in sections(content, {}):
        if section.lines:
            found[section.title] = list(section.lines)
        for pair in section.pairs:
            if pair.key not in NUMBERING:
                found.setdefault(f"{section.title} · {pair.key}", []).append(pair.value)
        for head, words in _rows(section.table):
            found.setdefault(f"{section.title} · {head}", []).append(words)
    return {where: "；".join(words) for where, words in found.items()}


def _rows(table: Table | None) -> list[tuple[str, str]]:
    if table is None:
        return []
    rows = []
    for row in table.rows:
        cells = [f"{c.text} {c.note}".strip() if isinstance(c, Cell) else str(c) for c in row]
        rows.append((cells[0], "，".join(c for c in cells[1:] if c) or cells[0]))
    return rows
