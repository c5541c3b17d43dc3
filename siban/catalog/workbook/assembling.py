"""One item put together from its rows on all sheets."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .cells import Unreadable
from .headings import Part
from .layout import Kind, Sheet
from .places import Fault, Place, Places
from .plans import Plan, Row
from .sheets import BY_NAME, FIELDS, ITEMS, MATERIALS, OPEN, OPTIONS, QUESTIONS, SHEETS

Found = tuple[int, Row, Part, Plan]


@dataclass(slots=True)
class Entry:
    """One item as the workbook has it.

    Args:
        code: its 实施编码.
        content: all elements in the shape of `ItemContent`; a faulty cell counts as empty.
        faults: what is wrong in its rows.
        places: where each element stands.
        rows: `{sheet: [(row number, values, where)]}` as they were, for giving them back.
    """

    code: str
    content: dict[str, Any]
    faults: list[Fault]
    places: Places
    rows: dict[str, list[tuple[int, Row, Part]]]

    def locate(self, path: str) -> Place:
        """Sheet, row and column of an element (`materials[2].copy_count`)."""
        return self.places.locate(path)


class Source(Protocol):
    """Hands out the rows of an item."""

    def of(self, code: str) -> Sequence[Found]: ...


TOPS = tuple(c.path for c in ITEMS.columns if len(c.steps) == 1 and c.kind is not Kind.REST)
HOLDERS: dict[str, tuple[tuple[str, str], ...]] = {
    holder: tuple((c.steps[1], c.path) for c in ITEMS.columns if len(c.steps) == 2 and c.steps[0] == holder)
    for holder in dict.fromkeys(c.steps[0] for c in ITEMS.columns if len(c.steps) == 2)
}
OPTIONAL = ("situations", "deficiency", "commitment", *OPEN)  # nothing when none of their cells is filled
SIMPLE = tuple(s for s in SHEETS if s.path and not s.parent and "." not in s.path)
KEYED = {s.name: s.by_path[s.key].title for s in SHEETS if s.key and s.path}


class Assembly:
    """Puts items together; knows which cells make an optional element present.

    Args:
        twice: codes that stand in several rows of the items' sheet.
    """

    def __init__(self, streams: Mapping[str, Source], twice: Container[str] = ()) -> None:
        self.streams = streams
        self.twice = twice
        self._cells: dict[int, dict[str, list[int]]] = {}

    def entry(self, code: str, found: Found) -> Entry:
        """The item whose row on the items' sheet was found."""
        number, row, part, plan = found
        entry = Entry(code, {}, [], Places((number, part)), {ITEMS.name: [(number, row, part)]})
        flat = self._struct(found, entry)
        content = entry.content
        for path in TOPS:
            content[path] = flat[path]
        content["impl_code"] = code
        filled = self._filled(plan)
        for holder, names in HOLDERS.items():
            if holder in OPTIONAL and not any(row[at] != "" for at in filled[holder]):
                content[holder] = {} if holder in ("guide_versions", "confidence") else None
            else:
                content[holder] = {name: flat[path] for name, path in names}
        for holder, more in (flat.get("") or {}).items():
            if holder in OPEN:
                content[holder] = {**(content[holder] or {}), **more}
        for sheet in SIMPLE:
            content[sheet.path] = self._list(sheet, code, entry)
        content["charging"]["items"] = self._list(BY_NAME["收费"], code, entry)
        self._nest(FIELDS, MATERIALS, content["materials"], code, entry)
        self._situations(content, code, entry)
        return entry

    def _filled(self, plan: Plan) -> dict[str, list[int]]:
        """Which cells of the items' sheet speak of each optional element."""
        known = self._cells.get(id(plan))
        if known is None:
            known = {
                holder: [plan.columns[path] for _, path in HOLDERS[holder] if path in plan.columns]
                for holder in OPTIONAL
            }
            self._cells[id(plan)] = known
        return known

    @staticmethod
    def _struct(found: Found, entry: Entry) -> dict[str, Any]:
        number, row, part, plan = found
        try:
            return plan.struct(row)
        except Unreadable:
            made, faults = plan.careful(row, number, part)
            entry.faults += faults
            return made

    def _rows(self, sheet: Sheet, code: str) -> Sequence[Found]:
        """The rows of a sheet for an item; of one listed twice with the same rows, each counts once."""
        stream = self.streams.get(sheet.name)
        rows = stream.of(code) if stream else ()
        if code not in self.twice:
            return rows
        once: dict[tuple[Any, ...], Found] = {}
        for found in reversed(rows):
            once[tuple(found[1])] = found
        return list(once.values())[::-1]

    def _list(self, sheet: Sheet, code: str, entry: Entry) -> list[dict[str, Any]]:
        """The rows of a list of the item."""
        rows = self._rows(sheet, code)
        if not rows:
            return []
        entry.places.lists[sheet.path] = [(number, part) for number, _, part, _ in rows]
        entry.rows[sheet.name] = [(number, row, part) for number, row, part, _ in rows]
        made = [self._struct(found, entry) for found in rows]
        if sheet.key:
            self._once(sheet, made, rows, entry)
        return made

    @staticmethod
    def _once(sheet: Sheet, made: list[dict[str, Any]], rows: Sequence[Found], entry: Entry) -> None:
        """Two rows with one key are a fault of the second."""
        key = sheet.key
        if len({one[key] for one in made}) == len(made):
            return
        seen: set[Any] = set()
        for one, (number, row, part, plan) in zip(made, rows, strict=True):
            if one[key] in seen and key in plan.columns:
                at = plan.columns[key]
                entry.faults.append(
                    part.fault(
                        number, at, row[at], f"同一事项里有两行的{KEYED[sheet.name]}相同，请改成不同的或者删去一行"
                    )
                )
            seen.add(one[key])

    def _nest(self, sheet: Sheet, above: Sheet, parents: list[dict[str, Any]], code: str, entry: Entry) -> None:
        """Give each parent row the rows that belong to it."""
        for parent in parents:
            parent[sheet.path] = []
        rows = self._rows(sheet, code)
        if not rows:
            return
        entry.rows[sheet.name] = [(number, row, part) for number, row, part, _ in rows]
        by_key = {parent[above.key]: at for at, parent in enumerate(parents)}
        places = entry.places.nested.setdefault(sheet.name, {})
        for found in rows:
            number, row, part, plan = found
            said = row[plan.parent_at]
            at = by_key.get(said)
            if at is None and (at := by_key.get(text_of(said))) is None:
                why = f"这个事项在“{above.name}”表里没有这个{sheet.parent_title}"
                entry.faults.append(part.fault(number, plan.parent_at, said, why))
                continue
            parents[at][sheet.path].append(self._struct(found, entry))
            places.setdefault(at, []).append((number, part))
        if sheet.key:
            for at, parent in enumerate(parents):
                made = parent[sheet.path]
                if len({one[sheet.key] for one in made}) != len(made):
                    number, part = places[at][-1]
                    column = part.heads.at[sheet.by_path[sheet.key].title]
                    why = f"{sheet.parent_title}“{parent[above.key]}”下有两行的{KEYED[sheet.name]}相同，请改成不同的或者删去一行"
                    entry.faults.append(part.fault(number, column, made[-1][sheet.key], why))

    def _situations(self, content: dict[str, Any], code: str, entry: Entry) -> None:
        questions = self._list(QUESTIONS, code, entry)
        self._nest(OPTIONS, QUESTIONS, questions, code, entry)
        leaves = self._list(BY_NAME["情形组合"], code, entry)
        tree = content["situations"]
        if tree is None and not questions and not leaves:
            return
        if tree is None:
            tree = content["situations"] = {"root": "", "common_materials": []}
        tree["questions"], tree["leaves"] = questions, leaves


def text_of(value: Any) -> Any:
    """A key as the reader of texts would have it."""
    if isinstance(value, str):
        return value.strip()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else value
