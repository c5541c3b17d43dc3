"""现场核查: two persons go, look, and write down what they found (行政许可法第三十四条第三款)."""

import re
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.cases import notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, Inspection
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused


@transaction.atomic
def assign_inspection(*, case_id: UUID, inspectors: str, place: str, visit_on: date, by: Actor, at: datetime) -> Case:
    """Send inspectors: two or more, to a place, on a day.

    Args:
        inspectors: names with card numbers, separated by `、`, commas or line breaks.

    Raises:
        Refused: fewer than two different persons, no place, a day before today.
    """
    names = list(dict.fromkeys(filter(None, (n.strip() for n in re.split(r"[、,，;；\n]+", inspectors)))))
    if len(names) < rules.INSPECTORS:
        raise Refused("现场核查要指派两名以上工作人员，请写出至少两个不同的人，用顿号分开。")
    if len(place.strip()) < 4:
        raise Refused("请写明核查地点（街道、门牌或者嘎查）。")
    if visit_on < local_day(at):
        raise Refused(f"核查日期 {visit_on} 已经过去，请改为今天或者以后的日期。")
    with CASE_FLOW.step("assign_inspection", by=by, at=at, pk=case_id) as step:
        visit = Inspection.objects.create(
            case=step.subject, inspectors=names, place=place.strip(), visit_on=visit_on, assigned_at=at
        )
        step.note = f"{visit_on.year}年{visit_on.month}月{visit_on.day}日到{place.strip()}，{'、'.join(names)}"
    notices.inspection(step.subject, visit, at=at)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def record_inspection(
    *, case_id: UUID, findings: str, conclusion: str, present: str = "", by: Actor, at: datetime
) -> Case:
    """Write down what was found on the spot and what follows from it.

    Raises:
        Refused: nobody was sent, no findings, an unknown conclusion, a visit that lies in the future.
    """
    if conclusion not in Inspection.Conclusion.values:
        raise Refused("请选择核查结论：符合、不符合，或者整改后复查。")
    if len(findings.strip()) < 5:
        raise Refused("请写明现场看到的情况（至少 5 个字）。")
    with CASE_FLOW.step("record_inspection", by=by, at=at, pk=case_id) as step:
        visit = step.subject.inspections.select_for_update().get(recorded_at=None)
        if visit.visit_on > local_day(at):
            raise Refused(f"核查定在 {visit.visit_on}，还没有到，不能登记结论。")
        visit.findings, visit.conclusion, visit.present = findings.strip(), conclusion, present.strip()
        visit.recorded_at = at
        visit.save(update_fields=["findings", "conclusion", "present", "recorded_at"])
        step.note = f"{visit.get_conclusion_display()}：{findings.strip()}"
    notices.inspection(step.subject, visit, at=at)
    return step.subject  # type: ignore[no-any-return]
