"""Law of looking through the review points, pure: which must be looked at, what follows from those found wanting."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .rules_counter import Point

REVIEW, COUNTER = "review", "counter"
OF_THE_OFFICE = ("review_opinion",)
"""Kinds of papers that stay in the office: the applicant reads the decision, not what was drafted for it."""
UNDER_REVIEW = ("in_review", "in_special")
"""States in which the case is in the reviewer's hands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One review point that has to be looked at before a decision."""

    material_id: str
    point: int
    material: str
    text: str

    @property
    def key(self) -> tuple[str, int]:
        return self.material_id, self.point


def asked(wanted: Iterable[Any], here: Collection[str]) -> list[Asked]:
    """Every review point of the materials that are here: what is not handed in can't be looked at."""
    return [
        Asked(m.id, number, m.name, text)
        for m in wanted
        if m.id in here
        for number, text in enumerate(m.review_points)
    ]


def unseen(points: Sequence[Asked], *, begun: bool = True) -> str | None:
    """The sentence that stands in the way of an opinion or a grant; None when every point was looked at."""
    if not points:
        return None
    names = [f"“{name}”" for name in dict.fromkeys(p.material for p in points)]
    return f"还有 {len(points)} 项审查要点没有审查（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）。" + (
        "请先在“逐项审查”里写明符合、不符合或者不适用。" if begun else "请先开始审查，再逐项审查。"
    )


def failed(points: Iterable[Point]) -> str | None:
    """The sentence that stands in the way of a grant; None when no point was found wanting in review."""
    names = list(dict.fromkeys(p.material for p in points if p.verdict == "not_ok"))
    if not names:
        return None
    return (
        f"“{'、'.join(names)}”有审查要点审查为不符合，不能准予。"
        "已经改正的，请在“逐项审查”里改为符合（待决定的先退回重新审查）；否则请作出不予许可（办理）的决定。"
    )


def line(p: Point) -> str:
    """`“户口簿”第二页：看不清。改正：重新拍照`: one point found wanting, in one line."""
    said = f"“{p.material}”不符合“{p.text}”" + (f"：{p.note}" if p.note else "")
    return f"{said}（改正办法：{p.remedy}）" if p.remedy else said


def reasons(points: Iterable[Point]) -> str:
    """The points found wanting, one a line: where reasons of a refusal begin."""
    return "\n".join(line(p) for p in points if p.verdict == "not_ok")


def opinion(points: Sequence[Point]) -> str:
    """Where the reviewer's opinion begins: what was found wanting, or how much was looked at and found in order."""
    if bad := reasons(points):
        return bad
    good = sum(p.verdict == "ok" for p in points)
    aside = len(points) - good
    if not points:
        return ""
    return f"逐项审查了 {len(points)} 项审查要点，{good} 项符合" + (f"，{aside} 项不适用。" if aside else "。")


def not_together(*, is_instant: bool, asked: Sequence[Asked], marks: Iterable[tuple[str, int, str]]) -> str | None:
    """Why a case has to be decided by itself; None when it may be granted among several, each confirmed (第三十四条).

    The office looks through what each applicant handed in: only an instant matter, of which every review point was
    marked as met, leaves nothing to weigh.
    """
    if not is_instant:
        return "不是即办件，要逐件审查、逐件决定（行政许可法第三十四条）。"
    said: dict[tuple[str, int], set[str]] = {}
    for material_id, point, verdict in marks:
        said.setdefault((material_id, point), set()).add(verdict)
    if any("not_ok" in said.get(a.key, ()) for a in asked):
        return "有审查要点标为不符合，要逐件决定。"
    if open_ones := [a for a in asked if a.key not in said]:
        return f"还有 {len(open_ones)} 项审查要点没有标为符合，要逐件决定。"
    return None
