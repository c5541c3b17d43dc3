"""Law of the counter, pure: what a point found wanting means, who may decide what he received, which window it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from siban.kernel.actor import Actor

VERDICTS = ("ok", "not_ok", "na")


@dataclass(frozen=True, slots=True)
class Point:
    """One review point as marked at the counter or in review."""

    material_id: str
    material: str
    text: str
    verdict: str
    note: str = ""
    remedy: str = ""


def failing(points: Iterable[Point]) -> str | None:
    """The sentence that stands in the way of acceptance; None when no point was found wanting."""
    names = list(dict.fromkeys(p.material for p in points if p.verdict == "not_ok"))
    if not names:
        return None
    return (
        f"“{'、'.join(names)}”有审查要点标为不符合，不能受理。"
        "请申请人当场改好后改标为符合，或者收件并一次告知需要补正的全部内容。"
    )


def corrections(points: Iterable[Point]) -> list[dict[str, str]]:
    """The notice of everything to be corrected that follows from the marks: one entry a material (行政许可法第三十二条)."""
    said: dict[str, dict[str, str]] = {}
    for p in points:
        if p.verdict != "not_ok":
            continue
        what = f"{p.text}：{p.note}" if p.note else f"不符合“{p.text}”"
        entry = said.setdefault(p.material_id, {"material_id": p.material_id, "name": p.material, "what": ""})
        entry["what"] = "；".join(filter(None, (entry["what"], what)))
    return list(said.values())


def window_of(actor: Actor) -> str:
    """`150724100000-0199a2b4c6d8`: the region of the counter's post, then the post; figures count by its beginning."""
    return f"{actor.region_code}-{actor.post_id.hex[-12:]}" if actor.post_id else actor.region_code


def decided_by_other(actor: Actor, case: Any, *, separate: bool) -> str | None:
    """受理和审批分离：谁收的件，谁不能对同一个办件作出决定（国务院令第764号 前台综合受理、后台分类审批）。"""
    if separate and case.received_by_id is not None and actor.account_id == case.received_by_id:
        return "这个办件是您本人在窗口收的。前台受理和后台审批分开，决定要由另一个人作出。"
    return None
