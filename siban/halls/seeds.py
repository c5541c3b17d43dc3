"""The demonstration's hall: departments entered, and the 49 claims of the notice of 2023."""

from datetime import datetime, timedelta

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org
from siban.kernel.actor import Actor, staff
from siban.kernel.clock import local_day

from . import actions, hours, rules
from .flow import CLAIM_FLOW, LAW
from .models import DelayedClaim, DepartmentEntry
from .scoping import IN_SCOPE

UNNAMED = "2023年通知所列认领事项之{n}（通知没有写明事项名称）"


def build(*, bureau: Actor, at: datetime) -> int:
    """Enter the departments and their claims once. Returns how many claims there are.

    The notice tells how many items each department claimed and not which: the first items of a department that belong
    in stand for them (示例), the rest keep a running number until the department matches them.
    """
    if DelayedClaim.objects.exists() or DepartmentEntry.objects.exists():
        return DelayedClaim.objects.count()
    day = local_day(at)
    entered = (
        Org.objects.filter(items__is_in_hall=True, region_id=bureau.region_code).distinct().order_by("order", "code")
    )
    for org in entered:
        actions.enter(
            org_id=org.pk, hall="旗政务服务中心", entered_on=day - timedelta(days=30), windows=1, staff=2, note="示例", by=bureau,
            at=at,
        )  # fmt: skip
    for code, count in hours.said()["claimed_2023"].items():
        org = Org.objects.get(code=code)
        by = staff(
            name="演示·事项管理员", role="dept_admin", role_label="部门事项管理员", org_id=org.pk, org_name=org.name,
            region_code=org.region_id,
        )  # fmt: skip
        chosen = list(ImplementationItem.objects.published().filter(IN_SCOPE, org=org).order_by("slug")[:count])
        made = [
            actions.claim(item_id=item.pk, slots=["noon", "weekend"], note="示例", by=by, at=at) for item in chosen
        ]
        for n in range(len(chosen) + 1, count + 1):
            loose = DelayedClaim(
                org=org, region_id=org.region_id, name=UNNAMED.format(n=n), claimed_at=at, claimed_by=by.name,
                slots=["noon", "weekend"], services=list(rules.SERVICES)[:2],
            )  # fmt: skip
            made.append(CLAIM_FLOW.begin(loose, by=by, at=at, move="claim_item", law=LAW))
        actions.confirm(claim_ids=[c.pk for c in made], by=bureau, at=at)
    return DelayedClaim.objects.count()
