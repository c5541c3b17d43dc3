"""Base items, implementation items, their versions, and the common material, element and venue catalogues."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access, rules_guide
from .cache import Kept
from .content import ItemContent, read
from .flow import ItemState
from .models_changes import BaseChange, ChangeRequest
from .models_checks import AddressProbe, CheckResult, CheckRun, CheckScore, RuleSwitch
from .models_lists import LinkCheck, NegativeEntry, PowerListItem
from .models_materials import PublishedMaterial
from .models_workbook import ColumnMapping, GroupChange, WorkbookImport, WorkbookLine

__all__ = [
    "AddressProbe", "BaseChange", "CatalogItem", "ChangeRequest", "CheckResult", "CheckRun", "CheckScore", "ColumnMapping", "DataElement", "GroupChange", "ImplementationItem",
    "ItemQuerySet", "ItemVersion", "LibraryStamp", "LinkCheck", "MaterialGrain", "NegativeEntry", "PowerListItem", "PublishedMaterial", "RuleSwitch", "Venue",
    "WorkbookImport", "WorkbookLine", "columns", "elements_of",
]  # fmt: skip


class CatalogItem(models.Model):
    """基本目录事项: the item as the state or the autonomous region defines it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "在用"
        SUSPENDED = "suspended", "暂停"
        CANCELLED = "cancelled", "取消"

    basic_code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=2)
    sub_type = models.CharField(max_length=20, blank=True)
    legal_basis = models.JSONField(default=list)
    exercise_levels = models.JSONField(default=list)
    is_handleable = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    presented_by = models.ForeignKey(
        "catalog.ImplementationItem", null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="其指南代表本事项供检索的实施清单",
    )  # fmt: skip

    class Meta:
        ordering = ["basic_code"]

    def __str__(self) -> str:
        return self.name


