"""Workbooks of items that came in, how other layouts are read, and what was changed in many items at once."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access


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
    item = models.ForeignKey("catalog.ImplementationItem", null=True, on_delete=models.CASCADE, related_name="+")
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
