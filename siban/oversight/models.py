"""Targets as rows: the same figure has different targets in different documents, side by side."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from siban.identity.api import Region

from .models_collections import Collection, Submission
from .models_disclosure import DisclosureColumn, DisclosureReport, DisclosureUpdate
from .models_documents import Document, DocumentEdit, DueDocument
from .models_liangyou import (
    InternalItem,
    InternalVersion,
    LiangyouReport,
    LiangyouRound,
    OptimisationClaim,
    OptimisationRecord,
    Statement,
)
from .models_snapshots import Snapshot, SnapshotFigure
from .models_supervision import Directive, Evidence, Problem, Task, TaskItem, Treatment
from .models_transfer import DecisionPush, TransferBatch, TransferItem

__all__ = [
    "Collection", "DecisionPush", "Directive", "DisclosureColumn", "DisclosureReport", "DisclosureUpdate", "Document",
    "DocumentEdit", "DueDocument", "Evidence", "InternalItem", "InternalVersion", "LiangyouReport", "LiangyouRound",
    "OptimisationClaim", "OptimisationRecord", "Problem", "Snapshot", "SnapshotFigure", "Statement", "Submission",
    "Target", "Task", "TaskItem", "TransferBatch", "TransferItem", "Treatment",
]  # fmt: skip


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force(self, *, region_code: str, on: date | None = None) -> "TargetQuerySet":
        """Targets of documents that bind this region: its own, and those of the regions above it."""
        above = [region_code[:n].ljust(12, "0") for n in (2, 4, 6, 9, 12)]
        found = self.filter(Q(region_id__in=above) | Q(region_id=None))
        if on is None:
            return found
        return found.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))


class Target(models.Model):
    """目标: what one sentence of a document demands of a figure, until when. Two deadlines are two rows."""

    class Comparison(models.TextChoices):
        AT_LEAST = ">=", "不低于"
        EXACTLY = "==", "等于"
        AT_MOST = "<=", "不高于"
        RANK = "rank", "看排名"
        MONITOR = "monitor", "只监测"

    measure = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    document_code = models.CharField(max_length=10)
    place = models.CharField("出处", max_length=60, blank=True, help_text="文件里的位置：正文、附表第几行、附件")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    comparison = models.CharField(max_length=8, choices=Comparison, default=Comparison.AT_LEAST)
    each = models.CharField(
        "对谁逐个要求", max_length=12, blank=True, help_text="township：每个苏木乡镇；department：每个部门"
    )
    is_soft = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="不含这一天")
    deadline = models.DateField(null=True)
    deadline_words = models.CharField("期限原文", max_length=60, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "document_code", "place"], name="target_once_a_sentence"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="target_not_negative"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, comparison__in=[">=", "==", "<="])
                | Q(value=None, comparison__in=["rank", "monitor"]),
                name="target_has_value_or_watches",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
                name="target_period_forward",
            ),
        ]
        ordering = ["document_code", "measure", "deadline", "place"]

    def __str__(self) -> str:
        return f"{self.measure} {self.document_code} {self.value}"

    @property
    def demands(self) -> bool:
        """Whether it asks for a value; a ranking or a mere watch asks for none."""
        return self.value is not None

    def wants(self, *, share: bool) -> str:
        """`≥80%`, `=100%`, `≥20`, `看排名` in the words of a table."""
        if self.value is None:
            return str(self.get_comparison_display())
        sign = {">=": "≥", "==": "=", "<=": "≤"}[self.comparison]
        return f"{sign}{(self.value * (100 if share else 1)).normalize():f}{'%' if share else ''}"

    def met_by(self, value: Decimal) -> bool:
        """Whether a value is what the document asks for; asked only of a target with a value."""
        assert self.value is not None
        match self.comparison:
            case "==":
                return value == self.value
            case "<=":
                return value <= self.value
        return value >= self.value
