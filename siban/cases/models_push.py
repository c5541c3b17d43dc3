"""分类推送: what a counter received for a department, when it was pushed, when the department took it."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Org
from siban.kernel.actor import Actor

from . import access

OFFICES = ("approver", "chief_rep", "unit_head")


class CasePushQuerySet(models.QuerySet["CasePush"]):
    def visible_to(self, actor: Actor) -> "CasePushQuerySet":
        """What this counter pushed, or what was pushed to this department; nothing for anybody else."""
        if actor.org_id is None:
            return self.none()
        if actor.has_role(*access.FRONT):
            return self.filter(front_org_id=actor.org_id)
        if actor.has_role(*OFFICES):
            return self.filter(org_id=actor.org_id)
        return self.none()


class CasePush(models.Model):
    """推送: one case from the counter that received it to the department that decides it."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="push")
    front_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    pushed_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CasePushQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="push_taken_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(front_org=models.F("org")), name="push_between_two_units"),
        ]
        indexes = [
            models.Index(fields=["org", "pushed_at"], condition=Q(taken_at=None), name="push_to_take"),
            models.Index(fields=["front_org", "-pushed_at"], name="push_from_counter"),
        ]
        ordering = ["-pushed_at", "-case"]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.org_id}"
