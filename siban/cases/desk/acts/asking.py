"""How an act on a case is asked for: its fields, its sentences, its one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

Given = Mapping[str, str]
Call = Callable[[Case, Given, Actor, datetime], Case]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to write down for an act."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    suggest: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    start: str = ""

    @property
    def list_id(self) -> str:
        return f"suggest-{self.name}" if self.suggest else ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its heading sentence, what it asks, and what it calls.

    A `plain` act is a single press. One that is `aside` happens on the way and stands folded behind the main ones.
    """

    call: Call
    lead: str = ""
    asks: Callable[[Case], tuple[Ask, ...]] = lambda case: ()
    danger: bool = False
    dense: bool = False
    plain: bool = False
    done: str = "已办理。"
    remedies: bool = False
    aside: bool = False


def number(given: Given, name: str, label: str, *, most: int = 365) -> int:
    """A whole number of days. Raises Refused with the sentence."""
    said = given.get(name, "").strip()
    if not said.isdecimal() or not 1 <= int(said) <= most:
        raise Refused(f"{label}“{said[:10]}”应为 1 至 {most} 之间的整数。")
    return int(said)


def day(given: Given, name: str, label: str) -> date:
    """A day as the browser writes it. Raises Refused with the sentence."""
    said = given.get(name, "").strip()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(f"{label}“{said[:20]}”应是日历上有的一天，例如 2026-03-02。") from None


def key(given: Given, name: str) -> UUID | None:
    """The person or thing chosen from a list; none when the empty line was chosen. Raises Refused for anything else."""
    said = given.get(name, "").strip()
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Refused("请从列出的里选。") from None
