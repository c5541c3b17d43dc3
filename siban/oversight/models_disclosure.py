"""政务公开目录: columns of each unit with their duty, what was published, and the totals a unit reports."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.ids import uuid7

from .models_liangyou import ScopedQuerySet


class DisclosureKind(models.TextChoices):
    OFFICIAL = "official", "公文类"
    STATUTORY = "statutory", "法定主动公开和动态信息"
    OTHER = "other", "其他"


class DisclosureColumn(models.Model):
    """公开栏目: what a unit publishes, how often it has to be renewed, by which post."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="disclosure_columns")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=DisclosureKind)
    basis = models.CharField(max_length=200, blank=True)
    cycle_days = models.PositiveSmallIntegerField(null=True, help_text="更新周期（自然日）；空的是有变化时更新")
    duty = models.CharField(max_length=60, help_text="责任岗位")
    since = models.DateField()
    ended_on = models.DateField(null=True)
    last_on = models.DateField(null=True, help_text="最近一次更新")
    due_on = models.DateField(null=True, help_text="下一次更新的最后一天")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], condition=Q(ended_on=None), name="disclosure_column_once"),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(ended_on=None), name="disclosure_due")]
        ordering = ["org", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        facts = f"最近更新 {self.last_on or '没有'}，应在 {self.due_on} 前更新" if self.due_on else "有变化时更新"
        return self.name, self.get_kind_display(), facts, ""


class DisclosureUpdate(models.Model):
    """更新记录: something published under a column."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    column = models.ForeignKey(DisclosureColumn, on_delete=models.PROTECT, related_name="updates")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    published_on = models.DateField()
    link = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=50)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["column", "title", "published_on"], name="disclosure_update_once")
        ]
        indexes = [models.Index(fields=["org", "published_on"], name="disclosure_update_org")]
        ordering = ["-published_on", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        return self.title, "", f"{self.published_on} 发布", ""


class DisclosureReport(models.Model):
    """公开数量: the totals a unit reports for a year; kept as reported, beside what the records say."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()
    official = models.PositiveIntegerField()
    statutory = models.PositiveIntegerField()
    document = models.CharField(max_length=120, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=50)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "year"], name="disclosure_report_once")]
        ordering = ["-year", "org"]

    def __str__(self) -> str:
        return f"{self.org_id} {self.year}"
