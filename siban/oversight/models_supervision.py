"""督查: directives with their problems, the tasks they become, evidence, items to mend, treatments. States move only through `flow`."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import access_supervision as access
from . import rules_supervision as rules
from .flow import OPEN, DirectiveState, TaskState, TreatmentState


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, actor: Actor) -> "DirectiveQuerySet":
        """The bureau sees its territory; a unit sees what was issued to it; anybody else nothing."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if access.sees_unit(actor) and actor.org_id:
            mine = Task.objects.filter(org_id=actor.org_id).exclude(directive=None).order_by()
            return self.exclude(state=DirectiveState.DRAFT).filter(pk__in=mine.values("directive_id"))
        return self.none()


class Directive(models.Model):
    """督查通知（整改通知）: what is wrong, what is asked, of whom, by when."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200, blank=True)
    dated = models.DateField("日期", null=True)
    cadence = models.JSONField("调度节奏", default=list)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="directives")
    hold_days = models.PositiveSmallIntegerField("连续达标天数", default=rules.HOLD_DAYS)
    acknowledge_workdays = models.PositiveSmallIntegerField("接收确认期限", default=rules.ACKNOWLEDGE_WORKDAYS)
    source_text = models.TextField("通知原文", blank=True)
    source_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    reading = models.JSONField("读出的内容", default=dict)
    state = models.CharField(max_length=12, choices=DirectiveState, default=DirectiveState.DRAFT)
    created_at = models.DateTimeField()
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=50, blank=True)
    changed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    pii = ("source_text", "reading", "created_by_name")

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "督查通知"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"], condition=Q(state__in=("issued", "closed")), name="directive_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | (~Q(number="") & ~Q(title="") & Q(dated__isnull=False) & Q(issued_at__isnull=False)),
                name="directive_issued_is_complete",
            ),
            models.CheckConstraint(condition=Q(hold_days__gte=1, hold_days__lte=60), name="directive_holds_1_to_60"),
        ]
        indexes = [models.Index(fields=["region", "-changed_at"], name="directive_of_region")]
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title or "未命名的督查通知"

    def open_tasks(self) -> int:
        """How many tasks are neither closed nor withdrawn."""
        return self.tasks.filter(state__in=OPEN).count()

    @property
    def cadence_words(self) -> str:
        return "、".join(rules.CADENCES[key] for key in self.cadence if key in rules.CADENCES)


class Problem(models.Model):
    """一个问题: with its requirement, its targets, its day, and the units it concerns."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="problems")
    order = models.PositiveSmallIntegerField()
    title = models.CharField("问题", max_length=200, blank=True)
    finding = models.TextField("存在的问题", blank=True)
    requirement = models.TextField("整改要求", blank=True)
    due_on = models.DateField("整改期限", null=True)
    targets = models.JSONField("目标", default=list)
    units = models.ManyToManyField(Org, related_name="+", db_table="oversight_problem_unit")
    read_from = models.PositiveSmallIntegerField("原文里的第几个问题", null=True)
    is_confirmed = models.BooleanField("已对照原文核对", default=True)

    class Meta:
        verbose_name = "督查问题"
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="problem_order_once")]
        ordering = ["directive", "order"]

    def __str__(self) -> str:
        return self.title

    @property
    def aims(self) -> tuple[rules.Target, ...]:
        return rules.targets_of(self.targets)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor) -> "TaskQuerySet":
        """The bureau sees its territory, a unit its own tasks, anybody else nothing."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if access.sees_unit(actor) and actor.org_id:
            return self.filter(org_id=actor.org_id)
        return self.none()

    def open(self) -> "TaskQuerySet":
        """Neither closed nor withdrawn."""
        return self.filter(state__in=OPEN)

    def late(self, today: date) -> "TaskQuerySet":
        """Open past their day, whether or not the round has noted it yet."""
        return self.open().filter(due_on__lt=today)


class Task(models.Model):
    """督查任务: one problem of one unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField("任务编号", max_length=20, unique=True)
    directive = models.ForeignKey(Directive, null=True, on_delete=models.PROTECT, related_name="tasks")
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="tasks")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="supervised")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("任务", max_length=200)
    requirement = models.TextField("整改要求")
    targets = models.JSONField("目标", default=list)
    hold_days = models.PositiveSmallIntegerField(default=rules.HOLD_DAYS)
    due_on = models.DateField("期限")
    first_due_on = models.DateField("最初的期限")
    acknowledge_by = models.DateField("接收确认期限", null=True)
    owner_id = models.UUIDField("责任人", null=True)
    owner_name = models.CharField("责任人", max_length=50, blank=True)
    state = models.CharField(max_length=20, choices=TaskState, default=TaskState.ISSUED)
    extension = models.JSONField("延期申请", default=dict)
    issued_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.UUIDField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_measure = models.BooleanField(default=False)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    rebounds = models.PositiveSmallIntegerField("反弹次数", default=0)
    watched_on = models.DateField(null=True)
    held_base = models.PositiveSmallIntegerField(default=0)
    held_days = models.PositiveSmallIntegerField("连续达标天数", default=0)
    figures = models.JSONField("最近的指标", default=list)
    reminded = models.SmallIntegerField(null=True)

    pii = ("owner_name",)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "督查任务"
        constraints = [
            models.UniqueConstraint(fields=["problem", "org"], name="task_is_problem_times_unit"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="task_closed_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_at__isnull=False), name="task_verified_has_day"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("first_due_on")), name="task_due_never_moves_back"),
        ]
        indexes = [
            models.Index(fields=["org", "state", "due_on"], name="task_of_unit"),
            models.Index(fields=["region", "state", "due_on"], name="task_of_region"),
            models.Index(fields=["directive", "org"], name="task_of_directive"),
            models.Index(fields=["due_on"], condition=Q(state__in=OPEN), name="task_open_due"),
        ]
        ordering = ["due_on", "number"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def aims(self) -> tuple[rules.Target, ...]:
        return rules.targets_of(self.targets)

    @property
    def is_measured(self) -> bool:
        return any(t.get("measure") for t in self.targets)

    @property
    def wants_documents(self) -> bool:
        return any(t.get("document") for t in self.targets)

    @property
    def watch(self) -> rules.Watch:
        return rules.Watch(self.watched_on, self.held_base, self.held_days)

    @cached_property
    def has_fresh_evidence(self) -> bool:
        """Evidence was handed in since the last return."""
        return self.evidence.filter(round=self.returns).exists()


class Evidence(models.Model):
    """佐证材料: a file of the unit; `round` is how often the task had been returned before."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    words = models.CharField("说明", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=50)
    at = models.DateTimeField()

    pii = ("by_name",)

    class Meta:
        verbose_name = "佐证材料"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.words}"


class TaskItem(models.Model):
    """An item that the task asks to mend."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "item"], name="task_item_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.item_id}"


class Treatment(models.Model):
    """处置: proposed by the system, decided or dismissed by a person."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="treatments")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("处置", max_length=20, choices=list(rules.TREATMENTS.items()))
    why = models.CharField("建议的理由", max_length=200)
    state = models.CharField(max_length=12, choices=TreatmentState, default=TreatmentState.PROPOSED)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=50, blank=True)
    note = models.CharField("决定的理由", max_length=500, blank=True)

    pii = ("settled_by_name",)

    class Meta:
        verbose_name = "督查处置"
        constraints = [
            models.UniqueConstraint(fields=["task", "kind"], name="treatment_once_a_rung"),
            models.CheckConstraint(
                condition=Q(state="proposed") | (Q(settled_at__isnull=False) & ~Q(settled_by_name="")),
                name="treatment_is_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "proposed_at"], condition=Q(state="proposed"), name="treatment_open")
        ]
        ordering = ["proposed_at", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


def considered(rows: Iterable[Any]) -> tuple[str, ...]:
    """The kinds that were proposed, decided or dismissed already."""
    return tuple(r.kind for r in rows)
