"""The public lists (公开清单): each is read from the versions in force, none is a second copy; the power and negative list have rows of their own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from siban.identity.api import Org

from . import cross, labels, rules, wording
from .content import ItemContent
from .models import ImplementationItem, NegativeEntry, PowerListItem

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a list: the item (or power) it is about, its address, its unit, and the columns of the list."""

    name: str
    code: str
    url: str
    unit: str
    cells: Line


@dataclass(frozen=True, slots=True)
class ListKind:
    """One public list: what it is called, by what it is published, its columns, where its rows come from."""

    slug: str
    title: str
    intro: str
    law: str
    heads: Line
    rows: Callable[["Sought"], QuerySet[Any]]
    lines: Callable[[Any], Iterator[Shown]]
    first: str = "事项名称"


@dataclass(frozen=True, slots=True)
class Sought:
    """What narrows a list."""

    q: str = ""
    dept: str = ""


def here() -> str:
    """The territory whose lists are public on this site."""
    return rules.territory(settings.SITE_REGION)


def guide_url(item: ImplementationItem) -> str:
    return f"/items/{item.impl_code}/"


def _items(sought: Sought, which: Q) -> QuerySet[ImplementationItem]:
    rows = ImplementationItem.objects.published().filter(which, region_id__startswith=here())
    if sought.dept:
        rows = rows.filter(org__code=sought.dept)
    if sought.q:
        text = wording.fold(sought.q.strip())
        rows = rows.filter(
            Q(name__icontains=text) | Q(initials__startswith=text) | Q(impl_code__startswith=text.upper())
        )
    return rows.select_related("org", "version").order_by("level", "org__order", "slug")


def _of_items(which: Q) -> Callable[[Sought], QuerySet[Any]]:
    return lambda sought: _items(sought, which)


def _lines(cells: Callable[[ItemContent], Iterator[Line]]) -> Callable[[Any], Iterator[Shown]]:
    def lines(item: ImplementationItem) -> Iterator[Shown]:
        assert item.version is not None
        for said in cells(item.version.elements):
            yield Shown(item.name, item.impl_code, guide_url(item), item.org.short_name or item.org.name, said)

    return lines


def _intermediaries(c: ItemContent) -> Iterator[Line]:
    for i in c.intermediaries:
        yield i.name, i.legal_basis or "", "申请人自行选择机构" if i.provider_selectable else "由指定机构办理"


def _special(c: ItemContent) -> Iterator[Line]:
    for p in c.special_procedures:
        counted = "不计入办理期限" if p.stop_clock else "计入办理期限"
        yield p.type, labels.days(p.time_limit, p.unit) or "未写明", counted, p.legal_basis or "未写明"


def _hall(c: ItemContent) -> Iterator[Line]:
    yield "；".join(w.address for w in c.windows), c.office_hours or "", "、".join(c.consult_phones)


def _deficiency(c: ItemContent) -> Iterator[Line]:
    said, names = c.deficiency, {m.id: m.name for m in c.materials}
    if said:
        later = "、".join(names.get(m, m) for m in said.materials)
        yield later or "未写明", labels.days(said.days, said.unit), said.overdue or "未写明"


def _commitment(c: ItemContent) -> Iterator[Line]:
    said = c.commitment
    if said:
        yield (
            said.content or "未写明", said.legal_liability or "未写明", said.supervision or "未写明",
            f"{said.post_check_days} 日内" if said.post_check_days else "未写明",
        )  # fmt: skip


def _cross(c: ItemContent) -> Iterator[Line]:
    how = "收件的大厅受理并推送，由本地部门办理，结果寄回收件的大厅" if c.is_in_hall else "由本地部门网上办理"
    yield c.cross_region_scope or "", how, "、".join(c.consult_phones)


def _within(scope: str) -> Callable[[Sought], QuerySet[Any]]:
    return _of_items(Q(cross_scope__in=cross.REACH[scope]))


