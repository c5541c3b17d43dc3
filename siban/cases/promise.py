"""告知承诺 after the decision: the promise is checked, kept or found false. Diagram: docs/flows/promises.md (generated)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import Deadline, Machine, Move

LAW = "国办发〔2020〕42号"


class PromiseState(TextChoices):
    MADE = "made", "已承诺"
    CHECKING = "checking", "待核查"
    KEPT = "kept", "核查属实"
    FALSE = "false", "承诺不实"
    MOOT = "moot", "未获准予，不再核查"


def _office(actor: Actor, promise: Any) -> bool:
    """由实施部门的审批人员、首席代表或者主要负责人核查。"""
    return actor.has_role("approver", "chief_rep", "unit_head") and actor.org_id == promise.org_id


def _system(actor: Actor, promise: Any) -> bool:
    """由系统随办件的决定作出。"""
    return actor.is_system


def _found(promise: Any, at: datetime) -> str | None:
    """写明核查的方式和发现的情况。"""
    return None


P = PromiseState
PROMISE_FLOW = Machine(
    name="promises",
    title="告知承诺的事后核查",
    model="cases.Promise",
    states=PromiseState,
    start=P.MADE,
    ends={P.KEPT, P.FALSE, P.MOOT},
    owners={P.MADE: "实施部门（随办件决定）", P.CHECKING: "实施部门"},
    moves=(
        Move("open_check", "准予后列入核查", (P.MADE,), P.CHECKING, _system, LAW, clock="start"),
        Move("drop", "未获准予，不再核查", (P.MADE,), P.MOOT, _system, LAW),
        Move("find_kept", "核查属实", (P.CHECKING,), P.KEPT, _office, LAW, needs=(_found,), clock="end"),
        Move("find_false", "核查不实", (P.CHECKING,), P.FALSE, _office, f"{LAW}；行政许可法第六十九条", needs=(_found,),
             clock="end"),
    ),
    deadlines=(
        Deadline("check", "事后核查期限", (P.CHECKING,), LAW, otherwise="逐级预警：经办人、单位负责人、政务服务管理机构"),
    ),
)  # fmt: skip
