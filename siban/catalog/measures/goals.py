"""Figures over items that documents 000, 001 and 003 ask for besides the columns of 《一网通办指标统计表》."""

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from siban.kernel.measures import Count as CountOf
from siban.kernel.measures import Measure, Mend, Ratio, Total, Weighted

from ..models import CatalogItem, ImplementationItem, NegativeEntry
from .table import (
    ALL,
    APPLIED,
    CERT_FREE,
    FULL_ONLINE,
    INSTANT,
    MOBILE,
    ONLINE,
    WITH_LIMITS,
    ZERO_VISITS,
    published_items,
)

S000 = "鄂温克旗2023年整改通知（000）"
S001 = "乌审旗2023年标准化规范化便利化实施方案（001）"
S003 = "东胜区2022年第一季度工作总结（003）"


def share(slug: str, code: str, title: str, counts: Q, numerator: str, **said: Any) -> Ratio:
    """A share of the published items on application."""
    said.setdefault("denominator", ALL)
    said.setdefault("out_of", APPLIED)
    said.setdefault("rows", published_items)
    return Ratio(
        slug=slug, code=code, title=title, words=f"{numerator} ÷ {said['denominator']}", counts=counts,
        numerator=numerator, **said,
    )  # fmt: skip


def claimed_items() -> QuerySet[Any]:
    """Items a unit was assigned and has to publish: everything but what was cancelled."""
    return ImplementationItem.objects.exclude(state="cancelled")


def extended_items() -> QuerySet[Any]:
    """Published banner items whose base item is exercised in sumus or gachas as well (向基层延伸)."""
    below = Q(catalog_item__exercise_levels__contains=[5]) | Q(catalog_item__exercise_levels__contains=[6])
    return ImplementationItem.objects.published().filter(below, level__lte=4)


def base_items() -> QuerySet[Any]:
    """基本目录事项 with a published implementation, each counted once, for the unit of its highest implementation."""
    published = ImplementationItem.objects.published().filter(catalog_item=OuterRef("pk")).order_by()

    def different(column: str, *, nothing: Any = "") -> Any:
        counted = published.exclude(**{column: nothing})
        of_one = counted.values("catalog_item").annotate(n=Count(column, distinct=True)).values("n")
        return Coalesce(Subquery(of_one), 0)

    home = published.order_by("level", "slug")
    return CatalogItem.objects.annotate(
        org_id=Subquery(home.values("org_id")[:1]), region_id=Subquery(home.values("region_id")[:1]),
        levels_implemented=different("level", nothing=None), ways_locked=different("locked_hash"), ways_basic=different("basics_hash"),
    ).filter(org_id__isnull=False)  # fmt: skip


