"""Wrong machines do not import; right ones refuse with a sentence."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import TextChoices

from siban.kernel.actor import ANONYMOUS, SYSTEM, Actor
from siban.kernel.flow import Machine, Move, WrongMachine
from siban.kernel.flow.machine import REGISTRY


class S(TextChoices):
    OPEN = "open", "待办"
    WAITING = "waiting", "等待"
    DONE = "done", "办结"


def clerk(actor: Actor, subject: Any) -> bool:
    """由窗口人员办理。"""
    return actor.has_role("window_clerk")


def mute(actor: Actor, subject: Any) -> bool:
    return True


def machine(*moves: Move, **over: Any) -> Machine:
    given: dict[str, Any] = {
        "name": "test-machine", "title": "试验", "model": "test.Thing", "states": S, "start": S.OPEN, "ends": {S.DONE},
        "owners": {S.OPEN: "窗口", S.WAITING: "申请人"}, "moves": moves,
    }  # fmt: skip
    try:
        return Machine(**given | over)
    finally:
        REGISTRY.pop("test-machine", None)


ASK = Move("ask", "告知", (S.OPEN,), S.WAITING, clerk, "第三十二条")
BACK = Move("back", "补正", (S.WAITING,), S.OPEN, clerk, "第三十二条")
CLOSE = Move("close", "办结", (S.OPEN,), S.DONE, clerk, "第三十八条")
GOOD = (ASK, BACK, CLOSE)


def changed(move: Move, **over: Any) -> Move:
    return Move(**{f: getattr(move, f) for f in move.__dataclass_fields__} | over)


def test_a_right_machine_stands() -> None:
    assert set(machine(*GOOD).moves) == {"ask", "back", "close"}


@pytest.mark.parametrize(
    ("moves", "over", "fault"),
    [
        ((changed(ASK, law=" "), BACK, CLOSE), {}, "ask cites no law"),
        ((changed(ASK, who=mute), BACK, CLOSE), {}, "does not say its rule"),
        ((changed(ASK, sources=()), BACK, CLOSE), {}, "starts from nowhere"),
        ((changed(ASK, target="nirvana"), BACK, CLOSE), {}, "unknown states"),
        ((ASK, changed(ASK, target=S.DONE), BACK, CLOSE), {}, "share a name"),
        ((*GOOD, Move("reopen", "重开", (S.DONE,), S.OPEN, clerk, "第一条")), {}, "leaves an end state"),
        ((ASK, CLOSE), {}, "dead end: nothing leaves waiting"),
        ((CLOSE, BACK), {}, "unreachable"),
        ((ASK, changed(BACK, override=True), CLOSE), {}, "only an override leaves waiting"),
        (GOOD, {"owners": {S.OPEN: "窗口"}}, "nobody owns waiting"),
        (
            (changed(ASK, name="a"), Move("loop", "转", (S.WAITING,), S.WAITING, clerk, "第二条"), CLOSE), {},
            "no way to an end",
        ),
        (GOOD, {"start": "nirvana"}, "start or ends are not states"),
    ],
)  # fmt: skip
def test_a_wrong_machine_does_not_import(moves: tuple[Move, ...], over: dict[str, Any], fault: str) -> None:
    with pytest.raises(WrongMachine, match=fault):
        machine(*moves, **over)


def test_refusals_are_sentences_for_the_person() -> None:
    flow = machine(changed(ASK, needs=(lambda s, at: "还缺身份证。",)), BACK, changed(CLOSE, deemed=True))
    thing, at = SimpleNamespace(state="open"), None
    window = Actor(kind="staff", role="window_clerk")

    assert flow.refusal("ask", thing, by=window, at=at) == "还缺身份证。"  # type: ignore[arg-type]
    assert "由窗口人员办理" in (flow.refusal("ask", thing, by=ANONYMOUS, at=at) or "")  # type: ignore[arg-type]
    assert "现在是“待办”" in (flow.refusal("back", thing, by=window, at=at) or "")  # type: ignore[arg-type]
    assert "系统在期限届满时作出" in (flow.refusal("close", thing, by=window, at=at) or "")  # type: ignore[arg-type]
    assert [c.name for c in flow.choices(thing, by=window, at=at)] == ["ask"]  # type: ignore[arg-type]
    assert flow.choices(thing, by=SYSTEM, at=at) == []  # type: ignore[arg-type]


def test_every_shipped_machine_ends_and_is_owned() -> None:
    assert {"cases", "items"} <= set(REGISTRY)
    for flow in REGISTRY.values():
        for state in set(flow.states.values) - flow.ends:
            assert flow.owner(state), f"{flow.name}.{state}"
