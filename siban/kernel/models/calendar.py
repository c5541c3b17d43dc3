"""Imported holiday tables, national and local."""

from django.db import models
from django.db.models import Q

from siban.kernel.codes import region

__all__ = ["CalendarDay", "CalendarYear"]


class CalendarYear(models.Model):
    """One year's arrangement for the nation, or for a region and all it contains."""

    year = models.PositiveSmallIntegerField("年份")
    region_code = models.CharField("适用地区", max_length=12, default=region.NATIONAL)
    source = models.CharField("来源", max_length=200)
    checksum = models.CharField("内容校验", max_length=64)
    loaded_at = models.DateTimeField("导入时间")
    loaded_by = models.CharField("导入人", max_length=100)

    pii = ("loaded_by",)

    class Meta:
        verbose_name = "年度放假安排"
        constraints = [
            models.UniqueConstraint(fields=["region_code", "year"], name="calendar_year_once_a_region"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^[0-9]{12}$"), name="calendar_year_region_12_digits"
            ),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2999), name="calendar_year_in_range"),
            models.CheckConstraint(condition=~Q(source=""), name="calendar_year_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.region_code}"


class CalendarDay(models.Model):
    """One named rest day or working weekend day of an arrangement."""

    class Kind(models.TextChoices):
        REST = "rest", "放假"
        WORK = "work", "上班"

    table = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name="年度安排")
    date = models.DateField("日期")
    region_code = models.CharField("适用地区", max_length=12, default=region.NATIONAL)
    kind = models.CharField("类别", max_length=4, choices=Kind)
    name = models.CharField("名称", max_length=50)
    source = models.CharField("来源", max_length=200)

    class Meta:
        verbose_name = "放假或调休日"
        indexes = [models.Index(fields=["region_code", "date"], name="calendar_day_region_date")]
        constraints = [
            models.UniqueConstraint(fields=["table", "date"], name="calendar_day_once_a_table"),
            models.CheckConstraint(condition=Q(kind__in=["rest", "work"]), name="calendar_day_kind_known"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^[0-9]{12}$"), name="calendar_day_region_12_digits"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="calendar_day_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
