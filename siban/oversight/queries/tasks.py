"""Tasks as pages ask for them: the list of a unit or a territory, the overview, one task with everything beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA, local_day
from siban.kernel.flow import Choice
from siban.kernel.ui.parts import Cell, Column, Lamp, Tab, Table

from .. import access_supervision as access
from .. import rules_supervision as rules
from ..flow import OPEN, TREATMENT_FLOW, TaskState
from ..models import Task, Treatment

TONES = {
    "issued": "amber", "acknowledged": "blue", "in_progress": "blue", "evidence_submitted": "amber", "verified": "blue",
    "returned": "red", "overdue": "red", "closed": "green", "withdrawn": "grey",
}  # fmt: skip
TABS = (
    ("open", "未销号"), ("issued", "尚未接收"), ("working", "整改中"), ("check", "待核验"), ("late", "逾期"), ("came_back", "反弹过"),
    ("closed", "已销号"), ("all", "全部"),
)  # fmt: skip
SORTS = {"due": ("due_on", "number"), "unit": ("org__order", "org__code", "due_on", "number"), "state": ("state", "due_on", "number"), "new": ("-issued_at", "-number")}  # fmt: skip
HEADS = ("任务编号", "任务", "督查通知", "文号", "单位", "状态", "期限", "最初期限", "责任人", "接收日期", "销号日期", "退回次数", "反弹次数", "违规", "整改要求")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, as the address says it."""

    tab: str = "open"
    unit: UUID | None = None
    directive: UUID | None = None
    problem: UUID | None = None
    q: str = ""
    sort: str = "due"

    def address(self, **changed: Any) -> str:
        """The query of the same list with something changed."""
        said = {"tab": self.tab, "unit": self.unit, "directive": self.directive, "problem": self.problem, "q": self.q, "sort": self.sort}  # fmt: skip
        plain = {"tab": "open", "sort": "due"}
        return "?" + urlencode({k: v for k, v in {**said, **changed}.items() if v and plain.get(k) != v})


def wanted(said: Mapping[str, str]) -> Wanted:
    """The filter out of an address; what is no key of anything is left out."""
    return Wanted(
        said.get("tab", "") if said.get("tab", "") in dict(TABS) else "open",
        key(said.get("unit", "")), key(said.get("directive", "")), key(said.get("problem", "")),
        " ".join(said.get("q", "").replace("\x00", "").split())[:100],
        said.get("sort", "") if said.get("sort", "") in SORTS else "due",
    )  # fmt: skip


