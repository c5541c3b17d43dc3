"""W14: how a batch of items is moved to the approval bureau. Diagram: docs/flows/transfer.md (generated)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.flow import Machine, Move

LAW = "行政许可法第二十五条"


class TransferState(TextChoices):
    SCOPING = "scoping", "摸底"
    PILOT_APPROVED = "pilot_approved", "试点已批准"
    ITEMS_FIXED = "items_fixed", "事项已确定"
    STAFF_TRANSFERRED = "staff_transferred", "人员已转隶"
    SEAL_MADE = "seal_made", "审批专用章已刻制"
    MEMO_READY = "memo_ready", "备忘录具备签订条件"
    MEMO_SIGNED = "memo_signed", "备忘录已签署"
    HANDED_OVER = "handed_over", "已承接"
    TRANSITION = "transition", "过渡期"
    STABLE = "stable", "稳定运行"


S = TransferState


def bureau(actor: Actor, batch: Any) -> bool:
    """由本级政务服务管理机构办理。"""
    return actor.has_role("service_admin") and actor.covers(batch.region_id)


def signed(batch: Any, at: datetime) -> str | None:
    """没有签署备忘录的不能交接。"""
    return None if batch.memo_number else "还没有签署划转备忘录，不能交接。请先签署备忘录。"


def day_has_come(batch: Any, at: datetime) -> str | None:
    """备忘录写明的交接日期到了。"""
    from siban.kernel.clock import local_day

    if batch.hand_over_on and local_day(at) < batch.hand_over_on:
        return f"备忘录写明 {batch.hand_over_on} 交接，现在还没有到。"
    return None


def transition_over(batch: Any, at: datetime) -> str | None:
    """过渡期满才转入稳定运行。"""
    from siban.kernel.clock import local_day

    if batch.transition_until and local_day(at) < batch.transition_until:
        return f"过渡期到 {batch.transition_until}，期满以后再转入稳定运行。"
    return None


TRANSFER_FLOW = Machine(
    name="transfer",
    title="相对集中行政许可权划转",
    model="oversight.TransferBatch",
    states=S,
    start=S.SCOPING,
    ends={S.STABLE},
    owners={state: "政务服务管理机构" for state in S if state != S.STABLE},
    moves=(
        Move("approve_pilot", "登记试点批准", (S.SCOPING,), S.PILOT_APPROVED, bureau, LAW),
        Move("fix_items", "确定划转事项", (S.PILOT_APPROVED,), S.ITEMS_FIXED, bureau, LAW),
        Move("transfer_staff", "登记人员转隶", (S.ITEMS_FIXED,), S.STAFF_TRANSFERRED, bureau, LAW),
        Move("make_seal", "登记审批专用章", (S.STAFF_TRANSFERRED,), S.SEAL_MADE, bureau, LAW),
        Move("prepare_memo", "起草备忘录", (S.SEAL_MADE, S.MEMO_READY), S.MEMO_READY, bureau, LAW),
        Move("sign_memo", "签署备忘录", (S.MEMO_READY,), S.MEMO_SIGNED, bureau, LAW),
        Move("hand_over", "交接", (S.MEMO_SIGNED,), S.HANDED_OVER, bureau, LAW, needs=(signed, day_has_come)),
        Move("begin_transition", "进入过渡期", (S.HANDED_OVER,), S.TRANSITION, bureau, LAW),
        Move("settle", "转入稳定运行", (S.TRANSITION,), S.STABLE, bureau, LAW, needs=(transition_over,)),
    ),
)
