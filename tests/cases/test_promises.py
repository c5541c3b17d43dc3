"""容缺 and 告知承诺, what undoes a decision, renewal, the archive, and what is put right at the counter."""

from datetime import date

import pytest

from siban.cases import actions, tasks
from siban.cases.models import BrokenPromise, Promise
from siban.cases.queries.beside import beside
from siban.kernel import journal
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.models import Paper

from . import cast as standing
from .cast import MONDAY
from .procedure import DAY, FOOD, at, draft, hand_in_all, now, papers, reviewing


@pytest.fixture
def cast(db):
    return standing.cast(FOOD, standing.SITUATED)


# -- promises -----------------------------------------------------------------------------------------------------


def deficient(cast):
    """A restaurant's application that promises its staff papers by Thursday."""
    case = hand_in_all(cast, draft(cast, "a", "b"), but=("m08",))
    assert case.missing_materials() == ["食品安全总监、食品安全员任命文件"]
    actions.promise_materials(
        case_id=case.pk, materials=["m08"], until=date(2026, 3, 5), signature="演示甲", by=cast.citizen, at=MONDAY
    )
    return actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until": date(2026, 3, 2)}, "补交日期"),
        ({"until": date(2026, 3, 20)}, "补交日期"),
        ({"signature": "演示乙"}, "本人签名"),
        ({"materials": ["m02"]}, "不能容缺"),
    ],
)
def test_only_listed_papers_may_follow_and_only_within_the_limit(cast, said, sentence):
    case = hand_in_all(cast, draft(cast, "a", "b"), but=("m08",))
    promise = {"materials": ["m08"], "until": date(2026, 3, 5), "signature": "演示甲"} | said
    with pytest.raises(Refused, match=sentence):
        actions.promise_materials(case_id=case.pk, **promise, by=cast.citizen, at=MONDAY)
    assert now(case).deficiency == {}


def test_a_promised_paper_lets_the_case_in_and_keeps_the_result_back(cast):
    case = deficient(cast)
    with pytest.raises(Refused, match="还缺材料"):
        actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY)
    actions.accept_deficient(case_id=case.pk, by=cast.clerk, at=MONDAY)
    assert now(case).deficiency_due_on == date(2026, 3, 5)
    assert now(case).promised_due_on is not None, "the clock does not stop"
    standing.look(cast, actions.start_review(case_id=case.pk, by=cast.reviewer, at=MONDAY), at=MONDAY)
    with pytest.raises(Refused, match="还缺材料"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    with pytest.raises(Refused, match="还没有交来"):
        actions.complete_deficiency(case_id=case.pk, by=cast.citizen, at=at(1))
    with pytest.raises(Refused, match="不能再修改"):
        actions.add_file(
            case_id=case.pk, material_id="m02", upload=standing.pdf(), name="a.pdf", by=cast.citizen, at=at(1)
        )
    actions.add_file(
        case_id=case.pk, material_id="m08", upload=standing.pdf(), name="a.pdf", by=cast.citizen, at=at(1)
    )
    actions.complete_deficiency(case_id=case.pk, by=cast.citizen, at=at(1))
    assert now(case).deficiency_due_on is None
    assert tasks.return_deficient(at(30)) == 0
    with pytest.raises(Refused, match="没有审查"):  # what came later is looked at as well
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    standing.look(cast, case, at=at(1))
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))


def test_a_broken_promise_sends_the_case_back_and_closes_the_way_for_the_next(cast):
    case = deficient(cast)
    actions.accept_deficient(case_id=case.pk, by=cast.clerk, at=MONDAY)
    assert tasks.return_deficient(at(3)) == 0, "the last day is still the applicant's"
    assert tasks.return_deficient(at(4)) == 1
    assert now(case).state == "terminated"
    assert "termination" in papers(case)
    assert BrokenPromise.objects.get().enterprise == cast.firm
    again = hand_in_all(cast, draft(cast, "a", "b"), but=("m08",))
    with pytest.raises(Refused, match="修复以前"):
        actions.promise_materials(
            case_id=again.pk, materials=["m08"], until=date(2026, 3, 5), signature="演示甲", by=cast.citizen, at=MONDAY
        )
    actions.mend(case_id=case.pk, kind="late", reason="已完成信用修复承诺", by=cast.head, at=at(5))
    actions.promise_materials(
        case_id=again.pk, materials=["m08"], until=date(2026, 3, 5), signature="演示甲", by=cast.citizen, at=MONDAY
    )


