"""Between acceptance and decision: two hands, levels, special procedures, inspections, hearings, opinions, more time."""

import random
from datetime import date

import pytest

from siban.cases import actions, tasks
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, Inspection, Opinion
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.models import Paper, Term

from . import cast as standing
from .cast import MONDAY
from .procedure import CALENDAR, DAY, FOOD, at, now, papers, reviewing


@pytest.fixture
def cast(db):
    return standing.cast(FOOD, standing.SITUATED)


# -- two hands ----------------------------------------------------------------------------------------------------


def test_who_reviewed_does_not_decide(cast):
    case = reviewing(cast)
    with pytest.raises(Refused, match="先提交审查意见"):
        actions.approve(case_id=case.pk, by=cast.head, at=at(1))
    actions.propose(case_id=case.pk, outcome="approve", opinion="场所布局符合要求", by=cast.chief, at=at(1))
    with pytest.raises(Refused, match="另一个人"):
        actions.approve(case_id=case.pk, by=cast.chief, at=at(1))
    assert actions.approve(case_id=case.pk, by=cast.reviewer, at=at(1)).decision_note == "场所布局符合要求"


def test_a_proposal_can_be_sent_back_and_made_again(cast):
    case = reviewing(cast)
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    actions.return_proposal(case_id=case.pk, reason="没有写现场核查情况", by=cast.head, at=at(1))
    assert (now(case).state, now(case).proposal, now(case).proposed_by_id) == ("in_review", {}, None)
    actions.propose(
        case_id=case.pk, outcome="reject", opinion="距离不够", basis="办法第九条", by=cast.reviewer, at=at(2)
    )
    actions.reject(case_id=case.pk, reason="距离不够，不符合规定", basis="办法第九条", by=cast.head, at=at(2))
    assert now(case).state == "rejected"


def test_levels_are_passed_by_different_persons_in_order(cast):
    steps = [*standing.reference(FOOD)["process_steps"]]
    twice = {**steps[1], "name": "复审", "seq": 3}
    cast.items[FOOD] = standing.republish(
        cast.items[FOOD], {**standing.reference(FOOD), "process_steps": [*steps[:2], twice, *steps[2:]]}, at=MONDAY
    )
    case = reviewing(cast)
    assert [s.name for s in case.levels] == ["审查", "复审"]
    with pytest.raises(Refused, match="请先把审查意见交给下一级"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    actions.pass_level(case_id=case.pk, opinion="材料齐全，报复审", by=cast.reviewer, at=at(1))
    with pytest.raises(Refused, match="另一个人审查"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    with pytest.raises(Refused, match="最后一级"):
        actions.pass_level(case_id=case.pk, opinion="再报一级", by=cast.chief, at=at(1))
    actions.propose(case_id=case.pk, outcome="approve", opinion="复审同意", by=cast.chief, at=at(1))
    assert actions.approve(case_id=case.pk, by=cast.head, at=at(1)).state == "approved"


@pytest.mark.parametrize(
    ("mandate", "sentence"),
    [
        ({"items": ["another"]}, "授权事项里没有"),
        ({"valid_to": date(2026, 3, 3)}, "没有有效的首席代表授权书"),
        ({"withdrawn_at": MONDAY}, "没有有效的首席代表授权书"),
    ],
)
def test_a_chief_representative_decides_within_the_mandate(cast, mandate, sentence):
    case = reviewing(cast)
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    cast.accounts["chief"].mandates.update(**mandate)
    with pytest.raises(Refused, match=sentence):
        actions.approve(case_id=case.pk, by=cast.chief, at=at(1))
    cast.accounts["chief"].mandates.update(
        items=[case.elements.impl_code], valid_to=date(2027, 1, 1), withdrawn_at=None, may_reject=False
    )
    with pytest.raises(Refused, match="没有授权作出不予的决定"):
        actions.reject(case_id=case.pk, reason="距离不够，不符合规定", basis="办法第九条", by=cast.chief, at=at(1))
    assert actions.approve(case_id=case.pk, by=cast.chief, at=at(1)).state == "approved"


# -- special procedures and the clock -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "专家评审"}, "不在这个事项的特别程序清单里"),
        ({"days": 6}, "1 至 5"),
        ({"days": 0}, "1 至 5"),
        ({"reason": "去看"}, "写明启动特别程序的理由"),
    ],
)
def test_the_clock_stops_for_nothing_but_what_the_item_lists(cast, said, sentence):
    case = reviewing(cast)
    with pytest.raises(Refused, match=sentence):
        actions.start_special(
            case_id=case.pk,
            **{"kind": "现场勘验", "days": 5, "reason": "到经营场所核查"} | said,
            by=cast.reviewer,
            at=at(1),
        )
    assert "special" not in papers(case)
    assert not now(case).special_due_on


