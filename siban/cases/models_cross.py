"""跨域通办: a case between the place that received it and the place that decides it."""

from typing import Any

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor

from . import access
from .flow_cross import CrossState


class CrossRegionQuerySet(models.QuerySet["CrossRegion"]):
    def visible_to(self, actor: Actor) -> "CrossRegionQuerySet":
        """The receiving unit, the deciding unit, and who answers for either territory; nobody else."""
        if not actor.is_staff or not actor.region_prefix or actor.org_id is None:
            return self.none()
        mine = Q(from_org_id=actor.org_id) | Q(to_org_id=actor.org_id)
        if access.sees_territory(actor):
            return self.filter(
                Q(region_id__startswith=actor.region_prefix) | Q(from_region_id__startswith=actor.region_prefix)
            )
        if actor.role == "window_clerk":
            return self.filter(Q(from_org_id=actor.org_id) | Q(region_id__startswith=actor.region_prefix))
        if actor.has_role(*access.FRONT, *access.DECIDING):
            return self.filter(mine)
        return self.none()


class CrossRegion(models.Model):
    """交接: one case, from which unit to which, and where it is on its way."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="cross")
    kind = models.CharField(max_length=40, help_text="全市通办、全区通办、跨省通办，或者互认协议的名称")
    from_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    from_region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    to_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", help_text="办理地")
    state = models.CharField(max_length=10, choices=CrossState, default=CrossState.RECEIVED)
    note = models.CharField(max_length=300, blank=True, help_text="退回的原因")
    waybill = models.CharField(max_length=40, blank=True, help_text="寄回结果的邮件号")
    due_on = models.DateField(null=True, help_text="这一程的最后一天")
    warned_of = models.DateField(null=True)  # of which limit it was told that it passed
    began_at = models.DateTimeField()
    pushed_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    result_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = CrossRegionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_region=models.F("region")), name="cross_between_two_places"),
        ]
        indexes = [
            models.Index(fields=["from_org", "-began_at"], name="cross_from"),
            models.Index(fields=["to_org", "-began_at"], name="cross_to"),
            models.Index(fields=["region", "-began_at"], name="cross_of_region"),
            models.Index(fields=["from_region", "-began_at"], name="cross_from_region"),
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="cross_due"),
        ]
        ordering = ["-began_at", "-case"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_org_id} → {self.to_org_id}"

    @property
    def at_word(self) -> Any:
        """Where it is, in words."""
        return CrossState(self.state).label
