"""W7: an order of the hotline from the call to the confirmed solution. Diagrams: docs/flows/hotline.md, hotline_legs.md."""

from django.db.models import TextChoices

from siban.kernel.flow import STAYS, Deadline, Machine, Move

from . import access, guards
from .rules import W7


class OrderState(TextChoices):
    RECEIVED = "received", "登记中"
    CREATED = "created", "待派单"
    DISPATCHED = "dispatched", "待签收"
    RETURNING = "return_requested", "退单待审"
    RULING = "ruling", "派单争议待裁定"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "待回访"
    WHISTLED = "whistled", "吹哨会商"
    ESCALATED = "escalated", "提级督办"
    SUSPENDING = "suspend_requested", "挂单待批"
    SUSPENDED = "suspended", "已挂单"
    TERMINATING = "terminate_requested", "终结待审核"
    REVIEWED = "terminate_reviewed", "终结待批准"
    NOTIFIED = "terminate_notified", "终结告知中"
    APPEALED = "appealed", "终结申诉中"
    MERGED = "merged", "已并单"
    CLOSED = "closed", "已办结"
    ANSWERED = "direct_answered", "已当场答复"
    REFERRED = "referred", "已告知正确渠道"
    WITHDRAWN = "withdrawn", "诉求人撤回"
    TERMINATED = "terminated", "已终结"


class LegState(TextChoices):
    SENT = "sent", "待签收"
    SIGNED = "signed", "协办中"
    DONE = "done", "已反馈"
    RECALLED = "recalled", "已撤回"


S = OrderState
ENDS = (S.CLOSED, S.ANSWERED, S.REFERRED, S.WITHDRAWN, S.TERMINATED)
OPEN = tuple(s for s in OrderState if s not in ENDS)
FREE = (S.CREATED, S.DISPATCHED, S.HANDLING)
"""Where an order may still be found to be one with another."""
B53 = "国办发〔2020〕53号"
FIRST = "首接负责制（民有所呼方案）"
THREE = "三张清单（挂单、终结台账）"

