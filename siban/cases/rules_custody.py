"""Rules of the issue desk, pure: who may give, take and hand out; barcodes and their check digit; how long a thing lies."""

from typing import Any

from siban.kernel.actor import Actor

from . import access

UNCLAIMED_DAYS = 15  # 平台办件规则: a result that lies longer than this is reminded of
TRIES = 5  # wrong pick-up codes in a row before the code rests
LOCK_MINUTES = 30
LAW = "行政许可法第四十四条；平台办件规则（统一出件）"
HANDLERS = (*access.FRONT, "approver", "chief_rep", "unit_head")


def barcode(year: int, running: int) -> str:
    """`26` + seven running digits + a check digit (Luhn), so that a mistyped code is noticed."""
    body = f"{year % 100:02d}{running % 10_000_000:07d}"
    return body + luhn(body)


def luhn(body: str) -> str:
    """The check digit of a row of digits (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def wrong_barcode(typed: str) -> str | None:
    """Why this can't be one of our barcodes; None when it can."""
    if len(typed) != 10 or not typed.isascii() or not typed.isdigit():
        return f"条码“{typed[:20]}”应为 10 位数字。请重新扫描，或者照标签输入。"
    if luhn(typed[:-1]) != typed[-1]:
        return f"条码“{typed}”有数字不对（末位校验不符）。请重新扫描，或者照标签核对。"
    return None


def holder_of(actor: Actor) -> str:
    """A clerk holds things at the counter, everybody else in the office."""
    return "counter" if actor.has_role(*access.FRONT) else "office"


def may_give(actor: Actor, piece: Any) -> bool:
    """由现在的保管单位交出。"""
    return actor.has_role(*HANDLERS) and piece.holder_org_id is not None and actor.org_id == piece.holder_org_id


def may_take(actor: Actor, handover: Any) -> bool:
    """由接收单位确认。"""
    return actor.has_role(*HANDLERS) and handover.to_org_id is not None and actor.org_id == handover.to_org_id


def may_register(actor: Actor, case: Any) -> bool:
    """由收件窗口或者实施部门登记。"""
    return access.deliverer(actor, case)


def may_hand_out(actor: Actor, piece: Any) -> bool:
    """由保管这一件的窗口发给申请人。"""
    return actor.has_role(*access.FRONT) and piece.holder == "counter" and actor.org_id == piece.holder_org_id
