"""免申即享: found in verified data, confirmed by the person, never twice, shown in public with the name hidden."""

from datetime import date, timedelta

import pytest
from django.test import Client

from siban.cases import actions as acts
from siban.cases.actions import benefiting as actions
from siban.cases.models import BenefitCandidate, BenefitPlan
from siban.exchange.models import Message
from siban.identity.models import Person
from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.kernel.models import Paper

from . import cast as standing
from .cast import BANNER, MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def cast(db):
    made = standing.cast(standing.SITUATED)
    Person.objects.filter(pk=made.persons["citizen"].pk).update(region_id=BANNER)
    Person.objects.filter(pk=made.persons["stranger"].pk).update(region_id=BANNER)
    return made


def plan(cast, **said):
    words = {
        "name": "住房补助", "gives": "每月 100 元", "basis": "演示住发〔2026〕1号", "condition": "age >= 18", "exclusive": "",
        "valid_to": date(2026, 12, 31),
    } | said  # fmt: skip
    made = actions.write_plan(item_id=cast.items[standing.SITUATED].pk, **words, by=cast.reviewer, at=MONDAY)
    return actions.open_plan(plan_id=made.pk, by=cast.head, at=MONDAY)


def of(made, cast, who="citizen"):
    return BenefitCandidate.objects.get(plan=made, person=cast.persons[who])


def test_persons_are_found_told_once_and_the_look_is_journalled(cast):
    made = plan(cast)
    assert actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY) == 2
    assert actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY) == 0
    assert Message.objects.filter(kind="benefit.listed").count() == 2
    assert of(made, cast).inputs == {"age": 36}
    row = journal.timeline(made).filter(move="find_candidates").first()
    assert row.note.endswith("新增 2 人")


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("age >= 90", 0),
        ('residence == "本旗"', 2),
        ('sex == "男" || sex == "女"', 2),
        ("has_marriage", 0),
        ("!has_marriage", 2),
    ],
)
def test_the_condition_is_asked_of_verified_data(cast, condition, count):
    made = plan(cast, condition=condition)
    assert actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY) == count


@pytest.mark.parametrize("condition", ["", "income < 3", "age >", 'residence == "火星"'])
def test_a_condition_that_can_not_be_read_is_refused_with_a_sentence(cast, condition):
    with pytest.raises(Refused) as why:
        plan(cast, condition=condition)
    assert str(why.value).endswith("。")


