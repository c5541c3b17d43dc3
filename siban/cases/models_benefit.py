"""免申即享: policies and the persons they were found to be for."""

from django.db import models
from django.db.models import Q

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, Person
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from .benefits import CandidateState, PlanState
from .flow import DONE, OPEN

ENJOYING = ("listed", "confirmed", "published", "granted")


class BenefitPlanQuerySet(models.QuerySet["BenefitPlan"]):
    def visible_to(self, actor: Actor) -> "BenefitPlanQuerySet":
        """One's own department's; the territory's for who oversees it."""
        if actor.has_role("service_admin", "supervisor", "auditor") and actor.region_prefix:
            return self.filter(item__region_id__startswith=actor.region_prefix)
        if actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id is not None:
            return self.filter(org_id=actor.org_id)
        return self.none()


class BenefitPlan(models.Model):
    """A policy: whom it is for, what they get, until when, and with which others it may not be enjoyed together."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="benefit_plans")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=PlanState, default=PlanState.DRAFT)
    name = models.CharField(max_length=100)
    gives = models.CharField(max_length=200, help_text="给什么，例如：每月 100 元高龄津贴")
    basis = models.CharField(max_length=200)
    condition = models.CharField(max_length=500, help_text="享受条件，只用核验过的信息")
    exclusive = models.CharField(max_length=50, blank=True, help_text="同一名称的政策不能重复享受")
    valid_to = models.DateField(help_text="最后一天")
    found_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = BenefitPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class BenefitCandidate(models.Model):
    """A person found to be concerned, with the data that says so."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    plan = models.ForeignKey(BenefitPlan, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.LISTED)
    inputs = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    public_until = models.DateField(null=True)
    granted_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="candidate_once_a_plan"),
            models.CheckConstraint(
                condition=~Q(state="granted") | (Q(confirmed_at__isnull=False) & Q(granted_at__isnull=False)),
                name="candidate_granted_was_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "state", "found_at"], name="candidate_of_plan"),
            models.Index(fields=["person", "state"], name="candidate_of_person"),
        ]
        ordering = ["found_at", "id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.person_id}"

    def double(self) -> str | None:
        """Why this would be a double benefit; None when it is not."""
        from .models import Case

        others = BenefitCandidate.objects.filter(person_id=self.person_id, state__in=ENJOYING).exclude(pk=self.pk)
        same = others.filter(
            Q(plan__item_id=self.plan.item_id) | (Q(plan__exclusive=self.plan.exclusive) & ~Q(plan__exclusive=""))
        )
        if other := same.select_related("plan").first():
            return f"已经在享受（或者等待兑现）“{other.plan.name}”，不能重复享受。"
        cases = Case.objects.filter(
            item_id=self.plan.item_id, person_id=self.person_id, enterprise=None, state__in=(*OPEN, *DONE)
        ).exclude(decided_at__isnull=False, state="revoked")
        if case := cases.only("number").first():
            return f"已经有同一事项的办件 {case.number}，不能重复享受。"
        return None
