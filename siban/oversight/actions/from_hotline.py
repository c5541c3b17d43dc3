"""What the hotline brings to supervision: a difficult order becomes a task, a hot spot the draft of a directive."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from siban.hotline.api import Category, Order
from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day

from ..flow import DIRECTIVE_FLOW, TASK_FLOW, W11
from ..models import Directive, Problem, Task
from ..rules_supervision import ACKNOWLEDGE_WORKDAYS, HOLD_DAYS
from . import notifying, tasking
from .numbering import numbers

WORKDAYS = 10
"""So long a difficult order has, unless its own limit is later (本平台约定)."""


@transaction.atomic
def task_of_order(*, order_id: UUID, words: str, issuer_id: UUID | None, at: datetime) -> Task | None:
    """提级督办: one task of the unit that leads, or of the bureau where nobody does; once for an order."""
    with connection.cursor() as cursor:  # the same event twice comes one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 17))", [str(order_id)])
    order = Order.objects.select_related("lead").get(pk=order_id)
    title = f"疑难工单 {order.number}：{order.leaf_name or '提级督办'}"[:100]
    bureau = Org.objects.filter(pk=issuer_id).first() or Org.objects.filter(code="gov_service").first()
    if bureau is None or Task.objects.filter(title=title).exists():
        return None
    unit, calendar = order.lead or bureau, calendar_for(order.region_id)
    due_on = max(
        local_day(order.due_at) if order.due_at else local_day(at), calendar.add_workdays(local_day(at), WORKDAYS)
    )
    task = tasking.blank(
        number=numbers("DB", "oversight_task_seq", 1, at=at)[0], org=unit, issuer_id=bureau.pk, title=title,
        requirement=f"{words}。请牵头查清症结，会同有关单位办结，并把答复和佐证材料报上来。工单：{order.number}。", targets=[{"document": f"工单 {order.number} 的办理情况"}],
        due_on=due_on, hold_days=HOLD_DAYS, acknowledge_by=calendar.add_workdays(local_day(at), ACKNOWLEDGE_WORKDAYS), at=at,
    )  # fmt: skip
    TASK_FLOW.begin(task, by=SYSTEM, at=at, move="create", law=W11, note=f"热线工单 {order.number} 提级督办")
    notifying.about(
        task, "issued", "有新的督查任务", f"热线工单 {order.number} 提级督办，请主要负责人确认接收，在 {due_on} 前完成。", notifying.heads(unit.pk),
        by=SYSTEM, at=at,
    )  # fmt: skip
    return task


@transaction.atomic
def directive_of_hotspot(
    *, facts: dict[str, Any], words: str, org_id: UUID, at: datetime, event: int
) -> Directive | None:
    """未诉先办: the draft of a directive with the problem filled in; the bureau completes and issues it."""
    mark = f"hotspot:{event}"
    if Directive.objects.filter(source_text=mark).exists():
        return None
    bureau = Org.objects.get(pk=org_id)
    row = Directive(
        region_id=bureau.region_id, org_id=org_id, source_text=mark, created_at=at, changed_at=at, created_by_name="系统",
        title=f"关于{facts['town_name']}“{facts['leaf_name']}”问题专项整治的督查通知"[:100],
    )  # fmt: skip
    DIRECTIVE_FLOW.begin(row, by=SYSTEM, at=at, law=W11, note="由热线高频问题提出")
    problem = Problem.objects.create(
        directive=row, order=1, title=f"{facts['town_name']}“{facts['leaf_name']}”反映集中", finding=words,
        requirement="查清原因，提出根治办法并限期落实。", due_on=local_day(at) + timedelta(days=20), targets=[{"document": "专项整治情况报告"}], is_confirmed=True,
    )  # fmt: skip
    if (lead := _lead_of(facts, bureau)) is not None:
        problem.units.add(lead)
    journal.write(
        subject=row, move="save", source="draft", target="draft", law=W11, by=SYSTEM, at=at, facts={"hotspot": facts}
    )
    return row


def _lead_of(facts: dict[str, Any], bureau: Org) -> Org | None:
    """The unit the list names for this category; the township where it is a territorial one."""
    row = Category.objects.filter(code=facts["leaf"], region_id=bureau.region_id, valid_to=None).first()
    if row is None:
        return None
    code = f"township-{facts['town']}" if row.lead_unit == "territorial" else row.lead_unit
    return Org.objects.filter(code=code, is_active=True).first()