def test_without_a_list_there_is_no_special_procedure(cast):
    said = {**standing.reference(FOOD), "special_procedures": []}
    cast.items[FOOD] = standing.republish(cast.items[FOOD], said, at=MONDAY)
    case = reviewing(cast)
    with pytest.raises(Refused, match="没有列出特别程序"):
        actions.start_special(
            case_id=case.pk, kind="现场勘验", days=5, reason="到经营场所核查", by=cast.reviewer, at=at(1)
        )
    assert "start_special" not in {c.name for c in CASE_FLOW.choices(now(case), by=cast.reviewer, at=at(1))}


def test_both_clocks_stand_still_for_the_days_told_and_go_on_by_themselves(cast):
    case = reviewing(cast)
    before = (case.legal_due_on, case.promised_due_on)
    actions.start_special(
        case_id=case.pk, kind="现场勘验", days=5, reason="到经营场所核查", by=cast.reviewer, at=at(1)
    )
    stopped = now(case)
    assert (stopped.state, stopped.legal_due_on, stopped.promised_due_on) == ("in_special", None, None)
    assert stopped.due_on == stopped.special_due_on == CALENDAR.add_workdays(date(2026, 3, 3), 5)
    notice = Paper.objects.get(subject_id=str(case.pk), kind="special")
    assert "5 个工作日" in notice.content["until"]
    assert tasks.resume_clocks(at(8)) == 0, "the last day told still counts"
    assert tasks.resume_clocks(at(9)) == 1
    resumed = now(case)
    assert resumed.state == "in_review"
    assert (resumed.legal_due_on, resumed.promised_due_on) == tuple(CALENDAR.add_workdays(d, 5) for d in before)


def test_clocks_agree_with_a_walk_through_the_days_whatever_stops_them(cast):
    """Random special procedures, ended by hand or by the days told, and one extension: counted day by day."""
    chance = random.Random(2026)
    for _ in range(12):
        case = reviewing(cast)
        start, day, extra, stops = local_day(MONDAY), 1, 0, []
        for _ in range(chance.randrange(0, 4)):
            day += chance.randrange(0, 2)
            on = local_day(at(day))
            if now(case).legal_due_on is None or on > now(case).promised_due_on:
                break
            days = chance.randrange(1, 6)
            actions.start_special(
                case_id=case.pk, kind="现场勘验", days=days, reason="到经营场所核查", by=cast.reviewer, at=at(day)
            )
            told = now(case).special_due_on
            ends = chance.choice(("early", "told"))
            if ends == "early":
                day += chance.randrange(0, max((told - on).days, 1))
                actions.end_special(case_id=case.pk, result="符合要求", by=cast.reviewer, at=at(day))
                stops.append((on, local_day(at(day))))
            else:
                day = (told - start).days + 1
                actions.resume_clock(case_id=case.pk, at=at(day))
                stops.append((on, told))
        if chance.random() < 0.5 and local_day(at(day)) <= now(case).legal_due_on:
            extra = chance.randrange(1, 11)
            actions.ask_extension(
                case_id=case.pk, days=extra, reason="情况复杂，需要延长", by=cast.reviewer, at=at(day)
            )
            actions.grant_extension(case_id=case.pk, by=cast.head, at=at(day))
        item = now(case).elements
        for limit, found in ((item.legal_limit, "legal_due_on"), (item.promised_limit, "promised_due_on")):
            late = local_day(at(day)) > _walk(start, limit.value, stops)
            if not (extra and late):  # what was over before the extension is not extended
                assert getattr(now(case), found) == _walk(start, limit.value + extra, stops)


def _walk(start: date, days: int, stops: list[tuple[date, date]]) -> date:
    day = start
    while days:
        day += DAY
        if CALENDAR.is_workday(day) and not any(a < day <= b for a, b in stops):
            days -= 1
    return day


