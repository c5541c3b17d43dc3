"""Figures of a day as they were known at an instant: written once, never changed; a later row for the same day takes precedence."""

from django.db import models
from django.db.models import F, Q

from siban.identity.api import Org
from siban.kernel.ids import uuid7


class Snapshot(models.Model):
    """指标快照: one recording of the figures of one day. The day is what they are true of, `recorded_at` when they were known."""

    class Kind(models.TextChoices):
        CLOSE = "close", "日终"
        DEMAND = "demand", "即时"
        LATE = "late", "补录"
        CORRECTION = "correction", "更正"

    id = models.UUIDField(primary_key=True, default=uuid7)
    day = models.DateField("统计日期")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.CharField("记录人", max_length=50)
    reason = models.CharField("说明", max_length=300, blank=True)
    changed = models.PositiveIntegerField("写入的数", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="correction") | ~Q(reason=""), name="snapshot_correction_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["day", "recorded_at"], name="snapshot_of_day")]
        ordering = ["-day", "-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class SnapshotFigure(models.Model):
    """One figure of one unit in one recording: numerator and denominator, never a percentage."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="figures")
    day = models.DateField()
    recorded_at = models.DateTimeField()
    slug = models.CharField(max_length=60)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12, help_text="记录时单位所在的行政区")
    hits = models.BigIntegerField()
    total = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "slug", "org"], name="snapshot_figure_once"),
            models.CheckConstraint(condition=Q(total=None) | Q(total__gte=0), name="snapshot_total_not_negative"),
        ]
        indexes = [
            models.Index(F("day"), F("slug"), F("org"), F("recorded_at").desc(), name="snapshot_figure_known"),
            models.Index(fields=["slug", "org", "day"], name="snapshot_figure_trend"),
        ]
        ordering = ["day", "slug", "org", "-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.day} {self.slug} {self.hits}/{self.total}"
