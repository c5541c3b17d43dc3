"""Who keeps a copy of due days (a case in its inbox) is told when a new calendar moves them, in the same transaction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from siban.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Follower:
    """Two steps of one kind of subject.

    Args:
        hold: locks the subjects before their terms are locked, so that both sides lock in the same order.
        follow: brings the subjects' own due days up to date and journals what changed.
    """

    hold: Callable[[Collection[str]], None]
    follow: Callable[..., None]


_FOLLOWERS: dict[str, Follower] = {}


def register(subject_type: str, *, hold: Callable[[Collection[str]], None], follow: Callable[..., None]) -> None:
    """Declare who follows the terms of a kind of subject; `follow(ids, cause=, at=, by=)`."""
    _FOLLOWERS[subject_type] = Follower(hold, follow)


def hold(subjects: Collection[tuple[str, str]]) -> None:
    """Lock the subjects whose terms are about to be counted again."""
    for kind, ids in _by_kind(subjects).items():
        _FOLLOWERS[kind].hold(ids)


def tell(subjects: Collection[tuple[str, str]], *, cause: str, at: datetime, by: Actor) -> None:
    """The terms of these subjects were counted again."""
    for kind, ids in _by_kind(subjects).items():
        _FOLLOWERS[kind].follow(ids, cause=cause, at=at, by=by)


def _by_kind(subjects: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for kind, pk in sorted(set(subjects)):
        if kind in _FOLLOWERS:
            kinds.setdefault(kind, []).append(pk)
    return kinds
