"""How a case speaks: states, steps, clocks and journal rows in plain words. Pure."""

from datetime import date
from typing import Any
from uuid import UUID

from siban.cases import rules
from siban.cases.flow import CASE_FLOW, CaseState
from siban.cases.models import Case
from siban.kernel.ui.parts import Entry, Lamp, Step

S = CaseState
NECESSITY = {"required": "必要", "optional": "按情况提交", "deferrable": "可容缺后补"}
CHANNELS = {"web": "网上", "window": "窗口", "kiosk": "自助机", "api": "业务系统", "mobile": "手机", "system": "系统"}
TONES: dict[str, str] = {
    S.DRAFT: "grey",
    S.SUBMITTED: "blue",
    S.CORRECTING: "amber",
    S.ACCEPTED: "blue",
    S.NOT_ACCEPTED: "red",
    S.IN_REVIEW: "blue",
    S.IN_SPECIAL: "stopped",
    S.PROPOSED: "blue",
    S.APPROVED: "green",
    S.REJECTED: "red",
    S.ISSUED: "green",
    S.DELIVERED: "green",
    S.CLOSED: "green",
    S.ARCHIVED: "green",
    S.REVOKED: "red",
    S.CANCELLED: "grey",
    S.WITHDRAWN: "grey",
    S.TERMINATED: "grey",
}
TOLD = {
    **{name: move.label for name, move in CASE_FLOW.moves.items()},
    "create": "开始填写",
    "renew": "改用新版办事指南",
    "use_certificate": "用电子证照代替纸质材料",
    "promise_materials": "承诺补交材料（容缺）",
    "choose_promise": "选择告知承诺方式",
    "to_a_person": "秒批规则转人工审批",
    "ask_recheck": "申请人工复核",
    "recheck": "人工复核",
    "find_kept": "承诺核查属实",
    "find_false": "承诺核查不实",
    "mend_promise": "信用修复",
    "ask_override": "提出纠正",
    "refuse_override": "不确认纠正",
    "tell_applicant": "给申请人发了消息",
    "hand_over": "事项划转，由新的单位继续办理",
    "recount_terms": "期限按新公布的放假安排重新计算",
}
ROAD = (
    ("提交申请", (S.DRAFT,)),
    ("收件核对", (S.SUBMITTED, S.CORRECTING)),
    ("受理审查", (S.ACCEPTED, S.IN_REVIEW, S.IN_SPECIAL, S.PROPOSED)),
    ("作出决定", (S.APPROVED, S.REJECTED)),
    ("领取结果", (S.ISSUED, S.DELIVERED)),
)
AMONG_STAFF = ("pass_level", "propose", "return_proposal")
"""What the reviewer drafts is not the decision: the applicant reads that it was laid before the decider, not what it says."""
REFUSED = "没有同意，决定书已经送达。不服这个决定的，可以按下面写明的期限和地方申请复议或者提起诉讼。"
UNITS = {"workday": "个工作日", "natural_day": "天"}


def day(on: date) -> str:
    """`2026年3月2日`."""
    return f"{on.year}年{on.month}月{on.day}日"


def state_tone(state: str) -> str:
    return TONES[state]


