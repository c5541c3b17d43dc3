"""The frame of a page that is asked for again and again: drawn once for a person, cut where the changing parts go.

Head, navigation and filter of a list are most of what a page costs and the same from one request to the next. A shell
is kept for a few seconds only, so that a count in the navigation is never long out of date.
"""

import time
from collections.abc import Callable, Hashable, Mapping
from threading import Lock

KEPT_SECONDS = 3.0
MOST = 2000
_lock = Lock()
_shells: dict[Hashable, tuple[float, tuple[tuple[str, bytes], ...]]] = {}


def mark(name: str) -> str:
    """What stands in a shell for a part: nothing that a page or a person would write."""
    return f"\x01{name}\x02"


def is_kept(key: Hashable) -> bool:
    """Whether the frame of this key need not be drawn now."""
    kept = _shells.get(key)
    return kept is not None and kept[0] >= time.monotonic()


def fill(key: Hashable, draw: Callable[[], str] | None, parts: Mapping[str, bytes]) -> bytes | None:
    """The page of this key with these parts in their places.

    Args:
        draw: gives the frame with `mark(name)`s in it; without it, None is given for a frame that is not kept.
    """
    kept = _shells.get(key)
    if kept is None or kept[0] < time.monotonic():
        if draw is None:
            return None
        kept = (time.monotonic() + KEPT_SECONDS, _cut(draw(), tuple(parts)))
        with _lock:
            if len(_shells) > MOST:
                _shells.clear()
            _shells[key] = kept
    return b"".join(parts[name] + text if name else text for name, text in kept[1])


def _cut(page: str, names: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """(name of the part before, text) in order; the first piece has no part before it."""
    pieces = [("", page)]
    for name in names:
        cut: list[tuple[str, str]] = []
        for before, text in pieces:
            first, *rest = text.split(mark(name))
            cut += [(before, first), *((name, piece) for piece in rest)]
        pieces = cut
    return tuple((before, text.encode()) for before, text in pieces)
