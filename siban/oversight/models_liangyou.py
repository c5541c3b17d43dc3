"""两优: rounds, internal items with their versions, computed results, claims, reports and statements."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q

from siban.catalog.api import ImplementationItem, ItemVersion
from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import access
from .liangyou import rules
from .liangyou.flow import ReportState


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of one unit each: the bureau sees those of its territory, everybody else those of the own unit."""

    def visible_to(self, actor: Actor) -> "ScopedQuerySet":
        if not actor.is_staff:
            return self.none()
        if access.sees_all_units(actor):
            return self.filter(region_id__startswith=actor.region_prefix) if actor.region_prefix else self.none()
        return self.filter(org_id=actor.org_id) if actor.org_id else self.none()


class Scope(models.TextChoices):
    EXTERNAL = "external", "外部权力事项"
    INTERNAL = "internal", "内部管理事项"


class LiangyouRound(models.Model):
    """一轮“两优”: what was in force on the first day is compared with what is in force on the last."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    begin_on = models.DateField()
    end_on = models.DateField()
    due_on = models.DateField()
    document = models.CharField(max_length=120)
    is_current = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="liangyou_round_once"),
            models.UniqueConstraint(
                fields=["region"], condition=Q(is_current=True), name="liangyou_round_one_current"
            ),
            models.CheckConstraint(condition=Q(end_on__gt=F("begin_on")), name="liangyou_round_runs_forward"),
        ]
        ordering = ["-begin_on", "-id"]

    def __str__(self) -> str:
        return self.name


class InternalItem(models.Model):
    """内部管理事项: a procedure inside the administration; only the 两优 register keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="internal_items")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    ended_on = models.DateField(null=True)
    ended_by_document = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="internal_item_number_once")]
        ordering = ["org", "number"]

    def __str__(self) -> str:
        return self.name


class InternalVersion(models.Model):
    """One version of an internal item, in force from a day until the next one; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(InternalItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    materials = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    limit_value = models.PositiveIntegerField(null=True)
    limit_unit = models.CharField(max_length=12, default="workday")
    document = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="internal_version_number_once"),
            models.UniqueConstraint(fields=["item", "effective_on"], name="internal_version_once_a_day"),
        ]
        ordering = ["item", "-effective_on"]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @cached_property
    def state(self) -> rules.State:
        """What this version asks."""
        return rules.of_internal(self.materials, self.steps, self.limit_value, self.limit_unit)


class OptimisationRecord(models.Model):
    """两优成果: what the versions of one item say about one round; made by computing, never by hand."""

    class Standing(models.TextChoices):
        COMPARED = "compared", "有前后两版"
        NEW = "new", "本轮新增"
        GONE = "gone", "本轮取消"

    id = models.UUIDField(primary_key=True, default=uuid7)
    round = models.ForeignKey(LiangyouRound, on_delete=models.CASCADE, related_name="records")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10, choices=Scope)
    item = models.ForeignKey(ImplementationItem, null=True, on_delete=models.CASCADE, related_name="+")
    internal = models.ForeignKey(InternalItem, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=31)
    is_power = models.BooleanField(default=True, help_text="外部：依申请的行政权力；否则是依申请的公共服务")
    standing = models.CharField(max_length=10, choices=Standing)
    before = models.ForeignKey(ItemVersion, null=True, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(ItemVersion, null=True, on_delete=models.CASCADE, related_name="+")
    internal_before = models.ForeignKey(InternalVersion, null=True, on_delete=models.CASCADE, related_name="+")
    internal_after = models.ForeignKey(InternalVersion, null=True, on_delete=models.CASCADE, related_name="+")
    materials_before = models.PositiveSmallIntegerField(null=True)
    materials_after = models.PositiveSmallIntegerField(null=True)
    steps_before = models.PositiveSmallIntegerField(null=True)
    steps_after = models.PositiveSmallIntegerField(null=True)
    days_before = models.PositiveIntegerField(null=True, help_text="自然日×5")
    days_after = models.PositiveIntegerField(null=True, help_text="自然日×5")
    visits_before = models.PositiveSmallIntegerField(null=True)
    visits_after = models.PositiveSmallIntegerField(null=True)
    gone = models.JSONField(default=dict, help_text="减去的和新增的：材料、环节")
    cut_material = models.BooleanField(default=False)
    cut_step = models.BooleanField(default=False)
    cut_time = models.BooleanField(default=False)
    is_worse = models.BooleanField(default=False)
    computed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="external", item__isnull=False, internal=None)
                | Q(scope="internal", item=None, internal__isnull=False),
                name="optimisation_of_one_item",
            ),
            models.UniqueConstraint(fields=["round", "item"], name="optimisation_once_an_item"),
            models.UniqueConstraint(fields=["round", "internal"], name="optimisation_once_an_internal"),
        ]
        indexes = [models.Index(fields=["round", "scope", "org"], name="optimisation_round_org")]
        ordering = ["round", "org", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        cuts = [words for key, words in rules.CUTS.items() if getattr(self, key)]
        facts = "、".join(cuts) or ("没有减少" if self.standing == "compared" else self.get_standing_display())
        return self.name, self.code, facts, f"/desk/reform/liangyou/records/{self.pk}/"

    @property
    def is_better(self) -> bool:
        return self.cut_material or self.cut_step or self.cut_time


class LiangyouReport(models.Model):
    """报送: what one unit owes in one round, for external and internal items apart."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    round = models.ForeignKey(LiangyouRound, on_delete=models.CASCADE, related_name="reports")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10, choices=Scope)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.COLLECTING)
    reported_on = models.DateField(null=True, help_text="第一次报送的日期；退回后补报不改变")
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "org", "scope"], name="liangyou_report_once")]
        ordering = ["round", "org", "scope"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.org_id} {self.scope}"

    @property
    def told(self) -> tuple[str, str, str, str]:
        """How a list of rows behind a figure says this one: name, code, facts, address."""
        when = f"{self.reported_on} 报送" if self.reported_on else "没有报送"
        facts = f"{self.get_state_display()}，{when}，期限 {self.due_on}"
        return self.get_scope_display(), "", facts, f"/desk/reform/liangyou/reports/{self.pk}/"


