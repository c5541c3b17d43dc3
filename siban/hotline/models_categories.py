"""《热线类别及主责单位统计清单》: rows with validity, and changes still on trial."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from siban.identity.api import Region
from siban.kernel.ids import uuid7

from . import rules


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_force(self, on: date) -> "CategoryQuerySet":
        """Rows valid on a day (half-open period)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


class Category(models.Model):
    """One leaf of the list for a while: natures, lead unit, co-handlers, level and limit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField("编码", max_length=6)
    name = models.CharField("类别", max_length=60)
    top_name = models.CharField("大类", max_length=60)
    second_name = models.CharField("中类", max_length=60)
    keywords = models.JSONField("关键词", default=list)
    natures = models.JSONField("适用性质", default=list)
    lead_unit = models.CharField("主责单位", max_length=60)
    co_units = models.JSONField("协办单位", default=list)
    default_level = models.CharField("级别", max_length=12, choices=list(rules.LEVELS.items()))
    limit_value = models.PositiveSmallIntegerField("时限", null=True)
    limit_unit = models.CharField("时限单位", max_length=12, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    is_urgent = models.BooleanField("紧急", default=False)
    is_acceptable = models.BooleanField("予以受理", default=True)
    is_public = models.BooleanField("对外公开", default=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "热线类别"
        constraints = [
            ExclusionConstraint(
                name="category_one_row_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_to"), RangeBoundary(), function="DATERANGE"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="category_period_runs_forward"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="category_code_6_digits"),
        ]
        indexes = [models.Index(fields=["region", "code"], name="category_code")]
        ordering = ["code", "valid_from"]

    def __str__(self) -> str:
        return self.name

    @property
    def top(self) -> str:
        return self.code[:2]

    @property
    def limit(self) -> tuple[int, str] | None:
        return (self.limit_value, self.limit_unit) if self.limit_value is not None else None


class RuleDraft(models.Model):
    """派单规则的修改草稿: what a row of the list shall become, tried on past orders before it is put in force."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField("编码", max_length=6)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    change = models.JSONField("修改内容", default=dict)
    reason = models.CharField("理由", max_length=300, blank=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=50)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    pii = ("by_name",)

    class Meta:
        verbose_name = "派单规则修改"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], condition=Q(done_at=None), name="rule_draft_one_open")
        ]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.code
