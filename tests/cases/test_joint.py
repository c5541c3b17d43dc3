"""共同申请人: nobody applies together without having agreed; nobody takes it back alone; a stranger learns nothing."""

import pytest
from django.urls import reverse

from siban.cases import actions, messages
from siban.cases.actions import joining
from siban.cases.models import Case
from siban.cases.models_joint import CoApplicant
from siban.exchange.models import Message
from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.kernel.papers import papers_of

from . import cast as standing

pytestmark = pytest.mark.django_db
AT = standing.MONDAY


@pytest.fixture
def draft(cast):
    return standing.filled(cast, at=AT)


def ask(cast, case, who="stranger", by="citizen", **more):
    return joining.add_co_applicant(case_id=case.pk, person=cast.persons[who], by=cast.actors[by], at=AT, **more)


def handed_in(cast, case):
    row = ask(cast, case)
    joining.answer_co_application(row_id=row.pk, agrees=True, by=cast.stranger, at=AT)
    actions.submit(case_id=case.pk, by=cast.citizen, at=AT)
    while journal.deliver(at=AT):
        pass
    return Case.objects.get(pk=case.pk), CoApplicant.objects.get(pk=row.pk)


def test_it_is_handed_in_only_when_everybody_agreed(cast, draft):
    row = ask(cast, draft)
    assert Message.objects.filter(person=cast.persons["stranger"], kind="case.joint").exists()
    with pytest.raises(Refused, match="演示乙还没有同意"):
        actions.submit(case_id=draft.pk, by=cast.citizen, at=AT)
    joining.answer_co_application(row_id=row.pk, agrees=True, by=cast.stranger, at=AT)
    assert actions.submit(case_id=draft.pk, by=cast.citizen, at=AT).state in ("submitted", "accepted")


def test_who_refused_keeps_nobody_from_applying_alone(cast, draft):
    row = ask(cast, draft)
    joining.answer_co_application(row_id=row.pk, agrees=False, by=cast.stranger, at=AT)
    actions.submit(case_id=draft.pk, by=cast.citizen, at=AT)
    assert not Case.objects.visible_to(cast.stranger).filter(pk=draft.pk).exists()


def test_a_co_applicant_sees_the_case_is_named_and_told_but_changes_nothing(cast, draft):
    case, _ = handed_in(cast, draft)
    assert Case.objects.visible_to(cast.stranger).get() == case
    receipt = papers_of(("cases.Case", str(case.pk))).get(kind="receipt")
    assert "演示甲、演示乙" in str(receipt.content)
    assert len(messages.applicants(case)) == 2
    page = standing.client_of(cast, "stranger").get(reverse("my-case", args=[case.number]))
    assert page.status_code == 200
    assert case.applicant_id_number not in page.content.decode()
    assert case.mobile not in page.content.decode()
    file = case.papers_in[0].file_id
    for who, status in (("citizen", 200), ("stranger", 404)):
        answer = standing.client_of(cast, who).get(reverse("case-file", args=[case.number, file]))
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content)
    with pytest.raises(Refused):
        actions.withdraw(case_id=case.pk, by=cast.stranger, at=AT)


def test_nobody_takes_it_back_alone(cast, draft):
    case, row = handed_in(cast, draft)
    with pytest.raises(Refused, match="还没有同意撤回"):
        actions.withdraw(case_id=case.pk, by=cast.citizen, at=AT)
    joining.agree_to_withdraw(row_id=row.pk, by=cast.stranger, at=AT)
    assert actions.withdraw(case_id=case.pk, by=cast.citizen, at=AT).state == "withdrawn"


@pytest.mark.parametrize(("who", "by", "why"), [
    ("citizen", "citizen", "不用再加"), ("agent", "stranger", "不能在这个申请里"), ("agent", "reviewer", "不能在这个申请里"),
])  # fmt: skip
def test_who_may_be_added_and_by_whom(cast, draft, who, by, why):
    with pytest.raises(Refused, match=why):
        ask(cast, draft, who, by)


def test_twice_too_many_and_after_the_hand_in_are_refused(cast, draft):
    ask(cast, draft)
    with pytest.raises(Refused, match="已经在这个申请里"):
        ask(cast, draft)
    row = CoApplicant.objects.get()
    joining.remove_co_applicant(row_id=row.pk, by=cast.citizen, at=AT)
    ask(cast, draft)
    CoApplicant.objects.filter(state="asked").delete()
    actions.submit(case_id=draft.pk, by=cast.citizen, at=AT)
    with pytest.raises(Refused, match="已经提交"):
        ask(cast, draft, "agent")


@pytest.mark.parametrize("who", ["citizen", "agent", "reviewer", "clerk"])
def test_only_the_person_asked_answers(cast, draft, who):
    row = ask(cast, draft)
    with pytest.raises((CoApplicant.DoesNotExist, Refused)):
        joining.answer_co_application(row_id=row.pk, agrees=True, by=cast.actors[who], at=AT)


def test_the_pages_lead_from_invitation_to_agreement(cast, draft):
    mine, theirs = standing.client_of(cast, "citizen"), standing.client_of(cast, "stranger")
    page = reverse("case-joint", args=[draft.pk])
    assert mine.get(page).status_code == 200
    wrong = mine.post(page, {"name": "演示无名", "id_number": standing.number(9)})
    assert (wrong.status_code, "没有找到这个姓名" in wrong.content.decode()) == (422, True)
    assert mine.post(page, {"name": "演示乙", "id_number": standing.number(3)}).status_code == 302
    assert theirs.get(page).status_code == 404
    row = CoApplicant.objects.get()
    assert "同意一起申请" in theirs.get(reverse("my-joint")).content.decode()
    assert mine.post(reverse("my-joint-answer", args=[row.pk, "agree"])).status_code == 404
    theirs.post(reverse("my-joint-answer", args=[row.pk, "agree"]))
    row.refresh_from_db()
    assert row.state == "agreed"
    assert "已同意" in mine.get(page).content.decode()
    assert mine.post(page, {"remove": "x"}).status_code == 404


def test_at_the_counter_who_stands_there_has_agreed(cast):
    clerk = cast.clerk.through("window")
    case = standing.filled(cast, by=clerk, at=AT)
    browser = standing.client_of(cast, "clerk")
    page = reverse("counter-joint", args=[case.pk])
    assert browser.get(page).status_code == 200
    browser.post(page, {"name": "演示新人", "id_number": standing.number(11)})
    row = CoApplicant.objects.get()
    assert (row.state, row.seen_by_id, row.person.name) == ("agreed", cast.accounts["clerk"].pk, "演示新人")
    assert standing.client_of(cast, "township_clerk").get(page).status_code == 404
