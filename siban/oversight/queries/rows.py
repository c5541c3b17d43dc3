"""The very rows behind one number, within what the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from siban.cases import api as cases
from siban.catalog import api as catalog
from siban.hotline import api as hotline
from siban.identity.api import Org
from siban.kernel import measures
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.measures import Measure, Scope

from .. import units

PARTS = {"hits": "计入的", "total": "全部", "gap": "未达到的"}
ALONG = {
    "CaseMaterial": ("case",), "CustodyPiece": ("case",), "ECert": ("type",), "ECertUse": ("cert__type",),
    "NegativeEntry": ("item",), "PublishedMaterial": ("item",), "Submission": ("collection",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drill:
    """The rows behind one number."""

    measure: Measure
    part: str
    unit: str
    scope: Scope
    rows: "QuerySet[Any]"
    title: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row behind a figure, as the list shows it."""

    number: int
    name: str
    code: str
    unit: str
    facts: str
    url: str = ""


def unit_of(actor: Actor, key: str) -> tuple[Scope, str]:
    """The scope and the name of a unit or a sum of units, within what the actor may see.

    Raises:
        Refused: no such unit.
    """
    scope = units.scope_of(actor)
    if key == units.WHOLE:
        return scope, "全旗"
    if key in units.LEVEL:
        return units.within(scope, Org.objects.filter(region__level=units.LEVEL[key])), dict(units.GROUPS)[key]
    try:
        org = Org.objects.get(pk=UUID(key))
    except (ValueError, Org.DoesNotExist):
        raise Refused("没有这个单位。请从指标页里点击数字进入。") from None
    return units.within(scope, Org.objects.filter(pk=org.pk)), org.short_name


def rows_behind(actor: Actor, *, slug: str, unit: str, part: str) -> Drill:
    """The rows of one cell, within what the actor may see.

    Raises:
        Refused: no such figure, part or unit, or a figure that has no rows yet.
    """
    measure = measures.REGISTRY.get(slug)
    if measure is None or part not in PARTS:
        raise Refused("没有这个指标。请从指标页里点击数字进入。")
    if not measure.is_computed:
        raise Refused("这个指标还没有接入数据，没有可以查看的明细。")
    scope, name = unit_of(actor, unit)
    rows = measures.rows_behind(measure, part, scope=scope)  # type: ignore[arg-type]
    return Drill(measure, part, name, scope, rows, f"{name} · {measure.title} · {PARTS[part]}{measure.unit}")


def lines(found: Drill, rows: Iterable[Any], *, start: int = 1) -> list[RowLine]:
    """The rows of one page in words; the names of their units in one statement."""
    shown = list(rows)
    named = dict(
        Org.objects.filter(pk__in={getattr(r, found.measure.org) for r in shown}).values_list("pk", "short_name")
    )
    return [line(r, n, named.get(getattr(r, found.measure.org), "")) for n, r in enumerate(shown, start)]


def ordered(found: Drill) -> "QuerySet[Any]":
    """The rows in a fixed order, with what their lines need."""
    return found.rows.select_related(*ALONG.get(found.rows.model.__name__, ())).order_by("pk")


def line(row: Any, number: int, unit: str) -> RowLine:
    """A row in the words of the list; no personal data."""
    kind = row._meta.object_name
    if isinstance(row, catalog.ImplementationItem):
        return RowLine(
            number, row.name, row.impl_code, unit, "，".join(item_facts(row)), f"/desk/figures/item/{row.pk}/"
        )
    if isinstance(row, hotline.Order):
        due = f"，期限 {local_day(row.due_at)}" if row.due_at else ""
        facts = f"{row.leaf_name or '未分类'}，{row.state_label}{due}"
        return RowLine(
            number, f"热线工单 {row.number}", row.number, unit, facts, reverse("hotline-order", args=[row.number])
        )
    if isinstance(row, cases.Case):
        due = f"，承诺 {row.promised_due_on} 前" if row.promised_due_on else ""
        return RowLine(number, row.title, row.number or "", unit, f"{row.get_state_display()}{due}")
    if kind == "PublishedMaterial":
        said = [
            "已关联电子证照" if row.is_linked else "没有关联电子证照",
            *(
                ("有空白表" if row.has_blank_form else "没有空白表", "有样表" if row.has_sample_form else "没有样表")
                if row.is_form
                else ()
            ),
        ]
        return RowLine(number, row.name, row.material_id, unit, f"{row.item.name}：{'，'.join(said)}", f"/desk/figures/item/{row.item_id}/")  # fmt: skip
    if kind == "PowerListItem":
        said = [
            "已关联事项" if row.is_linked else "没有关联事项",
            "有已发布指南" if row.is_shown else "没有已发布指南",
        ]
        return RowLine(number, row.name, row.code, unit, "，".join(said))
    if kind == "CatalogItem":
        said = [
            f"{row.levels_implemented} 个层级实施",
            f"受控要素有 {row.ways_locked} 种写法",
            f"基本要素有 {row.ways_basic} 种写法",
        ]
        return RowLine(number, row.name, row.basic_code, unit, "，".join(said))
    if kind == "NegativeEntry":
        return RowLine(number, row.item.name, row.document_number, unit, row.reason)
    if kind == "CaseMaterial":
        said = ["同一材料已在线提交"] * row.is_online + ["申请人有可调用的有效证照"] * row.is_held
        return RowLine(number, row.name, row.case.number or "", unit, "，".join(said))
    if kind == "CustodyPiece":
        signed = f"电子证照 {row.signed_on} 签发" if row.signed_on else "没有签发电子证照"
        return RowLine(number, row.what, row.case.number or "", unit, f"纸质 {row.made_on} 登记，{signed}")
    if kind == "ECert":
        return RowLine(
            number,
            row.type.name,
            row.identifier,
            unit,
            f"{row.get_state_display()}，{'已签章' if row.file_id else '没有签章'}",
        )
    if kind == "ECertUse":
        return RowLine(number, row.cert.type.name, row.cert.identifier, unit, f"{row.purpose}（{row.org_name}）")
    if kind == "Task":
        said = [row.get_state_display(), f"期限 {row.due_on}"]
        said += [f"{row.closed_on} 销号"] if row.closed_on and row.state == "closed" else []
        return RowLine(number, row.title, row.number, unit, "，".join(said), f"/desk/tasks/{row.pk}/")
    if kind == "Submission":
        came = f"{row.came_on} 报送" if row.came_on else "没有报送"
        return RowLine(number, row.collection.title, row.receipt, unit, f"期限 {row.due_on}，{came}", f"/desk/submissions/{row.pk}/")  # fmt: skip
    if kind == "Review":
        return RowLine(number, row.title, row.number, unit, row.get_level_display() if row.level else "未评价")
    if told := getattr(row, "told", None):  # what says itself: name, code, facts, address
        return RowLine(number, told[0], told[1], unit, told[2], told[3])
    return RowLine(number, str(row), str(row.pk), unit, "")


def item_facts(row: Any) -> list[str]:
    """What the columns of an item say of it."""
    return [
        "即办件" if row.case_type == "instant" else "承诺件",
        f"法定期限折合 {row.legal_days / 5:g} 天" if row.legal_days else "无法定期限",
        f"承诺期限折合 {row.promised_days / 5:g} 天" if row.promised_days else "当场办结",
        f"网办 {row.online_depth} 级",
        f"到现场 {row.onsite_visits} 次" if row.onsite_visits is not None else "到现场次数未填",
        "掌上办" if row.is_mobile else "不支持掌上办",
        "免证办" if row.is_cert_free else "未免证",
    ]
