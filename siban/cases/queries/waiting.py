"""Lists of what waits beside the inbox: opinions other offices want, promises to be checked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from siban.cases import access, rules
from siban.cases.models import Opinion, Promise
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp, Page

from .wording import day

SIZE = 50


@dataclass(frozen=True, slots=True)
class Waits:
    """A page of rows that wait, nearest day first; each row carries its `lamp`."""

    rows: tuple[Any, ...]
    page: Page


def opinions_asked(by: Actor, *, page: str, today: date) -> Waits:
    """Opinions this office owes."""
    rows = Opinion.objects.filter(org_id=by.org_id, answered_at=None, dropped_at=None)
    return _page(rows.select_related("case__org").order_by("due_on", "id"), page, today, lambda o: o.due_on)


def promises_to_check(by: Actor, *, page: str, today: date) -> Waits:
    """Promises of granted cases nobody has checked yet: of one's own office, or of the territory."""
    rows = Promise.objects.filter(state="checking")
    if access.sees_territory(by):
        rows = rows.filter(case__region_id__startswith=by.region_prefix)
    else:
        rows = rows.filter(org_id=by.org_id)
    return _page(rows.select_related("case").order_by("check_due_on", "id"), page, today, lambda p: p.check_due_on)


def _page(rows: Any, said: str, today: date, due: Any) -> Waits:
    number = max(int(said), 1) if said.isdecimal() and len(said) < 5 else 1
    found = list(rows[(number - 1) * SIZE : number * SIZE + 1])
    shown = found[:SIZE]
    for row in shown:
        tone = rules.lamp(due(row), today)
        row.lamp = Lamp(tone, f"{day(due(row))}前" if tone != "red" else f"已超过{day(due(row))}")
    after = f"?page={number + 1}" if len(found) > SIZE else ""
    return Waits(tuple(shown), Page(len(shown), f"?page={number - 1}" if number > 1 else "", after))
