"""The law of fees where it can be said without rows: what may be charged, how much, what is paid, what goes back. Money in fen."""

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

FIXED = re.compile(r"(\d{1,6}(?:\.\d{1,2})?)\s*元\s*(?:/|每)?\s*(?:件|本|证|次|份|宗)?")
HIGHEST = 100_000_000_00  # fen; what is above is a slip of the hand
WORDS = ("零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖")


def yuan(fen: int) -> str:
    """`80.00 元`."""
    return f"{fen // 100:,}.{fen % 100:02d} 元"


def fen_of(text: str) -> int | None:
    """`80`, `80.5`, `1,200.00` as fen; None for what is no amount of money."""
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    fen = value * 100 if value.is_finite() else Decimal(-1)
    return int(fen) if fen == fen.to_integral_value() and 0 < fen <= HIGHEST else None


def unlawful(charging: Any) -> str | None:
    """Only what law or regulation lets be charged is charged (行政许可法第五十八条第一款、第五十九条)."""
    if nameless := [c.name for c in charging.items if not (c.legal_basis or "").strip()]:
        return f"“{'、'.join(nameless)}”没有写明收费依据，依法不得收取（行政许可法第五十八条）。请先在事项里补充依据。"
    if not charging.items:
        return "事项写着收费，但没有收费项目和依据，依法不得收取（行政许可法第五十八条）。"
    return None


def fixed_amount(charging: Any) -> int | None:
    """The amount where the one charge states it outright (`80元/件`); None where somebody has to work it out."""
    if len(charging.items) != 1:
        return None
    found = FIXED.fullmatch((charging.items[0].standard or "").strip())
    return fen_of(found[1]) if found else None


def due_before_issue(case: Any, at: Any = None) -> str | None:
    """应缴的费用已经缴清或者减免（行政许可法第五十九条）。"""
    order = getattr(case, "payment_order", None)
    if order is None or order.state in ("paid", "waived", "cancelled"):
        return None
    if order.state == "assessing":
        return "应缴费用还没有核定金额。请先核定，或者依法减免。"
    return f"申请人还没有缴费（应缴 {yuan(order.amount)}，已缴 {yuan(order.received)}）。缴清或者减免以后才能制证。"


def is_assessed(order: Any, at: Any) -> str | None:
    """金额已经核定，写明怎样算的。"""
    if not order.amount:
        return "还没有写明金额。"
    return None


def is_reducible(order: Any, at: Any) -> str | None:
    """收费项目有减免规定。"""
    if not any(line["reducible"] for line in order.lines):
        return "这项收费没有减免规定，不能减免。"
    return None


def is_paid_up(order: Any, at: Any) -> str | None:
    """What came in covers what is due."""
    if order.received < (order.amount or 0):
        return f"还差 {yuan(order.amount - order.received)}。"
    return None


def overpaid(state: str, amount: int, received: int) -> int:
    """What came in beyond what is owed: all of it, when nothing is owed."""
    return max(received - (amount if state in ("paid", "due") else 0), 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One payment as the channel's statement has it."""

    trade_no: str
    amount: int


class StatementFault(ValueError):
    """A statement that cannot be read; the sentence names line, column and what is wanted."""


COLUMNS = ("交易流水号", "金额（元）")
MOST_LINES = 100_000


def read_statement(body: bytes) -> list[Line]:
    """The lines of a channel's statement: CSV with the columns 交易流水号 and 金额（元）, UTF-8 or GB 18030.

    Raises:
        StatementFault: nothing of it is taken then.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = body.decode("gb18030")
        except UnicodeDecodeError:
            raise StatementFault("对账文件不是文本文件。请上传渠道提供的 CSV 文件。") from None
    if "\x00" in text:
        raise StatementFault("对账文件不是文本文件。请上传渠道提供的 CSV 文件。")
    rows = list(csv.reader(io.StringIO(text)))
    heads = [h.strip() for h in rows[0]] if rows else []
    if missing := [c for c in COLUMNS if c not in heads]:
        raise StatementFault(f"对账文件第 1 行缺少列：{'、'.join(missing)}。请保留渠道文件的表头。")
    at_no, at_amount = heads.index(COLUMNS[0]), heads.index(COLUMNS[1])
    found: dict[str, Line] = {}
    for n, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if n > MOST_LINES:
            raise StatementFault(f"对账文件超过 {MOST_LINES} 行，请按天分开上传。")
        if len(row) <= max(at_no, at_amount):
            raise StatementFault(f"对账文件第 {n} 行的列数比表头少，请检查后重新上传。")
        number, amount = row[at_no].strip(), fen_of(row[at_amount])
        if not number or len(number) > 64:
            raise StatementFault(f"对账文件第 {n} 行“交易流水号”是空的或者太长，请检查后重新上传。")
        if amount is None:
            raise StatementFault(
                f"对账文件第 {n} 行“金额（元）”是“{row[at_amount][:20]}”，不是金额，应像 80.00，请检查后重新上传。"
            )
        if number in found:
            raise StatementFault(f"对账文件第 {n} 行的流水号“{number}”重复出现，请检查后重新上传。")
        found[number] = Line(number, amount)
    return list(found.values())


def differences(ours: dict[str, int], theirs: dict[str, int]) -> list[tuple[str, str, int | None, int | None]]:
    """(kind, trade number, our amount, their amount) of what does not agree; empty when the day is right."""
    found: list[tuple[str, str, int | None, int | None]] = []
    for number in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(number), theirs.get(number)
        if mine != other:
            kind = "only_theirs" if mine is None else "only_ours" if other is None else "amount"
            found.append((kind, number, mine, other))
    return found
