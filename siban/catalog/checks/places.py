"""Checks of where and when: windows, office hours, telephones, delayed service."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from siban.kernel.checks import Context, Example, Found
from siban.kernel.codes.phone import CONSULT

from .. import hours, rules
from .declared import ITEM, NO_ROWS, blank

ADDRESS = {"street": "街道", "house_no": "门牌号", "room_no": "房间号", "window_no": "窗口号"}  # 002 附表第 14 行
PUBLIC_LINE = re.compile(r"1[0-9]{4}|9[56][0-9]{3,4}")  # 12315、12388、95598 等公共服务短号
NO_AUTHORITY = "9"  # 实施主体性质“其他”：供电、通信等公用企业（GB/T 39046—2020 A.3）
SHARED_LINES = frozenset({"12345"})  # 便民热线既接受咨询也接受投诉


@ITEM.check(
    "R13", "办理地点写到窗口", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 14 行（办理地点）",
    mend="写全街道、门牌号、房间号、窗口号；没有编号的，给窗口编号后填写。",
    example=Example(
        good={"windows": [{"street": "示例大街", "house_no": "1号", "room_no": "101室", "window_no": "3号窗口"}]},
        bad={"windows": [{"street": "示例大街", "house_no": "1号", "room_no": "101室", "window_no": ""}]},
    ),
)  # fmt: skip
def address_is_complete(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """办理地点缺街道、门牌、房间或者窗口。"""
    windows = item.get("windows")
    if not windows:
        yield Found("windows", windows, "没有填写办理地点。")
        return
    for index, window in enumerate(windows):
        for name, words in ADDRESS.items():
            if blank(window.get(name)):
                yield Found(f"windows[{index}].{name}", window.get(name), f"第 {index + 1} 个办理地点没有{words}。")


def _tidy_hours(item: Any, found: Found) -> Mapping[str, object]:
    """Full-width digits, colons, dashes and blanks: the hours meant are the same."""
    said = hours.mended(found.value)  # type: ignore[arg-type]
    return {} if said is None else {found.path: said}


@ITEM.check(
    "R14", "办理时间写得规范", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 15 行（办理时间）",
    mend="写成“星期一至星期五：上午09:00-12:00，下午13:00-17:00（法定节假日除外）”；夏季、冬季两套作息用“；”分开。",
    example=Example(
        good={"office_hours": "星期一至星期五：09:00-17:00（法定节假日除外，中午不休息）"},
        bad={"office_hours": "周一到周五 9点至17点"},
    ),
    fix=_tidy_hours,
)  # fmt: skip
def hours_can_be_read(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """办理时间读不出周几、几点。"""
    said = item.get("office_hours")
    if said.__class__ is not str:
        yield Found("office_hours", said, "没有填写办理时间。")
    elif why := hours.fault(said):
        yield Found("office_hours", said, f"办理时间{why}。" if why[0] == "“" else f"{why}。")


@ITEM.check(
    "R15", "周末办理的标明延时服务", "W",
    source="平台规定",
    mend="周末也办理的，勾选“延时服务”并写明时间和内容；不办理的，从办理时间里去掉周末。",
    example=Example(
        good={"office_hours": "星期六、日：09:00-12:00（节假日延时）", "is_delayed_service": True},
        bad={"office_hours": "星期六、日：09:00-12:00（节假日延时）", "is_delayed_service": False},
    ),
)  # fmt: skip
def weekend_hours_are_delayed_service(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """办理时间含周末，却没有标明延时服务。"""
    said = item.get("office_hours")
    if not item.get("is_delayed_service") and said.__class__ is str and hours.on_weekends(said):
        yield Found("office_hours", said, "办理时间含周末，但没有标明延时服务。")


@lru_cache(maxsize=8192)
def _consult_fault(number: str) -> bool:
    return CONSULT.fullmatch(number) is None


@lru_cache(maxsize=8192)
def _complain_fault(number: str) -> bool:
    return CONSULT.fullmatch(number) is None and PUBLIC_LINE.fullmatch(number) is None


_DASHES = {ord(dash): "-" for dash in "－—–−‐"}


def plain_number(value: object) -> str:
    """A telephone number in its plain form: full-width folded, one kind of dash, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value).translate(_DASHES)))


def _tidy_numbers(item: Any, found: Found) -> Mapping[str, object]:
    """Full-width digits, blanks and other dashes: the number dialled is the same."""
    numbers = item.get(found.path)
    if not isinstance(numbers, list):
        return {}
    mends = {}
    for index, number in enumerate(numbers):
        plain = plain_number(number)
        if isinstance(number, str) and number != plain and CONSULT.fullmatch(plain):
            mends[f"{found.path}[{index}]"] = plain
    return mends


@ITEM.check(
    "R16", "咨询电话打得通", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 16 行（咨询方式）；号码格式为平台规定",
    mend="填写带区号的固定电话（如 0470-8800000）、11 位手机号码、400 或 800 电话、12345，分机写作“转”加数字；"
    "投诉电话另填一个。",
    example=Example(
        good={"consult_phones": ["0470-0000111", "4000000000转12"], "complain_phones": ["0470-0000911", "12345"]},
        bad={"consult_phones": ["见官网"]},
    ),
    fix=_tidy_numbers,
)  # fmt: skip
def telephones_can_be_dialled(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """没有咨询电话、号码不能拨打，或者咨询与投诉用同一个号码。"""
    consult, complain = item.get("consult_phones"), item.get("complain_phones") or NO_ROWS
    if not consult:
        yield Found("consult_phones", consult, "没有填写咨询电话。")
        consult = NO_ROWS
    if wrong := [n for n in consult if _consult_fault(str(n))]:
        yield Found("consult_phones", list(consult), f"咨询电话“{'、'.join(map(str, wrong))}”不是可以拨打的号码。")
    if wrong := [n for n in complain if _complain_fault(str(n))]:
        yield Found("complain_phones", list(complain), f"投诉电话“{'、'.join(map(str, wrong))}”不是可以拨打的号码。")
    same = {str(n).replace("-", "") for n in consult} & {str(n).replace("-", "") for n in complain} - SHARED_LINES
    if same:
        both = "、".join(str(n) for n in complain if str(n).replace("-", "") in same)
        yield Found("complain_phones", list(complain), f"监督投诉电话与咨询电话相同（{both}）。")


@ITEM.check(
    "R37", "应当延时的已纳入延时服务", "W",
    source="鄂温克旗2023年整改通知（000）延时服务应纳尽纳（依申请权力事项和依申请公共服务，主动服务的除外）",
    mend="勾选“延时服务”并写明时段和内容；不能当场办的，至少接收材料、咨询。",
    example=Example(
        good={"item_type": "01", "is_in_hall": True, "is_delayed_service": True},
        bad={"item_type": "01", "is_in_hall": True, "is_delayed_service": False},
    ),
)  # fmt: skip
def delayed_service_where_due(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """依申请的权力事项、公共服务没有纳入延时服务。"""
    if item.get("is_delayed_service"):
        return
    if item.get("dept_nature") == NO_AUTHORITY and not item.get("is_in_hall"):
        return  # 公用企业自己的营业厅不在政务服务大厅，不属于延时服务范围
    kind = item.get("item_type")
    applied = kind in rules.APPLIED_POWERS or (
        kind == rules.PUBLIC_SERVICE and item.get("public_service_mode") != "proactive"
    )
    if applied:
        yield Found("is_delayed_service", item.get("is_delayed_service"), "依申请事项没有纳入延时服务。")
