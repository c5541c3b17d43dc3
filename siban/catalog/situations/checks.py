"""Checks of the tree of situations: it can be walked, its leaves are its own, its conditions decide. Own numbers, S01 on.

Where R10 has something to say, these are silent: the tree is mended first.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import msgspec
from django.conf import settings

from siban.kernel.checks import Context, Example, Found

from .. import rules
from ..amounts import Limit
from ..checks.declared import ITEM
from ..checks.situations import MATERIALS, situations_differ
from ..content import ItemContent
from . import deciding
from .tree import Situations, expanded

SOURCE = "情形格式说明规则 1 至 6；国发〔2022〕5号（同一事项同标准）"


def _tree(item: dict[str, Any], context: Context) -> Situations | None:
    """The tree, if the item has one that can be read."""
    said = item.get("situations")
    if not said or not item.get("has_situations") or not said.get("questions"):
        return None
    try:
        return msgspec.convert(said, Situations)
    except msgspec.ValidationError:
        return None  # TYPE says so


Find = Callable[[dict[str, Any], Context], Iterator[Found]]


def after_r10(find: Find) -> Find:
    """Say nothing where R10 speaks; R10 is asked only once there is something to say, so a clean item costs nothing."""

    @wraps(find)
    def silent(item: dict[str, Any], context: Context) -> Iterator[Found]:
        found = list(find(item, context))
        if found and next(iter(situations_differ.find(item, context)), None) is None:
            yield from found

    return silent


def _example(**bad: Any) -> Example:
    one = {"id": "a", "label": "首次", "materials": ["m01", "m02"], "next": None}
    two = {"id": "b", "label": "变更", "materials": ["m01"], "next": None}
    tree = {
        "root": "q1", "common_materials": [], "questions": [{"id": "q1", "question": "办哪一种？", "options": [one, two]}],
        "leaves": [
            {"scenario_id": "q1a", "path": "首次", "materials": ["m01", "m02"]},
            {"scenario_id": "q1b", "path": "变更", "materials": ["m01"]},
        ],
    }  # fmt: skip
    wrong = dict(tree)
    if "option" in bad:
        wrong["questions"] = [{"id": "q1", "question": "办哪一种？", "options": [one, {**two, **bad["option"]}]}]
    if "leaf" in bad:
        wrong["leaves"] = [tree["leaves"][0], {**tree["leaves"][1], **bad["leaf"]}]  # type: ignore[dict-item]
    head = {"has_situations": True, "materials": MATERIALS, "promised_limit": {"value": 10, "unit": "workday"}}
    return Example(good={**head, "situations": tree}, bad={**head, "situations": wrong})


@ITEM.check(
    "S01", "情形问题走得通", "E", source=SOURCE,
    mend="在“情形”页面核对问题的先后：每个问题至少两个选项，下一题要存在，不要绕回前面的问题，也不要留下走不到的问题。",
    example=_example(option={"next": "q9"}),
)  # fmt: skip
@after_r10
def questions_lead_on(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """问题或者选项重复、缺下一题、绕圈、走不到，或者问得太深。"""
    if (tree := _tree(item, context)) is None:
        return
    ids = [q.id for q in tree.questions]
    if tree.question(tree.root) is None:
        yield Found("situations.root", tree.root, "没有写明先问哪一题。")
        return
    for n, question in enumerate(tree.questions):
        here = f"situations.questions[{n}]"
        if ids.index(question.id) != n:
            yield Found(f"{here}.id", question.id, f"问题编号“{question.id}”重复。")
        if len(question.options) < 2:
            yield Found(f"{here}.options", len(question.options), f"问题“{question.question}”不足两个选项，不用问。")
        if not question.question.strip():
            yield Found(f"{here}.question", question.question, "有一个问题没有写内容。")
        seen: set[str] = set()
        for m, option in enumerate(question.options):
            if option.id in seen:
                yield Found(
                    f"{here}.options[{m}].id", option.id, f"问题“{question.question}”的选项编号“{option.id}”重复。"
                )
            seen.add(option.id)
            if not option.label.strip():
                yield Found(
                    f"{here}.options[{m}].label", option.label, f"问题“{question.question}”有一个选项没有写内容。"
                )
            if option.next and option.next not in ids:
                yield Found(
                    f"{here}.options[{m}].next", option.next, f"选项“{option.label}”的下一题“{option.next}”不存在。"
                )
    yield from _walks(tree)


def _walks(tree: Situations) -> Iterator[Found]:
    reached, circle, deepest = {tree.root}, "", 0
    todo: list[tuple[str, tuple[str, ...]]] = [(tree.root, ())]
    while todo and not circle:
        at, way = todo.pop()
        deepest = max(deepest, len(way) + 1)
        question = tree.question(at)
        for option in question.options if question else ():
            if not option.next or tree.question(option.next) is None:
                continue
            if option.next in (*way, at):
                circle = option.label
                break
            reached.add(option.next)
            todo.append((option.next, (*way, at)))
    if circle:
        yield Found("situations.questions", circle, f"选项“{circle}”绕回了前面的问题，永远问不完。")
        return
    if deepest > settings.SITUATIONS_DEEPEST:
        most = settings.SITUATIONS_DEEPEST
        yield Found("situations.questions", deepest, f"要连问 {deepest} 题，最多 {most} 题，请合并问题。")
    for n, question in enumerate(tree.questions):
        if question.id not in reached:
            yield Found(f"situations.questions[{n}]", question.id, f"问题“{question.question}”永远问不到。")


@ITEM.check(
    "S02", "情形清单与问题一致", "E", source=SOURCE,
    mend="在“情形”页面保存一次，系统按问题重新展开各个情形。",
    example=_example(leaf={"materials": ["m02"]}),
)  # fmt: skip
@after_r10
def leaves_are_expanded(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """列出的情形与按问题展开得到的不一样。"""
    tree = _tree(item, context)
    if tree is None or not tree.leaves:
        return
    order = tuple(str(m.get("id")) for m in item.get("materials") or ())
    right = {leaf["scenario_id"]: leaf["materials"] for leaf in expanded(tree, order)}
    for n, leaf in enumerate(tree.leaves):
        here = f"situations.leaves[{n}]"
        if leaf.scenario_id not in right:
            yield Found(f"{here}.scenario_id", leaf.scenario_id, f"情形“{leaf.path}”按问题走不到。")
        elif right.pop(leaf.scenario_id) != [m for m in order if m in leaf.materials]:
            yield Found(f"{here}.materials", list(leaf.materials), f"情形“{leaf.path}”的材料与问题里列的不一样。")
    for missing in right:
        yield Found("situations.leaves", missing, f"没有列出情形“{missing}”。")


@ITEM.check(
    "S03", "情形条件不重不漏", "E", source=SOURCE,
    mend="修改选项的条件，使任何人恰好符合一个选项；不能由已知信息判断的，去掉条件。",
    example=_example(option={"when": "age >= 60"}),
)  # fmt: skip
@after_r10
def conditions_decide(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """选项的条件有的人都不符合，或者同时符合两个，或者写错。"""
    said = item.get("situations")
    if not said or not any(o.get("when") for q in said.get("questions") or () for o in q.get("options") or ()):
        return
    if (tree := _tree(item, context)) is None:
        return
    for n, question in enumerate(tree.questions):
        for sentence in deciding.faults(question):
            yield Found(f"situations.questions[{n}].options", [o.when for o in question.options], sentence)


@ITEM.check(
    "S04", "情形时限不长于事项", "E", source=SOURCE + "；行政许可法第四十二条",
    mend="情形的承诺时限改得不长于事项的承诺时限，并选择单位；与事项相同的不用填。",
    example=_example(option={"limit_value": 20, "limit_unit": "workday"}),
)  # fmt: skip
@after_r10
def limits_are_no_longer(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """某个选项写的承诺时限比事项的还长，或者没有单位。"""
    said = item.get("situations")
    if not said or not any(
        o.get("limit_value") is not None for q in said.get("questions") or () for o in q.get("options") or ()
    ):
        return
    if (tree := _tree(item, context)) is None:
        return
    own = item.get("promised_limit") or {}
    most = rules.comparable_days(Limit(own.get("value"), own.get("unit")))
    for n, question in enumerate(tree.questions):
        for m, option in enumerate(question.options):
            limit, here = option.promised_limit, f"situations.questions[{n}].options[{m}]"
            if limit is None:
                continue
            days = rules.comparable_days(limit)
            if days is None or (days and limit.unit not in ("workday", "natural_day")) or days < 0:
                yield Found(f"{here}.limit_unit", limit.unit, f"选项“{option.label}”的承诺时限没有写天数或者单位。")
            elif most is not None and days > most:
                yield Found(
                    f"{here}.limit_value",
                    limit.value,
                    f"选项“{option.label}”的承诺时限（{limit.words}）比事项的还长。",
                )


def unknown_materials(content: ItemContent) -> list[str]:
    """Materials the tree asks for that the list does not have; such a tree must not be published."""
    if content.situations is None:
        return []
    there = {m.id for m in content.materials}
    asked = set(content.situations.common_materials).union(
        *(o.materials for q in content.situations.questions for o in q.options)
    )
    return [f"情形里列了材料“{m}”，但申请材料里没有。" for m in sorted(asked - there)]
