"""Directives as pages ask for them: the list, one with its matrix of problems and units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.ui.parts import Cell, Entry, Lamp, Tab, Table

from .. import access_supervision as access
from ..flow import DIRECTIVE_FLOW, OPEN, DirectiveState
from ..models import Directive, Problem, Task
from . import pieces, task_page
from .tasks import lamp as task_lamp

TONES = {"draft": "grey", "issued": "blue", "closed": "green", "withdrawn": "grey"}
TABS = (("", "全部"), ("draft", "草稿"), ("issued", "已下达"), ("closed", "已办结"), ("withdrawn", "已撤回"))
HEADS = ("文号", "标题", "日期", "调度节奏", "状态", "问题", "任务", "未销号", "逾期", "下达日期", "起草人")


@dataclass(frozen=True, slots=True)
class DirectiveList:
    table: Table
    tabs: tuple[Tab, ...]
    more: bool


def chosen(actor: Actor, *, state: str, q: str, at: datetime) -> "QuerySet[Any]":
    """The rows of the list with their counts."""
    mine = Q() if access.sees_territory(actor) else Q(tasks__org_id=actor.org_id)
    rows = Directive.objects.visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(Q(title__contains=q) | Q(number__contains=q))
    return rows.annotate(
        problem_count=Count("problems", distinct=True),
        task_count=Count("tasks", filter=mine, distinct=True),
        open_count=Count("tasks", filter=mine & Q(tasks__state__in=OPEN), distinct=True),
        late_count=Count("tasks", filter=mine & Q(tasks__state__in=OPEN, tasks__due_on__lt=local_day(at)), distinct=True),
    ).order_by("-changed_at", "-pk")  # fmt: skip


def directive_list(actor: Actor, *, state: str, q: str, at: datetime, number: int, size: int) -> DirectiveList:
    """One page of directives, the newest first."""
    start = (number - 1) * size
    shown = list(chosen(actor, state=state, q=q, at=at)[start : start + size + 1])
    lines = [
        (
            Cell(d.title or "未命名", url=reverse("directive", args=[d.pk]), note=d.number or "还没有文号"),
            Cell(lamp=Lamp(TONES[d.state], d.get_state_display())), d.dated or "未填", d.problem_count,
            Cell(d.task_count, url=f"{reverse('tasks')}?tab=all&directive={d.pk}" if d.task_count else ""),
            Cell(d.open_count, note=f"逾期 {d.late_count}" if d.late_count else ""),
        )
        for d in shown[:size]
    ]  # fmt: skip
    tabs = tuple(
        Tab(label, "?" + urlencode({k: v for k, v in {"state": name, "q": q}.items() if v}), name == state)
        for name, label in TABS
    )
    table = Table(
        "督查通知", ("通知", "状态", "日期", "问题", "任务", "未销号"), lines, empty="没有符合条件的督查通知。",
        empty_hint="可以手工填写一份，也可以粘贴通知原文让系统读出问题、单位和期限。", caption_hidden=True,
    )  # fmt: skip
    return DirectiveList(table, tabs, len(shown) > size)


def export_rows(actor: Actor, *, state: str, q: str, at: datetime) -> Iterator[tuple[object, ...]]:
    for d in chosen(actor, state=state, q=q, at=at).iterator(chunk_size=500):
        yield (
            d.number, d.title, d.dated, d.cadence_words, d.get_state_display(), d.problem_count, d.task_count, d.open_count,
            d.late_count, local_day(d.issued_at) if d.issued_at else "", d.created_by_name,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One unit across the problems; a cell is a task, or None where the problem does not concern it."""

    unit: str
    cells: tuple[tuple[str, Lamp] | None, ...]


@dataclass(frozen=True, slots=True)
class ProblemCard:
    """A problem as the page shows it."""

    order: int
    title: str
    finding: str
    requirement: str
    due_on: Any
    aims: tuple[str, ...]
    departments: tuple[str, ...]
    townships: tuple[str, ...]
    open: int
    total: int


@dataclass(frozen=True, slots=True)
class DirectivePage:
    directive: Directive
    lamp: Lamp
    problems: tuple[ProblemCard, ...]
    matrix: tuple[MatrixLine, ...]
    counts: Mapping[str, int]
    faults: tuple[str, ...]
    choices: tuple[Choice, ...]
    timeline: tuple[Entry, ...]


