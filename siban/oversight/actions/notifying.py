"""Who is told of what in supervision, in words that say what to do next. Within the site; part of the act's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from siban.exchange import api as exchange
from siban.exchange.api import Recipient, to_account, to_post
from siban.kernel.actor import SYSTEM, Actor

from ..access_supervision import BUREAU
from ..models import Collection, Directive, Submission, Task
from ..rules_supervision import TREATMENTS

LAW = "督查整改办法（通知→任务→调度→通报→报告）"


def heads(*orgs: UUID) -> list[Recipient]:
    """The heads of units, and the centres of townships."""
    return [to_post(role, org) for org in orgs for role in ("unit_head", "township_clerk")]


def workers(task: Task) -> list[Recipient]:
    """The head, and who was named as responsible."""
    return heads(task.org_id) + ([to_account(task.owner_id)] if task.owner_id else [])


def bureau(org_id: UUID) -> list[Recipient]:
    """Who directed it."""
    return [to_post(role, org_id) for role in BUREAU]


def issued(directive: Directive, units: list[UUID], *, by: Actor, at: datetime) -> None:
    """One message a unit, however many tasks."""
    exchange.tell(
        to=heads(*units), event=f"directive:{directive.pk}:issued", kind="supervision.issued", title="有新的督查任务",
        body=f"《{directive.title}》（{directive.number}）已经下达，请主要负责人在 {directive.acknowledge_workdays} 个工作日内确认接收。",
        link=reverse("tasks") + f"?directive={directive.pk}", subject=("oversight.Directive", str(directive.pk)),
        region_code=directive.region_id, by=by, at=at, channels=(), law=LAW, is_urgent=True,
    )  # fmt: skip


def about(
    task: Task, event: str, title: str, body: str, to: list[Recipient], *, by: Actor = SYSTEM, at: datetime,
    urgent: bool = False,
) -> None:  # fmt: skip
    """One message about one task; the same event is told once."""
    exchange.tell(
        to=to, event=f"task:{task.pk}:{event}", kind="supervision.task", title=title, body=f"任务 {task.number}“{task.title}”{body}",
        link=reverse("task", args=[task.pk]), subject=("oversight.Task", str(task.pk)), region_code=task.region_id,
        by=by, at=at, channels=(), law=LAW, is_urgent=urgent,
    )  # fmt: skip


def treated(treatment: Any, *, by: Actor, at: datetime) -> None:
    """The unit is told of what was decided about it."""
    task, label = treatment.task, TREATMENTS[treatment.kind]
    about(
        task, f"treatment:{treatment.kind}", f"督查{label}", f"已被{label}：{treatment.note or treatment.why}。请尽快完成整改。",
        workers(task), by=by, at=at, urgent=True,
    )  # fmt: skip


def asked(collection: Collection, units: list[UUID], *, by: Actor, at: datetime) -> None:
    """Units are told what is asked of them."""
    exchange.tell(
        to=heads(*units), event=f"collection:{collection.pk}:open", kind="supervision.collection", title="有新的报送要求",
        body=f"请在 {collection.due_on} 前报送“{collection.title}”。" + ("没有内容的，也请零报送。" if collection.takes_nil else ""),
        link=reverse("collections"), subject=("oversight.Collection", str(collection.pk)), region_code=collection.region_id,
        by=by, at=at, channels=(), law=LAW,
    )  # fmt: skip


def returned(submission: Submission, event: str, title: str, body: str, to: list[Recipient], *, by: Actor, at: datetime) -> int:  # fmt: skip
    """One message about one return."""
    return exchange.tell(
        to=to, event=f"submission:{submission.pk}:{event}", kind="supervision.submission", title=title, body=body,
        link=reverse("submission", args=[submission.pk]), subject=("oversight.Submission", str(submission.pk)),
        region_code=submission.region_id, by=by, at=at, channels=(), law=LAW,
    )  # fmt: skip
