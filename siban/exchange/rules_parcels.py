"""The law of parcels where it can be said without rows: waybill numbers, what an event does, until when the office's term counts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10: check digit of the eight digits of an item number
KINDS = {"accepted": "已收寄", "transit": "运输中", "signed": "已签收", "returned": "已退回", "lost": "丢失"}
MOVES = {"accepted": "hand_over", "transit": "travel", "signed": "sign", "returned": "come_back", "lost": "lose"}
DIRECTIONS = {"out": "寄给申请人", "in": "申请人寄来"}


def check_digit(digits: str) -> int:
    """The ninth digit of an item number (UPU S10-12)."""
    rest = 11 - sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def waybill(serial: int) -> str:
    """The item number of a serial: two letters, eight digits, check digit, country."""
    digits = f"{serial % 100_000_000:08d}"
    return f"EX{digits}{check_digit(digits)}CN"


def check_waybill(number: str) -> str | None:
    """The sentence against an item number, or None."""
    n = number.strip().upper()
    if len(n) != 13 or not (
        n[:2].isascii() and n[:2].isalpha() and n[2:11].isascii() and n[2:11].isdecimal() and n[11:] == "CN"
    ):
        return f"邮件号“{number[:20]}”应为 13 位：2 个字母、9 位数字、CN，例如 EX123456785CN，请对照面单重新填写。"
    if int(n[10]) != check_digit(n[2:10]):
        return f"邮件号“{n}”的校验位不对，可能抄错了一位，请对照面单重新填写。"
    return None


def has_number(parcel: Any, at: datetime) -> str | None:
    """A parcel is handed over under its number."""
    if not parcel.number:
        return "还没有邮件号。"
    return None


def handed_over(parcels: Iterable[Any]) -> datetime | None:
    """When the office had done its part of delivering: the hand-over of the last parcel out that was not lost or returned.

    From then on the parcel is the carrier's and the term of delivery no longer weighs on the office (行政许可法第四十四条);
    a parcel that came back or got lost weighs again until the next is handed over.
    """
    sent = [p for p in parcels if p.direction == "out" and p.handed_over_at]
    last = max(sent, key=lambda p: p.handed_over_at, default=None)
    return last.handed_over_at if last is not None and last.state in ("handed_over", "travelling", "signed") else None
