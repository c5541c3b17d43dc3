"""The law of a case where it can be said without rows: limits, steps, articles. Pure: no database, no clock."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

NOTICE_DAYS = 5  # 行政许可法第三十二条第一款第四项: tell all corrections at once within five working days
DELIVERY_DAYS = 10  # 行政许可法第四十四条: issue and deliver within ten working days of the decision
CORRECTION_DAYS = 15  # house default, by item and region; no statutory limit for the applicant's correction
REVIEW_DAYS = 60  # 行政复议法（2023年修订）第二十条
LAWSUIT_MONTHS = 6  # 行政诉讼法第四十六条
EXTENSION_DAYS = 10  # 行政许可法第四十二条第一款: ten days, approved by the head of the office
JOINT_LIMIT, JOINT_EXTENSION_DAYS = 45, 15  # 行政许可法第四十二条第二款: 统一、联合、集中办理
HEARING_ASK_DAYS = 5  # 行政许可法第四十七条: asked for within five days of being told
HEARING_HOLD_DAYS = 20  # 行政许可法第四十七条: organised within twenty days
HEARING_TELL_DAYS = 7  # 行政许可法第四十八条: time and place told seven days before
OPINION_DAYS = 5  # house default for the answer of a consulted unit
RENEWAL_ASK_DAYS = 30  # 行政许可法第五十条: asked for thirty days before the validity ends
POST_CHECK_DAYS = 60  # house default where the item does not say (law_and_time.md §3: low confidence)
INSPECTORS = 2  # 行政许可法第三十四条第三款: two persons or more
CLOCK_NAMES = {
    "notice": "告知补正期限",
    "correction": "补正期限",
    "legal": "法定办结期限",
    "promised": "承诺办结期限",
    "delivery": "送达期限",
    "special": "特别程序告知的期限",
    "deficiency": "容缺材料补交期限",
    "hearing_right": "申请听证期限",
    "hearing_hold": "组织听证期限",
    "opinion": "征求意见期限",
}
NOT_THE_OFFICE = ("deficiency", "hearing_right")
"""Clocks of the applicant that run beside the office's own: they do not set the day the case is due."""

SPECIAL_TYPES = ("现场勘验", "听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审", "公示")
SETTLED = ("application_date", "delivery_way", "mail_address")  # the procedure answers these, nobody fills them in
WAYS = {"electronic": "电子证照", "counter": "窗口领取", "mail": "邮寄"}

LICENCE = "01"
LICENSING_LAW = "行政许可法"
DECIDES = re.compile("决定|审批|审定|确认|核发|登记发证")
REVIEWS = re.compile("审|核|查|评估")
NOT_REVIEW = re.compile("受理|送达|发放|制证|支付|公示")


def settled(asked: set[str], *, delivery: str, address: str, day: date) -> dict[str, str]:
    """Answers that follow from the act itself: the day it is handed in, the way of delivery chosen."""
    known = {"application_date": day.isoformat(), "delivery_way": WAYS[delivery], "mail_address": address}
    return {name: value for name, value in known.items() if name in asked}


def deciding_step(steps: Sequence[Any]) -> Any | None:
    """The step of the procedure in which the decision is made, as the item's own steps say."""
    return next((s for s in reversed(steps) if DECIDES.search(s.name)), None)


def review_steps(steps: Sequence[Any]) -> tuple[Any, ...]:
    """The levels of review before the decision (n 级审查), in order."""
    return tuple(
        s for s in steps if REVIEWS.search(s.name) and not NOT_REVIEW.search(s.name) and not DECIDES.search(s.name)
    )


def two_hands(steps: Sequence[Any], *, instant: bool) -> bool:
    """Whether reviewing and deciding are two persons' work: the item gives its steps to two posts."""
    decides, reviews = deciding_step(steps), review_steps(steps)
    if instant or decides is None or not reviews:
        return False
    return bool(reviews[-1].handler_role != decides.handler_role)


def longest_extension(legal_limit: int | None) -> int:
    """How many days the one extension may have (行政许可法第四十二条): 10, or 15 for matters handled jointly."""
    return JOINT_EXTENSION_DAYS if legal_limit is not None and legal_limit >= JOINT_LIMIT else EXTENSION_DAYS


CANCEL_GROUNDS = {
    "expired": "有效期届满未延续（行政许可法第七十条第一项）",
    "taken_away": "许可依法被撤回、撤销，或者证件依法被吊销",
    "asked": "被许可人申请注销",
    "other": "法律、法规规定应当注销的其他情形",
}
"""Why a licence is struck off (行政许可法第七十条), as far as the reference of the law names it; the last one names its article."""


def not_cancellable(
    ground: str, *, basis: str, state: str, valid_to: date | None, on: date, can_be_struck: bool
) -> str | None:
    """Why a licence can't be struck off on this ground; None when it can.

    Args:
        basis: the article the person names, wanted where the ground is none of the named ones.
        state: how the certificate of the licence stands; empty where there is none.
        can_be_struck: whether the register lets a certificate in that state be struck off.
    """
    if ground not in CANCEL_GROUNDS:
        return "请选择注销的情形（行政许可法第七十条）。"
    if state and not can_be_struck:
        return "证照有异议正在核实，核实以后才能注销。"
    if ground == "expired" and state and state != "expired" and (valid_to is None or on < valid_to):
        return "证照的有效期还没有届满，不能以“有效期届满未延续”注销。请核对情形。"
    if ground == "taken_away" and state == "valid":
        return "证照现在有效，没有撤回、撤销或者吊销的记录。请先登记撤回、撤销，或者选择别的情形。"
    if ground == "other" and len(basis.strip()) < 5:
        return "选择其他情形的，请写明法律、法规的名称和条款。"
    return None


WHEN_ON_THE_SPOT = "（受理后当场决定的，并第三十四条第二款）"


def on_the_spot(law: str) -> str:
    """The articles of a decision made straight after acceptance: papers complete and in form (行政许可法第三十四条第二款)."""
    return f"行政许可法第三十四条第二款；{law.removesuffix(WHEN_ON_THE_SPOT)}"


def plain(law: str) -> str:
    """The articles of a decision made after review."""
    return law.removesuffix(WHEN_ON_THE_SPOT)


def cited(item: Any, law: str) -> str:
    """The article an act cites: of the licensing law for licences; other matters follow it by analogy, after their own law."""
    if item.item_type == LICENCE or not law.startswith(LICENSING_LAW):
        return law
    own = next((f"《{b.law.strip('《》')}》{b.article}" for b in item.legal_basis if b.law), "")
    return "；".join(filter(None, (own, f"参照{law}")))[:200]


def lamp(due_on: date | None, today: date, *, warn_days: int = 1) -> str:
    """Lamp colour of a running case for lists: `red` overdue, `amber` near, `green` otherwise, `grey` without limit."""
    if due_on is None:
        return "grey"
    if today > due_on:
        return "red"
    return "amber" if (due_on - today).days <= warn_days else "green"
