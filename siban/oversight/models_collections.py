"""报送: the request, its fields, and the return of each unit."""

from datetime import date

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ids import uuid7

from . import access_supervision as access
from .flow_collections import CollectionState, SubmissionState
from .models_supervision import Directive


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, actor: Actor) -> "CollectionQuerySet":
        """The bureau sees its territory, a unit what it is asked for, anybody else nothing."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if access.sees_unit(actor) and actor.org_id:
            mine = Submission.objects.filter(org_id=actor.org_id).order_by()
            return self.exclude(state=CollectionState.DRAFT).filter(pk__in=mine.values("collection_id"))
        return self.none()


class Collection(models.Model):
    """报送要求: what is asked, of whom, by when, once or every month."""

    class Kind(models.TextChoices):
        FORM = "form", "在线填表"
        WORKBOOK = "workbook", "电子表格"

    class Purpose(models.TextChoices):
        GENERAL = "general", "一般报送"
        MONTHLY_PROGRESS = "monthly_progress", "每月进展"
        LIANGYOU = "liangyou", "“两优”统计表"
        DELAYED_SERVICE = "delayed_service", "延时服务清单"

    id = models.UUIDField(primary_key=True, default=uuid7)
    title = models.CharField("名称", max_length=200, blank=True)
    words = models.TextField("填报说明", blank=True)
    kind = models.CharField("方式", max_length=10, choices=Kind, default=Kind.FORM)
    purpose = models.CharField("用途", max_length=20, choices=Purpose, default=Purpose.GENERAL)
    fields = models.JSONField("填报项目", default=list)
    due_on = models.DateField("报送期限", null=True)
    takes_nil = models.BooleanField("可以零报送", default=True)
    is_monthly = models.BooleanField("每月报送", default=False)
    month = models.CharField("所属月份", max_length=7, blank=True)
    series = models.UUIDField("同一系列", null=True)
    directive = models.ForeignKey(Directive, null=True, on_delete=models.PROTECT, related_name="collections")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="collections")
    units = models.ManyToManyField(Org, related_name="+", db_table="oversight_collection_unit")
    state = models.CharField(max_length=12, choices=CollectionState, default=CollectionState.DRAFT)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=50, blank=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    pii = ("created_by_name",)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = "报送要求"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | (~Q(title="") & Q(due_on__isnull=False) & Q(opened_at__isnull=False)),
                name="collection_open_is_complete",
            ),
            models.UniqueConstraint(
                fields=["series", "month"], condition=Q(series__isnull=False), name="collection_once_a_month"
            ),
        ]
        indexes = [models.Index(fields=["region", "-created_at"], name="collection_of_region")]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title or "未命名的报送"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, actor: Actor) -> "SubmissionQuerySet":
        """The bureau sees its territory, a unit its own, anybody else nothing."""
        if access.sees_territory(actor):
            return self.filter(collection__region_id__startswith=actor.region_prefix)
        if access.sees_unit(actor) and actor.org_id:
            return self.filter(org_id=actor.org_id).exclude(collection__state=CollectionState.DRAFT)
        return self.none()

    def owed(self) -> "SubmissionQuerySet":
        """Still to come from an open collection."""
        return self.filter(state__in=("awaited", "partial", "returned"), collection__state=CollectionState.OPEN)


class Submission(models.Model):
    """一个单位的报送: its rows as entered, whether nil or late, its receipt."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="submissions")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="submissions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=SubmissionState, default=SubmissionState.AWAITED)
    rows = models.JSONField("内容", default=list)
    is_nil = models.BooleanField("零报送", default=False)
    words = models.CharField("说明", max_length=500, blank=True)
    receipt = models.CharField("回执编号", max_length=20, blank=True)
    first_submitted_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.UUIDField(null=True)
    submitted_by_name = models.CharField(max_length=50, blank=True)
    due_on = models.DateField("报送期限")
    on_time = models.BooleanField("按期", null=True)
    corrections = models.PositiveSmallIntegerField("更正次数", default=0)
    back_reason = models.CharField("退回的理由", max_length=500, blank=True)
    reminded = models.SmallIntegerField(null=True)

    pii = ("rows", "submitted_by_name")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "单位报送"
        constraints = [
            models.UniqueConstraint(fields=["collection", "org"], name="submission_once_a_unit"),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="submission_receipt_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("submitted", "accepted")) | (~Q(receipt="") & Q(submitted_at__isnull=False)),
                name="submission_handed_in_has_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "state", "due_on"], name="submission_of_unit"),
            models.Index(
                fields=["due_on"], condition=Q(state__in=("awaited", "partial", "returned")), name="submission_owed"
            ),
        ]
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.org_id}"

    def days_late(self, today: date) -> int:
        """Days after the day it was due on: of the first hand-in, or of today where nothing came."""
        came = local_day(self.first_submitted_at) if self.first_submitted_at else today
        return max((came - self.due_on).days, 0)
