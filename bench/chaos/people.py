"""The 32 clients: persons and business systems hand in and correct, clerks accept, reviewers and heads decide, counters hand over."""

import abc
import json
import queue
import random
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.ledger import Ledger
from bench.chaos.talking import Answer, Stopped, Talker
from bench.chaos.template import Template

SYSTEMS, PERSONS, CLERKS, REVIEWERS, HEADS, COUNTERS = 8, 8, 5, 5, 3, 3
CLIENTS = SYSTEMS + PERSONS + CLERKS + REVIEWERS + HEADS + COUNTERS
PASSWORD = "Siban-2026-demo"
CORRECTED = 0.25  # share of the persons' applications that are sent back once
CASE = re.compile(r"/apply/case/([0-9a-f-]{36})/")


@dataclass
class Board:
    """Cases that wait for the next pair of hands, by what they wait for."""

    waiting: dict[str, "queue.Queue[tuple[str, str]]"] = field(
        default_factory=lambda: {name: queue.Queue() for name in ("accept", "review", "decide", "issue", "deliver")}
    )
    corrections: dict[str, "queue.Queue[str]"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a client needs to know."""

    port: int
    ledger: Ledger
    over: threading.Event
    ending: threading.Event
    board: Board
    templates: dict[str, Template]
    bearer: str
    seed: int


class Client(abc.ABC):
    """One of them, in a thread of its own."""

    def __init__(self, stage: Stage, n: int) -> None:
        self.stage, self.n = stage, n
        self.random = random.Random(f"{stage.seed}:{n}")
        self.talker = Talker(stage.port, stage.ledger, stage.over)

    def run(self) -> None:
        try:
            while not self.stage.over.is_set():
                self.once()
        except Stopped:
            pass
        except Exception as fault:  # noqa: BLE001 - a client that breaks is a finding, not an end
            self.stage.ledger.wonder(f"client {self.n} broke: {type(fault).__name__}: {fault}")
        finally:
            self.talker.close()

    @abc.abstractmethod
    def once(self) -> None:
        """One thing this client does, and a rest."""

    def rest(self, most: float = 0.4) -> None:
        self.stage.over.wait(self.random.random() * most)

    def strange(self, what: str, answer: Answer) -> None:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))[:300]
        self.stage.ledger.wonder(f"{what}: {answer.status} {answer.location} {said}")


class System(Client):
    """A business system: hands in with a key, and sends the same again until it has its answer."""

    def once(self) -> None:
        if self.stage.ending.is_set():
            raise Stopped
        template = self.stage.templates["single"]
        key = str(uuid.UUID(int=self.random.getrandbits(128)))
        body = json.dumps(template.application(self.n), ensure_ascii=False).encode()
        head = {
            "Authorization": f"Bearer {self.stage.bearer}",
            "Idempotency_Key": key,
            "Content_Type": "application/json",
        }
        answer = self.talker.ask("POST", "/api/v1/applications", body, **head)
        if answer.status not in (200, 201):
            self.strange("apply", answer)
            return self.rest(2)
        number = json.loads(answer.body)["number"]
        self.stage.ledger.acknowledged("submit", number=number, key=key)
        if self.random.random() < 0.2:  # said twice: the same case
            answer = self.talker.ask("POST", "/api/v1/applications", body, **head)
            if answer.status == 200:
                self.stage.ledger.acknowledged("repeated", number=json.loads(answer.body)["number"], key=key)
            else:
                self.strange("the same again", answer)
        self.stage.board.waiting["accept"].put((number, "single"))
        self.rest(3)
        return None


class Person(Client):
    """A person at the pages: begins, answers, uploads, hands in, corrects."""

    def __init__(self, stage: Stage, n: int) -> None:
        super().__init__(stage, n)
        self.inside = False
        self.mine = stage.board.corrections.setdefault(f"person-{n}", queue.Queue())

    def once(self) -> None:
        if not self.inside:
            name, number = self.stage.templates["double"].person(self.n)
            self.talker.log_in("/login/", {"name": name, "id_number": number, "level": "3", "next": "/my/"})
            self.inside = True
        try:
            self.correct(self.mine.get_nowait())
        except queue.Empty:
            if self.stage.ending.is_set():
                return self.rest()
            self.apply()
        return self.rest(2)

    def must(self, what: str, answer: Answer) -> bool:
        if answer.status == 302 and "/login/" not in answer.location:
            return True
        if answer.status == 302:
            self.inside = False
        self.strange(what, answer)
        return False

    def apply(self) -> None:
        t, post = self.stage.templates["double"], self.talker.post
        token = str(uuid.UUID(int=self.random.getrandbits(128)))
        start = f"/apply/{t.impl_code}/"
        began = post(start, {"behalf": "self", "token": token}, page=start)
        found = CASE.search(began.location)
        if not self.must("start", began) or not found:
            return
        here = f"/apply/case/{found[1]}/"
        self.stage.ledger.acknowledged("create", case=found[1])
        if t.answers and not self.must("situation", post(f"{here}situation/", dict(t.answers))):
            return
        if not self.must("form", post(f"{here}form/", {**t.page_form(self.n), "button": "next"})):
            return
        for material in t.uploads:
            if not self.hand_in(here, material):
                return
        if not self.must("materials", post(f"{here}materials/", {})):
            return
        if not self.must("delivery", post(f"{here}delivery/", {"delivery": "electronic"})):
            return
        handed = post(f"{here}submit/", {})
        if not self.must("submit", handed):
            return
        number = handed.location.rstrip("/").rsplit("/", 1)[-1]
        self.stage.ledger.acknowledged("submit", number=number, case=found[1])
        self.stage.board.waiting["accept"].put((number, f"person-{self.n}"))

    def hand_in(self, here: str, material: str) -> bool:
        sheet = self.stage.templates["double"].sheet
        return self.must("upload", self.talker.upload(f"{here}materials/{material}/hand-in/", "sheet.pdf", sheet))

    def correct(self, number: str) -> None:
        """What the notice asked for is uploaded again, then handed in again."""
        page = self.talker.get(f"/my/cases/{number}/")
        found = CASE.search(page.body)
        if not found:
            return self.strange("correcting", page)
        here = f"/apply/case/{found[1]}/"
        if not self.hand_in(here, self.stage.templates["double"].uploads[0]):
            return None
        handed = self.talker.post(f"{here}submit/", {})
        if self.must("resubmit", handed):
            self.stage.ledger.acknowledged("resubmit", number=number)
            self.stage.board.waiting["accept"].put((number, "corrected"))
        return None


class Official(Client):
    """Somebody at a desk: takes what waits and makes one move on it."""

    def __init__(
        self, stage: Stage, n: int, logins: tuple[str, ...], kind: str, doing: "Callable[[Official, str, str], None]"
    ) -> None:
        super().__init__(stage, n)
        self.kind, self.doing, self.logins = kind, doing, logins
        self.desks: dict[str, Talker] = {}

    def once(self) -> None:
        try:
            number, how = self.stage.board.waiting[self.kind].get(timeout=0.5)
        except queue.Empty:
            return
        self.doing(self, number, how)
        self.rest()

    def desk(self, login: str) -> Talker:
        if login not in self.desks:
            talker = Talker(self.stage.port, self.stage.ledger, self.stage.over)
            talker.log_in("/login/staff/", {"login": login, "password": PASSWORD, "next": "/healthz"})
            self.desks[login] = talker
        return self.desks[login]

    def move(self, login: str, number: str, name: str, seen: str, **given: object) -> bool:
        """One move; True when the server acknowledged it, now or on the second asking."""
        answer = self.desk(login).post(f"/desk/cases/{number}/{name}/", {**given, "seen": seen})
        if answer.status == 302 and "/login/" not in answer.location:
            self.stage.ledger.acknowledged(name, number=number)
            return True
        if answer.status == 302:
            self.desks.pop(login).close()
            return self.move(login, number, name, seen, **given)
        self.strange(f"{name} {number}", answer)
        return False


def accept(who: Official, number: str, how: str) -> None:
    board = who.stage.board
    if how in board.corrections and who.random.random() < CORRECTED:
        t = who.stage.templates["double"]
        if who.move(
            "chuangkou",
            number,
            "request_correction",
            "submitted",
            **{f"what-{t.uploads[0]}": "缺少签名，请补签后重新上传。", "days": "15"},
        ):
            board.corrections[how].put(number)
    elif who.move("chuangkou", number, "accept", "submitted"):
        board.waiting["review"].put((number, how if how == "single" else "double"))


def review(who: Official, number: str, how: str) -> None:
    login = who.stage.templates[how].reviewer
    if not who.move(login, number, "start_review", "accepted"):
        return
    who.desk(login).post(f"/desk/cases/{number}/points/", {"do": "pass"})  # asked for again below if it was lost
    if how == "single":
        who.stage.board.waiting["decide"].put((number, how))
        return
    outcome = "reject" if who.random.random() < 0.1 else "approve"
    if who.move(
        login,
        number,
        "propose",
        "in_review",
        outcome=outcome,
        opinion="材料齐全，符合条件。",
        basis="森林法第五十七条",
    ):
        who.stage.board.waiting["decide"].put((number, outcome))


def decide(who: Official, number: str, how: str) -> None:
    t = who.stage.templates["single" if how == "single" else "double"]
    seen, board = "in_review" if how == "single" else "proposed", who.stage.board
    if how == "reject":
        if who.move(t.head, number, "reject", seen, reason="申请的地块不在采伐限额范围内。", basis="森林法第五十七条"):
            board.waiting["deliver"].put((number, "rejected"))
    elif who.move(t.reviewer if how == "single" else t.head, number, "approve", seen, note="同意。"):
        if who.move(t.reviewer, number, "issue", "approved"):
            board.waiting["deliver"].put((number, "issued"))


def deliver(who: Official, number: str, how: str) -> None:
    who.move("chuangkou", number, "deliver", how, receiver="")


def crowd(stage: Stage) -> list[Client]:
    """All of them."""
    found: list[Client] = [System(stage, n) for n in range(SYSTEMS)]
    found += [Person(stage, n) for n in range(SYSTEMS, SYSTEMS + PERSONS)]
    jobs: list[tuple[int, str, Any]] = [
        (CLERKS, "accept", accept), (REVIEWERS, "review", review), (HEADS, "decide", decide), (COUNTERS, "deliver", deliver),
    ]  # fmt: skip
    for count, kind, doing in jobs:
        found += [Official(stage, 100 + len(found), (), kind, doing) for _ in range(count)]
    return found
