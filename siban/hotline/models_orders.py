"""The order 工单 and its handlers."""

from datetime import datetime
from functools import cached_property

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from siban.identity.api import Org, Person, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import access, rules
from .flow import ENDS, OPEN, LegState, OrderState


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: Actor) -> "OrderQuerySet":
        """The hotline and the bureau see their territory, a unit what was sent to it, a person the own demands; else nothing."""
        if actor.is_citizen:
            return self.filter(person_id=actor.person_id) if actor.person_id else self.none()
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if access.sees_unit(actor) and actor.org_id:
            mine = Leg.objects.filter(org_id=actor.org_id).exclude(state=LegState.RECALLED).order_by()
            return self.filter(Q(lead_id=actor.org_id) | Q(pk__in=mine.values("order_id"))).exclude(
                state=OrderState.RECEIVED
            )
        return self.none()

    def open(self) -> "OrderQuerySet":
        """Not at an end."""
        return self.filter(state__in=OPEN)

    def counted(self) -> "OrderQuerySet":
        """Duplicates count once: with the order they were merged into."""
        return self.filter(merged_into=None)


class Order(models.Model):
    """12345 工单: one demand of one caller."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField("工单编号", max_length=20, unique=True)
    key = models.CharField("登记凭据", max_length=64, unique=True, null=True)
    channel = models.CharField("来源", max_length=16, choices=list(rules.CHANNELS.items()))
    text = models.TextField("诉求")
    place = models.CharField("地点", max_length=200, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    caller_name = models.CharField("诉求人", max_length=50, blank=True)
    caller_phone = models.CharField("联系电话", max_length=20, blank=True)
    caller_key = models.CharField("来电标识", max_length=64, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_secret = models.BooleanField("要求保密", default=False)
    nature = models.CharField("性质", max_length=12, choices=list(rules.NATURES.items()), blank=True)
    leaf = models.CharField("类别", max_length=6, blank=True)
    leaf_name = models.CharField("类别", max_length=60, blank=True)
    demands = models.JSONField("各项诉求", default=list)
    level = models.CharField("级别", max_length=12, choices=list(rules.LEVELS.items()), blank=True)
    is_urgent = models.BooleanField("紧急", default=False)
    is_emergency = models.BooleanField("危及生命财产", default=False)
    emergency_line = models.CharField("已转接", max_length=8, blank=True)
    is_long_term = models.BooleanField("长期改进类", default=False)
    is_unreasonable = models.BooleanField("不合理诉求", default=False)
    is_difficult = models.BooleanField("疑难", default=False)
    is_ruled = models.BooleanField("已裁定", default=False)
    out_of_scope = models.CharField("不予受理的原因", max_length=24, blank=True)
    right_door = models.CharField("正确渠道", max_length=100, blank=True)
    outcome = models.TextField("答复", blank=True)
    article = models.CharField("答复所用的知识条目", max_length=36, blank=True)
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.RECEIVED)
    first_lead = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="hotline_orders")
    suggested = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    merged_from = models.CharField("并单前的状态", max_length=20, blank=True)
    weight = models.PositiveIntegerField("诉求人数", default=1)
    received_at = models.DateTimeField("来电时间")
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField("办结时间（答复）", null=True)
    limit_words = models.CharField("时限", max_length=120, blank=True)
    due_at = models.DateTimeField("办理期限", null=True)
    contact_by = models.DateTimeField("联系期限", null=True)
    return_by = models.DateTimeField("退单期限", null=True)
    step = models.CharField("当前步骤的期限", max_length=12, blank=True)
    step_due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField("停钟", null=True)
    warned = models.PositiveSmallIntegerField("已预警到第几级", default=0)
    step_warned = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField("退单次数", default=0)
    redos = models.PositiveSmallIntegerField("重办次数", default=0)
    transfers = models.PositiveSmallIntegerField("转办次数", default=0)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    extension = models.JSONField("延期申请", default=dict)
    attempts = models.PositiveSmallIntegerField("回访未接通次数", default=0)
    has_visit = models.BooleanField("已上门", default=False)
    no_visit_reason = models.CharField("不用上门的原因", max_length=200, blank=True)
    is_solved = models.BooleanField("已解决", null=True)
    is_satisfied = models.BooleanField("满意", null=True)
    was_late = models.BooleanField("曾经逾期", default=False)
    improper_returns = models.PositiveSmallIntegerField("不当退单次数", default=0)
    asked_by = models.CharField(max_length=36, blank=True)
    reviewed_by = models.CharField(max_length=36, blank=True)
    hands = models.JSONField("经手的承办人", default=list)
    registered_by = models.UUIDField(null=True)
    words = SearchVectorField(null=True)

    pii = (
        "text",
        "place",
        "caller_name",
        "caller_phone",
        "caller_key",
        "person",
        "outcome",
        "extension",
        "key",
        "words",
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "12345 工单"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in ENDS]) | Q(closed_at__isnull=False), name="order_ended_has_day"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(state__in=[str(s) for s in ENDS]), name="order_closed_is_ended"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="order_not_merged_into_itself"),
            models.CheckConstraint(
                condition=~Q(state__in=("dispatched", "handling", "replied")) | Q(lead__isnull=False),
                name="order_in_hand_has_lead",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="order_merged_names_its_main"
            ),
            models.CheckConstraint(
                condition=Q(is_satisfied=None) | Q(is_solved__isnull=False), name="order_two_questions_together"
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="order_newest"),
            models.Index(fields=["leaf", "-received_at", "-id"], name="order_of_leaf"),
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="order_open_due"),
            models.Index(fields=["state", "-received_at"], condition=Q(closed_at=None), name="order_open_state"),
            models.Index(fields=["region", "-received_at", "-id"], name="order_in_region"),
            models.Index(fields=["lead", "-received_at", "-id"], name="order_of_lead"),
            models.Index(fields=["lead", "state", "due_at"], condition=Q(closed_at=None), name="order_open_of_lead"),
            models.Index(
                fields=["region", "state", "due_at"], condition=Q(closed_at=None), name="order_open_in_region"
            ),
            models.Index(fields=["step_due_at"], condition=Q(closed_at=None), name="order_step_due"),
            models.Index(fields=["caller_key", "-received_at"], name="order_of_caller"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="order_of_person"),
            models.Index(fields=["region", "leaf", "-received_at"], name="order_leaf_in_region"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="order_merged_into"),
            GinIndex(fields=["words"], name="order_words"),
        ]
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def top(self) -> str:
        return self.leaf[:2]

    @property
    def state_label(self) -> str:
        return str(OrderState(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_overdue(self, at: datetime) -> bool:
        """Whether the whole order is late: handed in after its limit, or still open past it; never while hung."""
        if self.due_at is None or self.stopped_at is not None:
            return False
        return (self.handled_at or self.closed_at or at) > self.due_at

    def open_legs(self) -> int:
        """How many co-handlers have not handed in their part."""
        return self.legs.filter(role="co", state__in=(LegState.SENT, LegState.SIGNED)).count()

    @cached_property
    def callers(self) -> int:
        """How many callers stand behind the order."""
        return self.weight


class Leg(models.Model):
    """One unit's part of an order, with its own clock; `lead` legs are the history of who led."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="legs")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=4, choices=[("lead", "主办"), ("co", "协办")])
    state = models.CharField(max_length=10, choices=LegState, default=LegState.SENT)
    ask = models.CharField("协办要求", max_length=300, blank=True)
    answer = models.TextField("协办反馈", blank=True)
    sent_at = models.DateTimeField()
    sign_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    pii = ("answer",)

    class Meta:
        verbose_name = "工单协办"
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(role="lead", state__in=("sent", "signed")), name="leg_one_lead_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["order", "org"], condition=Q(state__in=("sent", "signed")), name="leg_once_a_unit"
            ),
        ]
        indexes = [models.Index(fields=["org", "state", "due_at"], name="leg_of_org")]
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.org_id}"


class OrderFile(models.Model):
    """A photo or paper with an order: from the caller, from a visit, as evidence."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=12, choices=[("caller", "诉求人上传"), ("visit", "上门"), ("evidence", "佐证"), ("reply", "答复")]
    )
    by_name = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()

    pii = ("by_name",)

    class Meta:
        verbose_name = "工单附件"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.kind
