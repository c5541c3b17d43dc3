"""Page numbers of lists, as addresses say them."""

from typing import Any
from urllib.parse import urlencode

from .parts import Page


def number_of(said: Any) -> int:
    """The page asked for; the first for anything that is no number."""
    asked = said.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1


def page_of(shown: int, number: int, has_more: bool, **kept: str) -> Page:
    """Links to the neighbours that keep the filter."""

    def to(wanted: int) -> str:
        return "?" + urlencode({k: v for k, v in {**kept, "page": wanted}.items() if v})

    return Page(shown, to(number - 1) if number > 1 else "", to(number + 1) if has_more else "")
