"""What ratings hear of: a closed case invites its rating."""

from uuid import UUID

from siban.kernel import journal

from . import actions


@journal.on("cases.Case", "close")
def invite(event: journal.Event) -> None:
    """Invite the applicant when the case is closed."""
    actions.invite(case_id=UUID(event.subject_id), at=event.at)
