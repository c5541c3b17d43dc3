"""W3: the life of a case as the licensing law orders it. Diagram and table: docs/flows/cases.md (generated)."""

from typing import Any

from django.db.models import TextChoices

from siban.kernel.flow import STAYS, Deadline, Machine, Move

from . import access, guards, guards_counter, rules, rules_fees


class CaseState(TextChoices):
    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "已收件"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "已受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    IN_REVIEW = "in_review", "审查中"
    IN_SPECIAL = "in_special", "特别程序中"
    PROPOSED = "proposed", "已审查，待决定"
    APPROVED = "approved", "准予，待制证"
    REJECTED = "rejected", "不予许可（办理），待送达"
    ISSUED = "issued", "已出证，待送达"
    DELIVERED = "delivered", "已送达"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


S = CaseState
IN_HAND = (S.ACCEPTED, S.IN_REVIEW, S.IN_SPECIAL, S.PROPOSED)
OPEN = (S.SUBMITTED, S.CORRECTING, *IN_HAND, S.APPROVED, S.REJECTED, S.ISSUED, S.DELIVERED)
WITH_OFFICE = (S.SUBMITTED, *IN_HAND, S.APPROVED, S.REJECTED, S.ISSUED)
DONE = (S.CLOSED, S.ARCHIVED, S.REVOKED, S.CANCELLED)
OVER = (*DONE, S.NOT_ACCEPTED, S.WITHDRAWN, S.TERMINATED)
ACCEPTED_ON = (*IN_HAND, S.APPROVED, S.REJECTED, S.ISSUED, S.DELIVERED, *DONE)
DECISION = "行政许可法第三十八条"


def _cited(case: Any, move: Move) -> str:
    """What the very act cites: what is decided straight after acceptance is decided on the spot."""
    law = rules.on_the_spot(move.law) if getattr(case, "decided_on_the_spot", False) else rules.plain(move.law)
    return rules.cited(case.elements, law) if law.startswith(rules.LICENSING_LAW) else law


READY = (guards.levels_passed, guards.opinions_in, guards.inspected, guards.hearing_settled)
DECIDER = (guards.other_hand, guards.mandated, guards_counter.front_and_back_apart)

