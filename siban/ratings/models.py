"""The rating of one case. States move only through `flow`; once given it is never changed, the database refuses it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.cases.api import Case
from siban.identity.api import EnterpriseMember, Org, Person, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .flow import ReviewState
from .rules import LEVELS


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, actor: Actor) -> "ReviewQuerySet":
        """Every read of ratings starts here: one's own, those of one's office, those of one's territory; else nothing."""
        if actor.is_citizen:
            return self.filter(person_id=actor.person_id) if actor.person_id else self.none()
        if access.sees_territory(actor) and actor.region_prefix:
            return self.filter(region_id__startswith=actor.region_prefix)
        if access.reads_own_office(actor) and actor.org_id:
            return self.filter(org_id=actor.org_id)
        return self.none()

    def rated(self) -> "ReviewQuerySet":
        """What somebody really said; silence is no praise."""
        return self.filter(rated_at__isnull=False)


class Review(models.Model):
    """好差评: the invitation and, once given, the rating."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    token = models.CharField("评价凭据", max_length=40, unique=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    number = models.CharField("办件编号", max_length=50)
    title = models.CharField("事项", max_length=200)
    item_slug = models.CharField(max_length=120)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="reviews")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    served_by = models.UUIDField("窗口人员", null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("满意程度", null=True, choices=list(LEVELS.items()))
    tags = models.JSONField("原因", default=list)
    comment = models.CharField("意见", max_length=500, blank=True)
    channel = models.CharField("评价渠道", max_length=20, blank=True)
    is_real_name = models.BooleanField("实名", default=False)
    invited_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.INVITED)

    pii = ("comment", "token", "person")

    objects = ReviewQuerySet.as_manager()

    def is_of(self, person_id: UUID) -> bool:
        """Whether this person is the applicant, or belongs now to the enterprise that applied; an agent is neither."""
        if self.subject_type != "cases.Case":
            return self.person_id == person_id
        applied = Case.objects.filter(pk=self.subject_id).values_list("person_id", "enterprise_id").first()
        if applied is None or applied[1] is None:
            return applied is not None and applied[0] == person_id
        return EnterpriseMember.objects.filter(enterprise_id=applied[1], person_id=person_id).exists()

    class Meta:
        verbose_name = "评价"
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="review_once_a_subject"),  # 一事一评
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__gte=1, level__lte=5), name="review_level_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(state="invited", level=None, rated_at=None)
                | Q(state="collected", level__isnull=False, rated_at__isnull=False),
                name="review_collected_has_level",
            ),
            models.CheckConstraint(
                condition=Q(is_real_name=False) | Q(person__isnull=False), name="review_real_name_is_a_person"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-rated_at"], name="review_of_org"),
            models.Index(fields=["region", "-rated_at"], name="review_in_region"),
        ]
        ordering = ["-rated_at", "-id"]

    def __str__(self) -> str:
        return self.number
