"""划转: batches, their items with old and new code, and the decisions pushed to who goes on supervising."""

from django.db import models
from django.db.models import F, Q

from siban.cases.api import Case
from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .transfer.flow import TransferState


class TransferQuerySet(models.QuerySet["TransferBatch"]):
    def visible_to(self, actor: Actor) -> "TransferQuerySet":
        """The bureau sees its territory, the two organisations of a batch see theirs, nobody else."""
        if not actor.is_staff or not actor.region_prefix:
            return self.none()
        if access.sees_all_units(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if actor.org_id is None:
            return self.none()
        return self.filter(Q(from_org_id=actor.org_id) | Q(to_org_id=actor.org_id))


class TransferBatch(models.Model):
    """一批划转: which items go from one department to the approval bureau, and the memo they go by."""

    class Running(models.TextChoices):
        STAY = "stay", "由原部门办结"
        MOVE = "move", "由审批局继续办理"

    id = models.UUIDField(primary_key=True, default=uuid7)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    from_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    to_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", help_text="上一批")
    state = models.CharField(max_length=20, choices=TransferState, default=TransferState.SCOPING)
    pilot_document = models.CharField(max_length=120, blank=True)
    staff_count = models.PositiveSmallIntegerField(null=True)
    staff_document = models.CharField(max_length=120, blank=True)
    seal_name = models.CharField(max_length=80, blank=True)
    seal_made_on = models.DateField(null=True)
    duties = models.TextField(blank=True, help_text="责任划分")
    archives = models.TextField(blank=True, help_text="档案交接")
    seals = models.TextField(blank=True, help_text="印章交接")
    running = models.CharField(max_length=4, choices=Running, blank=True, help_text="在办件由谁办")
    hand_over_on = models.DateField(null=True)
    transition_until = models.DateField(null=True)
    signed_from = models.CharField(max_length=50, blank=True)
    signed_to = models.CharField(max_length=50, blank=True)
    signed_on = models.DateField(null=True)
    memo_number = models.CharField(max_length=80, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    pii = ("signed_from", "signed_to")

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_org=F("to_org")), name="transfer_between_two_orgs"),
            models.CheckConstraint(
                condition=Q(handed_over_at=None) | ~Q(memo_number=""), name="transfer_hands_over_by_memo"
            ),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class TransferItem(models.Model):
    """划转事项: the item as it was, and as the approval bureau does it."""

    batch = models.ForeignKey(TransferBatch, on_delete=models.CASCADE, related_name="lines")
    item = models.OneToOneField(ImplementationItem, on_delete=models.PROTECT, related_name="+")
    old_code = models.CharField(max_length=31)
    new_item = models.OneToOneField(ImplementationItem, null=True, on_delete=models.PROTECT, related_name="+")
    new_code = models.CharField(max_length=31, blank=True)
    cases_moved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["batch", "old_code"]

    def __str__(self) -> str:
        return self.old_code


class DecisionPush(models.Model):
    """审管联动: a decision of the approval bureau told to the department that goes on supervising."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(TransferBatch, on_delete=models.PROTECT, related_name="pushes")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", help_text="监管部门（原部门）")
    decision = models.CharField(max_length=20)
    pushed_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=50, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-pushed_at"], name="decision_push_org")]
        ordering = ["-pushed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.org_id}"
