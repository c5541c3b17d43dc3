"""One task with everything beside it: targets and where they stand, items to mend, evidence, record, what one may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from siban.identity.api import Account, Post
from siban.kernel import journal, measures
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.ui.parts import Entry, Lamp

from .. import rules_supervision as rules
from ..flow import DIRECTIVE_FLOW, OPEN, TASK_FLOW
from ..flow_collections import COLLECTION_FLOW, SUBMISSION_FLOW
from ..models import Evidence, Task, Treatment
from .tasks import Proposal, faults, lamp, proposal

FIRST = {
    "oversight.Task": "下达", "oversight.Directive": "起草", "oversight.Collection": "起草", "oversight.Submission": "要求报送",
}  # fmt: skip
FLOWS = {
    "oversight.Task": TASK_FLOW, "oversight.Directive": DIRECTIVE_FLOW, "oversight.Collection": COLLECTION_FLOW,
    "oversight.Submission": SUBMISSION_FLOW,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AimLine:
    """A target of a task and where it stands."""

    words: str
    lamp: Lamp
    now: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item to mend and whether it is mended now."""

    name: str
    code: str
    url: str
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything about one task."""

    task: Task
    lamp: Lamp
    owner: str
    late: int
    violations: tuple[tuple[str, str], ...]
    aims: tuple[AimLine, ...]
    items: tuple[ItemLine, ...]
    evidence: tuple[Evidence, ...]
    timeline: tuple[Entry, ...]
    choices: tuple[Choice, ...]
    treatments: tuple[Treatment, ...]
    proposals: tuple[Proposal, ...]


def find(actor: Actor, pk: UUID) -> Task:
    """Raises Task.DoesNotExist for what this actor may not see."""
    return Task.objects.visible_to(actor).select_related("org", "directive", "problem", "issuer").get(pk=pk)


def task_page(task: Task, *, by: Actor, at: datetime) -> TaskPage:
    """The one-task page: a constant number of statements."""
    today = local_day(at)
    treatments = tuple(task.treatments.select_related("task__org").order_by("proposed_at", "id"))
    late = (
        calendar_for(task.region_id).workdays_between(task.due_on, today)
        if task.state in OPEN and task.due_on < today
        else 0
    )
    return TaskPage(
        task, lamp(task, today), TASK_FLOW.owner(task.state), late,
        tuple((code, rules.VIOLATIONS[code]) for code in faults(task, today)), tuple(_aims(task)), tuple(_items(task)),
        tuple(task.evidence.select_related("file").order_by("at", "id")), entries(task),
        tuple(TASK_FLOW.choices(task, by=by, at=at)), treatments,
        tuple(proposal(t, by, at) for t in treatments if t.state == "proposed"),
    )  # fmt: skip


SIGNS = {">=": "不低于", "<=": "不高于", "==": "等于"}


def aim_words(aim: rules.Target) -> str:
    """`即办件比率不低于 80%`, `报送“延时服务事项清单”`."""
    if not aim.measure:
        return f"报送“{aim.document}”"
    measure = measures.REGISTRY.get(aim.measure)
    title = measure.title if measure else aim.measure
    assert aim.value is not None
    return f"{title}{SIGNS[aim.comparison]} {rules.shown(aim.value, is_share=measure is None or measure.is_share)}"


def _aims(task: Task) -> Iterator[AimLine]:
    now = {f["measure"]: f for f in task.figures}
    for aim in task.aims:
        if not aim.measure:
            done = task.verified_at is not None
            yield AimLine(aim_words(aim), Lamp("green" if done else "grey", "已核验" if done else "待报送核验"), "")
            continue
        seen = now.get(aim.measure)
        if seen is None or seen["met"] is None:
            why = "还没有统计" if seen is None else f"{seen['day']} 本单位没有可以统计的数据"
            yield AimLine(aim_words(aim), Lamp("grey", "无数据"), why)
            continue
        parts = f"{seen['hits']}" if seen["total"] is None else f"{seen['hits']} ÷ {seen['total']} = {_percent(seen)}"
        yield AimLine(
            aim_words(aim),
            Lamp("green" if seen["met"] else "red", "达标" if seen["met"] else "未达标"),
            f"{seen['day']}：{parts}",
            reverse("dashboard-rows", args=[aim.measure, str(task.org_id), "hits" if seen["met"] else "gap"]),
        )


def _percent(seen: dict[str, Any]) -> str:
    return measures.Figure(seen["measure"], None, seen["hits"], seen["total"]).percent


def _items(task: Task) -> Iterator[ItemLine]:
    """Items to mend, each with whether the figure counts it now (measured live, not as promised)."""
    rows = [t.item for t in task.items.select_related("item").order_by("item__name", "item_id")]
    if not rows:
        return
    slug = next((a.measure for a in task.aims if a.measure), "")
    measure = measures.REGISTRY.get(slug)
    pks = [r.pk for r in rows]
    short = (
        set(measures.rows_behind(measure, "gap", scope=Q(pk__in=pks)).order_by("pk").values_list("pk", flat=True))
        if measure
        else set()
    )
    asked = (
        set(measures.rows_behind(measure, "total", scope=Q(pk__in=pks)).order_by("pk").values_list("pk", flat=True))
        if measure
        else set()
    )
    for row in rows:
        state = (
            ("red", "未整改")
            if row.pk in short
            else ("green", "已达到")
            if row.pk in asked
            else ("grey", "不计入指标")
        )
        yield ItemLine(row.name, row.impl_code, reverse("desk-guide", args=[row.impl_code]), Lamp(*state))


def entries(subject: Any) -> tuple[Entry, ...]:
    """The record of a task, directive or return, newest first."""
    kind, _ = journal.key(subject)
    flow, other = (
        FLOWS[kind],
        {"create": FIRST[kind], "save": "保存草稿", "answer": "确认读出的内容", "repeat": "每月重复", "write": "修改"},
    )
    tones = {"closed": "green", "accepted": "green", "returned": "red", "overdue": "red"}
    return tuple(
        Entry(
            e.at, e.actor_name, flow.moves[e.move].label if e.move in flow.moves else other.get(e.move, e.move), e.law, e.note,
            tones.get(e.target, "grey") if e.source != e.target else "grey",
        )
        for e in reversed(list(journal.timeline(subject)))
    )  # fmt: skip


def people_of(task: Task, *, at: datetime) -> tuple[tuple[str, str], ...]:
    """Who of the unit may be named responsible."""
    held = Post.objects.held_on(local_day(at)).filter(org_id=task.org_id, account__is_active=True).order_by()
    rows = Account.objects.filter(pk__in=held.values("account_id")).order_by("name", "pk").values_list("pk", "name")
    return (("", "请选择"), *((str(pk), name) for pk, name in rows))
