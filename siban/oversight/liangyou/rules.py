"""What counts as fewer papers, fewer steps, fewer days; and whether a claim is borne out. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from siban.catalog.api import ItemContent, Limit, comparable_days
from siban.kernel.actor import Actor

WORK, NATURAL = 7, 5  # fifths of a natural day: 1 工作日 = 7/5 自然日
LAW = "鄂温克旗2023年整改通知（000）“两优”专项行动"


@dataclass(frozen=True, slots=True)
class Paper:
    """A material by what it is: its standard material (`grain`), else its own id. The name is for reading only."""

    id: str
    name: str
    grain: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What one version asks of people. `days` in fifths of a natural day; None = no limit is said."""

    papers: tuple[Paper, ...] = ()
    steps: tuple[str, ...] = ()
    days: int | None = None
    limit: str = ""
    visits: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One state beside another: counts before and after, and by name what went and what came."""

    papers: tuple[int, int]
    steps: tuple[int, int]
    days: tuple[int | None, int | None]
    visits: tuple[int | None, int | None]
    gone_papers: tuple[str, ...]
    new_papers: tuple[str, ...]
    gone_steps: tuple[str, ...]
    new_steps: tuple[str, ...]

    @property
    def cut_material(self) -> bool:
        return self.papers[1] < self.papers[0]

    @property
    def cut_step(self) -> bool:
        return self.steps[1] < self.steps[0]

    @property
    def cut_time(self) -> bool:
        return None not in self.days and self.days[1] < self.days[0]  # type: ignore[operator]

    @property
    def grew_material(self) -> bool:
        return self.papers[1] > self.papers[0]

    @property
    def grew_step(self) -> bool:
        return self.steps[1] > self.steps[0]

    @property
    def grew_time(self) -> bool:
        return None not in self.days and self.days[1] > self.days[0]  # type: ignore[operator]


def of_item(content: ItemContent) -> State:
    """What an implementation item asks: an instant item promises the same day; without a promise the law's limit binds."""
    limit = content.promised_limit if content.promised_limit.value is not None else content.legal_limit
    days = 0 if content.is_instant else comparable_days(limit)
    return State(
        tuple(Paper(m.id, m.name, m.grain_id or "") for m in content.materials),
        tuple(s.name for s in sorted(content.process_steps, key=lambda s: s.seq)),
        days,
        "当场办结" if content.is_instant else limit.words,
        content.online.onsite_visits,
    )


def of_internal(materials: Iterable[str], steps: Iterable[str], value: int | None, unit: str) -> State:
    """What an internal item asks; it has no standard materials, so a material is what it is called."""
    limit = Limit(value, unit)
    return State(tuple(Paper(folded(m), m) for m in materials), tuple(steps), comparable_days(limit), limit.words)


def folded(name: str) -> str:
    """A name without differences of width, case and spacing."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def identities(mine: Iterable[Paper], other: Iterable[Paper]) -> dict[str, str]:
    """What the materials of one version are, each once: `{identity: name}`.

    A material that was tied to its standard material only in the other version is the same material still.
    """
    later = {p.id: p.grain for p in other if p.grain}
    return {p.grain or later.get(p.id, "") or f"id:{p.id}": p.name for p in mine}


def compare(before: State, after: State) -> Change:
    """The change from one state to another."""
    old, new = identities(before.papers, after.papers), identities(after.papers, before.papers)
    gone_steps, new_steps = list(before.steps), list(after.steps)
    for step in before.steps:
        if step in new_steps:
            new_steps.remove(step)
            gone_steps.remove(step)
    return Change(
        (len(old), len(new)), (len(before.steps), len(after.steps)), (before.days, after.days),
        (before.visits, after.visits), tuple(name for key, name in old.items() if key not in new),
        tuple(name for key, name in new.items() if key not in old), tuple(gone_steps), tuple(new_steps),
    )  # fmt: skip


def days_words(fifths: int | None) -> str:
    """`10 个工作日`, `当场办结`, or the natural days it comes to."""
    if fifths is None:
        return "没有时限"
    if fifths == 0:
        return "当场办结"
    if fifths % WORK == 0:
        return f"{fifths // WORK} 个工作日"
    return f"{fifths / NATURAL:g} 个自然日"


CUTS = {"cut_material": "减材料", "cut_step": "减环节", "cut_time": "减时限"}
HANDED = {"take_over": "承接", "delegate": "下放", "cancel": "取消"}
KINDS = {**CUTS, **HANDED}
COLUMN = {"cut_material": "materials", "cut_step": "steps", "cut_time": "days"}
WHAT = {"cut_material": "材料", "cut_step": "环节", "cut_time": "时限"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the versions say of a claim."""

    key: str
    words: str

    @property
    def label(self) -> str:
        return {
            "borne_out": "版本证实",
            "differs": "数字不符",
            "not_borne_out": "版本不支持",
            "untold": "版本里看不出",
        }[self.key]

    @property
    def tone(self) -> str:
        return {"borne_out": "green", "differs": "amber", "not_borne_out": "red", "untold": "grey"}[self.key]


