"""秒批: rules of an item version by version, and every decision they made."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from siban.catalog.api import ImplementationItem, elements_of
from siban.identity.api import Account, Org
from siban.kernel.actor import Actor
from siban.kernel.conditions import ConditionError, Table, prove
from siban.kernel.ids import uuid7

from . import automatic
from .automatic import AutoState


class AutoTableQuerySet(models.QuerySet["AutoTable"]):
    def visible_to(self, actor: Actor) -> "AutoTableQuerySet":
        """One's own department's; the territory's for who oversees it."""
        if actor.has_role("service_admin", "supervisor", "auditor") and actor.region_prefix:
            return self.filter(item__region_id__startswith=actor.region_prefix)
        if actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id is not None:
            return self.filter(org_id=actor.org_id)
        return self.none()


class AutoTable(models.Model):
    """One version of the automatic rules of an item. What was signed is never changed: a change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="auto_tables")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AutoState, default=AutoState.DRAFT)
    rows = models.JSONField(default=list, help_text="[{when, outcome, words, law}]，自上而下第一行适用")
    sample_percent = models.PositiveSmallIntegerField(default=5, help_text="抽取百分之几由人复核")
    digest = models.CharField(max_length=64, blank=True, help_text="签署时规则内容的 SHA-256")
    signed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    paper_number = models.CharField(max_length=100, blank=True)
    stop_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    objects = AutoTableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="auto_number_once_an_item"),
            models.UniqueConstraint(fields=["item"], condition=Q(state="in_force"), name="auto_one_in_force"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | (Q(signed_at__isnull=False) & ~Q(digest="")),
                name="auto_in_force_is_signed",
            ),
            models.CheckConstraint(condition=Q(sample_percent__range=(1, 100)), name="auto_sample_in_range"),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.item_id} 第 {self.number} 版"

    @property
    def region_id(self) -> str:
        return self.item.region_id

    @cached_property
    def content(self) -> Any:
        """The elements of the item's version in force."""
        assert self.item.version_id is not None  # rules are written for published items
        return elements_of(self.item.version_id)

    def table(self) -> Table:
        """The decision table. Raises ConditionError when the rows can't be one."""
        return automatic.build(f"{self.item.name}秒批规则", self.rows, self.content, version=self.number)

    def faults(self) -> list[str]:
        """What keeps the rules from being signed, a sentence each."""
        try:
            return prove(self.table()).sentences()
        except ConditionError as error:
            return [str(error)]


class AutoDecision(models.Model):
    """What the rules said of one application, with all that is needed to show it again (输入快照)."""

    class Check(models.TextChoices):
        NONE = "none", "不复核"
        DUE = "due", "待复核"
        AGREED = "agreed", "复核一致"
        DISAGREED = "disagreed", "复核不一致"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="auto_decision")
    table = models.ForeignKey(AutoTable, on_delete=models.PROTECT, related_name="decisions")
    inputs = models.JSONField(help_text="判断时的输入，名称到值")
    row = models.PositiveSmallIntegerField(help_text="适用的一行，从 1 起；0 表示信息不全，转人工")
    outcome = models.CharField(max_length=6)
    words = models.TextField()
    at = models.DateTimeField()
    check_state = models.CharField(max_length=10, choices=Check, default=Check.NONE)
    check_reason = models.CharField(max_length=20, blank=True)
    checked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["grant", "person"]), name="auto_outcome_known"),
            models.CheckConstraint(
                condition=Q(check_state__in=["none", "due"]) | Q(checked_at__isnull=False),
                name="auto_checked_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["table", "at"], condition=Q(check_state="due"), name="auto_to_check")]

    def __str__(self) -> str:
        return f"{self.case_id} 第 {self.row} 行"