def _recognised(sought: Sought) -> QuerySet[Any]:
    listed = [code for one in cross.agreements() if one.includes(settings.SITE_REGION) for code in one.items]
    return _items(sought, Q(catalog_item_id__in=listed))


def _recognised_lines(item: ImplementationItem) -> Iterator[Shown]:
    for one in cross.agreements():
        if item.catalog_item_id in one.items and one.includes(item.region_id):
            yield Shown(
                item.name,
                item.impl_code,
                guide_url(item),
                item.org.short_name or item.org.name,
                (one.name, one.source),
            )


def _powers(sought: Sought) -> QuerySet[Any]:
    rows = PowerListItem.objects.filter(status=PowerListItem.Status.ACTIVE, org__region_id__startswith=here())
    if sought.dept:
        rows = rows.filter(org__code=sought.dept)
    if sought.q:
        rows = rows.filter(Q(name__icontains=sought.q.strip()) | Q(code__istartswith=sought.q.strip()))
    published = ImplementationItem.objects.published().order_by("level", "slug")
    return rows.select_related("org").prefetch_related(Prefetch("items", published, to_attr="published")).order_by(
        "org__order", "org__code", "code"
    )  # fmt: skip


def standing_of_link(entry: PowerListItem) -> str:
    """Whether the link could be opened, in words."""
    if not entry.url:
        return "没有填写链接"
    if entry.checked_at is None:
        return "链接还没有检查"
    return entry.finding


def _power_lines(entry: PowerListItem) -> Iterator[Shown]:
    linked: Sequence[ImplementationItem] = entry.published  # type: ignore[attr-defined]
    names = list(dict.fromkeys(i.name for i in linked))
    said = "、".join(names[:5]) + (f" 等 {len(names)} 个事项" if len(names) > 5 else "")
    yield Shown(
        entry.name, entry.code, guide_url(linked[0]) if linked else (entry.url if entry.is_reachable else ""), entry.org.short_name or entry.org.name,
        (labels.POWER_TYPES.get(entry.item_type, labels.ITEM_TYPES.get(entry.item_type, "")), entry.basis, said or "没有关联办事指南", standing_of_link(entry)),
    )  # fmt: skip


def _negative(sought: Sought) -> QuerySet[Any]:
    rows = NegativeEntry.objects.filter(removed_at=None, item__region_id__startswith=here())
    if sought.dept:
        rows = rows.filter(item__org__code=sought.dept)
    if sought.q:
        rows = rows.filter(item__name__icontains=sought.q.strip())
    return rows.select_related("item__org").order_by("item__org__order", "item__slug")


def _negative_lines(entry: NegativeEntry) -> Iterator[Shown]:
    item = entry.item
    yield Shown(
        item.name, item.impl_code, guide_url(item), item.org.short_name or item.org.name,
        (entry.reason, entry.document_number or "无", f"{entry.listed_at:%Y-%m-%d}"),
    )  # fmt: skip