def verdict(kind: str, before: int | None, after: int | None, record: Mapping[str, Any] | None) -> Verdict:
    """Whether the versions bear a claim out.

    Args:
        before, after: the numbers claimed; days in fifths.
        record: the computed row (`standing`, `<column>_before`, `<column>_after`); None when the item is not in it.
    """
    if record is None:
        return Verdict("not_borne_out", "本轮起止两天都没有这个事项的版本，请核对事项名称和编码。")
    standing = str(record["standing"])
    if kind in HANDED:
        return _handed(kind, standing)
    if standing == "new":
        return Verdict("not_borne_out", "起始日还没有这个事项，没有可以比较的原版本。")
    if standing == "gone":
        return Verdict("not_borne_out", "截止日这个事项已经取消，不能作为减少的成果。")
    column, what = COLUMN[kind], WHAT[kind]
    old, new = record[f"{column}_before"], record[f"{column}_after"]
    said = f"版本里{what}由 {shown(kind, old)}变为 {shown(kind, new)}"
    if old is None or new is None:
        return Verdict("not_borne_out", f"{said}，无法比较。")
    if new == old:
        return Verdict("not_borne_out", f"版本里{what}没有变化，都是 {shown(kind, old)}。")
    if new > old:
        return Verdict("not_borne_out", f"{said}，反而增加了。")
    if (before, after) != (old, new):
        return Verdict("differs", f"{said}，与填报的“{shown(kind, before)}→{shown(kind, after)}”不一致。")
    return Verdict("borne_out", f"{said}，与填报一致。")


def _handed(kind: str, standing: str) -> Verdict:
    if kind == "cancel":
        if standing == "gone":
            return Verdict("borne_out", "截止日这个事项已经取消。")
        return Verdict("not_borne_out", "截止日这个事项仍在执行，没有取消。")
    if kind == "take_over":
        if standing == "new":
            return Verdict("borne_out", "起始日以后才有这个事项。")
        return Verdict("not_borne_out", "起始日以前就有这个事项，不是本轮承接的。")
    return Verdict("untold", "下放与否版本里看不出，请核对下放的文件。")


def shown(kind: str, value: int | None) -> str:
    """A number of a kind in words."""
    if kind == "cut_time":
        return days_words(value)
    return "未填" if value is None else f"{value} {'份' if kind == 'cut_material' else '个'}"


STATEMENT = {
    "reason": "没有优化成果的理由",
    "meeting_on": "党组会确认的日期",
    "meeting_number": "党组会会议纪要（记录）文号",
    "document_number": "情况说明的正式文号",
    "signed_by": "签字的主要领导",
    "signed_on": "主要领导签字日期",
    "file": "主要领导签字的情况说明（PDF）",
}
"""Mandatory parts of 情况说明: 党组会确认、正式文件、主要领导签字、PDF (000 整改要求)."""


def missing(said: Mapping[str, Any]) -> list[str]:
    """The mandatory parts a statement lacks, in words."""
    return [words for part, words in STATEMENT.items() if not said.get(part)]


def bureau(actor: Actor) -> bool:
    """由政务服务管理机构办理。"""
    return actor.has_role("service_admin")


def department(actor: Actor) -> bool:
    """由本单位的事项管理员或者主要负责人办理。"""
    return actor.has_role("dept_admin", "unit_head", "township_clerk") and actor.org_id is not None
