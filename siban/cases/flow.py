"""W3, main line: the life of a case as the licensing law orders it. Diagram: docs/flows/cases.md (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access, rules


class CaseState(TextChoices):
    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "已收件"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "已受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    IN_REVIEW = "in_review", "审查中"
    APPROVED = "approved", "准予，待制证"
    REJECTED = "rejected", "不予许可，待送达"
    ISSUED = "issued", "已出证，待送达"
    DELIVERED = "delivered", "已送达"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


S = CaseState
OPEN = (S.SUBMITTED, S.CORRECTING, S.ACCEPTED, S.IN_REVIEW, S.APPROVED, S.REJECTED, S.ISSUED, S.DELIVERED)
WITH_OFFICE = (S.SUBMITTED, S.ACCEPTED, S.IN_REVIEW, S.APPROVED, S.REJECTED, S.ISSUED)
ACCEPTED_ON = (S.ACCEPTED, S.IN_REVIEW, S.APPROVED, S.REJECTED, S.ISSUED, S.DELIVERED, S.CLOSED)

CASE_FLOW = Machine(
    name="cases",
    title="办件",
    model="cases.Case",
    states=CaseState,
    start=S.DRAFT,
    ends={S.NOT_ACCEPTED, S.CLOSED, S.WITHDRAWN, S.TERMINATED},
    owners={
        S.DRAFT: "申请人",
        S.SUBMITTED: "收件窗口",
        S.CORRECTING: "申请人",
        S.ACCEPTED: "实施部门",
        S.IN_REVIEW: "实施部门审批人员",
        S.APPROVED: "实施部门",
        S.REJECTED: "出件窗口",
        S.ISSUED: "出件窗口",
        S.DELIVERED: "系统",
    },
    moves=(
        Move("submit", "提交申请", (S.DRAFT,), S.SUBMITTED, access.applicant_or_counter, "行政许可法第二十九条",
             needs=(rules.situation_answered, rules.form_complete), clock="start", paper="receipt"),
        Move("resubmit", "提交补正材料", (S.CORRECTING,), S.SUBMITTED, access.applicant_or_counter,
             "行政许可法第三十二条第一款第五项", clock="start"),
        Move("request_correction", "一次性告知补正", (S.SUBMITTED,), S.CORRECTING, access.receiver,
             "行政许可法第三十二条第一款第四项", clock="end", paper="correction"),
        Move("accept", "受理", (S.SUBMITTED,), S.ACCEPTED, access.receiver, "行政许可法第三十二条第一款第五项",
             needs=(rules.materials_complete,), clock="start", paper="acceptance"),
        Move("deem_accepted", "逾期未告知视为受理", (S.SUBMITTED,), S.ACCEPTED, access.system,
             "行政许可法第三十二条第一款第四项", needs=(rules.notice_limit_passed,), clock="start", deemed=True,
             paper="acceptance"),
        Move("refuse_acceptance", "不予受理", (S.SUBMITTED,), S.NOT_ACCEPTED, access.receiver,
             "行政许可法第三十二条第一款第一项、第二项", clock="end", paper="non_acceptance"),
        Move("start_review", "开始审查", (S.ACCEPTED,), S.IN_REVIEW, access.reviewer, "行政许可法第三十四条"),
        Move("approve", "准予", (S.ACCEPTED, S.IN_REVIEW), S.APPROVED, access.reviewer, "行政许可法第三十八条第一款",
             needs=(rules.materials_complete,), clock="end", paper="approval"),
        Move("reject", "不予许可", (S.ACCEPTED, S.IN_REVIEW), S.REJECTED, access.reviewer,
             "行政许可法第三十八条第二款", clock="end", paper="rejection"),
        Move("issue", "制证", (S.APPROVED,), S.ISSUED, access.reviewer, "行政许可法第三十九条、第四十四条"),
        Move("deliver", "送达", (S.ISSUED, S.REJECTED), S.DELIVERED, access.deliverer, "行政许可法第四十四条",
             clock="end", paper="delivery"),
        Move("close", "办结归档", (S.DELIVERED,), S.CLOSED, access.system, "GB/T 39046—2020 办结"),
        Move("withdraw", "撤回申请", (S.SUBMITTED, S.CORRECTING, S.ACCEPTED, S.IN_REVIEW), S.WITHDRAWN,
             access.applicant_or_counter, "行政许可法第二十九条（申请人可以在决定前撤回）", clock="end"),
        Move("discard", "放弃草稿", (S.DRAFT,), S.WITHDRAWN, access.applicant_or_counter, "平台办件规则"),
        Move("terminate", "逾期未补正，终止办理", (S.CORRECTING,), S.TERMINATED, access.receiver, "平台办件规则（补正期限）",
             needs=(rules.correction_overdue,), clock="end"),
    ),
)  # fmt: skip
