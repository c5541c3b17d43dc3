"""Who may call the interfaces, and what was answered to a request that may be sent twice."""

from django.db import models

from siban.identity.api import Org, Region, Role
from siban.kernel.ids import uuid7

from .models_messages import Contact, Delivery, DemoSms, Message


class ApiClient(models.Model):
    """A business system allowed to call the interfaces, acting for one organisation in one role. Its token is kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField("名称", max_length=50)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=30, choices=Role)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField("令牌摘要", max_length=64, unique=True)
    scopes = models.JSONField("授权范围", default=list)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("建立时间")

    pii = ("token_hash",)

    class Meta:
        verbose_name = "接口调用方"
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name


class GivenAnswer(models.Model):
    """幂等应答: what was answered to a request under its key, so that the same request has the same answer."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="given_answer_once_a_key")]

    def __str__(self) -> str:
        return self.key


__all__ = ["ApiClient", "Contact", "Delivery", "DemoSms", "GivenAnswer", "Message"]
