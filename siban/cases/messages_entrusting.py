"""What the two sides of an entrustment are told, in their words."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What the sentences name."""

    principal: str
    agent: str
    matters: str
    purpose: str
    until: str


Words = tuple[str, str, str]


def _ask(said: Said) -> Words:
    return (
        "有一份委托等您确认",
        (
            f"“{said.principal}”委托“{said.agent}”办理：{said.matters}（{said.purpose}），到{said.until}为止。\n"
            "请打开“委托代办”，同意或者不同意。您不认识对方、不知道这件事的，请不要同意。"
        ),
        "awaited",
    )


def _confirm(said: Said) -> Words:
    return (
        "委托已经生效",
        (
            f"“{said.principal}”委托“{said.agent}”办理：{said.matters}，到{said.until}为止。\n"
            "每一件代办的申请，委托人都能在“我的办件”里看到，可以随时撤回申请、结束委托。"
        ),
        "both",
    )


def _refuse(said: Said) -> Words:
    return "对方没有同意委托", f"“{said.principal}”和“{said.agent}”之间的委托没有得到同意，没有生效。", "asker"


def _end(said: Said) -> Words:
    return (
        "委托已经结束",
        (
            f"“{said.principal}”和“{said.agent}”之间的委托已经结束。从现在起代办人不能再办理，也看不到这些办件。\n"
            "已经提交的申请照常办理，由委托人自己接着办。"
        ),
        "both",
    )


WORDS: dict[str, Callable[[Said], Words]] = {"ask": _ask, "confirm": _confirm, "refuse": _refuse, "end": _end}


def _add_member(firm: str, person: str) -> tuple[str, str]:
    return (
        "单位增加了经办人",
        f"“{person}”从现在起可以替“{firm}”申请、补正和查看办件。\n不知道这件事的，请马上联系单位，或者在“委托代办”里退出。",
    )


def _end_membership(firm: str, person: str) -> tuple[str, str]:
    return "单位的经办人已经结束", f"“{person}”从现在起不再替“{firm}”办理，也看不到这个单位的办件。"


MEMBER_WORDS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "add_member": _add_member, "end_membership": _end_membership,
}  # fmt: skip
