"""Checks of an item among others: published everywhere, the same as above it, once only, in the power list."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .. import rules
from .declared import IN_FORCE, ITEM, UNIT, blank
from .differing import places_that_differ
from .online import fault_of_url, trimmed_url

ENDS = {"pc": "电脑端", "mobile": "移动端", "window": "窗口", "kiosk": "自助机", "tv": "电视端"}  # 五端同源
ENOUGH_GUIDES = 20  # 002 附表第 8 行
WORDS = {"name": "名称", "basic_code": "基本编码", "item_type": "事项类型", "sub_type": "事项子类"}
CEASED = {"suspended": "已暂停", "cancelled": "已取消"}


@ITEM.check(
    "R04", "已发布的有发布时间", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 3 行（信息发布）",
    mend="通过平台发布，发布时间由系统填写；没有发布的，状态改为草稿。",
    example=Example(
        good={"status": "published", "guide_published_at": "2025-09-01"}, bad={"status": "published"}
    ),
)  # fmt: skip
def published_when(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """状态是已发布，却没有指南发布时间。"""
    if item.get("status") == IN_FORCE and blank(item.get("guide_published_at")):
        yield Found("guide_published_at", item.get("guide_published_at"), "状态为已发布，但没有指南发布时间。")


@ITEM.check(
    "R06", "依申请六类权力有已发布的指南", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 7 行（依申请事项办事指南发布数量）",
    mend="发布这个事项的办事指南。",
    example=Example(
        good={"status": "published", "item_type": "01", "guide_published_at": "2025-09-01"},
        bad={"status": "published", "item_type": "01", "guide_published_at": None},
    ),
)  # fmt: skip
def powers_have_guides(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """依申请六类行政权力事项没有发布办事指南。"""
    if item.get("status") == IN_FORCE and blank(item.get("guide_published_at")):
        if item.get("item_type") in rules.APPLIED_POWERS:
            yield Found(
                "guide_published_at", item.get("guide_published_at"), "依申请的行政权力事项，办事指南还没有发布。"
            )


@UNIT.check(
    "R07", "部门公共服务指南不少于 20 个", "W",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 8 行（公共服务事项办事指南发布数量）",
    mend="梳理本部门和所属单位的公共服务，补齐办事指南。",
    example=Example(good={"id": "civil_affairs", "public_guides": 20}, bad={"id": "civil_affairs", "public_guides": 3}),
)  # fmt: skip
def enough_public_service_guides(unit: dict[str, Any], context: Context) -> Iterator[Found]:
    """部门已发布的公共服务指南不足 20 个。"""
    count = unit["public_guides"]
    if count < ENOUGH_GUIDES:
        yield Found("department", count, f"已发布公共服务指南 {count} 个，不足 {ENOUGH_GUIDES} 个。")


@ITEM.check(
    "R08", "已关联权责清单，链接能打开", "W",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 9 行（权责清单与政务服务事项办事指南关联度）",
    mend="关联权责清单条目，填写能直接打开的链接。",
    example=Example(
        good={"item_type": "01", "power_list": [{"id": "PL-1", "url": "https://zwfw.example.org/power/1"}]},
        bad={"item_type": "01", "power_list": [{"id": "PL-1", "url": "#"}]},
    ),
    fix=trimmed_url,
)  # fmt: skip
def power_list_is_linked(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """依申请六类行政权力没有关联权责清单，或者链接打不开。"""
    links = item.get("power_list")
    if not links:
        if item.get("item_type") in rules.APPLIED_POWERS:
            yield Found("power_list", links, "没有关联权责清单。")
        return
    for index, link in enumerate(links):
        if blank(link.get("id")):
            yield Found(f"power_list[{index}].id", link.get("id"), f"第 {index + 1} 条权责清单没有编号。")
        if fault := fault_of_url(link.get("url"), context):
            yield Found(f"power_list[{index}].url", link.get("url"), f"权责清单链接{fault}。")


@ITEM.check(
    "R09", "与上级事项和基本目录一致", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 10 行（要素规范统一）；国发〔2022〕5号（三级同标准）",
    mend="改回与上级相同的内容；确实要改的，向上级事项的部门提出，由上级统一改。",
    needs=("base",),
    example=Example(
        good={"name": "高龄津贴申领", "consult_phones": ["0470-0000201"]}, bad={"name": "高龄津贴申领受理"},
        context={"base": {"name": "高龄津贴申领"}},
    ),
)  # fmt: skip
def same_as_above(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """名称、编码、依据、类型、材料等与上级事项或者基本目录不一致。"""
    base = context["base"]
    if base is not None:
        for name in rules.LOCKED:
            mine, above = item.get(name), base.get(name)
            if mine != above:
                for path, value, why in places_that_differ(name, mine, above):
                    yield Found(path, value, f"与上级事项不一致：{why}。")
    catalogue = context.get("catalogue")
    if catalogue is not None and catalogue is not base:
        for name, above in catalogue.items():
            if above != (item.get(name) or "") and not (base and base.get(name) != item.get(name)):
                here = f"这里是“{item.get(name) or ''}”"
                yield Found(name, item.get(name), f"{WORDS.get(name, name)}与基本目录“{above}”不一致，{here}。")


def _same_version(item: Any, found: Found) -> Mapping[str, object]:
    """The ends show one and the same published version, whose number the item carries."""
    version = item.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not isinstance(item.get("guide_versions"), dict):
        return {}
    if found.path != "guide_versions":
        return {found.path: version}
    return {f"guide_versions.{end}": version for end in ENDS if item["guide_versions"].get(end) != version}


@ITEM.check(
    "R35", "五端指南是同一版", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）；伊政发〔2024〕61号（004）：五端同源",
    mend="重新发布，五端一起换成现行版本。",
    example=Example(
        good={"status": "published", "version": 2, "guide_versions": dict.fromkeys(ENDS, 2)},
        bad={"status": "published", "version": 2, "guide_versions": {**dict.fromkeys(ENDS, 2), "kiosk": 1}},
    ),
    fix=_same_version,
)  # fmt: skip
def five_ends_one_version(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """各端的指南版本号不同。"""
    if item.get("status") != IN_FORCE:
        return
    said, version = item.get("guide_versions"), item.get("version")
    if not said:
        yield Found("guide_versions", said, "已发布，但没有各端指南的版本号。")
        return
    numbers = [said.get(end) for end in ENDS]
    right = version if version in numbers else Counter(map(str, numbers)).most_common(1)[0][0]
    odd = [end for end, number in zip(ENDS, numbers, strict=True) if str(number) != str(right)]
    for end in odd:
        shown = said.get(end)
        what = "没有版本号" if shown is None else f"是第 {shown} 版"
        yield Found(f"guide_versions.{end}", shown, f"{ENDS[end]}的指南{what}，其他端是第 {right} 版。")
    if not odd and version is not None and str(right) != str(version):
        yield Found("guide_versions", said, f"各端的指南是第 {right} 版，现行是第 {version} 版。")


@ITEM.check(
    "R36", "基本目录停用的事项不再发布", "E",
    source="平台规定；国发〔2022〕5号（动态管理）",
    mend="基本目录已取消的，取消本级事项；已暂停的，暂停本级事项。",
    needs=("catalogue_status",),
    example=Example(
        good={"status": "cancelled"}, bad={"status": "published"}, context={"catalogue_status": "cancelled"}
    ),
)  # fmt: skip
def catalogue_is_in_force(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """基本目录已取消或者暂停，本级还在发布。"""
    if item.get("status") == IN_FORCE and (said := CEASED.get(context["catalogue_status"])):
        yield Found("status", IN_FORCE, f"基本目录{said}，本级还在发布。")


@ITEM.check(
    "R38", "同一目录一个单位只有一条在用清单", "W",
    source="平台规定",
    mend="取消重复的清单；确是不同业务的，分别编业务办理项编码。",
    needs=("siblings",),
    example=Example(
        good={"status": "published", "handling_code": "11150724MB0E001695415017600100001"},
        bad={"status": "published", "handling_code": None}, context={"siblings": {"education.copy": None}},
    ),
)  # fmt: skip
def once_in_a_unit(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """同一单位对同一基本目录有多条在用清单，又没有业务办理项区分。"""
    siblings = context["siblings"]
    if not siblings or item.get("status") != IN_FORCE:
        return
    mine = item.get("handling_code") or None
    same = [name for name, theirs in siblings.items() if mine is None or (theirs or None) == mine]
    if same:
        yield Found("basic_code", item.get("basic_code"), f"本单位对这个基本编码还有在用清单：{'、'.join(same)}。")
