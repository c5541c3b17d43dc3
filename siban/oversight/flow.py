"""W11: the directive, its tasks and the treatment of what stays undone. Diagrams: docs/flows/directives.md, tasks.md, treatments.md."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import STAYS, Deadline, Machine, Move

from . import access_supervision as access
from .rules_supervision import closes

W11 = "督查整改办法（通知→任务→调度→通报→报告）"


class DirectiveState(TextChoices):
    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已下达"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class TaskState(TextChoices):
    ISSUED = "issued", "待接收"
    ACKNOWLEDGED = "acknowledged", "已接收"
    IN_PROGRESS = "in_progress", "整改中"
    EVIDENCE_SUBMITTED = "evidence_submitted", "待核验"
    VERIFIED = "verified", "已核验"
    RETURNED = "returned", "已退回"
    OVERDUE = "overdue", "已逾期"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤销"


class TreatmentState(TextChoices):
    PROPOSED = "proposed", "建议"
    DECIDED = "decided", "已决定"
    DISMISSED = "dismissed", "不采取"


T, D = TaskState, DirectiveState
WORKING = (T.ACKNOWLEDGED, T.IN_PROGRESS, T.RETURNED, T.OVERDUE)
OPEN = (T.ISSUED, T.ACKNOWLEDGED, T.IN_PROGRESS, T.EVIDENCE_SUBMITTED, T.VERIFIED, T.RETURNED, T.OVERDUE)
RUNNING = (T.ISSUED, T.ACKNOWLEDGED, T.IN_PROGRESS, T.RETURNED)


def has_passed(task: Any, at: datetime) -> str | None:
    """The due day is over."""
    return None if local_day(at) > task.due_on else f"期限是{task.due_on}，还没有过。"


def not_acknowledged(task: Any, at: datetime) -> str | None:
    """The head has not acknowledged yet."""
    return "已经确认接收过了。" if task.acknowledged_at else None


def is_acknowledged(task: Any, at: datetime) -> str | None:
    """The head has acknowledged."""
    return None if task.acknowledged_at else "本单位主要负责人还没有确认接收，请先由负责人确认。"


def has_evidence(task: Any, at: datetime) -> str | None:
    """Evidence is attached (佐证材料必填)."""
    return None if task.has_fresh_evidence else "还没有上传佐证材料。请先上传文件，再报请核验。"


def targets_hold(task: Any, at: datetime) -> str | None:
    """A task bound to a figure closes on the figure alone, never on anybody's word."""
    if task.is_measured and not closes(task.watch, task.hold_days):
        return (
            f"这项任务绑定了指标，要连续 {task.hold_days} 个统计日达标才能销号，"
            f"现在连续达标 {task.held_days} 天。达到以后系统会自动销号。"
        )
    return None


def documents_done(task: Any, at: datetime) -> str | None:
    """Where documents are asked for too, they are verified first."""
    if task.wants_documents and task.verified_at is None:
        return "还要求报送材料，材料核验通过以后才能销号。"
    return None


def is_measured(task: Any, at: datetime) -> str | None:
    """The task is bound to a figure."""
    return None if task.is_measured else "这项任务没有绑定指标。"


def no_request(task: Any, at: datetime) -> str | None:
    """No request for more time is waiting."""
    return "已经申请过延期，正在等待批复。" if task.extension else None


def has_request(task: Any, at: datetime) -> str | None:
    """A request for more time is waiting."""
    return None if task.extension else "没有等待批复的延期申请。"


def another_hand(actor: Actor, task: Any, at: datetime) -> str | None:
    """Evidence is verified by another person than who handed it in."""
    if actor.id is not None and actor.id == task.submitted_by_id:
        return "佐证材料是您本人报送的，要由另一个人核验。"
    return None


def not_own_request(actor: Actor, task: Any, at: datetime) -> str | None:
    """More time is granted by another person than who asked."""
    if actor.id is not None and str(actor.id) == task.extension.get("by_id"):
        return "延期是您本人申请的，要由另一个人批复。"
    return None


def all_done(directive: Any, at: datetime) -> str | None:
    """Every task is closed or withdrawn."""
    left = directive.open_tasks()
    return f"还有 {left} 项任务没有销号，不能办结。请先销号，或者撤销不再需要的任务。" if left else None


DIRECTIVE_FLOW = Machine(
    name="directives",
    title="督查通知",
    model="oversight.Directive",
    states=DirectiveState,
    start=D.DRAFT,
    ends={D.CLOSED, D.WITHDRAWN},
    owners={D.DRAFT: "起草人", D.ISSUED: "政务服务管理机构、督查人员"},
    moves=(
        Move("issue", "下达", (D.DRAFT,), D.ISSUED, access.directs, f"{W11}：一个问题 × 每个涉及单位 = 一项任务"),
        Move("close", "办结通知", (D.ISSUED,), D.CLOSED, access.directs, f"{W11}：任务全部销号", needs=(all_done,)),
        Move("withdraw", "撤回通知", (D.DRAFT, D.ISSUED), D.WITHDRAWN, access.directs, f"{W11}：撤回须写明理由"),
    ),
)

