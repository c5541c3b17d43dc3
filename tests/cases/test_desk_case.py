"""The case page for staff: what it shows, what it does, what it refuses and keeps."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siban.cases import actions
from siban.cases.models import Case
from siban.kernel import journal
from siban.kernel.models import JournalEntry, Paper

from . import cast as standing


def where(case: Case, tail: str = "") -> str:
    return f"/desk/cases/{case.number}/{tail}"


def act(client, case: Case, move: str, **given):
    return client.post(where(case, f"{move}/"), {"seen": case.state, **given})


@pytest.fixture
def head(cast):
    return standing.client_of(cast, "head")


@pytest.fixture
def reviewer(cast):
    return standing.client_of(cast, "reviewer")


@pytest.mark.parametrize(
    "state",
    ["submitted", "correcting", "accepted", "in_review", "approved", "rejected", "issued", "closed", "not_accepted"],
)
def test_the_page_stands_in_every_state(cast, reviewer, state):
    case = standing.in_state(cast, state)
    page = reviewer.get(where(case)).content.decode()
    assert case.number in page
    assert case.get_state_display() in page
    assert "怎么算的" in page or not case.submitted_at


def test_materials_stand_beside_their_review_points(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    page = reviewer.get(where(case)).content.decode()
    for material in case.wanted():
        assert material.name in page
        for point in material.review_points:
            assert point in page


def test_numbers_are_masked_and_shown_only_for_a_purpose(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    number = case.applicant_id_number
    assert number not in reviewer.get(where(case)).content.decode()
    asked = reviewer.post(where(case, "reveal/applicant_id_number/"), headers={"HX-Request": "true"}).content.decode()
    assert number not in asked
    assert 'name="purpose"' in asked
    refused = reviewer.post(where(case, "reveal/applicant_id_number/"), {"purpose": " "})
    assert (refused.status_code, number in refused.content.decode()) == (422, False)
    assert not JournalEntry.objects.filter(move="unmask").exists()
    told = reviewer.post(where(case, "reveal/applicant_id_number/"), {"purpose": "核对身份"})
    assert number in told.content.decode()
    entry = JournalEntry.objects.get(move="unmask")
    assert (entry.note, entry.actor_id) == ("证件号码：核对身份", cast.reviewer.account_id)


def test_no_sensitive_answer_is_in_the_page(cast, reviewer):
    from siban.cases.forms import fields_of

    case = standing.in_state(cast, "submitted")
    page = reviewer.get(where(case)).content.decode()
    hidden = {
        s.element: s.label_of(case.form.get(s.element))
        for s in fields_of(case)
        if s.sensitive and case.form.get(s.element)
    }
    assert hidden
    for element in hidden:
        assert f"reveal/form:{element}/" in page
    element, value = next(iter(hidden.items()))
    assert value in reviewer.post(where(case, f"reveal/form:{element}/"), {"purpose": "核对申请表"}).content.decode()


@pytest.mark.parametrize("field", ["form", "decision_note", "password", "form:nothing", "id"])
def test_nothing_else_can_be_revealed(cast, reviewer, field):
    case = standing.in_state(cast, "submitted")
    assert reviewer.post(where(case, f"reveal/{field}/"), {"purpose": "核对身份"}).status_code == 404


def test_accepting_is_one_press(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    assert act(reviewer, case, "accept")["Location"] == where(case)
    case.refresh_from_db()
    assert case.state == "accepted"
    assert "已受理，受理通知书已出具" in reviewer.get(where(case)).content.decode()


def test_a_correction_names_every_point_and_suggests_the_review_points(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    asked = reviewer.get(where(case, "request_correction/")).content.decode()
    for material in case.wanted():
        assert f'name="what-{material.id}"' in asked
    act(reviewer, case, "request_correction", **{"what-m03": "第二页看不清", "what-": "住址写到门牌", "days": "10"})
    case.refresh_from_db()
    assert case.state == "correcting"
    assert [(p["name"], p["what"]) for p in case.correction] == [
        (case.elements.material("m03").name, "第二页看不清"),
        ("申请表", "住址写到门牌"),
    ]


@pytest.mark.parametrize(
    ("move", "given", "said"),
    [
        ("request_correction", {"what-m03": "  ", "days": "5"}, "请至少写明一处"),
        ("request_correction", {"what-m03": "看不清楚", "days": "五"}, "补正期限“五”应为 1 至 90"),
        ("request_correction", {"what-m03": "看不清楚", "days": "0"}, "应为 1 至 90"),
        ("refuse_acceptance", {"reason": "不归", "ask_instead": "到民政局去问"}, "至少 5 个字"),
    ],
)
def test_a_refused_act_says_why_and_keeps_every_word(cast, reviewer, move, given, said):
    case = standing.in_state(cast, "submitted")
    answer = act(reviewer, case, move, **given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert said in page
    for words in given.values():
        assert words.strip() in page
    case.refresh_from_db()
    assert case.state == "submitted"


def test_rejecting_wants_reasons_and_basis_and_shows_the_remedies(cast, head):
    case = standing.in_state(cast, "proposed")
    asked = head.get(where(case, "reject/")).content.decode()
    assert "行政复议" in asked
    assert f"《{case.elements.legal_basis[0].law}》" in asked
    assert "所依据的法律条款" in act(head, case, "reject", reason="收入超过公布的标准", basis="").content.decode()
    act(head, case, "reject", reason="收入超过公布的标准", basis="办法第七条")
    assert Case.objects.get(pk=case.pk).state == "rejected"


def test_the_whole_road_from_acceptance_to_delivery(cast, reviewer, head):
    case = standing.in_state(cast, "accepted")
    for hand, move, given in (
        (reviewer, "start_review", {}),
        (reviewer, "points", {"do": "pass"}),
        (reviewer, "propose", {"outcome": "approve", "opinion": "材料齐全，符合条件"}),
        (head, "approve", {"note": "同意"}),
        (reviewer, "issue", {}),
        (reviewer, "deliver", {"receiver": "演示甲"}),
    ):
        answer = act(hand, Case.objects.get(pk=case.pk), move, **given)
        assert answer.status_code == 302, answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_parcel_without_its_number_does_not_leave(cast, reviewer):
    case = standing.in_state(cast, "issued")
    Case.objects.filter(pk=case.pk).update(delivery="mail", mail_address="演示苏木演示嘎查 1 号")
    answer = act(reviewer, case, "deliver", receiver="演示丙")
    assert "请填写邮寄单号" in answer.content.decode()
    assert 'value="演示丙"' in answer.content.decode()


def test_a_page_that_fell_behind_says_so_and_keeps_the_words(cast, reviewer, head):
    case = standing.in_state(cast, "proposed")
    at = standing.MONDAY + timedelta(hours=5)
    actions.return_proposal(case_id=case.pk, reason="请补写审查要点", by=cast.chief, at=at)
    answer = act(head, case, "approve", note="材料齐全，同意办理")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已经由“已审查，待决定”变为“审查中”" in page
    assert "材料齐全，同意办理" in page
    assert Case.objects.get(pk=case.pk).state == "in_review"
    actions.propose(case_id=case.pk, outcome="approve", opinion="补写完毕", by=cast.reviewer, at=at)
    assert act(head, Case.objects.get(pk=case.pk), "approve", note="材料齐全，同意办理").status_code == 302


def test_a_stale_simple_press_shows_the_case_as_it_is_now(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    actions.withdraw(case_id=case.pk, by=cast.citizen, at=standing.MONDAY + timedelta(hours=5))
    answer = act(reviewer, case, "accept")
    assert answer.status_code == 409
    assert "变为“已撤回”" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "move", "given"),
    [("submitted", "accept", {}), ("proposed", "reject", {"reason": "收入超过公布的标准", "basis": "办法第七条"})],
)
def test_the_same_press_twice_is_one_act(cast, reviewer, head, state, move, given):
    case, hand = standing.in_state(cast, state), reviewer if state == "submitted" else head
    assert act(hand, case, move, **given).status_code == 302
    again = act(hand, case, move, **given)
    assert again.status_code == 302
    assert "没有重复办理" in hand.get(where(case)).content.decode()
    assert [e.move for e in journal.timeline(case)].count(move) == 1
    assert (
        Paper.objects.filter(
            subject_id=str(case.pk), kind={"accept": "acceptance", "reject": "rejection"}[move]
        ).count()
        == 1
    )


def test_a_button_of_another_post_is_not_offered(cast):
    case = standing.in_state(cast, "accepted")
    page = standing.client_of(cast, "clerk").get(where(case)).content.decode()
    assert "/approve/" not in page
    assert "/withdraw/" in page


def test_what_cannot_be_done_yet_is_greyed_with_its_reason(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    case.materials.filter(material_id="m03").delete()
    page = reviewer.get(where(case)).content.decode()
    assert "还缺材料" in page
    assert 'aria-disabled="true"' in page


def test_a_file_shows_itself_and_can_do_nothing_else(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    row = case.materials.filter(file__isnull=False).first()
    answer = reviewer.get(where(case, f"files/{row.pk}/"))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "script" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    other = standing.in_state(cast, "submitted", who="stranger")
    assert reviewer.get(where(other, f"files/{row.pk}/")).status_code == 404


def test_papers_of_another_case_are_not_found(cast, reviewer):
    case, other = standing.in_state(cast, "accepted"), standing.in_state(cast, "submitted", who="stranger")
    paper = Paper.objects.get(subject_id=str(case.pk), kind="acceptance")
    answer = reviewer.get(where(case, f"papers/{paper.pk}/"))
    assert io.BytesIO(answer.content).read(4) == b"%PDF"
    assert reviewer.get(where(other, f"papers/{paper.pk}/")).status_code == 404


def test_an_instant_item_is_concluded_with_one_press(db):
    cast = standing.cast(standing.INSTANT)
    case = standing.in_state(cast, "submitted", standing.INSTANT)
    client = standing.client_of(cast, "chief")
    assert "当场办结" in client.get(where(case)).content.decode()
    assert "当场办结" not in standing.client_of(cast, "clerk").get(where(case)).content.decode()
    assert act(client, case, "conclude").status_code == 302
    assert Case.objects.get(pk=case.pk).state == "closed"
    moves = [e.move for e in journal.timeline(case)]
    assert moves[-5:] == ["accept", "approve", "issue", "deliver", "close"]
    assert {p.kind for p in Paper.objects.filter(subject_id=str(case.pk))} >= {"acceptance", "approval", "delivery"}


def test_a_promised_item_is_never_concluded_on_the_spot(cast):
    case = standing.in_state(cast, "submitted")
    answer = act(standing.client_of(cast, "chief"), case, "conclude")
    assert answer.status_code == 409
    assert "只有即办件可以当场办结" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "submitted"


def test_a_parcel_waits_for_its_number_while_the_rest_is_done(db):
    cast = standing.cast(standing.INSTANT)
    case = standing.in_state(cast, "submitted", standing.INSTANT)
    Case.objects.filter(pk=case.pk).update(delivery="mail", mail_address="演示苏木演示嘎查 1 号")
    act(standing.client_of(cast, "chief"), case, "conclude")
    assert Case.objects.get(pk=case.pk).state == "issued"


def test_nothing_of_an_on_the_spot_conclusion_stands_when_a_step_fails(db):
    cast = standing.cast(standing.INSTANT)
    case = standing.in_state(cast, "submitted", standing.INSTANT)
    case.materials.all().delete()
    answer = act(standing.client_of(cast, "chief"), case, "conclude")
    assert "还缺材料" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "submitted"
    assert not Paper.objects.filter(subject_id=str(case.pk), kind="acceptance").exists()


def test_who_may_not_decide_cannot_conclude(db):
    cast = standing.cast(standing.INSTANT)
    case = standing.in_state(cast, "submitted", standing.INSTANT)
    assert act(standing.client_of(cast, "clerk"), case, "conclude").status_code == 409
    assert Case.objects.get(pk=case.pk).state == "submitted"


def test_statements_of_the_page_do_not_grow_with_what_was_handed_in(cast, reviewer):
    case = standing.in_state(cast, "submitted")
    counts = []
    for _ in range(2):
        reviewer.get(where(case))
        with CaptureQueriesContext(connection) as caught:
            reviewer.get(where(case))
        counts.append(len(caught))
        rows = list(case.materials.all())
        for n in range(20):
            row = rows[n % len(rows)]
            row.pk, row._state.adding = None, True
            from siban.kernel.ids import uuid7

            row.pk = uuid7()
            row.save(force_insert=True)
    assert counts[0] == counts[1]
    assert counts[0] <= 17
