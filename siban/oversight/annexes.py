"""附件1–4: the workbooks of the official notice. Whoever owns the rows of an annex registers how it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from siban.kernel.actor import Actor

from .queries.figures import Sought

Writer = Callable[[Actor, Sought, str, date], bytes]


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex: its number and title in the notice, and who writes it for an actor, a filter, a region and a day."""

    number: str
    title: str
    file_name: str
    write: Writer


_ANNEXES: dict[str, Annex] = {}


def register(number: str, title: str, file_name: str, write: Writer) -> None:
    """Say how an annex is written; the same number again replaces it."""
    _ANNEXES[number] = Annex(number, title, file_name, write)


def listed() -> list[Annex]:
    """The annexes that can be written, by number."""
    return [_ANNEXES[n] for n in sorted(_ANNEXES)]


def of(number: str) -> Annex | None:
    """The annex of a number, if it can be written."""
    return _ANNEXES.get(number)
