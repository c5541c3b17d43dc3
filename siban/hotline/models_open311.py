"""Keys of the open interface: who may file demands from outside; only a digest of the key is kept."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Region
from siban.kernel.ids import uuid7


class InterfaceKey(models.Model):
    """One key of one partner, until it is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField("使用单位", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField("末四位", max_length=4)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("发放时间")
    issued_by = models.CharField("发放人", max_length=50)
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.CharField("停用人", max_length=50, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True)
    uses = models.PositiveIntegerField("提交次数", default=0)

    pii = ("digest", "issued_by", "revoked_by")

    class Meta:
        verbose_name = "开放接口密钥"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by="") | Q(revoked_at__isnull=False),
                name="interface_key_revoked_by",
            )
        ]
        ordering = ["-issued_at", "-id"]

    def __str__(self) -> str:
        return self.name
