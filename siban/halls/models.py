"""Extended hours claimed item by item, and the hall: which departments work there."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .flow import ClaimState, ExemptionState


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of one unit each."""

    def visible_to(self, actor: Actor) -> "ScopedQuerySet":
        """The bureau sees its territory, everybody else the own unit, a stranger nothing."""
        if not actor.is_staff or not actor.region_prefix:
            return self.none()
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        return self.filter(org_id=actor.org_id) if actor.org_id else self.none()


class DelayedClaim(models.Model):
    """延时服务认领: one item served outside office hours, in which slots, with which services."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="delayed_claims")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ImplementationItem, null=True, on_delete=models.PROTECT, related_name="delayed_claims")
    name = models.CharField(max_length=200, help_text="原清单没有写明事项的，只有一个序号，待对应")
    services = models.JSONField(default=list)
    slots = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.CLAIMED)
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=50)
    listed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=["claimed", "listed"]), name="delayed_claim_once"
            ),
        ]
        indexes = [models.Index(fields=["org", "state"], name="delayed_claim_org")]
        ordering = ["org", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        return self.name, "", self.get_state_display() + ("" if self.item_id else "，待对应到事项"), ""


class DelayedExemption(models.Model):
    """豁免: why an item that belongs in extended hours is not served there, and who agreed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="delayed_exemptions")
    ground = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ExemptionState, default=ExemptionState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=50)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=50, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=["asked", "granted"]), name="delayed_exemption_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="delayed_exemption_has_reason"),
        ]
        ordering = ["-asked_at", "id"]

    def __str__(self) -> str:
        return self.reason


class DepartmentEntry(models.Model):
    """部门进驻: a department that works in the hall, since when, with how many windows and people."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="hall_entries")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    hall = models.CharField(max_length=60)
    entered_on = models.DateField()
    left_on = models.DateField(null=True)
    windows = models.PositiveSmallIntegerField(default=1)
    staff = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=Q(left_on=None), name="hall_entry_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("entered_on")), name="hall_entry_runs"
            ),
        ]
        ordering = ["org", "entered_on"]

    def __str__(self) -> str:
        return self.hall

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        return self.hall, "", f"{self.entered_on} 进驻，窗口 {self.windows}，{self.staff} 人", ""
