"""Regions, organisations, persons, enterprises, accounts and posts."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from .roles import Role


class Region(models.Model):
    """An administrative region (行政区) by its 12-digit code; the code's prefix is its subtree."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    is_statistical_only = models.BooleanField(default=False)
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{12}$"), name="region_code_12_digits"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=7), name="region_level_1_to_7"),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class OrgQuerySet(models.QuerySet["Org"]):
    def within(self, region_prefix: str) -> "OrgQuerySet":
        """Organisations seated in the subtree of a region."""
        return self.filter(region_id__startswith=region_prefix)


class Org(models.Model):
    """An organisation (机构): department, township government, village committee, utility."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "政府部门"
        PARTY_ORGAN = "party_organ", "党委部门"
        PEOPLE_ORGANISATION = "people_organisation", "群团"
        VERTICAL = "vertical", "垂直管理单位"
        PUBLIC_UTILITY = "public_utility", "公用企事业"
        TOWNSHIP = "township", "苏木乡镇街道"
        VILLAGE = "village", "嘎查村社区"

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind)
    uscc = models.CharField(max_length=18, unique=True, null=True)
    nature = models.CharField(max_length=1, default="1")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="orgs")
    hall = models.CharField(max_length=60, blank=True)
    consult_phone = models.CharField(max_length=20, blank=True)
    complaint_phone = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = OrgQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class OrgAlias(models.Model):
    """Another name an organisation goes by in documents (别名), so that no name is ever a key."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="aliases")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="org_alias_once_a_region")]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A natural person (自然人)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=50)
    id_type = models.CharField(max_length=3, default="111")
    id_number = models.CharField(max_length=30)
    mobile = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    pii = ("name", "id_number", "mobile", "address")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id_type", "id_number"], name="person_once_an_id")]

    def __str__(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A legal person or other organisation that applies (企业等法人、其他组织)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18, unique=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    legal_representative = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="represents")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class EnterpriseMember(models.Model):
    """Who may act for an enterprise (法定代表人、经办人)."""

    class Capacity(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
        HANDLER = "handler", "经办人"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    capacity = models.CharField(max_length=24, choices=Capacity)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "person"], name="member_once_an_enterprise")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.enterprise_id}"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login=username)


class Account(AbstractBaseUser):
    """A log-in: staff with a password, or a citizen known by the identity provider."""

    class Kind(models.TextChoices):
        STAFF = "staff", "工作人员"
        CITIZEN = "citizen", "办事人"

    id = models.UUIDField(primary_key=True, default=uuid7)
    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    password_changed_at = models.DateTimeField(null=True)
    rights_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = []
    pii = ("name", "login", "password", "totp_secret")

    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="staff") | Q(person__isnull=False), name="account_citizen_is_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.login


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: Any) -> "PostQuerySet":
        """Posts valid on a day (half-open period)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Post(models.Model):
    """What an account may act as: role × organisation × region (岗位)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=30, choices=Role)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="posts")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "org", "region"], condition=Q(valid_to=None), name="post_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="post_period_runs_forward"
            ),
        ]
        ordering = ["valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"


def visible_subtree(queryset: "models.QuerySet[Any]", actor: Actor, field: str) -> "models.QuerySet[Any]":
    """Keep the rows whose region code lies in the actor's territory; nothing for who has none."""
    if not actor.region_prefix:
        return queryset.none()
    return queryset.filter(**{f"{field}__startswith": actor.region_prefix})


__all__ = [
    "Account", "Enterprise", "EnterpriseMember", "Org", "OrgAlias", "Person", "Post", "Region",
    "visible_subtree",
]  # fmt: skip