class ItemQuerySet(models.QuerySet["ImplementationItem"]):
    def published(self) -> "ItemQuerySet":
        """Items with a version the public sees; one being changed keeps showing its current version."""
        return self.filter(version__isnull=False, is_suspended=False).exclude(
            state__in=[ItemState.SUSPENDED, ItemState.CANCELLED]
        )

    def visible_to(self, actor: Actor) -> "ItemQuerySet":
        """Items whose management pages an actor may open: own organisation, or the whole territory."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        if actor.is_staff and actor.org_id:
            return self.filter(org_id=actor.org_id)
        return self.none()


class ImplementationItem(models.Model):
    """实施清单: what one organisation does for one base item. Figures are read from its columns, content from `version`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    slug = models.CharField(max_length=120, unique=True)
    impl_code = models.CharField(max_length=31, unique=True)
    catalog_item = models.ForeignKey(CatalogItem, on_delete=models.PROTECT, related_name="implementations")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="items")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="lower")
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.TO_CLAIM)
    version = models.ForeignKey(
        "catalog.ItemVersion", null=True, on_delete=models.PROTECT, related_name="+", verbose_name="现行版本"
    )
    name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=2)
    level = models.PositiveSmallIntegerField()
    is_applied_service = models.BooleanField(default=True)
    service_objects = models.JSONField(default=list)
    natural_topics = models.JSONField(default=list)
    legal_topics = models.JSONField(default=list)
    case_type = models.CharField(max_length=10, default="promised")
    legal_days = models.PositiveIntegerField(null=True, help_text="法定时限折算自然日×5（工作日×7），便于异单位合计")
    promised_days = models.PositiveIntegerField(null=True, help_text="承诺时限，同上折算")
    onsite_visits = models.PositiveSmallIntegerField(null=True)
    online_depth = models.PositiveSmallIntegerField(default=1)
    is_online = models.BooleanField(default=False)
    is_full_online = models.BooleanField(default=False)
    is_mobile = models.BooleanField(default=False)
    is_cert_free = models.BooleanField(default=False)
    has_linked_cert = models.BooleanField(default=False)
    has_callable_material = models.BooleanField(default=False)
    is_delayed_service = models.BooleanField(default=False)
    is_in_hall = models.BooleanField(default=False)
    material_count = models.PositiveSmallIntegerField(default=0)
    handling_count = models.PositiveSmallIntegerField(default=1, help_text="业务办理项数；没有拆分的算一项")
    has_intermediary = models.BooleanField(default=False)
    has_special = models.BooleanField(default=False)
    is_deficiency = models.BooleanField(default=False)
    is_commitment = models.BooleanField(default=False)
    cross_scope = models.CharField(max_length=8, blank=True, default="", db_default="", help_text="跨域通办的范围")
    is_grassroots = models.BooleanField(default=False, db_default=False, help_text="苏木镇、嘎查可以代收")
    has_situations = models.BooleanField(default=False, db_default=False, help_text="按情形给出材料")
    has_guide = models.BooleanField(default=False, db_default=False, help_text="办事指南已经发布")
    says_legal_limit = models.BooleanField(default=False, db_default=False, help_text="写明法定期限和单位")
    says_promised_limit = models.BooleanField(default=False, db_default=False, help_text="写明承诺期限和单位")
    says_address = models.BooleanField(default=False, db_default=False, help_text="办理地点写到窗口")
    says_hours = models.BooleanField(default=False, db_default=False, help_text="办理时间写得规范")
    says_phone = models.BooleanField(default=False, db_default=False, help_text="有可以拨打的咨询电话")
    says_intermediary = models.BooleanField(default=False, db_default=False, help_text="写明有无中介服务和依据")
    says_sources = models.BooleanField(default=False, db_default=False, help_text="每份材料写明来源")
    says_counts = models.BooleanField(default=False, db_default=False, help_text="每份材料写明份数")
    says_kinds = models.BooleanField(default=False, db_default=False, help_text="每份材料写明类型和形式")
    says_process = models.BooleanField(default=False, db_default=False, help_text="每个环节四要素齐全")
    says_onsite_reason = models.BooleanField(default=False, db_default=False, help_text="写明必须到现场的原因")
    is_self_checked = models.BooleanField(default=False, db_default=False, help_text="七项自查都做到")
    is_one_version = models.BooleanField(default=False, db_default=False, help_text="各端指南同一版")
    has_window = models.BooleanField(default=False, db_default=False, help_text="有办理地点")
    is_on_platform = models.BooleanField(default=False, db_default=False, help_text="统一平台可办")
    basics_hash = models.CharField(
        max_length=64, blank=True, db_default="", help_text="现行版本的名称、编码、依据、类型的校验值"
    )
    locked_hash = models.CharField(max_length=64, blank=True, help_text="现行版本中与上级一致的要素的校验值")
    is_unequal = models.BooleanField(default=False, help_text="与上级同一事项有应一致而不一致的要素")
    is_sound = models.BooleanField(default=True, help_text="最近一次每日检查没有错误")
    is_suspended = models.BooleanField(
        default=False, help_text="暂停办理，直到恢复或者发布新版本；调整期间也不对外公布"
    )
    usual = models.JSONField(null=True, help_text="近 90 天实际办理用时：中位数、九成、件数（不含停钟）")
    search_words = models.TextField(blank=True)
    initials = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(version__isnull=False, published_at__isnull=False),
                name="item_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(impl_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}[1-7]\d{12}$"), name="item_impl_code_31"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "org", "state"], name="item_region_org_state"),
            models.Index(fields=["catalog_item", "region", "slug"], name="item_unequal", condition=Q(is_unequal=True)),
            models.Index(fields=["state", "region"], name="item_state_region", opclasses=["", "varchar_pattern_ops"]),
            models.Index(fields=["name", "slug"], name="item_name"),
            models.Index(fields=["-published_at", "slug"], name="item_published"),
            models.Index(
                fields=["catalog_item", "region"],
                name="item_catalog_region",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
        ]
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """Suspended or cancelled: nothing new is taken in."""
        return self.is_suspended or self.state in (ItemState.SUSPENDED, ItemState.CANCELLED)