MOVES = (
    Move("register", "登记完成", (S.RECEIVED,), S.CREATED, access.intake, f"{B53}：受理", clock="start"),
    Move("answer", "当场答复", (S.RECEIVED, S.CREATED), S.ANSWERED, access.operator, f"{B53}：知识库直接答复", clock="end", notices=("answered",)),
    Move("refer", "告知正确渠道", (S.RECEIVED, S.CREATED), S.REFERRED, access.operator, f"{B53}：不予受理的，告知正确渠道", clock="end", notices=("referred",)),
    Move("reclassify", "修改分类", (S.CREATED, S.RETURNING, S.RULING), STAYS, access.operator, f"{W7}：分类定责"),
    Move("correct", "补充要素", OPEN, STAYS, access.operator, f"{W7}：受理登记"),
    Move("dispatch", "派单", (S.CREATED,), S.DISPATCHED, access.dispatcher, f"{W7}：按《热线类别及主责单位统计清单》派单", needs=(guards.is_classified,), clock="start", notices=("dispatched",)),
    Move("whistle", "吹哨", (S.CREATED, S.HANDLING, S.RULING, S.ESCALATED), S.WHISTLED, access.handler_or_dispatcher, f"{W7}：疑难问题吹哨，部门按时报到", notices=("whistled",)),
    Move("attend", "报到", (S.WHISTLED,), STAYS, access.dispatcher, f"{W7}：吹哨报到登记"),
    Move("decide_meeting", "会商定责", (S.WHISTLED,), S.DISPATCHED, access.dispatcher, f"{W7}：会商，会议纪要入单", clock="start", notices=("dispatched",)),
    Move("escalate", "提级督办", (S.CREATED, S.DISPATCHED, S.RETURNING, S.RULING, S.HANDLING, S.REPLIED, S.WHISTLED), S.ESCALATED, access.dispatcher, f"{W7}：仍不能决定的，呈政府提级办理", notices=("escalated",)),
    Move("escalate_difficult", "转为疑难工单", (S.CREATED, S.HANDLING), S.ESCALATED, access.system, "重办三次未解决或者转办三家无人牵头的，提级督办", needs=(guards.is_difficult,), deemed=True, notices=("escalated",)),
    Move("decide_escalated", "提级办理决定", (S.ESCALATED,), S.DISPATCHED, access.bureau, f"{W7}：提级办理，会议纪要入单", clock="start", notices=("dispatched",)),
    Move("sign", "签收", (S.DISPATCHED,), S.HANDLING, access.handler, f"{W7}：签收办理", clock="start"),
    Move("recall", "收回改派", (S.DISPATCHED,), S.CREATED, access.dispatcher, f"{W7}：派单有误的，由热线收回"),
    Move("ask_return", "申请退单", (S.DISPATCHED, S.HANDLING), S.RETURNING, access.handler, f"{B53}：不当退单的要问责；写明理由和建议的承办单位", needs=(guards.returns_left, guards.within_return_time, guards.nothing_asked)),
    Move("accept_return", "同意退单", (S.RETURNING,), S.CREATED, access.dispatcher, f"{W7}：退单审核", needs=(guards.is_first_return,), notices=("returned",)),
    Move("refuse_return", "不同意退单", (S.RETURNING,), S.HANDLING, access.dispatcher, f"{B53}：不当退单", notices=("return_refused",)),
    Move("dispute", "转为派单争议", (S.RETURNING,), S.RULING, access.dispatcher, f"{FIRST}：累计退单两次的，由热线管理机构裁定", needs=(guards.is_second_return,)),
    Move("rule", "裁定承办单位", (S.RULING,), S.DISPATCHED, access.bureau, f"{FIRST}：裁定以后不得再退", clock="start", notices=("ruled",)),
    Move("contact", "联系诉求人", (S.DISPATCHED, S.HANDLING, S.WHISTLED, S.SUSPENDED, S.ESCALATED), STAYS, access.handler, f"{W7}：响应率从派单到首次联系"),
    Move("visit", "登记上门", (S.HANDLING, S.SUSPENDED), STAYS, access.handler, f"{W7}：三上门"),
    Move("skip_visit", "说明不用上门", (S.HANDLING,), STAYS, access.handler, f"{W7}：三上门"),
    Move("note", "登记进展", (S.HANDLING, S.WHISTLED, S.ESCALATED), STAYS, access.handler_or_dispatcher, f"{W7}：办理留痕"),
    Move("ask_extension", "申请延期", (S.HANDLING,), STAYS, access.handler, f"{W7}：届满前申请，写明理由", needs=(guards.before_due, guards.extensions_left, guards.nothing_asked)),
    Move("grant_extension", "同意延期", (S.HANDLING,), STAYS, access.dispatcher, f"{W7}：延期审批，告知诉求人", needs=(guards.extension_asked,), bars=(guards.not_the_asker,), clock="extend", notices=("extended",)),
    Move("refuse_extension", "不同意延期", (S.HANDLING,), STAYS, access.dispatcher, f"{W7}：延期审批", needs=(guards.extension_asked,), bars=(guards.not_the_asker,), notices=("extension_refused",)),
    Move("reply", "答复", (S.HANDLING,), S.REPLIED, access.handler, f"{W7}：答复诉求人", needs=(guards.was_contacted, guards.was_visited, guards.co_handlers_done, guards.nothing_asked), clock="stop", notices=("replied",)),
    Move("return_reply", "退回答复", (S.REPLIED,), S.HANDLING, access.operator, f"{W7}：答复不合格的，退回重写", bars=(guards.not_own_hand,), clock="resume", notices=("reply_returned",)),
    Move("attempt", "回访未接通", (S.REPLIED,), STAYS, access.operator, f"{W7}：无人接听 n 次规则", bars=(guards.not_own_hand,)),
    Move("confirm", "回访：解决且满意", (S.REPLIED,), S.CLOSED, access.operator_or_caller, f"{W7}：满意、解决二问", bars=(guards.not_own_hand,), clock="end", notices=("closed",)),
    Move("redo", "重办", (S.REPLIED,), S.HANDLING, access.operator_or_caller, f"{W7}：没有解决或者不满意的，重办", bars=(guards.not_own_hand,), clock="start", notices=("redo",)),
    Move("close_unsatisfied", "按不满意办结", (S.REPLIED,), S.CLOSED, access.dispatcher, f"{W7}：已经依法办理而诉求人仍不满意的，如实计入不满意", bars=(guards.not_own_hand,), clock="end", notices=("closed",)),
    Move("close_unreached", "无法接通办结", (S.REPLIED,), S.CLOSED, access.operator, f"{W7}：无人接听 n 次规则，不计入有效回访", needs=(guards.attempts_made,), bars=(guards.not_own_hand,), clock="end", notices=("closed",)),
    Move("close_unsampled", "未抽中回访办结", (S.REPLIED,), S.CLOSED, access.system, f"{W7}：咨询类按比例抽样回访", deemed=True, clock="end"),
    Move("ask_suspension", "申请挂单", (S.HANDLING, S.ESCALATED), S.SUSPENDING, access.handler, f"{THREE}：长期改进类，写明条件、计划、责任人、预计时间"),
    Move("suspend", "同意挂单", (S.SUSPENDING,), S.SUSPENDED, access.dispatcher, f"{THREE}：挂单审批", bars=(guards.not_the_asker,), clock="stop", notices=("suspended",)),
    Move("refuse_suspension", "不同意挂单", (S.SUSPENDING,), S.HANDLING, access.dispatcher, f"{THREE}：不得以挂代办", bars=(guards.not_the_asker,), notices=("suspension_refused",)),
    Move("progress", "登记挂单进展", (S.SUSPENDED,), STAYS, access.handler, f"{THREE}：每月更新进展", needs=(guards.plan_kept,), notices=("progress",)),
    Move("reactivate", "激活", (S.SUSPENDED,), S.HANDLING, access.handler_or_dispatcher, f"{THREE}：条件具备的，激活办理", needs=(guards.plan_kept,), clock="resume", notices=("reactivated",)),
    Move("ask_termination", "申请终结", (S.HANDLING, S.ESCALATED), S.TERMINATING, access.handler, f"{THREE}：不合理诉求，写明理由、依据、证据"),
    Move("review_termination", "审核终结", (S.TERMINATING,), S.REVIEWED, access.dispatcher, f"{THREE}：审核", needs=(guards.was_terminated_lawfully,), bars=(guards.not_the_asker,)),
    Move("refuse_termination", "不同意终结", (S.TERMINATING, S.REVIEWED), S.HANDLING, access.dispatcher, f"{THREE}：理由不足的，继续办理", bars=(guards.not_the_asker,), notices=("termination_refused",)),
    Move("approve_termination", "批准终结并告知", (S.REVIEWED,), S.NOTIFIED, access.bureau, f"{THREE}：批准、告知诉求人，保留申诉", bars=(guards.not_the_reviewer,), clock="stop", notices=("terminated",)),
    Move("appeal", "申诉", (S.NOTIFIED,), S.APPEALED, access.operator_or_caller, f"{THREE}：对终结不服的，可以申诉", needs=(guards.appeal_open,), notices=("appealed",)),
    Move("reject_appeal", "维持终结", (S.APPEALED,), S.TERMINATED, access.bureau, f"{THREE}：申诉复核", bars=(guards.not_the_reviewer,), clock="end", notices=("appeal_rejected",)),
    Move("uphold_appeal", "撤销终结", (S.APPEALED,), S.HANDLING, access.bureau, f"{THREE}：申诉有理的，恢复办理", bars=(guards.not_the_reviewer,), clock="resume", notices=("appeal_upheld",)),
    Move("finish_termination", "申诉期满", (S.NOTIFIED,), S.TERMINATED, access.system, f"{THREE}：申诉期满没有申诉", needs=(guards.appeal_over,), deemed=True, clock="end"),
    Move("merge", "并单", FREE, S.MERGED, access.dispatcher, f"{W7}：同一事件的重复诉求合并办理，逐一答复回访", notices=("merged",)),
    Move("unmerge", "撤销并单", (S.MERGED,), S.CREATED, access.dispatcher_or_system, f"{W7}：并错的，恢复为单独的工单", clock="start"),
    Move("reply_merged", "随主单答复", (S.MERGED,), S.REPLIED, access.system, f"{W7}：主单答复时，逐一答复每一位诉求人", deemed=True, clock="stop", notices=("replied",)),
    Move("close_merged", "随主单结束", (S.MERGED,), S.CLOSED, access.system, f"{W7}：主单没有答复就结束的，告知每一位诉求人", deemed=True, clock="end", notices=("closed",)),
    Move("return_merged", "随主单退回答复", (S.REPLIED,), S.MERGED, access.system, f"{W7}：主单答复退回重写的，随主单等待", deemed=True, clock="resume"),
    Move("withdraw", "撤回诉求", (S.RECEIVED, S.CREATED, S.DISPATCHED, S.HANDLING, S.REPLIED), S.WITHDRAWN, access.operator_or_caller, f"{W7}：诉求人可以撤回", clock="end", notices=("withdrawn",)),
    Move("comment", "诉求人补充", OPEN, STAYS, access.caller, f"{W7}：诉求人可以补充情况"),
    Move("reopen", "纠错重开", (S.CLOSED, S.ANSWERED, S.REFERRED, S.TERMINATED), S.CREATED, access.bureau, f"{B53}：虚假办结、误办结的，纠正后重新办理", override=True, clock="start"),
)  # fmt: skip