KINDS: dict[str, ListKind] = {
    kind.slug: kind
    for kind in (
        ListKind(
            "power", "权责清单", "各部门依法行使的权力和承担的责任，以及在哪份办事指南里可以办。", "中办发〔2015〕21号",
            ("权力类型", "依据", "关联的办事指南", "链接"), _powers, _power_lines, "权责事项",
        ),
        ListKind(
            "hall", "进驻大厅事项清单", "可以到政务服务大厅窗口办理的事项，以及在哪个窗口、什么时间办。", "国办发〔2016〕23号",
            ("办理地点", "办理时间", "咨询电话"), _of_items(Q(is_in_hall=True)), _lines(_hall),
        ),
        ListKind(
            "negative", "不进驻大厅负面清单", "不在大厅办理的事项和原因。清单以外的事项都应当进驻。", "国办发〔2016〕23号",
            ("不进驻的原因", "依据文号", "列入日期"), _negative, _negative_lines,
        ),
        ListKind(
            "deficiency", "容缺受理清单", "主要材料齐全时可以先受理，所列材料在期限内补齐。", "国发〔2022〕5号",
            ("可以后补的材料", "补齐期限", "逾期不补的后果"), _of_items(Q(is_deficiency=True)), _lines(_deficiency),
        ),
        ListKind(
            "commitment", "告知承诺清单", "申请人书面承诺符合条件，就不再要求提交有关证明的事项。", "国办发〔2020〕42号",
            ("承诺的内容", "承诺不实的责任", "承诺后的监管", "核查期限"), _of_items(Q(is_commitment=True)), _lines(_commitment),
        ),
        ListKind(
            "intermediary", "中介服务清单", "办理时需要中介服务的事项。清单以外不得要求申请人委托中介。", "国办发〔2015〕31号",
            ("中介服务", "依据", "机构"), _of_items(Q(has_intermediary=True)), _lines(_intermediaries),
        ),
        ListKind(
            "special", "特别程序清单", "听证、检验、检测、专家评审等所需时间另外计算的程序。", "行政许可法第四十五条",
            ("程序", "所需时间", "期限计算", "依据"), _of_items(Q(has_special=True)), _lines(_special),
        ),
        ListKind(
            "cross-city", "全市通办事项清单", "在本盟市任何一个政务服务大厅都可以提交的事项。", cross.LAW,
            ("通办范围", "怎样办", "咨询电话"), _within(cross.COUNTY), _lines(_cross),
        ),
        ListKind(
            "cross-region", "全区通办事项清单", "在自治区内任何一个政务服务大厅都可以提交的事项。", cross.LAW,
            ("通办范围", "怎样办", "咨询电话"), _within(cross.REGION), _lines(_cross),
        ),
        ListKind(
            "cross-province", "跨省通办事项清单", "在外省区的政务服务大厅也可以提交的事项。", cross.LAW,
            ("通办范围", "怎样办", "咨询电话"), _within(cross.NATION), _lines(_cross),
        ),
        ListKind(
            "recognised", "互办互认事项清单", "与其他地方签有互办互认协议的事项。没有列出的，按通办范围办理。", cross.LAW,
            ("协议", "来源"), _recognised, _recognised_lines,
        ),
    )
}  # fmt: skip


def units() -> list[tuple[str, str]]:
    """Units whose items are public here, for a select box."""
    rows = Org.objects.filter(
        pk__in=ImplementationItem.objects.published().filter(region_id__startswith=here()).order_by().values("org_id")
    )
    return list(rows.order_by("order", "code").values_list("code", "short_name"))


def counts() -> dict[str, int]:
    """How many rows each list has, in four statements."""
    shown = ImplementationItem.objects.published().filter(region_id__startswith=here()).order_by()
    from django.db.models import Count

    flags = {"hall": "is_in_hall", "deficiency": "is_deficiency", "commitment": "is_commitment",
             "intermediary": "has_intermediary", "special": "has_special"}  # fmt: skip
    scopes = {"cross-city": cross.COUNTY, "cross-region": cross.REGION, "cross-province": cross.NATION}
    wanted = {slug: Q(**{flag: True}) for slug, flag in flags.items()}
    wanted |= {slug: Q(cross_scope__in=cross.REACH[scope]) for slug, scope in scopes.items()}
    found = shown.aggregate(**{slug.replace("-", "_"): Count("pk", filter=which) for slug, which in wanted.items()})
    found = {slug.replace("_", "-"): n for slug, n in found.items()}
    return {
        **found, "recognised": _recognised(Sought()).order_by().count(), "power": PowerListItem.objects.filter(status="active", org__region_id__startswith=here()).count(),
        "negative": NegativeEntry.objects.filter(removed_at=None, item__region_id__startswith=here()).count(),
    }  # fmt: skip
