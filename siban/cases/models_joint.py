"""共同申请人: who applies together with the applicant, asked and agreed."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Person
from siban.kernel.ids import uuid7


class CoApplicantQuerySet(models.QuerySet["CoApplicant"]):
    def of_person(self, person_id: UUID) -> "CoApplicantQuerySet":
        """Where a person is asked to apply together, or does."""
        return self.filter(person_id=person_id).exclude(state=CoApplicant.State.REMOVED)


class CoApplicant(models.Model):
    """One person beside the applicant. Nobody is one without having agreed, on their own log-in or present at a counter."""

    class State(models.TextChoices):
        ASKED = "asked", "等对方同意"
        AGREED = "agreed", "已同意"
        REFUSED = "refused", "不同意"
        REMOVED = "removed", "已移除"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="co_applicants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="co_applications")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", help_text="当面核对的窗口人员"
    )
    agrees_to_withdraw = models.BooleanField(default=False)

    objects = CoApplicantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=~Q(state="removed"), name="co_applicant_once_a_case"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | ~Q(state="asked"),
                name="co_applicant_asked_not_answered",
            ),
        ]
        indexes = [models.Index(fields=["person", "-asked_at"], name="co_applicant_of_person")]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.person_id} {self.state}"
