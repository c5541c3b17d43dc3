"""Decision tables 决策表 whose cells are CEL expressions over declared inputs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import cel

Hit = Literal["first", "unique"]
Value = str | int | bool
ANY = ("", "-")  # a cell that asks nothing
PLAIN = frozenset({"_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "-_", "_?_:_"})
STRING = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
LARGEST = 2**53  # whole numbers stay exact on every side


class ConditionError(ValueError):
    """A table, or an input to one, that cannot be judged; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An input that is one of the listed words."""

    values: tuple[str, ...]
    label: str = ""

    def fault(self, value: object) -> str | None:
        if not isinstance(value, str) or value not in self.values:
            return f"应为 {'、'.join(self.values)} 之一"
        return None


@dataclass(frozen=True, slots=True)
class Flag:
    """An input that is yes or no."""

    label: str = ""

    def fault(self, value: object) -> str | None:
        return None if isinstance(value, bool) else "应为“是”或“否”"


@dataclass(frozen=True, slots=True)
class Whole:
    """An input that is a whole number between two bounds, both included."""

    low: int
    high: int
    label: str = ""

    def fault(self, value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            return f"应为 {self.low} 至 {self.high} 的整数"
        return None


Domain = Choice | Flag | Whole


@dataclass(frozen=True)
class Row:
    """One row: all its cells must hold; `then` gives every output. The law stands beside the row it makes."""

    when: Mapping[str, str]
    then: Mapping[str, Any]
    law: str = ""


@dataclass(frozen=True)
class Cell:
    """A compiled cell of row `row` (from 1) in the column of an input."""

    row: int
    column: str
    text: str
    program: cel.Program
    names: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Only comparisons with constants and logic, so its truth changes at its constants alone."""
        return PLAIN.issuperset(self.program.functions())


@dataclass(frozen=True)
class Table:
    """A decision table. A table that is wrong in itself cannot be made: the constructor raises `ConditionError`."""

    name: str
    inputs: Mapping[str, Domain]
    rows: Sequence[Row]
    outputs: tuple[str, ...]
    hit: Hit = "first"
    version: int = 1
    law: str = ""
    cells: tuple[tuple[Cell, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))
        object.__setattr__(self, "rows", tuple(self.rows))
        if self.hit not in ("first", "unique"):
            raise self.error(f"命中方式“{self.hit}”无法识别，应为 first 或 unique")
        if not self.rows or not self.outputs:
            raise self.error("至少要有一行和一项结果")
        for name, domain in self.inputs.items():
            self._check_domain(name, domain)
        cells = tuple(self._compile(number, row) for number, row in enumerate(self.rows, start=1))
        object.__setattr__(self, "cells", cells)

    def error(self, text: str) -> ConditionError:
        """A refusal that names the table."""
        return ConditionError(f"决策表“{self.name}”：{text}。")

    def label(self, name: str) -> str:
        """What the input is called on the page."""
        return self.inputs[name].label or name

    def check_inputs(self, given: Mapping[str, Any]) -> None:
        """Refuse a missing, unknown or wrong input."""
        for name, domain in self.inputs.items():
            if name not in given:
                raise self.error(f"缺少输入“{self.label(name)}”，请补充后再判断")
            fault = domain.fault(given[name])
            if fault is not None:
                raise self.error(f"输入“{self.label(name)}”为“{given[name]}”，{fault}，请核对")
        for name in given:
            if name not in self.inputs:
                raise self.error(f"不认识输入“{name}”，请核对名称")

    def holds(self, cell: Cell, given: Mapping[str, Any]) -> bool:
        """Whether the cell is true of the inputs."""
        try:
            answer = cell.program.execute({name: given[name] for name in cell.names})
        except (RuntimeError, TypeError, ValueError, ArithmeticError) as error:
            raise self._cell_error(cell.row, cell.column, cell.text, "无法计算，可能类型不符，请核对") from error
        if not isinstance(answer, bool):
            raise self._cell_error(cell.row, cell.column, cell.text, "结果不是“是”或“否”，请改成条件")
        return answer

    def _check_domain(self, name: str, domain: Domain) -> None:
        if not name.isidentifier() or not name.isascii():
            raise self.error(f"输入名“{name}”应由字母、数字和下划线组成")
        if isinstance(domain, Choice) and (not domain.values or len(set(domain.values)) != len(domain.values)):
            raise self.error(f"输入“{self.label(name)}”的可选值为空或有重复")
        if isinstance(domain, Whole) and not -LARGEST <= domain.low <= domain.high <= LARGEST:
            raise self.error(f"输入“{self.label(name)}”的范围 {domain.low} 至 {domain.high} 不对")

    def _compile(self, number: int, row: Row) -> tuple[Cell, ...]:
        if set(row.then) != set(self.outputs):
            raise self.error(f"第 {number} 行的结果应恰好是 {'、'.join(self.outputs)}")
        return tuple(
            self._cell(number, column, text.strip()) for column, text in row.when.items() if text.strip() not in ANY
        )

    def _cell(self, number: int, column: str, text: str) -> Cell:
        if column not in self.inputs:
            raise self.error(f"第 {number} 行的“{column}”列没有对应的输入")
        try:
            program = cel.compile(text)
        except ValueError as error:
            raise self._cell_error(number, column, text, "写法有误，请检查括号、引号和运算符") from error
        names = tuple(program.variables())
        for name in names:
            if name not in self.inputs:
                raise self._cell_error(number, column, text, f"用到了没有声明的输入“{name}”")
        cell = Cell(number, column, text, program, names)
        self._check_words(cell)
        return cell

    def _check_words(self, cell: Cell) -> None:
        """A word that no choice of the cell can take would make it silently false."""
        known = {value for name in cell.names if isinstance(d := self.inputs[name], Choice) for value in d.values}
        if not cell.is_plain:
            return
        for literal in STRING.findall(cell.text):
            if literal[1:-1] not in known:
                text = f"中的“{literal[1:-1]}”不是可选值，可选：{'、'.join(sorted(known)) or '无'}"
                raise self._cell_error(cell.row, cell.column, cell.text, text)

    def _cell_error(self, number: int, column: str, text: str, said: str) -> ConditionError:
        return self.error(f"第 {number} 行“{self.label(column)}”列的条件“{text}”{said}")


@dataclass(frozen=True)
class Decision:
    """What a table decided, with all that is needed to show it again: version, inputs, and the row (from 1)."""

    table: str
    version: int
    inputs: Mapping[str, Any]
    row: int
    outputs: Mapping[str, Any]
    law: str


def decide(table: Table, inputs: Mapping[str, Any]) -> Decision:
    """The outputs of the row that fires; raises `ConditionError` on a wrong input and on a hole in the table."""
    table.check_inputs(inputs)
    fired = 0
    for number, cells in enumerate(table.cells, start=1):
        if all(table.holds(cell, inputs) for cell in cells):
            if fired:
                raise table.error(f"第 {fired} 行与第 {number} 行同时适用，应只有一行适用，请联系管理员修订")
            fired = number
            if table.hit == "first":
                break
    if not fired:
        raise table.error("没有一行适用于所给的输入，请联系管理员补全")
    row = table.rows[fired - 1]
    return Decision(table.name, table.version, dict(inputs), fired, dict(row.then), row.law or table.law)


def names_in(text: str) -> tuple[str, ...]:
    """The inputs a condition speaks of. Raises ConditionError for one that cannot be read."""
    try:
        return tuple(cel.compile(text).variables())
    except ValueError as error:
        raise ConditionError(f"条件“{text}”写法有误，请检查括号、引号和运算符。") from error
