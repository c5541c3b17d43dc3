"""Named places on pages that higher modules fill without being imported by the page's owner."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from .parts import NavItem

Filler = Callable[..., Any]


@dataclass(frozen=True)
class _Filling:
    order: int
    name: str
    fill: Filler


_slots: dict[str, dict[str, _Filling]] = {}


def register(slot: str, order: int, fill: Filler) -> Filler:
    """Let `fill(request)` or `fill(request, subject)` add to a slot; lower order comes first.

    Registering a function again replaces it; a second lambda of one module is refused, since neither has a name.
    """
    name = f"{fill.__module__}.{fill.__qualname__}"
    known = _slots.setdefault(slot, {})
    if name in known and known[name].fill is not fill and "<lambda>" in name:
        raise ValueError(f"slot {slot} already has an unnamed filling from {fill.__module__}; give it a name")
    known[name] = _Filling(order, name, fill)
    return fill


def unregister(slot: str, fill: Filler) -> None:
    """Take a filling out again."""
    _slots.get(slot, {}).pop(f"{fill.__module__}.{fill.__qualname__}", None)


def collect(slot: str, request: HttpRequest, *subject: object) -> list[Any]:
    """Everything the slot's fillings give for this request, in order, without the Nones."""
    fillings = sorted(_slots.get(slot, {}).values(), key=lambda filling: (filling.order, filling.name))
    given = (filling.fill(request, *subject) for filling in fillings)
    return [thing for thing in given if thing is not None]


def render(slot: str, request: HttpRequest, *subject: object) -> SafeString:
    """The slot as HTML; plain text from a filling is escaped."""
    return format_html_join("\n", "{}", ((thing,) for thing in collect(slot, request, *subject)))


_headings: dict[str, dict[str, str]] = {}


def head(slot: str, module: str, label: str) -> None:
    """Let what a module and those below it fill in stand under a heading: `head("desk.nav", "siban.cases", "办件")`."""
    _headings.setdefault(slot, {})[module] = label


def _heading(slot: str, module: str) -> str:
    """The heading of the nearest module above; empty where none was said."""
    said = _headings.get(slot, {})
    known = [name for name in said if module == name or module.startswith(f"{name}.")]
    return said[max(known, key=len)] if known else ""


MOST_FLAT = 9
"""So many lines are read at a glance; more are folded under headings."""


def groups(items: list[NavItem]) -> list[tuple[str, list[NavItem], bool]]:
    """(heading, lines, whether it is open): one group without heading where there are few lines."""
    if len(items) <= MOST_FLAT:
        return [("", items, True)]
    found: dict[str, list[NavItem]] = {}
    for item in items:
        found.setdefault(item.group, []).append(item)
    return [(label, lines, any(i.current for i in lines) or not label) for label, lines in found.items()]


def nav(slot: str, request: HttpRequest) -> list[NavItem]:
    """Navigation lines of a slot, with the longest address that starts the request's path marked current."""
    fillings = sorted(_slots.get(slot, {}).values(), key=lambda filling: (filling.order, filling.name))
    given = ((f, f.fill(request)) for f in fillings)
    items: list[NavItem] = [replace(i, group=_heading(slot, f.fill.__module__)) for f, i in given if i is not None]
    if any(item.current for item in items):
        return items
    here = max((item.url for item in items if request.path.startswith(item.url)), key=len, default=None)
    return [replace(item, current=item.url == here) if here is not None else item for item in items]
