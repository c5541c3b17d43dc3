"""Base items, implementation items, their versions, and the common material, element and venue catalogues."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .cache import Kept
from .content import ItemContent, read
from .flow import ItemState


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
        return self.filter(version__isnull=False).exclude(state__in=[ItemState.SUSPENDED, ItemState.CANCELLED])

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


class ColumnMapping(models.Model):
    """How an organisation reads the workbooks of another layout; known again by their headings."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    signature = models.CharField(max_length=64)
    sheets = models.JSONField(default=dict)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "signature"], name="column_mapping_once")]
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return "、".join(self.sheets)


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def visible_to(self, actor: Actor) -> "WorkbookImportQuerySet":
        """Imports of one's own organisation, for those who manage items there."""
        if access.imports_items(actor) and actor.org_id:
            return self.filter(org_id=actor.org_id, role=actor.role)
        return self.none()


class WorkbookImport(models.Model):
    """An uploaded workbook of items: received, checked line by line, and applied when confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    mapping = models.ForeignKey(ColumnMapping, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=50)
    account_id = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    refusal = models.JSONField(default=list, help_text="整个文件不能读取的原因")
    foreign = models.BooleanField(default=False, help_text="表头与本系统的不同，要先对应各列")
    unread = models.JSONField(default=list, help_text="不认识、没有读取的列")
    loose = models.JSONField(default=list, help_text="不属于任何事项的行的问题")
    counts = models.JSONField(default=dict)

    objects = WorkbookImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["org", "-received_at"], name="workbook_org_received")]
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.received_by} {self.received_at:%Y-%m-%d %H:%M}"


class WorkbookLine(models.Model):
    """One item of an uploaded workbook: what it would change, or why it is refused."""

    class Verdict(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "有改动"
        UNCHANGED = "unchanged", "没有改动"
        REFUSED = "refused", "不能导入"

    id = models.UUIDField(primary_key=True, default=uuid7)
    workbook = models.ForeignKey(WorkbookImport, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    item = models.ForeignKey(ImplementationItem, null=True, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    seen = models.CharField(max_length=64, blank=True)
    content = models.JSONField(null=True)
    differences = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workbook", "place"], name="workbook_line_place_once"),
            models.CheckConstraint(
                condition=~Q(verdict__in=["new", "changed"]) | Q(content__isnull=False) | Q(applied_at__isnull=False),
                name="workbook_line_changes_have_content",
            ),
        ]
        ordering = ["workbook", "place"]

    def __str__(self) -> str:
        return self.name


class GroupChangeQuerySet(models.QuerySet["GroupChange"]):
    def visible_to(self, actor: Actor) -> "GroupChangeQuerySet":
        """Changes made together in one's own organisation and post."""
        if access.imports_items(actor) and actor.org_id:
            return self.filter(org_id=actor.org_id, role=actor.role)
        return self.none()


class GroupChange(models.Model):
    """One element changed in many items at one sitting (集中办公): one record, undone as one."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    element = models.CharField(max_length=60)
    title = models.CharField(max_length=60)
    lines = models.JSONField(default=list, help_text="每个事项改前、改后的内容和结果")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=50)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=50, blank=True)

    objects = GroupChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["org", "-made_at"], name="group_change_org_made")]
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.title


def columns(content: ItemContent, *, callable_certs: frozenset[str]) -> dict[str, Any]:
    """The figures' columns of an item, derived from the elements of its version.

    Args:
        callable_certs: ids of the certificate types that may be called instead of paper (《可调用电子证照事项清单》).
    """
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
    }
