"""Checks of online handling: depth, visits, addresses, payment and post."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import EMPTY, ITEM, blank, whole

MOST_VISITS = {2: 2, 3: 1, 4: 0}  # 002 附表第 4–6 行
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
BUILD_MODES = ("国垂", "省垂", "自建")
HOST = r"[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]*[a-z0-9\u4e00-\u9fff])?"
URL = re.compile(rf"https?://{HOST}(?:\.{HOST})+(?::[0-9]{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)


@lru_cache(maxsize=8192)
def proper_url(value: str) -> bool:
    """Whether an address can be opened by a click: http(s), a host with a dot, no blanks."""
    return URL.fullmatch(value) is not None


def fault_of_url(value: object, context: Context) -> str | None:
    """What is wrong with an address, as a clause; asked of the network only when the context can."""
    if value is None or (value.__class__ is str and not value.strip()):
        return "没有填写"
    if value.__class__ is not str or not proper_url(value):
        return f"“{value}”不是可以打开的网址，应以 http:// 或者 https:// 开头"
    probe = context.get("probe")
    if probe is not None and probe.url(value) is False:
        return f"“{value}”打不开"
    return None


def trimmed_url(item: Any, found: Found) -> Mapping[str, object]:
    """Blanks around an address are dropped: they change nothing of where it leads."""
    value = found.value
    if isinstance(value, str) and value != value.strip() and proper_url(value.strip()):
        return {found.path: value.strip()}
    return {}


@ITEM.check(
    "R05", "网办深度与到现场次数一致", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 4、5、6 行（材料预审、材料核验、全程网办）",
    mend="II 级到现场不超过 2 次，III 级不超过 1 次，IV 级为 0 次；做不到的，改低网办深度。",
    example=Example(
        good={"online": {"online_depth": 3, "onsite_visits": 1}}, bad={"online": {"online_depth": 4, "onsite_visits": 1}}
    ),
)  # fmt: skip
def depth_and_visits_agree(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """到现场次数超过网办深度允许的次数。"""
    online = item.get("online") or EMPTY
    depth, visits = online.get("online_depth"), online.get("onsite_visits")
    if depth.__class__ is not int or depth not in ROMAN:
        yield Found(
            "online.online_depth",
            depth,
            f"网办深度“{depth}”应为 1 至 4。" if depth is not None else "没有写网办深度。",
        )
    elif depth > 1 and visits is not None and whole(visits) and visits > MOST_VISITS[depth]:
        yield Found(
            "online.onsite_visits", visits,
            f"{ROMAN[depth]} 级网办到现场最多 {MOST_VISITS[depth]} 次，现为 {visits} 次。",
        )  # fmt: skip


@ITEM.check(
    "R23", "写明到现场次数和原因", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 22 行（到办事现场次数）",
    mend="填写申请人要到现场几次（不用去填 0）；要去的，写明必须现场办理的原因。",
    example=Example(
        good={"online": {"onsite_visits": 1, "onsite_reason": "核验原件"}}, bad={"online": {"onsite_visits": 1}}
    ),
)  # fmt: skip
def visits_are_said(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """没有写到现场次数，或者要到现场却没有写原因。"""
    online = item.get("online") or EMPTY
    visits = online.get("onsite_visits")
    if visits is None:
        yield Found("online.onsite_visits", None, "没有填写到现场次数。")
    elif not whole(visits):
        yield Found("online.onsite_visits", visits, f"到现场次数“{visits}”不是非负整数。")
    elif visits and blank(online.get("onsite_reason")):
        yield Found("online.onsite_reason", online.get("onsite_reason"), f"要到现场 {visits} 次，但没有写原因。")


@ITEM.check(
    "R28", "全程网办真能全程网办", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 6 行（IV 级：网上提交、网上缴费、物流递送结果）",
    mend="补上网办地址；收费的开通网上支付；有结果要领的开通物流寄送。做不到的，改低网办深度。",
    example=Example(
        good={"online": {"online_depth": 4, "portal_url": "https://zwfw.example.org/a", "is_express": True,
                         "mail_result": True}, "result": {"type": "证照"}},
        bad={"online": {"online_depth": 4, "portal_url": "https://zwfw.example.org/a", "is_express": False,
                        "mail_result": False}, "result": {"type": "证照"}},
    ),
)  # fmt: skip
def full_online_is_full(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """全程网办却没有网办地址、不能网上缴费或者不能寄送结果。"""
    online = item.get("online") or EMPTY
    if online.get("online_depth") != 4:
        return
    if blank(online.get("portal_url")):
        yield Found("online.portal_url", online.get("portal_url"), "全程网办但没有网办地址。")
    if (item.get("charging") or EMPTY).get("is_charging") is True and not online.get("is_online_payment"):
        yield Found("online.is_online_payment", online.get("is_online_payment"), "全程网办且收费，但不能网上支付。")
    if (item.get("result") or EMPTY).get("type") in ("证照", "批文", "其他"):
        for name in ("is_express", "mail_result"):
            if not online.get(name):
                yield Found(f"online.{name}", online.get(name), "全程网办，但结果不能用物流寄送，还要到现场领取。")
                return


@ITEM.check(
    "R29", "网办地址打得开，系统建设方式写明", "W",
    source="鄂温克旗2023年整改通知（000）自查要求（系统建设方式、网办跳转地址）",
    mend="填写以 http:// 或者 https:// 开头、能打开的网址；使用部门系统的，写明国垂、省垂或者自建。",
    example=Example(
        good={"online": {"online_depth": 2, "portal_url": "https://zwfw.example.org/a"}},
        bad={"online": {"online_depth": 2, "portal_url": "zwfw.example.org/a"}},
    ),
    fix=trimmed_url,
)  # fmt: skip
def online_addresses_open(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """网办跳转地址、掌上办地址或者部门系统地址打不开，或者没有写系统建设方式。"""
    online = item.get("online") or EMPTY
    depth = online.get("online_depth")
    if online.get("is_online") or (depth.__class__ is int and depth >= 2):
        url = online.get("portal_url")
        if not (depth == 4 and blank(url)) and (fault := fault_of_url(url, context)):  # IV 级没有网址是 R28
            yield Found("online.portal_url", url, f"网办跳转地址{fault}。")
    if online.get("is_mobile") and (fault := fault_of_url(online.get("mobile_url"), context)):
        yield Found("online.mobile_url", online.get("mobile_url"), f"掌上办地址{fault}。")
    if online.get("via_dept_system"):
        if fault := fault_of_url(online.get("dept_system_url"), context):
            yield Found("online.dept_system_url", online.get("dept_system_url"), f"部门业务系统地址{fault}。")
        if online.get("build_mode") not in BUILD_MODES:
            yield Found(
                "online.build_mode", online.get("build_mode"), "使用部门业务系统，但没有写明国垂、省垂还是自建。"
            )


@ITEM.check(
    "R31", "不用跑又不能网办的，要能邮寄", "E",
    source="温州市事项质检规则（公开）",
    mend="到现场 0 次又不能网办的，开通材料邮寄（有结果要领的也要能寄回）；否则写明实际到现场次数。",
    example=Example(
        good={"online": {"is_online": False, "online_depth": 1, "onsite_visits": 0, "mail_material": True,
                         "mail_result": True}},
        bad={"online": {"is_online": False, "online_depth": 1, "onsite_visits": 0, "mail_material": False}},
    ),
)  # fmt: skip
def zero_visits_are_possible(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """到现场 0 次，却既不能网办也不能邮寄。"""
    online = item.get("online") or EMPTY
    depth = online.get("online_depth")
    if online.get("onsite_visits") != 0 or (online.get("is_online") and depth.__class__ is int and depth >= 2):
        return
    if not online.get("mail_material"):
        yield Found("online.mail_material", online.get("mail_material"), "到现场 0 次，却不能网办，材料也不能邮寄。")
    elif (item.get("result") or EMPTY).get("type") in ("证照", "批文", "其他") and not online.get("mail_result"):
        yield Found("online.mail_result", online.get("mail_result"), "到现场 0 次，却不能网办，结果也不能邮寄。")
