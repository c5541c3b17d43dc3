"""Lists that are data of their own: the power list (权责清单) and the items kept out of the hall (负面清单)."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Org
from siban.kernel.ids import uuid7


class PowerListItem(models.Model):
    """权责清单条目: a power or duty of an organisation, linked with the items by which it is exercised."""

    class Status(models.TextChoices):
        ACTIVE = "active", "在用"
        REMOVED = "removed", "已移出"

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=2)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="powers")
    basis = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300, blank=True)
    items = models.ManyToManyField("catalog.ImplementationItem", related_name="powers", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=50)
    checked_at = models.DateTimeField(null=True)
    is_reachable = models.BooleanField(null=True)
    finding = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="power_code_once")]
        ordering = ["code", "id"]

    def __str__(self) -> str:
        return self.name


class LinkCheck(models.Model):
    """One run over the links of the power list, counted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=50)
    reachable = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class NegativeEntry(models.Model):
    """不进驻大厅负面清单: an item that is not handled in the hall, why, and by which document."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey("catalog.ImplementationItem", on_delete=models.PROTECT, related_name="negative_entries")
    reason = models.CharField(max_length=300)
    document_number = models.CharField(max_length=80, blank=True)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=50)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(removed_at=None), name="negative_entry_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="negative_entry_has_reason"),
        ]
        ordering = ["-listed_at", "id"]

    def __str__(self) -> str:
        return self.reason
