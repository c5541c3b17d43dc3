"""The grammar of office hours (办理时间): weekdays, times, remarks, with a summer and a winter set where there are two.

星期一至星期五：上午09:00-12:00，下午13:00-17:00（法定节假日除外）
夏季：星期一至星期五：08:30-12:00，14:30-17:30；冬季：星期一至星期五：09:00-12:00，14:00-17:00
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7}
_DAY = r"(?:星期|周)[一二三四五六日]"
_MORE = r"(?:星期|周)?[一二三四五六日]"
_DAYS = rf"{_DAY}(?:至{_MORE})?(?:、{_MORE}(?:至{_MORE})?)*"
_TIME = r"(?:上午|下午)?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}"
_DATES = r"[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:至|-)(?:次年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?"
_SEASON = rf"(?:(?:夏季|冬季)(?:作息)?(?:（{_DATES}）)?|{_DATES})"
_REMARK = rf"(?:法定节假日除外|中午不休息|节假日延时|(?:夏季|冬季)(?:作息)?(?:[：，]?{_DATES})?)"
SEGMENT = re.compile(
    rf"(?:(?P<season>{_SEASON})[：:]?)?(?P<days>{_DAYS})：(?P<times>{_TIME}(?:，{_TIME})*)"
    rf"(?P<remarks>（{_REMARK}(?:[，、]{_REMARK})*）)?"
)
RANGE = re.compile(r"(上午|下午)?([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One set of hours: ISO weekdays, ranges in minutes of the day, remarks, the season if there are two sets."""

    days: tuple[int, ...]
    ranges: tuple[tuple[int, int], ...]
    remarks: tuple[str, ...] = ()
    season: str = ""


class HoursError(ValueError):
    """Office hours that are not of the grammar; its text is a clause."""


SHAPE = "应写成“星期一至星期五：上午09:00-12:00，下午13:00-17:00（法定节假日除外）”这样的格式，几段之间用“；”分开"


def parse(text: str) -> tuple[Hours, ...]:
    """The sets of hours, in the order written. Raises HoursError."""
    if not isinstance(text, str) or not text.strip():
        raise HoursError("没有填写办理时间")
    sets = []
    season = ""
    for piece in re.split("；|\n", text):
        match = SEGMENT.fullmatch(piece)
        if match is None:
            raise HoursError(f"“{piece}”读不出周几和时段，{SHAPE}")
        season = match["season"] or season
        remarks = tuple(re.split("[，、]", match["remarks"][1:-1])) if match["remarks"] else ()
        sets.append(Hours(_days(match["days"]), _ranges(match["times"]), remarks, season))
    return tuple(sets)


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split("、"):
        ends = [DAYS[end[-1]] for end in part.split("至")]
        if ends[0] > ends[-1]:
            raise HoursError(f"“{part}”的先后颠倒了")
        found.update(range(ends[0], ends[-1] + 1))
    return tuple(sorted(found))


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for part in text.split("，"):
        match = RANGE.fullmatch(part)
        assert match  # SEGMENT has read it
        half, (h1, m1, h2, m2) = match[1], map(int, match.groups()[1:])
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if m1 > 59 or m2 > 59 or end > 24 * 60:
            raise HoursError(f"“{part}”不是一天里的时间")
        if start >= end:
            raise HoursError(f"“{part}”的开始不早于结束")
        if (half == "上午" and start >= NOON) or (half == "下午" and start < NOON):
            raise HoursError(f"“{part}”的时间不在{half}")
        if found and start < found[-1][1]:
            raise HoursError(f"“{part}”与前一个时段重叠或者先后颠倒")
        found.append((start, end))
    return tuple(found)


@lru_cache(maxsize=4096)
def fault(text: str) -> str | None:
    """What is wrong with office hours, as a clause, or None."""
    try:
        parse(text)
    except HoursError as wrong:
        return str(wrong)
    return None


@lru_cache(maxsize=4096)
def on_weekends(text: str) -> bool:
    """Whether hours that can be read include a Saturday or a Sunday."""
    try:
        return any(day > 5 for one in parse(text) for day in one.days)
    except HoursError:
        return False


_DIGITS_AND_LETTERS = {ord(wide): unicodedata.normalize("NFKC", wide) for wide in "０１２３４５６７８９"}
_LONG = r"[-－—–~～〜−]+|至|到"


def mended(text: str) -> str | None:
    """The same hours in the right characters, or None when a person has to look.

    Only what cannot be meant otherwise is changed: full-width digits, the colon and dash of a time, half-width
    punctuation between the parts, blanks, a missing leading zero.
    """
    if not isinstance(text, str):
        return None
    said = re.sub(r"\s+", "", text.translate(_DIGITS_AND_LETTERS))
    said = re.sub(
        rf"(?<![0-9])([0-9]{{1,2}})[:：]([0-9]{{2}})(?:{_LONG})([0-9]{{1,2}})[:：]([0-9]{{2}})(?![0-9])",
        lambda m: f"{m[1]:0>2}:{m[2]}-{m[3]:0>2}:{m[4]}",
        said,
    )
    said = said.replace("(", "（").replace(")", "）").replace(",", "，").replace(";", "；").replace("星期天", "星期日")
    said = re.sub(r"(?<=[一二三四五六日]):(?=[0-9上下])", "：", said)
    return said if said != text and fault(said) is None else None