def key(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


def _tab(tab: str, today: date) -> Q:
    match tab:
        case "issued":
            return Q(state__in=OPEN, acknowledged_at=None)  # overdue ones too, as the documents count them
        case "working":
            return Q(state__in=("acknowledged", "in_progress", "returned", "overdue"), acknowledged_at__isnull=False)
        case "check":
            return Q(state__in=("evidence_submitted", "verified"))
        case "late":
            return Q(state__in=OPEN, due_on__lt=today)
        case "came_back":
            return Q(rebounds__gt=0)
        case "closed":
            return Q(state=TaskState.CLOSED)
        case "all":
            return Q()
    return Q(state__in=OPEN)


def _narrowed(actor: Actor, asked: Wanted) -> "QuerySet[Task]":
    rows = Task.objects.visible_to(actor)
    if asked.unit:
        rows = rows.filter(org_id=asked.unit)
    if asked.directive:
        rows = rows.filter(directive_id=asked.directive)
    if asked.problem:
        rows = rows.filter(problem_id=asked.problem)
    if asked.q:
        rows = rows.filter(
            Q(title__contains=asked.q) | Q(number__icontains=asked.q) | Q(requirement__contains=asked.q)
        )
    return rows


def chosen(actor: Actor, asked: Wanted, *, today: date) -> "QuerySet[Task]":
    """The rows of the list in its order."""
    rows = _narrowed(actor, asked).filter(_tab(asked.tab, today)).select_related("org", "directive")
    return rows.order_by(*SORTS[asked.sort])


@dataclass(frozen=True, slots=True)
class TaskList:
    """One page of tasks."""

    table: Table
    tabs: tuple[Tab, ...]
    units: tuple[tuple[str, str], ...]
    more: bool
    about: str


def task_list(actor: Actor, asked: Wanted, *, at: datetime, number: int, size: int) -> TaskList:
    """The list with the counts of its tabs: a constant number of statements."""
    today, start = local_day(at), (number - 1) * size
    shown = list(chosen(actor, asked, today=today)[start : start + size + 1])
    counts = _narrowed(actor, asked).aggregate(
        **{name: Count("pk", filter=_tab(name, today)) for name, _ in TABS if name != "all"}, all=Count("pk")
    )
    tabs = tuple(Tab(label, asked.address(tab=name), name == asked.tab, counts[name]) for name, label in TABS)
    territory = access.sees_territory(actor)
    columns: list[Column | str] = [
        "任务", *([_sorting("单位", "unit", asked)] if territory else []), _sorting("状态", "state", asked),
        _sorting("期限", "due", asked), "违规",
    ]  # fmt: skip
    table = Table(
        "督查任务", columns, [_line(t, today, territory=territory) for t in shown[:size]], empty="没有符合条件的督查任务。",
        empty_hint="换一个条件再看。" if counts["all"] else "督查通知下达以后，任务会出现在这里。", caption_hidden=True,
    )  # fmt: skip
    return TaskList(table, tabs, units_of(actor) if territory else (), len(shown) > size, _about(actor, asked))


def _about(actor: Actor, asked: Wanted) -> str:
    """What the list is narrowed to besides its visible filters."""
    if not (asked.directive or asked.problem):
        return ""
    row = _narrowed(actor, asked).select_related("directive", "problem").order_by("number").first()
    if row is None or row.directive is None:
        return "所选的通知"
    return f"《{row.directive.title}》" + (f"的“{row.title}”" if asked.problem else "")


def _sorting(label: str, name: str, asked: Wanted) -> Column:
    return Column(label, sort_url=asked.address(sort=name), sorted="ascending" if asked.sort == name else "")


def lamp(task: Task, today: date) -> Lamp:
    """The state, or how late an open task is."""
    if task.state in OPEN and task.due_on < today:
        return Lamp("red", f"{task.get_state_display()}，已过 {(today - task.due_on).days} 天" if task.state != "overdue" else f"已逾期 {(today - task.due_on).days} 天")  # fmt: skip
    return Lamp(TONES[task.state], task.get_state_display())


def faults(task: Task, today: date) -> tuple[str, ...]:
    """The violations a task shows."""
    return rules.violations(
        due_on=task.due_on, done_on=local_day(task.closed_at) if task.closed_at else None, acknowledge_by=task.acknowledge_by,
        acknowledged_on=local_day(task.acknowledged_at) if task.acknowledged_at else None, returns=task.returns,
        rebounds=task.rebounds, today=today, is_over=task.state == TaskState.WITHDRAWN,
    )  # fmt: skip


def _line(task: Task, today: date, *, territory: bool) -> tuple[object, ...]:
    note = f"{task.number}　{task.directive.number if task.directive else '指标整改'}"
    said = "、".join(rules.VIOLATIONS[code] for code in faults(task, today))
    return (
        Cell(task.title, url=reverse("task", args=[task.pk]), note=note),
        *((task.org.short_name,) if territory else ()),
        Cell(lamp=lamp(task, today)),
        Cell(_day(task.due_on), note=_left(task, today)),
        said or "无",
    )


def _left(task: Task, today: date) -> str:
    days = (task.due_on - today).days
    if task.state not in OPEN or days < 0:
        return ""
    return "今天到期" if days == 0 else f"还有 {days} 天"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def units_of(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The units that have tasks, for the filter."""
    having = Task.objects.visible_to(actor).order_by().values("org_id")
    rows = Org.objects.filter(pk__in=having).order_by("order", "code").values_list("pk", "short_name")
    return (("", "全部单位"), *((str(pk), name) for pk, name in rows))


def export_rows(actor: Actor, asked: Wanted, *, at: datetime) -> Iterator[tuple[object, ...]]:
    """The whole list as rows of a workbook, read as they are written."""
    today = local_day(at)
    for t in chosen(actor, asked, today=today).iterator(chunk_size=500):
        yield (
            t.number, t.title, t.directive.title if t.directive else "指标整改", t.directive.number if t.directive else "",
            t.org.short_name, t.get_state_display(), t.due_on, t.first_due_on, t.owner_name,
            local_day(t.acknowledged_at) if t.acknowledged_at else "", local_day(t.closed_at) if t.closed_at else "",
            t.returns, t.rebounds, "、".join(f"{c} {rules.VIOLATIONS[c]}" for c in faults(t, today)), t.requirement,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """Where supervision stands: by unit, by problem, and what the system proposes."""

    counts: dict[str, int]
    by_unit: Table
    by_problem: Table
    proposals: tuple["Proposal", ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A treatment the system proposes, with what one may do."""

    id: UUID
    task_id: UUID
    task: str
    unit: str
    label: str
    why: str
    choices: tuple[Choice, ...]

    @property
    def key(self) -> str:
        return str(self.id)


def overview(actor: Actor, *, at: datetime) -> Overview:
    """Counts by unit and by problem; every number opens its rows. A constant number of statements."""
    today, rows = local_day(at), Task.objects.visible_to(actor).exclude(state=TaskState.WITHDRAWN)
    columns = {
        "total": Count("pk"),
        **{name: Count("pk", filter=_tab(name, today)) for name in ("open", "issued", "check", "late", "came_back", "closed")},
        "timely": Count("pk", filter=Q(state=TaskState.CLOSED, closed_at__isnull=False, on_time=True)),
    }  # fmt: skip
    timed = rows.annotate(on_time=closed_on_time())
    counts = timed.aggregate(**columns)
    by_unit = list(
        timed.order_by().values("org_id", "org__short_name", "org__order", "org__code").annotate(**columns)
        .order_by("-late", "-open", "org__order", "org__code")
    )  # fmt: skip
    by_problem = list(
        timed.exclude(problem=None).order_by()
        .values("problem_id", "problem__title", "directive__title", "problem__order").annotate(**columns)
        .order_by("-late", "-open", "directive__title", "problem__order")
    )  # fmt: skip
    proposals = Treatment.objects.filter(
        state="proposed", task__in=Task.objects.visible_to(actor).order_by().values("pk")
    ).select_related("task__org").order_by("proposed_at", "id")[:50]  # fmt: skip
    return Overview(
        counts,
        _counted("按单位", "单位", by_unit, lambda r: (r["org__short_name"], ""), lambda r: {"unit": r["org_id"]}),
        _counted("按问题", "问题", by_problem, lambda r: (r["problem__title"], r["directive__title"]), lambda r: {"problem": r["problem_id"]}),
        tuple(proposal(p, actor, at) for p in proposals),
    )  # fmt: skip


def closed_on_time() -> Any:
    """Closed no later than the day it was due on, as days are counted here."""
    return ExpressionWrapper(Q(due_on__gte=TruncDate(F("closed_at"), tzinfo=CHINA)), output_field=BooleanField())


def _counted(caption: str, head: str, lines: list[dict[str, Any]], name: Any, narrowed: Any) -> Table:
    base = reverse("tasks")

    def count(line: dict[str, Any], tab: str) -> Cell:
        n = line["total" if tab == "all" else tab]
        return Cell(n, url=base + Wanted().address(tab=tab, **narrowed(line)) if n else "")

    rows = []
    for line in lines:
        title, note = name(line)
        rows.append(
            (Cell(title, note=note), *(count(line, tab) for tab in ("all", "open", "issued", "check", "late", "came_back", "closed")))
        )  # fmt: skip
    numeric = [
        Column(label, numeric=True) for label in ("全部", "未销号", "尚未接收", "待核验", "逾期", "反弹过", "已销号")
    ]
    return Table(caption, [head, *numeric], rows, empty="还没有督查任务。", caption_hidden=True)


def proposal(row: Treatment, actor: Actor, at: datetime) -> Proposal:
    return Proposal(
        row.pk, row.task_id, f"{row.task.number} {row.task.title}", row.task.org.short_name, rules.TREATMENTS[row.kind], row.why,
        tuple(TREATMENT_FLOW.choices(row, by=actor, at=at)),
    )  # fmt: skip


def waiting(actor: Actor) -> tuple[int, int]:
    """(what waits for this actor, what is late): of the unit its open tasks, of the bureau what is to be verified."""
    rows = Task.objects.visible_to(actor)
    if access.sees_territory(actor):
        return rows.filter(state__in=("evidence_submitted", "verified")).count(), rows.filter(
            state=TaskState.OVERDUE
        ).count()
    return rows.open().count(), rows.filter(state=TaskState.OVERDUE).count()
