"""Checks of the situations: every answer leads to materials of its own."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import ITEM, NO_ROWS

MATERIALS = [{"id": "m01"}, {"id": "m02"}]
MOST_ANSWERS = 2000  # of one item; a tree that branches without end stops here


@ITEM.check(
    "R10", "每个情形有自己的材料", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 11 行（精细化梳理成果推广复用）",
    mend="给每个情形列出要交的材料，至少有一个情形比全部材料少；不分情形的，去掉“分情形”。",
    example=Example(
        good={"has_situations": True, "materials": MATERIALS, "situations": {"leaves": [
            {"scenario_id": "q1a", "path": "首次", "materials": ["m01", "m02"]},
            {"scenario_id": "q1b", "path": "变更", "materials": ["m01"]}]}},
        bad={"has_situations": True, "materials": MATERIALS, "situations": {"leaves": [
            {"scenario_id": "q1a", "path": "首次", "materials": ["m01", "m02"]},
            {"scenario_id": "q1b", "path": "变更", "materials": []}]}},
    ),
)  # fmt: skip
def situations_differ(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """标明分情形，但某个情形没有材料，或者每个情形都是全部材料。"""
    if not item.get("has_situations"):
        return
    said = item.get("situations")
    if not said:
        yield Found("situations", said, "标明分情形办理，但没有列出情形。")
        return
    leaves = said.get("leaves")
    if leaves:
        sets = [(f"situations.leaves[{n}].materials", leaf, leaf.get("materials")) for n, leaf in enumerate(leaves)]
    else:
        sets = list(_of_the_tree(said))
        if not sets:
            yield Found("situations.leaves", leaves, "标明分情形办理，但没有列出情形。")
            return
    empty = False
    for path, leaf, materials in sets:
        if not materials:
            empty = True
            yield Found(path, materials, f"情形“{leaf.get('path') or leaf.get('label') or ''}”没有材料。")
    if leaves:
        for path, option, materials in _of_the_tree(said):
            if not materials:
                empty = True
                yield Found(path, [], f"情形“{option.get('label') or ''}”没有材料。")
    if empty:
        return
    every = {str(row.get("id")) for row in item.get("materials") or NO_ROWS}
    if all(every <= set(map(str, materials)) for _, _, materials in sets):
        for path, _, materials in sets:
            yield Found(path, materials, "每个情形的材料都是全部材料，等于没有分情形。")


def _of_the_tree(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    """Each last answer of the tree with all materials on the way to it, when the tree can be walked."""
    questions = said.get("questions") or NO_ROWS
    asked = {str(q.get("id")): (n, q) for n, q in enumerate(questions)}
    todo: list[tuple[str, list[Any], tuple[str, ...]]] = [
        (str(said.get("root")), list(said.get("common_materials") or ()), ())
    ]
    answers = 0
    while todo and answers < MOST_ANSWERS:
        name, before, way = todo.pop()
        if name not in asked or name in way:
            continue
        n, question = asked[name]
        for m, option in enumerate(question.get("options") or NO_ROWS):
            answers += 1
            materials = [*before, *(option.get("materials") or ())]
            if option.get("next") and str(option["next"]) in asked:
                todo.append((str(option["next"]), materials, (*way, name)))
            else:
                yield f"situations.questions[{n}].options[{m}].materials", option, materials
