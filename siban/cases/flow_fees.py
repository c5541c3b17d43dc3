"""Fees, refunds and differences of the daily check, each with its moves. Diagrams: docs/flows/{fees,refunds,differences}.md."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access_fees as access
from . import rules_fees as rules

CHARGE = "行政许可法第五十九条"  # charge by the published item and standard; hand everything to the treasury
FREE = "行政许可法第五十八条第一款"
BACK = "行政许可法第五十九条；平台缴费规则（docs/decisions/0030）"
CHECK = "平台缴费规则（每日对账）"


class OrderState(TextChoices):
    ASSESSING = "assessing", "待核定金额"
    DUE = "due", "待缴费"
    PAID = "paid", "已缴费"
    WAIVED = "waived", "已减免"
    CANCELLED = "cancelled", "已取消"


class RefundState(TextChoices):
    ASKED = "asked", "退费待审核"
    APPROVED = "approved", "已同意，待退费"
    DONE = "done", "已退费"
    DECLINED = "declined", "不予退费"


class DifferenceState(TextChoices):
    OPEN = "open", "待处理"
    RESOLVED = "resolved", "已处理"


O, R, D = OrderState, RefundState, DifferenceState

ORDER_FLOW = Machine(
    name="fees",
    title="缴费",
    model="cases.PaymentOrder",
    states=OrderState,
    start=O.ASSESSING,
    ends={O.PAID, O.WAIVED, O.CANCELLED},
    owners={O.ASSESSING: "实施部门", O.DUE: "申请人"},
    moves=(
        Move("assess", "核定金额", (O.ASSESSING,), O.DUE, access.assessor, CHARGE),
        Move("assess_fixed", "按定额标准核定", (O.ASSESSING,), O.DUE, access.system, CHARGE, needs=(rules.is_assessed,)),
        Move("waive", "减免", (O.ASSESSING, O.DUE), O.WAIVED, access.assessor, FREE, needs=(rules.is_reducible,)),
        Move("pay", "缴清", (O.DUE,), O.PAID, access.payee, CHARGE, needs=(rules.is_paid_up,), paper="fee_receipt"),
        Move("cancel", "取消缴费单", (O.ASSESSING, O.DUE), O.CANCELLED, access.system, BACK),
    ),
)  # fmt: skip

REFUND_FLOW = Machine(
    name="refunds",
    title="退费",
    model="cases.Refund",
    states=RefundState,
    start=R.ASKED,
    ends={R.DONE, R.DECLINED},
    owners={R.ASKED: "实施部门（另一人审核）", R.APPROVED: "收费窗口"},
    moves=(
        Move("approve", "同意退费", (R.ASKED,), R.APPROVED, access.approver, BACK),
        Move("decline", "不予退费", (R.ASKED,), R.DECLINED, access.approver, BACK),
        Move("refund", "已退费", (R.APPROVED,), R.DONE, access.refunder, BACK),
    ),
)

DIFFERENCE_FLOW = Machine(
    name="differences",
    title="对账差异",
    model="cases.Difference",
    states=DifferenceState,
    start=D.OPEN,
    ends={D.RESOLVED},
    owners={D.OPEN: "政务服务管理机构"},
    moves=(Move("resolve", "处理差异", (D.OPEN,), D.RESOLVED, access.reconciler, CHECK),),
)
