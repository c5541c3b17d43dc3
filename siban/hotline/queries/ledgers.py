"""三张清单: what is hung, what was ended, and the list of categories, as registers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Cell, Lamp, Table

from .. import rules
from ..models import Category, Order, Suspension, Termination
from ..wording import first_words
from .orders import short

WHICH = {"hung": "挂单诉求动态台账", "ended": "不合理诉求终结台账", "categories": "热线类别及主责单位统计清单"}
HUNG_HEADS = ("工单编号", "诉求", "承办单位", "条件", "原因", "措施和计划", "责任人", "预计完成", "申请时间", "批准时间", "最近进展", "进展次数", "迟报次数", "情况")  # fmt: skip
ENDED_HEADS = ("工单编号", "诉求", "承办单位", "理由", "理由说明", "依据", "证据", "申请时间", "审核人", "批准人", "告知方式", "告知日期", "申诉", "申诉结果", "情况")  # fmt: skip


def hung(actor: Actor) -> "QuerySet[Suspension]":
    """All that was asked to be hung, the newest first."""
    seen = Order.objects.visible_to(actor).order_by().values("pk")
    return Suspension.objects.filter(order__in=seen).select_related("order", "org").prefetch_related("notes").order_by("-asked_at", "id")  # fmt: skip


def ended(actor: Actor) -> "QuerySet[Termination]":
    """All that was asked to be ended, the newest first."""
    seen = Order.objects.visible_to(actor).order_by().values("pk")
    return Termination.objects.filter(order__in=seen).select_related("order", "org").order_by("-asked_at", "id")


def hung_lamp(row: Suspension, at: datetime) -> Lamp:
    if row.is_granted is None:
        return Lamp("grey", "没有审批") if row.ended_at else Lamp("amber", "待审批")
    if not row.is_granted:
        return Lamp("grey", "没有同意")
    if row.ended_at is not None:
        return Lamp("green", "已激活")
    if row.progress_by is not None and row.progress_by < at:
        return Lamp("red", "进展逾期")
    return Lamp("red", "超过预计") if row.expected_on < local_day(at) else Lamp("stopped", "挂单中")


def ended_lamp(row: Termination) -> Lamp:
    if row.refused_at is not None:
        return Lamp("grey", "没有同意")
    if row.appealed_at is not None and row.appeal_decided_at is None:
        return Lamp("amber", "申诉中")
    if row.approved_at is None:
        return Lamp("grey", "已结束") if row.ended_at else Lamp("amber", "待批准" if row.reviewed_at else "待审核")
    if row.appeal_decided_at is not None:
        return Lamp("blue", "申诉已复核")
    return Lamp("green", "已终结") if row.ended_at else Lamp("blue", "告知中，可以申诉")


def hung_table(rows: list[Suspension], at: datetime) -> Table:
    lines = [
        (
            Cell(first_words(r.order.text), url=reverse("hotline-order", args=[r.order.number]), note=f"{r.order.number}　{r.get_ground_display()}"),
            r.org.short_name, Cell(first_words(r.measure), note=f"责任人：{r.responsible}"), str(r.expected_on),
            Cell(_last(r), note=f"共 {len(r.notes.all())} 次"), Cell(lamp=hung_lamp(r, at)),
        )
        for r in rows
    ]  # fmt: skip
    return Table(WHICH["hung"], ["诉求", "承办单位", "措施和计划", "预计完成", "最近进展", "情况"], lines, empty="没有挂单的诉求。", caption_hidden=True)  # fmt: skip


def _last(row: Suspension) -> str:
    notes = list(row.notes.all())
    return f"{local_day(notes[-1].at)} {first_words(notes[-1].words)}" if notes else "还没有登记"


def ended_table(rows: list[Termination]) -> Table:
    lines = [
        (
            Cell(first_words(r.order.text), url=reverse("hotline-order", args=[r.order.number]), note=r.order.number), r.org.short_name,
            Cell(r.get_ground_display(), note=f"依据：{r.basis}"),
            Cell(r.reviewed_by or "还没有审核", note=f"批准：{r.approved_by}" if r.approved_by else ""),
            Cell(r.told_how or "还没有告知", note=str(r.told_on or "")), Cell(lamp=ended_lamp(r)),
        )
        for r in rows
    ]  # fmt: skip
    return Table(WHICH["ended"], ["诉求", "承办单位", "理由", "审核、批准", "告知", "情况"], lines, empty="没有申请终结的诉求。", caption_hidden=True)  # fmt: skip


def hung_sheet(actor: Actor, at: datetime) -> Iterator[tuple[object, ...]]:
    for r in hung(actor).iterator(chunk_size=500):
        notes = list(r.notes.all())
        yield (
            r.order.number, r.order.text, r.org.short_name, r.get_ground_display(), r.reason, r.measure, r.responsible, r.expected_on,
            short(r.asked_at), short(r.decided_at), _last(r), len(notes), sum(n.is_late for n in notes), hung_lamp(r, at).label,
        )  # fmt: skip


def ended_sheet(actor: Actor) -> Iterator[tuple[object, ...]]:
    for r in ended(actor).iterator(chunk_size=500):
        yield (
            r.order.number, r.order.text, r.org.short_name, r.get_ground_display(), r.reason, r.basis, r.evidence, short(r.asked_at),
            r.reviewed_by, r.approved_by, r.told_how, r.told_on or "", r.appeal, r.appeal_result, ended_lamp(r).label,
        )  # fmt: skip


def categories(region: str, *, at: datetime, q: str = "") -> "QuerySet[Category]":
    """Rows in force, narrowed by words."""
    rows = Category.objects.in_force(local_day(at)).filter(region_id=f"{region[:6]}000000").order_by("code")
    for word in q.split():
        rows = rows.filter(name__contains=word) | rows.filter(code__startswith=word) | rows.filter(second_name__contains=word) | rows.filter(top_name__contains=word)  # fmt: skip
    return rows


def category_table(rows: list[Category]) -> Table:
    names = dict(Org.objects.filter(is_active=True).values_list("code", "short_name")) | {
        "territorial": "属地苏木乡镇"
    }
    lines = [
        (
            Cell(r.name, url=reverse("hotline-rule", args=[r.code]), note=f"{r.code}　{r.top_name} · {r.second_name}"),
            "、".join(rules.NATURES[n] for n in r.natures), names.get(r.lead_unit, r.lead_unit),
            "、".join(names.get(u, u) for u in r.co_units) or "无", rules.LEVELS[r.default_level], limit_words(r),
        )
        for r in rows
    ]  # fmt: skip
    return Table(WHICH["categories"], ["类别", "适用性质", "主责单位", "协办单位", "级别", "时限"], lines, empty="没有符合条件的类别。", caption_hidden=True)  # fmt: skip


def limit_words(row: Category) -> str:
    """`3 个工作日`."""
    if row.limit_value is None:
        return "照时限表"
    return f"{row.limit_value} {rules.UNITS['workday' if row.limit_unit == 'working_day' else row.limit_unit]}"


def used(code: str, actor: Actor) -> dict[str, Any]:
    """How often a category was used, and how it went."""
    rows = Order.objects.visible_to(actor).filter(leaf=code).order_by()
    return rows.aggregate(orders=Count("pk"))
