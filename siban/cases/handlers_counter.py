"""What follows at the counters from an act on a case, after its commit."""

from uuid import UUID

from siban.kernel import journal
from siban.kernel.journal import Event

from .actions import crossing, pushing


@journal.on("cases.Case", "submit")
def push_to_department(event: Event) -> None:
    """What a comprehensive window received is pushed to the department that decides it."""
    pushing.push(case_id=UUID(event.subject_id), at=event.at)


@journal.on(
    "cases.Case", "submit", "accept", "accept_deficient", "deem_accepted", "auto_accept", "issue", "auto_issue", "reject", "deliver",
    "auto_deliver", "refuse_acceptance", "withdraw", "terminate", "lapse_deficiency", "revoke", "cancel",
)  # fmt: skip
def go_along(event: Event) -> None:
    """A case that one place received and another decides: its hand-over goes along."""
    crossing.follow(case_id=UUID(event.subject_id), at=event.at)
