"""What stands beside an order: clocks, visits, call-backs, meetings, and the ledgers of what is hung or ended."""

from django.db import models
from django.db.models import F, Q

from siban.identity.api import Org
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import rules
from .models_orders import Order


class Clock(models.Model):
    """One clock of an order: the whole, or one step; from when, until when, when it really ended."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_seconds = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    limit_words = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "工单时钟"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(ended_at=None), name="clock_one_running_a_kind"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="clock_ended_after_start"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(stopped_at=None), name="clock_ended_does_not_stand"),
        ]
        indexes = [models.Index(fields=["order", "kind", "started_at"], name="clock_of_order")]
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"


class Visit(models.Model):
    """三上门: who went where, when, and what was found; `key` keeps a visit sent twice from being two."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="visits")
    key = models.CharField(max_length=64, unique=True, null=True)
    kind = models.CharField(max_length=10, choices=list(rules.VISITS.items()))
    visited_at = models.DateTimeField("上门时间")
    place = models.CharField("地点", max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    words = models.TextField("情况")
    photo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=50)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    pii = ("place", "words", "by_name")

    class Meta:
        verbose_name = "上门记录"
        constraints = [
            models.CheckConstraint(condition=Q(visited_at__lte=F("recorded_at")), name="visit_not_in_future"),
            models.CheckConstraint(condition=~Q(words=""), name="visit_says_something"),
        ]
        ordering = ["visited_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.visited_at}"


class Callback(models.Model):
    """回访: one attempt, reached or not, with the two questions."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="callbacks")
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=50)
    channel = models.CharField(
        max_length=12, choices=[("phone", "电话"), ("self", "诉求人自己填写"), ("system", "系统")]
    )
    is_reached = models.BooleanField("接通")
    is_solved = models.BooleanField("已解决", null=True)
    is_satisfied = models.BooleanField("满意", null=True)
    words = models.CharField("诉求人的话", max_length=500, blank=True)
    lead = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")

    pii = ("by_name", "words")

    class Meta:
        verbose_name = "回访"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_reached=False, is_solved=None, is_satisfied=None)
                | Q(is_reached=True, is_solved__isnull=False, is_satisfied__isnull=False),
                name="callback_two_questions",
            )
        ]
        indexes = [models.Index(fields=["order", "at"], name="callback_of_order")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"


class Meeting(models.Model):
    """吹哨会商、提级办理: who was called, who came, what was decided."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=10, choices=[("whistle", "吹哨会商"), ("escalated", "提级办理")])
    called_at = models.DateTimeField()
    arrive_by = models.DateTimeField(null=True)
    reason = models.CharField("事由", max_length=300)
    units = models.JSONField("应到单位", default=list)
    attended = models.JSONField("报到", default=dict)
    held_at = models.DateTimeField(null=True)
    minutes = models.TextField("会议纪要", blank=True)
    lead = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "会商"
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(held_at=None), name="meeting_one_open_an_order"),
            models.CheckConstraint(condition=Q(held_at=None) | ~Q(minutes=""), name="meeting_held_has_minutes"),
        ]
        ordering = ["called_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.called_at}"


class Suspension(models.Model):
    """挂单台账: why it can't be solved now, the plan, who answers for it and until when."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="suspensions")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField("条件", max_length=12, choices=list(rules.SUSPEND_GROUNDS.items()))
    reason = models.TextField("原因")
    measure = models.TextField("措施和计划")
    responsible = models.CharField("责任人", max_length=50)
    expected_on = models.DateField("预计完成")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    opinion = models.CharField("审批意见", max_length=300, blank=True)
    progress_by = models.DateTimeField("下次进展期限", null=True)
    ended_at = models.DateTimeField(null=True)

    pii = ("responsible",)

    class Meta:
        verbose_name = "挂单"
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(ended_at=None), name="suspension_one_open_an_order"),
        ]
        indexes = [models.Index(fields=["org", "ended_at"], name="suspension_of_org")]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.ground}"


class SuspensionProgress(models.Model):
    """挂单进展: the monthly note."""

    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    words = models.TextField("进展")
    by_name = models.CharField(max_length=50)
    is_late = models.BooleanField(default=False)

    pii = ("by_name",)

    class Meta:
        verbose_name = "挂单进展"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.at)


class Termination(models.Model):
    """终结台账: ground, basis, evidence; who reviewed, who approved, how it was told; the appeal."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="terminations")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField("理由", max_length=12, choices=[(k, v) for k, v in rules.TERMINATE_GROUNDS.items()])
    reason = models.TextField("理由说明")
    basis = models.CharField("依据", max_length=300)
    evidence = models.TextField("证据")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=50)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField("审核人", max_length=50, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField("批准人", max_length=50, blank=True)
    told_how = models.CharField("告知方式", max_length=100, blank=True)
    told_on = models.DateField("告知日期", null=True)
    refused_at = models.DateTimeField(null=True)
    opinion = models.CharField("意见", max_length=300, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal = models.TextField("申诉", blank=True)
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_result = models.CharField("申诉结果", max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    pii = ("asked_by", "reviewed_by", "approved_by", "appeal")

    class Meta:
        verbose_name = "终结"
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(ended_at=None), name="termination_one_open_an_order"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | (Q(reviewed_at__isnull=False) & ~Q(told_how="")),
                name="termination_reviewed_and_told",
            ),
        ]
        indexes = [models.Index(fields=["org", "ended_at"], name="termination_of_org")]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.ground}"
