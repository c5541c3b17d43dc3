"""The hotline under kills: 32 operators take calls, 64 handlers sign, visit and reply, others call back."""

import queue
import random
import re
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.audit import Found, wait_for_outbox
from bench.chaos.ledger import Ledger
from bench.chaos.people import PASSWORD
from bench.chaos.talking import Answer, Stopped, Talker

OPERATORS, HANDLERS, CALLERS_BACK = 32, 64, 8
CLIENTS = OPERATORS + HANDLERS + CALLERS_BACK
LEAVES = (
    "030101",
    "030102",
    "060301",
)  # 住建局 leads them all and needs nobody beside it: one unit's hands do the work
TOWNS = ("150724100000", "150724110000", "150724111000")
NUMBER = re.compile(r"/desk/hotline/(RX\d+)/$")
ONCE = ("receive", "register", "dispatch", "sign", "visit", "reply", "confirm")


@dataclass
class Floor:
    """What waits for the next pair of hands."""

    port: int
    ledger: Ledger
    over: threading.Event
    ending: threading.Event
    seed: int
    todo: "queue.Queue[tuple[str, str]]" = field(default_factory=queue.Queue)
    replied: "queue.Queue[str]" = field(default_factory=queue.Queue)
    doors: dict[str, dict[str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, login: str) -> Talker:
        """A line of one's own; people of one login come in by the same door once."""
        talker = Talker(self.port, self.ledger, self.over)
        with self.lock:
            if login not in self.doors:
                talker.log_in("/login/staff/", {"login": login, "password": PASSWORD, "next": "/healthz"})
                self.doors[login] = dict(talker.cookies)
        talker.cookies = dict(self.doors[login])
        return talker


class Hand(threading.Thread):
    """One of them."""

    def __init__(self, floor: Floor, n: int, login: str, doing: Any) -> None:
        super().__init__(daemon=True)
        self.floor, self.n, self.login, self.doing = floor, n, login, doing
        self.random = random.Random(f"{floor.seed}:{n}")

    def run(self) -> None:
        try:
            self.talker = self.floor.enter(self.login)
            while not self.floor.over.is_set():
                self.doing(self)
                self.floor.over.wait(self.random.random() * 0.5)
        except Stopped:
            pass
        except Exception as fault:  # noqa: BLE001 - a client that breaks is a finding, not an end
            self.floor.ledger.wonder(f"client {self.n} broke: {type(fault).__name__}: {fault}")

    def act(self, number: str, path: str, name: str, **given: object) -> bool:
        """One act; refused on the second sending means that the first was heard."""
        before = self.floor.ledger.retried.total()
        answer = self.talker.post(f"/desk/hotline/{number}/{path}/", given)
        if answer.status == 302 and "/login/" not in answer.location:
            self.floor.ledger.acknowledged(name, number=number)
            return True
        if answer.status == 409 and self.floor.ledger.retried.total() > before:
            self.floor.ledger.acknowledged(name, number=number)
            return True
        self.strange(f"{name} {number}", answer)
        return False

    def strange(self, what: str, answer: Answer) -> None:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))
        at = max(said.find("还没有"), 0)
        self.floor.ledger.wonder(f"{what}: {answer.status} {answer.location} {said[at : at + 200]}")


def take(who: Hand) -> None:
    """A call: registered and dispatched in one act; now and then sent twice."""
    if who.floor.ending.is_set():
        who.floor.over.wait(0.5)
        return
    form = {
        "key": uuid.uuid4().hex, "text": f"路面有坑，车过就颠，第 {who.n} 位话务员记的第 {who.random.randrange(10**6)} 个来电", "town": who.random.choice(TOWNS),
        "place": f"示例街 {who.random.randrange(200)} 号", "channel": "phone", "leaf": who.random.choice(LEAVES), "nature": "complaint", "do": "dispatch",
    }  # fmt: skip
    for name in ("receive", "repeated") if who.random.random() < 0.1 else ("receive",):
        answer = who.talker.post("/desk/hotline/new/", form)
        found = NUMBER.search(answer.location)
        if answer.status != 302 or found is None:
            who.strange("call", answer)
            return
        who.floor.ledger.acknowledged(name, number=found[1], key=form["key"])
    who.floor.todo.put((found[1], "sign"))