def sentence(case: Case) -> str:
    """Where the case stands and what comes next, in one sentence for the applicant."""
    office, until = case.org.name, day(case.due_on) if case.due_on else ""
    match case.state:
        case S.DRAFT:
            return "还没有提交。填写的内容已经保存，可以随时接着填。"
        case S.SUBMITTED:
            return f"材料已经收到，窗口会在{until}前告诉您是否受理、要不要补正。"
        case S.CORRECTING:
            return f"有内容需要您补正，请在{until}前改好再提交一次。"
        case S.IN_SPECIAL:
            days = f"，预计到{day(case.special_due_on)}" if case.special_due_on else ""
            return f"已经受理，正在进行告知书写明的特别程序{days}，这段时间不计入办结期限。"
        case S.ACCEPTED | S.IN_REVIEW | S.PROPOSED:
            if case.deficiency_due_on:
                return f"已经受理，请在{day(case.deficiency_due_on)}前补交承诺的材料，补齐以前不能作出结果。"
            return f"已经受理，{office}正在办理" + (f"，会在{until}前作出决定。" if until else "。")
        case S.NOT_ACCEPTED:
            return "没有受理，理由和可以去哪里办理写在不予受理决定书里。"
        case S.APPROVED:
            return f"已经同意，正在制作“{case.elements.result.name or '办理结果'}”，会在{until}前送达。"
        case S.REJECTED:
            return f"没有同意，理由和救济途径写在决定书里，决定书会在{until}前送达。"
        case S.ISSUED:
            return f"结果已经做好，会在{until}前按“{case.get_delivery_display()}”送达。"
        case S.REVOKED:
            return "决定已经撤销，理由和救济途径写在撤销决定书里。"
        case S.CANCELLED:
            return "许可已经注销，情形和救济途径写在注销决定书里。"
        case S.DELIVERED | S.CLOSED | S.ARCHIVED:
            return "已经办完，结果已经送达。"
        case S.WITHDRAWN:
            return "您已经撤回这份申请，需要时可以重新申请。"
        case S.TERMINATED:
            return "期限过了还没有补齐，办理已经终止，您可以重新申请。"
    raise LookupError(case.state)


def next_step(case: Case) -> str:
    """What comes next, in a few words for lists."""
    return {
        S.DRAFT: "接着填写",
        S.SUBMITTED: "等窗口核对",
        S.CORRECTING: "请您补正",
        S.ACCEPTED: "等部门审查",
        S.IN_REVIEW: "等部门审查",
        S.IN_SPECIAL: "等特别程序结果",
        S.PROPOSED: "等部门决定",
        S.APPROVED: "等制证",
        S.REJECTED: "等送达决定书",
        S.ISSUED: "等领取" if case.delivery == Case.Delivery.COUNTER else "等送达",
    }.get(S(case.state), "")


def steps(case: Case) -> tuple[Step, ...]:
    """The road of the case, with where it stands."""
    if case.state in (S.WITHDRAWN, S.TERMINATED, S.NOT_ACCEPTED, S.REVOKED, S.CANCELLED):
        begun = "done" if case.number else "todo"
        return (Step("提交申请", begun), Step(CASE_FLOW.label(case.state), "current", "到此为止"))
    if case.state in (S.CLOSED, S.ARCHIVED):
        return tuple(Step(name, "done") for name, _ in ROAD)
    here = next(n for n, (_, states) in enumerate(ROAD) if case.state in states)
    return tuple(
        Step(
            name,
            "done" if n < here else "current" if n == here else "todo",
            CASE_FLOW.label(case.state) if n == here else "",
        )
        for n, (name, _) in enumerate(ROAD)
    )


def due_lamp(due_on: date | None, today: date) -> Lamp:
    """The lamp of the limit that counts now."""
    tone = rules.lamp(due_on, today)
    if due_on is None:
        return Lamp("grey", "没有期限在走")
    return Lamp(tone, f"{day(due_on)}到期" if tone != "red" else f"已超过{day(due_on)}的期限")


def clock_lamp(tone: str, left: int | None, unit: str, *, closed_on: date | None) -> Lamp:
    """The lamp of one clock: how much is left, or that it is over."""
    if closed_on is not None:
        return Lamp("grey", f"{day(closed_on)}结束")
    if tone == "stopped" or left is None:
        return Lamp("stopped", "暂停计时")
    if left < 0:
        return Lamp("red", f"已超期 {-left} {UNITS[unit]}")
    return Lamp(tone if tone != "done" else "grey", f"还剩 {left} {UNITS[unit]}" if left else "今天到期")


def entry(row: Any, *, office: str, named: bool, agent_id: UUID | None = None) -> Entry:
    """A row of the journal as a line of the timeline."""
    who = {"citizen": "申请人", "system": "系统"}.get(row.actor_kind, office or "工作人员")
    if agent_id and row.actor_kind == "citizen" and row.actor_id == agent_id:
        who = "代办人"
    if named and row.actor_kind == "staff":
        who = f"{who} · {row.actor_name}"
    tone = TONES.get(row.target, "grey") if row.target else "grey"
    silent = row.move == "submit" or (not named and row.move in AMONG_STAFF)
    note = "" if silent else row.note
    return Entry(row.at, who, TOLD[row.move], row.law, note, tone)
