"""The directive: written and kept as a draft, issued into tasks, closed, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.codes import region
from siban.kernel.flow import Refused
from siban.kernel.together import insert_together

from .. import access_supervision as access
from ..drafts import MOST_PROBLEMS, DirectiveDraft, ProblemDraft, expansion, missing
from ..flow import DIRECTIVE_FLOW, OPEN, TASK_FLOW, W11, DirectiveState
from ..models import Directive, Problem, Task
from ..rules_supervision import CADENCES
from . import notifying, tasking
from .numbering import numbers


def begin(*, by: Actor, at: datetime, source_text: str = "", source_file_id: UUID | None = None) -> Directive:
    """Start a draft, empty or from the text of a notice."""
    if not access.may_direct(by) or by.org_id is None:
        raise Refused(f"您当前的岗位不能起草督查通知。{access.may_direct.__doc__}")
    made = Directive(
        region_id=by.region_code, org_id=by.org_id, source_text=source_text, source_file_id=source_file_id,
        created_at=at, changed_at=at, created_by_id=by.id, created_by_name=by.name,
    )  # fmt: skip
    DIRECTIVE_FLOW.begin(made, by=by, at=at, law=W11)
    return made


@transaction.atomic
def save(*, directive_id: UUID, draft: DirectiveDraft, by: Actor, at: datetime) -> Directive:
    """Keep the draft as it stands, however incomplete. Raises Refused: issued already, not one's territory."""
    row = Directive.objects.select_for_update(of=("self",)).get(pk=directive_id)
    if not access.directs(by, row):
        raise Refused(f"您当前的岗位不能修改这份通知。{access.directs.__doc__}")
    if row.state != DirectiveState.DRAFT:
        raise Refused(f"这份通知{row.get_state_display()}，不能再修改。要改的话，请撤回后重新起草。")
    if len(draft.problems) > MOST_PROBLEMS:
        raise Refused(f"问题有 {len(draft.problems)} 个，最多 {MOST_PROBLEMS} 个，请分成几份通知。")
    before = journal.picture(row)
    row.number, row.title, row.dated = draft.number, draft.title, draft.dated
    row.cadence = [key for key in draft.cadence if key in CADENCES]
    row.hold_days, row.acknowledge_workdays, row.changed_at = draft.hold_days, draft.acknowledge_workdays, at
    row.save()
    _write_problems(row, draft.problems)
    changed = journal.changes(before, journal.picture(row))
    changed.pop("changed_at", None)
    facts = {"problems": len(draft.problems), "pairs": len(expansion(draft))}
    journal.write(subject=row, move="save", source="draft", target="draft", law=W11, by=by, at=at, changes=changed, facts=facts)  # fmt: skip
    return row


def _write_problems(row: Directive, problems: Sequence[ProblemDraft]) -> None:
    row.problems.all().delete()
    made = [
        Problem(
            directive=row, order=n, title=p.title, finding=p.finding, requirement=p.requirement, due_on=p.due_on,
            targets=[t.as_json() for t in p.targets], read_from=p.read_from, is_confirmed=p.is_confirmed,
        )
        for n, p in enumerate(problems, start=1)
    ]  # fmt: skip
    Problem.objects.bulk_create(made)
    known = set(Org.objects.order_by("pk").values_list("pk", flat=True)) if any(p.units for p in problems) else set()
    through = Problem.units.through
    through.objects.bulk_create(
        through(problem_id=problem.pk, org_id=unit)
        for problem, p in zip(made, problems, strict=True)
        for unit in dict.fromkeys(p.units)
        if unit in known
    )


def draft_of(row: Directive) -> DirectiveDraft:
    """The directive as it is written."""
    problems = tuple(
        ProblemDraft(
            p.title, p.finding, p.requirement, p.due_on, tuple(p.aims), tuple(u.pk for u in p.units.all()), p.read_from,
            p.is_confirmed,
        )
        for p in row.problems.prefetch_related("units").order_by("order")
    )  # fmt: skip
    return DirectiveDraft(
        row.number, row.title, row.dated, tuple(row.cadence), row.hold_days, row.acknowledge_workdays, problems
    )


