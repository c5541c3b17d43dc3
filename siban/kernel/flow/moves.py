"""The words a procedure is written in: a move, a choice, a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Clock = Literal["", "start", "stop", "resume", "extend", "end"]
Need = Callable[[Any, datetime], str | None]
Who = Callable[[Any, Any], bool]


class WrongMachine(Exception):
    """A procedure that could not stand in law: the module that declares it does not import."""


class Refused(Exception):
    """A move the law does not allow now. The message is a sentence fit to show the person."""


@dataclass(frozen=True, slots=True)
class Move:
    """One lawful step.

    `who(actor, subject)` decides whose step it is; its docstring is the rule in words. Each of `needs` is a guard
    `(subject, at)` that returns the sentence of refusal, or None. `clock` says what the step does to the running
    terms, `notices` names the messages it causes. A `deemed` move is made by the system when a limit passes.
    An `override` move corrects an error or follows a court order: it wants a reason and a second person.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: Who
    law: str
    needs: tuple[Need, ...] = ()
    clock: Clock = ""
    notices: tuple[str, ...] = ()
    deemed: bool = False
    override: bool = False
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A move as one person sees it now: a button, live or greyed with its reason."""

    name: str
    label: str
    refusal: str | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None