def handle(who: Hand) -> None:
    """The next step of the next order: sign, visit, reply."""
    try:
        number, step = who.floor.todo.get(timeout=0.5)
    except queue.Empty:
        return
    if step == "sign" and who.act(number, "act/sign", "sign"):
        who.floor.todo.put((number, "visit"))
    elif step == "visit" and who.act(
        number, "visit", "visit", kind="handle", words="到现场填补了坑，压实", key=uuid.uuid4().hex
    ):
        who.floor.todo.put((number, "reply"))
    elif step == "reply" and who.act(
        number, "reply", "reply", words="您好，今天已经到现场填补了坑并压实，并电话告知您。", overrule="压力测试"
    ):
        who.floor.replied.put(number)


def call_back(who: Hand) -> None:
    """The caller says it is solved."""
    try:
        number = who.floor.replied.get(timeout=0.5)
    except queue.Empty:
        return
    who.act(number, "act/confirm", "confirm", words="解决了")


def crowd(floor: Floor) -> list[Hand]:
    """All of them."""
    jobs = ((OPERATORS, "paidan", take), (HANDLERS, "chengban", handle), (CALLERS_BACK, "huifang", call_back))
    return [
        Hand(floor, 100 * k + n, login, doing) for k, (count, login, doing) in enumerate(jobs) for n in range(count)
    ]


def audit(ledger: Ledger) -> Found:
    """Each call one order, each act that was acknowledged in its journal once, each order where its journal left it."""
    from siban.hotline.models import Order
    from siban.kernel.models import JournalEntry

    found = Found()
    if left := wait_for_outbox():
        found.wrong.append(f"还有 {left} 条没有分发的通知")
    found.wrong += [f"日志：{line}" for line in _verify()]
    orders = {n: (str(pk), state) for n, pk, state in Order.objects.values_list("number", "pk", "state")}
    made: dict[str, Counter[str]] = {}
    last: dict[str, str] = {}
    rows = JournalEntry.objects.filter(subject_type="hotline.Order").order_by("subject_id", "seq")
    for pk, move, source, target in rows.values_list("subject_id", "move", "source", "target").iterator():
        made.setdefault(pk, Counter())[move] += 1
        if target:
            if source and last.get(pk) != source:
                found.wrong.append(f"{pk}：{move} 从 {source}，之前是 {last.get(pk)}")
            last[pk] = target
    keys: dict[str, set[str]] = {}
    for row in ledger.rows:
        pk, _ = orders.get(row["number"], ("", ""))
        if not pk or (row["act"] in ONCE and not made[pk][row["act"]]):
            found.lost.append(f"{row['act']} {row['number']}")
        if "key" in row:
            keys.setdefault(row["key"], set()).add(row["number"])
    found.doubled += [f"来电 {key} 得到 {len(numbers)} 个编号" for key, numbers in keys.items() if len(numbers) > 1]
    taken = {row["number"] for row in ledger.rows}  # the month of the demonstration has its own redos
    for number, (pk, state) in orders.items():
        if number not in taken:
            continue
        found.doubled += [f"{act} × {made[pk][act]}：{number}" for act in ONCE if made[pk][act] > 1]
        if last.get(pk) != state:
            found.wrong.append(f"{number}：现在是 {state}，日志走到 {last.get(pk)}")
    found.wrong += list(_clocks())
    return found


def _verify() -> Iterator[str]:
    from siban.kernel import journal

    for broken in journal.verify():
        yield f"{broken.subject} {broken.why}"


def _clocks() -> Iterator[str]:
    """Nothing runs in an order that has ended; one whole clock in one that has not."""
    from siban.hotline.models import Clock, Order

    for clock in (
        Clock.objects.filter(ended_at=None, order__closed_at__isnull=False).select_related("order").order_by("pk")[:20]
    ):
        yield f"{clock.order.number} 已经结束，{clock.kind} 还在计时"
    running = Clock.objects.filter(ended_at=None, kind="whole").order_by().values("order_id")
    for number in (
        Order.objects.filter(closed_at=None)
        .exclude(due_at=None)
        .exclude(pk__in=running)
        .values_list("number", flat=True)[:20]
    ):
        yield f"{number} 没有全程时钟"