def faults_of(row: Directive, *, today: date) -> list[str]:
    """What stands in the way of issuing."""
    known = dict(
        Org.objects.within(region.prefix(row.region_id)).filter(is_active=True).values_list("pk", "short_name")
    )
    said = missing(draft_of(row), known=known, today=today)
    taken = Directive.objects.filter(region_id=row.region_id, number=row.number, state__in=("issued", "closed"))
    if row.number and taken.exclude(pk=row.pk).exists():
        said.append(f"文号“{row.number}”已经用在另一份通知上，请核对。")
    if open_asks := sum(a["answer"] is None for a in row.reading.get("asks", ())):
        said.append(f"从原文读出的内容里还有 {open_asks} 处没有确认，请先逐处确认。")
    return said


@transaction.atomic
def issue(*, directive_id: UUID, by: Actor, at: datetime) -> Directive:
    """Issue it: each problem times each unit becomes a task, every unit is told once.

    Raises:
        Refused: naming everything that is missing; nothing is issued then.
    """
    today = local_day(at)
    with DIRECTIVE_FLOW.step("issue", by=by, at=at, pk=directive_id) as step:
        row: Directive = step.subject
        if said := faults_of(row, today=today):
            raise Refused("还不能下达：" + "".join(said))
        row.issued_at = row.changed_at = at
        problems = list(row.problems.prefetch_related("units").order_by("order"))
        pairs = [(p, unit) for p in problems for unit in p.units.all()]
        acknowledge_by = calendar_for(row.region_id).add_workdays(today, row.acknowledge_workdays)
        tasks, rows = [], []
        for (problem, unit), number in zip(pairs, numbers("DB", "oversight_task_seq", len(pairs), at=at), strict=True):
            assert problem.due_on is not None
            task = tasking.blank(
                number=number, org=unit, issuer_id=row.org_id, title=problem.title, requirement=problem.requirement,
                targets=problem.targets, due_on=problem.due_on, hold_days=row.hold_days, acknowledge_by=acknowledge_by, at=at,
            )  # fmt: skip
            task.directive, task.problem = row, problem
            tasks.append(task)
            rows += TASK_FLOW.walk(task, by=by, at=at, law=W11).rows
        insert_together([(Task, tasks)], journal=rows)
        step.facts["tasks"] = len(tasks)
    notifying.issued(row, sorted({unit.pk for _, unit in pairs}), by=by, at=at)
    return row


def close(*, directive_id: UUID, by: Actor, at: datetime) -> Directive:
    """Everything is done; figures are no longer watched for a fall-back."""
    with DIRECTIVE_FLOW.step("close", by=by, at=at, pk=directive_id) as step:
        step.subject.closed_at = step.subject.changed_at = at
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def withdraw(*, directive_id: UUID, reason: str, by: Actor, at: datetime) -> Directive:
    """Take it back with its open tasks, for a stated reason."""
    tasking.said(reason, "撤回的理由")
    with DIRECTIVE_FLOW.step("withdraw", by=by, at=at, note=reason.strip(), pk=directive_id) as step:
        step.subject.changed_at = at
        for pk in (
            Task.objects.filter(directive_id=directive_id, state__in=OPEN)
            .order_by("number")
            .values_list("pk", flat=True)
        ):
            with TASK_FLOW.step("withdraw", by=by, at=at, note=reason.strip(), pk=pk):
                pass
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def copy(*, directive_id: UUID, by: Actor, at: datetime) -> Directive:
    """A new draft with the same problems and units, for the next round; days are left to be filled in."""
    old = Directive.objects.visible_to(by).get(pk=directive_id)
    made = begin(by=by, at=at, source_text=old.source_text)
    was = draft_of(old)
    problems = tuple(ProblemDraft(p.title, p.finding, p.requirement, None, p.targets, p.units) for p in was.problems)
    draft = DirectiveDraft("", was.title, None, was.cadence, was.hold_days, was.acknowledge_workdays, problems)
    return save(directive_id=made.pk, draft=draft, by=by, at=at)
