"""What oversight does when something has happened below: a version came into force, so reform is computed anew."""

from uuid import UUID

from siban.catalog.api import ImplementationItem
from siban.kernel import journal
from siban.kernel.models import JournalEntry

from .actions import from_hotline
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


@journal.on("hotline.Order", "escalate", "escalate_difficult")
def follow_difficult(event: journal.Event) -> None:
    """提级督办: what the hotline can't settle becomes a task."""
    entry = JournalEntry.objects.get(pk=event.entry_id)
    from_hotline.task_of_order(
        order_id=UUID(event.subject_id), words=entry.note or "提级督办", issuer_id=entry.org_id, at=event.at
    )


@journal.on("hotline.HotSpot", "propose_directive")
def draft_directive(event: journal.Event) -> None:
    """未诉先办: a hot spot becomes the draft of a directive."""
    entry = JournalEntry.objects.get(pk=event.entry_id)
    if entry.org_id is not None:
        from_hotline.directive_of_hotspot(
            facts=event.facts, words=entry.note, org_id=entry.org_id, at=event.at, event=entry.pk
        )
