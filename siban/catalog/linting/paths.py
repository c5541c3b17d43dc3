"""Paths into an item's content: `online.portal_url`, `windows[0].street`, `materials[id=m02].kind`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

TOKEN = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([0-9]+)\]|\[([a-z_]+)=([^\]]*)\]")

Step = str | int | tuple[str, str]


class PathError(ValueError):
    """A path that cannot be read or leads nowhere."""


@lru_cache(maxsize=4096)
def parse(path: str) -> tuple[Step, ...]:
    """The steps of a path: names, places in a list, (name, value) of a row."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        match = TOKEN.match(path, at)
        if match is None:
            raise PathError(f"路径“{path}”在第 {at + 1} 个字符处读不懂。")
        name, index, key, value = match.groups()
        steps.append(name if name is not None else int(index) if index is not None else (key, value))
        at = match.end()
    return tuple(steps)


def touches(path: str, other: str) -> bool:
    """Whether a path is another one or leads inside it."""
    return path == other or path.startswith((f"{other}.", f"{other}["))


def _index(rows: list[Any], step: Step) -> int:
    if isinstance(step, int):
        if step < len(rows):
            return step
    elif isinstance(step, tuple):
        for index, row in enumerate(rows):
            if isinstance(row, dict) and str(row.get(step[0])) == step[1]:
                return index
    raise PathError(f"列表里没有 {step}。")


def _into(holder: Any, step: Step) -> Any:
    if isinstance(holder, dict) and isinstance(step, str):
        if step in holder:
            return holder[step]
    elif isinstance(holder, list) and not isinstance(step, str):
        return holder[_index(holder, step)]
    raise PathError(f"这里没有 {step}。")


def value_at(content: Any, path: str) -> Any:
    """The value at a path. Raises PathError when it is not there."""
    for step in parse(path):
        content = _into(content, step)
    return content


def put(content: Any, path: str, value: Any) -> None:
    """Set the value at a path, in place; what it is inside of must be there."""
    *way, last = parse(path)
    for step in way:
        content = _into(content, step)
    if isinstance(content, dict) and isinstance(last, str):
        content[last] = value
    elif isinstance(content, list) and not isinstance(last, str):
        content[_index(content, last)] = value
    else:
        raise PathError(f"“{path}”不能设置。")


def drop(content: Any, path: str) -> None:
    """Take away the cell or row at a path, in place."""
    *way, last = parse(path)
    for step in way:
        content = _into(content, step)
    if isinstance(content, dict) and isinstance(last, str):
        content.pop(last, None)
    elif isinstance(content, list) and not isinstance(last, str):
        del content[_index(content, last)]
    else:
        raise PathError(f"“{path}”不能删除。")


def without(content: Any, bad: Iterable[str]) -> Any:
    """A copy of a content in which some places say nothing; rows of a wrong kind are empty rows."""
    copy = _copied(content)
    for path in bad:
        try:
            put(copy, path, {} if path.endswith("]") else None)
        except PathError:
            continue  # a place inside one that already says nothing
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
