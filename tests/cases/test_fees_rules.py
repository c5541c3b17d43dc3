"""The law of fees without rows: amounts, statements, differences, what goes back."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.cases import rules_fees as rules
from siban.catalog.amounts import Charge, Charging

FEN = st.integers(1, rules.HIGHEST)


@given(FEN)
def test_an_amount_is_read_as_it_is_written(fen: int) -> None:
    assert rules.fen_of(rules.yuan(fen).removesuffix(" 元")) == fen
    assert rules.fen_of(f" {fen // 100}.{fen % 100:02d} ") == fen


@pytest.mark.parametrize(
    "text", ["", "x", "0", "-1", "1.234", "NaN", "Infinity", "1e99", "0.001", "八十", "1 2", str(rules.HIGHEST)]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert rules.fen_of(text) is None


@pytest.mark.parametrize(
    ("charges", "fen"),
    [
        ((Charge("工本费", "10元/证", "某规定"),), 1000),
        ((Charge("工本费", "80 元/件", "某规定"),), 8000),
        ((Charge("工本费", "每件80元", "某规定"),), None),
        ((Charge("工本费", "按面积计收", "某规定"),), None),
        ((Charge("住宅", "80元/件", "某规定"), Charge("非住宅", "550元/件", "某规定")), None),
        ((Charge("工本费", None, "某规定"),), None),
        ((), None),
    ],
)
def test_a_fee_stated_outright_needs_no_reckoning(charges: Any, fen: int | None) -> None:
    assert rules.fixed_amount(Charging(True, charges)) == fen


@pytest.mark.parametrize("basis", [None, "", "  "])
def test_a_fee_without_its_law_is_not_charged(basis: str | None) -> None:
    assert "第五十八条" in (
        rules.unlawful(Charging(True, (Charge("甲", "1元", "有"), Charge("乙", "1元", basis)))) or ""
    )
    assert rules.unlawful(Charging(True, ()))
    assert rules.unlawful(Charging(True, (Charge("甲", "1元", "有"),))) is None


@pytest.mark.parametrize(
    ("state", "stands"),
    [(None, False), ("paid", False), ("waived", False), ("cancelled", False), ("due", True), ("assessing", True)],
)
def test_the_result_waits_for_what_is_due_and_nothing_else(state: str | None, stands: bool) -> None:
    case = SimpleNamespace()
    if state:
        case.payment_order = SimpleNamespace(state=state, amount=8000, received=100)
    why = rules.due_before_issue(case, None)
    assert bool(why) == stands
    if state == "due":
        assert "80.00 元" in str(why)


@given(st.sampled_from(["due", "paid", "waived", "cancelled"]), FEN, st.integers(0, rules.HIGHEST))
def test_too_much_is_what_nobody_owes(state: str, amount: int, received: int) -> None:
    over = rules.overpaid(state, amount, received)
    assert 0 <= over <= received
    owed = amount if state in ("due", "paid") else 0
    assert over == 0 or received - over == owed


MONEY = st.dictionaries(st.text("ABC123", min_size=1, max_size=4), st.integers(1, 500), max_size=8)


@given(MONEY, MONEY)
def test_differences_are_exactly_what_does_not_agree(ours: dict[str, int], theirs: dict[str, int]) -> None:
    found = rules.differences(ours, theirs)
    assert (found == []) == (ours == theirs)
    mended = dict(ours)
    for kind, number, mine, other in found:
        assert (mine, other) == (ours.get(number), theirs.get(number))
        assert kind == ("only_theirs" if mine is None else "only_ours" if other is None else "amount")
        mended.pop(number, None)
        if other is not None:
            mended[number] = other
    assert mended == theirs


@given(MONEY, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_a_statement_is_read_in_either_writing(theirs: dict[str, int], encoding: str) -> None:
    text = (
        "备注,交易流水号,金额（元）\r\n"
        + "".join(f"某,{n},{v // 100}.{v % 100:02d}\r\n" for n, v in theirs.items())
        + "\r\n"
    )
    assert {x.trade_no: x.amount for x in rules.read_statement(text.encode(encoding))} == theirs


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "缺少列：交易流水号、金额（元）"),
        ("交易流水号\nA", "缺少列：金额（元）"),
        ("交易流水号,金额（元）\nA,x", "第 2 行“金额（元）”是“x”"),
        ("交易流水号,金额（元）\nA,1\n\nA,2", "第 4 行的流水号“A”重复"),
        ("交易流水号,金额（元）\n,1", "第 2 行“交易流水号”是空的"),
        ("交易流水号,金额（元）\nA", "第 2 行的列数"),
        ("交易流水号,金额（元）\nA,-1", "不是金额"),
        ("\x00", "不是文本"),
        (b"\xff\xfe\x80\x81\xff", "不是文本"),
    ],
)
def test_a_statement_that_cannot_be_read_names_line_and_column(body: Any, words: str) -> None:
    with pytest.raises(rules.StatementFault, match=words.replace("（", "（")):
        rules.read_statement(body if isinstance(body, bytes) else body.encode())
