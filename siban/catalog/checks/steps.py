"""Checks of the handling steps."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import EMPTY, ITEM, blank, place
from .limits import UNITS, WORDS

LICENCE = "01"
STAGES = {
    "受理": ("受理", "收件"),
    "审查": ("审查", "审核", "初审", "复审", "核查", "勘验", "评审", "审批"),
    "决定": ("决定", "批准", "核准", "审批", "审定", "准予", "签批"),
    "送达": ("送达", "发放", "颁证", "发证", "制证", "核发", "交付", "领证", "取证"),
}  # 行政许可法第三十二条、第三十四条、第三十七条、第四十四条
STEP = {"seq": 1, "time_limit_value": 1, "time_limit_unit": "workday", "standard": "材料齐全", "result": "通知书"}


@ITEM.check(
    "R22", "办理环节四要素齐全，时限加得起来", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 21 行（办理流程）；行政许可法第四章",
    mend="每个环节写明名称、时限、审批标准、办理结果；行政许可至少有受理、审查、决定、送达；各环节时限之和不超过承诺时限。",
    example=Example(
        good={"promised_limit": {"value": 3, "unit": "workday"}, "process_steps": [{**STEP, "name": "受理"}]},
        bad={"promised_limit": {"value": 3, "unit": "workday"},
             "process_steps": [{**STEP, "name": "受理", "time_limit_value": 5}]},
    ),
)  # fmt: skip
def steps_are_complete(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """环节缺名称、时限、标准或者结果，行政许可缺环节，或者环节时限之和超过承诺时限。"""
    steps = item.get("process_steps")
    if not steps:
        yield Found("process_steps", steps, "没有填写办理环节。")
        return
    for index, step in enumerate(steps):
        value, unit = step.get("time_limit_value"), step.get("time_limit_unit")
        if value.__class__ is not int or value < 0:
            said = f"时限“{value}”不是非负整数" if value is not None else "没有写时限"
            yield Found(f"{_at(step, index)}.time_limit_value", value, f"{_of(step, index)}{said}。")
        if unit not in UNITS:
            yield Found(
                f"{_at(step, index)}.time_limit_unit", unit, f"{_of(step, index)}没有写明时限是工作日还是自然日。"
            )
        for name, words in (("name", "环节名称"), ("standard", "审批标准"), ("result", "办理结果")):
            said = step.get(name)
            if blank(said):
                yield Found(f"{_at(step, index)}.{name}", said, f"{_of(step, index)}没有写{words}。")
    if item.get("item_type") == LICENCE:
        names = " ".join([str(step.get("name")) for step in steps])
        missing = [stage for stage, words in STAGES.items() if not any(word in names for word in words)]
        if missing:
            yield Found("process_steps", names, f"行政许可缺少{'、'.join(missing)}环节。")
    yield from _sum(item, steps)


def _at(step: dict[str, Any], index: int) -> str:
    return place("process_steps", step, index, "seq")


def _of(step: dict[str, Any], index: int) -> str:
    return f"第 {index + 1} 个环节{'“' + str(step['name']) + '”' if step.get('name') else ''}"


def _sum(item: dict[str, Any], steps: list[dict[str, Any]]) -> Iterator[Found]:
    """Steps follow one another, so that their limits add up; only limits of one unit can be added."""
    promised = item.get("promised_limit") or EMPTY
    limit, unit = promised.get("value"), promised.get("unit")
    if limit.__class__ is not int or limit < 0:
        return
    total, longest, at = 0, -1, 0
    for index, step in enumerate(steps):
        value = step.get("time_limit_value")
        if step.get("time_limit_unit") != unit or value.__class__ is not int or value < 0:
            return
        total += value
        if value > longest:
            longest, at = value, index
    if total <= limit or unit not in UNITS:
        return
    why = f"各环节时限合计 {total} {WORDS[unit]}，超过承诺时限 {limit} {WORDS[unit]}"
    if limit == 0 and item.get("case_type") != "instant":  # the promise itself is wrong (R02)
        yield Found("promised_limit.value", limit, f"{why}。")
    else:
        yield Found(f"{_at(steps[at], at)}.time_limit_value", longest, f"{why}，其中最长的是{_of(steps[at], at)}。")
