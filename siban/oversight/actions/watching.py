"""What the days and the figures ask of tasks: reminders, overdue, closing by the figure, coming back, proposals of treatment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from siban.kernel.actor import SYSTEM
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.measures import REGISTRY

from .. import rules_supervision as rules
from ..flow import OPEN, RUNNING, TASK_FLOW, TREATMENT_FLOW, W11, TaskState
from ..models import Task, Treatment
from ..queries import snapshots
from . import notifying
from .verifying import again_due

AT_ONCE = 2000
LOOK_BACK = timedelta(days=60)  # a worker that stood still for longer starts from here


@dataclass(slots=True)
class Seen:
    """What one round did."""

    days: int = 0
    looked_at: int = 0
    closed: int = 0
    came_back: int = 0


def watch(*, at: datetime) -> Seen:
    """Walk the recorded days since each task was last looked at; close what held long enough, bring back what fell."""
    today, seen = local_day(at), Seen()
    bound = Q()
    for comparison in rules.COMPARISONS:
        bound |= Q(targets__contains=[{"comparison": comparison}])
    watched = Task.objects.filter(bound, state__in=(*OPEN, TaskState.CLOSED))
    rows = watched.filter(Q(directive=None) | Q(directive__state="issued"))
    tasks = list(rows.order_by("number"))
    if not tasks:
        return seen
    first = max(min(t.watched_on or local_day(t.issued_at) for t in tasks), today - LOOK_BACK)
    day = first
    while day <= today:
        if snapshots.is_recorded(day):
            seen.days += 1
            _look(tasks, day, seen, at=at)
        day += timedelta(days=1)
    return seen


def _look(tasks: list[Task], day: date, seen: Seen, *, at: datetime) -> None:
    """One recorded day for every task that it concerns."""
    due = [t for t in tasks if local_day(t.issued_at) <= day and (t.watched_on is None or t.watched_on <= day)]
    slugs = {a.measure for t in due for a in t.aims if a.measure}
    found = snapshots.figures_on(day, slugs=slugs) if slugs else {}
    changed = []
    for task in due:
        before = (task.watched_on, task.held_base, task.held_days, task.figures)
        task.figures, holds = _compared(task, found, day)
        watch = rules.watched(task.watch, day, holds)
        task.watched_on, task.held_base, task.held_days = watch.on, watch.base, watch.held
        if before != (task.watched_on, task.held_base, task.held_days, task.figures):
            changed.append((task, holds))
    Task.objects.bulk_update(
        [t for t, _ in changed], ["watched_on", "held_base", "held_days", "figures"], batch_size=500
    )
    seen.looked_at += len(due)
    for task, holds in changed:
        if task.state == TaskState.CLOSED:
            if holds is False and rebound(task, at=at):
                seen.came_back += 1
        elif holds and rules.closes(task.watch, task.hold_days) and close_by_measure(task, at=at):
            seen.closed += 1


def _compared(task: Task, found: dict[str, dict[Any, Any]], day: date) -> tuple[list[dict[str, Any]], bool | None]:
    """The figures of the unit on this day beside its targets, and whether all hold.

    A unit without a single row that a figure asks about lacks nothing there: that target is left aside, and decides
    nothing by itself. A figure that nobody counts yet decides nothing either, and keeps the task open.
    """
    lines, verdicts = [], []
    for aim in task.aims:
        if not aim.measure:
            continue
        figure = found.get(aim.measure, {}).get(task.org_id)
        value = figure.value if figure is not None else None
        verdict = rules.met(value, aim)
        if value is not None or not REGISTRY[aim.measure].is_computed:
            verdicts.append(verdict)
        lines.append(
            {
                "measure": aim.measure, "day": day.isoformat(), "hits": figure.hits if figure else None,
                "total": figure.total if figure else None, "comparison": aim.comparison, "target": str(aim.value), "met": verdict,
            }
        )  # fmt: skip
    return lines, rules.all_met(verdicts)


def close_by_measure(task: Task, *, at: datetime) -> bool:
    """The figure held on so many recorded days: the task closes by itself, with the figures in its record."""
    try:
        with TASK_FLOW.step("close_by_measure", by=SYSTEM, at=at, pk=task.pk) as step:
            row: Task = step.subject
            row.closed_at, row.closed_by_measure, row.extension = at, True, {}
            step.note = f"连续达标 {row.held_days} 个统计日（要求 {row.hold_days} 个）"
            step.facts |= {"figures": row.figures, "held_days": row.held_days}
    except Refused:
        return False
    task.state, task.closed_at = row.state, row.closed_at
    notifying.about(row, f"closed:{step.entry.pk}", "督查任务达标销号", f"{step.note}，已经自动销号。指标反弹时会重新打开。", notifying.workers(row), at=at)  # fmt: skip
    return True


def rebound(task: Task, *, at: datetime) -> bool:
    """The figure fell back after the task was closed: it is open again, with the figures in its record (V11.5)."""
    try:
        with TASK_FLOW.step("rebound", by=SYSTEM, at=at, pk=task.pk) as step:
            row: Task = step.subject
            row.rebounds += 1
            row.closed_at, row.closed_by_measure, row.reminded = None, False, None
            row.due_on = again_due(row, at=at)
            short = [f for f in row.figures if f["met"] is False]
            step.note = "；".join(figure_words(f) for f in short)
            step.facts |= {"figures": row.figures, "rebounds": row.rebounds}
    except Refused:
        return False
    task.state, task.due_on, task.rebounds = row.state, row.due_on, row.rebounds
    notifying.about(row, f"rebound:{row.rebounds}", "指标反弹，任务重新打开", f"的指标又低于目标（{step.note}），已经重新打开，请在 {row.due_on} 前整改到位。", [*notifying.workers(row), *notifying.bureau(row.issuer_id)], at=at, urgent=True)  # fmt: skip
    return True


def figure_words(figure: dict[str, Any]) -> str:
    """`即办件比率 3/10，目标 ≥80%`."""
    measure = REGISTRY.get(figure["measure"])
    title = measure.title if measure else figure["measure"]
    if figure["hits"] is None:
        return f"{title} 没有数据"
    value = str(figure["hits"]) if figure["total"] is None else f"{figure['hits']}/{figure['total']}"
    sign = {">=": "≥", "<=": "≤", "==": "="}[figure["comparison"]]
    return f"{title} {value}，目标 {sign}{rules.shown(figure['target'], is_share=measure is not None and measure.is_share)}"


def pass_days(*, at: datetime) -> int:
    """Tasks whose day is over become overdue; the head and the bureau are told."""
    late = Task.objects.filter(state__in=RUNNING, due_on__lt=local_day(at)).order_by("due_on", "number")
    return sum(_fall(pk, at=at) for pk in late.values_list("pk", flat=True)[:AT_ONCE])


def _fall(pk: Any, *, at: datetime) -> bool:
    try:
        with TASK_FLOW.step("fall_overdue", by=SYSTEM, at=at, pk=pk) as step:
            task: Task = step.subject
    except Refused:
        return False
    notifying.about(task, f"overdue:{task.due_on}", "督查任务已经逾期", f"的期限 {task.due_on} 已经过了，请立即整改并报送佐证材料。", [*notifying.workers(task), *notifying.bureau(task.issuer_id)], at=at, urgent=True)  # fmt: skip
    return True


def remind(*, at: datetime) -> int:
    """Early reminders before the day, and of receipts that nobody confirmed in time (V11.4)."""
    today, told = local_day(at), 0
    near = Task.objects.filter(
        state__in=RUNNING, due_on__gte=today, due_on__lte=today + timedelta(days=max(rules.REMIND_BEFORE))
    )
    for task in near.select_related("org").order_by("due_on", "number")[:AT_ONCE]:
        step = rules.reminder_on(task.due_on, today, task.reminded)
        if step is None:
            continue
        with transaction.atomic():
            Task.objects.filter(pk=task.pk).update(reminded=step)
            left = (task.due_on - today).days
            notifying.about(task, f"due:{task.due_on}:{step}", "督查任务快到期", f"还有 {left} 天到期（{task.due_on}），请抓紧整改。" if left else "今天到期，请今天报请核验。", notifying.workers(task), at=at)  # fmt: skip
        told += 1
    silent = Task.objects.filter(state__in=OPEN, acknowledged_at=None, acknowledge_by__lt=today)
    for task in silent.select_related("org").order_by("acknowledge_by", "number")[:AT_ONCE]:
        notifying.about(task, "not-acknowledged", "督查任务还没有确认接收", f"应在 {task.acknowledge_by} 前由主要负责人确认接收，现在已经超过。", [*notifying.heads(task.org_id), *notifying.bureau(task.issuer_id)], at=at, urgent=True)  # fmt: skip
        told += 1
    return told


def propose_treatments(*, at: datetime) -> int:
    """Put the next treatment before the bureau where days or returns ask for it."""
    today, made = local_day(at), 0
    rows = (
        Task.objects.filter(state__in=OPEN)
        .filter(Q(due_on__lt=today) | Q(returns__gt=0))
        .prefetch_related("treatments")
    )
    calendars: dict[str, Any] = {}
    for task in rows.order_by("due_on", "number")[:AT_ONCE]:
        calendar = calendars.setdefault(task.region_id, None) or calendar_for(task.region_id)
        calendars[task.region_id] = calendar
        made += _propose(
            task, late=calendar.workdays_between(task.due_on, today), treatments=task.treatments.all(), at=at
        )
    return made


@transaction.atomic
def _propose(task: Task, *, late: int, treatments: Iterable[Treatment], at: datetime) -> int:
    kinds: Collection[str] = [t.kind for t in treatments]
    if any(t.state == "proposed" for t in treatments):
        return 0  # one proposal at a time: people decide before the next is made
    rung = rules.proposed(overdue_workdays=late, returns=task.returns, considered=kinds)
    if rung is None:
        return 0
    why = rules.why_proposed(rung, overdue_workdays=late, returns=task.returns)
    made = Treatment(task=task, region_id=task.region_id, kind=rung.kind, why=why, proposed_at=at)
    TREATMENT_FLOW.begin(made, by=SYSTEM, at=at, move="propose", law=W11, note=why)
    return 1
