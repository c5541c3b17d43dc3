"""逐项审查: what the reviewer finds point by point, what waits for it, and what follows from it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siban.cases import actions, rules_review
from siban.cases.actions import Finding, Unfinished, material_checks
from siban.cases.models import Case
from siban.cases.models_counter import MaterialCheck
from siban.cases.rules_counter import Point
from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.kernel.models import Paper

from . import cast as standing
from .cast import MONDAY
from .procedure import at, now

BAD = Finding("not_ok", "第二页看不清", "重新拍照")


@pytest.fixture
def case(cast) -> Case:
    """A case in review of which nobody looked at anything yet, with one mark of the counter."""
    made = standing.in_state(cast, "submitted")
    first = [(m.id, 0) for m in made.wanted() if m.review_points]
    material_checks.check_materials(
        case_id=made.pk, marks={first[0]: material_checks.Mark("ok")}, by=cast.clerk, at=MONDAY
    )
    actions.accept(case_id=made.pk, by=cast.clerk, at=MONDAY)
    return actions.start_review(case_id=made.pk, by=cast.reviewer, at=MONDAY)


def propose(cast, case, outcome="approve", opinion="材料齐全", basis="", day=1):
    return actions.propose(
        case_id=case.pk, outcome=outcome, opinion=opinion, basis=basis, by=cast.reviewer, at=at(day)
    )


def test_nothing_is_proposed_while_a_point_was_not_looked_at(cast, case):
    every = now(case).unseen_points()
    with pytest.raises(Refused, match=f"还有 {len(every)} 项审查要点没有审查"):
        propose(cast, case)
    *most, last = every
    actions.review_points(case_id=case.pk, findings={a.key: Finding("ok") for a in most}, by=cast.reviewer, at=at(1))
    with pytest.raises(Refused, match="还有 1 项"):
        propose(cast, case, "reject", "条件不符", "办法第七条")
    actions.review_points(case_id=case.pk, findings={last.key: Finding("na")}, by=cast.reviewer, at=at(1))
    assert propose(cast, case).state == "proposed"


def test_the_counter_s_marks_and_the_review_s_findings_stand_side_by_side(cast, case):
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=at(1))
    both = MaterialCheck.objects.filter(case=case, stage="counter").get()
    other = MaterialCheck.objects.get(case=case, stage="review", material_id=both.material_id, point=both.point)
    assert (both.by_id, other.by_id) == (cast.clerk.account_id, cast.reviewer.account_id)


def test_a_point_found_wanting_forbids_the_grant_and_begins_the_refusal(cast, case):
    key = now(case).unseen_points()[0].key
    actions.review_points(case_id=case.pk, findings={key: BAD}, by=cast.reviewer, at=at(1))
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=at(1))
    with pytest.raises(Refused, match="审查为不符合，不能准予"):
        propose(cast, case)
    page = standing.client_of(cast, "reviewer").get(f"/desk/cases/{case.number}/propose/").content.decode()
    assert "第二页看不清（改正办法：重新拍照）" in page
    assert 'value="reject" id="id_outcome_1" checked' in page or 'value="reject" checked' in page
    propose(cast, case, "reject", "第二页看不清", "办法第七条")
    with pytest.raises(Refused, match="先退回重新审查"):
        actions.approve(case_id=case.pk, by=cast.head, at=at(2))
    paper = Paper.objects.get(subject_id=str(case.pk), kind="review_opinion")
    assert any("不符合。第二页看不清（改正办法：重新拍照）" in line for line in paper.content["points_found"])
    assert len(paper.content["points_found"]) == MaterialCheck.objects.filter(case=case, stage="review").count()


def test_the_paper_of_the_review_stays_in_the_office(cast, case):
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=at(1))
    propose(cast, case)
    paper = Paper.objects.get(subject_id=str(case.pk), kind="review_opinion")
    mine, desk = standing.client_of(cast, "citizen"), standing.client_of(cast, "head")
    assert "审查意见书" not in mine.get(f"/my/cases/{case.number}/").content.decode()
    assert mine.get(f"/my/cases/{case.number}/papers/{paper.pk}/").status_code == 404
    assert desk.get(f"/desk/cases/{case.number}/papers/{paper.pk}/").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("who", "state"),
    [("clerk", "in_review"), ("head", "in_review"), ("other_reviewer", "in_review"), ("reviewer", "accepted"), ("reviewer", "proposed")],
)  # fmt: skip
def test_only_the_reviewer_writes_findings_and_only_during_review(cast, who, state):
    case = standing.in_state(cast, state)
    before = MaterialCheck.objects.count()
    with pytest.raises((Refused, Case.DoesNotExist)):
        actions.review_points(case_id=case.pk, findings={("m01", 0): BAD}, by=cast.actors[who], at=at(1))
    assert MaterialCheck.objects.count() == before


def test_a_finding_of_not_met_says_what_and_nothing_is_kept_beside_one_that_does_not(cast, case):
    first, second = (a.key for a in now(case).unseen_points()[:2])
    with pytest.raises(Unfinished) as told:
        actions.review_points(
            case_id=case.pk,
            findings={first: Finding("ok"), second: Finding("not_ok", " ")},
            by=cast.reviewer,
            at=at(1),
        )
    assert [key for _, key in told.value.faults] == [second]
    assert not MaterialCheck.objects.filter(stage="review").exists()


def test_a_refused_page_keeps_every_word_and_names_the_field(cast, case):
    client, (first, second) = standing.client_of(cast, "reviewer"), [a.key for a in now(case).unseen_points()[:2]]
    ends = [f"{m}-{n}" for m, n in (first, second)]
    answer = client.post(
        f"/desk/cases/{case.number}/points/",
        {f"point-{ends[0]}": "not_ok", f"note-{ends[0]}": "没有签名", f"point-{ends[1]}": "not_ok", f"remedy-{ends[1]}": "补签"},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#note-{ends[1]}"' in page
    assert "没有签名" in page
    assert "补签" in page


def test_what_a_colleague_marked_meanwhile_is_not_overwritten_unseen(cast, case):
    key = now(case).unseen_points()[0].key
    actions.review_points(case_id=case.pk, findings={key: BAD}, by=cast.chief, at=at(1))
    with pytest.raises(Unfinished, match="演示chief标为不符合"):
        actions.review_points(case_id=case.pk, findings={key: Finding("ok", was="")}, by=cast.reviewer, at=at(1))
    actions.review_points(case_id=case.pk, findings={key: Finding("ok", was="not_ok")}, by=cast.reviewer, at=at(1))
    assert MaterialCheck.objects.get(stage="review").verdict == "ok"


def test_the_same_finding_twice_is_written_once(cast, case):
    key = now(case).unseen_points()[0].key
    for _ in range(2):
        actions.review_points(case_id=case.pk, findings={key: BAD}, by=cast.reviewer, at=at(1))
    assert journal.timeline(case).filter(move="review_points").count() == 1


def test_the_counter_s_findings_fill_the_notice_of_corrections(cast):
    case = standing.in_state(cast, "submitted")
    mid = next(m.id for m in case.wanted() if m.review_points)
    mark = material_checks.Mark("not_ok", "缺第二页")
    material_checks.check_materials(case_id=case.pk, marks={(mid, 0): mark}, by=cast.clerk, at=MONDAY)
    page = standing.client_of(cast, "reviewer").get(f"/desk/cases/{case.number}/request_correction/").content.decode()
    assert "缺第二页" in page


def test_a_case_to_be_decided_anew_is_looked_at_anew(cast):
    case = standing.in_state(cast, "rejected")
    undo = {"move": "reopen", "reason": "判决责令重新作出决定", "document": "（2026）演示行初1号"}
    actions.ask_override(case_id=case.pk, **undo, by=cast.head, at=at(30))
    actions.confirm_override(case_id=case.pk, by=cast.administrator, at=at(30))
    case = actions.start_review(case_id=case.pk, by=cast.reviewer, at=at(30))
    assert now(case).unseen_points()
    assert journal.timeline(case).filter(move="review_points").exists(), "what was found before is on record"


def test_instant_matters_rest_on_the_counter_s_check(db):
    cast = standing.cast(standing.INSTANT)
    case = standing.in_state(cast, "accepted", standing.INSTANT)
    assert case.unseen_points() == []


def test_the_page_costs_the_same_whatever_is_marked(cast, case):
    client, counts = standing.client_of(cast, "reviewer"), []
    for mark in (False, True):
        if mark:
            actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=at(1))
        client.get(f"/desk/cases/{case.number}/points/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/desk/cases/{case.number}/points/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_an_opinion_begins_with_what_was_found():
    good, aside = Point("m1", "户口簿", "清晰", "ok"), Point("m1", "户口簿", "有公章", "na")
    bad = Point("m2", "申请表", "签名", "not_ok", "没有签名", "补签")
    assert rules_review.opinion([]) == ""
    assert rules_review.opinion([good, aside]) == "逐项审查了 2 项审查要点，1 项符合，1 项不适用。"
    assert rules_review.opinion([good, bad]) == "“申请表”不符合“签名”：没有签名（改正办法：补签）"
    assert rules_review.failed([good, aside]) is None
