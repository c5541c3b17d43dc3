"""秒批: signed rules grant at once what they may, on verified data alone; everything else goes to a person."""

from datetime import timedelta

import pytest

from siban.cases import actions
from siban.cases.actions import automatic
from siban.cases.models import AutoDecision, AutoTable, Case
from siban.kernel import journal
from siban.kernel.flow import Refused

from . import cast as standing
from .cast import MONDAY

ITEM = standing.INSTANT
GRANT = {
    "when": "age >= 16 && !is_repeated",
    "outcome": "grant",
    "words": "年满十六周岁，没有在办的同一申请",
    "law": "社会保险法第五十八条",
}
ELSE = {"when": "", "outcome": "person", "words": "不符合自动准予的条件，由工作人员审批"}


@pytest.fixture
def cast(db):
    return standing.cast(ITEM, standing.SITUATED)


def signed(cast, *rows, percent=1):
    table = automatic.draft_rules(item_id=cast.items[ITEM].pk, by=cast.reviewer, at=MONDAY)
    automatic.save_rules(
        table_id=table.pk, rows=rows or (GRANT, ELSE), sample_percent=percent, by=cast.reviewer, at=MONDAY
    )
    return automatic.sign_rules(table_id=table.pk, by=cast.head, at=MONDAY)


def applied(cast, who="citizen"):
    case = standing.filled(cast, ITEM, who=who)
    return actions.submit(case_id=case.pk, by=cast.actors[who], at=MONDAY + timedelta(hours=1))


def test_a_case_is_granted_made_and_delivered_in_the_breath_of_its_submission(cast):
    table = signed(cast)
    case = applied(cast)
    assert case.state == "closed"
    moves = [e.move for e in journal.timeline(case)]
    assert moves[-6:] == ["submit", "auto_accept", "auto_approve", "auto_issue", "auto_deliver", "close"]
    made = AutoDecision.objects.get(case=case)
    assert (made.table, made.row, made.outcome) == (table, 1, "grant")
    assert made.inputs == {"age": 36, "is_repeated": False}
    row = journal.timeline(case).get(move="auto_approve")
    assert (row.facts["version"], row.facts["row"]) == (1, 1)
    assert automatic.attempt(case_id=case.pk, at=MONDAY) is None, "a second look changes nothing"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (({**GRANT, "when": "age >= 60"}, ELSE), "不符合自动准予的条件"),
        (({**GRANT, "when": 'residence == "本旗"'}, ELSE), "没有核验到"),
    ],
)
def test_whom_the_rules_do_not_grant_a_person_decides(cast, rows, why):
    signed(cast, *rows)
    case = applied(cast)
    assert case.state == "submitted"
    assert why in AutoDecision.objects.get(case=case).words
    assert "to_a_person" in [e.move for e in journal.timeline(case)]
    with pytest.raises(Refused):
        automatic.ask_recheck(case_id=case.pk, by=cast.citizen, at=MONDAY)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((GRANT,), "没有一行适用"),
        ((ELSE,), "没有一行自动准予"),
        (({**GRANT, "when": ""},), "不能无条件"),
        (({**GRANT, "when": "income < 100"}, ELSE), "没有这项核验过的信息"),
        (({**GRANT, "when": "age >>"}, ELSE), "写法有误"),
        (({**GRANT, "words": ""}, ELSE), "没有写说明"),
        ((GRANT, ELSE, {**GRANT, "when": "age < 3"}), "永远轮不到"),
    ],
)
def test_rules_that_are_not_total_or_speak_of_what_is_not_known_are_not_signed(cast, rows, sentence):
    with pytest.raises(Refused, match=sentence):
        signed(cast, *rows)
    assert AutoTable.objects.get().state == "draft"
    assert applied(cast).state == "submitted"


def test_only_the_head_signs_and_what_is_signed_is_not_changed(cast):
    table = automatic.draft_rules(item_id=cast.items[ITEM].pk, by=cast.reviewer, at=MONDAY)
    automatic.save_rules(table_id=table.pk, rows=[GRANT, ELSE], sample_percent=5, by=cast.reviewer, at=MONDAY)
    with pytest.raises(Refused, match="主要负责人签署"):
        automatic.sign_rules(table_id=table.pk, by=cast.reviewer, at=MONDAY)
    done = automatic.sign_rules(table_id=table.pk, by=cast.head, at=MONDAY)
    assert done.digest == automatic.digest(done)
    with pytest.raises(Refused, match="不能修改"):
        automatic.save_rules(table_id=table.pk, rows=[ELSE], sample_percent=5, by=cast.reviewer, at=MONDAY)
    with pytest.raises(AutoTable.DoesNotExist):
        automatic.save_rules(table_id=table.pk, rows=[ELSE], sample_percent=5, by=cast.other_reviewer, at=MONDAY)


