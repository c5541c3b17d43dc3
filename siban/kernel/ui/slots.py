"""Named places on pages that higher modules fill without being imported by the page's owner."""

from collections.abc import Callable
from dataclasses import dataclass
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


def nav(slot: str, request: HttpRequest) -> list[NavItem]:
    """Navigation lines of a slot, with the longest address that starts the request's path marked current."""
    items: list[NavItem] = collect(slot, request)
    if any(item.current for item in items):
        return items
    here = max((item.url for item in items if request.path.startswith(item.url)), key=len, default=None)
    return [
        NavItem(item.label, item.url, item.icon, item.url == here, item.count) if here is not None else item
        for item in items
    ]
