"""The law of a case where it can be said without rows. Pure: no database, no clock."""

from datetime import date, datetime
from typing import Any

NOTICE_DAYS = 5  # 行政许可法第三十二条第一款第四项: tell all corrections at once within five working days
DELIVERY_DAYS = 10  # 行政许可法第四十四条: issue and deliver within ten working days of the decision
CORRECTION_DAYS = 15  # house default, by item and region; no statutory limit for the applicant's correction
REVIEW_DAYS = 60  # 行政复议法（2023年修订）第二十条
CLOCK_NAMES = {
    "notice": "告知补正期限",
    "correction": "补正期限",
    "legal": "法定办结期限",
    "promised": "承诺办结期限",
    "delivery": "送达期限",
}
LAWSUIT_MONTHS = 6  # 行政诉讼法第四十六条


SETTLED = ("application_date", "delivery_way", "mail_address")  # the procedure answers these, nobody fills them in
WAYS = {"electronic": "电子证照", "counter": "窗口领取", "mail": "邮寄"}


def settled(asked: set[str], *, delivery: str, address: str, day: date) -> dict[str, str]:
    """Answers that follow from the act itself: the day it is handed in, the way of delivery chosen."""
    known = {"application_date": day.isoformat(), "delivery_way": WAYS[delivery], "mail_address": address}
    return {name: value for name, value in known.items() if name in asked}


def materials_complete(case: Any, at: datetime) -> str | None:
    """Every required material is there (行政许可法第三十二条第一款第五项)."""
    if missing := case.missing_materials():
        return f"还缺材料：{'、'.join(missing)}。请补齐，或者出具一次性补正告知书。"
    return None


def form_complete(case: Any, at: datetime) -> str | None:
    """Every field that must be filled is filled."""
    if empty := case.unfilled_fields():
        shown = "、".join(empty[:5]) + (f"等 {len(empty)} 项" if len(empty) > 5 else "")
        return f"申请表还没有填完：{shown}。"
    return None


def situation_answered(case: Any, at: datetime) -> str | None:
    """The questions that choose the materials are answered."""
    if question := case.open_question():
        return f"请先回答：{question}"
    return None


def correction_overdue(case: Any, at: datetime) -> str | None:
    """A correction may only be given up after its own limit."""
    from siban.kernel.clock import local_day

    if case.correction_due_on and local_day(at) <= case.correction_due_on:
        return f"补正期限到 {case.correction_due_on:%Y年%-m月%-d日} 才届满，现在不能终止。"
    return None


def notice_limit_passed(case: Any, at: datetime) -> str | None:
    """Deemed accepted only once the five working days are over (行政许可法第三十二条第一款第四项)."""
    from siban.kernel.clock import local_day

    if case.notice_due_on is None or local_day(at) <= case.notice_due_on:
        return "五个工作日的告知期限还没有届满。"
    return None


def lamp(due_on: date | None, today: date, *, warn_days: int = 1) -> str:
    """Lamp colour of a running case for lists: `red` overdue, `amber` near, `green` otherwise, `grey` without limit."""
    if due_on is None:
        return "grey"
    if today > due_on:
        return "red"
    return "amber" if (due_on - today).days <= warn_days else "green"
