"""How an act on the desk is asked for: its boxes, its sentence, its one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One box."""

    name: str
    label: str
    kind: str = "textarea"
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it calls and what it asks; a `plain` one is a single press."""

    call: Callable[[Any, Given, Actor, datetime], object]
    asks: tuple[Ask, ...] = ()
    lead: str = ""
    plain: bool = False
    danger: bool = False
    done: str = "已办理。"


def day(given: Given, name: str, label: str) -> date:
    """Raises Refused with the sentence."""
    said = given.get(name, "").strip()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(
            f"{label}“{said[:20]}”应是日历上有的一天，例如 2026-05-19。" if said else f"请填写{label}。"
        ) from None


def chosen(given: Given, name: str, label: str) -> UUID:
    """Raises Refused with the sentence."""
    try:
        return UUID(given.get(name, ""))
    except ValueError:
        raise Refused(f"请选择{label}。") from None
