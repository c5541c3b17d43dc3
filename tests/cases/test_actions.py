"""What each act does to the case, its clocks and its papers."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from siban.cases import actions, tasks
from siban.cases.models import Case
from siban.kernel import journal, papers
from siban.kernel.flow import Refused
from siban.kernel.models import Term

from . import cast as standing
from .cast import MONDAY

DAY = timedelta(days=1)
POINT = {"material_id": "m03", "name": "居民户口簿", "what": "第二页看不清"}


def running(case):
    """The clocks that run, by kind."""
    return {t.kind: t for t in Term.objects.running().of("cases.Case", case.pk)}


def test_receipt_starts_the_five_days_of_the_law(cast):
    case = standing.in_state(cast, "submitted")
    assert {k: (t.length, t.unit, t.due_on) for k, t in running(case).items()} == {
        "notice": (5, "workday", date(2026, 3, 9))
    }
    assert case.due_on == case.notice_due_on == date(2026, 3, 9)


def test_acceptance_runs_the_legal_and_the_promised_clock_side_by_side(db):
    cast = standing.cast(standing.FOR_FIRMS)
    case = standing.in_state(cast, "accepted", standing.FOR_FIRMS)
    item = case.elements
    assert {k: t.length for k, t in running(case).items()} == {
        "legal": item.legal_limit.value,
        "promised": item.promised_limit.value,
    }
    assert case.due_on == min(case.legal_due_on, case.promised_due_on)


@pytest.mark.parametrize("state", ["not_accepted", "withdrawn", "closed"])
def test_nothing_runs_after_the_end(cast, state):
    case = standing.in_state(cast, state)
    assert running(case) == {}
    assert case.due_on is None


@pytest.mark.parametrize("state", ["approved", "rejected", "issued"])
def test_a_decision_leaves_ten_days_to_deliver(cast, state):
    case = standing.in_state(cast, state)
    assert {k: t.length for k, t in running(case).items()} == {"delivery": 10}


def test_five_silent_days_are_acceptance_from_the_day_of_receipt(cast):
    case = standing.in_state(cast, "submitted")
    assert tasks.deem_overdue_receipts(MONDAY + 7 * DAY) == 0
    assert tasks.deem_overdue_receipts(MONDAY + 8 * DAY) == 1
    case = Case.objects.get(pk=case.pk)
    assert case.accepted_at == case.submitted_at
    assert running(case)["promised"].start_on == date(2026, 3, 2)
    assert journal.timeline(case).last().move == "deem_accepted"


def resubmitted(cast, at):
    case = standing.in_state(cast, "correcting")
    actions.add_file(
        case_id=case.pk, material_id="m03", upload=standing.pdf(), name="户口簿.pdf", by=cast.citizen, at=at
    )
    return actions.resubmit(case_id=case.pk, by=cast.citizen, at=at)


def test_a_correction_answered_starts_five_new_days(cast):
    case = resubmitted(cast, MONDAY + 3 * DAY)
    assert {k: (t.start_on, t.due_on) for k, t in running(case).items()} == {
        "notice": (date(2026, 3, 5), date(2026, 3, 12))
    }


def test_silence_after_a_correction_counts_from_the_corrected_materials(cast):
    case = resubmitted(cast, MONDAY + 3 * DAY)
    actions.deem_accepted(case_id=case.pk, at=MONDAY + 14 * DAY)
    assert Case.objects.get(pk=case.pk).accepted_at == MONDAY + 3 * DAY


def test_a_correction_is_not_answered_by_what_was_there_before(cast):
    case = standing.in_state(cast, "correcting")
    with pytest.raises(Refused, match="居民户口簿"):
        actions.resubmit(case_id=case.pk, by=cast.citizen, at=MONDAY + DAY)
    assert Case.objects.get(pk=case.pk).state == "correcting"


def test_a_second_correction_may_ask_for_nothing_new(cast):
    case = resubmitted(cast, MONDAY + 3 * DAY)
    new = {"material_id": "m02", "name": "共同生活家庭成员身份证", "what": "缺一人"}
    with pytest.raises(Refused, match="第二次不能新增"):
        actions.request_correction(case_id=case.pk, points=[POINT, new], by=cast.clerk, at=MONDAY + 4 * DAY)
    actions.request_correction(case_id=case.pk, points=[POINT], by=cast.clerk, at=MONDAY + 4 * DAY)
    assert Case.objects.get(pk=case.pk).state == "correcting"


@pytest.mark.parametrize("points", [[], [{**POINT, "what": "  "}]])
def test_a_correction_says_what_is_wrong(cast, points):
    case = standing.in_state(cast, "submitted")
    with pytest.raises(Refused, match="至少写明一处"):
        actions.request_correction(case_id=case.pk, points=points, by=cast.clerk, at=MONDAY + DAY)


def test_numbers_of_papers_have_no_gap_even_when_an_act_fails(cast):
    first, second = standing.in_state(cast, "submitted"), standing.in_state(cast, "submitted")
    actions.accept(case_id=first.pk, by=cast.clerk, at=MONDAY + DAY)
    with transaction.atomic():
        actions.accept(case_id=second.pk, by=cast.clerk, at=MONDAY + DAY)
        transaction.set_rollback(True)
    actions.accept(case_id=second.pk, by=cast.clerk, at=MONDAY + DAY)
    serials = [papers.papers_of(("cases.Case", str(c.pk))).get(kind="acceptance").serial for c in (first, second)]
    assert serials == [1, 2]


def test_the_receipt_is_drawn_up_once_after_the_case_is_stored(cast, deliver):
    case = standing.in_state(cast, "submitted")
    deliver()
    deliver()
    assert [p.kind for p in papers.papers_of(("cases.Case", str(case.pk)))] == ["receipt"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("reject", {"reason": "不行", "basis": "第七条"}),
        ("reject", {"reason": "不符合公布的收入标准", "basis": " "}),
    ],
)
def test_a_refusal_gives_reasons_and_basis(cast, act, said):
    case = standing.in_state(cast, "accepted")
    with pytest.raises(Refused):
        getattr(actions, act)(case_id=case.pk, **said, by=cast.reviewer, at=MONDAY + DAY)
    assert Case.objects.get(pk=case.pk).state == "accepted"


def test_a_running_case_keeps_its_version_when_a_new_one_is_published(cast):
    case = standing.filled(cast)
    item = cast.items[standing.SITUATED]
    standing.republish(
        item,
        {**standing.reference(standing.SITUATED), "promised_limit": {"value": 3, "unit": "workday"}},
        at=MONDAY + DAY,
    )
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY + 2 * DAY)
    accepted = actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY + 3 * DAY)
    assert (accepted.version.number, running(accepted)["promised"].length) == (1, 20)
    item.refresh_from_db()
    assert standing.draft(cast).version.number == 2


def test_the_same_token_gives_the_same_draft(cast):
    token = standing.fresh_token()
    said = {"item": cast.items[standing.SITUATED], "by": cast.citizen, "at": MONDAY, "person": cast.persons["citizen"]}
    assert actions.start(**said, token=token).pk == actions.start(**said, token=token).pk
    assert Case.objects.count() == 1


def test_the_day_of_application_is_the_day_it_is_handed_in(cast):
    case = standing.filled(cast)
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY + 9 * DAY)
    assert Case.objects.get(pk=case.pk).form["application_date"] == "2026-03-11"


@pytest.mark.parametrize("act", ["save_form", "answer", "choose_delivery"])
def test_what_was_handed_in_is_not_changed_any_more(cast, act):
    case = standing.in_state(cast, "submitted")
    said = {"save_form": {"values": {}}, "answer": {"answers": {}}, "choose_delivery": {"delivery": "counter"}}
    with pytest.raises(Refused, match="不能再修改"):
        getattr(actions, act)(case_id=case.pk, **said[act], by=cast.citizen, at=MONDAY + DAY)


def test_nobody_but_the_applicant_reaches_a_draft(cast):
    case = standing.draft(cast)
    for who in ("stranger", "other_reviewer", "reviewer", "inspector", "administrator"):
        with pytest.raises(Case.DoesNotExist):
            actions.save_form(case_id=case.pk, values={}, by=cast.actors[who], at=MONDAY)


def test_only_fields_of_the_form_are_kept(cast):
    case = standing.draft(cast)
    kept = actions.save_form(
        case_id=case.pk, values={"applicant_name": "演示甲", "is_admin": "1"}, by=cast.citizen, at=MONDAY
    )
    assert set(kept.form) == {"applicant_name"}
