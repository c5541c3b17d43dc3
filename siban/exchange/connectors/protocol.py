"""What a channel is given, what it gives back, and the three ways in which it may refuse."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Rejected(Exception):
    """This message will never get there (no such address); the sentence says why. It is not tried again."""


class Deferred(Exception):
    """Not now; the sentence says why. This one message is tried again later."""


class Unreachable(Exception):
    """The channel itself does not answer; the sentence says why. Nothing goes through it for the moment."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves the house. `id` is the same each time it is sent, `link` is absolute or empty."""

    id: UUID
    address: str
    title: str
    body: str
    short: str
    link: str
    site: str


class Gateway(Protocol):
    """A channel, opened for a round of sending."""

    def send(self, letter: Letter) -> str:
        """Hand a letter over; gives the identifier under which the other side knows it.

        Raises:
            Rejected, Deferred, Unreachable: with a sentence for who oversees the sending.
        """
        ...

    def close(self) -> None: ...
