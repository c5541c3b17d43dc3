"""Which step tells whom, with what words; every step has its notice or a reason for none."""

from datetime import timedelta
from typing import Any

import pytest

from siban.cases import actions, messages
from siban.cases.flow import CASE_FLOW
from siban.cases.messages import Notice
from siban.cases.models import Case
from siban.exchange.api import Message
from siban.identity import api as identity
from siban.kernel import journal
from siban.kernel.actor import SYSTEM

from .cast import FOR_FIRMS, MONDAY, Cast, draft, filled, in_state

LONG_AFTER = MONDAY + timedelta(days=400)


def hand_out() -> None:
    while journal.deliver(at=LONG_AFTER):
        pass


@pytest.mark.parametrize("move", sorted(CASE_FLOW.moves))
def test_every_step_is_told_or_silent_for_a_reason(move: str) -> None:
    assert (move in messages.BY_MOVE) != (move in messages.SILENT)
    if move in messages.SILENT:
        assert len(messages.SILENT[move]) > 5


@pytest.mark.parametrize("notice", messages.NOTICES, ids=lambda n: n.kind)
def test_what_binds_the_applicant_has_a_paper_and_is_statutory(notice: Notice) -> None:
    """A notice to the applicant of a step for which the law wants a written paper cannot be waved away."""
    paper = CASE_FLOW.moves[notice.move].paper
    if notice.to == "applicant" and paper and paper != "receipt":
        assert notice.is_statutory


def test_a_move_the_procedure_lacks_or_a_fact_nobody_knows_does_not_import() -> None:
    with pytest.raises(ValueError, match="no move"):
        Notice("fly", "applicant", "x", ("y",))
    with pytest.raises(ValueError, match="not known"):
        Notice("accept", "applicant", "x", ("{nonsense}",))


def test_a_sentence_is_left_out_when_what_it_names_is_not_known() -> None:
    facts = messages.Facts(title="演示事项", number="1", office="演示局")
    for notice in messages.NOTICES:
        title, body = notice.words(facts)
        assert title
        assert body.endswith("。")
        for bad in ("{", "}", "None", "（）", "在前", "拨打 （"):
            assert bad not in title + body, notice.kind


ONCE = {
    "submitted": ["submit"], "correcting": ["request_correction", "submit"], "accepted": ["accept", "submit"],
    "not_accepted": ["refuse_acceptance", "submit"], "approved": ["accept", "approve", "submit"],
    "rejected": ["accept", "reject", "submit"], "issued": ["accept", "approve", "issue", "submit"],
    "closed": ["accept", "approve", "deliver", "issue", "submit"], "draft": [], "withdrawn": [],
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(ONCE))
def test_the_applicant_is_told_of_each_step_once(cast: Cast, state: str) -> None:
    case = in_state(cast, state)
    hand_out()
    told = Message.objects.filter(subject_id=str(case.pk), person=cast.persons["citizen"])
    assert sorted(m.kind.split(".")[1] for m in told) == ONCE[state]
    assert not Message.objects.exclude(person=cast.persons["citizen"]).filter(person__isnull=False).exists()
    for m in told:
        assert m.link == f"/my/cases/{case.number}/"
        assert "{" not in m.body
        assert case.applicant_id_number not in m.body
        assert case.applicant_name not in m.body + m.title


def test_the_same_step_heard_twice_is_told_once(cast: Cast) -> None:
    from siban.cases import handlers
    from siban.kernel.journal.outbox import _event

    case = in_state(cast, "accepted")
    hand_out()
    before = Message.objects.count()
    for entry in journal.timeline(case):
        if entry.move in messages.BY_MOVE:
            handlers.tell_people(_event(entry))
    assert Message.objects.count() == before


