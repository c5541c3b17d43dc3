"""Terms kept for their subjects, with their stops and every recalculation."""

from django.db import models
from django.db.models import F, Q

from siban.kernel.codes import region
from siban.kernel.ids import uuid7

__all__ = ["Recalculation", "Term", "TermStop"]


class TermQuerySet(models.QuerySet["Term"]):
    """Words for asking about terms."""

    def running(self) -> "TermQuerySet":
        """Not closed yet."""
        return self.filter(closed_on=None)

    def of(self, subject_type: str, subject_id: object) -> "TermQuerySet":
        """All terms of one subject, oldest first."""
        return self.filter(subject_type=subject_type, subject_id=str(subject_id)).order_by("created_at", "id")


class Term(models.Model):
    """One clock of one subject: legal, promised, correction and so on run side by side."""

    class Unit(models.TextChoices):
        WORKDAY = "workday", "工作日"
        NATURAL_DAY = "natural_day", "自然日"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_type = models.CharField("对象类别", max_length=50)
    subject_id = models.CharField("对象编号", max_length=64)
    kind = models.CharField("期限种类", max_length=30)
    start_on = models.DateField("起始日")
    length = models.PositiveIntegerField("期限")
    unit = models.CharField("单位", max_length=12, choices=Unit)
    extension = models.PositiveIntegerField("延长", default=0)
    calendar_region = models.CharField("日历地区", max_length=12, default=region.NATIONAL)
    due_on = models.DateField("届满日", null=True, blank=True)
    provisional = models.BooleanField("暂按周末推算", default=False)
    closed_on = models.DateField("办结日", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "期限"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="term_subject"),
            models.Index(fields=["due_on"], condition=Q(closed_on=None), name="term_running_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(closed_on=None),
                name="term_one_running_a_kind",
            ),
            models.CheckConstraint(condition=Q(unit__in=["workday", "natural_day"]), name="term_unit_known"),
            models.CheckConstraint(condition=Q(length__lte=36500), name="term_length_in_range"),
            models.CheckConstraint(condition=Q(extension__lte=36500), name="term_extension_in_range"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("start_on")), name="term_due_not_before_start"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("start_on")), name="term_closed_not_before_start"
            ),
            models.CheckConstraint(condition=Q(calendar_region__regex=r"^[0-9]{12}$"), name="term_region_12_digits"),
            models.CheckConstraint(
                condition=~Q(subject_type="") & ~Q(subject_id="") & ~Q(kind=""), name="term_has_subject_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} {self.kind}"


class TermStop(models.Model):
    """A stretch of a term that does not count, with the paper that told the applicant."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="stops", verbose_name="期限")
    kind = models.CharField("停钟事由", max_length=50)
    started_on = models.DateField("停钟日")
    ended_on = models.DateField("恢复日", null=True, blank=True)
    paper_number = models.CharField("告知文书编号", max_length=100)
    authority = models.CharField("决定机关", max_length=100)
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = "停钟"
        constraints = [
            models.UniqueConstraint(fields=["term"], condition=Q(ended_on=None), name="term_stop_one_open_a_term"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="term_stop_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(paper_number=""),  # 行政许可法 art. 45: the applicant is told in writing
                name="term_stop_told_in_writing",
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="term_stop_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.paper_number}"


class Recalculation(models.Model):
    """A due day that moved because the calendar changed: old day, new day and cause."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="recalculations", verbose_name="期限")
    old_on = models.DateField("原届满日", null=True, blank=True)
    new_on = models.DateField("新届满日", null=True, blank=True)
    cause = models.CharField("原因", max_length=300)
    at = models.DateTimeField("重算时间")
    by = models.CharField("重算人", max_length=100)

    pii = ("by",)

    class Meta:
        verbose_name = "届满日重算"
        constraints = [
            models.CheckConstraint(condition=~Q(cause=""), name="recalculation_names_its_cause"),
            models.CheckConstraint(
                condition=~Q(old_on=F("new_on")) | Q(old_on=None) | Q(new_on=None), name="recalculation_moved_the_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_on} → {self.new_on}"
