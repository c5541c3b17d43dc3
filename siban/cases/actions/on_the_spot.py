"""当场办结: an instant item from hand-in to hand-over in one transaction, as far as one post may go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import rules_fees
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .decision import approve, issue
from .delivery import deliver
from .intake import accept

ROAD = {"submitted": "accept", "accepted": "approve", "in_review": "approve", "approved": "issue", "issued": "deliver"}
DECIDES = ("submitted", "accepted", "in_review")


def may_conclude(case: Case, *, by: Actor, at: datetime) -> bool:
    """Whether this post may decide this instant case here and now (行政许可法第三十四条第二款)."""
    if case.case_type != "instant" or case.state not in DECIDES:
        return False
    if not CASE_FLOW.moves["approve"].who(by, case):
        return False
    return CASE_FLOW.refusal(ROAD[case.state], case, by=by, at=at) is None


@transaction.atomic
def conclude(
    *, case_id: UUID, by: Actor, at: datetime, note: str = "", receiver: str = "", tracking: str = ""
) -> Case:
    """Accept, grant, make and hand over in one breath (行政许可法第三十四条第二款 能够当场作出决定的，应当当场作出).

    Each step is the same verb as by itself, with its own row in the journal and its own paper; it stops before a step
    that has to wait: a fee not paid, a parcel without its number. All of it stands, or nothing.

    Raises:
        Refused: not an instant item, or not this post's to decide.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.case_type != "instant":
        raise Refused("只有即办件可以当场办结。这个事项请按受理、审查、决定逐步办理。")
    if case.state not in ROAD:
        raise Refused(f"现在是“{CASE_FLOW.label(case.state)}”，不能当场办结。请刷新页面查看最新进度。")
    if case.state in DECIDES and not CASE_FLOW.moves["approve"].who(by, case):
        raise Refused(f"您当前的岗位不能当场办结。{CASE_FLOW.moves['approve'].who.__doc__}")
    while move := ROAD.get(case.state):
        if move == "deliver" and case.delivery == Case.Delivery.MAIL and not tracking.strip():
            break
        if move == "issue" and rules_fees.due_before_issue(case):  # a fee is to be paid first
            break
        if move == "approve":
            case = approve(case_id=case_id, by=by, at=at, note=note)
        elif move == "deliver":
            case = deliver(case_id=case_id, by=by, at=at, receiver=receiver, tracking=tracking)
        else:
            case = (accept if move == "accept" else issue)(case_id=case_id, by=by, at=at)
    return case
