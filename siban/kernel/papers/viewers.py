"""Who may open a paper: the module that owns its subject says so; where none does, nobody may."""

from collections.abc import Callable

from siban.kernel.actor import Actor
from siban.kernel.models import Paper

Predicate = Callable[[Actor, str], bool]
_VIEWERS: dict[str, Predicate] = {}


def register(subject_type: str, sees: Predicate) -> None:
    """Let `sees(actor, subject_id)` decide about the papers of a kind of subject, e.g. `cases.Case`."""
    _VIEWERS[subject_type] = sees


def may_see(actor: Actor, paper: Paper) -> bool:
    """Whether this actor may open this paper."""
    sees = _VIEWERS.get(paper.subject_type)
    return sees is not None and sees(actor, paper.subject_id)
