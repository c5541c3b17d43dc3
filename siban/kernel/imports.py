"""What can be imported by `siban import NAME`: each module registers its kinds here from its own `imports.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from siban.kernel.flow import Refused


class ImportRefused(Refused):
    """Nothing was imported; `sentences` name every wrong line of what was given."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, counted; `notes` are sentences worth reading."""

    what: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}：新增 {self.added}，更新 {self.changed}，未变 {self.unchanged}。"


Run = Callable[[Path | None, datetime], list[Imported]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import: its name on the command line and what it takes, in words."""

    name: str
    words: str
    run: Run


REGISTRY: dict[str, Kind] = {}


def register(name: str, words: str, run: Run) -> None:
    """Declare a kind of import; `run` gets the file or folder (None = what comes with the product) and the instant."""
    if name in REGISTRY and REGISTRY[name].run is not run:
        raise ValueError(f"two imports are called {name}")
    REGISTRY[name] = Kind(name, words, run)


def import_calendar(path: Path | None, at: datetime) -> list[Imported]:
    """One year's holiday table, and the terms that it moves."""
    from django.db import transaction

    from siban.kernel.actor import SYSTEM
    from siban.kernel.calendar.store import import_year
    from siban.kernel.calendar.tables import TableError
    from siban.kernel.terms.actions import recompute

    if path is None:
        raise ImportRefused(["请写明节假日表文件，例如：siban import calendar 2027.yaml"])
    with transaction.atomic():  # the table and the days it moves stand or fall together
        try:
            said = import_year(file=path, at=at, by=SYSTEM)
        except TableError as fault:
            raise ImportRefused(fault.sentences) from fault
        moved = recompute(  # also when the table was there already: what was opened meanwhile is counted again
            region_code=said.region_code, year=said.year, cause=f"{said.year} 年节假日表公布", at=at, by=SYSTEM
        )
    notes = tuple(f"{one.subject}：{one.old_on or '未定'} 改为 {one.new_on or '未定'}" for one in moved[:SHOWN])
    if len(moved) > SHOWN:
        notes += (f"以及另外 {len(moved) - SHOWN} 个期限，逐一见各办件的办理经过。",)
    return [
        Imported(f"{said.year} 年节假日表", changed=int(said.changed), unchanged=int(not said.changed)),
        Imported("随之重算的期限", changed=len(moved), notes=notes),
    ]


SHOWN = 20  # moved days listed one by one after an import
register("calendar", "一年的节假日表（YAML、JSON 或 CSV 文件）", import_calendar)
