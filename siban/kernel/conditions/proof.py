"""Proving a decision table complete and free of overlaps over the product of its input domains.

Words and yes/no inputs are walked through wholly. A whole-number input is walked at its bounds and at every constant of
the cells that speak of it, one below and one above: where a cell only compares one such input with constants, its truth
cannot change anywhere else. An input that a cell computes with, or compares with another, is walked through wholly.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, floor, prod

from .tables import LARGEST, STRING, Cell, Choice, Flag, Table, Value, Whole

MOST_POINTS = 200_000  # more would keep the person who publishes waiting
NUMBER = re.compile(r"(?<![A-Za-z_0-9])(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")

Point = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the domain: for each input that matters, the values in words."""

    conditions: Mapping[str, str]
    example: Mapping[str, Value]
    text: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows (from 1) that both apply, and where."""

    rows: tuple[int, int]
    areas: tuple[Area, ...]
    same_outputs: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What the proof found. With hit `first` overlaps are settled by order; with `unique` they are faults."""

    table: str
    hit: str
    uncovered: tuple[Area, ...]
    overlaps: tuple[Overlap, ...]
    unreachable: tuple[int, ...]
    points: int

    @property
    def is_sound(self) -> bool:
        """Fit to be published: total, no row without use, and no overlap unless order settles it."""
        return not self.uncovered and not self.unreachable and (self.hit == "first" or not self.overlaps)

    def sentences(self) -> list[str]:
        """The faults, one sentence each."""
        said = [f"{area.text}时没有一行适用，请补上一行。" for area in self.uncovered]
        said += [f"第 {row} 行永远轮不到，请删去或调整顺序。" for row in self.unreachable]
        if self.hit == "unique":
            for overlap in self.overlaps:
                first, second = overlap.rows
                said += [
                    f"{area.text}时第 {first} 行与第 {second} 行同时适用，请改窄其中一行。" for area in overlap.areas
                ]
        return said


def prove(table: Table) -> Findings:
    """Walk the table's whole domain; raises `ConditionError` if it is too wide to walk or a cell fails in it."""
    names = tuple(table.inputs)
    axes = [_axis(table, name) for name in names]
    size = prod(len(axis) for axis in axes)
    if size > MOST_POINTS:
        raise table.error(f"需要核对 {size} 种组合，超过 {MOST_POINTS} 种，无法证明完整，请拆成几张表或减少可选值")
    truths = [[_truth(table, cell, names, axes) for cell in cells] for cells in table.cells]
    uncovered: list[Point] = []
    overlaps: dict[tuple[int, int], list[Point]] = {}
    reached: set[int] = set()
    for point in product(*axes):
        hits = [
            number
            for number, row in enumerate(truths, start=1)
            if all(truth[tuple(point[place] for place in places)] for places, truth in row)
        ]
        if not hits:
            uncovered.append(point)
            continue
        reached.update(hits[:1] if table.hit == "first" else hits)
        for pair in combinations(hits, 2):
            overlaps.setdefault(pair, []).append(point)
    return Findings(
        table=table.name,
        hit=table.hit,
        uncovered=_areas(table, axes, uncovered),
        overlaps=tuple(
            Overlap(pair, _areas(table, axes, points), table.rows[pair[0] - 1].then == table.rows[pair[1] - 1].then)
            for pair, points in sorted(overlaps.items())
        ),
        unreachable=tuple(number for number in range(1, len(table.rows) + 1) if number not in reached),
        points=size,
    )


def _axis(table: Table, name: str) -> tuple[Value, ...]:
    """The values at which an input must be looked at."""
    domain = table.inputs[name]
    if isinstance(domain, Choice):
        return domain.values
    if isinstance(domain, Flag):
        return (False, True)
    about = [cell for cells in table.cells for cell in cells if name in cell.names]
    if all(cell.is_plain and _wholes(table, cell) == 1 for cell in about):
        marks = {mark for cell in about for mark in _marks(cell.text)}
        near = {mark + step for mark in marks for step in (-1, 0, 1)} | {domain.low, domain.high}
        return tuple(sorted(value for value in near if domain.low <= value <= domain.high))
    if domain.high - domain.low >= MOST_POINTS:
        raise table.error(f"输入“{table.label(name)}”参与运算而范围过大，无法证明完整，请改为与常数比较或缩小范围")
    return tuple(range(domain.low, domain.high + 1))


def _wholes(table: Table, cell: Cell) -> int:
    return sum(isinstance(table.inputs[name], Whole) for name in cell.names)


def _marks(text: str) -> Iterable[int]:
    """Whole numbers at or beside each number in a cell, and their negatives."""
    for found in NUMBER.findall(STRING.sub(" ", text)):
        number = int(found, 16) if found[:2] in ("0x", "0X") else float(found) if not found.isdigit() else int(found)
        if number > LARGEST:
            continue  # beyond every domain
        for mark in {floor(number), ceil(number)}:
            yield from (mark, -mark)


def _truth(
    table: Table, cell: Cell, names: Sequence[str], axes: Sequence[tuple[Value, ...]]
) -> tuple[tuple[int, ...], dict[Point, bool]]:
    """The cell's answer for every combination of the inputs it speaks of, and the places of those inputs."""
    places = tuple(names.index(name) for name in cell.names)
    answers = {
        point: table.holds(cell, dict(zip(cell.names, point, strict=True)))
        for point in product(*(axes[place] for place in places))
    }
    return places, answers


def _areas(table: Table, axes: Sequence[tuple[Value, ...]], points: Sequence[Point]) -> tuple[Area, ...]:
    """The points put together into as few boxes as joining along one input after the other gives."""
    rank = [{value: place for place, value in enumerate(axis)} for axis in axes]
    boxes: list[tuple[frozenset[int], ...]] = [
        tuple(frozenset((rank[axis][value],)) for axis, value in enumerate(point)) for point in points
    ]
    for place in range(len(axes)):
        joined: dict[tuple[frozenset[int], ...], frozenset[int]] = {}
        for box in boxes:
            others = box[:place] + box[place + 1 :]
            joined[others] = joined.get(others, frozenset()) | box[place]
        boxes = [(*others[:place], along, *others[place:]) for others, along in joined.items()]
    return tuple(_area(table, axes, box) for box in boxes)


def _area(table: Table, axes: Sequence[tuple[Value, ...]], box: tuple[frozenset[int], ...]) -> Area:
    conditions: dict[str, str] = {}
    example: dict[str, Value] = {}
    for name, axis, chosen in zip(table.inputs, axes, box, strict=True):
        example[name] = axis[min(chosen)]
        if len(chosen) < len(axis):
            conditions[name] = _words(axis, sorted(chosen))
    text = "、".join(
        f"“{table.label(name)}”为{' ' if isinstance(table.inputs[name], Whole) else ''}{said}"
        for name, said in conditions.items()
    )
    return Area(conditions, example, text or "任何情况")


def _words(axis: tuple[Value, ...], chosen: Sequence[int]) -> str:
    """Values in words; neighbouring whole numbers as a range, for nothing changes between two points of an axis."""
    if isinstance(axis[0], bool):
        return "是" if axis[chosen[0]] else "否"
    if isinstance(axis[0], str):
        return "或".join(str(axis[place]) for place in chosen)
    runs: list[list[int]] = []
    for place in chosen:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    said = [str(axis[run[0]]) if len(run) == 1 else f"{axis[run[0]]} 至 {axis[run[-1]]}" for run in runs]
    return "或".join(f" {text} " for text in said).strip()
