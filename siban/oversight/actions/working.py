"""What the unit does with its task: acknowledge, appoint, report progress, hand in evidence, ask for more time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.identity.api import Account, Post
from siban.kernel import files
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from ..flow import TASK_FLOW, TaskState
from ..models import Evidence, Task
from . import notifying
from .tasking import said

MOST_FILES = 50


def acknowledge(*, task_id: UUID, by: Actor, at: datetime, owner_id: UUID | None = None) -> Task:
    """The head of the unit confirms receipt and may name who is responsible."""
    late = Task.objects.filter(pk=task_id, state=TaskState.OVERDUE).exists()
    with TASK_FLOW.step("acknowledge_late" if late else "acknowledge", by=by, at=at, pk=task_id) as step:
        step.subject.acknowledged_at = at
        if owner_id is not None:
            _name_owner(step.subject, owner_id, at=at)
            step.note = f"责任人：{step.subject.owner_name}"
    return step.subject  # type: ignore[no-any-return]


def appoint(*, task_id: UUID, owner_id: UUID, by: Actor, at: datetime) -> Task:
    """The head names the person responsible, out of the unit's own people."""
    with TASK_FLOW.step("appoint", by=by, at=at, pk=task_id) as step:
        task: Task = step.subject
        _name_owner(task, owner_id, at=at)
        step.note = f"责任人：{task.owner_name}"
    notifying.about(task, f"owner:{owner_id}", "您是督查任务的责任人", f"由您负责，请在 {task.due_on} 前完成。", notifying.workers(task), by=by, at=at)  # fmt: skip
    return task


def _name_owner(task: Task, owner_id: UUID, *, at: datetime) -> None:
    held = Post.objects.held_on(local_day(at)).filter(account_id=owner_id, org_id=task.org_id, account__is_active=True)
    if not held.exists():
        raise Refused("责任人应是本单位现在的工作人员，请从名单里选择。")
    task.owner_id, task.owner_name = owner_id, Account.objects.get(pk=owner_id).name


def note_progress(*, task_id: UUID, words: str, by: Actor, at: datetime) -> Task:
    """Say how far it is; the first note begins the work."""
    words = said(words, "进展情况")
    fresh = Task.objects.filter(pk=task_id, state=TaskState.ACKNOWLEDGED).exists()
    with TASK_FLOW.step("begin" if fresh else "note_progress", by=by, at=at, note=words, pk=task_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def attach(*, task_id: UUID, content: Any, name: str, words: str = "", by: Actor, at: datetime) -> Evidence:
    """Hand in one file as evidence. Raises Refused, and FileRefused for a file that can't be taken."""
    with TASK_FLOW.step("attach", by=by, at=at, pk=task_id) as step:
        task: Task = step.subject
        if task.evidence.count() >= MOST_FILES:
            raise Refused(f"佐证材料最多 {MOST_FILES} 个文件，请合并后再上传。")
        assert by.id is not None
        kept = files.keep(content, name=name, at=at, owner_id=by.id, subject=("oversight.Task", str(task_id)))
        made = Evidence.objects.create(
            task=task, file=kept, words=words.strip()[:200], round=task.returns, by_id=by.id, by_name=by.name, at=at
        )
        step.note, step.facts["sha256"] = kept.name, kept.sha256
    return made


def submit_evidence(*, task_id: UUID, words: str, by: Actor, at: datetime) -> Task:
    """Ask for verification; evidence has to be there."""
    with TASK_FLOW.step("submit_evidence", by=by, at=at, note=said(words, "整改情况"), pk=task_id) as step:
        task: Task = step.subject
        task.submitted_at, task.submitted_by_id = at, by.id
    notifying.about(
        task, f"submitted:{task.returns}:{step.entry.pk}", "有任务报请核验", f"（{task.org.short_name}）已经报请核验。", notifying.bureau(task.issuer_id),
        by=by, at=at,
    )  # fmt: skip
    return task


def ask_extension(*, task_id: UUID, until: date, reason: str, by: Actor, at: datetime) -> Task:
    """Ask for more time, with the new day and the reason."""
    reason = said(reason, "延期的理由")
    with TASK_FLOW.step("ask_extension", by=by, at=at, note=f"延到 {until}：{reason}", pk=task_id) as step:
        task: Task = step.subject
        if until <= max(task.due_on, local_day(at)):
            raise Refused(f"新的期限 {until} 应晚于现在的期限 {task.due_on}，也应晚于今天。")
        task.extension = {
            "until": until.isoformat(), "reason": reason, "by_id": str(by.id), "by_name": by.name, "on": local_day(at).isoformat(),
        }  # fmt: skip
    notifying.about(
        task, f"extension:{step.entry.pk}", "有任务申请延期", f"（{task.org.short_name}）申请延期到 {until}。", notifying.bureau(task.issuer_id), by=by, at=at,
    )  # fmt: skip
    return task