def find(actor: Actor, pk: UUID) -> Directive:
    """Raises Directive.DoesNotExist for what this actor may not see."""
    return Directive.objects.visible_to(actor).select_related("org", "source_file").get(pk=pk)


def directive_page(row: Directive, *, by: Actor, at: datetime, faults: list[str]) -> DirectivePage:
    """One directive with its matrix of problems and units; a unit sees its own line alone."""
    today = local_day(at)
    problems = list(row.problems.prefetch_related("units").order_by("order"))
    tasks = list(
        Task.objects.visible_to(by).filter(directive=row).select_related("org").order_by("org__order", "org__code")
    )
    only = None if access.sees_territory(by) else {t.org_id for t in tasks}
    if only is not None:
        concerned = {t.problem_id for t in tasks}
        problems = [p for p in problems if p.pk in concerned]
    by_pair = {(t.problem_id, t.org_id): t for t in tasks}
    units: dict[UUID, Org] = {t.org_id: t.org for t in tasks}
    if row.state == DirectiveState.DRAFT:
        units = {u.pk: u for p in problems for u in p.units.all()}
    lines = []
    for unit in sorted(units.values(), key=lambda o: (o.order, o.code)):
        cells: list[tuple[str, Lamp] | None] = []
        for p in problems:
            task = by_pair.get((p.pk, unit.pk))
            if task is not None:
                cells.append((reverse("task", args=[task.pk]), task_lamp(task, today)))
            elif row.state == DirectiveState.DRAFT and unit in p.units.all():
                cells.append(("", Lamp("grey", "将下达")))
            else:
                cells.append(None)
        lines.append(MatrixLine(unit.short_name, tuple(cells)))
    counts = {
        "total": len(tasks) or sum(len(p.units.all()) for p in problems), "open": sum(t.state in OPEN for t in tasks),
        "late": sum(t.state in OPEN and t.due_on < today for t in tasks), "check": sum(t.state == "evidence_submitted" for t in tasks),
        "closed": sum(t.state == "closed" for t in tasks),
    }  # fmt: skip
    return DirectivePage(
        row, Lamp(TONES[row.state], row.get_state_display()), tuple(_card(p, tasks, only=only) for p in problems), tuple(lines), counts,
        tuple(faults), tuple(DIRECTIVE_FLOW.choices(row, by=by, at=at)), task_page.entries(row) if only is None else (),
    )  # fmt: skip


def _card(p: Problem, tasks: list[Task], *, only: set[UUID] | None = None) -> ProblemCard:
    mine = [t for t in tasks if t.problem_id == p.pk]
    units = sorted((u for u in p.units.all() if only is None or u.pk in only), key=lambda o: (o.order, o.code))
    return ProblemCard(
        p.order, p.title, p.finding, p.requirement, p.due_on, tuple(task_page.aim_words(a) for a in p.aims),
        tuple(u.short_name for u in units if u.kind not in ("township", "village")),
        tuple(u.short_name for u in units if u.kind in ("township", "village")),
        sum(t.state in OPEN for t in mine), len(mine),
    )  # fmt: skip


def units_in(region_prefix: str) -> list[Org]:
    """Departments and townships of a territory that may be directed, in the order of lists."""
    rows = Org.objects.within(region_prefix).filter(is_active=True).exclude(kind="village")
    return list(rows.select_related("region").order_by("order", "code"))


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """A problem of the draft beside the places of the text it was read from."""

    card: ProblemCard
    is_confirmed: bool
    note: str
    places: tuple[pieces.Place, ...]


def read_problems(row: Directive) -> list[ReadProblem]:
    """The problems as they stand in the draft, with the links to their sentences."""
    found, said = pieces.places(row), row.reading.get("problems", ())
    shown = []
    for p in row.problems.prefetch_related("units").order_by("order"):
        of = found.get(p.read_from, {}) if p.read_from is not None else {}
        note = said[p.read_from]["note"] if p.read_from is not None and p.read_from < len(said) else ""
        links = tuple(
            place for kind in ("title", "finding", "requirement", "due", "target") for place in of.get(kind, ())
        )
        shown.append(ReadProblem(_card(p, []), p.is_confirmed, note, links))
    return shown
