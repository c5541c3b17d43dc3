"""免申即享: found in the data, confirmed by the person, shown in public, granted once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from siban.cases import notices
from siban.cases.benefits import CANDIDATE_FLOW, LAW, PLAN_FLOW, PUBLIC_DAYS, office, table
from siban.cases.models import BenefitCandidate, BenefitPlan
from siban.catalog.api import ImplementationItem, known_of_many
from siban.exchange import api as exchange
from siban.identity.api import Person
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.codes.region import prefix
from siban.kernel.conditions import ConditionError, decide
from siban.kernel.flow import Refused

CHUNK = 1000


def write_plan(
    *, item_id: UUID, name: str, gives: str, basis: str, condition: str, exclusive: str, valid_to: date, by: Actor,
    at: datetime,
) -> BenefitPlan:  # fmt: skip
    """A policy to be signed. Raises Refused: not one's department's item, something not written, a condition that can't be read."""
    item = ImplementationItem.objects.filter(pk=item_id).first()
    if item is None or not by.has_role("approver", "chief_rep", "unit_head") or item.org_id != by.org_id:
        raise Refused("请选择本单位的事项。")
    for said, label in ((name, "政策名称"), (gives, "给什么"), (basis, "依据")):
        if len(said.strip()) < 2:
            raise Refused(f"请填写{label}。")
    if valid_to <= local_day(at):
        raise Refused("政策的最后一天应晚于今天。")
    try:
        table(name, condition)
    except ConditionError as why:
        raise Refused(str(why)) from None
    plan = BenefitPlan(
        item=item, org_id=item.org_id, name=name.strip()[:100], gives=gives.strip()[:200], basis=basis.strip()[:200],
        condition=condition.strip()[:500], exclusive=exclusive.strip()[:50], valid_to=valid_to, created_at=at,
    )  # fmt: skip
    return PLAN_FLOW.begin(plan, by=by, at=at, law=LAW)  # type: ignore[no-any-return]


def open_plan(*, plan_id: UUID, by: Actor, at: datetime) -> BenefitPlan:
    """The head of the department signs it."""
    with PLAN_FLOW.step("open_plan", by=by, at=at, pk=_seen(plan_id, by)) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def close_plan(*, plan_id: UUID, by: Actor, at: datetime) -> BenefitPlan:
    """No new candidates any more."""
    with PLAN_FLOW.step("close_plan", by=by, at=at, pk=_seen(plan_id, by)) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def _seen(plan_id: UUID, by: Actor) -> UUID:
    return BenefitPlan.objects.visible_to(by).values_list("pk", flat=True).get(pk=plan_id)


def find_candidates(*, plan_id: UUID, by: Actor, at: datetime) -> int:
    """Look for those the policy is for, in the registers; each is told once. Who enjoys it already is left out.

    The look into personal data is journalled with its purpose and count.
    """
    plan = BenefitPlan.objects.visible_to(by).select_related("item", "org").get(pk=plan_id)
    if plan.state != "open" or not office(by, plan):
        raise Refused("政策签署以后，由实施部门查找符合条件的人。")
    rules, on = table(plan.name, plan.condition), local_day(at)
    if on > plan.valid_to:
        raise Refused(f"政策已于 {plan.valid_to} 到期。")
    known = set(plan.candidates.order_by("pk").values_list("person_id", flat=True))
    people = Person.objects.filter(region_id__startswith=prefix(plan.item.region_id)).order_by("pk")
    looked_at = found = 0
    chunk: list[Person] = []
    for person in people.iterator(chunk_size=CHUNK):
        looked_at += 1
        if person.pk not in known:
            chunk.append(person)
        if len(chunk) == CHUNK:
            found += _list(plan, rules, chunk, on=on, by=by, at=at)
            chunk = []
    found += _list(plan, rules, chunk, on=on, by=by, at=at)
    with transaction.atomic():
        BenefitPlan.objects.filter(pk=plan.pk).update(found_at=at)
        journal.write(
            subject=plan, move="find_candidates", by=by, at=at, law=LAW,
            note=f"比对 {looked_at} 人，新增 {found} 人", facts={"inputs": list(rules.inputs)},
        )  # fmt: skip
    return found


