"""What was answered on the guide is decided again by the server: nobody's answer stands against registered facts."""

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from siban.cases import actions
from siban.cases.models import Case
from siban.kernel.flow import Refused

from . import cast as standing

AT = standing.MONDAY


@pytest.fixture
def people(db: Any, settings: Any, tmp_path: Any) -> standing.Cast:
    """The cast, with an item whose first option is for who is 60, the second for women below, the third for men below."""
    settings.HOME = tmp_path
    made = standing.cast()
    said = copy.deepcopy(standing.reference(standing.SITUATED))
    conditions = ("age >= 60", 'age < 60 && sex == "女"', 'age < 60 && sex == "男"')
    for option, when in zip(said["situations"]["questions"][0]["options"], conditions, strict=True):
        option["when"] = when
    said["situations"]["questions"][0]["options"][2] |= {"limit_value": 7, "limit_unit": "workday"}
    standing.republish(made.items[standing.SITUATED], said, at=AT)
    return made


def test_a_draft_begins_with_what_is_known_and_asks_nothing_more(people: standing.Cast) -> None:
    case = standing.draft(people)
    assert case.open_question() is None
    assert case.answers == {"q1": "c"}
    page = (
        standing.client_of(people, "citizen").get(reverse("case-step", args=[case.pk, "situation"])).content.decode()
    )
    assert "根据您登记的年龄、性别，已为您选好" in page


def test_an_answer_against_registered_facts_is_refused_in_words(people: standing.Cast) -> None:
    case = standing.draft(people)
    for tampered in ("a", "b"):
        with pytest.raises(Refused, match="含残疾人优先保障家庭"):
            actions.answer(case_id=case.pk, answers={"q1": tampered}, by=people.citizen, at=AT)
    assert Case.objects.get(pk=case.pk).answers == {"q1": "c"}


def test_an_answer_tampered_with_in_the_draft_does_not_get_through_submission(people: standing.Cast) -> None:
    case = standing.filled(people)
    Case.objects.filter(pk=case.pk).update(answers={"q1": "a"}, scenario_id="q1a")
    with pytest.raises(Refused, match="应为“含残疾人优先保障家庭”"):
        actions.submit(case_id=case.pk, by=people.citizen, at=AT)
    assert Case.objects.get(pk=case.pk).state == "draft"


def test_an_answer_that_time_overtook_is_found_at_submission(people: standing.Cast) -> None:
    case = standing.filled(people)
    later: datetime = AT + timedelta(days=365 * 30)  # sixty by then
    with pytest.raises(Refused, match="低保"):
        actions.submit(case_id=case.pk, by=people.citizen, at=later)


def test_the_promise_of_the_situation_starts_the_clock(people: standing.Cast) -> None:
    case = standing.filled(people)
    case = actions.submit(case_id=case.pk, by=people.citizen, at=AT)
    assert case.scenario_id == "q1c"
    case = actions.accept(case_id=case.pk, by=people.clerk, at=AT)
    assert case.promised_due_on
    assert (case.promised_due_on - AT.date()).days == 9  # seven working days over one week-end


@pytest.mark.parametrize("answers", [{"q1": "z"}, {"q7": "a"}, {"q1": ""}])
def test_options_the_guide_does_not_have_are_refused(people: standing.Cast, answers: dict[str, str]) -> None:
    case = standing.draft(people)
    with pytest.raises(Refused, match="不在办事指南里"):
        actions.answer(case_id=case.pk, answers=answers, by=people.citizen, at=AT)


def test_the_guide_asks_somebody_logged_in_only_what_is_not_known(people: standing.Cast) -> None:
    code = people.items[standing.SITUATED].impl_code
    known = standing.client_of(people, "citizen").get(f"/items/{code}/ask/").content.decode()
    assert "根据您的年龄、性别，已为您选好" in known
    assert "7 个工作日内办好" in known
    browser = standing.client_of(people, "citizen")
    assert "申请家庭类型" in browser.get(f"/items/{code}/ask/?again=q1").content.decode()
    assert "20 个工作日内办好" in browser.get(f"/items/{code}/ask/?q1=a").content.decode()
    from django.test import Client

    assert "已为您选好" not in Client().get(f"/items/{code}/ask/").content.decode()