TASK_FLOW = Machine(
    name="tasks",
    title="督查任务",
    model="oversight.Task",
    states=TaskState,
    start=T.ISSUED,
    ends={T.WITHDRAWN},
    owners={
        T.ISSUED: "单位主要负责人",
        T.ACKNOWLEDGED: "承办单位",
        T.IN_PROGRESS: "承办单位",
        T.RETURNED: "承办单位",
        T.OVERDUE: "承办单位",
        T.EVIDENCE_SUBMITTED: "政务服务管理机构、督查人员",
        T.VERIFIED: "政务服务管理机构、督查人员",
        T.CLOSED: "系统（观察指标是否反弹）",
    },
    deadlines=(
        Deadline("acknowledge", "接收确认期限", (T.ISSUED,), f"{W11}：涉及单位主要领导接收确认", otherwise="记为未按时确认接收（V11.4），提醒负责人"),
        Deadline("due", "整改期限", RUNNING, f"{W11}：按要求的时限", leads_to="fall_overdue"),
    ),
    moves=(
        Move("acknowledge", "确认接收", (T.ISSUED,), T.ACKNOWLEDGED, access.heads_unit, f"{W11}：涉及单位主要领导接收确认"),
        Move("acknowledge_late", "补确认接收", (T.OVERDUE,), STAYS, access.heads_unit, f"{W11}：涉及单位主要领导接收确认", applies=(not_acknowledged,)),
        Move("appoint", "指定责任人", (*RUNNING, T.OVERDUE), STAYS, access.heads_unit, f"{W11}：落实责任人"),
        Move("begin", "开始整改", (T.ACKNOWLEDGED,), T.IN_PROGRESS, access.works_for_unit, f"{W11}：整改"),
        Move("note_progress", "登记进展", (T.IN_PROGRESS, T.RETURNED, T.OVERDUE), STAYS, access.works_for_unit, f"{W11}：调度进展", needs=(is_acknowledged,)),
        Move("attach", "上传佐证材料", WORKING, STAYS, access.works_for_unit, f"{W11}：佐证材料必填", needs=(is_acknowledged,)),
        Move("submit_evidence", "报请核验", WORKING, T.EVIDENCE_SUBMITTED, access.works_for_unit, f"{W11}：佐证材料必填", needs=(is_acknowledged, has_evidence)),
        Move("verify", "核验通过", (T.EVIDENCE_SUBMITTED,), T.VERIFIED, access.directs, f"{W11}：核验与报送分离", bars=(another_hand,)),
        Move("send_back", "退回", (T.EVIDENCE_SUBMITTED, T.VERIFIED), T.RETURNED, access.directs, f"{W11}：证据不足或者不实的退回（V11.2）", bars=(another_hand,)),
        Move("close", "销号", (T.VERIFIED,), T.CLOSED, access.directs, f"{W11}：核验后销号", needs=(targets_hold,), bars=(another_hand,)),
        Move("close_by_measure", "指标达标自动销号", OPEN, T.CLOSED, access.system, f"{W11}：指标连续达标", needs=(is_measured, targets_hold, documents_done), deemed=True),
        Move("rebound", "指标反弹重新打开", (T.CLOSED,), T.IN_PROGRESS, access.system, f"{W11}：关闭后再不达标（V11.5）", needs=(is_measured,), deemed=True),
        Move("reopen", "发现不实重新打开", (T.CLOSED,), T.RETURNED, access.directs, f"{W11}：证据虚假（V11.2）"),
        Move("fall_overdue", "逾期", RUNNING, T.OVERDUE, access.system, f"{W11}：逾期（V11.1）", needs=(has_passed,), deemed=True),
        Move("ask_extension", "申请延期", (*RUNNING, T.OVERDUE), STAYS, access.works_for_unit, f"{W11}：延期须说明理由", needs=(is_acknowledged, no_request)),
        Move("grant_extension", "同意延期", (*RUNNING, T.EVIDENCE_SUBMITTED), STAYS, access.directs, f"{W11}：延期由下达机关批准", applies=(has_request,), bars=(not_own_request,)),
        Move("grant_late_extension", "同意延期", (T.OVERDUE,), T.IN_PROGRESS, access.directs, f"{W11}：延期由下达机关批准", applies=(has_request,), bars=(not_own_request,)),
        Move("refuse_extension", "不同意延期", (*RUNNING, T.OVERDUE, T.EVIDENCE_SUBMITTED), STAYS, access.directs, f"{W11}：延期由下达机关批准", applies=(has_request,)),
        Move("withdraw", "撤销任务", (*OPEN, T.CLOSED), T.WITHDRAWN, access.directs, f"{W11}：撤销须写明理由"),
    ),
)  # fmt: skip

TREATMENT_FLOW = Machine(
    name="treatments",
    title="督查处置（提醒、通报、约谈、问责）",
    model="oversight.Treatment",
    states=TreatmentState,
    start=TreatmentState.PROPOSED,
    ends={TreatmentState.DECIDED, TreatmentState.DISMISSED},
    owners={TreatmentState.PROPOSED: "政务服务管理机构、督查人员"},
    moves=(
        Move("decide", "决定采取", (TreatmentState.PROPOSED,), TreatmentState.DECIDED, access.directs, f"{W11}：处置递进，系统只建议，由人决定"),
        Move("dismiss", "不采取", (TreatmentState.PROPOSED,), TreatmentState.DISMISSED, access.directs, f"{W11}：处置递进，系统只建议，由人决定"),
    ),
)  # fmt: skip