def committed(cast):
    """A change of a food business granted on a commitment."""
    case = hand_in_all(cast, draft(cast, "b"))
    with pytest.raises(Refused, match="勾选"):
        actions.choose_promise(case_id=case.pk, signature="演示甲", agreed=False, by=cast.citizen, at=MONDAY)
    actions.choose_promise(case_id=case.pk, signature="演示甲", agreed=True, by=cast.citizen, at=MONDAY)
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY)
    actions.start_review(case_id=case.pk, by=cast.reviewer, at=MONDAY)
    actions.pass_unseen(case_id=case.pk, by=cast.reviewer, at=MONDAY)
    actions.propose(case_id=case.pk, outcome="approve", opinion="承诺属实即可", by=cast.reviewer, at=MONDAY)
    actions.approve(case_id=case.pk, by=cast.head, at=MONDAY)
    actions.issue(case_id=case.pk, by=cast.reviewer, at=MONDAY)
    return actions.deliver(case_id=case.pk, by=cast.clerk, at=MONDAY)


def test_a_false_promise_is_noted_and_the_decision_revoked_by_two_persons(cast):
    case = committed(cast)
    assert "promise" in papers(case)
    made = Promise.objects.get(case=case)
    assert (made.state, made.check_due_on) == ("checking", date(2026, 3, 2) + DAY * 60)
    actions.find_false(case_id=case.pk, findings="现场布局已经改变", by=cast.reviewer, at=at(20))
    assert BrokenPromise.objects.get(case=case).kind == "false"
    assert beside(now(case), by=cast.reviewer).should_revoke, "the page says what comes next"
    assert not beside(now(case), by=cast.other_reviewer).should_revoke
    undo = {"move": "revoke", "reason": "承诺不实，依法撤销", "document": "演示撤字〔2026〕1号"}
    actions.ask_override(case_id=case.pk, **undo, by=cast.reviewer, at=at(20))
    assert now(case).state == "closed", "one person revokes nothing"
    assert not beside(now(case), by=cast.head).should_revoke, "it was asked for already"
    with pytest.raises(Refused, match="另一个人"):
        actions.confirm_override(case_id=case.pk, by=cast.reviewer, at=at(20))
    actions.confirm_override(case_id=case.pk, by=cast.head, at=at(21))
    revoked = now(case)
    assert revoked.state == "revoked"
    if revoked.certificate_id:
        from siban.certificates.models import ECert

        assert ECert.objects.get(pk=revoked.certificate_id).state == "revoked"
    row = journal.timeline(case).filter(move="revoke").get()
    assert row.facts["override"] is True
    assert row.facts["second_name"] == cast.head.name
    assert "revocation" in papers(case)


@pytest.mark.parametrize(
    ("places", "barred"), [((), False), (("1502",), False), (("1507",), True), (("1502", "15072"), True)]
)
def test_who_gave_a_licence_back_before_the_check_promises_no_second_time_where_that_is_the_rule(
    cast, settings, places, barred
):
    settings.NO_SECOND_PROMISE = places
    case = committed(cast)
    ask = {
        "move": "cancel",
        "reason": "经营者不再经营，申请注销",
        "document": "演示注字〔2026〕1号",
        "ground": "asked",
    }
    actions.ask_override(case_id=case.pk, **ask, by=cast.reviewer, at=at(5))
    actions.confirm_override(case_id=case.pk, by=cast.head, at=at(6))
    assert now(case).cancelled_at
    again = hand_in_all(cast, draft(cast, "b"))
    if barred:
        with pytest.raises(Refused, match="同一事项不能再次用承诺方式"):
            actions.choose_promise(case_id=again.pk, signature="演示甲", agreed=True, by=cast.citizen, at=MONDAY)
    else:
        actions.choose_promise(case_id=again.pk, signature="演示甲", agreed=True, by=cast.citizen, at=MONDAY)


