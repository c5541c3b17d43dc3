"""What the hotline does after a step is committed: everybody concerned is told."""

from siban.kernel import journal
from siban.kernel.models import JournalEntry

from . import messages
from .models import Order


@journal.on("hotline.Order", *messages.BY_MOVE)
def tell(event: journal.Event) -> None:
    """Send the notices of this step, once."""
    order = Order.objects.select_related("lead").get(pk=event.subject_id)
    note = JournalEntry.objects.values_list("note", flat=True).get(pk=event.entry_id)
    for notice in messages.BY_MOVE[event.move]:
        messages.send(notice, order, event=f"journal:{event.entry_id}", note=note, at=event.at)
