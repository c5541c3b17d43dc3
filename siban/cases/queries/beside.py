"""What happened beside the main line of a case, for its page: promises, inspections, opinions, hearing, corrections."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from siban.cases import automatic, rules
from siban.cases.access import DECIDING
from siban.cases.flow import CASE_FLOW
from siban.cases.models import AutoDecision, Case, Hearing, OverrideRequest, Promise
from siban.cases.promise import PROMISE_FLOW
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.conditions import ConditionError
from siban.kernel.ui.parts import Lamp

from .wording import day


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened beside the main line: a heading, a lamp, lines in plain words."""

    title: str
    lamp: Lamp
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction that waits for a second person."""

    label: str
    reason: str
    document: str
    by: str
    asked_on: date
    may_settle: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything beside the main line, and what this person may do about it; `should_revoke` is the step after a false promise."""

    told: tuple[Told, ...]
    waiting: Waiting | None
    may_check: bool
    may_recheck: bool = False
    may_ask_recheck: bool = False
    should_revoke: bool = False


def beside(case: Case, *, by: Actor) -> Beside:
    """A fixed number of statements, none for a case that was not accepted."""
    if case.accepted_at is None:
        return Beside((), None, may_check=False)
    promise = Promise.objects.filter(case=case).first()
    told = [
        *_automatic(case, by),
        *_proposal(case, by),
        *_deficiency(case),
        *_extension(case),
        *_promise(promise),
        *_special(case),
        *_visits(case),
    ]
    told += [*_hearing(case), *_opinions(case)]
    may_check = (
        promise is not None and PROMISE_FLOW.moves["find_kept"].who(by, promise) and promise.state == "checking"
    )
    checking = AutoDecision.objects.filter(case=case, outcome="grant").values_list("check_state", flat=True).first()
    office = by.has_role(*DECIDING) and by.org_id == case.org_id
    waiting = _waiting(case, by)
    is_false = promise is not None and promise.state == "false" and case.state in CASE_FLOW.moves["revoke"].sources
    return Beside(
        tuple(told), waiting, may_check=may_check, may_recheck=office and checking == "due",
        may_ask_recheck=by.is_citizen and checking == "none",
        should_revoke=is_false and waiting is None and CASE_FLOW.moves["revoke"].who(by, case),
    )  # fmt: skip


def _lines(*pairs: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in pairs if value not in (None, "", [], ()))


def _proposal(case: Case, by: Actor) -> list[Told]:
    said = case.proposal
    if not said or not by.is_staff:
        return []
    grant = said["outcome"] == "approve"
    lines = _lines(("意见", said["opinion"]), ("依据", said.get("basis")), ("审查人", said["by"]))
    return [Told("审查意见", Lamp("green" if grant else "red", "拟准予" if grant else "拟不予"), lines)]


CHECKS = {"due": "等待人工复核", "agreed": "人工复核一致", "disagreed": "人工复核不一致"}


def _automatic(case: Case, by: Actor) -> list[Told]:
    """How the rules came to their decision, in words: which version and row, on what data."""
    made = AutoDecision.objects.filter(case=case, outcome="grant").select_related("table__item").first()
    if made is None:
        return []
    try:
        table = made.table.table()
        data = "；".join(f"{table.label(name)}：{automatic.said(value)}" for name, value in made.inputs.items())
    except ConditionError:  # the item has changed since; what was kept is shown as it was kept
        data = "；".join(f"{name}：{automatic.said(value)}" for name, value in made.inputs.items())
    lines = _lines(
        ("怎样决定的", f"由系统依照{case.org.name}签署的秒批规则第 {made.table.number} 版第 {made.row} 行自动作出"),
        ("理由", made.words), ("依据的信息", data), ("复核情况", made.check_note if by.is_staff else ""),
        ("不同意这个结果", "可以申请人工复核，也可以依法申请复议、提起诉讼" if by.is_citizen else ""),
    )  # fmt: skip
    return [Told("自动审批说明", Lamp("green", CHECKS.get(made.check_state, "自动准予")), lines)]


def _deficiency(case: Case) -> list[Told]:
    if not case.deficiency.get("materials"):
        return []
    names = "、".join(m.name for m in case.elements.materials if m.id in case.deficiency["materials"])
    if case.deficiency.get("completed_at"):
        lamp = Lamp("green", "已补齐")
    elif case.deficiency_due_on:
        lamp = Lamp("amber", f"{day(case.deficiency_due_on)}前补交")
    else:
        lamp = Lamp("grey", "已结束")
    return [Told("容缺受理", lamp, _lines(("补交材料", names), ("承诺人", case.deficiency.get("signature"))))]


