"""What follows at the counters from an act on a case, after its commit."""

from uuid import UUID

from siban.kernel import journal
from siban.kernel.journal import Event

from .actions import pushing


@journal.on("cases.Case", "submit")
def push_to_department(event: Event) -> None:
    """What a comprehensive window received is pushed to the department that decides it."""
    pushing.push(case_id=UUID(event.subject_id), at=event.at)