ORDER_FLOW = Machine(
    name="hotline",
    title="12345 工单",
    model="hotline.Order",
    states=OrderState,
    start=S.RECEIVED,
    ends=set(ENDS),
    owners={
        S.RECEIVED: "热线话务员", S.CREATED: "热线派单员", S.DISPATCHED: "承办单位", S.RETURNING: "热线派单员", S.RULING: "政务服务管理机构",
        S.HANDLING: "承办单位", S.REPLIED: "热线回访员", S.WHISTLED: "政务服务管理机构", S.ESCALATED: "政务服务管理机构（呈旗政府）",
        S.SUSPENDING: "热线派单员", S.SUSPENDED: "承办单位（每月更新进展）", S.TERMINATING: "热线派单员", S.REVIEWED: "政务服务管理机构",
        S.NOTIFIED: "诉求人（可以申诉）", S.APPEALED: "政务服务管理机构", S.MERGED: "随主单办理",
    },
    moves=MOVES,
    deadlines=(
        Deadline("dispatch", "派单", (S.CREATED,), W7, otherwise="提醒派单员；仍未派的，报政务服务管理机构"),
        Deadline("sign", "签收", (S.DISPATCHED,), W7, otherwise="提醒承办单位负责人；仍未签收的，报政务服务管理机构"),
        Deadline("whole", "办理", (S.DISPATCHED, S.HANDLING, S.RETURNING, S.RULING, S.WHISTLED), W7, otherwise="48 小时预警、24 小时督办，逾期次日催办，再逾五个工作日通报"),
        Deadline("callback", "回访", (S.REPLIED,), W7, otherwise="提醒回访员"),
        Deadline("progress", "挂单进展", (S.SUSPENDED,), THREE, otherwise="提醒承办单位，仍未更新的列入台账逾期"),
        Deadline("appeal", "终结申诉", (S.NOTIFIED,), THREE, leads_to="finish_termination"),
    ),
)  # fmt: skip

L = LegState
LEG_FLOW = Machine(
    name="hotline_legs",
    title="12345 协办",
    model="hotline.Leg",
    states=LegState,
    start=L.SENT,
    ends={L.DONE, L.RECALLED},
    owners={L.SENT: "协办单位", L.SIGNED: "协办单位"},
    moves=(
        Move("sign", "签收", (L.SENT,), L.SIGNED, access.co_handler, f"{W7}：多部门的，首接负责牵头，其他单位协办"),
        Move("feed_back", "反馈", (L.SENT, L.SIGNED), L.DONE, access.co_handler, f"{W7}：协办单位按时反馈"),
        Move(
            "recall", "撤回协办", (L.SENT, L.SIGNED), L.RECALLED, access.dispatcher, f"{W7}：不需要协办的，由热线撤回"
        ),
    ),
)
