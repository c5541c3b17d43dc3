"""Figures of supervision: tasks open, overdue, closed in time, received in time, come back; monthly returns in time."""

from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, DateField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate, TruncMonth

from siban.kernel import clock
from siban.kernel.clock import CHINA
from siban.kernel.measures import Count, Ratio

from .flow import OPEN, TaskState
from .measures_pending import S000, S002
from .models_collections import Collection, Submission
from .models_supervision import Task


def _flag(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def tasks() -> QuerySet[Any]:
    """Every task that was not withdrawn, with what this day says of it."""
    today = clock.local_day(clock.now())
    return Task.objects.exclude(state=TaskState.WITHDRAWN).annotate(
        closed_on=TruncDate("closed_at", tzinfo=CHINA), acknowledged_on=TruncDate("acknowledged_at", tzinfo=CHINA),
        today=Value(today, output_field=DateField()),
    ).annotate(
        is_late=_flag(Q(state__in=OPEN, due_on__lt=F("today"))),
        is_judged=_flag(Q(state=TaskState.CLOSED) | Q(due_on__lt=F("today"))),
        is_timely=_flag(Q(state=TaskState.CLOSED, closed_on__isnull=False, closed_on__lte=F("due_on"))),
        is_asked=_flag(Q(acknowledged_at__isnull=False) | Q(acknowledge_by__lt=F("today"))),
        is_received=_flag(Q(acknowledged_on__isnull=False, acknowledged_on__lte=F("acknowledge_by"))),
    )  # fmt: skip


def monthly_returns() -> QuerySet[Any]:
    """The monthly returns that are due: those of a day gone by, and those that are there already."""
    today = clock.local_day(clock.now())
    rows = Submission.objects.filter(collection__purpose=Collection.Purpose.MONTHLY_PROGRESS).exclude(
        state="cancelled"
    )
    return rows.filter(Q(due_on__lt=today) | Q(first_submitted_at__isnull=False)).annotate(
        came_on=TruncDate("first_submitted_at", tzinfo=CHINA),
        by_the_20th=ExpressionWrapper(TruncMonth("due_on") + Value(timedelta(days=19)), output_field=DateField()),
    )  # fmt: skip


TASKS: dict[str, Any] = {"rows": tasks, "category": "督查", "source": S000, "unit": "督查任务"}

TASKS_OPEN = Count(
    slug="supervision_tasks_open", code="SUP-120", title="未销号督查任务数", words="已下达、还没有销号的督查任务数",
    out_of=Q(state__in=OPEN), **TASKS,
)  # fmt: skip
TASKS_OVERDUE = Count(
    slug="supervision_tasks_overdue", code="SUP-121", title="逾期督查任务数", words="过了整改期限还没有销号的督查任务数",
    out_of=Q(is_late=True), **TASKS,
)  # fmt: skip
CLOSED_ON_TIME = Ratio(
    slug="supervision_closed_on_time_ratio", code="SUP-122", title="督查任务按期销号率",
    words="在期限内销号的督查任务 ÷ 已经销号或者已经到期的督查任务", numerator="在期限内销号的任务数", denominator="已经销号或者已经到期的任务数",
    out_of=Q(is_judged=True), counts=Q(is_timely=True), **TASKS,
)  # fmt: skip
RECEIVED_ON_TIME = Ratio(
    slug="supervision_received_on_time_ratio", code="SUP-123", title="督查任务按时确认接收率",
    words="主要负责人在期限内确认接收的督查任务 ÷ 已经确认或者已经过了确认期限的督查任务", numerator="按时确认接收的任务数",
    denominator="已经确认或者已经过了确认期限的任务数", out_of=Q(is_asked=True), counts=Q(is_received=True), **TASKS,
)  # fmt: skip
REBOUNDS = Count(
    slug="supervision_rebound_count", code="SUP-124", title="反弹的督查任务数", words="销号以后指标又低于目标、重新打开过的督查任务数",
    out_of=Q(rebounds__gt=0), **TASKS,
)  # fmt: skip
MONTHLY_PROGRESS = Ratio(
    slug="monthly_progress_report", code="SUP-101", title="每月进展按期报送率", category="督查", source=S002,
    words="20 日前（含当日）报送的月数 ÷ 应报送的月数；还没有到期又没有报的不计", numerator="20 日前报送的月数", denominator="应报送的月数",
    rows=monthly_returns, counts=Q(came_on__isnull=False, came_on__lte=F("by_the_20th")), unit="应报的月报",
    note="“20 日前”按含 20 日当天统计；县级为各单位之和",
)  # fmt: skip

SUPERVISION_TABLE = (TASKS_OPEN, TASKS_OVERDUE, CLOSED_ON_TIME, RECEIVED_ON_TIME, REBOUNDS, MONTHLY_PROGRESS)
