"""The text of a notice cut into pieces, each marked with what was read out of it; what is still to be decided."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..models import Directive

KINDS = {"title": "标题", "number": "文号", "dated": "日期", "cadence": "调度节奏", "finding": "存在的问题", "requirement": "整改要求", "due": "期限", "name": "单位", "target": "目标", "ask": "要确认"}  # fmt: skip
WIDE = ("finding", "requirement")


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that was read: an anchor, what it is, where it stands."""

    anchor: str
    kind: str
    words: str
    start: int
    end: int
    note: str = ""

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def is_wide(self) -> bool:
        return self.kind in WIDE


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: plain, or marked; `anchors` begin here."""

    text: str
    style: str
    anchors: tuple[str, ...]
    title: str


def all_places(row: Directive) -> Iterator[Place]:
    """Everything that was read."""
    said = row.reading
    for name in ("title", "number", "dated"):
        if said.get(name, {}).get("end"):
            yield Place(f"s-{name}", name, said[name]["value"], said[name]["start"], said[name]["end"])
    for n, one in enumerate(said.get("cadence", ())):
        yield Place(f"s-cadence-{n}", "cadence", one["value"], one["start"], one["end"])
    for n, problem in enumerate(said.get("problems", ())):
        for name in ("title", "finding", "requirement"):
            if problem[name]["end"]:
                yield Place(
                    f"s-{n}-{name}", name, problem[name]["value"], problem[name]["start"], problem[name]["end"]
                )
        for kind in ("due", "name", "target"):
            for m, one in enumerate(problem[f"{kind}s"]):
                yield Place(f"s-{n}-{kind}-{m}", kind, one["value"], one["start"], one["end"], one.get("note", ""))
    for n, ask in enumerate(said.get("asks", ())):
        yield Place(f"s-ask-{n}", "ask", ask["value"], ask["start"], ask["end"])


def places(row: Directive) -> dict[int, dict[str, list[Place]]]:
    """{problem: {kind: places}}, for the links beside the boxes."""
    found: dict[int, dict[str, list[Place]]] = {}
    for place in all_places(row):
        parts = place.anchor.split("-")
        if parts[1].isdecimal():
            found.setdefault(int(parts[1]), {}).setdefault(place.kind, []).append(place)
    return found


def of(row: Directive) -> list[Piece]:
    """The text in pieces; nothing where the directive was written by hand."""
    if not row.reading:
        return []
    marks = [p for p in all_places(row) if 0 <= p.start < p.end <= len(row.source_text)]
    cuts = sorted({0, len(row.source_text), *(p.start for p in marks), *(p.end for p in marks)})
    begin: dict[int, list[Place]] = {}
    for p in marks:
        begin.setdefault(p.start, []).append(p)
    pieces, running = [], list[Place]()
    for a, b in itertools.pairwise(cuts):
        running = [p for p in running if p.end > a] + begin.get(a, [])
        fine = [p for p in running if not p.is_wide]
        style = "ask" if any(p.kind == "ask" for p in fine) else "fine" if fine else "wide" if running else ""
        title = "、".join(dict.fromkeys(p.label for p in fine or running))
        pieces.append(Piece(row.source_text[a:b], style, tuple(p.anchor for p in begin.get(a, ())), title))
    return pieces


def open_asks(row: Directive) -> int:
    """How many things are still to be decided."""
    return sum(a["answer"] is None for a in row.reading.get("asks", ()))


@dataclass(frozen=True, slots=True)
class AskShown:
    """One question with the answer it was given."""

    number: int
    kind: str
    words: str
    why: str
    problem: str
    anchor: str
    sentence: str
    candidates: tuple[str, ...]
    answer: str


ANSWERS = {"checked": "已核对", "drop": "不采用", "org": "就是", "figure": "指标", "document": "报送材料"}


def asks(row: Directive) -> list[AskShown]:
    """All questions in the order of the text."""
    problems = row.reading.get("problems", ())
    shown = []
    for n, a in enumerate(row.reading.get("asks", ())):
        title = problems[a["problem"]]["title"]["value"] if a["problem"] < len(problems) else ""
        shown.append(
            AskShown(n, a["kind"], a["value"], a["why"], title, f"s-ask-{n}", _sentence(row.source_text, a["start"], a["end"]), tuple(a["candidates"]), _answered(a["answer"]))
        )  # fmt: skip
    return shown


def _answered(said: dict[str, Any] | None) -> str:
    if said is None:
        return ""
    what = said.get("name") or said.get("reason") or said.get("figure") or said.get("document") or ""
    return f"{ANSWERS[said['do']]}{what}" + ("，已记为别名" if said.get("alias") else "") + f"（{said['by']}）"


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place."""
    stops = "。！？\n"
    a = max((text.rfind(c, 0, start) for c in stops), default=-1) + 1
    b = min((i for c in stops if (i := text.find(c, end)) >= 0), default=len(text))
    return text[max(a, start - 60) : min(b + 1, end + 60)].strip()
