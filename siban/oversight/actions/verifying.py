"""What the bureau does with a task: verify, return, close, reopen, grant more time, withdraw; and the treatments it decides on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from ..flow import TASK_FLOW, TREATMENT_FLOW, TaskState
from ..models import Task, Treatment
from ..rules_supervision import restarted
from . import notifying
from .tasking import said

AGAIN_WORKDAYS = 5  # 平台督查规则: time for a task that came back after its day


def again_due(task: Task, *, at: datetime) -> date:
    """The day by which a task that came back is due: its own, or some workdays from now."""
    return max(task.due_on, calendar_for(task.region_id).add_workdays(local_day(at), AGAIN_WORKDAYS))


def verify(*, task_id: UUID, words: str, by: Actor, at: datetime) -> Task:
    """The evidence was looked through and holds."""
    with TASK_FLOW.step("verify", by=by, at=at, note=said(words, "核验情况"), pk=task_id) as step:
        step.subject.verified_at = at
    return step.subject  # type: ignore[no-any-return]


def send_back(*, task_id: UUID, reason: str, by: Actor, at: datetime) -> Task:
    """Return it with what is wrong; new evidence is asked for (V11.2)."""
    with TASK_FLOW.step("send_back", by=by, at=at, note=said(reason, "退回的理由"), pk=task_id) as step:
        task: Task = step.subject
        task.returns += 1
        task.verified_at = task.submitted_at = task.submitted_by_id = None
    notifying.about(task, f"returned:{task.returns}", "督查任务被退回", f"被退回：{reason.strip()}。请补齐佐证材料后重新报请核验。", notifying.workers(task), by=by, at=at, urgent=True)  # fmt: skip
    return task


def close(*, task_id: UUID, by: Actor, at: datetime, words: str = "") -> Task:
    """Strike it off after verification."""
    with TASK_FLOW.step("close", by=by, at=at, note=words.strip(), pk=task_id) as step:
        task: Task = step.subject
        task.closed_at, task.closed_by_measure, task.extension = at, False, {}
        step.facts["figures"] = task.figures
    notifying.about(
        task, f"closed:{step.entry.pk}", "督查任务已销号", "已经核验销号。", notifying.workers(task), by=by, at=at
    )
    return task


def reopen(*, task_id: UUID, reason: str, by: Actor, at: datetime) -> Task:
    """What was handed in turned out false: it is to be done again (V11.2)."""
    with TASK_FLOW.step("reopen", by=by, at=at, note=said(reason, "重新打开的理由"), pk=task_id) as step:
        task: Task = step.subject
        watch = restarted(task.watch)
        task.held_base, task.held_days = watch.base, watch.held
        task.returns += 1
        task.closed_at = task.verified_at = task.submitted_at = task.submitted_by_id = None
        task.closed_by_measure, task.due_on, task.reminded = False, again_due(task, at=at), None
    notifying.about(task, f"reopened:{task.returns}", "督查任务重新打开", f"重新打开：{reason.strip()}。请在 {task.due_on} 前整改到位。", notifying.workers(task), by=by, at=at, urgent=True)  # fmt: skip
    return task


def grant_extension(*, task_id: UUID, by: Actor, at: datetime) -> Task:
    """More time, as asked."""
    late = Task.objects.filter(pk=task_id, state=TaskState.OVERDUE).exists()
    with TASK_FLOW.step("grant_late_extension" if late else "grant_extension", by=by, at=at, pk=task_id) as step:
        task: Task = step.subject
        step.note = f"延到 {task.extension['until']}：{task.extension['reason']}"
        task.due_on, task.extension, task.reminded = date.fromisoformat(task.extension["until"]), {}, None
    notifying.about(task, f"extended:{task.due_on}", "延期申请已同意", f"期限改为 {task.due_on}。", notifying.workers(task), by=by, at=at)  # fmt: skip
    return task


def refuse_extension(*, task_id: UUID, reason: str, by: Actor, at: datetime) -> Task:
    """The day stays as it is."""
    with TASK_FLOW.step("refuse_extension", by=by, at=at, note=said(reason, "不同意的理由"), pk=task_id) as step:
        task: Task = step.subject
        task.extension = {}
    notifying.about(task, f"kept:{step.entry.pk}", "延期申请没有同意", f"没有同意延期：{reason.strip()}。期限仍是 {task.due_on}。", notifying.workers(task), by=by, at=at)  # fmt: skip
    return task


def withdraw(*, task_id: UUID, reason: str, by: Actor, at: datetime) -> Task:
    """The task is no longer wanted."""
    with TASK_FLOW.step("withdraw", by=by, at=at, note=said(reason, "撤销的理由"), pk=task_id) as step:
        pass
    notifying.about(step.subject, "withdrawn", "督查任务已撤销", f"已经撤销：{reason.strip()}。", notifying.workers(step.subject), by=by, at=at)  # fmt: skip
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def settle_treatment(*, treatment_id: UUID, take: bool, reason: str, by: Actor, at: datetime) -> Treatment:
    """A person decides on what the system proposed: take the step, or not, with the reason."""
    reason = said(reason, "决定的理由" if take else "不采取的理由")
    with TREATMENT_FLOW.step("decide" if take else "dismiss", by=by, at=at, note=reason, pk=treatment_id) as step:
        treatment: Treatment = step.subject
        treatment.settled_at, treatment.settled_by_name, treatment.note = at, by.name, reason[:500]
    if take:
        notifying.treated(treatment, by=by, at=at)
    return treatment


@transaction.atomic
def settle_several(*, treatment_ids: Sequence[UUID], take: bool, reason: str, by: Actor, at: datetime) -> int:
    """The same decision on several proposals, all of them or none. Returns how many. Raises Refused."""
    rows = Treatment.objects.filter(pk__in=treatment_ids).select_related("task").order_by("proposed_at", "id")
    found = [t for t in rows if by.covers(t.region_id)]
    if not found or len(found) != len(set(treatment_ids)):
        raise Refused(
            "还没有勾选。请勾选要决定的各项。" if not treatment_ids else "有的建议已经不在了，请刷新页面后重新勾选。"
        )
    for t in found:
        settle_treatment(treatment_id=t.pk, take=take, reason=reason, by=by, at=at)
    return len(found)