def test_a_judgment_reopens_a_refusal_and_starts_both_clocks(cast):
    case = standing.in_state(cast, "rejected")
    actions.ask_override(
        case_id=case.pk,
        move="reopen",
        reason="判决责令重新作出决定",
        document="（2026）演示行初1号",
        by=cast.head,
        at=at(30),
    )
    with pytest.raises(Refused, match="正等待另一人确认"):
        actions.ask_override(
            case_id=case.pk,
            move="reopen",
            reason="判决责令重新作出决定",
            document="（2026）演示行初1号",
            by=cast.chief,
            at=at(30),
        )
    actions.refuse_override(case_id=case.pk, reason="文号写错了", by=cast.chief, at=at(30))
    assert now(case).state == "rejected"
    actions.ask_override(
        case_id=case.pk,
        move="reopen",
        reason="判决责令重新作出决定",
        document="（2026）演示行初1号",
        by=cast.head,
        at=at(30),
    )
    actions.confirm_override(case_id=case.pk, by=cast.administrator, at=at(30))
    assert (now(case).state, local_day(now(case).accepted_at)) == ("accepted", local_day(at(30)))
    assert now(case).promised_due_on is not None


# -- renewal, archive, the counter --------------------------------------------------------------------------------


def test_a_renewal_nobody_decided_is_granted_when_the_validity_ends(cast):
    from siban.certificates.models import ECert

    first = _licensed(cast)
    licence = ECert.objects.get(pk=first.certificate_id)
    ECert.objects.filter(pk=licence.pk).update(valid_from=date(2021, 3, 10), valid_to=date(2026, 3, 6))
    case = hand_in_all(cast, draft(cast, "c"))
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY)
    waiting = now(case)
    assert (waiting.renews_certificate_id, waiting.renewal_due_on) == (licence.pk, date(2026, 3, 5))
    assert waiting.due_on <= date(2026, 3, 5)
    assert tasks.deem_renewals(at(3)) == 0
    assert tasks.deem_renewals(at(4)) == 1
    assert now(case).state == "approved"
    assert "视为准予延续" in now(case).decision_note


def _licensed(cast):
    case = reviewing(cast)
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=MONDAY)
    actions.approve(case_id=case.pk, by=cast.head, at=MONDAY)
    actions.issue(case_id=case.pk, by=cast.reviewer, at=MONDAY)
    return actions.deliver(case_id=case.pk, by=cast.clerk, at=MONDAY)


def test_a_closed_case_is_filed_with_a_list_of_what_is_in_it(cast):
    case = standing.in_state(cast, "closed")
    assert tasks.file_away(at(29)) == 0
    assert tasks.file_away(at(31)) == 1
    assert now(case).state == "archived"
    listed = Paper.objects.get(subject_id=str(case.pk), kind="archive").content["pieces"]
    assert len(listed) >= case.materials.count() + 3


def test_a_slip_is_put_right_at_the_counter_but_no_signature(cast):
    case = hand_in_all(cast, draft(cast, "a", "a"))
    case = actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    slip = {"case_id": case.pk, "by": cast.clerk, "at": MONDAY}
    with pytest.raises(Refused):
        actions.correct_on_the_spot(element="contact_mobile", value="123", **slip)
    with pytest.raises(Refused, match="签名、承诺"):
        actions.correct_on_the_spot(element="applicant_signature", value="别人", **slip)
    actions.correct_on_the_spot(element="contact_mobile", value="13800000009", **slip)
    assert now(case).form["contact_mobile"] == "13800000009"
    row = journal.timeline(case).filter(move="correct_on_the_spot").get()
    assert "13800000009" not in str(row.changes) + row.note


def test_acts_of_other_matters_cite_their_own_law_first(cast):
    licence, other = reviewing(cast), standing.in_state(cast, "accepted")
    assert other.elements.item_type != "01"
    first = journal.timeline(licence).filter(move="accept").get().law
    second = journal.timeline(other).filter(move="accept").get().law
    assert first == "行政许可法第三十二条第一款第五项"
    assert second.startswith("《")
    assert second.endswith("参照行政许可法第三十二条第一款第五项")
