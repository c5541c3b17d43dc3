"""Parcels and what their carrier tells of them. States move only through `flow_parcels`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Person, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access_parcels as access
from .flow_parcels import ParcelState
from .rules_parcels import DIRECTIONS, KINDS

Subjects = Callable[[UUID], "models.QuerySet[Any]"]
_SUBJECTS: dict[str, Subjects] = {}


def follows(subject_type: str, subjects: Subjects) -> None:
    """Let parcels of a kind of subject be seen by who sees the subject: `subjects(person_id)` gives their keys as text."""
    _SUBJECTS[subject_type] = subjects


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def of_side(self, person_id: UUID) -> "ParcelQuerySet":
        """Parcels of what this person sees now; of what nobody answers for, those in the person's own name."""
        seen = Q(person_id=person_id) & ~Q(subject_type__in=sorted(_SUBJECTS))
        for kind, subjects in _SUBJECTS.items():
            seen |= Q(subject_type=kind, subject_id__in=subjects(person_id))
        return self.filter(seen)

    def visible_to(self, actor: Actor) -> "ParcelQuerySet":
        """Every read of parcels starts here: one's own, those of one's office, those of one's territory; else nothing."""
        if actor.is_citizen:
            return self.of_side(actor.person_id) if actor.person_id else self.none()
        if not actor.has_role(*access.READS) or not actor.region_prefix:
            return self.none()
        if access.oversees(actor) or actor.role == "window_clerk":
            return self.filter(region_id__startswith=actor.region_prefix)
        return self.filter(org_id=actor.org_id) if actor.org_id else self.none()


class Parcel(models.Model):
    """邮件: one parcel about a subject, out or in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    direction = models.CharField("方向", max_length=3, choices=list(DIRECTIONS.items()))
    number = models.CharField("邮件号", max_length=20, unique=True)
    state = models.CharField(max_length=12, choices=ParcelState, default=ParcelState.REGISTERED)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    subject_number = models.CharField("办件编号", max_length=50)
    link = models.CharField(max_length=300, blank=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("申请人一方姓名", max_length=100)
    mobile = models.CharField("申请人一方电话", max_length=20, blank=True)
    address = models.CharField("申请人一方地址", max_length=200, blank=True)
    contents = models.CharField("内件", max_length=200)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    settled_how = models.CharField("怎样处理", max_length=200, blank=True)
    registered_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    pii = ("name", "mobile", "address")

    objects = ParcelQuerySet.as_manager()

    def is_of(self, person_id: UUID) -> bool:
        """Whether this person sees the parcel as one side of its subject now."""
        if (subjects := _SUBJECTS.get(self.subject_type)) is None:
            return self.person_id == person_id
        return self.subject_id in set(subjects(person_id).filter(pk=self.subject_id).values_list("key", flat=True))

    class Meta:
        verbose_name = "邮件"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["registered", "cancelled"]) | Q(handed_over_at__isnull=False),
                name="parcel_on_its_way_was_handed_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False), name="parcel_signed_has_instant"
            ),
            models.CheckConstraint(condition=~Q(state="settled") | ~Q(settled_how=""), name="parcel_settled_says_how"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="parcel_of_subject"),
            models.Index(fields=["org", "-registered_at", "-id"], name="parcel_of_org"),
            models.Index(fields=["region", "-registered_at", "-id"], name="parcel_in_region"),
        ]
        ordering = ["-registered_at", "-id"]

    def __str__(self) -> str:
        return self.number


class ParcelEvent(models.Model):
    """轨迹: what the carrier told, under its own identifier; the same one twice is one."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=list(KINDS.items()))
    at = models.DateTimeField()
    place = models.CharField("地点", max_length=60, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "event_id"], name="parcel_event_once")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
