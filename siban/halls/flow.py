"""W9: how an item comes into extended hours, and how one is excused from it. Diagrams: docs/flows/ (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access

LAW = "鄂温克旗2023年整改通知（000）延时服务；国发〔2022〕5号"


class ClaimState(TextChoices):
    CLAIMED = "claimed", "已认领，待确认"
    LISTED = "listed", "已列入清单"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class ExemptionState(TextChoices):
    ASKED = "asked", "已申请，待审"
    GRANTED = "granted", "同意不纳入"
    REFUSED = "refused", "不同意"
    ENDED = "ended", "已恢复纳入"


C, E = ClaimState, ExemptionState

CLAIM_FLOW = Machine(
    name="delayed-claim",
    title="延时服务认领",
    model="halls.DelayedClaim",
    states=C,
    start=C.CLAIMED,
    ends={C.RETURNED, C.WITHDRAWN},
    owners={C.CLAIMED: "政务服务管理机构", C.LISTED: "认领单位"},
    moves=(
        Move("confirm_claim", "确认列入清单", (C.CLAIMED,), C.LISTED, access.bureau, LAW),
        Move("return_claim", "退回", (C.CLAIMED,), C.RETURNED, access.bureau, LAW),
        Move("withdraw_claim", "撤回", (C.CLAIMED, C.LISTED), C.WITHDRAWN, access.unit, LAW),
    ),
)

EXEMPTION_FLOW = Machine(
    name="delayed-exemption",
    title="延时服务豁免",
    model="halls.DelayedExemption",
    states=E,
    start=E.ASKED,
    ends={E.REFUSED, E.ENDED},
    owners={E.ASKED: "政务服务管理机构", E.GRANTED: "政务服务管理机构"},
    moves=(
        Move("grant_exemption", "同意不纳入", (E.ASKED,), E.GRANTED, access.bureau, LAW),
        Move("refuse_exemption", "不同意", (E.ASKED,), E.REFUSED, access.bureau, LAW),
        Move("end_exemption", "恢复纳入", (E.GRANTED,), E.ENDED, access.bureau, LAW),
    ),
)