def test_only_the_department_looks_and_only_the_head_signs(cast):
    made = actions.write_plan(
        item_id=cast.items[standing.SITUATED].pk, name="补助", gives="100 元", basis="文件", condition="age >= 18",
        exclusive="", valid_to=date(2026, 12, 31), by=cast.reviewer, at=MONDAY,
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.open_plan(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    with pytest.raises(Refused):
        actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    with pytest.raises(BenefitPlan.DoesNotExist):
        actions.open_plan(plan_id=made.pk, by=cast.other_reviewer, at=MONDAY)
    with pytest.raises(Refused, match="本单位"):
        actions.write_plan(
            item_id=cast.items[standing.SITUATED].pk, name="补助", gives="100 元", basis="文件", condition="age >= 18",
            exclusive="", valid_to=date(2026, 12, 31), by=cast.other_reviewer, at=MONDAY,
        )  # fmt: skip


def test_from_the_list_to_the_grant_with_the_public_between(cast):
    made = plan(cast)
    actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    mine = of(made, cast)
    with pytest.raises(BenefitCandidate.DoesNotExist):
        actions.confirm(candidate_id=mine.pk, by=cast.stranger, at=MONDAY)
    actions.confirm(candidate_id=mine.pk, by=cast.citizen, at=MONDAY)
    actions.decline(candidate_id=of(made, cast, "stranger").pk, by=cast.stranger, at=MONDAY)
    assert actions.publish(plan_id=made.pk, by=cast.reviewer, at=MONDAY) == 1
    page = Client().get(f"/benefits/{made.pk}/").content.decode()
    assert "演**" in page
    assert cast.persons["citizen"].name not in page
    assert cast.persons["citizen"].id_number not in page
    assert actions.grant_due(plan_id=made.pk, by=cast.reviewer, at=MONDAY + DAY * 7) == (0, [])
    assert actions.grant_due(plan_id=made.pk, by=cast.reviewer, at=MONDAY + DAY * 8) == (1, [])
    assert of(made, cast).state == "granted"
    assert Paper.objects.filter(kind="benefit", subject_id=str(mine.pk)).count() == 1
    assert actions.grant_due(plan_id=made.pk, by=cast.reviewer, at=MONDAY + DAY * 9) == (0, [])


def test_nobody_is_found_for_what_they_have_or_asked_for(cast):
    standing.in_state(cast, "accepted")
    made = plan(cast)
    assert actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY) == 1
    assert not BenefitCandidate.objects.filter(person=cast.persons["citizen"]).exists()


def test_two_policies_of_one_kind_are_not_enjoyed_together(cast):
    cast.items["b"] = standing.publish(standing.FOR_FIRMS, org=cast.orgs["department"])
    first = plan(cast, exclusive="住房类")
    actions.find_candidates(plan_id=first.pk, by=cast.reviewer, at=MONDAY)
    second = actions.write_plan(
        item_id=cast.items["b"].pk, name="另一项", gives="200 元", basis="文件", condition="age >= 18", exclusive="住房类",
        valid_to=date(2026, 12, 31), by=cast.reviewer, at=MONDAY,
    )  # fmt: skip
    actions.open_plan(plan_id=second.pk, by=cast.head, at=MONDAY)
    assert actions.find_candidates(plan_id=second.pk, by=cast.reviewer, at=MONDAY) == 0
    actions.decline(candidate_id=of(first, cast).pk, by=cast.citizen, at=MONDAY)
    assert actions.find_candidates(plan_id=second.pk, by=cast.reviewer, at=MONDAY) == 1


def test_an_application_handed_in_meanwhile_stops_the_grant(cast):
    made = plan(cast)
    actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    actions.confirm(candidate_id=of(made, cast).pk, by=cast.citizen, at=MONDAY)
    actions.publish(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    case = standing.filled(cast)
    acts.submit(case_id=case.pk, by=cast.citizen, at=MONDAY + DAY)
    done, refused = actions.grant_due(plan_id=made.pk, by=cast.reviewer, at=MONDAY + DAY * 8)
    assert done == 0
    assert "不能重复享受" in refused[0]
    actions.bar(candidate_id=of(made, cast).pk, reason="已经另行申请", by=cast.reviewer, at=MONDAY + DAY * 8)
    assert Message.objects.filter(kind="benefit.barred").exists()


def test_a_policy_that_ended_asks_nobody_any_more(cast):
    made = plan(cast, valid_to=date(2026, 3, 10))
    actions.find_candidates(plan_id=made.pk, by=cast.reviewer, at=MONDAY)
    assert actions.lapse_due(at=MONDAY + DAY * 8) == 0
    assert actions.lapse_due(at=MONDAY + DAY * 9) == 2


def test_the_whole_way_by_the_pages(cast):
    desk, head, person = (standing.client_of(cast, who) for who in ("reviewer", "head", "citizen"))
    said = {"item": str(cast.items[standing.SITUATED].pk), "name": "住房补助", "gives": "每月 100 元", "basis": "文件",
            "condition": "age >= 18", "valid_to": "2099-12-31"}  # fmt: skip
    wrong = desk.post("/desk/benefits/new/", {**said, "condition": "income > 1"})
    assert wrong.status_code == 422
    assert "income &gt; 1" in wrong.content.decode(), "what was typed stays"
    desk.post("/desk/benefits/new/", said)
    where = f"/desk/benefits/{BenefitPlan.objects.get().pk}/"
    head.post(f"{where}open_plan/")
    desk.post(f"{where}find/")
    page = desk.get(where).content.decode()
    assert "待本人确认 2 人" in page
    assert cast.persons["citizen"].name not in page
    mine = BenefitCandidate.objects.get(person=cast.persons["citizen"])
    assert "确认享受" in person.get("/my/benefits/").content.decode()
    person.post(f"/my/benefits/{mine.pk}/confirm/")
    desk.post(f"{where}publish/")
    mine.refresh_from_db()
    assert mine.state == "published"
    assert "住房补助" in Client().get("/benefits/").content.decode()
