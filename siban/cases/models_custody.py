"""Paper things and who holds them: certificates, decisions, the applicant's originals, from hand to hand."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Org
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access

HOUSE = ("office", "counter", "archive")


class CustodyPieceQuerySet(models.QuerySet["CustodyPiece"]):
    def visible_to(self, actor: Actor) -> "CustodyPieceQuerySet":
        """Pieces one's unit holds, is being given or has given; the banner's counters and the bureau: all of the territory."""
        if not actor.is_staff or not actor.region_prefix or not actor.has_role(*access.DESK):
            return self.none()
        if actor.role == "window_clerk" or access.sees_territory(actor):
            return self.filter(case__region_id__startswith=actor.region_prefix)
        org = actor.org_id
        passed = Handover.objects.filter(Q(from_org_id=org) | Q(to_org_id=org), piece=models.OuterRef("pk"))
        return self.filter(Q(holder_org_id=org) | Q(case__org_id=org) | models.Exists(passed))

    def lying_at(self, org_id: UUID | None) -> bool:
        """Whether one of these pieces lies at a counter of this unit."""
        return org_id is not None and self.filter(holder="counter", holder_org_id=org_id, lost_at=None).exists()


class CustodyPiece(models.Model):
    """流转件: one paper thing with its barcode. It has exactly one holder at any time."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", "证照"
        DECISION = "decision", "决定书"
        ORIGINAL = "original", "申请人原件"

    class Holder(models.TextChoices):
        OFFICE = "office", "实施部门"
        COUNTER = "counter", "窗口"
        ARCHIVE = "archive", "档案"
        APPLICANT = "applicant", "申请人"
        COURIER = "courier", "邮寄"

    id = models.UUIDField(primary_key=True, default=uuid7)
    barcode = models.CharField(max_length=12, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="custody_pieces")
    kind = models.CharField(max_length=12, choices=Kind)
    what = models.CharField(max_length=200)
    holder = models.CharField(max_length=10, choices=Holder)
    holder_org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    objects = CustodyPieceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__in=HOUSE, holder_org__isnull=False)
                | Q(holder__in=["applicant", "courier"], holder_org=None),
                name="piece_one_holder",
            ),
            models.CheckConstraint(condition=Q(barcode__regex=r"^\d{10}$"), name="piece_barcode_ten_digits"),
        ]
        indexes = [
            models.Index(fields=["holder_org", "holder", "since"], name="piece_with_holder"),
            models.Index(fields=["case"], name="piece_of_case"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.barcode


class Handover(models.Model):
    """交接: one piece from one holder to the next; it changes hands when the receiving side confirms."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "待接收"
        CONFIRMED = "confirmed", "已接收"
        REFUSED = "refused", "拒收"
        TAKEN_BACK = "taken_back", "已收回"

    id = models.UUIDField(primary_key=True, default=uuid7)
    piece = models.ForeignKey(CustodyPiece, on_delete=models.PROTECT, related_name="handovers")
    batch = models.UUIDField(help_text="同一份移交清单")
    from_holder = models.CharField(max_length=10, choices=CustodyPiece.Holder)
    from_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    to_holder = models.CharField(max_length=10, choices=CustodyPiece.Holder)
    to_org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    receiver = models.CharField(max_length=50, blank=True, help_text="签收人")
    receiver_tail = models.CharField(max_length=4, blank=True, help_text="签收人证件号码后四位")
    tracking = models.CharField(max_length=60, blank=True)

    pii = ("receiver", "receiver_tail", "tracking")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["piece"], condition=Q(outcome="pending"), name="handover_one_pending_a_piece"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", answered_at=None)
                | ~Q(outcome="pending") & Q(answered_at__isnull=False),
                name="handover_answered_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""), name="handover_refused_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["to_org", "at"], condition=Q(outcome="pending"), name="handover_to_confirm")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.piece_id}: {self.from_holder} → {self.to_holder}"


class PickupCode(models.Model):
    """取件码: six digits, kept only as a hash; the applicant's own page works them out from the secret again."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="pickup")
    nonce = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    pii: Any = ("code_hash", "nonce")

    def __str__(self) -> str:
        return str(self.case_id)