# -- inspection ---------------------------------------------------------------------------------------------------


def visit(cast, case, conclusion, *, day=1):
    actions.assign_inspection(
        case_id=case.pk, inspectors="演示甲（执法证 1）、演示乙（执法证 2）", place="示例街 6 号", visit_on=local_day(at(day)),
        by=cast.reviewer, at=at(day),
    )  # fmt: skip
    return actions.record_inspection(
        case_id=case.pk, findings="场所与图纸一致", conclusion=conclusion, by=cast.reviewer, at=at(day)
    )


@pytest.mark.parametrize("names", ["演示甲", "演示甲、演示甲", "", "，、"])
def test_an_inspection_wants_two_persons(cast, names):
    case = reviewing(cast)
    with pytest.raises(Refused, match="两名以上"):
        actions.assign_inspection(
            case_id=case.pk,
            inspectors=names,
            place="示例街 6 号",
            visit_on=date(2026, 3, 5),
            by=cast.reviewer,
            at=at(1),
        )


def test_nothing_is_granted_against_the_last_inspection_or_before_its_record(cast):
    case = reviewing(cast)
    visit(cast, case, "again")
    actions.propose(case_id=case.pk, outcome="approve", opinion="整改后可以", by=cast.reviewer, at=at(2))
    with pytest.raises(Refused, match="结论不是“符合”"):
        actions.approve(case_id=case.pk, by=cast.head, at=at(2))
    actions.return_proposal(case_id=case.pk, reason="请整改后复查", by=cast.head, at=at(2))
    actions.assign_inspection(
        case_id=case.pk,
        inspectors="演示甲、演示乙",
        place="示例街 6 号",
        visit_on=local_day(at(3)),
        by=cast.reviewer,
        at=at(2),
    )
    with pytest.raises(Refused, match="还没有登记结论"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(2))
    with pytest.raises(Refused, match="还没有到"):
        actions.record_inspection(
            case_id=case.pk, findings="看过了，合格", conclusion="pass", by=cast.reviewer, at=at(2)
        )
    actions.record_inspection(
        case_id=case.pk, findings="整改完毕，合格", conclusion="pass", by=cast.reviewer, at=at(3)
    )
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(3))
    assert actions.approve(case_id=case.pk, by=cast.head, at=at(3)).state == "approved"
    assert Inspection.objects.filter(case=case).count() == 2
    assert {"inspection_order", "inspection_record"} <= papers(case)


# -- hearing ------------------------------------------------------------------------------------------------------


def told(cast, case, **kind):
    return actions.tell_hearing_right(
        case_id=case.pk, reason="涉及相邻住户的重大利益", by=cast.reviewer, at=at(0), **kind
    )


def test_a_hearing_is_offered_asked_for_announced_and_held_before_the_decision(cast):
    case = reviewing(cast)
    told(cast, case)
    with pytest.raises(Refused, match="期满前不能作出决定"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    actions.ask_hearing(case_id=case.pk, by=cast.citizen, at=at(1))
    with pytest.raises(Refused, match="还没有举行"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(9))
    announce = {"case_id": case.pk, "place": "旗政务服务中心三楼", "by": cast.reviewer, "at": at(1)}
    with pytest.raises(Refused, match="7 日前通知"):
        actions.summon_hearing(held_on=local_day(at(7)), chair="演示丁", **announce)
    with pytest.raises(Refused, match="二十日内"):
        actions.summon_hearing(held_on=local_day(at(60)), chair="演示丁", **announce)
    with pytest.raises(Refused, match="以外的工作人员"):
        actions.summon_hearing(held_on=local_day(at(8)), chair=cast.reviewer.name, **announce)
    actions.summon_hearing(held_on=local_day(at(8)), chair="演示丁", **announce)
    assert now(case).state == "in_special"
    assert now(case).legal_due_on is None
    with pytest.raises(Refused, match="笔录"):
        actions.end_special(case_id=case.pk, result="听证已举行", by=cast.reviewer, at=at(8))
    actions.end_special(
        case_id=case.pk, result="听证已举行", opinion="双方陈述意见，没有新的证据", by=cast.reviewer, at=at(8)
    )
    actions.propose(case_id=case.pk, outcome="approve", opinion="依笔录可以", by=cast.reviewer, at=at(8))
    assert {"hearing_right", "hearing_notice"} <= papers(case)
    assert not Term.objects.running().filter(subject_id=str(case.pk), kind__startswith="hearing").exists()


@pytest.mark.parametrize("way", ["waived", "let pass"])
def test_a_hearing_given_up_holds_nothing_up(cast, way):
    case, day = reviewing(cast), 1
    told(cast, case)
    if way == "waived":
        actions.waive_hearing(case_id=case.pk, by=cast.citizen, at=at(1))
    else:
        day = 8  # five working days after Monday
    assert actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(day))
    with pytest.raises(Refused):
        actions.ask_hearing(case_id=case.pk, by=cast.citizen, at=at(day))


