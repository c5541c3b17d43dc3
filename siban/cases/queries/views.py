"""Saved lists: one's own and those of the unit, in one statement."""

from dataclasses import dataclass
from uuid import UUID

from siban.cases.models_desk import SavedView
from siban.kernel.actor import Actor

SHOWN = 40


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved list as it stands above the inbox."""

    id: UUID
    name: str
    query: str
    is_own: bool
    is_default: bool
    is_shared: bool
    owner: str

    @property
    def address(self) -> str:
        """What stands behind the address of the list."""
        return f"?{self.query}{'&' if self.query else ''}view={self.id}"

    @property
    def label(self) -> str:
        return self.name if self.is_own else f"{self.name}（{self.owner}）"


def saved_views(actor: Actor) -> tuple[ViewShown, ...]:
    """One's own first, then what colleagues share."""
    rows = SavedView.objects.visible_to(actor).order_by("name", "id")[:SHOWN]
    made = [
        ViewShown(pk, name, query, owner == actor.account_id, first and owner == actor.account_id, shared, called)
        for pk, name, query, owner, first, shared, called in rows.values_list(
            "id", "name", "query", "owner_id", "is_default", "is_shared", "owner__name"
        )
    ]
    return tuple(sorted(made, key=lambda view: not view.is_own))
