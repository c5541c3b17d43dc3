"""安全事件: what was turned away as an attack, one row a day, kind, place, account and source, with how often."""

from django.db import models


class SecurityEvent(models.Model):
    """Counts grow; what is new, or comes back after a quiet while, is written into the journal besides."""

    class Kind(models.TextChoices):
        UPLOAD = "upload", "有害文件"
        TOKEN = "token", "伪造的令牌或者签名"
        FORM = "form", "伪造的表单"
        REPLAY = "replay", "重放的请求"
        ENUMERATION = "enumeration", "大量试探"
        PASSWORD = "password", "试密码"

    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.CharField(max_length=200, help_text="页面或者接口的地址样式，不含其中的编号")
    source = models.CharField(max_length=64, help_text="来源的网络地址")
    account_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    times = models.PositiveBigIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    journalled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "kind", "place", "source", "account_id"],
                nulls_distinct=False,
                name="security_one_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_at"], name="security_last"),
            models.Index(fields=["kind", "-last_at"], name="security_kind"),
        ]
        ordering = ["-last_at", "-id"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} × {self.times}"
