"""秒批秒办: a department's decision table over verified data, signed version by version. Diagram: docs/flows/automatic.md."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.catalog.api import ItemContent, facts
from siban.kernel.actor import Actor
from siban.kernel.conditions import Choice, ConditionError, Domain, Flag, Row, Table, names_in
from siban.kernel.flow import Machine, Move

LAW = "行政许可法第三十四条第二款；国发〔2022〕5号（秒批秒办）"
GRANT, PERSON = "grant", "person"
OUTCOMES = {GRANT: "自动准予", PERSON: "转人工审批"}


class AutoState(TextChoices):
    DRAFT = "draft", "编写中"
    IN_FORCE = "in_force", "已签署，生效"
    STOPPED = "stopped", "已停用"
    REPLACED = "replaced", "被新版替换"
    DISCARDED = "discarded", "已放弃"


def writes(actor: Actor, table: Any) -> bool:
    """由实施部门的审批人员、首席代表或者主要负责人编写。"""
    return actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id == table.org_id


def signs(actor: Actor, table: Any) -> bool:
    """由实施部门的主要负责人签署。"""
    return actor.has_role("unit_head") and actor.org_id == table.org_id


def stops(actor: Actor, table: Any) -> bool:
    """由实施部门的审批人员、首席代表、主要负责人，或者政务服务管理机构停用。"""
    return writes(actor, table) or (actor.has_role("service_admin") and actor.covers(table.region_id))


def system(actor: Actor, table: Any) -> bool:
    """由系统在新版签署时作出。"""
    return actor.is_system


def proven(table: Any, at: datetime) -> str | None:
    """规则证明完备：任何申请都恰有一行适用，没有用不到的行。"""
    faults = table.faults()
    return faults[0] if faults else None


A = AutoState
AUTO_FLOW = Machine(
    name="automatic",
    title="秒批规则",
    model="cases.AutoTable",
    states=AutoState,
    start=A.DRAFT,
    ends={A.REPLACED, A.DISCARDED},
    owners={A.DRAFT: "实施部门", A.IN_FORCE: "系统（自动适用）", A.STOPPED: "实施部门主要负责人"},
    moves=(
        Move("sign", "签署生效", (A.DRAFT,), A.IN_FORCE, signs, LAW, needs=(proven,), paper="auto_rules"),
        Move("discard", "放弃草稿", (A.DRAFT,), A.DISCARDED, writes, LAW),
        Move("stop", "立即停用", (A.IN_FORCE,), A.STOPPED, stops, LAW),
        Move("resume", "恢复使用", (A.STOPPED,), A.IN_FORCE, signs, LAW, needs=(proven,)),
        Move("replace", "被新版替换", (A.IN_FORCE, A.STOPPED), A.REPLACED, system, LAW),
    ),
)  # fmt: skip

OF_CASE: dict[str, Domain] = {
    "papers_verified": Flag("必要材料全部由电子证照或者在线表单提供"),
    "is_repeated": Flag("同一申请人还有在办的同一事项"),
    "is_distrusted": Flag("申请人有未修复的不实承诺记录"),
}


def inputs_of(content: ItemContent) -> dict[str, Domain]:
    """What a rule of this item may speak of: facts from registers and certificates, and of the application itself."""
    known: dict[str, Domain] = {name: fact.domain for name, fact in facts().items()} | OF_CASE
    if content.situations and content.situations.leaves:
        known["situation"] = Choice(tuple(leaf.path for leaf in content.situations.leaves), "办理情形")
    return known


def build(name: str, rows: Sequence[Mapping[str, str]], content: ItemContent, *, version: int) -> Table:
    """The decision table of the rows as written.

    Raises:
        ConditionError: a condition that can't be read, or speaks of what is not known.
    """
    known, used = inputs_of(content), dict[str, Domain]()
    made = []
    for number, row in enumerate(rows, start=1):
        text = row.get("when", "").strip()
        if row.get("outcome") not in OUTCOMES:
            raise ConditionError(f"第 {number} 行没有选择结果，请选“自动准予”或者“转人工审批”。")
        if not row.get("words", "").strip():
            raise ConditionError(f"第 {number} 行没有写说明，申请人要看得懂为什么。")
        cell: dict[str, str] = {}
        if text not in ("", "-"):
            names = names_in(text)
            if not names:
                raise ConditionError(f"第 {number} 行的条件“{text}”没有用到任何信息。")
            for word in names:
                if word not in known:
                    raise ConditionError(
                        f"第 {number} 行用到了“{word}”，系统没有这项核验过的信息，请从列出的信息里选。"
                    )
                used[word] = known[word]
            cell = {names[0]: text}
        made.append(Row(cell, {"outcome": row["outcome"], "words": row["words"].strip()}, law=row.get("law", "")))
    if not any(row.then["outcome"] == GRANT for row in made):
        raise ConditionError("没有一行自动准予，这样的规则不起作用。")
    if not used:
        raise ConditionError("规则没有用到任何核验过的信息，不能无条件自动准予。")
    return Table(name, used, made, ("outcome", "words"), version=version, law=LAW)


def said(value: object) -> str:
    """An input as people read it."""
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
