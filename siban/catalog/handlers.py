"""What the item library does when something has happened: a workbook too large for the moment is checked and applied in the background."""

from uuid import UUID

from siban.kernel import journal

from . import actions
from .models import WorkbookImport


@journal.on("catalog.WorkbookImport", "receive")
def check_received(event: journal.Event) -> None:
    """Check a received workbook, unless that was done at once."""
    waiting = WorkbookImport.objects.filter(pk=event.subject_id, checked_at=None)
    if waiting.exists():
        actions.check_workbook(workbook=UUID(event.subject_id), at=event.at)


@journal.on("catalog.WorkbookImport", "confirm")
def apply_confirmed(event: journal.Event) -> None:
    """Put the confirmed items into drafts, unless that was done at once."""
    waiting = WorkbookImport.objects.filter(pk=event.subject_id, confirmed_at__isnull=False, applied_at=None)
    if waiting.exists():
        actions.apply_workbook(workbook=UUID(event.subject_id), at=event.at)
