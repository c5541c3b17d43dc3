"""Where a cell stands in a YAML file: line and column from the parser's own marks."""

from dataclasses import dataclass

import yaml

from ..libraries import LOADER
from .paths import PathError, Step, parse


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a text, lines and columns from 1; `start` and `end` count characters from 0."""

    line: int
    column: int
    start: int
    end: int
    is_exact: bool
    style: str | None = None


class Positions:
    """All cells of one YAML text. Composed once, only for files with findings."""

    def __init__(self, text: str) -> None:
        root = yaml.compose(text, Loader=LOADER)
        assert root is not None  # it has been read before, and had items
        self._root: yaml.Node = root
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def cell(self, path: str) -> Cell:
        """The cell at a path; where it is missing, the group or list it should be in (`is_exact` False)."""
        node, exact = self._root, True
        for step in parse(path):
            try:
                node = _inner(node, step)
            except PathError:
                exact = False
                break
        start, end = node.start_mark, node.end_mark
        return Cell(
            start.line + 1, start.column + 1, self._lines[start.line] + start.column,
            self._lines[min(end.line, len(self._lines) - 1)] + end.column, exact and isinstance(node, yaml.ScalarNode),
            node.style if isinstance(node, yaml.ScalarNode) else None,
        )  # fmt: skip


def _inner(node: yaml.Node, step: Step) -> yaml.Node:
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        for key, value in node.value:
            if key.value == step:
                return value  # type: ignore[no-any-return]
    elif isinstance(node, yaml.SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            return node.value[step]  # type: ignore[no-any-return]
        if isinstance(step, tuple):
            for row in node.value:
                if isinstance(row, yaml.MappingNode) and any(
                    key.value == step[0] and value.value == step[1] for key, value in row.value
                ):
                    return row
    raise PathError(str(step))