SELF_CHECK = share(
    "item_checklist_selfcheck", "ITEM-120", "实施清单要素自查", Q(is_self_checked=True), "七项自查都做到的事项数", source=S000,
    category="一网办指标", level=("department", "township", "item"),
    note="七项：空表样表、申请材料、办理环节、系统建设方式、网办跳转地址、关联电子证照、勾选免证办",
    mends=(
        Mend("补全材料的来源、份数、类型和形式", Q(says_sources=False) | Q(says_counts=False) | Q(says_kinds=False), 1),
        Mend("补全办理环节的时限、标准、结果", Q(says_process=False), 1),
        Mend("关联电子证照", Q(is_cert_free=True, has_linked_cert=False), 2),
        Mend("勾选免证办", Q(has_callable_material=True, is_cert_free=False), 1),
    ),
)  # fmt: skip
MOBILE_001 = share(
    "mobile_rate_001", "ITEM-121", "掌上办率", Q(is_mobile=True), "支持掌上办的事项数", source=S001, category="工作目标", level=("county",),
    mends=MOBILE.mends,
)  # fmt: skip
ON_PLATFORM = Mend("填写政务服务网地址，跳转部门系统的开通一次登录", Q(is_online=True, is_on_platform=False), 1)
ONE_NET_001 = share(
    "one_net_rate_001", "ITEM-122", "一网通办率", Q(is_on_platform=True), "可网上办理且统一平台可办的事项数", source=S001,
    category="工作目标", level=("county",), note="统一平台可办：有政务服务网办理地址；跳转部门系统的，开通一次登录",
    mends=(*ONLINE.mends, ON_PLATFORM),
)  # fmt: skip
SAME_EVERYWHERE = share(
    "channel_consistency", "ITEM-123", "四端体验一致", Q(is_one_version=True), "各端指南是同一版的事项数", source=S001,
    category="工作目标", level=("county", "item"), mends=(Mend("重新发布，使各端指南同一版", Q(is_one_version=False), 1),),
)  # fmt: skip
CLAIMED = share(
    "item_claim_publish_rate", "ITEM-124", "应认领事项认领发布率",
    Q(version__isnull=False, is_suspended=False) & ~Q(state="suspended"),
    "已发布实施清单的事项数", source=S001, category="标准化", rows=claimed_items, out_of=Q(),
    denominator="本级应认领的事项数（不含已取消）", level=("county", "department", "township", "village"),
    mends=(
        Mend("认领", Q(state="to_claim"), 2), Mend("恢复办理", Q(is_suspended=True) | Q(state="suspended"), 2),
        Mend("编制完成后提交、审核、发布", Q(version=None) & ~Q(state="to_claim"), 4),
    ),
)  # fmt: skip
N_SAME = Ratio(
    slug="three_level_n_same", code="ITEM-125", title="三级N同（要素统一）", words="各级实施清单受控要素一致的基本目录事项 ÷ 有实施清单的基本目录事项",
    source=S001, category="标准化", rows=base_items, counts=Q(ways_locked__lte=1), numerator="各级受控要素校验值只有一个的基本目录事项数",
    denominator="已发布实施清单的基本目录事项数", level=("county", "township", "village"), unit="基本目录事项", variant="全部基本目录事项",
    note="受控要素：名称、编码、类型、依据、受理条件、材料、环节、特别程序、法定时限、结果、情形", mends=(Mend("下级改为与上级一致", Q(ways_locked__gt=1), 2),),
)  # fmt: skip
N_SAME_OF_SEVERAL = Ratio(
    slug="three_level_n_same_of_several", code="ITEM-125L", title="三级N同（要素统一）",
    words="各级实施清单受控要素一致的基本目录事项 ÷ 两级以上有实施清单的基本目录事项",
    source=S001, category="标准化", rows=base_items, out_of=Q(levels_implemented__gt=1), counts=Q(ways_locked__lte=1),
    numerator="各级受控要素校验值只有一个的基本目录事项数", denominator="两级以上已发布实施清单的基本目录事项数", unit="基本目录事项",
    variant_of="three_level_n_same", variant="只计两级以上实施的",
)  # fmt: skip
WITH_WINDOW = share(
    "offline_parallel_service", "ITEM-126", "线上可办事项同步线下窗口率", Q(has_window=True), "可网上办理且有线下窗口的事项数", source=S001,
    category="规范化", out_of=APPLIED & Q(is_online=True), denominator="可网上办理的依申请事项数", level=("item", "county"),
    mends=(Mend("填写线下办理地点", Q(has_window=False), 1),),
)  # fmt: skip
EXTENDED = share(
    "grassroots_extension_items", "ITEM-127", "向基层延伸事项基层办理率", Q(is_grassroots=True), "写明授权、委托或者代办的事项数", source=S001,
    category="就近办", rows=extended_items, out_of=Q(), denominator="基本目录列明苏木乡镇或者嘎查行使的已发布旗级事项数",
    level=("township", "village"), mends=(Mend("写明基层办理方式：授权、委托或者代办", Q(is_grassroots=False), 2),),
)  # fmt: skip
ONLINE_003 = share(
    "dongsheng_online_ratio", "ITEM-128", "网办占比（实绩）", Q(is_online=True), "可网上办理的事项数", source=S003, category="一网办",
    level=("county",), mends=ONLINE.mends,
)  # fmt: skip
ONCE_003 = share(
    "at_most_once_ratio", "ITEM-129", "最多跑一次事项占比（实绩）", Q(onsite_visits__lte=1), "到现场不超过 1 次的事项数", source=S003,
    category="一网办", level=("county",), mends=(Mend("到现场次数减到 1 次以内", ~Q(onsite_visits__lte=1), 4),),
)  # fmt: skip
TIME_003 = Total(
    slug="dongsheng_time_reduction", code="ITEM-130", title="承诺时限压缩比率（实绩）", words="1 − Σ承诺时限 ÷ Σ法定时限", source=S003,
    category="一网办", rows=published_items, out_of=WITH_LIMITS, of="legal_days", minus="promised_days", level=("county",),
    numerator="Σ法定时限 − Σ承诺时限", denominator="Σ法定时限",
)  # fmt: skip


def in_no_hall() -> QuerySet[Any]:
    """Entries of the list of items kept out of the hall."""
    return NegativeEntry.objects.filter(removed_at=None).annotate(
        org_id=F("item__org_id"), region_id=F("item__region_id")
    )


KEPT_OUT = CountOf(
    slug="negative_entry_count", code="ITEM-131", title="不进驻大厅事项数", words="在不进驻大厅负面清单上的事项数", source=S001,
    category="规范化", rows=in_no_hall, unit="清单条目", numerator="负面清单在列的事项数",
)  # fmt: skip


def by_handling(m: Ratio) -> Weighted:
    """The same share with each item counted as often as it has 业务办理项."""
    return Weighted(
        slug=f"{m.slug}_by_handling", code=f"{m.code}H", title=m.title, words=f"{m.words}；按业务办理项计，没有拆分的算一项",
        source=m.source, rows=m.rows, out_of=m.out_of, counts=m.counts, weight="handling_count", variant_of=m.slug,
        variant="按业务办理项计", category=m.category, numerator=f"{m.numerator}（按业务办理项计）",
        denominator=f"{m.denominator}（按业务办理项计）",
    )  # fmt: skip


BY_HANDLING: tuple[Measure, ...] = tuple(
    by_handling(m) for m in (INSTANT, ZERO_VISITS, ONLINE, FULL_ONLINE, MOBILE, CERT_FREE)
)