def test_what_is_done_on_the_spot_is_told_with_its_end_only(cast: Cast, settings: Any) -> None:
    case = filled(cast)
    at = MONDAY + timedelta(hours=1)
    actions.submit(case_id=case.pk, by=cast.citizen, at=at)
    actions.accept(case_id=case.pk, by=cast.clerk, at=at)
    actions.start_review(case_id=case.pk, by=cast.reviewer, at=at)
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=at)
    actions.propose(case_id=case.pk, outcome="approve", opinion="材料齐全", by=cast.reviewer, at=at)
    actions.approve(case_id=case.pk, by=cast.head, at=at)
    hand_out()
    assert [m.kind for m in Message.objects.filter(subject_id=str(case.pk))] == ["case.approve.applicant"]


def test_a_correction_says_what_and_until_when_and_whom_to_call(cast: Cast) -> None:
    case = in_state(cast, "correcting")
    hand_out()
    said = Message.objects.get(kind="case.request_correction.applicant").body
    until = case.correction_due_on
    assert until is not None
    for word in ("居民户口簿：第二页看不清", f"{until.month}月{until.day}日", case.title, case.org.name):
        assert word in said


def test_a_withdrawal_tells_the_office_without_the_applicants_name(cast: Cast) -> None:
    case = in_state(cast, "in_review")
    actions.withdraw(case_id=case.pk, by=cast.citizen, at=MONDAY + timedelta(days=1))
    hand_out()
    office = Message.objects.get(kind="case.withdraw.reviewers")
    assert (office.role, office.org_id) == ("approver", case.org_id)
    assert office.link == f"/desk/cases/{case.number}/"
    assert case.applicant_name not in office.body + office.title
    assert not office.deliveries.exists()


def test_five_silent_days_are_told_to_the_head_as_urgent(cast: Cast) -> None:
    case = in_state(cast, "submitted")
    actions.deem_accepted(case_id=case.pk, at=MONDAY + timedelta(days=20))
    hand_out()
    told = Message.objects.filter(kind__startswith="case.deem_accepted.", is_urgent=True)
    assert sorted(m.role for m in told) == ["approver", "unit_head"]


def firm_case(cast: Cast, person: Any) -> Case:
    case = draft(cast, FOR_FIRMS)
    Case.objects.filter(pk=case.pk).update(enterprise=cast.firm, person=person)
    return Case.objects.get(pk=case.pk)


def told(case: Case) -> set[Any]:
    return {r.person_id for r in messages.applicants(case)}


@pytest.fixture
def firm_cast(db: Any) -> Cast:
    from .cast import cast as made

    return made(FOR_FIRMS)


def test_of_an_enterprise_those_are_told_who_acted_and_still_belong_to_it(firm_cast: Cast) -> None:
    cast, people = firm_cast, firm_cast.persons
    member = identity.EnterpriseMember.objects.create(enterprise=cast.firm, person=people["agent"], capacity="handler")
    case = firm_case(cast, people["citizen"])
    assert told(case) == {people["citizen"].pk}
    journal_as = {"subject": case, "move": "save_form", "at": MONDAY, "law": "平台办件规则"}
    journal.write(by=cast.actors["agent"], **journal_as)
    journal.write(by=cast.actors["stranger"], **journal_as)  # acted once, does not belong to the enterprise
    assert told(case) == {people["citizen"].pk, people["agent"].pk}
    member.delete()
    assert told(case) == {people["citizen"].pk}


def test_an_enterprise_that_came_without_a_person_is_told_through_its_members(firm_cast: Cast) -> None:
    case = draft(firm_cast, FOR_FIRMS, by=firm_cast.clerk)
    Case.objects.filter(pk=case.pk).update(enterprise=firm_cast.firm, person=None)
    journal.write(subject=case, by=SYSTEM, move="note", at=MONDAY, law="平台办件规则")
    assert told(Case.objects.get(pk=case.pk)) == {firm_cast.persons["citizen"].pk}


def test_who_acted_for_a_person_without_an_entrustment_in_force_is_not_told(cast: Cast) -> None:
    case = in_state(cast, "submitted")
    journal.write(subject=case, by=cast.actors["agent"], move="save_form", at=MONDAY, law="平台办件规则")
    assert told(case) == {cast.persons["citizen"].pk}
