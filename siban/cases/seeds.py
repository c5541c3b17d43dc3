"""Demonstration cases in every stage, made through actions on past working days, so that they are lawful."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from siban.catalog.api import ImplementationItem, filled_form
from siban.certificates import api as certificates
from siban.identity import api as identity
from siban.kernel import clock, files, papers
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for

from . import actions, fees, forms
from .models import Case, CaseMaterial
from .models_fees import PaymentOrder

DRAW = "cases/sample.typ"


@dataclass(frozen=True, slots=True)
class Story:
    """One demonstration case: which item, whose, where it was received, how far it got, how many working days ago."""

    item: str
    who: str
    until: str
    days_ago: int
    at_counter: bool = False


STORIES = (
    Story("public_security.id_card_apply", "citizen", "close", 40),
    Story("market_regulation.food_business", "firm", "close", 30),
    Story("human_resources_social_security.social_card", "citizen", "close", 12, at_counter=True),
    Story("civil_affairs.minimum_living", "elder", "in_review", 16),
    Story("civil_affairs.temporary_assistance", "stranger", "accepted", 2),
    Story("civil_affairs.elderly_allowance", "elder", "submitted", 1),
    Story("market_regulation.drug_retail", "firm", "correcting", 3),
    Story("market_regulation.food_workshop", "firm", "rejected", 20),
    Story("market_regulation.food_business", "firm", "in_review", 5),
    Story("forestry_grassland.tree_cutting", "citizen", "submitted", 0),
    Story("civil_affairs.disabled_two_allowances", "stranger", "withdrawn", 6),
    Story("housing_construction.public_rental", "citizen", "draft", 1),
)


def build(
    *,
    staff: Callable[[str, str], Actor],
    person: Callable[[str], identity.Person],
    firm: identity.Enterprise,
    today: date,
) -> int:
    """Make the stories that are not there yet. Returns how many were made.

    Args:
        staff: (role, organisation code) → the actor who does the office's part.
        person: part of the cast → the person.
    """
    made = 0
    calendar = calendar_for("000000000000")
    for n, story in enumerate(STORIES):
        item = (
            ImplementationItem.objects.filter(slug=story.item, version__isnull=False)
            .select_related("version", "org")
            .first()
        )
        if item is None or Case.objects.filter(item=item, window_id=f"demo-{n}").exists():
            continue
        day = today
        for _ in range(story.days_ago):
            day -= timedelta(days=1)
            while not calendar.is_workday(day):
                day -= timedelta(days=1)
        _tell(story, n, item, day, staff, person, firm)
        made += 1
    return made


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    return min(moment, clock.now())


def _tell(
    story: Story, n: int, item: ImplementationItem, day: date, staff: Callable[[str, str], Actor],
    person: Callable[[str], identity.Person], firm: identity.Enterprise,
) -> None:  # fmt: skip
    who = person("citizen" if story.who == "firm" else story.who)
    enterprise = firm if story.who == "firm" else None
    citizen = Actor(kind="citizen", name=who.name, person_id=who.pk, assurance=3, role="applicant")
    counter, reviewer = staff("window_clerk", "gov_service").through("window"), staff("approver", item.org.code)
    head = staff("unit_head", item.org.code)
    by = counter if story.at_counter else citizen
    at = _at(day, 9, n)
    case = actions.start(item=item, by=by, at=at, person=who, enterprise=enterprise, window_id=f"demo-{n}")
    _fill(case, by=by, at=at)
    if story.until == "draft":
        return
    case = actions.submit(case_id=case.pk, by=by, at=at)
    steps = _steps(story.until, already=case.state)
    for k, step in enumerate(steps):
        moment = at + timedelta(minutes=20 * (k + 1))
        moment = min(moment, clock.now())
        match step:
            case "accept":
                actions.accept(case_id=case.pk, by=counter, at=moment)
            case "correct":
                asked = case.elements.materials[0]
                points = [{"material_id": asked.id, "name": asked.name, "what": "缺少签名和日期，请补签后重新上传。"}]
                actions.request_correction(case_id=case.pk, points=points, by=counter, at=moment)
            case "withdraw":
                actions.withdraw(case_id=case.pk, reason="家庭情况有变化", by=citizen, at=moment)
            case "review":
                actions.start_review(case_id=case.pk, by=reviewer, at=moment)
                if story.until != "in_review":
                    actions.pass_unseen(case_id=case.pk, by=reviewer, at=moment)
            case "approve":
                if case.is_four_eyes:
                    _propose(case, "approve", "材料齐全，符合条件。", by=reviewer, second=head, at=moment)
                actions.approve(case_id=case.pk, by=head if case.is_four_eyes else reviewer, at=moment, note="同意。")
            case "reject":
                reason = "经营场所与有毒、有害场所的距离不符合规定。\n操作间没有防蝇防尘设施。"
                if case.is_four_eyes:
                    _propose(case, "reject", reason, by=reviewer, second=head, at=moment)
                actions.reject(case_id=case.pk, reason=reason, basis="食品安全法第三十三条", by=head, at=moment)
            case "issue":
                _pay(case, reviewer=reviewer, counter=counter, at=moment)
                actions.issue(case_id=case.pk, by=reviewer, at=moment)
            case "deliver":
                actions.deliver(case_id=case.pk, by=counter, at=moment)


def _pay(case: Case, *, reviewer: Actor, counter: Actor, at: datetime) -> None:
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


def _propose(case: Case, outcome: str, opinion: str, *, by: Actor, second: Actor, at: datetime) -> None:
    """Every level of review, then the opinion laid before the person who decides."""
    for nth in range(len(case.levels) - 1):
        actions.pass_level(case_id=case.pk, opinion="符合条件，报下一级审查。", by=second if nth % 2 else by, at=at)
    last = second if len(case.levels) % 2 == 0 else by
    actions.propose(case_id=case.pk, outcome=outcome, opinion=opinion, basis="食品安全法第三十三条", by=last, at=at)


def _steps(until: str, *, already: str) -> list[str]:
    whole = ["accept", "review", "approve", "issue", "deliver"]
    plan = {
        "submitted": [], "correcting": ["correct"], "withdrawn": ["withdraw"], "accepted": whole[:1],
        "in_review": whole[:2], "rejected": ["accept", "review", "reject"], "close": whole,
    }[until]  # fmt: skip
    return plan[1:] if already == "accepted" and plan and plan[0] == "accept" else plan


def _fill(case: Case, *, by: Actor, at: datetime) -> None:
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
        if material.necessity == "optional" or material.id in own_forms:
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
