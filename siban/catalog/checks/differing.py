"""Where exactly two contents differ: the deepest cell, and rows by their own ids."""

from collections.abc import Iterator
from typing import Any

from .declared import names_a_row

KEYS = {"materials": "id", "process_steps": "seq"}  # rows that are known by a number of their own
NOTHING: tuple[object, ...] = (None, "", [], {})
SHOWN = 40
Place = tuple[str, object, str]


def places_that_differ(path: str, mine: Any, above: Any) -> Iterator[Place]:
    """Each place where a value differs from the one above it: path, value here, what differs."""
    if mine == above or (mine in NOTHING and above in NOTHING):
        return
    if isinstance(mine, dict) and isinstance(above, dict):
        for name in {**above, **mine}:
            yield from places_that_differ(f"{path}.{name}", mine.get(name), above.get(name))
    elif isinstance(mine, list) and isinstance(above, list):
        yield from _rows(path, mine, above)
    else:
        yield path, mine, f"上级是{_said(above)}，这里是{_said(mine)}"


def _said(value: object) -> str:
    if value is None or value == "" or value == []:
        return "空"
    if isinstance(value, (dict, list)):
        return f"另外的内容（{len(value)} 项）"
    text = str(value)
    return f"“{text if len(text) <= SHOWN else text[:SHOWN] + '……'}”"


def _rows(path: str, mine: list[Any], above: list[Any]) -> Iterator[Place]:
    if not all(isinstance(row, dict) for row in (*mine, *above)):
        lacking = [str(v) for v in above if v not in mine]
        more = [str(v) for v in mine if v not in above]
        said = [f"少了{_said('、'.join(lacking))}"] * bool(lacking) + [f"多了{_said('、'.join(more))}"] * bool(more)
        yield path, mine, "，".join(said) or "顺序不同"
        return
    if (key := KEYS.get(path)) and _once(key, mine) and _once(key, above):
        yield from _rows_by_key(path, key, mine, above)
    else:
        yield from _rows_by_likeness(path, mine, above)


def _once(key: str, rows: list[Any]) -> bool:
    """Whether every row has a number, and no number is there twice."""
    numbers = [str(row[key]) for row in rows if names_a_row(row.get(key))]
    return len({*numbers}) == len(rows)


def _rows_by_key(path: str, key: str, mine: list[Any], above: list[Any]) -> Iterator[Place]:
    ours, theirs = {str(row[key]): row for row in mine}, {str(row[key]): row for row in above}
    before = 0
    for name, row in theirs.items():
        if name not in ours:
            yield f"{path}[{key}={name}]", None, f"少了上级的{_said(_title(row))}"
            before += 1
        elif ours[name] != row:
            yield from places_that_differ(f"{path}[{key}={name}]", ours[name], row)
            before += 1
    for name, row in ours.items():
        if name not in theirs:
            yield f"{path}[{key}={name}]", _title(row), f"多了{_said(_title(row))}"
            before += 1
    if not before:
        yield path, [row[key] for row in mine], "顺序不同"


def _rows_by_likeness(path: str, mine: list[Any], above: list[Any]) -> Iterator[Place]:
    """Rows without ids: equal ones are set against each other, what is left is lacking, added or altered."""
    lacking = [n for n, row in enumerate(above) if row not in mine]
    more = [n for n, row in enumerate(mine) if row not in above]
    for n in lacking:
        if n in more:
            yield from places_that_differ(f"{path}[{n}]", mine[n], above[n])
        else:
            yield f"{path}[{n}]", None, f"少了上级的{_said(_title(above[n]))}"
    for n in more:
        if n not in lacking:
            yield f"{path}[{n}]", _title(mine[n]), f"多了{_said(_title(mine[n]))}"
    if not lacking and not more:
        yield path, None, "顺序不同或者有重复"


def _title(row: dict[str, Any]) -> str:
    for name in ("name", "law", "question", "label", "type"):
        if row.get(name):
            return str(row[name])
    return "一项"