def _extension(case: Case) -> list[Told]:
    said = case.extension
    if not said:
        return []
    asked = said["state"] == "asked"
    lamp = Lamp("amber", "等待负责人批准") if asked else Lamp("green", "已批准")
    days = f"{said['days']} 个工作日"
    return [
        Told("延长期限", lamp, _lines(("延长", days), ("理由", said["reason"]), ("批准人", said.get("approved_by"))))
    ]


TONES = {"made": "blue", "checking": "amber", "kept": "green", "false": "red", "moot": "grey"}


def _promise(promise: Promise | None) -> list[Told]:
    if promise is None:
        return []
    lines = _lines(
        ("承诺内容", promise.content), ("核查期限", day(promise.check_due_on) if promise.check_due_on else ""),
        ("核查情况", promise.findings),
    )  # fmt: skip
    return [Told("告知承诺", Lamp(TONES[promise.state], promise.get_state_display()), lines)]


def _special(case: Case) -> list[Told]:
    found = []
    for run in case.special_runs.all():
        unit = "个工作日" if run.unit == "workday" else "天"
        lamp = (
            Lamp("stopped", "进行中") if run.ended_at is None else Lamp("grey", f"{day(local_day(run.ended_at))}结束")
        )
        lines = _lines(
            ("告知天数", f"{run.days} {unit}，自{day(local_day(run.started_at))}起"), ("告知书", run.paper_number),
            ("理由", run.reason), ("结果", run.result), ("说明", run.opinion),
        )  # fmt: skip
        found.append(Told(f"特别程序：{run.type}", lamp, lines))
    return found


CONCLUSIONS = {"pass": "green", "fail": "red", "again": "amber"}


def _visits(case: Case) -> list[Told]:
    found = []
    for visit in case.inspections.all():
        lamp = (
            Lamp(CONCLUSIONS[visit.conclusion], visit.get_conclusion_display())
            if visit.recorded_at
            else Lamp("amber", "已派出，待登记结论")
        )
        lines = _lines(
            ("日期", day(visit.visit_on)), ("地点", visit.place), ("核查人员", "、".join(visit.inspectors)),
            ("核查情况", visit.findings), ("在场", visit.present),
        )  # fmt: skip
        found.append(Told("现场核查", lamp, lines))
    return found


def _hearing(case: Case) -> list[Told]:
    heard = Hearing.objects.filter(case=case).first()
    if heard is None:
        return []
    if heard.minutes:
        lamp = Lamp("green", "已举行")
    elif heard.waived_at:
        lamp = Lamp("grey", "已放弃")
    elif heard.held_on:
        lamp = Lamp("stopped", f"定于{day(heard.held_on)}")
    elif heard.asked_at or heard.by_office:
        lamp = Lamp("amber", "等待举行")
    else:
        lamp = Lamp("amber", f"{day(heard.ask_until)}前可以申请")
    lines = _lines(
        ("事由", heard.reason), ("地点", heard.place), ("主持人", heard.chair),
        ("应当组织的期限", day(heard.hold_until) if heard.hold_until and not heard.minutes else ""), ("笔录", heard.minutes),
    )  # fmt: skip
    return [Told("听证", lamp, lines)]


VERDICTS = {"agree": "green", "disagree": "red", "none": "grey"}


def _opinions(case: Case) -> list[Told]:
    found = []
    for asked in case.opinions.select_related("org"):
        if asked.answered_at:
            lamp = Lamp(VERDICTS[asked.verdict], asked.get_verdict_display())
        elif asked.dropped_at:
            lamp = Lamp("grey", "已收回")
        else:
            lamp = Lamp("amber", f"{day(asked.due_on)}前答复")
        lines = _lines(("问题", asked.question), ("答复", asked.answer), ("收回理由", asked.drop_reason))
        found.append(Told(f"征求{asked.org.name}意见", lamp, lines))
    return found


def _waiting(case: Case, by: Actor) -> Waiting | None:
    asked: OverrideRequest | Any = case.override_requests.filter(settled_at=None).select_related("asked_by").first()
    if asked is None or not by.is_staff:
        return None
    own = asked.asked_by_id == by.account_id
    move = CASE_FLOW.moves[asked.move]
    return Waiting(
        move.label, "：".join(filter(None, (rules.CANCEL_GROUNDS.get(asked.ground), asked.basis, asked.reason))), asked.document, asked.asked_by.name, local_day(asked.asked_at),
        may_settle=not own and move.who(by, case), is_own=own,
    )  # fmt: skip
