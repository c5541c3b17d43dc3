"""Steps that demonstration cases share: fill in, pay, lay the opinion before the second person."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.utils import timezone

from siban.catalog.api import filled_form
from siban.certificates import api as certificates
from siban.kernel import clock, files, papers
from siban.kernel.actor import Actor

from . import actions, fees, forms
from .models import Case, CaseMaterial
from .models_fees import PaymentOrder

DRAW = "cases/sample.typ"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day, never later than now."""
    then = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    return min(then, clock.now())


def pay(case: Case, *, reviewer: Actor, counter: Actor, at: datetime) -> None:
    """The fee of an item that charges, assessed by the office and paid in cash at the counter."""
    order = PaymentOrder.objects.filter(case=case).first()
    if order is None:
        return
    if order.state == "assessing":
        order = fees.assess(order_id=order.pk, amount=2000, reckoning="首次申领，每证 20 元", by=reviewer, at=at)
    fees.receive(
        order_id=order.pk,
        channel="cash",
        trade_no=f"YS{case.number}",
        amount=order.amount,
        by=counter,
        paid_at=at,
        at=at,
    )


def propose(case: Case, outcome: str, opinion: str, *, by: Actor, second: Actor, at: datetime) -> None:
    """Every level of review, then the opinion laid before the person who decides."""
    for nth in range(len(case.levels) - 1):
        actions.pass_level(case_id=case.pk, opinion="符合条件，报下一级审查。", by=second if nth % 2 else by, at=at)
    last = second if len(case.levels) % 2 == 0 else by
    actions.propose(case_id=case.pk, outcome=outcome, opinion=opinion, basis="食品安全法第三十三条", by=last, at=at)


def fill(case: Case, *, by: Actor, at: datetime, but: Collection[str] = ()) -> None:
    """Answer the situation, the form and the materials: certificates where held, demonstration sheets elsewhere."""
    while case.open_question() is not None:
        tree = case.elements.situations
        assert tree is not None
        question = next(q for q in tree.questions if q.id not in case.answers)
        case = actions.answer(case_id=case.pk, answers={question.id: question.options[0].id}, by=by, at=at)
    today = clock.local_day(at)
    case = actions.save_form(case_id=case.pk, values=demo_form(case, today=today), by=by, at=at)
    own_forms = {m.id for m in case.form_materials()}
    for material in case.wanted():
        if material.necessity == "optional" or material.id in own_forms or material.id in but:
            continue
        held = []
        if material.ecert_type_id:
            held = certificates.held_by(
                person_id=case.person_id, enterprise_id=case.enterprise_id, type_ids=[material.ecert_type_id], on=today
            )
        if held:
            actions.use_certificate(
                case_id=case.pk, material_id=material.id, certificate_id=held[0].pk, consent=True, by=by, at=at
            )
        elif by.is_staff:
            actions.note_paper(case_id=case.pk, material_id=material.id, by=by, at=at)
        else:
            sheet = papers.draw(DRAW, {"name": material.name, "holder": case.applicant_name})
            stored = files.keep(
                sheet,
                name=f"{material.name[:60]}.pdf",
                at=at,
                owner_id=by.id,
                subject=("cases.Case", str(case.pk)),
                media_type="application/pdf",
            )
            CaseMaterial.objects.create(
                case=case,
                material_id=material.id,
                name=material.name,
                source=CaseMaterial.Source.UPLOAD,
                file=stored,
                added_at=at,
            )


def demo_form(case: Case, *, today: date) -> dict[str, object]:
    """A form filled with what is known of the applicant and invented answers elsewhere."""
    known: dict[str, object] = {
        "applicant_name": case.applicant_name, "applicant_id_no": case.applicant_id_number, "applicant_id_type": "111",
        "mobile_phone": case.mobile or "13800000001", "applicant_signature": case.applicant_name,
        "application_date": today.isoformat(), "residence_address": "巴彦托海镇示例街 1 号",
    }  # fmt: skip
    if case.enterprise is not None:
        known |= {"org_name": case.enterprise.name, "uscc": case.enterprise.uscc}
        person = case.enterprise.legal_representative
        if person:
            known |= {
                "applicant_name": person.name,
                "applicant_id_no": person.id_number,
                "legal_rep_name": person.name,
                "applicant_signature": person.name,
            }
    specs = forms.fields_of(case)
    values = filled_form(
        specs, today=today, known={k: v for k, v in known.items() if any(s.element == k for s in specs)}
    )
    return dict(values)