class OptimisationClaim(models.Model):
    """填报的成果: what a unit says became less. Whether the versions bear it out is told beside it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    round = models.ForeignKey(LiangyouRound, on_delete=models.CASCADE, related_name="claims")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10, choices=Scope)
    kind = models.CharField(max_length=14, choices=tuple(rules.KINDS.items()))
    item = models.ForeignKey(ImplementationItem, null=True, on_delete=models.CASCADE, related_name="+")
    internal = models.ForeignKey(InternalItem, null=True, on_delete=models.CASCADE, related_name="+")
    before = models.PositiveIntegerField(null=True, help_text="时限为自然日×5")
    after = models.PositiveIntegerField(null=True)
    document = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=50)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "item", "kind"], condition=Q(withdrawn_at=None), name="claim_once_an_item"
            ),
            models.UniqueConstraint(
                fields=["round", "internal", "kind"], condition=Q(withdrawn_at=None), name="claim_once_an_internal"
            ),
            models.CheckConstraint(
                condition=Q(scope="external", item__isnull=False, internal=None)
                | Q(scope="internal", item=None, internal__isnull=False),
                name="claim_of_one_item",
            ),
        ]
        ordering = ["round", "org", "kind", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id or self.internal_id}"


class Statement(models.Model):
    """情况说明: why a unit has no results, with its mandatory parts; filed under a number."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    report = models.ForeignKey(LiangyouReport, on_delete=models.CASCADE, related_name="statements")
    reason = models.TextField()
    meeting_on = models.DateField()
    meeting_number = models.CharField(max_length=80)
    document_number = models.CharField(max_length=80)
    signed_by = models.CharField(max_length=50)
    signed_on = models.DateField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, unique=True)
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=50)

    pii = ("signed_by",)

    class Meta:
        ordering = ["-filed_at"]

    def __str__(self) -> str:
        return self.number
