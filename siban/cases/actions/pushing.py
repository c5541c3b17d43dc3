"""分类推送: the counter's cases go to the departments, each department says that it has them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases.models import Case
from siban.cases.models_push import OFFICES, CasePush
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

LAW = "国务院令第764号（前台综合受理、后台分类审批、统一窗口出件）"
MOST = 500


def push(*, case_id: UUID, at: datetime) -> CasePush | None:
    """Put what another unit's counter received on the department's push list; done twice it stands once."""
    case = Case.objects.only("org_id", "received_org_id").get(pk=case_id)
    if case.received_org_id is None or case.received_org_id == case.org_id:
        return None
    row, _ = CasePush.objects.get_or_create(
        case_id=case_id, defaults={"front_org_id": case.received_org_id, "org_id": case.org_id, "pushed_at": at}
    )
    return row


@transaction.atomic
def take_pushed(*, cases: Sequence[UUID], by: Actor, at: datetime) -> int:
    """The department has what was pushed to it. Returns how many; those taken before are left as they are."""
    if not by.has_role(*OFFICES):
        raise Refused("推送的办件由实施部门接收。")
    if not cases:
        raise Refused("请先勾选要接收的办件。")
    rows = list(
        CasePush.objects.visible_to(by)
        .filter(case_id__in=list(cases)[:MOST], taken_at=None)
        .select_for_update(of=("self",))
        .order_by("case_id")
    )
    if not rows:
        raise Refused("这些办件已经接收，或者不是推送给您单位的。请刷新页面。")
    for row in rows:
        row.taken_at, row.taken_by_id = at, by.account_id
        journal.write(subject=("cases.Case", str(row.case_id)), move="take_pushed", by=by, at=at, law=LAW)
    CasePush.objects.bulk_update(rows, ["taken_at", "taken_by"])
    return len(rows)
