"""Conditions of a question: proven total and disjoint over the facts, and decided by what is known. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from siban.kernel.conditions import ConditionError, Row, Table, names_in, prove

from .facts import facts
from .tree import Question, Situations

HALF = "有的选项写了条件、有的没有写，系统不能替申请人判断。请给每个选项写上条件，或者都不写。"


def has_conditions(question: Question) -> bool:
    return any(o.condition for o in question.options)


def table(question: Question) -> Table:
    """The options of a question as a decision table. Raises ConditionError saying what is wrong."""
    known, used = facts(), dict[str, Any]()
    for option in question.options:
        for name in names_in(option.condition):
            if name not in known:
                raise ConditionError(
                    f"选项“{option.label}”的条件用到了“{name}”，系统没有这项信息，请从列出的信息里选。"
                )
            used[name] = known[name].domain
    if not used:
        raise ConditionError(f"问题“{question.question}”的条件没有用到任何信息，请写明依据哪项信息判断。")
    first = next(iter(used))
    rows = [Row({next(iter(names_in(o.condition)), first): o.condition}, {"option": o.id}) for o in question.options]
    return Table(question.question, used, rows, ("option",), hit="unique")


@lru_cache(maxsize=512)
def faults(question: Question) -> tuple[str, ...]:
    """What keeps the conditions of a question from deciding for everyone exactly once, a sentence each."""
    if not has_conditions(question):
        return ()
    if not all(o.condition for o in question.options):
        return (f"问题“{question.question}”：{HALF}",)
    try:
        found = prove(table(question))
    except ConditionError as error:
        return (str(error),)
    names = [o.label for o in question.options]
    said = [f"问题“{question.question}”：{area.text}时没有一个选项适用，请补上。" for area in found.uncovered]
    said += [
        f"问题“{question.question}”：选项“{names[n - 1]}”永远轮不到，请修改它的条件或者删去。"
        for n in found.unreachable
    ]
    for overlap in found.overlaps:
        one, other = (names[n - 1] for n in overlap.rows)
        said += [
            f"问题“{question.question}”：{area.text}时“{one}”与“{other}”同时适用，请改窄其中一个。"
            for area in overlap.areas
        ]
    return tuple(said)


def decided(question: Question, known: Mapping[str, Any]) -> str | None:
    """The option that follows from what is known; None when that does not settle it. The conditions are proven."""
    if not known or not has_conditions(question):
        return None
    try:
        rules = table(question)
    except ConditionError:
        return None
    left: list[str] = []
    for option, cells in zip(question.options, rules.cells, strict=True):
        holds = True
        for cell in cells:
            if any(name not in known for name in cell.names):
                holds = None  # type: ignore[assignment]
                continue
            try:
                if not rules.holds(cell, known):
                    holds = False
                    break
            except ConditionError:
                return None
        if holds is True:
            return option.id
        if holds is None:
            left.append(option.id)
    return left[0] if len(left) == 1 else None


def settled(tree: Situations | None, known: Mapping[str, Any]) -> dict[str, str]:
    """Option by question, for all that is known decides."""
    found = {q.id: decided(q, known) for q in tree.questions} if tree and known else {}
    return {question: option for question, option in found.items() if option is not None}


@lru_cache(maxsize=512)
def wanted(tree: Situations | None) -> frozenset[str]:
    """The facts the conditions of a tree speak of; nothing for most items."""
    if tree is None:
        return frozenset()
    names: set[str] = set()
    for question in tree.questions:
        for option in question.options:
            if option.condition:
                try:
                    names.update(names_in(option.condition))
                except ConditionError:
                    continue
    return frozenset(names & facts().keys())


def because(question: Question, known: Mapping[str, Any]) -> str:
    """根据您的年龄、性别: what a question was settled by."""
    names = dict.fromkeys(n for o in question.options if o.condition for n in names_in(o.condition))
    return "、".join(facts()[n].label for n in names if n in known)
