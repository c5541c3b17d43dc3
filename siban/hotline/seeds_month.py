"""A month of the demonstration's hotline, replayed through the actions: every demand as its text says, handled by dice that fall alike each time."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.flow import Refused

from . import rules
from .actions import callbacks, dispatching, handling, intake, ledgers, merging
from .models import Order

MONTH = "2026-10"
LAST = date(2026, 10, 31)
Staff = Callable[[str, str], Actor]


def rows(today: date) -> Iterator[dict[str, Any]]:
    """The month's rows, moved by whole weeks so that it ends not after yesterday."""
    weeks = (today - timedelta(days=1) - LAST).days // 7
    unreasonable = 2
    with (rules.REFERENCE / "orders.jsonl").open(encoding="utf-8") as lines:
        for text in lines:
            row = json.loads(text)
            at = datetime.fromisoformat(row["received_at"])
            inside = row["received_at"].startswith(MONTH)
            if not inside and row["gold"]["is_unreasonable"] and unreasonable:
                unreasonable -= 1
                at, inside = at.replace(month=10, day=2 + unreasonable), True
            if inside:
                yield {**row, "at": at + timedelta(weeks=weeks)}


@dataclass(slots=True)
class Walk:
    """One order on its way; it stops where the present begins."""

    order: Order
    at: datetime
    now: datetime
    dice: random.Random

    def wait(self, **about: float) -> bool:
        """Let time pass, in office hours. False where that would be in the future."""
        self.at = self._office(self.at + timedelta(**about))
        return self.at < self.now

    def _office(self, at: datetime) -> datetime:
        calendar = calendar_for(self.order.region_id)
        if at.hour >= 18:
            at = at.replace(hour=9, minute=at.minute) + timedelta(days=1)
        at = at.replace(hour=9) if at.hour < 9 else at
        while not calendar.is_workday(at.date()):
            at += timedelta(days=1)
        return at


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts."""

    staff: Staff

    def of(self, role: str, org: str) -> Actor:
        found = self.staff(role, org)
        return found if found.account_id else replace(found, account_id=uuid5(NAMESPACE_OID, f"{role} {org}"))

    def handler(self, org: Org) -> Actor:
        role = "township_clerk" if org.code.startswith("township") else "undertaker"
        return self.of(role, org.code)

    @property
    def operator(self) -> Actor:
        return self.of("hotline_operator", "gov_service")

    @property
    def dispatcher(self) -> Actor:
        return self.of("hotline_dispatcher", "gov_service")

    @property
    def bureau(self) -> Actor:
        return self.of("service_admin", "gov_service")


def build(*, staff: Staff, person: UUID, now: datetime, today: date) -> int:
    """Replay the month once. Returns how many orders were made."""
    if Order.objects.exists():
        return 0
    cast, made, mains = Cast(staff), 0, {}
    for n, row in enumerate(sorted(rows(today), key=lambda r: r["at"]), start=1):
        if row["at"] >= now:
            continue
        dice = random.Random(row["id"])
        mine = person if row["channel"] in ("mensuban_app", "online_portal", "wechat") and n % 5 == 0 else None
        order = intake.receive(
            by=cast.operator, at=row["at"], channel=row["channel"], text=row["text"], region_code=row["township_code"],
            place=row["place"], caller_name=f"演示·来电人{n}", caller_phone=f"0470-0000{n % 1000:03d}", caller_key=row["caller_key"],
            person_id=mine, key=f"demo-{row['id']}",
        )  # fmt: skip
        made += 1
        walk = Walk(order, row["at"], now, dice)
        main = mains.get(row["gold"]["duplicate_of"])
        if _take_in(walk, row["gold"], cast) and not _join(walk, main, cast):
            mains[row["id"]] = order.pk
            _handle(walk, row["gold"], cast)
    return made


def _take_in(walk: Walk, gold: Mapping[str, Any], cast: Cast) -> bool:
    """Register, and answer or refer what needs no unit. True where it goes on."""
    order, by = walk.order, cast.operator
    walk.at += timedelta(minutes=walk.dice.randint(2, 9))
    urgent = bool(gold["urgent"])
    emergency = urgent and gold["leaf"][:4] in ("0101", "0103", "1603", "1601") and gold["nature"] != "consult"
    intake.register(
        order_id=order.pk, by=by, at=walk.at, leaf=gold["leaf"], nature=gold["nature"], level=gold["level"], is_urgent=urgent,
        is_emergency=emergency, demands=gold["multi_demand"], is_long_term=gold["is_long_term"],
        is_unreasonable=gold["is_unreasonable"],
    )  # fmt: skip
    walk.at += timedelta(minutes=walk.dice.randint(3, 20))
    if reason := gold["out_of_scope"]:
        line = "119" if reason == "emergency_transfer" else ""
        intake.refer(order_id=order.pk, by=by, at=walk.at, reason=reason, emergency_line=line)
        return False
    if gold["nature"] == "consult" and walk.dice.random() < 0.6:
        intake.answer(
            order_id=order.pk, by=by, at=walk.at, words="已经按知识库的规定当场答复，并告知办理地点和所需材料。"
        )
        return False
    return True


def _join(walk: Walk, main: UUID | None, cast: Cast) -> bool:
    """A second caller about the same event is put under the first."""
    if main is None:
        return False
    try:
        merging.merge(main_id=main, order_ids=[walk.order.pk], by=cast.dispatcher, at=walk.at, words="同一件事")
    except Refused:
        return False
    return True


def _handle(walk: Walk, gold: Mapping[str, Any], cast: Cast) -> None:
    """From dispatch to the call-back, as far as the present allows."""
    order, dice = walk.order, walk.dice
    if not walk.at < walk.now:
        return
    sent = dispatching.dispatch(order_id=order.pk, by=cast.dispatcher, at=walk.at)
    assert sent.lead is not None
    unit = cast.handler(sent.lead)
    if not walk.wait(minutes=dice.randint(10, 200)):
        return
    dispatching.sign(order_id=order.pk, by=unit, at=walk.at)
    if dice.random() < 0.06 and _sent_back(walk, unit, cast):
        return
    if not walk.wait(minutes=dice.randint(10, 240)):
        return
    handling.contact(order_id=order.pk, by=unit, at=walk.at, words="已经电话联系诉求人，核实了情况。")
    for leg in sent.legs.filter(role="co", state__in=("sent", "signed")).select_related("org"):
        dispatching.feed_back(
            leg_id=leg.pk, by=cast.handler(leg.org), at=walk.at, words="本单位职责内的部分已经配合办理。"
        )
    if gold["is_long_term"]:
        _hang(walk, unit, cast)
        return
    if gold["is_unreasonable"]:
        _end(walk, unit, cast)
        return
    if dice.random() < 0.07 or not walk.wait(
        hours=dice.choice((2, 5, 20, 26, 50) if dice.random() < 0.9 else (150, 200))
    ):
        return  # still in hand
    if rules.wants_visit(gold["nature"]):
        handling.visit(order_id=order.pk, by=unit, at=walk.at, kind="handle", words="到现场查看，并当面说明了处理办法。", place=order.place)  # fmt: skip
    for _ in range(2):
        words = f"您好，{walk.at.month}月{walk.at.day}日已经到现场核实，问题已经处理完毕，并电话告知您。如有反复请随时来电。"
        handling.reply(order_id=order.pk, by=unit, at=walk.at, words=words, overrule="演示数据")
        if not walk.wait(hours=dice.randint(3, 30)):
            return
        if not _called_back(walk, cast):
            return
        if not walk.wait(hours=dice.randint(4, 40)):
            return


def _sent_back(walk: Walk, unit: Actor, cast: Cast) -> bool:
    """The unit says it is not its own; the hotline does not agree. True where the present was reached."""
    other = Org.objects.exclude(pk=unit.org_id).filter(code="housing_construction").first()
    if other is None:
        return False
    dispatching.ask_return(order_id=walk.order.pk, by=unit, at=walk.at, reason="not_ours", words="认为不属于本单位职责", suggested=other)  # fmt: skip
    if not walk.wait(hours=2):
        return True
    dispatching.refuse_return(
        order_id=walk.order.pk, by=cast.dispatcher, at=walk.at, words="按清单由本单位主责，继续办理"
    )
    return False


def _hang(walk: Walk, unit: Actor, cast: Cast) -> None:
    """A long-term matter: hung with a plan."""
    ledgers.ask_suspension(
        order_id=walk.order.pk, by=unit, at=walk.at, ground="funds", reason="需要列入下一年度改造计划才能实施",
        measure="先做应急处置，申请资金，列入明年改造计划", responsible="演示·分管负责人",
        expected_on=(walk.at + timedelta(days=240)).date(),
    )  # fmt: skip
    if walk.wait(hours=5):
        ledgers.suspend(order_id=walk.order.pk, by=cast.dispatcher, at=walk.at, words="同意挂单，每月报告进展")


def _end(walk: Walk, unit: Actor, cast: Cast) -> None:
    """An unreasonable demand: ended step by step, told, open to appeal."""
    ledgers.ask_termination(
        order_id=walk.order.pk, by=unit, at=walk.at, ground="no_basis", reason="诉求没有法律和政策依据，已经当面说明",
        basis="相关法规和政策中没有这项规定", evidence="两次答复的记录、告知书",
    )  # fmt: skip
    if not walk.wait(hours=4):
        return
    ledgers.review_termination(order_id=walk.order.pk, by=cast.dispatcher, at=walk.at, words="理由、依据、证据齐全")
    if walk.wait(hours=5):
        ledgers.approve_termination(
            order_id=walk.order.pk, by=cast.bureau, at=walk.at, told_how="电话告知，并说明可以申诉"
        )


def _called_back(walk: Walk, cast: Cast) -> bool:
    """Call the caller. True where the order is done again."""
    state = Order.objects.values_list("state", "nature", "number").get(pk=walk.order.pk)
    if state[0] != "replied" or not rules.called_back(state[1], state[2]):
        return False
    key, luck = {"order_id": walk.order.pk, "by": cast.operator, "at": walk.at}, walk.dice.random()
    if luck < 0.08:
        callbacks.attempt(words="无人接听", **key)
        return False
    if luck < 0.20:
        callbacks.redo(solved=False, satisfied=False, words="说好的没有办，问题还在", **key)
        return True
    if luck < 0.27:
        callbacks.close_unsatisfied(order_id=walk.order.pk, by=cast.dispatcher, at=walk.at, solved=True, words="已经依法办理，诉求人对补偿标准不满意")  # fmt: skip
        return False
    callbacks.confirm(words="解决了", **key)
    return False
