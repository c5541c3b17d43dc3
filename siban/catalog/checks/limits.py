"""Checks of the limits: statutory, promised, and the kind of case."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import EMPTY, ITEM, whole

UNITS = ("workday", "natural_day")  # 002 表 12、13：明确工作日还是自然日
WORDS = {"workday": "个工作日", "natural_day": "个自然日"}
FIFTHS = {"workday": 7, "natural_day": 5}  # 1 工作日 = 7/5 自然日
NO_STATUTORY_LIMIT = "无法定期限"
SAME_DAY = ("当日", "当天", "即日")

LEGAL_20 = {"value": 20, "unit": "workday"}


def _days(limit: dict[str, Any]) -> int | None:
    """The limit in fifths of a natural day; None when it says no whole number or no lawful unit."""
    value, unit = limit.get("value"), limit.get("unit")
    if value.__class__ is not int or unit not in UNITS:
        return None
    return value * FIFTHS[unit]


def _words(limit: dict[str, Any]) -> str:
    return f"{limit['value']} {WORDS[limit['unit']]}"


@ITEM.check(
    "R01", "承诺时限不长于法定时限", "E",
    source="行政许可法第四十二条；锡林郭勒盟2021年“一网办”任务清单（002）第 1 行（减时间）",
    mend="把承诺时限改到不超过法定时限；单位不同的，按 1 个工作日等于 7/5 个自然日折算。",
    example=Example(
        good={"legal_limit": LEGAL_20, "promised_limit": {"value": 28, "unit": "natural_day"}},
        bad={"legal_limit": {"value": 30, "unit": "natural_day"}, "promised_limit": {"value": 22, "unit": "workday"}},
    ),
)  # fmt: skip
def promise_within_the_law(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """承诺时限超过法定时限。"""
    legal, promised = item.get("legal_limit") or EMPTY, item.get("promised_limit") or EMPTY
    allowed, said = _days(legal), _days(promised)
    if allowed is None or said is None or said <= allowed:
        return
    why = f"承诺时限（{_words(promised)}）超过法定时限（{_words(legal)}）"
    if legal["unit"] != promised["unit"]:
        why += f"，折算为自然日是 {said / 5:g} 日比 {allowed / 5:g} 日"
    yield Found("promised_limit.value", promised["value"], f"{why}。")


@ITEM.check(
    "R02", "时限是非负整数，承诺 0 只用于即办件", "E",
    source="平台规定",
    mend="时限填写 0 或者正整数；承诺时限为 0（当场办结）的，办件类型应为即办件。",
    example=Example(
        good={"case_type": "instant", "promised_limit": {"value": 0, "unit": "workday"}},
        bad={"case_type": "promised", "promised_limit": {"value": 0, "unit": "workday"}},
    ),
)  # fmt: skip
def limits_are_whole_numbers(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """时限不是非负整数，或者不是即办件而承诺 0 天。"""
    for name, words in (("legal_limit", "法定时限"), ("promised_limit", "承诺时限")):
        value = (item.get(name) or EMPTY).get("value")
        if value is not None and not whole(value):
            yield Found(f"{name}.value", value, f"{words}“{value}”不是非负整数。")
    if value == 0 and value.__class__ is int and item.get("case_type") != "instant":
        yield Found("promised_limit.value", 0, "承诺时限为 0，但办件类型不是即办件。")


@ITEM.check(
    "R03", "办件类型与承诺时限一致", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 2 行（即办程度）；GB/T 39046—2020 A.6",
    mend="即办件的承诺时限填 0（当场或者当日办结）；承诺件的承诺时限至少 1 天；或者改正办件类型。",
    example=Example(
        good={"case_type": "instant", "promised_limit": {"value": 0, "unit": "workday", "note": "当场办结"}},
        bad={"case_type": "instant", "promised_limit": {"value": 3, "unit": "workday"}},
    ),
)  # fmt: skip
def kind_of_case_agrees(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """即办件的承诺时限不是当场，或者承诺件没有时限。"""
    kind = item.get("case_type")
    if kind not in ("instant", "promised", "other"):
        yield Found("case_type", kind, "没有写明办件类型（即办件、承诺件或者其他）。")
        return
    promised = item.get("promised_limit") or EMPTY
    value = promised.get("value")
    if not whole(value):
        return
    if kind == "instant" and value:
        note = promised.get("note")
        if value == 1 and note.__class__ is str and any(word in note for word in SAME_DAY):
            return
        yield Found("promised_limit.value", value, f"即办件应当场或者当日办结，承诺时限却是 {value}。")
    elif kind == "promised" and not value:
        yield Found("promised_limit.value", value, "承诺件的承诺时限为 0，至少应为 1 天。")


@ITEM.check(
    "R11", "法定时限写明期限和单位", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 12 行（法定办结时限）",
    mend="写明法定时限的天数和单位（工作日或者自然日）；法律没有规定期限的，天数留空，备注写“无法定期限”。",
    example=Example(
        good={"legal_limit": {"value": None, "unit": None, "note": "无法定期限"}},
        bad={"legal_limit": {"value": 20, "unit": None}},
    ),
)  # fmt: skip
def statutory_limit_is_labelled(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """法定时限没有写明工作日还是自然日。"""
    limit = item.get("legal_limit")
    if not limit:
        yield Found("legal_limit", limit, "没有写明法定时限。")
    elif limit.get("value") is not None:
        if limit.get("unit") not in UNITS:
            yield _unit("legal_limit", "法定时限", limit)
    elif limit.get("note") != NO_STATUTORY_LIMIT:
        lacking = "value" if limit.get("unit") in UNITS else "note"  # 写了单位的，漏的是天数；什么都没写的，漏的是说明
        yield Found(f"legal_limit.{lacking}", limit.get(lacking), "没有写法定时限的天数，也没有注明“无法定期限”。")


@ITEM.check(
    "R12", "承诺时限写明期限和单位", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 13 行（承诺办结时限）",
    mend="写明承诺时限的天数和单位（工作日或者自然日）；当场办结写 0。",
    example=Example(
        good={"promised_limit": {"value": 5, "unit": "workday"}},
        bad={"promised_limit": {"value": 5, "unit": "hour"}},
    ),
)  # fmt: skip
def promised_limit_is_labelled(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """承诺时限没有写明工作日还是自然日。"""
    limit = item.get("promised_limit")
    if not limit:
        yield Found("promised_limit", limit, "没有写明承诺时限。")
        return
    if limit.get("value") is None:
        yield Found("promised_limit.value", None, "没有写承诺时限的天数。")
    if limit.get("unit") not in UNITS:
        yield _unit("promised_limit", "承诺时限", limit)


def _unit(name: str, words: str, limit: dict[str, Any]) -> Found:
    unit = limit.get("unit")
    said = "没有写单位" if unit in (None, "") else f"的单位“{unit}”无法识别"
    return Found(f"{name}.unit", unit, f"{words}{said}，应为工作日（workday）或者自然日（natural_day）。")
