"""Deciding: grant or refuse with reasons, make the certificate."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import fees, notices
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.certificates import api as certificates
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused, Step

from . import clocks, promising


@transaction.atomic
def approve(*, case_id: UUID, by: Actor, at: datetime, note: str = "") -> Case:
    """Grant in writing (行政许可法第三十八条第一款)."""
    with CASE_FLOW.step("approve", by=by, at=at, pk=case_id, note=note.strip()) as step:
        case: Case = step.subject
        case.decided_on_the_spot = step.source == "accepted"
        case.decided_at, case.decision_note = at, note.strip() or case.proposal.get("opinion", "")
        clocks.on_decision(case, on=local_day(at), by=by, at=at)
    notices.approval(case, by=by, at=at)
    promising.after_decision(case, granted=True, at=at)
    fees.demand_at("approve", case_id=case.pk, at=at)
    return case


@transaction.atomic
def deem_renewed(*, case_id: UUID, at: datetime) -> Case:
    """The validity ended without a word: the renewal counts as granted (行政许可法第五十条第二款)."""
    note = "有效期届满前未作出是否准予延续的决定，视为准予延续"
    with CASE_FLOW.step("deem_renewed", by=SYSTEM, at=at, pk=case_id, note=note) as step:
        case: Case = step.subject
        case.decided_at, case.decision_note = at, note
        clocks.on_decision(case, on=local_day(at), by=SYSTEM, at=at)
    notices.approval(case, by=SYSTEM, at=at)
    promising.after_decision(case, granted=True, at=at)
    return case


@transaction.atomic
def reject(*, case_id: UUID, reason: str, basis: str, by: Actor, at: datetime) -> Case:
    """Refuse in writing, with reasons and remedies (行政许可法第三十八条第二款)."""
    if len(reason.strip()) < 5:
        raise Refused("请逐项写明不予的理由（至少 5 个字）。没有理由的决定不能作出。")
    if not basis.strip():
        raise Refused("请写明不予许可所依据的法律条款。")
    with CASE_FLOW.step("reject", by=by, at=at, pk=case_id, note=reason.strip()) as step:
        case: Case = step.subject
        case.decided_on_the_spot = step.source == "accepted"
        case.decided_at, case.decision_note = at, reason.strip()
        clocks.on_decision(case, on=local_day(at), by=by, at=at)
    notices.rejection(case, reason=reason.strip(), basis=basis.strip(), by=by, at=at)
    promising.after_decision(case, granted=False, at=at)
    return case


@transaction.atomic
def issue(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Make the result: a certificate where the item produces one, paper and electronic at the same time (W13)."""
    with CASE_FLOW.step("issue", by=by, at=at, pk=case_id) as step:
        make(step, by=by, at=at)
    return step.subject  # type: ignore[no-any-return]


def make(step: Step, *, by: Actor, at: datetime) -> None:
    """The result of a case whose making is under way."""
    case: Case = step.subject
    case.issued_at = at
    if type_id := case.elements.result.ecert_type_id:
        made = certificates.issue(
            type_id=type_id,
            person=case.person if case.enterprise_id is None else None,
            enterprise=case.enterprise,
            issuer=case.org,
            values=certificate_values(case),
            subject=("cases.Case", str(case.pk)),
            by=by,
            at=at,
        )
        case.certificate_id = made.pk
        step.facts["certificate"] = made.identifier


def certificate_values(case: Case) -> dict[str, str]:
    """Field values of the certificate, by the field's Chinese name, from the form of the case."""
    values = {"姓名": case.applicant_name, "名称": case.applicant_name, "单位名称": case.applicant_name}
    if case.person_id and case.enterprise_id is None:
        values["公民身份号码"] = case.applicant_id_number
    else:
        values["统一社会信用代码"] = case.applicant_id_number
    for material in case.form_materials():
        for field in material.form_fields:
            if (value := case.form.get(field.element)) not in (None, "", []):
                values[field.name] = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return values
