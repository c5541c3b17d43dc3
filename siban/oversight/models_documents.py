"""调度、通报和总结: content drafted from snapshots, the changes people made to the words, the paper it became."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access
from .documents import reconcile
from .documents.blocks import Block, Number, blocks_of, numbers_of
from .flow_documents import DocumentState


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> "DocumentQuerySet":
        """The bureau and the inspectors of a territory see all of it; other staff there what was issued; nobody else."""
        if not actor.is_staff or not actor.region_prefix:
            return self.none()
        if access.sees_all_units(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        above = [actor.region_code[:n].ljust(12, "0") for n in (2, 4, 6, 9, 12)]
        return self.filter(region_id__in=above, state=DocumentState.ISSUED)


class Document(models.Model):
    """公文: one dispatch table, bulletin or summary.

    `content` is what was drafted and is replaced only by drafting again; people's changes stand beside it. `known_at`
    is the moment whose knowledge of the figures counts: drafting again with the same day and moment gives the same bytes.
    """

    class Kind(models.TextChoices):
        DAILY = "daily", "日调度"
        WEEKLY = "weekly", "周通报"
        MONTHLY = "monthly", "月通报"
        QUARTERLY = "quarterly", "季度工作总结"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.DRAFTED)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+", help_text="起草的单位")
    starts = models.DateField()
    day = models.DateField(help_text="统计日")
    before_day = models.DateField(null=True, help_text="与哪一天比较")
    known_at = models.DateTimeField(help_text="按这一时刻所知的数字")
    content = models.JSONField()
    explanation = models.CharField(max_length=500, blank=True, help_text="勾稽说明")
    drafted_by = models.CharField(max_length=100)
    drafted_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    paper = models.ForeignKey("kernel.Paper", null=True, on_delete=models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region", "day"], condition=~Q(state="withdrawn"), name="document_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["region", "-day", "-id"], name="document_of_region")]
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return self.title

    def numbers(self) -> list[Number]:
        """The numbers it says, in their order."""
        return numbers_of(self.content)

    def blocks(self) -> list[Block]:
        """As it reads now: what was drafted, with the standing changes of people."""
        blocks = blocks_of(self.content)
        changed = {e.block: e.spans for e in self.standing_edits()}
        for block in blocks:
            if block.id in changed:
                block.spans = changed[block.id]
        return blocks

    def standing_edits(self) -> "Sequence[DocumentEdit]":
        """The latest change of each block that was not taken back."""
        if not hasattr(self, "_standing"):
            latest = {e.block: e for e in self.edits.filter(undone_at=None).order_by("at", "id")}
            self._standing: Sequence[DocumentEdit] = list(latest.values())
        return self._standing

    def mismatches(self) -> list[reconcile.Mismatch]:
        """What does not fit together in the words as they read now."""
        return reconcile.check(self.blocks(), self.numbers())


class DocumentEdit(models.Model):
    """修改: the words of one paragraph as a person changed them, kept apart from what was drafted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="edits")
    block = models.CharField(max_length=10)
    before = models.TextField(help_text="修改前的文字")
    spans: Any = models.JSONField()
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    left_behind = models.BooleanField(default=False, help_text="重新起草后原段落变了，需要再看一遍")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.block}"


class DueDocument(models.Model):
    """应出的文件: a dispatch table or bulletin that a directive or the calendar asks for, and whether it came in time."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=10, choices=Document.Kind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    due_on = models.DateField()
    asked_by = models.CharField(max_length=200, help_text="哪份督查通知或者哪项规定要求")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "org", "due_on"], name="due_document_once")]
        ordering = ["-due_on", "kind"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"


def quarter_of(day: date) -> tuple[date, date]:
    """First day of the quarter, and of the one before."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    before = date(first.year - (first.month == 1), 10 if first.month == 1 else first.month - 3, 1)
    return first, before
