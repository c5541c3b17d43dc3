"""Certificate types, certificates, their numbered series, and the trace of every use. States move only through `flow`."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from siban.identity.api import Enterprise, Org, Person
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import access
from .flow import ECertState


class ECertType(models.Model):
    """电子证照类型: what a kind of certificate says, whom it is for and how long it lasts."""

    class HolderKind(models.TextChoices):
        NATURAL = "natural", "自然人"
        LEGAL = "legal", "法人和其他组织"
        BOTH = "both", "自然人、法人和其他组织"

    id = models.CharField("证照类型", max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=100)
    type_code21 = models.CharField("证照类型代码", max_length=21, unique=True)
    issuing_department = models.CharField("发证部门", max_length=60)
    holder_kind = models.CharField("持证主体", max_length=8, choices=HolderKind)
    validity = models.CharField("有效期", max_length=100)
    callable = models.BooleanField("可调用", default=False)
    security_level = models.CharField("安全级别", max_length=1, default="C")
    fields = models.JSONField("证照字段", default=list)

    class Meta:
        verbose_name = "证照类型"
        constraints = [
            models.CheckConstraint(condition=Q(type_code21__regex=r"^[0-9A-Z]{18}\d{3}$"), name="ecert_type_code_21"),
            models.CheckConstraint(
                condition=Q(holder_kind__in=["natural", "legal", "both"]), name="ecert_type_holder_known"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ECertSeries(models.Model):
    """流水号: one series a type, issuer and year. The row is locked while a number is taken: no gaps."""

    type = models.ForeignKey(ECertType, on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "issuer", "year"], name="ecert_series_once")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.issuer_id} {self.year}: {self.last}"


class ECertQuerySet(models.QuerySet["ECert"]):
    def visible_to(self, actor: Actor) -> "ECertQuerySet":
        """Every read of certificates starts here: own ones, own office, own territory; else nothing."""
        if actor.is_citizen:
            return self.held_through(actor.person_id) if actor.person_id else self.none()
        if access.sees_territory(actor) and actor.region_prefix:
            return self.filter(issuer__region_id__startswith=actor.region_prefix)
        if access.reads_own_office(actor) and actor.org_id:
            return self.filter(issuer_id=actor.org_id)
        return self.none()

    def held_through(self, person_id: UUID) -> "ECertQuerySet":
        """The person's own, and those of the enterprises this person may act for."""
        acting_for = Enterprise.objects.filter(members__person_id=person_id).values("pk")
        return self.filter(Q(person_id=person_id) | Q(enterprise_id__in=acting_for))

    def valid_on(self, day: Any) -> "ECertQuerySet":
        """In force on a day (half-open period)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), state=ECertState.VALID, valid_from__lte=day)


class ECert(models.Model):
    """电子证照: one version of one certificate. What it says is never changed; a correction is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    identifier = models.CharField("电子证照标识", max_length=120, unique=True)
    type = models.ForeignKey(ECertType, on_delete=models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="certificates")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="certificates")
    issuer = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="certificates")
    serial = models.CharField("流水号", max_length=20)
    version = models.PositiveSmallIntegerField("版本号", default=1)
    values = models.JSONField("证照内容", default=dict)
    issued_on = models.DateField("发证日期")
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止（不含）", null=True)
    state = models.CharField(max_length=10, choices=ECertState, default=ECertState.VALID)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    verify_code = models.CharField("核验码", max_length=12, unique=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    content_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    pii = ("values",)

    objects = ECertQuerySet.as_manager()

    class Meta:
        verbose_name = "电子证照"
        constraints = [
            models.UniqueConstraint(fields=["type", "issuer", "serial", "version"], name="ecert_serial_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, enterprise__isnull=True)
                | Q(person__isnull=True, enterprise__isnull=False),
                name="ecert_has_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="ecert_period_forward"
            ),
            models.CheckConstraint(condition=Q(version__gte=1, version__lte=999), name="ecert_version_3_digits"),
            models.CheckConstraint(condition=Q(state__in=[str(s) for s in ECertState]), name="ecert_state_known"),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(state="cancelled"), name="ecert_replaced_is_cancelled"
            ),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="ecert_hash_is_a_hash"),
        ]
        indexes = [
            models.Index(fields=["person", "type"], name="ecert_of_person"),
            models.Index(fields=["enterprise", "type"], name="ecert_of_enterprise"),
            models.Index(fields=["issuer", "-issued_at"], name="ecert_of_issuer"),
            models.Index(fields=["subject_type", "subject_id"], name="ecert_subject"),
            models.Index(
                fields=["valid_to"], condition=Q(state__in=["valid", "suspended", "disputed"]), name="ecert_running"
            ),
        ]
        ordering = ["-issued_at", "-id"]

    def __str__(self) -> str:
        return self.identifier

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What the certificate says, in the order of its type's fields (the database keeps no order)."""
        return [(name, str(self.values[name])) for name in self.type.fields if name in self.values]

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force; None for 长期."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    @property
    def holder_name(self) -> str:
        """The holder's full name: for the holder and the issuing office only."""
        holder = self.enterprise if self.enterprise_id else self.person
        return holder.name if holder else ""

    @property
    def holder_ids(self) -> frozenset[UUID]:
        """The persons who may act as holder: the person, or the members of the enterprise."""
        if self.person_id:
            return frozenset({self.person_id})
        members = Person.objects.filter(memberships__enterprise=self.enterprise)
        return frozenset(members.values_list("pk", flat=True))


class ECertUse(models.Model):
    """用证留痕: one use of a certificate: who, for what, on whose consent."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    cert = models.ForeignKey(ECert, on_delete=models.PROTECT, related_name="uses")
    purpose = models.CharField("使用事由", max_length=200)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField("使用人", max_length=50, blank=True)
    org_id = models.UUIDField(null=True)
    org_name = models.CharField("使用单位", max_length=100, blank=True)
    channel = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    consent_at = models.DateTimeField("持证人同意时间")
    at = models.DateTimeField("使用时间")

    pii = ("actor_name",)

    class Meta:
        verbose_name = "用证记录"
        constraints = [models.CheckConstraint(condition=~Q(purpose=""), name="ecert_use_has_purpose")]
        indexes = [models.Index(fields=["cert", "-at"], name="ecert_use_of_cert")]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.cert_id} {self.at:%Y-%m-%d}"