CASE_FLOW = Machine(
    name="cases",
    title="办件",
    model="cases.Case",
    states=CaseState,
    start=S.DRAFT,
    ends={S.NOT_ACCEPTED, S.ARCHIVED, S.REVOKED, S.CANCELLED, S.WITHDRAWN, S.TERMINATED},
    cites=_cited,
    owners={
        S.DRAFT: "申请人",
        S.SUBMITTED: "收件窗口",
        S.CORRECTING: "申请人",
        S.ACCEPTED: "实施部门",
        S.IN_REVIEW: "实施部门审批人员",
        S.IN_SPECIAL: "实施部门审批人员",
        S.PROPOSED: "实施部门决定人",
        S.APPROVED: "实施部门",
        S.REJECTED: "出件窗口",
        S.ISSUED: "出件窗口",
        S.DELIVERED: "系统",
        S.CLOSED: "系统",
    },
    moves=(
        # 收件
        Move("submit", "提交申请", (S.DRAFT,), S.SUBMITTED, access.applicant_or_counter, "行政许可法第二十九条",
             needs=(guards.situation_answered, guards.form_complete, guards.co_applicants_agreed), clock="start", paper="receipt"),
        Move("discard", "放弃草稿", (S.DRAFT,), S.WITHDRAWN, access.applicant_or_counter, "平台办件规则"),
        Move("correct_on_the_spot", "当场更正", (S.SUBMITTED,), STAYS, access.counter, "行政许可法第三十二条第一款第三项"),
        Move("request_correction", "一次性告知补正", (S.SUBMITTED,), S.CORRECTING, access.receiver,
             "行政许可法第三十二条第一款第四项", clock="end", paper="correction"),
        Move("resubmit", "提交补正材料", (S.CORRECTING,), S.SUBMITTED, access.applicant_or_counter,
             "行政许可法第三十二条第一款第五项", needs=(guards.co_applicants_agreed,), clock="start"),
        Move("terminate", "逾期未补正，终止办理", (S.CORRECTING,), S.TERMINATED, access.receiver, "平台办件规则（补正期限）",
             needs=(guards.correction_overdue,), clock="end", paper="termination"),
        Move("refuse_acceptance", "不予受理", (S.SUBMITTED,), S.NOT_ACCEPTED, access.receiver,
             "行政许可法第三十二条第一款第一项、第二项", clock="end", paper="non_acceptance"),
        # 受理
        Move("accept", "受理", (S.SUBMITTED,), S.ACCEPTED, access.receiver, "行政许可法第三十二条第一款第五项",
             needs=(guards.materials_complete, guards_counter.points_passed), clock="start", paper="acceptance"),
        Move("accept_deficient", "容缺受理", (S.SUBMITTED,), S.ACCEPTED, access.receiver, "容缺受理制度（实施清单容缺要素）",
             applies=(guards.deficiency_listed,), needs=(guards.deficiency_promised, guards_counter.points_passed), clock="start",
             paper="deficient_acceptance"),
        Move("deem_accepted", "逾期未告知视为受理", (S.SUBMITTED,), S.ACCEPTED, access.system,
             "行政许可法第三十二条第一款第四项", needs=(guards.notice_limit_passed,), clock="start", deemed=True,
             paper="acceptance"),
        Move("complete_deficiency", "补齐容缺材料", IN_HAND, STAYS, access.applicant_or_counter,
             "容缺受理制度（实施清单容缺要素）", applies=(guards.deficiency_open,), needs=(guards.deficiency_here,)),
        Move("lapse_deficiency", "容缺逾期未补，退件", IN_HAND, S.TERMINATED, access.system,
             "容缺受理制度（实施清单容缺要素）", applies=(guards.deficiency_open,), needs=(guards.deficiency_lapsed,),
             deemed=True, clock="end", paper="termination"),
        # 审查
        Move("assign", "分办", (S.SUBMITTED, *IN_HAND, S.APPROVED), STAYS, access.decider, "平台办件规则（分办）"),
        Move("start_review", "开始审查", (S.ACCEPTED,), S.IN_REVIEW, access.reviewer, "行政许可法第三十四条",
             needs=(guards.taken_over,)),
        Move("pass_level", "通过本级审查", (S.IN_REVIEW,), STAYS, access.reviewer, "行政许可法第三十四条；实施清单办理流程",
             applies=(guards.levels_left,), needs=(guards.inspected,), bars=(guards.next_hand,)),
        Move("assign_inspection", "派出现场核查", (S.IN_REVIEW,), STAYS, access.reviewer, "行政许可法第三十四条第三款",
             applies=(guards.inspected,), paper="inspection_order"),
        Move("record_inspection", "登记核查结论", (S.IN_REVIEW, S.IN_SPECIAL), STAYS, access.reviewer,
             "行政许可法第三十四条第三款", applies=(guards.inspection_out,), paper="inspection_record"),
        Move("ask_opinion", "征求其他单位意见", (S.IN_REVIEW,), STAYS, access.reviewer, "行政许可法第二十六条第二款"),
        Move("give_opinion", "答复征求的意见", (S.IN_REVIEW, S.IN_SPECIAL, S.PROPOSED), STAYS, access.consulted,
             "行政许可法第二十六条第二款"),
        Move("drop_opinion", "收回征求意见", (S.IN_REVIEW,), STAYS, access.reviewer, "平台办件规则（会商）", applies=(guards.opinion_out,)),
        Move("tell_hearing_right", "告知听证权利", (S.IN_REVIEW,), STAYS, access.reviewer, "行政许可法第四十七条",
             applies=(guards.hearing_not_yet,), clock="start", paper="hearing_right"),
        Move("ask_hearing", "申请听证", (S.IN_REVIEW,), STAYS, access.applicant_or_counter, "行政许可法第四十七条",
             applies=(guards.hearing_offered,), clock="start"),
        Move("waive_hearing", "放弃听证", (S.IN_REVIEW,), STAYS, access.applicant_or_counter, "行政许可法第四十七条",
             applies=(guards.hearing_offered,), clock="end"),
        Move("summon_hearing", "举行听证", (S.IN_REVIEW,), S.IN_SPECIAL, access.reviewer, "行政许可法第四十五条、第四十八条",
             applies=(guards.hearing_asked,), clock="stop", paper="hearing_notice"),
        Move("start_special", "启动特别程序", (S.IN_REVIEW,), S.IN_SPECIAL, access.reviewer, "行政许可法第四十五条",
             applies=(guards.special_listed,), clock="stop", paper="special"),
        Move("end_special", "结束特别程序", (S.IN_SPECIAL,), S.IN_REVIEW, access.reviewer, "行政许可法第四十五条",
             needs=(guards.inspected,), clock="resume"),
        Move("resume_clock", "特别程序告知天数届满，恢复计时", (S.IN_SPECIAL,), S.IN_REVIEW, access.system, "行政许可法第四十五条",
             needs=(guards.special_over,), clock="resume", deemed=True),
        Move("ask_extension", "申请延长期限", (S.IN_REVIEW,), STAYS, access.reviewer, "行政许可法第四十二条",
             needs=(guards.extension_unused,)),
        Move("grant_extension", "批准延长期限", (S.IN_REVIEW,), STAYS, access.extends, "行政许可法第四十二条",
             applies=(guards.extension_asked,), bars=(guards.extension_level,), clock="extend", paper="extension"),
        Move("refuse_extension", "不批准延长", (S.IN_REVIEW,), STAYS, access.extends, "行政许可法第四十二条",
             applies=(guards.extension_asked,), bars=(guards.extension_level,)),
        # 决定
        Move("propose", "提交审查意见", (S.IN_REVIEW,), S.PROPOSED, access.reviewer, "行政许可法第三十四条；实施清单办理流程",
             applies=(guards.two_hands,), needs=(guards_counter.points_looked_at, *READY), bars=(guards.next_hand,),
             paper="review_opinion"),
        Move("return_proposal", "退回重新审查", (S.PROPOSED,), S.IN_REVIEW, access.decider, "平台办件规则（审查与决定分岗）",
             bars=(guards.other_hand,)),
        Move("approve", "准予", (S.ACCEPTED, S.IN_REVIEW, S.PROPOSED), S.APPROVED, access.decider,
             f"{DECISION}第一款{rules.WHEN_ON_THE_SPOT}",
             needs=(guards.taken_over, guards.materials_complete, guards.proposed_first, guards_counter.points_looked_at, guards_counter.points_hold, *READY, guards.inspection_passed), bars=DECIDER, clock="end",
             paper="approval"),
        Move("reject", "不予许可（办理）", (S.ACCEPTED, S.IN_REVIEW, S.PROPOSED), S.REJECTED, access.decider,
             f"{DECISION}第二款{rules.WHEN_ON_THE_SPOT}", needs=(guards.taken_over, guards.proposed_first, *READY), bars=(guards.other_hand, guards.mandated_to_refuse, guards_counter.front_and_back_apart), clock="end", paper="rejection"),
        Move("deem_renewed", "逾期未决定视为准予延续", IN_HAND, S.APPROVED, access.system, "行政许可法第五十条第二款",
             applies=(guards.is_renewal,), needs=(guards.renewal_overdue, guards.deficiency_settled), deemed=True, clock="end", paper="approval"),
        # 秒批：部门签署的规则对核验过的数据作出，只准予，不予一律转人工
        Move("auto_accept", "秒批受理", (S.SUBMITTED,), S.ACCEPTED, access.by_rules, "行政许可法第三十二条第一款第五项；秒批规则",
             applies=(guards.auto_granted,), needs=(guards.materials_complete,), clock="start", paper="acceptance"),
        Move("auto_approve", "秒批准予", (S.ACCEPTED,), S.APPROVED, access.by_rules, "行政许可法第三十四条第二款；秒批规则",
             applies=(guards.auto_granted,), needs=(guards.materials_complete,), clock="end", paper="approval"),
        Move("auto_issue", "秒批制证", (S.APPROVED,), S.ISSUED, access.by_rules, "行政许可法第三十九条、第四十四条；秒批规则",
             applies=(guards.auto_granted,), needs=(rules_fees.due_before_issue,)),
        Move("auto_deliver", "秒批电子送达", (S.ISSUED,), S.DELIVERED, access.by_rules, "行政许可法第四十四条；秒批规则",
             applies=(guards.auto_granted,), needs=(guards.electronic,), clock="end", paper="delivery"),
        # 出证、送达、归档
        Move("issue", "制证", (S.APPROVED,), S.ISSUED, access.reviewer, "行政许可法第三十九条、第四十四条",
             needs=(rules_fees.due_before_issue,)),
        Move("deliver", "送达", (S.ISSUED, S.REJECTED), S.DELIVERED, access.deliverer, "行政许可法第四十四条", needs=(guards.result_here,),
             clock="end", paper="delivery"),
        Move("close", "办结", (S.DELIVERED,), S.CLOSED, access.system, "GB/T 39046—2020 办结"),
        Move("archive", "归档", (S.CLOSED,), S.ARCHIVED, access.system, "平台办件规则（电子归档）",
             needs=(guards.archivable,), paper="archive"),
        # 提前结束
        Move("withdraw", "撤回申请", (S.SUBMITTED, S.CORRECTING, *IN_HAND), S.WITHDRAWN, access.applicant_or_counter,
             "行政许可法第二十九条（申请人可以在决定前撤回）", needs=(guards.all_withdraw,), clock="end"),
        # 纠正：两个人，写明理由和文书
        Move("revoke", "撤销决定", (S.CLOSED, S.ARCHIVED), S.REVOKED, access.overrider, "行政许可法第六十九条",
             override=True, paper="revocation"),
        Move("cancel", "注销许可", (S.CLOSED, S.ARCHIVED), S.CANCELLED, access.overrider, "行政许可法第七十条",
             applies=(guards.is_licence, guards.was_granted), override=True, paper="cancellation"),
        Move("reopen", "依复议、裁判重新办理", (S.NOT_ACCEPTED, S.TERMINATED, S.REJECTED, S.CLOSED, S.ARCHIVED), S.ACCEPTED,
             access.overrider, "行政复议法、行政诉讼法（责令重新作出）", override=True, clock="start"),
    ),
    deadlines=(
        Deadline("notice", rules.CLOCK_NAMES["notice"], (S.SUBMITTED,), "行政许可法第三十二条第一款第四项", "deem_accepted"),
        Deadline("correction", rules.CLOCK_NAMES["correction"], (S.CORRECTING,), "平台办件规则（补正期限）", "terminate"),
        Deadline("deficiency", rules.CLOCK_NAMES["deficiency"], IN_HAND, "容缺受理制度（实施清单容缺要素）", "lapse_deficiency"),
        Deadline("special", rules.CLOCK_NAMES["special"], (S.IN_SPECIAL,), "行政许可法第四十五条", "resume_clock"),
        Deadline("renewal", "原许可有效期", IN_HAND, "行政许可法第五十条第二款", "deem_renewed"),
        Deadline("hearing_right", rules.CLOCK_NAMES["hearing_right"], (S.IN_REVIEW,), "行政许可法第四十七条",
                 otherwise="视为放弃听证，可以作出决定"),
        Deadline("hearing_hold", rules.CLOCK_NAMES["hearing_hold"], (S.IN_REVIEW, S.IN_SPECIAL), "行政许可法第四十七条",
                 otherwise="逐级预警：经办人、单位负责人、政务服务管理机构"),
        Deadline("opinion", rules.CLOCK_NAMES["opinion"], (S.IN_REVIEW, S.IN_SPECIAL, S.PROPOSED), "平台办件规则（会商）",
                 otherwise="逐级预警被征求意见的单位；可以收回征求"),
        Deadline("promised", rules.CLOCK_NAMES["promised"], (S.ACCEPTED, S.IN_REVIEW, S.PROPOSED), "一次告知、限时办结制度",
                 otherwise="逐级预警：经办人、单位负责人、政务服务管理机构"),
        Deadline("legal", rules.CLOCK_NAMES["legal"], (S.ACCEPTED, S.IN_REVIEW, S.PROPOSED), "行政许可法第四十二条",
                 otherwise="记入超期，逐级预警；不免除作出决定的义务"),
        Deadline("delivery", rules.CLOCK_NAMES["delivery"], (S.APPROVED, S.REJECTED, S.ISSUED), "行政许可法第四十四条", 
                 otherwise="逐级预警：出件窗口、单位负责人、政务服务管理机构"),
    ),
)  # fmt: skip
