"""What oversight does when something has happened below: a version came into force, so reform is computed anew."""

from uuid import UUID

from siban.catalog.api import ImplementationItem
from siban.kernel import journal

from .liangyou import actions
from .transfer import actions as transferring


@journal.on("catalog.ImplementationItem", "publish", "take_effect", "cancel", "transfer_in", "transfer_out")
def compute_reform(event: journal.Event) -> None:
    """Look at this item again in every round that is not over."""
    item = ImplementationItem.objects.filter(pk=event.subject_id).values_list("region_id", flat=True).first()
    if item is not None:
        actions.follow(item, at=event.at, items=[UUID(event.subject_id)])


@journal.on("cases.Case", "approve", "reject", "auto_approve", "deem_renewed", "revoke", "cancel")
def tell_supervisor(event: journal.Event) -> None:
    """审管联动: the department that handed the item over learns of every decision about it."""
    transferring.push_decision(case_id=UUID(event.subject_id), decision=event.move, at=event.at)
