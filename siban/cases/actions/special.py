"""特别程序: the clock stands still for what the law leaves out, if the applicant is told in writing how long it takes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import notices
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, SpecialRun
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.terms import rules as term_rules

from . import clocks

LONGEST = 365


@transaction.atomic
def start_special(*, case_id: UUID, kind: str, days: int, reason: str, by: Actor, at: datetime) -> Case:
    """Begin a special procedure of the item's list: tell the applicant in writing how many days, stop the clock.

    Args:
        kind: one of the types the item lists (`item_elements.md` §5.5).
        days: how many days it takes, in the unit of the list; not more than the list says.

    Raises:
        Refused: not on the item's list, more days than listed, no reason, a hearing (which has its own way).
    """
    with CASE_FLOW.step("start_special", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        listed = next((s for s in case.elements.special_procedures if s.type == kind), None)
        if listed is None:
            names = "、".join(s.type for s in case.elements.special_procedures)
            raise Refused(f"“{kind[:20]}”不在这个事项的特别程序清单里。清单列有：{names}。")
        if kind == "听证":
            raise Refused("听证请先“告知听证权利”，申请人申请后“举行听证”，不从这里启动。")
        unit = listed.unit or "workday"
        most = listed.time_limit or LONGEST
        if not 1 <= days <= most:
            raise Refused(
                f"“{kind}”的天数应为 1 至 {most} {'个工作日' if unit == 'workday' else '天'}（实施清单载明的上限）。"
            )
        if len(reason.strip()) < 5:
            raise Refused("请写明启动特别程序的理由（至少 5 个字），会写进告知书。")
        _begin(
            case, step, kind=kind, days=days, unit=unit, reason=reason.strip(), basis=listed.legal_basis or "",
            stops=listed.stop_clock, by=by, at=at,
        )  # fmt: skip
    return case


def _begin(
    case: Case, step: object, *, kind: str, days: int, unit: str, reason: str, basis: str, stops: bool, by: Actor,
    at: datetime, paper_number: str = "",
) -> None:  # fmt: skip
    on = local_day(at)
    if not paper_number:
        length: term_rules.Unit = "natural_day" if unit == "natural_day" else "workday"
        ends_on = term_rules.due(term_rules.Term(on, days, length), calendar_for(case.region_id)).on
        paper_number = notices.special(
            case, kind=kind, reason=reason, basis=basis, days=days, unit=unit, ends_on=ends_on, at=at
        ).number
    SpecialRun.objects.create(
        case=case, type=kind, days=days, unit=unit, reason=reason, basis=basis[:200], stops_clock=stops,
        paper_number=paper_number, started_by_id=by.account_id, started_at=at,
    )  # fmt: skip
    clocks.on_special(
        case, kind=kind, days=days, unit=unit, paper=paper_number, authority=case.org.name, stops=stops, on=on, by=by,
        at=at,
    )  # fmt: skip
    step.note = f"{kind}，{days} {'个工作日' if unit == 'workday' else '天'}：{reason}"  # type: ignore[attr-defined]
    step.facts |= {"kind": kind, "days": days, "paper": paper_number}  # type: ignore[attr-defined]


@transaction.atomic
def end_special(*, case_id: UUID, result: str, opinion: str = "", by: Actor, at: datetime) -> Case:
    """The special procedure has its result: the clock goes on from the next day."""
    if len(result.strip()) < 2:
        raise Refused("请写明特别程序的结果，例如：专家评审通过。")
    with CASE_FLOW.step("end_special", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        run = case.special_runs.filter(ended_at=None).select_for_update().first()
        assert run is not None  # the state says so
        if run.type == "听证":
            if len(opinion.strip()) < 5:
                raise Refused(
                    "请登记听证笔录的主要内容（至少 5 个字），决定应当根据听证笔录作出（行政许可法第四十八条）。"
                )
            case.hearing.minutes = opinion.strip()
            case.hearing.held_on = min(local_day(at), case.hearing.held_on or local_day(at))
            case.hearing.save(update_fields=["minutes", "held_on"])
            clocks.close_all(case, clocks.HEARING_HOLD, on=local_day(at), by=by, at=at)
        run.ended_at, run.result, run.opinion = at, result.strip()[:100], opinion.strip()
        run.clock_resumed_at = run.clock_resumed_at or at
        run.save(update_fields=["ended_at", "result", "opinion", "clock_resumed_at"])
        clocks.on_special_over(case, on=local_day(at), by=by, at=at)
        step.note = f"{run.type}：{result.strip()}"
    return case


@transaction.atomic
def resume_clock(*, case_id: UUID, at: datetime) -> Case:
    """The days told in writing are over: only they are left out of the count, so the clock goes on (行政许可法第四十五条)."""
    with CASE_FLOW.step("resume_clock", by=SYSTEM, at=at, pk=case_id) as step:
        case: Case = step.subject
        assert case.special_due_on is not None
        run = case.special_runs.filter(ended_at=None).select_for_update().get()
        until = case.special_due_on
        run.ended_at = run.clock_resumed_at = at
        run.result = "告知天数届满，结果未登记"
        run.save(update_fields=["ended_at", "clock_resumed_at", "result"])
        clocks.on_special_over(case, on=until, by=SYSTEM, at=at)
        step.note = (
            f"{run.type}告知的 {run.days} {'个工作日' if run.unit == 'workday' else '天'}已届满，自次日恢复计时"
        )
    return case
