"""Finished pieces of guides, kept in this process by the content hash they were made from.

A published version never changes, so a piece is right for as long as its hash is the item's; nothing is ever cleared.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

MOST = 1024  # pieces a process; a guide is some 40 KB

Piece = TypeVar("Piece")


class Kept(Generic[Piece]):
    """A bounded store: what was used longest ago goes first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._pieces: OrderedDict[Hashable, Piece] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pieces)

    def kept(self, key: Hashable) -> Piece | None:
        """The piece of this key if it is there."""
        with self._lock:
            return self._pieces.get(key)

    def get(self, key: Hashable, make: Callable[[], Piece]) -> Piece:
        """The piece of this key, made now if it is not there. Two may make the same at once; either is right."""
        with self._lock:
            if key in self._pieces:
                self._pieces.move_to_end(key)
                return self._pieces[key]
        piece = make()
        with self._lock:
            self._pieces[key] = piece
            while len(self._pieces) > self.most:
                self._pieces.popitem(last=False)
        return piece