class LibraryStamp(models.Model):
    """One row whose value changes whenever what the search reads changes; no row while nothing is published."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="library_stamp_is_one")]

    def __str__(self) -> str:
        return str(self.value)


class ItemVersion(models.Model):
    """One version of an implementation item. Published content is never changed: the database refuses it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_published = models.BooleanField(default=False)
    effective_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    draft_days = models.PositiveSmallIntegerField(
        default=30, help_text="前一版停用后，申请草稿还可以按前一版提交的天数"
    )
    drafts_until = models.DateField(null=True, help_text="停用后申请草稿按本版提交的最后一天")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(published_at__isnull=False), name="version_published_when"
            ),
        ]
        ordering = ["item", "number"]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @cached_property
    def elements(self) -> ItemContent:
        """The content as typed elements."""
        return read(self.content)


_ELEMENTS: Kept[ItemContent] = Kept()


def elements_of(version_id: UUID) -> ItemContent:
    """The elements of a published version, kept in this process: published content never changes."""
    return _ELEMENTS.get(
        version_id, lambda: read(ItemVersion.objects.values_list("content", flat=True).get(pk=version_id))
    )


class MaterialGrain(models.Model):
    """颗粒化标准材料: the smallest material, one for all items."""

    id = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    is_form = models.BooleanField(default=False)
    ecert_type_id = models.CharField(max_length=40, blank=True)
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DataElement(models.Model):
    """数据元: a field of forms, said once for all of them. What is not `reusable` is never prefilled."""

    id = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20)
    code_set = models.CharField(max_length=60, blank=True)
    validation = models.CharField(max_length=200, blank=True)
    reusable = models.BooleanField(default=False)
    personal_information = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Venue(models.Model):
    """办理场所."""

    id = models.CharField(max_length=40, primary_key=True)
    building = models.CharField(max_length=100)
    street = models.CharField(max_length=100)
    house_no = models.CharField(max_length=40)
    office_hours = models.CharField(max_length=200)
    traffic_guide = models.CharField(max_length=300, blank=True)
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.building


def columns(content: ItemContent, *, callable_certs: frozenset[str]) -> dict[str, Any]:
    """The figures' columns of an item, derived from the elements of its version.

    Args:
        callable_certs: ids of the certificate types that may be called instead of paper (《可调用电子证照事项清单》).
    """
    from .cross import scope_of
    from .rules import applied_service, comparable_days

    linked = {m.ecert_type_id for m in content.materials if m.ecert_type_id}
    return {
        "name": content.name,
        "item_type": content.item_type,
        "level": content.exercise_level,
        "is_applied_service": applied_service(content),
        "service_objects": list(content.service_objects),
        "natural_topics": list(content.natural_topics),
        "legal_topics": list(content.legal_topics),
        "case_type": content.case_type,
        "legal_days": comparable_days(content.legal_limit),
        "promised_days": comparable_days(content.promised_limit),
        "onsite_visits": content.online.onsite_visits,
        "online_depth": content.online.online_depth,
        "is_online": content.online.is_online and content.online.online_depth >= 2,
        "is_full_online": content.online.online_depth == 4 and content.online.onsite_visits == 0,
        "is_mobile": content.online.is_mobile,
        "is_cert_free": content.online.is_cert_free,
        "has_linked_cert": bool(linked),
        "has_callable_material": bool(linked & callable_certs),
        "is_delayed_service": content.is_delayed_service,
        "is_in_hall": content.is_in_hall,
        "material_count": len(content.materials),
        "handling_count": len(content.handling_items) or 1,
        "has_intermediary": bool(content.has_intermediary),
        "has_special": bool(content.special_procedures),
        "is_deficiency": content.is_deficiency,
        "is_commitment": content.is_commitment,
        "cross_scope": scope_of(content.cross_region_scope),
        "is_grassroots": bool(content.grassroots_mode),
        **rules_guide.facts(content, callable_certs=callable_certs),
    }
