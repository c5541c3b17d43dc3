"""Payment orders, what came in, what went back, the daily check. Money in whole fen. States move only through `flow_fees`."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from .flow_fees import DifferenceState, OrderState, RefundState
from .models import Case


class OrderQuerySet(models.QuerySet["PaymentOrder"]):
    def visible_to(self, actor: Actor) -> "OrderQuerySet":
        """Who sees the case sees its fee."""
        return self.filter(case__in=Case.objects.visible_to(actor).order_by().values("pk"))


class PaymentOrder(models.Model):
    """缴费单: what one case costs, and how much of it came in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="payment_order")
    number = models.CharField("缴费单号", max_length=60, unique=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.ASSESSING)
    lines = models.JSONField("收费项目", default=list)
    amount = models.BigIntegerField("应缴（分）", null=True)
    received = models.BigIntegerField("已收（分）", default=0)
    reckoning = models.CharField("怎样算的", max_length=300, blank=True)
    ground = models.CharField("减免理由", max_length=300, blank=True)
    demanded_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "缴费单"
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="order_amount_is_positive"),
            models.CheckConstraint(condition=Q(received__gte=0), name="order_received_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=["due", "paid"]) | Q(amount__isnull=False), name="order_due_has_amount"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(received__gte=models.F("amount")), name="order_paid_is_covered"
            ),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(ground=""), name="order_waived_has_ground"),
        ]
        indexes = [models.Index(fields=["state", "-demanded_at", "-id"], name="order_by_state")]
        ordering = ["-demanded_at", "-id"]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """到账: money that came in, by a channel's own number. The same number is one payment, however often it is told."""

    class Channel(models.TextChoices):
        CASH = "cash", "窗口现金"
        POS = "pos", "窗口刷卡"
        ONLINE = "online", "网上支付"

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="payments")
    channel = models.CharField(max_length=10, choices=Channel)
    trade_no = models.CharField("流水号", max_length=64)
    amount = models.BigIntegerField("金额（分）")
    day = models.DateField("入账日期")
    paid_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = "到账"
        constraints = [
            models.UniqueConstraint(fields=["channel", "trade_no"], name="payment_once_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
        ]
        indexes = [models.Index(fields=["channel", "day"], name="payment_of_day")]
        ordering = ["paid_at", "id"]

    def __str__(self) -> str:
        return self.trade_no


class Refund(models.Model):
    """退费: asked by one, approved by another, then given back."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField("金额（分）")
    reason = models.CharField("理由", max_length=300)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.ASKED)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=50)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    trade_no = models.CharField("退费凭证号", max_length=64, blank=True)
    done_at = models.DateTimeField(null=True)

    pii = ("asked_by_name",)

    class Meta:
        verbose_name = "退费"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="refund_takes_two",
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(trade_no=""), name="refund_done_has_number"),
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class Statement(models.Model):
    """对账单: what a channel says it took on one day, in one territory."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    channel = models.CharField(max_length=10, choices=Payment.Channel)
    day = models.DateField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    ours_count = models.PositiveIntegerField(default=0)
    ours_sum = models.BigIntegerField(default=0)
    theirs_count = models.PositiveIntegerField(default=0)
    theirs_sum = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField()
    checked_by_name = models.CharField(max_length=50)

    pii = ("checked_by_name",)

    class Meta:
        verbose_name = "对账单"
        constraints = [models.UniqueConstraint(fields=["channel", "day", "region"], name="statement_once_a_day")]
        ordering = ["-day", "channel", "id"]

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class Difference(models.Model):
    """对账差异: a payment that only one side has, or that differs."""

    class Kind(models.TextChoices):
        ONLY_OURS = "only_ours", "只有本平台有"
        ONLY_THEIRS = "only_theirs", "只有渠道有"
        AMOUNT = "amount", "金额不一致"

    id = models.UUIDField(primary_key=True, default=uuid7)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=12, choices=Kind)
    trade_no = models.CharField(max_length=64)
    our_amount = models.BigIntegerField(null=True)
    their_amount = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=DifferenceState, default=DifferenceState.OPEN)
    reason = models.CharField("处理结果", max_length=300, blank=True)
    resolved_by_name = models.CharField(max_length=50, blank=True)
    resolved_at = models.DateTimeField(null=True)

    pii = ("resolved_by_name",)

    class Meta:
        verbose_name = "对账差异"
        constraints = [
            models.UniqueConstraint(fields=["statement", "trade_no"], name="difference_once_a_payment"),
            models.CheckConstraint(
                condition=~Q(state="resolved") | ~Q(reason=""), name="difference_resolved_has_reason"
            ),
        ]
        ordering = ["trade_no"]

    def __str__(self) -> str:
        return self.trade_no


__all__ = ["Difference", "Payment", "PaymentOrder", "Refund", "Statement"]
