"""Messages, their way through the channels outside the site, and how a person wishes to be reached."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Org, Person, Region, Role
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .flow import DeliveryState


class MessageQuerySet(models.QuerySet["Message"]):
    def addressed_to(self, actor: Actor) -> "MessageQuerySet":
        """Every read of one's messages starts here: a person's own; a member of staff's own and those to the post held now."""
        if actor.is_citizen:
            return self.filter(person_id=actor.person_id) if actor.person_id else self.none()
        if not actor.is_staff or not actor.account_id:
            return self.none()
        return self.filter(Q(account_id=actor.account_id) | Q(role=actor.role, org_id=actor.org_id))

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """站内消息: what one recipient is told once. The row itself is the delivery in the site, `read_at` its receipt."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    key = models.CharField(max_length=200, unique=True, help_text="事由、种类、收件人：同一件事只告诉一次")
    kind = models.CharField("种类", max_length=60)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role, blank=True)
    org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=100)
    body = models.TextField("内容")
    link = models.CharField("打开哪里", max_length=300, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    is_statutory = models.BooleanField("法定告知", default=False)
    is_urgent = models.BooleanField("紧急", default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by_name = models.CharField(max_length=50, blank=True)

    pii = ("title", "body", "taken_by_name")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, account=None, role="", org=None)
                | Q(person=None, account__isnull=False, role="", org=None)
                | (Q(person=None, account=None, org__isnull=False) & ~Q(role="")),
                name="message_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | Q(read_at__isnull=False), name="message_taken_is_read"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="message_of_person"),
            models.Index(fields=["account", "-created_at", "-id"], name="message_of_account"),
            models.Index(fields=["org", "role", "-created_at", "-id"], name="message_of_post"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="message_unread_person"),
            models.Index(fields=["org", "role"], condition=Q(read_at=None), name="message_unread_post"),
            models.Index(fields=["subject_type", "subject_id"], name="message_of_subject"),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def overseen_by(self, actor: Actor) -> "DeliveryQuerySet":
        """Sending as its territory sees it; nothing for who does not oversee it."""
        if not access.oversees(actor) or not actor.region_prefix:
            return self.none()
        return self.filter(message__region_id__startswith=actor.region_prefix)


class Delivery(models.Model):
    """发送: one message on its way through one channel outside the site. States move only through `flow`."""

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信"

    id = models.UUIDField(primary_key=True, default=uuid7)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=254)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次发送")
    last_error = models.CharField("原因", max_length=300, blank=True)
    receipt = models.CharField("回执编号", max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    pii = ("address",)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "消息发送"
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "received"]) | Q(sent_at__isnull=False),
                name="delivery_sent_has_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at", "id"], condition=Q(state__in=["queued", "failed"]), name="delivery_due"
            ),
            models.Index(fields=["receipt"], condition=~Q(receipt=""), name="delivery_receipt"),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Contact(models.Model):
    """联系方式和同意: how one person, or one member of staff, wishes to be reached besides the site."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(Account, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.CharField("电子邮箱", max_length=254, blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    email_asked = models.CharField("待确认的邮箱", max_length=254, blank=True)
    email_on = models.BooleanField("发邮件", default=True)
    sms_on = models.BooleanField("发短信", default=True)
    changed_at = models.DateTimeField()

    pii = ("email", "email_asked")

    class Meta:
        verbose_name = "消息设置"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, account=None) | Q(person=None, account__isnull=False),
                name="contact_of_one",
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(email_confirmed_at__isnull=False), name="contact_email_is_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def reached_by(self) -> dict[str, str]:
        """Confirmed addresses by channel, of the channels wished for."""
        return {"email": self.email} if self.email and self.email_on else {}


class DemoSms(models.Model):
    """短信演示通道: a short message that a gateway would have sent, where the house has none."""

    id = models.UUIDField(primary_key=True)  # the delivery's own: sending it twice is one message
    mobile = models.CharField("手机号码", max_length=20)
    text = models.CharField("内容", max_length=200)
    receipt = models.CharField("回执编号", max_length=60, unique=True)
    at = models.DateTimeField("时间")

    pii = ("mobile", "text")

    class Meta:
        verbose_name = "演示短信"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.receipt
