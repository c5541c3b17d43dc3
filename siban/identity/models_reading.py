"""查阅记录: who looked at what is known of a person or an enterprise, when, and why."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.kernel.ids import uuid7

from .models import Enterprise, Person


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of_person(self, person_id: UUID) -> "ReadingQuerySet":
        """Readings of what is known of a person, in the person's own affairs."""
        return self.filter(person_id=person_id)

    def of_enterprise(self, enterprise_id: UUID) -> "ReadingQuerySet":
        """Readings of what is known of an enterprise."""
        return self.filter(enterprise_id=enterprise_id)

    def between(self, since: date | None, until: date | None) -> "ReadingQuerySet":
        """From one day to another, both included."""
        rows = self.filter(day__gte=since) if since else self
        return rows.filter(day__lte=until) if until else rows


class Reading(models.Model):
    """One reading (个人信息保护法第六条 目的明确、第四十五条 查阅): written once, never changed.

    The same reader looking at the same thing for the same purpose again on one day is one reading.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="readings")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="readings")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    title = models.CharField("在哪里看的", max_length=200)
    what = models.CharField("看了什么", max_length=200)
    purpose = models.CharField("查看原因", max_length=200)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField("谁看的", max_length=50, blank=True)
    actor_role = models.CharField("岗位", max_length=40, blank=True)
    org_id = models.UUIDField(null=True)
    org_name = models.CharField("单位", max_length=100, blank=True)
    channel = models.CharField(max_length=20)
    day = models.DateField()
    at = models.DateTimeField()

    pii = ("actor_name",)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "查阅记录"
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="reading_has_purpose"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(enterprise__isnull=False), name="reading_is_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="reading_of_person"),
            models.Index(fields=["enterprise", "-at"], name="reading_of_enterprise"),
            models.Index(fields=["subject_type", "subject_id", "day"], name="reading_of_subject"),
        ]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.subject_type}:{self.subject_id} {self.day}"