# -- opinions, extension ------------------------------------------------------------------------------------------


def test_another_unit_is_asked_sees_the_case_until_it_answers_and_holds_up_the_decision(cast):
    case = reviewing(cast)
    assert not Case.objects.open_to(cast.other_reviewer).filter(pk=case.pk).exists()
    actions.ask_opinion(
        case_id=case.pk, org_code="demo-other", question="是否在城镇规划范围内？", by=cast.reviewer, at=at(0)
    )
    assert Case.objects.open_to(cast.other_reviewer).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(cast.other_reviewer).filter(pk=case.pk).exists(), "it is not in their inbox"
    with pytest.raises(Refused, match="还没有答复"):
        actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))
    with pytest.raises(Refused):
        actions.give_opinion(case_id=case.pk, verdict="agree", answer="", by=cast.reviewer, at=at(1))
    actions.give_opinion(case_id=case.pk, verdict="agree", answer="在规划范围内", by=cast.other_reviewer, at=at(1))
    assert not Case.objects.open_to(cast.other_reviewer).filter(pk=case.pk).exists()
    assert Opinion.objects.get().verdict == "agree"
    actions.propose(case_id=case.pk, outcome="approve", opinion="可以", by=cast.reviewer, at=at(1))


def test_an_extension_is_asked_by_one_approved_by_the_head_and_used_once(cast):
    case = reviewing(cast)
    ask = {"case_id": case.pk, "reason": "需要进一步核实", "by": cast.reviewer, "at": at(1)}
    with pytest.raises(Refused, match="1 至 10"):
        actions.ask_extension(days=11, **ask)
    actions.ask_extension(days=10, **ask)
    assert now(case).legal_due_on == case.legal_due_on, "asking moves nothing"
    with pytest.raises(Refused, match="负责人"):
        actions.grant_extension(case_id=case.pk, by=cast.reviewer, at=at(1))
    actions.grant_extension(case_id=case.pk, by=cast.head, at=at(1))
    assert now(case).legal_due_on == CALENDAR.add_workdays(case.legal_due_on, 10)
    assert "extension" in papers(case)
    with pytest.raises(Refused, match="只能延长一次"):
        actions.ask_extension(days=1, **ask)


def test_what_is_decided_straight_after_acceptance_cites_the_decision_on_the_spot(cast):
    from siban.cases.actions import material_checks
    from siban.kernel import journal

    case = standing.in_state(cast, "submitted")
    material_checks.pass_rest(case_id=case.pk, by=cast.clerk, at=MONDAY)
    actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY)
    reviewed = standing.in_state(cast, "approved", who="stranger")
    if not now(case).is_four_eyes:
        actions.approve(case_id=case.pk, by=cast.head, at=MONDAY)
        assert "第三十四条第二款" in journal.timeline(case).get(move="approve").law
        assert "第三十四条第二款" in Paper.objects.get(subject_id=str(case.pk), kind="approval").content["law"]
    law = journal.timeline(reviewed).get(move="approve").law
    assert "第三十八条第一款" in law
    assert "第三十四条第二款" not in law


def test_a_renewal_waits_for_the_paper_that_was_promised(cast):
    case = reviewing(cast)
    Case.objects.filter(pk=case.pk).update(renewal_due_on=date(2026, 3, 5), deficiency_due_on=date(2026, 3, 12))
    assert tasks.deem_renewals(at(8)) == 0
    with pytest.raises(Refused, match="补齐以前不能出结果"):
        actions.deem_renewed(case_id=case.pk, at=at(8))
    Case.objects.filter(pk=case.pk).update(deficiency_due_on=None)
    assert tasks.deem_renewals(at(8)) == 1
