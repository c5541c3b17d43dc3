"""Reviewing: level by level, with findings, until one person's opinion lies before another who decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import guards_counter, notices_review
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

OUTCOMES = {"approve": "拟准予", "reject": "拟不予许可（办理）"}


def start_review(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Take the case up for review; who does so handles it from now on (行政许可法第三十四条)."""
    with CASE_FLOW.step("start_review", by=by, at=at, pk=case_id) as step:
        step.subject.handler_id = by.account_id
    return step.subject  # type: ignore[no-any-return]


def pass_level(*, case_id: UUID, opinion: str, by: Actor, at: datetime) -> Case:
    """This level finds nothing against it and hands on to the next. Raises Refused: no opinion, own hand, last level."""
    if len(opinion.strip()) < 2:
        raise Refused("请写明本级审查意见，例如：材料齐全，符合条件，报下一级审查。")
    with CASE_FLOW.step("pass_level", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        step.note = f"{case.levels[case.review_level].name}：{opinion.strip()}"
        case.review_level += 1
        case.passed_by_id = by.account_id
    return case


@transaction.atomic
def propose(*, case_id: UUID, outcome: str, opinion: str, basis: str = "", by: Actor, at: datetime) -> Case:
    """Lay a draft decision before the person who decides; the decider is free to decide otherwise, with reasons.

    Args:
        outcome: `approve` or `reject`.
        opinion: what the review found; for a refusal the reasons, one a line.
        basis: articles a refusal rests on.

    Raises:
        Refused: no opinion, a refusal without basis, materials missing for a grant.
    """
    if outcome not in OUTCOMES:
        raise Refused("请选择拟办结论：准予，或者不予。")
    if len(opinion.strip()) < 2:
        raise Refused("请写明审查意见：逐项审查了什么、结论是什么。")
    if outcome == "reject" and not basis.strip():
        raise Refused("拟不予许可的，请写明依据的法律条款。")
    with CASE_FLOW.step("propose", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if outcome == "approve" and (missing := case.missing_materials()):
            raise Refused(f"还缺材料：{'、'.join(missing)}，不能拟准予。")
        if outcome == "approve" and (why := guards_counter.points_hold(case, at)):
            raise Refused(why)
        case.proposed_by_id = by.account_id
        case.proposal = {
            "outcome": outcome, "opinion": opinion.strip(), "basis": basis.strip(), "by": by.name, "at": at.isoformat(),
        }  # fmt: skip
        step.note = f"{OUTCOMES[outcome]}：{opinion.strip()}"
        notices_review.opinion(case, outcome=OUTCOMES[outcome], opinion=opinion, basis=basis, by=by, at=at)
    return case


def return_proposal(*, case_id: UUID, reason: str, by: Actor, at: datetime) -> Case:
    """Send the draft back for another look, with what is wanting."""
    if len(reason.strip()) < 5:
        raise Refused("请写明退回的理由（至少 5 个字），审查人据此重新审查。")
    with CASE_FLOW.step("return_proposal", by=by, at=at, pk=case_id, note=reason.strip()) as step:
        step.subject.proposal, step.subject.proposed_by_id = {}, None
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def correct_on_the_spot(*, case_id: UUID, element: str, value: str, by: Actor, at: datetime) -> Case:
    """The applicant stands at the counter and puts a slip right (行政许可法第三十二条第一款第三项).

    Raises:
        Refused: no such field, or the new value is not one the field takes.
    """
    from siban.cases.forms import fields_of
    from siban.kernel.clock import local_day

    with CASE_FLOW.step("correct_on_the_spot", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        spec = next((s for s in fields_of(case) if s.element == element), None)
        if spec is None or spec.type in ("table", "commitment", "consent", "signature", "date_range", "multi_enum"):
            raise Refused("请选择要更正的一项；签名、承诺和表格不能代为更正，请用一次性告知补正。")
        said: object = value.strip()
        if spec.type == "boolean":
            said = value.strip() in ("是", "true", "1")
        elif spec.options:
            said = next((code for code, label in spec.options if value.strip() in (code, label)), value.strip())
        if why := spec.check(said, values={**case.form, element: said}, today=local_day(at)):
            raise Refused(why)
        case.form = {**case.form, element: said}
        step.note = f"申请人当场更正“{spec.name}”"
        step.facts["element"] = element
    return case
