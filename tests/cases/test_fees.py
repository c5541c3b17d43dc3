"""Fees of a case through their actions: demanded by law, paid once, given back by two, checked every day."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from siban.cases import actions, fees, reconciling
from siban.cases.models import Case
from siban.cases.models_fees import Difference, Payment, PaymentOrder, Refund
from siban.exchange.api import Message
from siban.identity.models import Post
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.models import Paper

from .cast import MONDAY, SITUATED, SUMU, Cast, in_state, reference, republish

LATER = MONDAY + timedelta(days=2)
FIXED = {
    "is_charging": True,
    "items": [{"name": "工本费", "standard": "10元/证", "legal_basis": "演示规定第一条", "reducible": True}],
    "note": None,
}
MEASURED = {
    "is_charging": True,
    "items": [{"name": "占用费", "standard": "按面积计收", "legal_basis": "演示规定第二条", "reducible": False}],
    "note": None,
}
NAMELESS = {
    "is_charging": True,
    "items": [{"name": "手续费", "standard": "5元/件", "legal_basis": None, "reducible": False}],
    "note": None,
}


def approved(cast: Cast, charging: dict[str, Any] | None = None) -> Case:
    republish(cast.items[SITUATED], {**reference(SITUATED), **({"charging": charging} if charging else {})}, at=MONDAY)
    return in_state(cast, "approved")


def order_of(cast: Cast, charging: dict[str, Any] = FIXED) -> PaymentOrder:
    made = fees.demand(case_id=approved(cast, charging).pk, by=SYSTEM, at=LATER)
    assert made is not None
    return made


def pay(order: PaymentOrder, fen: int, number: str, *, by: Any = SYSTEM, channel: str = "online") -> PaymentOrder:
    return fees.receive(
        order_id=order.pk, channel=channel, trade_no=number, amount=fen, by=by, paid_at=LATER, at=LATER
    )


def test_an_item_that_costs_nothing_is_not_charged(cast: Cast) -> None:
    assert fees.demand(case_id=approved(cast).pk, by=SYSTEM, at=LATER) is None
    assert not PaymentOrder.objects.exists()


def test_a_fee_without_its_law_is_refused(cast: Cast) -> None:
    case = approved(cast, NAMELESS)
    with pytest.raises(Refused, match="第五十八条"):
        fees.demand(case_id=case.pk, by=SYSTEM, at=LATER)
    assert not PaymentOrder.objects.exists()


def test_a_fixed_fee_is_due_at_once_and_demanded_once(cast: Cast) -> None:
    order = order_of(cast)
    assert (order.state, order.amount) == ("due", 1000)
    assert fees.demand(case_id=order.case_id, by=SYSTEM, at=LATER) == order
    assert [e.move for e in journal.timeline(order)] == ["demand", "assess_fixed"]
    assert Message.objects.get(kind="fees.assess").person == cast.persons["citizen"]


def test_a_fee_to_be_worked_out_waits_for_the_department(cast: Cast) -> None:
    order = order_of(cast, MEASURED)
    assert order.state == "assessing"
    for who in ("other_reviewer", "clerk", "citizen", "inspector"):
        with pytest.raises(Refused):
            fees.assess(
                order_id=order.pk, amount=500, reckoning="5 平方米每平方米 1 元", by=cast.actors[who], at=LATER
            )
    for amount, reckoning in ((0, "怎样算的写明"), (-5, "怎样算的写明"), (500, "算")):
        with pytest.raises(Refused):
            fees.assess(order_id=order.pk, amount=amount, reckoning=reckoning, by=cast.reviewer, at=LATER)
    due = fees.assess(order_id=order.pk, amount=500, reckoning="5 平方米，每平方米 1 元", by=cast.reviewer, at=LATER)
    assert (due.state, due.amount) == ("due", 500)


PARTS = [[1000], [400, 600], [999, 1], [1000, 1000], [1200], [1, 1, 1500], [300], [500, 499]]


@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_no_fen_is_lost_whatever_comes_in(cast: Cast, parts: list[int]) -> None:
    order = order_of(cast)
    for n, fen in enumerate(parts):
        for _ in range(2):  # each notice comes twice
            order = pay(order, fen, f"t{n}")
    total = sum(parts)
    assert order.received == total == sum(p.amount for p in Payment.objects.all())
    assert order.state == ("paid" if total >= 1000 else "due")
    asked = sum(r.amount for r in Refund.objects.all())
    assert asked == max(total - 1000, 0)
    assert Paper.objects.filter(kind="fee_receipt").count() == (1 if total >= 1000 else 0)
    assert list(journal.verify()) == []


def test_the_order_of_notices_makes_no_difference(cast: Cast) -> None:
    ends = set()
    for parts in itertools.permutations([("a", 300), ("b", 700), ("c", 50)]):
        sid = transaction.savepoint()
        order = order_of(cast) if not PaymentOrder.objects.exists() else PaymentOrder.objects.get()
        for number, fen in parts:
            order = pay(order, fen, number)
        ends.add((order.state, order.received, sum(r.amount for r in Refund.objects.all())))
        transaction.savepoint_rollback(sid)
    assert ends == {("paid", 1050, 50)}


def test_a_number_tells_of_one_payment_only(cast: Cast) -> None:
    order = order_of(cast)
    pay(order, 400, "t1")
    with pytest.raises(Refused, match="已经登记过"):
        pay(order, 500, "t1")
    order.refresh_from_db()
    assert order.received == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(order=order, channel="online", trade_no="t1", amount=1, day=LATER.date(), paid_at=LATER)


def test_late_money_is_kept_and_goes_back(cast: Cast) -> None:
    order = order_of(cast)
    fees.waive(order_id=order.pk, ground="小微企业，免收", by=cast.reviewer, at=LATER)
    order = pay(order, 1000, "late")
    assert (order.state, order.received) == ("waived", 1000)
    assert Refund.objects.get().amount == 1000
    assert not Paper.objects.filter(kind="fee_receipt").exists()


def test_a_clerk_takes_what_is_due_and_not_more(cast: Cast) -> None:
    order = order_of(cast)
    for who in ("other_reviewer", "reviewer", "township_clerk", "citizen", "inspector"):
        with pytest.raises(Refused):
            pay(order, 1000, "z1", by=cast.actors[who], channel="cash")
    for fen, number in ((1001, "z1"), (0, "z1"), (-1, "z1"), (1000, " "), (1000, "z" * 65)):
        with pytest.raises(Refused):
            pay(order, fen, number, by=cast.clerk, channel="cash")
    assert pay(order, 1000, "z1", by=cast.clerk, channel="cash").state == "paid"
    with pytest.raises(Refused, match="不用缴费"):
        pay(order, 1000, "z2", by=cast.clerk, channel="cash")
    assert Payment.objects.get().taken_by == cast.accounts["clerk"].pk


def test_only_what_may_be_reduced_is_waived_on_a_ground(cast: Cast) -> None:
    order = order_of(cast, MEASURED)
    with pytest.raises(Refused, match="没有减免规定"):
        fees.waive(order_id=order.pk, ground="小微企业，免收", by=cast.reviewer, at=LATER)


def test_a_waiver_says_why_and_is_the_departments(cast: Cast) -> None:
    order = order_of(cast)
    with pytest.raises(Refused, match="理由"):
        fees.waive(order_id=order.pk, ground=" ", by=cast.reviewer, at=LATER)
    with pytest.raises(Refused):
        fees.waive(order_id=order.pk, ground="小微企业，免收", by=cast.other_reviewer, at=LATER)
    assert fees.waive(order_id=order.pk, ground="小微企业，免收", by=cast.reviewer, at=LATER).state == "waived"


def test_a_refund_takes_two_people_and_then_the_counter(cast: Cast) -> None:
    order = pay(order_of(cast), 1000, "t1")
    refund = fees.ask_refund(order_id=order.pk, amount=1000, reason="重复办理", by=cast.reviewer, at=LATER)
    with pytest.raises(Refused):
        fees.approve_refund(refund_id=refund.pk, by=cast.reviewer, at=LATER)  # one's own
    for who in ("other_reviewer", "clerk", "citizen", "inspector"):
        with pytest.raises(Refused):
            fees.approve_refund(refund_id=refund.pk, by=cast.actors[who], at=LATER)
    with pytest.raises(Refused):
        fees.give_back(refund_id=refund.pk, trade_no="r1", by=cast.clerk, at=LATER)  # not approved yet
    fees.approve_refund(refund_id=refund.pk, by=cast.chief, at=LATER)
    with pytest.raises(Refused, match="凭证号"):
        fees.give_back(refund_id=refund.pk, trade_no=" ", by=cast.clerk, at=LATER)
    assert fees.give_back(refund_id=refund.pk, trade_no="r1", by=cast.clerk, at=LATER).state == "done"
    with pytest.raises(Refused, match=r"可以退的是 0\.00 元"):
        fees.ask_refund(order_id=order.pk, amount=1, reason="再退", by=cast.citizen, at=LATER)
    assert Message.objects.filter(kind="fees.refund").count() == 1


def test_the_database_itself_wants_two(cast: Cast) -> None:
    order = pay(order_of(cast), 1000, "t1")
    refund = fees.ask_refund(order_id=order.pk, amount=1, reason="重复办理", by=cast.reviewer, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(decided_by=cast.reviewer.id)


def test_a_declined_refund_may_be_asked_again_and_says_why(cast: Cast) -> None:
    order = pay(order_of(cast), 1000, "t1")
    refund = fees.ask_refund(order_id=order.pk, amount=1000, reason="不想办了", by=cast.citizen, at=LATER)
    with pytest.raises(Refused, match="理由"):
        fees.decline_refund(refund_id=refund.pk, note="", by=cast.reviewer, at=LATER)
    fees.decline_refund(refund_id=refund.pk, note="已经制证，依法不退", by=cast.reviewer, at=LATER)
    assert "已经制证" in Message.objects.get(kind="fees.decline").body
    assert (
        fees.ask_refund(order_id=order.pk, amount=1000, reason="再次申请", by=cast.citizen, at=LATER).state == "asked"
    )


def test_a_stranger_asks_nothing_back(cast: Cast) -> None:
    order = pay(order_of(cast), 1000, "t1")
    for who in ("stranger", "other_reviewer", "inspector", "township_clerk"):
        with pytest.raises(Refused):
            fees.ask_refund(order_id=order.pk, amount=1000, reason="给我", by=cast.actors[who], at=LATER)


def hand_out() -> None:
    while journal.deliver(at=LATER + timedelta(days=300)):
        pass


@pytest.mark.parametrize("paid", [True, False])
def test_a_case_that_ends_cancels_what_is_due_and_asks_back_what_was_paid(
    cast: Cast, settings: Any, paid: bool
) -> None:
    settings.FEES_AFTER = "accept"
    republish(cast.items[SITUATED], {**reference(SITUATED), "charging": FIXED}, at=MONDAY)
    case = in_state(cast, "accepted")
    hand_out()
    order = PaymentOrder.objects.get()
    if paid:
        pay(order, 1000, "t1")
    actions.withdraw(case_id=case.pk, by=cast.citizen, at=LATER)
    hand_out()
    order.refresh_from_db()
    assert order.state == ("paid" if paid else "cancelled")
    assert [r.amount for r in Refund.objects.all()] == ([1000] if paid else [])


@pytest.mark.parametrize(("after", "state", "expected"), [("accept", "accepted", 1), ("approve", "accepted", 0), ("approve", "approved", 1)])  # fmt: skip
def test_the_order_is_drawn_up_when_the_house_says(
    cast: Cast, settings: Any, after: str, state: str, expected: int
) -> None:
    settings.FEES_AFTER = after
    republish(cast.items[SITUATED], {**reference(SITUATED), "charging": FIXED}, at=MONDAY)
    in_state(cast, state)
    hand_out()
    hand_out()
    assert PaymentOrder.objects.count() == expected


def test_receipts_are_numbered_without_a_gap(cast: Cast) -> None:
    republish(cast.items[SITUATED], {**reference(SITUATED), "charging": FIXED}, at=MONDAY)
    for n in range(3):
        case = in_state(cast, "approved", who=("citizen", "stranger", "agent")[n])
        order = fees.demand(case_id=case.pk, by=SYSTEM, at=LATER)
        assert order is not None
        pay(order, 1000, f"t{n}")
    assert list(Paper.objects.filter(kind="fee_receipt").order_by("serial").values_list("serial", flat=True)) == [
        1,
        2,
        3,
    ]


def statement(*lines: tuple[str, str]) -> bytes:
    return ("交易流水号,金额（元）\n" + "".join(f"{n},{v}\n" for n, v in lines)).encode()


def check(cast: Cast, body: bytes, *, who: str = "administrator") -> Any:
    return reconciling.check_statement(channel="online", day=LATER.date(), body=body, by=cast.actors[who], at=LATER)


def found() -> dict[str, str]:
    return dict(Difference.objects.values_list("trade_no", "kind"))


def test_the_daily_check_lists_what_does_not_agree_and_may_be_repeated(cast: Cast) -> None:
    order = order_of(cast)
    for number, fen in (("a", 300), ("b", 200), ("c", 500)):
        pay(order, fen, number)
    made = check(cast, statement(("a", "3.00"), ("b", "2.50"), ("d", "9")))
    assert found() == {"b": "amount", "c": "only_ours", "d": "only_theirs"}
    assert (made.ours_count, made.ours_sum, made.theirs_count, made.theirs_sum) == (3, 1000, 3, 1450)
    late = Difference.objects.get(trade_no="c")
    for who in ("clerk", "reviewer", "inspector"):
        with pytest.raises(Refused):
            reconciling.resolve(difference_id=late.pk, reason="渠道次日入账", by=cast.actors[who], at=LATER)
    with pytest.raises(Refused, match="怎样处理"):
        reconciling.resolve(difference_id=late.pk, reason="", by=cast.administrator, at=LATER)
    reconciling.resolve(difference_id=late.pk, reason="渠道次日入账", by=cast.administrator, at=LATER)
    again = check(cast, statement(("a", "3.00"), ("b", "2.00"), ("d", "9")))
    assert again.pk == made.pk
    assert found() == {"c": "only_ours", "d": "only_theirs"}  # b is mended, c stays resolved
    late.refresh_from_db()
    assert late.state == "resolved"


def test_a_broken_statement_changes_nothing(cast: Cast) -> None:
    pay(order_of(cast), 1000, "a")
    check(cast, statement())
    assert found() == {"a": "only_ours"}
    with pytest.raises(Refused, match="第 2 行"):
        check(cast, statement(("a", "zehn")))
    assert found() == {"a": "only_ours"}


def test_each_territory_checks_its_own(cast: Cast) -> None:
    pay(order_of(cast), 1000, "a")
    for who in ("clerk", "reviewer", "inspector", "citizen"):
        with pytest.raises(Refused):
            check(cast, statement(), who=who)
    Post.objects.filter(account=cast.accounts["administrator"]).update(region=SUMU)
    from siban.identity import api as identity

    post = cast.accounts["administrator"].posts.select_related("org").get()
    cast.actors["administrator"] = identity.of_post(cast.accounts["administrator"], post)
    check(cast, statement())
    assert found() == {}
