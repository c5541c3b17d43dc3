"""The words a procedure is written in: a move, a choice, a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Clock = Literal["", "start", "stop", "resume", "extend", "end"]
Need = Callable[[Any, datetime], str | None]
Bar = Callable[[Any, Any, datetime], str | None]
Who = Callable[[Any, Any], bool]
STAYS = ""


class WrongMachine(Exception):
    """A procedure that could not stand in law: the module that declares it does not import."""


class Refused(Exception):
    """A move the law does not allow now. The message is a sentence fit to show the person."""


@dataclass(frozen=True, slots=True)
class Move:
    """One lawful step.

    `who(actor, subject)` decides whose step it is; its docstring is the rule in words. Each of `needs` is a guard
    `(subject, at)` that returns the sentence of refusal, or None; each of `bars` is a guard `(actor, subject, at)`
    about the very person (own hand, no mandate). `clock` says what the step does to the running terms, `notices`
    names the messages it causes. A `deemed` move is made by the system when a limit passes. An `override` move
    corrects an error or follows a court order: it wants a reason and a second person. A move whose target is `STAYS`
    leaves the state as it is: something is noted, asked or answered on the way. `applies` are guards about what the
    subject is: where one of them objects, the move is no part of this subject's procedure and is not offered at all.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: Who
    law: str
    needs: tuple[Need, ...] = ()
    bars: tuple[Bar, ...] = ()
    applies: tuple[Need, ...] = ()
    clock: Clock = ""
    notices: tuple[str, ...] = ()
    deemed: bool = False
    override: bool = False
    paper: str = ""

    @property
    def stays(self) -> bool:
        return self.target == STAYS

    def leads(self, source: str) -> str:
        """The state after this move from a state."""
        return source if self.stays else str(self.target)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit that runs in some states, and where its passing leads.

    `leads_to` names the move made when the day has passed: by the system where the law deems something, by an office
    where it may then act. Empty where the law attaches no consequence to the case itself: then `otherwise` says what
    happens instead (a warning, a report).
    """

    kind: str
    label: str
    states: tuple[str, ...]
    law: str
    leads_to: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A move as one person sees it now: a button, live or greyed with its reason."""

    name: str
    label: str
    refusal: str | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None
