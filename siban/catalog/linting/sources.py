"""Where items to be checked come from, and where their cells stand.

A source yields `Subject`s and says where a path of one of them is: `locate`. Files of the library and the database are
here; a reader of workbooks fits in by yielding the same from `subjects` and answering `locate` with sheet, row and column
(`of_rows` makes a source of its iterator).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from siban.kernel.checks import Found


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: line (or row) and column from 1, in a sheet when it is a workbook; empty for the database."""

    line: int | None = None
    column: int | None = None
    sheet: str = ""

    def __str__(self) -> str:
        parts = [self.sheet] if self.sheet else []
        return ":".join([*parts, *(str(n) for n in (self.line, self.column) if n is not None)])


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Written:
    """Where a cell is written: whose it is, its path as shown, its path from the top of the file."""

    item: str
    path: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One item to be checked.

    `faults` are what reading it has found already, each with its cell; `is_item` is False for what stands outside of items
    and has nothing but faults (of the rule `fault_of`, if not of the one on kinds). `written` says where in a file a path of the content stands; of an item shared by many organisations each fault is
    reported once. `locate` gives the cell of a workbook's row.
    """

    id: str
    unit: str
    content: dict[str, Any]
    context: Mapping[str, Any]
    file: str
    region: str = ""
    written: Callable[[str], Written] | None = None
    locate: Callable[[str], Place] | None = None
    faults: tuple[tuple[Place, Found], ...] = ()
    fault_of: str = ""
    is_item: bool = True


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation's whole list, for the rules about lists: `{id, name, public_guides}`."""

    subject: dict[str, Any]
    file: str
    region: str = ""
    has_lines: bool = False
    switches: tuple[tuple[str, str, str], ...] = ()


class Source(Protocol):
    """What brings items to the linter."""

    name: str
    is_complete: bool
    """Whether it holds whole lists of organisations, so that the rules about lists (R07) make sense."""

    def subjects(self) -> Iterator[Subject]:
        """The items, in a steady order; each may be forgotten when the next is asked for."""
        ...

    def units(self) -> Iterable[Unit]:
        """The lists of the organisations; asked for after the subjects."""
        ...


@runtime_checkable
class Shared(Source, Protocol):
    """A source that several processes can read, each every so-manieth portion."""

    def is_large(self) -> bool:
        """Whether processes of its own are worth it."""
        ...

    def workers(self) -> int:
        """How many processes are worth it here."""
        ...

    def portions(self, share: int, of: int) -> Iterator[Iterator[Subject]]:
        """The portions of one process, in order: number `share`, `share + of` and so on."""
        ...


@dataclass(slots=True)
class Rows:
    """A source of rows: `(content, locate)` pairs of a workbook reader, `locate(path) -> (sheet, row, column)`."""

    name: str
    rows: Iterable[tuple[dict[str, Any], Callable[[str], tuple[str, int, int]]]]
    context: Mapping[str, Any] = field(default_factory=dict)
    is_complete: bool = False

    def subjects(self) -> Iterator[Subject]:
        for content, locate in self.rows:
            yield Subject(
                id=str(content.get("id") or content.get("impl_code") or ""),
                unit=str(content.get("dept_name") or ""),
                content=content,
                context=self.context,
                file=self.name,
                locate=lambda path, locate=locate: _place(locate(path)),  # type: ignore[misc]
            )

    def units(self) -> Iterable[Unit]:
        return ()


def _place(cell: tuple[str, int, int]) -> Place:
    return Place(line=cell[1], column=cell[2], sheet=cell[0])


def of_rows(
    name: str,
    rows: Iterable[tuple[dict[str, Any], Callable[[str], tuple[str, int, int]]]],
    context: Mapping[str, Any] | None = None,
) -> Source:
    """A source of a workbook reader's iterator."""
    return Rows(name, rows, context or {})
