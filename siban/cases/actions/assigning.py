"""分办: whose case it is within the department."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import access
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.identity.api import Post
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

HANDLES = ("approver", "chief_rep")


@transaction.atomic
def assign(*, case_id: UUID, handler_id: UUID | None, by: Actor, at: datetime) -> Case:
    """Give a case to a colleague who reviews in this department, or take it back so that it is nobody's yet.

    Raises:
        Refused: decided already, not this department's, or the colleague does not review here.
    """
    with CASE_FLOW.step("assign", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        name = ""
        if handler_id is not None:
            post = handlers(case.org_id, at=at).filter(account_id=handler_id).select_related("account").first()
            if post is None:
                raise Refused("承办人应当是本部门现在在岗的审批人员或者首席代表，请重新选择。")
            name = post.account.name
        if case.handler_id == handler_id:
            raise Refused(f"这个办件已经由{name}承办。" if name else "这个办件还没有承办人。")
        case.handler_id = handler_id
        step.note = f"由{name}承办" if name else "收回分办，暂无承办人"
    return case


def handlers(org_id: UUID, *, at: datetime):  # type: ignore[no-untyped-def]
    """Posts of a department that review, held on this day."""
    return (
        Post.objects.held_on(local_day(at))
        .filter(org_id=org_id, role__in=HANDLES, account__is_active=True)
        .order_by("pk")
    )


@transaction.atomic
def undo_assign(*, case_id: UUID, given_to: UUID, before: UUID | None, by: Actor, at: datetime) -> Case:
    """Take an assignment back as it was before; if somebody else has it by now, it stays with them."""
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case_id)
    if not access.decider(by, case) or case.handler_id != given_to:
        raise Refused("这个办件后来又换了承办人，没有改动。")
    return assign(case_id=case_id, handler_id=before, by=by, at=at)
