"""The task list of 2021 (002): its main goals over items and its 24 rows, row by row."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from siban.kernel.measures import Count, Measure, Mend, Ratio, Total

from ..models import PowerListItem, PublishedMaterial
from ..rules import APPLIED_POWERS, PUBLIC_SERVICE
from .goals import ON_PLATFORM, base_items, claimed_items, share
from .table import FULL_ONLINE, INSTANT, ONLINE, WITH_LIMITS, published_items

S002 = "锡林郭勒盟2021年“一网办”实施方案（002）"
TABLE = "锡林郭勒盟2021年“一网办”任务清单（002）第 {} 行"
WIDE = ("league_or_city", "county", "department")

ONE_NET_002 = share(
    "one_net_90_002", "ITEM-140", "一网通办事项占比", Q(is_on_platform=True), "可网上办理且统一平台可办的事项数", source=S002,
    category="主要目标", level=("league_or_city",), mends=(*ONLINE.mends, ON_PLATFORM),
)  # fmt: skip
SCENARIOS_002 = share(
    "scenario_item_ratio_002", "ITEM-141", "情形化梳理事项占比", Q(has_situations=True), "按情形给出材料的事项数", source=S002,
    category="事项标准化", level=("league_or_city", "county"), mends=(Mend("按办理情形拆分，给出每种情形的材料", Q(has_situations=False), 4),),
)  # fmt: skip
PUBLISH = (
    Mend("认领、编制并发布办事指南", Q(version=None), 4),
    Mend("恢复办理", Q(is_suspended=True) | Q(state="suspended"), 2),
    Mend("补写指南发布时间（重新发布）", Q(version__isnull=False, has_guide=False), 1),
)
IN_FORCE = Q(version__isnull=False, is_suspended=False, has_guide=True) & ~Q(state="suspended")


def _published(slug: str, code: str, title: str, source: str, category: str) -> tuple[Ratio, Ratio]:
    """办事指南发布: of the items in force, and of all items a unit has to publish."""
    first = share(
        slug, code, title, Q(has_guide=True), "有指南发布时间的事项数", source=source, category=category, level=WIDE, variant="分母为已发布事项",
        mends=(Mend("补写指南发布时间（重新发布）", Q(has_guide=False), 1),),
    )  # fmt: skip
    second = share(
        f"{slug}_of_claimed", f"{code}A", title, IN_FORCE, "指南已发布的事项数", source=source, category=category, rows=claimed_items,
        denominator="依申请的应发布事项数（不含已取消）", level=WIDE, variant_of=slug, variant="分母为全部应发布事项", mends=PUBLISH,
    )  # fmt: skip
    return first, second


GUIDES_002 = _published("guide_published_ratio_002", "ITEM-142", "办事指南网上发布率", S002, "不见面办事")

T01 = Total(
    slug="t002_01_time_reduction", code="T002-01", title="减时间", words="1 − Σ承诺时限 ÷ Σ法定时限", source=TABLE.format(1),
    category="附表 在线服务成效度", rows=published_items, out_of=WITH_LIMITS, of="legal_days", minus="promised_days", level=WIDE,
    numerator="Σ法定时限 − Σ承诺时限", denominator="Σ法定时限",
)  # fmt: skip
T02 = share(
    "t002_02_instant_ratio", "T002-02", "即办程度", Q(case_type="instant"), "即办件事项数", source=TABLE.format(2),
    category="附表 在线服务成效度", level=WIDE, mends=INSTANT.mends,
)  # fmt: skip
T03 = _published("t002_03_info_published", "T002-03", "信息发布", TABLE.format(3), "附表 办理成熟度")
T04 = share(
    "t002_04_prereview_ratio", "T002-04", "材料预审（II级）", Q(online_depth__gte=2), "网办深度 II 级及以上的事项数", source=TABLE.format(4),
    category="附表 办理成熟度", level=WIDE, note="累进口径", mends=(Mend("网办深度提高到 II 级", Q(online_depth__lt=2), 2),),
)  # fmt: skip
T05 = share(
    "t002_05_verification_ratio", "T002-05", "材料核验（III级）", Q(online_depth__gte=3), "网办深度 III 级及以上的事项数", source=TABLE.format(5),
    category="附表 办理成熟度", level=WIDE, note="累进口径；原表此行名称缺失，按正文补名", mends=(Mend("网办深度提高到 III 级", Q(online_depth__lt=3), 2),),
)  # fmt: skip
T06 = share(
    "t002_06_full_online_ratio", "T002-06", "全程网办（IV级）", Q(online_depth__gte=4), "网办深度 IV 级的事项数", source=TABLE.format(6),
    category="附表 办理成熟度", level=WIDE, note="累进口径", mends=FULL_ONLINE.mends[:1],
)  # fmt: skip


def powers() -> QuerySet[Any]:
    """Entries in force of the power list that are exercised on application (依申请六类), with whether a guide is linked and shown."""
    links = PowerListItem.items.through.objects.filter(powerlistitem_id=OuterRef("pk"))
    shown = links.filter(
        ~Q(implementationitem__state__in=["suspended", "cancelled"]),
        implementationitem__version__isnull=False,
        implementationitem__is_suspended=False,
    )
    rows = PowerListItem.objects.filter(status="active", item_type__in=sorted(APPLIED_POWERS))
    return rows.annotate(region_id=F("org__region_id"), is_linked=Exists(links), is_shown=Exists(shown))


T07 = Ratio(
    slug="t002_07_applied_power_guide_published", code="T002-07", title="依申请事项办事指南发布数量",
    words="有已发布办事指南的依申请六类权责清单条目 ÷ 依申请六类权责清单条目", source=TABLE.format(7), category="附表 事项覆盖度/办事指南发布情况",
    rows=powers, counts=Q(is_shown=True), unit="权责清单条目", level=WIDE, numerator="有已发布办事指南的条目数", denominator="依申请六类权责清单条目数",
    mends=(Mend("发布对应事项的办事指南并关联", Q(is_shown=False), 4),),
)  # fmt: skip
T08 = Count(
    slug="t002_08_public_service_guides", code="T002-08", title="公共服务事项办事指南发布数量", words="每个部门已发布的公共服务事项办事指南数",
    source=TABLE.format(8), category="附表 事项覆盖度/办事指南发布情况", rows=published_items, out_of=Q(item_type=PUBLIC_SERVICE), level=("department",),
    numerator="已发布的公共服务事项数", note="目标是对每个部门的要求",
)  # fmt: skip
T09 = Ratio(
    slug="t002_09_power_list_link_rate", code="T002-09", title="权责清单与政务服务事项办事指南关联度",
    words="已关联办事指南的依申请六类权责清单条目 ÷ 依申请六类权责清单条目", source=TABLE.format(9), category="附表 事项覆盖度",
    rows=powers, counts=Q(is_linked=True), unit="权责清单条目", level=("department", "county"), numerator="已关联事项的条目数",
    denominator="依申请六类权责清单条目数", mends=(Mend("关联对应的事项", Q(is_linked=False), 1),),
)  # fmt: skip
T10 = Ratio(
    slug="t002_10_element_uniform", code="T002-10", title="要素规范统一", words="各级名称、编码、依据、类型一致的基本目录事项 ÷ 有实施清单的基本目录事项",
    source=TABLE.format(10), category="附表 事项覆盖度/事项标准化程度", rows=base_items, counts=Q(ways_basic__lte=1), unit="基本目录事项",
    level=("league_or_city",), numerator="各级名称、编码、依据、类型一致的基本目录事项数", denominator="已发布实施清单的基本目录事项数",
    mends=(Mend("下级的名称、编码、依据、类型改为与上级一致", Q(ways_basic__gt=1), 1),),
)  # fmt: skip
T11 = share(
    "t002_11_refined_scenario_ratio", "T002-11", "精细化梳理成果推广复用", Q(has_situations=True), "按提交情形分类展示材料的办事指南数",
    source=TABLE.format(11), category="附表 事项覆盖度/精细化梳理程度", level=("league_or_city", "county"), mends=SCENARIOS_002.mends,
)  # fmt: skip


def _row(
    number: int, slug: str, title: str, column: str, numerator: str, mend: str, group: str = "基本信息", **said: Any
) -> Measure:
    """One row of 指南准确度: every item has to pass."""
    return share(
        f"t002_{number}_{slug}", f"T002-{number}", title, Q(**{column: True}), numerator, source=TABLE.format(number),
        category=f"附表 指南准确度/{group}", level=("item",), mends=(Mend(mend, Q(**{column: False}), 1),), **said,
    )  # fmt: skip


ACCURACY = (
    _row(12, "legal_limit_labelled", "法定办结时限", "says_legal_limit", "写明法定期限和单位的事项数", "写明法定期限，是工作日还是自然日"),
    _row(13, "promised_limit_labelled", "承诺办结时限", "says_promised_limit", "写明承诺期限和单位的事项数", "写明承诺期限，是工作日还是自然日"),
    _row(14, "address_complete", "办理地点", "says_address", "办理地点写到街道、门牌、房间、窗口的事项数", "写全街道、门牌号、房间号、窗口号"),
    _row(15, "office_hours", "办理时间", "says_hours", "办理时间写得规范的事项数", "按“星期一至星期五：09:00-17:00”的格式写办理时间"),
    _row(16, "consult_phone", "咨询方式", "says_phone", "有可以拨打的咨询电话的事项数", "填写可以拨打的咨询电话"),
    _row(17, "intermediary_basis", "中介服务", "says_intermediary", "写明有无中介服务、有的写明依据的事项数", "写明有无中介服务，有的逐项写明依据", note="原表此行名称缺失，按内容补名"),
    _row(18, "material_source", "材料来源", "says_sources", "每份材料写明来源或者出具单位的事项数", "写明材料来源，政府部门核发的写明出具单位", "申请材料", note="原表此行名称缺失，按内容补名"),
    _row(19, "material_count", "数量要求", "says_counts", "每份材料写明份数的事项数", "写明材料份数", "申请材料"),
    _row(20, "material_kind_medium", "类型和形式", "says_kinds", "每份材料写明类型和形式的事项数", "写明原件还是复印件、纸质还是电子", "申请材料"),
    _row(21, "process", "办理流程", "says_process", "每个环节写明时限、标准、结果的事项数", "补全办理环节的时限、审批标准、办理结果", "办理流程"),
)  # fmt: skip
T22 = share(
    "t002_22_onsite_visits", "T002-22", "到办事现场次数", Q(onsite_visits__gte=0), "写明到现场次数的事项数", source=TABLE.format(22),
    category="附表 指南准确度/办理流程", level=("item",), mends=(Mend("写明到现场次数", Q(onsite_visits=None), 1),),
)  # fmt: skip


def materials() -> QuerySet[Any]:
    """Materials of the published items on application."""
    return PublishedMaterial.objects.filter(is_applied_service=True)


def _of_materials(
    slug: str, code: str, title: str, counts: Q, numerator: str, out_of: Q, denominator: str, mend: str, **said: Any
) -> Ratio:
    return Ratio(
        slug=slug, code=code, title=title, words=f"{numerator} ÷ {denominator}", rows=materials, out_of=out_of, counts=counts,
        numerator=numerator, denominator=denominator, unit="材料", mends=(Mend(mend, ~counts, 2),), **said,
    )  # fmt: skip


FORMS = Q(is_form=True)
T23 = _of_materials(
    "t002_23_blank_form", "T002-23", "空表下载服务", Q(has_blank_form=True), "有空白表的填写类材料数", FORMS, "需要申请人填写的材料数", "上传空白表",
    source=TABLE.format(23), category="附表 指南准确度/表格及样表下载", level=("item", "department"),
)  # fmt: skip
T24 = _of_materials(
    "t002_24_sample_form", "T002-24", "样表下载服务", Q(has_sample_form=True), "有样表的填写类材料数", FORMS, "需要申请人填写的材料数", "上传填好的样表",
    source=TABLE.format(24), category="附表 指南准确度/表格及样表下载", level=("item", "department"),
)  # fmt: skip
LINKED = _of_materials(
    "material_ecert_link_ratio", "MAT-100", "材料关联电子证照率", Q(is_linked=True), "已关联电子证照的材料数", Q(is_callable=True),
    "可由可调用电子证照替代的材料数", "给材料关联电子证照", source="鄂温克旗2023年整改通知（000）附件2", category="一网办指标",
    level=("department", "township", "item"), note="可替代：材料、标准材料关联了可调用的证照类型，或者名称与可调用证照相同",
)  # fmt: skip
