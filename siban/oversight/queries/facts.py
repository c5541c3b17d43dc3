"""What documents are drafted from: recorded figures, targets, tasks, counts of the period. Gathered in a constant number of statements."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.conf import settings

from siban.identity.api import Org, Post, Role
from siban.kernel import clock, measures
from siban.kernel.codes import region
from siban.kernel.measures import Measure
from siban.kernel.models import JournalEntry
from siban.oversight.documents.facts import Aim, Facts, TaskLine, Unit
from siban.oversight.flow import TaskState
from siban.oversight.models import Target
from siban.oversight.models_supervision import Task

from . import chapters, snapshots

LEVELS = {4: "county", 5: "township", 6: "village"}


def bureaus(on: date) -> list[Org]:
    """Units that answer for the service of their territory."""
    held = Post.objects.held_on(on).filter(role=Role.SERVICE_ADMIN).values("org_id")
    return list(Org.objects.select_related("region").filter(pk__in=held).order_by("code"))


def gather(kind: str, *, org: Org, starts: date, day: date, before: date, known_at: datetime) -> Facts:
    """Everything a document of a kind may say for the territory of `org`."""
    prefix = region.prefix(org.region_id)
    slugs = [m.slug for m in _measures(kind, org.region_id)]
    now = snapshots.figures_on(day, slugs=slugs, known_at=known_at)
    earlier = before if snapshots.is_recorded(before, known_at) else None
    then = snapshots.figures_on(earlier, slugs=slugs, known_at=known_at) if earlier else {}
    units = [
        Unit(o.pk, o.short_name, LEVELS.get(o.region.level, "county"), o.order)
        for o in Org.objects.select_related("region")
        .filter(region_id__startswith=prefix, pk__in={u for rows in (*now.values(), *then.values()) for u in rows})
        .order_by("region__level", "order", "code")
    ]
    return Facts(
        region_name=org.region.name, office=org.name, day=day, before_day=earlier, starts=starts,
        measures=[m for m in _measures(kind, org.region_id) if m.slug in now], units=units, now=now, before=then,
        aims=_aims(org.region_id, day), tasks=_tasks(prefix, day, known_at),
        chapters=chapters.of_period(prefix, starts, day, before) if kind in ("monthly", "quarterly") else (),
        small=getattr(settings, "SIBAN_SMALL_NUMBER", 5),
    )  # fmt: skip


def _measures(kind: str, region_code: str) -> Sequence[Measure]:
    """The measures with a target here; a dispatch table and a weekly bulletin keep to those of the statistics table."""
    from siban.catalog.api import STATISTICS_TABLE

    aimed = set(Target.objects.in_force(region_code=region_code).values_list("measure", flat=True))
    if kind in ("daily", "weekly"):
        return [m for m in STATISTICS_TABLE if m.slug in aimed]
    found = [m for m in measures.REGISTRY.values() if m.slug in aimed and getattr(m, "is_computed", True)]
    return sorted(found, key=lambda m: m.code)


def _aims(region_code: str, day: date) -> list[Aim]:
    return [
        Aim(t.measure, t.document, t.document_code, t.value, t.comparison, t.deadline, t.is_soft)
        for t in Target.objects.in_force(region_code=region_code).order_by("document_code", "measure", "pk")
        if t.comparison in (">=", "==", "<=") and t.value is not None and t.value <= 1
    ]


def _tasks(prefix: str, day: date, known_at: datetime) -> list[TaskLine]:
    """The tasks of the directives in force, each in the state it was in then: two statements."""
    rows = (
        Task.objects.filter(region_id__startswith=prefix, issued_at__lte=known_at, directive__isnull=False)
        .exclude(directive__closed_at__lt=_instant(day))
        .select_related("directive", "problem", "org")
        .order_by("directive__dated", "directive_id", "problem__order", "org__order", "org__code")
    )
    last = JournalEntry.objects.filter(subject_type="oversight.Task", at__lte=known_at).order_by("subject_id", "-seq")
    states = dict(last.distinct("subject_id").values_list("subject_id", "target"))
    back = set(
        JournalEntry.objects.filter(subject_type="oversight.Task", move="rebound", at__lte=known_at).values_list(
            "subject_id", flat=True
        )
    )
    lines = []
    for t in rows:
        state = states.get(str(t.pk)) or str(t.state)
        if state == TaskState.WITHDRAWN or t.directive is None or t.problem is None:
            continue
        is_open = state != TaskState.CLOSED
        lines.append(
            TaskLine(
                t.directive.title, t.problem.title, t.org.short_name, t.due_on, str(TaskState(state).label), is_open,
                is_open and t.due_on < day, t.acknowledged_at is not None and t.acknowledged_at <= known_at, str(t.pk) in back, str(t.directive_id),
            )
        )  # fmt: skip
    return lines


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.CHINA)
