"""Requests to change an item (事项调整申请), and what a changed base item asks of the implementations below it."""

from typing import Any

from django.db import models
from django.db.models import Q

from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .flow import ChangeBasis, ChangeKind


class OfAnItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "OfAnItemQuerySet":
        """What concerns items of one's own organisation, or of the whole territory."""
        if access.sees_territory(actor):
            return self.filter(item__region_id__startswith=actor.region_prefix)
        if actor.is_staff and actor.org_id:
            return self.filter(item__org_id=actor.org_id)
        return self.none()


class ChangeRequest(models.Model):
    """事项调整申请: why an item is added, changed, taken over, delegated or cancelled, and by which document."""

    class Outcome(models.TextChoices):
        OPEN = "open", "办理中"
        DONE = "done", "已完成"
        DECLINED = "declined", "未同意"
        WITHDRAWN = "withdrawn", "已放弃"

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey("catalog.ImplementationItem", on_delete=models.PROTECT, related_name="change_requests")
    version = models.ForeignKey("catalog.ItemVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    basis = models.CharField(max_length=20, choices=ChangeBasis, blank=True)
    document_number = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=50)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=50, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = OfAnItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["take_over", "delegate", "cancel"]) | ~Q(document_number=""),
                name="change_request_has_document",
                violation_error_message="承接、下放、取消事项须填写文号。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at=None) | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="change_request_closed_when",
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(outcome="open"), name="change_request_one_open"),
        ]
        indexes = [models.Index(fields=["-requested_at"], name="change_request_at")]
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.reason}"


class BaseChange(models.Model):
    """待办: the item above has changed; the unit below takes it over by a day, or is reported."""

    class Kind(models.TextChoices):
        VERSION = "version", "上级事项有新版本"
        SUSPENDED = "suspended", "基本目录暂停"
        CANCELLED = "cancelled", "基本目录取消"

    class Outcome(models.TextChoices):
        OPEN = "open", "未确认"
        CONFIRMED = "confirmed", "已确认，未发布"
        DONE = "done", "已落实"
        SUPERSEDED = "superseded", "被新的变更代替"

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey("catalog.ImplementationItem", on_delete=models.PROTECT, related_name="base_changes")
    base_version = models.ForeignKey("catalog.ItemVersion", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VERSION)
    document_number = models.CharField(max_length=80, blank=True)
    sentences = models.JSONField(default=list, help_text="与本级现行版本的不同")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=50, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = OfAnItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(outcome__in=["open", "confirmed"]), name="base_change_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="confirmed") | Q(confirmed_at__isnull=False), name="base_change_confirmed_when"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["done", "superseded"]) | Q(closed_at__isnull=False),
                name="base_change_closed_when",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="base_change_open_due", condition=Q(outcome="open"))]
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.get_kind_display()}"