def test_a_new_version_replaces_the_old_and_old_decisions_keep_theirs(cast):
    first = signed(cast)
    case = applied(cast)
    second = signed(cast, {**GRANT, "when": "age >= 18"}, ELSE)
    assert (second.number, AutoTable.objects.get(pk=first.pk).state) == (2, "replaced")
    assert AutoDecision.objects.get(case=case).table == first


def test_the_switch_stops_at_once_and_anyone_concerned_may_throw_it(cast):
    table = signed(cast)
    with pytest.raises(Refused, match="理由"):
        automatic.stop_rules(table_id=table.pk, reason="", by=cast.reviewer, at=MONDAY)
    automatic.stop_rules(table_id=table.pk, reason="发现数据有误", by=cast.administrator, at=MONDAY)
    assert applied(cast).state == "submitted"
    assert not AutoDecision.objects.exists()
    with pytest.raises(Refused):
        automatic.resume_rules(table_id=table.pk, by=cast.reviewer, at=MONDAY)
    automatic.resume_rules(table_id=table.pk, by=cast.head, at=MONDAY)
    assert applied(cast, "stranger").state == "closed"


def test_a_share_is_drawn_by_the_case_itself_and_checked_by_a_person(cast):
    signed(cast, percent=100)
    case = applied(cast)
    made = AutoDecision.objects.get(case=case)
    assert (made.check_state, made.check_reason) == ("due", "随机抽查")
    with pytest.raises((Refused, Case.DoesNotExist)):
        automatic.recheck(case_id=case.pk, agrees=True, note="一致", by=cast.other_reviewer, at=MONDAY)
    with pytest.raises(Refused, match="哪里不对"):
        automatic.recheck(case_id=case.pk, agrees=False, note="", by=cast.reviewer, at=MONDAY)
    automatic.recheck(case_id=case.pk, agrees=False, note="登记的年龄有误", by=cast.reviewer, at=MONDAY)
    assert AutoDecision.objects.get(case=case).check_state == "disagreed"


def test_the_share_drawn_is_the_share_asked_for():
    from siban.kernel.ids import uuid7

    drawn = sum(automatic.drawn(uuid7(), 20) for _ in range(5000))
    assert 850 < drawn < 1150


def test_the_applicant_reads_why_and_may_ask_for_a_person(cast):
    signed(cast)
    case = applied(cast)
    browser = standing.client_of(cast, "citizen")
    page = browser.get(f"/my/cases/{case.number}/").content.decode()
    for word in ("秒批规则第 1 版第 1 行", "年满十六周岁", "年龄：36", "申请人工复核"):
        assert word in page
    browser.post(f"/my/cases/{case.number}/act/ask_recheck/")
    assert AutoDecision.objects.get(case=case).check_reason == "申请人要求"
    desk = standing.client_of(cast, "reviewer")
    assert case.number in desk.get("/desk/auto/checks/").content.decode()
    assert "复核一致" in desk.get(f"/desk/cases/{case.number}/").content.decode()
    desk.post(f"/desk/cases/{case.number}/recheck/", {"outcome": "agreed", "note": "核对无误"})
    assert AutoDecision.objects.get(case=case).check_state == "agreed"


def test_rules_are_written_proven_tried_and_signed_on_the_desk(cast):
    refused = standing.in_state(cast, "closed", ITEM)
    Case.objects.filter(pk=refused.pk).update(state="rejected")
    desk, head = standing.client_of(cast, "reviewer"), standing.client_of(cast, "head")
    desk.post("/desk/auto/new/", {"item": str(cast.items[ITEM].pk)})
    where = f"/desk/auto/{AutoTable.objects.get().pk}/"
    rows = {
        "when": ["age >= 16", ""],
        "outcome": ["grant", "person"],
        "words": ["年满十六周岁", "由人审批"],
        "law": ["", ""],
    }
    desk.post(where, {"when": ["age >= 16"], "outcome": ["grant"], "words": ["够了"], "law": [""], "sample": "5"})
    assert "没有一行适用" in desk.get(where).content.decode()
    desk.post(where, {**rows, "sample": "5"})
    page = desk.get(where).content.decode()
    assert "证明完备" in page
    assert "自动准予 1 件" in page or "近半年还没有" in page
    head.post(f"{where}sign/")
    assert AutoTable.objects.get().state == "in_force"
    assert "已签署" in head.get("/desk/auto/").content.decode()


def test_an_application_by_the_interface_is_looked_at_after_its_commit(cast):
    signed(cast)
    case = standing.filled(cast, ITEM)
    AutoTable.objects.update(state="stopped")
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    AutoTable.objects.update(state="in_force")
    while journal.deliver(at=MONDAY):
        pass
    assert Case.objects.get(pk=case.pk).state == "closed"
