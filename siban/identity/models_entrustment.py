"""委托: who may act for whom, for what, from when until when, on whose signature."""

from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from .flow import EntrustmentState
from .models import Enterprise, EnterpriseMember, Person


class EntrustmentQuerySet(models.QuerySet["Entrustment"]):
    def visible_to(self, actor: Actor) -> "EntrustmentQuerySet":
        """Those one gave, those given in the name of one's enterprise, those one holds; nothing for anybody else."""
        if not actor.is_citizen or actor.person_id is None:
            return self.none()
        firms = EnterpriseMember.objects.filter(person_id=actor.person_id).order_by().values("enterprise_id")
        return self.filter(
            Q(principal_id=actor.person_id) | Q(agent_id=actor.person_id) | Q(enterprise_id__in=firms)
        )  # fmt: skip

    def in_force(self, day: date) -> "EntrustmentQuerySet":
        """Confirmed, not ended, and the day lies in the period (half-open)."""
        return self.filter(state=EntrustmentState.IN_FORCE, valid_from__lte=day, valid_to__gt=day)

    def of_agent(self, person_id: UUID, *, day: date) -> "EntrustmentQuerySet":
        """What this person may do for others on a day."""
        return self.in_force(day).filter(agent_id=person_id)


class Entrustment(models.Model):
    """One person or enterprise lets another person apply in its name (委托代办)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    principal = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="entrusts")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="entrusts")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="entrusted")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    scope = models.JSONField(default=list, help_text="限定的事项：编码和名称；空的是全部事项")
    purpose = models.CharField(max_length=200)
    may_use_certificates = models.BooleanField(default=False, help_text="委托人同意代办人调用电子证照")
    signature = models.CharField(max_length=50, blank=True, help_text="委托人一方签名")
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="不含")
    state = models.CharField(max_length=10, choices=EntrustmentState, default=EntrustmentState.ASKED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    pii = ("signature",)

    objects = EntrustmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(principal__isnull=False, enterprise=None) | Q(principal=None, enterprise__isnull=False),
                name="entrustment_has_one_principal",
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="entrustment_period_forward"),
            models.CheckConstraint(
                condition=Q(principal=None) | ~Q(principal=F("agent")), name="entrustment_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | (~Q(signature="") & Q(confirmed_at__isnull=False)),
                name="entrustment_in_force_is_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "valid_to"], condition=Q(state="in_force"), name="entrustment_of_agent"),
        ]
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.principal_id or self.enterprise_id} → {self.agent_id}"

    @property
    def last_day(self) -> date:
        """The last day on which the agent may act."""
        return self.valid_to - timedelta(days=1)

    @property
    def principal_name(self) -> str:
        """The name of the person or enterprise that entrusts."""
        named = self.enterprise or self.principal
        return named.name if named else ""

    @cached_property
    def principal_ids(self) -> frozenset[UUID]:
        """The persons on the side of the principal: the person, or whoever belongs to the enterprise now."""
        if self.principal_id:
            return frozenset({self.principal_id})
        members = EnterpriseMember.objects.filter(enterprise=self.enterprise).order_by("person_id")
        return frozenset(members.values_list("person_id", flat=True))

    @property
    def awaited_ids(self) -> frozenset[UUID]:
        """Who has to confirm: the side that did not ask; for an enterprise its legal representative, where it has one."""
        if self.asked_by_id != self.agent_id:
            return frozenset({self.agent_id})
        if self.enterprise_id is None:
            return self.principal_ids
        heads = EnterpriseMember.objects.filter(
            enterprise=self.enterprise, capacity=EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
        )
        return frozenset(heads.order_by("person_id").values_list("person_id", flat=True)) or self.principal_ids

    def covers(self, code: str) -> bool:
        """Whether a matter with this code may be applied for; without a list, any may."""
        return not self.scope or code in {line["code"] for line in self.scope}
