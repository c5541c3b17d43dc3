"""Any walk through the procedure keeps clocks, ledgers and counters consistent; a few walks, told in words."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from siban.hotline.actions import callbacks, dispatching, handling, intake, ledgers, merging
from siban.hotline.flow import ENDS, ORDER_FLOW, LegState
from siban.hotline.models import Clock, Order
from siban.hotline.queries import rebuilt
from siban.kernel import clock, measures
from siban.kernel.flow import Refused
from siban.kernel.models import JournalEntry
from tests.hotline.conftest import AT, VALLEY, Hotline

SELDOM = ("answer", "refer", "withdraw", "recall", "confirm", "escalate", "close_unreached", "close_unsatisfied")
FIGURES = [measures.REGISTRY[slug] for slug in rebuilt.SLUGS]
WORDS = "演示：已经核实处理完毕"


def acts(house: Hotline, order: Order, dice: random.Random, at: datetime) -> dict[str, Callable[[], Any]]:
    """Every act anybody can try, by the name of its move."""
    orgs, key = list(house.orgs.values())[:-1], {"order_id": order.pk, "at": at}
    lead = next((o for o in orgs if o.pk == order.lead_id), orgs[1])
    op, second, boss, unit = house.operator, house.dispatcher, house.bureau, house.handler(lead.code)
    other = dice.choice([o for o in orgs if o.pk != lead.pk])
    day = (at + timedelta(days=90)).date()
    rest = Order.objects.exclude(pk=order.pk).order_by("pk").first()
    return {
        "dispatch": lambda: dispatching.dispatch(by=second, **key),
        "answer": lambda: intake.answer(by=op, words=WORDS, **key),
        "refer": lambda: intake.refer(by=op, reason="litigation", **key),
        "reclassify": lambda: intake.reclassify(by=op, leaf="090101", nature="complaint", **key),
        "withdraw": lambda: intake.withdraw(by=op, words=WORDS, **key),
        "recall": lambda: dispatching.recall(by=second, words=WORDS, **key),
        "sign": lambda: dispatching.sign(by=unit, **key),
        "ask_return": lambda: dispatching.ask_return(by=unit, reason="not_ours", words=WORDS, suggested=other, **key),
        "accept_return": lambda: dispatching.accept_return(by=second, **key),
        "refuse_return": lambda: dispatching.refuse_return(by=second, words=WORDS, **key),
        "dispute": lambda: dispatching.dispute(by=second, **key),
        "rule": lambda: dispatching.rule(by=boss, lead=other, words=WORDS, **key),
        "whistle": lambda: dispatching.whistle(by=second, units=[lead, other], reason=WORDS, **key),
        "decide": lambda: dispatching.decide(by=boss, lead=other, co=[lead], minutes=WORDS, **key),
        "escalate": lambda: dispatching.escalate(by=second, words=WORDS, **key),
        "contact": lambda: handling.contact(by=unit, words=WORDS, **key),
        "visit": lambda: handling.visit(by=unit, kind="handle", words=WORDS, **key),
        "ask_extension": lambda: handling.ask_extension(by=unit, workdays=3, reason=WORDS, **key),
        "grant_extension": lambda: handling.grant_extension(by=second, **key),
        "refuse_extension": lambda: handling.refuse_extension(by=second, words=WORDS, **key),
        "feed_back": lambda: _feed_back(house, order, at),
        "reply": lambda: handling.reply(by=unit, words=WORDS, **key),
        "return_reply": lambda: handling.return_reply(by=op, words=WORDS, **key),
        "attempt": lambda: callbacks.attempt(by=op, **key),
        "confirm": lambda: callbacks.confirm(by=op, **key),
        "redo": lambda: callbacks.redo(by=op, solved=False, satisfied=False, words=WORDS, **key),
        "close_unsatisfied": lambda: callbacks.close_unsatisfied(by=second, solved=True, words=WORDS, **key),
        "close_unreached": lambda: callbacks.close_unreached(by=op, **key),
        "ask_suspension": lambda: ledgers.ask_suspension(by=unit, ground="history", reason=WORDS, measure=WORDS, responsible="演示·科长", expected_on=day, **key),
        "suspend": lambda: ledgers.suspend(by=second, **key),
        "refuse_suspension": lambda: ledgers.refuse_suspension(by=second, words=WORDS, **key),
        "progress": lambda: ledgers.progress(by=unit, words=WORDS, **key),
        "reactivate": lambda: ledgers.reactivate(by=unit, words=WORDS, **key),
        "ask_termination": lambda: ledgers.ask_termination(by=unit, ground="answered", reason=WORDS, basis=WORDS, evidence=WORDS, **key),
        "review_termination": lambda: ledgers.review_termination(by=second, words=WORDS, **key),
        "refuse_termination": lambda: ledgers.refuse_termination(by=second, words=WORDS, **key),
        "approve_termination": lambda: ledgers.approve_termination(by=boss, told_how="电话告知", **key),
        "appeal": lambda: ledgers.appeal(by=op, words=WORDS, **key),
        "reject_appeal": lambda: ledgers.reject_appeal(by=boss, words=WORDS, **key),
        "uphold_appeal": lambda: ledgers.uphold_appeal(by=boss, words=WORDS, **key),
        "finish_termination": lambda: ledgers.finish_termination(**key),
        "merge": lambda: merging.merge(main_id=rest.pk if rest else order.pk, order_ids=[order.pk], by=second, at=at),
        "unmerge": lambda: merging.unmerge(by=second, words=WORDS, **key),
        "reopen": lambda: callbacks.reopen(by=boss, second=house.actor("service_admin", n=2), words=WORDS, **key),
    }  # fmt: skip


def _feed_back(house: Hotline, order: Order, at: datetime) -> None:
    leg = order.legs.filter(role="co", state__in=(LegState.SENT, LegState.SIGNED)).select_related("org").first()
    if leg is None:
        raise Refused("没有协办")
    dispatching.feed_back(leg_id=leg.pk, by=house.handler(leg.org.code), at=at, words=WORDS)


def check(order: Order, at: datetime) -> None:
    """What must hold of an order at any time."""
    clocks = list(Clock.objects.filter(order=order))
    running = {c.kind: c for c in clocks if c.ended_at is None}
    assert len(running) == len([c for c in clocks if c.ended_at is None])
    if order.state in ENDS:
        assert not running
        assert order.closed_at is not None
        assert not order.legs.filter(state__in=(LegState.SENT, LegState.SIGNED)).exists()
        assert not order.suspensions.filter(ended_at=None).exists()
        assert not order.terminations.filter(ended_at=None).exists()
        return
    whole = running.get("whole")
    if order.due_at is not None:
        assert whole is not None
        assert whole.due_at == order.due_at
        assert whole.stopped_at == order.stopped_at
    assert (order.stopped_at is not None) == (
        order.state in ("suspended", "replied", "terminate_notified", "appealed")
    )
    assert set(running) - {"whole"} == ({order.step} if order.step else set())
    assert (order.state == "merged") == (order.merged_into_id is not None and order.handled_at is None)
    waiting = {"created": "dispatch", "dispatched": "sign", "return_requested": "return", "ruling": "ruling", "replied": "callback",
               "suspended": "progress", "terminate_notified": "appeal", "whistled": "meeting", "escalated": "meeting"}  # fmt: skip
    assert order.step == waiting.get(order.state, order.step if order.state.endswith(("requested", "reviewed")) or order.state == "appealed" else "")  # fmt: skip
    assert order.suspensions.filter(ended_at=None).count() == (order.state in ("suspend_requested", "suspended"))
    assert order.terminations.filter(ended_at=None).count() == (order.state in ("terminate_requested", "terminate_reviewed", "terminate_notified", "appealed"))  # fmt: skip
    assert order.legs.filter(role="lead", state__in=(LegState.SENT, LegState.SIGNED)).count() <= 1
    assert order.weight == 1 + sum(Order.objects.filter(merged_into=order).values_list("weight", flat=True))


@pytest.mark.parametrize("seed", range(6))
def test_any_walk_keeps_clocks_ledgers_and_weights(hotline: Hotline, seed: int) -> None:
    dice, at, made = random.Random(seed), AT, set()
    recorded: dict[datetime, dict[str, tuple[int, int | None]]] = {}
    leaning: dict[str, float] = {"reply": -1.0 if seed % 4 else 0.0}
    orders = [hotline.order("090101" if seed % 2 else "010101", "complaint"), hotline.order(region=VALLEY)]
    for _ in range(70):
        at += timedelta(minutes=dice.choice([3, 40, 300, 2000]))
        order = Order.objects.get(pk=dice.choice(orders).pk)
        known = acts(hotline, order, dice, at)
        may = [n for n in known if n in ("decide", "feed_back") or (order.state in ORDER_FLOW.moves[n].sources)]
        before = JournalEntry.objects.count()
        order_of_trial = sorted(
            may, key=lambda n: dice.random() + leaning.setdefault(n, 0.7 * dice.random()) + (n in SELDOM)
        )
        for name in order_of_trial:
            try:
                known[name]()
            except Refused:
                assert JournalEntry.objects.count() == before, f"{name} was refused and left something behind"
                continue
            made.add(name)
            break
        for one in orders:
            check(Order.objects.get(pk=one.pk), at)
        recorded[at] = {slug: (f[None].hits, f[None].total) for slug, f in measures.figures(FIGURES).items()}
    assert len(made) > 7
    for then, figures in list(recorded.items())[::5]:  # the journal alone tells what the figures were at any instant
        assert rebuilt.rates(then, asof=clock.now()) == figures
    for one in orders:
        told = JournalEntry.objects.filter(subject_type="hotline.Order", subject_id=str(one.pk)).order_by("id")
        state = ""
        for row in told:
            assert row.source in ("", state)
            state = row.target or state
        assert state == Order.objects.get(pk=one.pk).state