@transaction.atomic
def _list(plan: BenefitPlan, rules: object, people: Sequence[Person], *, on: date, by: Actor, at: datetime) -> int:
    """Those of a chunk the condition holds for; what is not known of somebody never counts for them."""
    from siban.kernel.conditions import Table

    assert isinstance(rules, Table)
    made = 0
    said = known_of_many(people, names=list(rules.inputs), region=plan.item.region_id, on=on)
    for person in people:
        inputs = said[person.pk]
        if set(rules.inputs) - set(inputs) or not decide(rules, inputs).outputs["is_for"]:
            continue
        candidate = BenefitCandidate(plan=plan, person=person, org_id=plan.org_id, inputs=inputs, found_at=at)
        if candidate.double():
            continue
        CANDIDATE_FLOW.begin(candidate, by=by, at=at, move="list", law=LAW)
        _tell(
            candidate,
            "listed",
            "有一项政策您可以直接享受",
            f"“{plan.name}”：{plan.gives}。不用申请，确认后公示，公示期满兑现。请在 {plan.valid_to} 前确认；不想享受的也请告诉我们。",
            at=at,
        )
        made += 1
    return made


def _tell(candidate: BenefitCandidate, kind: str, title: str, body: str, *, at: datetime) -> None:
    exchange.tell(
        to=[exchange.to_person(candidate.person_id)], event=f"benefit:{candidate.pk}", kind=f"benefit.{kind}", title=title,
        body=body, link=reverse("my-benefits"), subject=("cases.BenefitCandidate", str(candidate.pk)),
        region_code=candidate.plan.item.region_id, by=SYSTEM, at=at, law=LAW,
    )  # fmt: skip


def confirm(*, candidate_id: UUID, by: Actor, at: datetime) -> BenefitCandidate:
    """The person wants it."""
    with CANDIDATE_FLOW.step("confirm", by=by, at=at, pk=candidate_id, person_id=by.person_id) as step:
        step.subject.confirmed_at = at
    return step.subject  # type: ignore[no-any-return]


def decline(*, candidate_id: UUID, by: Actor, at: datetime) -> BenefitCandidate:
    """The person does not want it; nobody asks again."""
    with CANDIDATE_FLOW.step("decline", by=by, at=at, pk=candidate_id, person_id=by.person_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def publish(*, plan_id: UUID, by: Actor, at: datetime) -> int:
    """Put everyone who confirmed on the public list, names masked. Returns how many."""
    plan = BenefitPlan.objects.visible_to(by).select_related("item").get(pk=plan_id)
    until, done = calendar_for(plan.item.region_id).add_workdays(local_day(at), PUBLIC_DAYS), 0
    for pk in plan.candidates.filter(state="confirmed").order_by("confirmed_at", "id").values_list("pk", flat=True):
        with CANDIDATE_FLOW.step("publish", by=by, at=at, pk=pk) as step:
            step.subject.public_until = until
        done += 1
    return done


def grant_due(*, plan_id: UUID, by: Actor, at: datetime) -> tuple[int, list[str]]:
    """Grant to everyone whose time in public is over. Returns how many, and why the others were not."""
    plan = BenefitPlan.objects.visible_to(by).select_related("item", "org").get(pk=plan_id)
    done, refused = 0, []
    for pk in (
        plan.candidates.filter(state="published", public_until__lt=local_day(at))
        .order_by("found_at", "id")
        .values_list("pk", flat=True)
    ):
        try:
            with transaction.atomic(), CANDIDATE_FLOW.step("grant", by=by, at=at, pk=pk) as step:
                step.subject.granted_at = at
                notices.benefit(step.subject, plan, by=by, at=at)
                _tell(step.subject, "granted", "政策已经兑现", f"“{plan.name}”：{plan.gives}，已经为您兑现。", at=at)
            done += 1
        except Refused as why:
            refused.append(str(why))
    return done, refused


def bar(*, candidate_id: UUID, reason: str, by: Actor, at: datetime) -> BenefitCandidate:
    """Not granted, with the reason: an objection was right, or the data was wrong."""
    if len(reason.strip()) < 5:
        raise Refused("请写明不予兑现的理由（至少 5 个字），会告知本人。")
    with CANDIDATE_FLOW.step("bar", by=by, at=at, pk=candidate_id, org_id=by.org_id, note=reason.strip()) as step:
        step.subject.note = reason.strip()[:200]
    _tell(
        step.subject,
        "barred",
        "这项政策没有兑现",
        f"“{step.subject.plan.name}”没有为您兑现：{reason.strip()}。有异议可以联系实施部门或者拨打 12345。",
        at=at,
    )
    return step.subject  # type: ignore[no-any-return]


def lapse_due(*, at: datetime) -> int:
    """Candidates of policies that ended without a word from them."""
    over = BenefitCandidate.objects.filter(state="listed", plan__valid_to__lt=local_day(at)).order_by("found_at", "id")
    done = 0
    for pk in over.values_list("pk", flat=True)[:500]:
        with CANDIDATE_FLOW.step("lapse", by=SYSTEM, at=at, pk=pk):
            done += 1
    return done
