"""A directive as it is being written: anything may be missing until it is issued. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .rules_supervision import MOST_TARGETS, Target

MOST_PROBLEMS = 40


@dataclass(frozen=True, slots=True)
class ProblemDraft:
    """One problem: what is found, what is asked, by when, of whom."""

    title: str = ""
    finding: str = ""
    requirement: str = ""
    due_on: date | None = None
    targets: tuple[Target, ...] = ()
    units: tuple[UUID, ...] = ()
    read_from: int | None = None
    is_confirmed: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.finding or self.requirement or self.due_on or self.targets or self.units)


@dataclass(frozen=True, slots=True)
class DirectiveDraft:
    """The whole page."""

    number: str = ""
    title: str = ""
    dated: date | None = None
    cadence: tuple[str, ...] = ()
    hold_days: int = 3
    acknowledge_workdays: int = 2
    problems: tuple[ProblemDraft, ...] = ()


def missing(draft: DirectiveDraft, *, known: Mapping[UUID, str], today: date) -> list[str]:
    """What stands in the way of issuing, one sentence each: what, where, what to do.

    Args:
        known: the active organisations of the territory.
    """
    said: list[str] = []
    for value, words in ((draft.title, "标题"), (draft.number, "文号"), (draft.dated, "日期")):
        if not value:
            said.append(f"还没有填写{words}，请补上。")
    if not draft.problems:
        said.append("还没有问题。请至少写一个问题，并写明整改要求、期限和涉及单位。")
    for n, problem in enumerate(draft.problems, start=1):
        said += [f"第 {n} 个问题{what}" for what in _missing(problem, known=known, today=today)]
    return said


def _missing(problem: ProblemDraft, *, known: Collection[UUID], today: date) -> list[str]:
    said: list[str] = []
    if not problem.title:
        said.append("没有名称，请补上。")
    if not problem.is_confirmed:
        said.append("还没有对照原文核对，核对后请勾选“已对照原文核对”。")
    if not problem.requirement:
        said.append("没有整改要求，请补上。")
    if problem.due_on is None:
        said.append("没有整改期限，请补上。")
    elif problem.due_on < today:
        said.append(f"的期限 {problem.due_on} 已经过去，请改成今天或者以后的日子。")
    if not problem.units:
        said.append("没有涉及单位，请至少选一个部门或者苏木乡镇。")
    if strange := sum(u not in known for u in problem.units):
        said.append(f"有 {strange} 个单位不在本地区或者已经停用，请重新选择。")
    if len(problem.targets) > MOST_TARGETS:
        said.append(f"的目标有 {len(problem.targets)} 个，最多 {MOST_TARGETS} 个，请拆成几个问题。")
    return said


def expansion(draft: DirectiveDraft) -> list[tuple[int, UUID]]:
    """(problem, unit) of every task: each problem times each unit it concerns, each pair once."""
    return [(n, unit) for n, problem in enumerate(draft.problems) for unit in dict.fromkeys(problem.units)]
