"""What a rule may ask about the world outside of an item: whether a file is in the store, whether an address can be opened."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from siban.kernel.models import StoredFile

from ..blanks.links import FIELDS, OWN

Reach = Callable[[str], bool | None]


def unreached(address: str) -> bool | None:
    """Nothing is opened; nothing is known."""
    return None


@dataclass(slots=True)
class Probe:
    """Answers from what was looked up beforehand.

    Args:
        missing: own files that are not in the store; a form that is drawn is there by construction.
        reach: opens an address where the site allows it; None when it was not tried.
    """

    missing: Collection[str] = field(default_factory=frozenset)
    reach: Reach = unreached

    def file(self, said: str) -> bool | None:
        return False if said in self.missing else None

    def url(self, said: str) -> bool | None:
        return self.reach(said)


def own_files(contents: Iterable[Mapping[str, Any]]) -> set[str]:
    """The files that materials name as their unit's own."""
    return {
        said
        for content in contents
        for row in content.get("materials") or ()
        if isinstance(row, dict)
        for name in FIELDS.values()
        if isinstance(said := row.get(name), str) and said.startswith(OWN)
    }


def missing_of(said: set[str]) -> frozenset[str]:
    """Which of these files are not in the store, in one statement; none where there are none."""
    ids = {one: _id(one) for one in said}
    wanted = {known for known in ids.values() if known is not None}
    there = set(StoredFile.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return frozenset(one for one, known in ids.items() if known not in there)


def _id(said: str) -> UUID | None:
    try:
        return UUID(said.removeprefix(OWN))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def on_this_platform(address: str) -> bool | None:
    """Whether an address of this platform leads anywhere; what lies outside is not opened."""
    from ..reaching import locally

    return locally(address).ok
