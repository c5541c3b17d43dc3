"""What the daily check of all items has found: its runs, its findings from the day they came to the day they went, scores."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access


class CheckRun(models.Model):
    """One daily check of everything in force, counted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    day = models.DateField(unique=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    items = models.PositiveIntegerField(default=0)
    sound = models.PositiveIntegerField(default=0, help_text="没有错误的事项")
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    not_run = models.JSONField(default=dict, help_text="没有检查的规则和次数")

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def open(self) -> "CheckResultQuerySet":
        """Findings that are still there."""
        return self.filter(gone_on=None)

    def visible_to(self, actor: Actor) -> "CheckResultQuerySet":
        """Findings of one's own organisation, or of the whole territory."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        return self.filter(org_id=actor.org_id) if actor.org_id else self.none()


class CheckResult(models.Model):
    """One finding of the daily check: of an item, or of an organisation's whole list."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(
        "catalog.ImplementationItem", null=True, on_delete=models.CASCADE, related_name="check_results", db_index=False
    )
    level = models.PositiveSmallIntegerField(default=4)
    rule = models.CharField(max_length=10)
    severity = models.CharField(max_length=1, choices=[("E", "错误"), ("W", "提醒")])
    path = models.CharField(max_length=200)
    value = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500)
    mend = models.CharField(max_length=300, blank=True)
    found_on = models.DateField()
    gone_on = models.DateField(null=True)

    objects = CheckResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rule", "path"],
                condition=Q(gone_on=None, item__isnull=False),
                name="check_result_once",
            ),
            models.UniqueConstraint(
                fields=["org", "rule", "path"], condition=Q(gone_on=None, item=None), name="check_result_of_unit_once"
            ),
        ]
        indexes = [
            models.Index(fields=["item"], name="check_result_item"),
            models.Index(
                fields=["region"],
                opclasses=["varchar_pattern_ops"],
                condition=Q(gone_on=None),
                name="check_open_region",
            ),
            models.Index(fields=["org", "rule"], condition=Q(gone_on=None), name="check_open_org"),
            models.Index(fields=["gone_on"], name="check_result_gone"),
        ]
        ordering = ["org", "rule", "path", "id"]

    def __str__(self) -> str:
        return f"{self.rule} {self.path}"


class CheckScore(models.Model):
    """How one organisation's items stood at one daily check."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="scores")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    items = models.PositiveIntegerField()
    sound = models.PositiveIntegerField()
    errors = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "org", "level"], name="check_score_once"),
            models.CheckConstraint(condition=Q(sound__lte=models.F("items")), name="check_score_sound_within_items"),
        ]
        indexes = [
            models.Index(
                fields=["run", "region"], opclasses=["uuid_ops", "varchar_pattern_ops"], name="check_score_region"
            )
        ]
        ordering = ["run", "org", "level"]

    def __str__(self) -> str:
        return f"{self.org_id} {self.sound}/{self.items}"


class RuleSwitch(models.Model):
    """A rule switched off, or made an error or a warning, in a region; why and by whom."""

    class Level(models.TextChoices):
        ERROR = "E", "按错误处理"
        WARNING = "W", "按提醒处理"
        OFF = "off", "不检查"

    id = models.UUIDField(primary_key=True, default=uuid7)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10)
    severity = models.CharField(max_length=3, choices=Level)
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=50)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "rule"], condition=Q(ended_at=None), name="rule_switch_once")
        ]
        ordering = ["-set_at"]

    def __str__(self) -> str:
        return f"{self.rule} {self.get_severity_display()}"


class AddressProbe(models.Model):
    """A region in which the check of items also follows addresses of this platform; one row while it is switched on."""

    region = models.OneToOneField(Region, primary_key=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=50)

    def __str__(self) -> str:
        return str(self.region_id)
