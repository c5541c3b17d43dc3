"""Making tasks: one for each problem of a unit, or out of items that were ticked."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org
from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from .. import access_supervision as access
from ..flow import TASK_FLOW, W11
from ..models import Target, Task, TaskItem
from ..rules_supervision import ACKNOWLEDGE_WORKDAYS, HOLD_DAYS
from . import notifying
from .numbering import numbers

LEAST_WORDS = 4
MOST_ITEMS = 500


def said(words: str, what: str) -> str:
    """A reason that says something. Raises Refused."""
    if len(words.strip()) < LEAST_WORDS:
        raise Refused(f"请写明{what}（至少 {LEAST_WORDS} 个字）。")
    return words.strip()


def blank(
    *, number: str, org: Org, issuer_id: UUID, title: str, requirement: str, targets: list[dict[str, str]], due_on: date,
    hold_days: int, acknowledge_by: date, at: datetime,
) -> Task:  # fmt: skip
    """A new task, not saved yet."""
    return Task(
        number=number, org=org, region_id=org.region_id, issuer_id=issuer_id, title=title, requirement=requirement,
        targets=targets, due_on=due_on, first_due_on=due_on, hold_days=hold_days, acknowledge_by=acknowledge_by,
        issued_at=at,
    )  # fmt: skip


@transaction.atomic
def task_from_items(
    *, by: Actor, at: datetime, org: Org, measure_slug: str, items: Sequence[UUID], due_on: date, requirement: str
) -> Task:
    """Items that were ticked on the list of the gap become one task of their unit, bound to the figure.

    The target is the strictest of the documents in force for the territory, or what the figure becomes once these items
    are mended where that is less. Raises Refused.
    """
    if not access.may_direct(by) or by.org_id is None or not by.covers(org.region_id):
        raise Refused(f"您当前的岗位不能给“{org.short_name}”下达任务。{access.may_direct.__doc__}")
    measure, wanted, today = measures.REGISTRY.get(measure_slug), list(dict.fromkeys(items)), local_day(at)
    if measure is None or not measure.is_computed:
        raise Refused("没有这个指标。请从指标页面勾选事项。")
    if not wanted:
        raise Refused("还没有勾选事项。请至少勾选一项。")
    if len(wanted) > MOST_ITEMS:
        raise Refused(f"勾选了 {len(wanted)} 项，一次最多 {MOST_ITEMS} 项，请分几次下达。")
    if due_on < today:
        raise Refused(f"期限 {due_on} 已经过去，请改成今天或者以后的日子。")
    requirement = said(requirement, "整改要求")
    known = set(ImplementationItem.objects.filter(pk__in=wanted, org=org).order_by("pk").values_list("pk", flat=True))
    if len(known) != len(wanted):
        raise Refused(f"勾选的事项里有 {len(wanted) - len(known)} 项不属于“{org.short_name}”，请回到列表重新勾选。")
    aim = _aim(measure, org, wanted, region_code=by.region_code, on=today)
    task = blank(
        number=numbers("DB", "oversight_task_seq", 1, at=at)[0], org=org, issuer_id=by.org_id,
        title=f"{measure.title}：{len(wanted)} 个事项整改", requirement=requirement, targets=[aim], due_on=due_on,
        hold_days=HOLD_DAYS, acknowledge_by=calendar_for(org.region_id).add_workdays(today, ACKNOWLEDGE_WORKDAYS), at=at,
    )  # fmt: skip
    TASK_FLOW.begin(task, by=by, at=at, move="create", law=W11, note=f"{len(wanted)} 个事项")
    TaskItem.objects.bulk_create(TaskItem(task=task, item_id=pk) for pk in wanted)
    notifying.about(
        task, "issued", "有新的督查任务", f"已经下达，请主要负责人确认接收，在 {due_on} 前完成。", notifying.heads(org.pk), by=by, at=at
    )  # fmt: skip
    return task


def _aim(measure: Any, org: Org, items: Sequence[UUID], *, region_code: str, on: date) -> dict[str, str]:
    """What the ticked items can bring about, as far as a document asks for it."""
    mended = measures.figure_if(measure, items, scope=measures.Scope(orgs=[org.pk])).value
    if mended is None:
        return {"document": f"{measure.title}整改情况"}
    demanded = Target.objects.in_force(region_code=region_code, on=on).filter(
        measure=measure.slug, comparison__in=(">=", "==")
    )
    found = demanded.order_by("is_soft", "-value", "pk").first()
    value = min(mended, found.value) if found is not None and found.value is not None else mended
    return {
        "measure": measure.slug,
        "comparison": ">=",
        "value": f"{value.quantize(Decimal('0.0001'), ROUND_DOWN).normalize():f}",
    }
