"""What a counter keeps of a visitor: the visit, the items of it, and each review point looked at."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Enterprise, Org, Person, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .visiting import VisitState


class CounterVisitQuerySet(models.QuerySet["CounterVisit"]):
    def at_counter_of(self, actor: Actor) -> "CounterVisitQuerySet":
        """Visits at the counters of the unit this post belongs to; nothing for anybody else."""
        if not actor.has_role(*access.FRONT) or actor.org_id is None:
            return self.none()
        return self.filter(org_id=actor.org_id)

    def served_by(self, actor: Actor) -> "CounterVisitQuerySet":
        """The visit this clerk is in the middle of (one at most)."""
        return self.at_counter_of(actor).filter(state=VisitState.OPEN, clerk_id=actor.account_id)


class CounterVisit(models.Model):
    """接待: who sits at the counter, who serves, since when; set aside, taken up again, ended."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    window_id = models.CharField(max_length=40)
    clerk = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", help_text="正在接待的人")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.OPEN)
    began_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True)
    parked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = CounterVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clerk"], condition=Q(state="open"), name="visit_one_open_a_clerk"),
            models.CheckConstraint(
                condition=~Q(state="parked") | Q(parked_at__isnull=False, parked_by__isnull=False),
                name="visit_parked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "cleared"], ended_at__isnull=False)
                | Q(state__in=["open", "parked"], ended_at=None),
                name="visit_ended_at_an_instant",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-parked_at"], condition=Q(state="parked"), name="visit_parked"),
            models.Index(fields=["began_at"], condition=Q(state__in=["open", "parked"]), name="visit_under_way"),
        ]
        ordering = ["-began_at", "-id"]

    def __str__(self) -> str:
        return str(self.pk)


class VisitCase(models.Model):
    """One item of a visit."""

    visit = models.ForeignKey(CounterVisit, on_delete=models.CASCADE, related_name="lines")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="visit_lines")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "case"], name="visit_case_once")]
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.case_id}"


class MaterialCheck(models.Model):
    """审查要点核对: one review point of one material, looked at by somebody at some instant, at the counter or in review."""

    class Stage(models.TextChoices):
        COUNTER = "counter", "收件核对"
        REVIEW = "review", "审查"

    class Verdict(models.TextChoices):
        OK = "ok", "符合"
        NOT_OK = "not_ok", "不符合"
        NOT_APPLICABLE = "na", "不适用"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="material_checks")
    material_id = models.CharField(max_length=20)
    point = models.PositiveSmallIntegerField(help_text="办理清单版本里审查要点的序号，从 0 起")
    text = models.CharField(max_length=500)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.COUNTER, db_default="counter")
    verdict = models.CharField(max_length=8, choices=Verdict)
    note = models.CharField(max_length=300, blank=True, help_text="哪里不符合")
    remedy = models.CharField(max_length=300, blank=True, db_default="", help_text="怎样改正")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    pii = ("note", "remedy")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "material_id", "point"], name="check_once_a_point_a_stage"
            ),
            models.CheckConstraint(
                condition=~Q(stage="review", verdict="not_ok") | ~Q(note=""), name="check_failed_in_review_says_why"
            ),
        ]
        ordering = ["case", "material_id", "point"]

    def __str__(self) -> str:
        return f"{self.stage} {self.material_id}/{self.point} {self.verdict}"


class CardReader(models.Model):
    """读卡器: the small programme on a clerk's computer, paired with that clerk's counter for the day."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, help_text="配对码的校验值，配对以后清空")
    code_until = models.DateTimeField()
    paired_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    last_stamp = models.BigIntegerField(default=0, help_text="最近一次读数的时间戳，毫秒；只接受更大的")

    pii = ("code_hash",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], name="reader_one_an_account"),
            models.CheckConstraint(
                condition=Q(paired_at=None, ends_at=None)
                | Q(paired_at__isnull=False, ends_at__isnull=False, code_hash=""),
                name="reader_paired_until_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CardReading(models.Model):
    """What a card said, until the page has taken it over: a minute at most, never in a log or the journal."""

    reader = models.OneToOneField(CardReader, primary_key=True, on_delete=models.CASCADE, related_name="reading")
    said = models.JSONField()
    at = models.DateTimeField()

    pii = ("said",)

    def __str__(self) -> str:
        return str(self.reader_id)
