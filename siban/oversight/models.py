"""Targets as rows: the same figure has different targets in different documents, side by side."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Region

from .models_disclosure import DisclosureColumn, DisclosureReport, DisclosureUpdate
from .models_liangyou import (
    InternalItem,
    InternalVersion,
    LiangyouReport,
    LiangyouRound,
    OptimisationClaim,
    OptimisationRecord,
    Statement,
)
from .models_transfer import DecisionPush, TransferBatch, TransferItem

__all__ = [
    "DecisionPush", "DisclosureColumn", "DisclosureReport", "DisclosureUpdate", "InternalItem", "InternalVersion", "LiangyouReport", "LiangyouRound", "OptimisationClaim", "OptimisationRecord",
    "Statement", "Target", "TransferBatch", "TransferItem",
]  # fmt: skip


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force(self, *, region_code: str) -> "TargetQuerySet":
        """Targets of documents that bind this region: its own, and those of the regions above it."""
        above = [region_code[:n].ljust(12, "0") for n in (2, 4, 6, 9, 12)]
        return self.filter(Q(region_id__in=above) | Q(region_id=None))


class Target(models.Model):
    """目标: what a document demands of a figure."""

    class Comparison(models.TextChoices):
        AT_LEAST = ">=", "不低于"
        EXACTLY = "==", "等于"

    measure = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    document_code = models.CharField(max_length=10)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=6, decimal_places=4)
    comparison = models.CharField(max_length=2, choices=Comparison, default=Comparison.AT_LEAST)
    is_soft = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    deadline = models.DateField(null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "document_code"], name="target_once_a_document"),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]
        ordering = ["document_code", "measure"]

    def __str__(self) -> str:
        return f"{self.measure} {self.document_code} {self.value}"
