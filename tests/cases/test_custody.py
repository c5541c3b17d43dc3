"""统一出件: every paper thing has one holder, known at once; it leaves with the right code, card and name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from siban.cases import rules_custody
from siban.cases.actions import custody as actions
from siban.cases.actions import handing_out
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece, Handover, PickupCode
from siban.cases.queries import custody as queries
from siban.kernel import clock, journal
from siban.kernel.flow import Refused

from . import cast as standing

AT = standing.MONDAY
LATER = AT + timedelta(days=1)


@pytest.fixture
def desk(db):
    return standing.cast()


def made(cast, state="issued", *, delivery="counter", who="citizen", at=AT):
    case = standing.in_state(cast, state, at=at, who=who)
    Case.objects.filter(pk=case.pk).update(delivery=delivery)
    return Case.objects.get(pk=case.pk)


def sent(cast, case, to="hall"):
    actions.send_results(cases=[case.pk], to_org_id=cast.orgs[to].pk, by=cast.reviewer, at=LATER)
    return CustodyPiece.objects.get(case=case)


def here(cast, case, to="hall", by=None):
    piece = sent(cast, case, to)
    actions.confirm(handovers=[piece.handovers.get().pk], by=by or cast.clerk, at=LATER)
    piece.refresh_from_db()
    return piece


def code_of(case):
    found = queries.pickup_of(case)
    assert found is not None
    return found.code


def out(cast, case, *, by=None, at=LATER, **said):
    given = {
        "code": code_of(case),
        "number": cast.persons["citizen"].id_number,
        "receiver": cast.persons["citizen"].name,
    }
    return handing_out.hand_out(case_id=case.pk, by=by or cast.clerk, at=at, **(given | said))


@pytest.mark.parametrize("body", ["260000001", "261234567", "269999999", "000000000"])
def test_a_single_wrong_digit_or_a_swap_of_neighbours_is_noticed(body):
    good = body + rules_custody.luhn(body)
    assert rules_custody.wrong_barcode(good) is None
    for place in range(10):
        for digit in "0123456789":
            if digit != good[place]:
                assert rules_custody.wrong_barcode(good[:place] + digit + good[place + 1 :])
    for place in range(9):
        swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
        if swapped != good and {good[place], good[place + 1]} != {"0", "9"}:
            assert rules_custody.wrong_barcode(swapped)


@pytest.mark.parametrize("typed", ["", "12", "x" * 10, "１２３４５６７８９０", "1" * 300])
def test_what_is_no_barcode_is_said(typed):
    assert "应为 10 位数字" in (rules_custody.wrong_barcode(typed) or "")


def test_a_result_stays_with_the_department_until_the_desk_confirms(desk):
    case = made(desk)
    piece = sent(desk, case)
    assert (piece.holder, piece.holder_org) == ("office", desk.orgs["department"])
    assert "待" in queries.piece_page(desk.clerk, piece.barcode).lamp.label
    actions.confirm(handovers=[piece.handovers.get().pk], by=desk.clerk, at=LATER)
    piece.refresh_from_db()
    assert (piece.holder, piece.holder_org) == ("counter", desk.orgs["hall"])
    assert [e.move for e in journal.timeline(piece)] == ["register", "hand_over", "confirm"]


def test_a_result_is_sent_once(desk):
    case = made(desk)
    sent(desk, case)
    assert queries.results_to_send(desk.reviewer) == ()
    with pytest.raises(Refused, match="已经登记过"):
        actions.send_results(cases=[case.pk], to_org_id=desk.orgs["hall"].pk, by=desk.reviewer, at=LATER)


@pytest.mark.parametrize("who", ["other_reviewer", "clerk", "township_clerk", "citizen", "stranger", "inspector"])
def test_only_the_department_sends_its_results(desk, who):
    case = made(desk)
    with pytest.raises(Refused):
        actions.send_results(cases=[case.pk], to_org_id=desk.orgs["hall"].pk, by=desk.actors[who], at=LATER)
    assert not CustodyPiece.objects.exists()


@pytest.mark.parametrize("who", ["other_reviewer", "township_clerk", "reviewer", "inspector"])
def test_only_the_receiving_side_confirms(desk, who):
    piece = sent(desk, made(desk))
    with pytest.raises(Refused):
        actions.confirm(handovers=[piece.handovers.get().pk], by=desk.actors[who], at=LATER)
    piece.refresh_from_db()
    assert piece.holder == "office"


def test_what_is_refused_stays_with_the_giver_with_the_reason(desk):
    piece = sent(desk, made(desk))
    with pytest.raises(Refused, match="为什么拒收"):
        actions.refuse(piece_id=piece.pk, reason=" ", by=desk.clerk, at=LATER)
    actions.refuse(piece_id=piece.pk, reason="证照有污损", by=desk.clerk, at=LATER)
    piece.refresh_from_db()
    assert piece.holder == "office"
    assert "证照有污损" in [p.note for p in queries.piece_page(desk.reviewer, piece.barcode).chain]
    actions.hand_over(pieces=[piece.pk], to="counter", to_org_id=desk.orgs["hall"].pk, by=desk.reviewer, at=LATER)


def test_a_piece_is_on_one_way_only(desk):
    piece = sent(desk, made(desk))
    with pytest.raises(Refused, match="等待对方接收"):
        actions.hand_over(
            pieces=[piece.pk], to="archive", to_org_id=desk.orgs["department"].pk, by=desk.reviewer, at=LATER
        )
    one = piece.handovers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            piece=piece, batch=one.batch, from_holder="office", from_org=one.from_org, to_holder="archive",
            to_org=one.from_org, by=one.by, at=LATER,
        )  # fmt: skip
    actions.take_back(piece_id=piece.pk, by=desk.reviewer, at=LATER)
    actions.hand_over(
        pieces=[piece.pk], to="archive", to_org_id=desk.orgs["department"].pk, by=desk.reviewer, at=LATER
    )


def test_nobody_gives_what_lies_with_another(desk):
    piece = here(desk, made(desk))
    for who in ("reviewer", "other_reviewer", "township_clerk"):
        with pytest.raises(Refused):
            actions.hand_over(
                pieces=[piece.pk], to="counter", to_org_id=desk.orgs["township"].pk, by=desk.actors[who], at=LATER
            )


def test_a_piece_has_a_holder_in_every_row(desk):
    piece = here(desk, made(desk))
    with pytest.raises(IntegrityError), transaction.atomic():
        CustodyPiece.objects.filter(pk=piece.pk).update(holder_org=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        CustodyPiece.objects.filter(pk=piece.pk).update(holder="applicant")


def test_the_applicant_fetches_with_the_code_and_the_case_is_closed(desk):
    case = made(desk)
    piece = here(desk, case)
    out(desk, case)
    piece.refresh_from_db()
    case.refresh_from_db()
    assert (piece.holder, piece.holder_org, case.state) == ("applicant", None, "closed")
    last = piece.handovers.order_by("-at", "-id").first()
    assert (last.receiver, last.receiver_tail) == (
        desk.persons["citizen"].name,
        desk.persons["citizen"].id_number[-4:],
    )
    assert queries.pickup_of(case) is None


def test_the_code_is_kept_as_a_hash_alone(desk):
    case = made(desk)
    here(desk, case)
    kept, code = PickupCode.objects.get(), code_of(case)
    assert len(code) == 6
    assert code not in (kept.code_hash, kept.nonce)
    assert all(code not in str(e.facts) + e.note for e in journal.timeline(case))


def test_the_applicant_comes_without_the_code_and_another_person_does_not(desk):
    case = made(desk)
    here(desk, case)
    with pytest.raises(Refused, match="代领的"):
        out(desk, case, code="", number=desk.persons["stranger"].id_number, receiver="演示乙")
    out(desk, case, code="")
    case.refresh_from_db()
    assert case.state == "closed"


def test_somebody_sent_by_the_applicant_brings_the_code(desk):
    case = made(desk)
    piece = here(desk, case)
    out(desk, case, number=desk.persons["stranger"].id_number, receiver="演示乙")
    assert piece.handovers.order_by("-at", "-id").first().receiver == "演示乙"


def test_wrong_codes_are_counted_even_though_nothing_else_changes_and_then_rest(desk):
    case = made(desk)
    piece = here(desk, case)
    right = code_of(case)
    wrong = "000000" if right != "000000" else "111111"
    for left in range(rules_custody.TRIES - 1, 0, -1):
        with pytest.raises(handing_out.WrongCode, match=f"还可以试 {left} 次"):
            out(desk, case, code=wrong)
    with pytest.raises(handing_out.WrongCode, match="连续输错"):
        out(desk, case, code=wrong)
    with pytest.raises(Refused, match="分钟后再试"):
        out(desk, case, code=right)
    piece.refresh_from_db()
    assert piece.holder == "counter"
    out(desk, case, code=right, at=LATER + timedelta(minutes=rules_custody.LOCK_MINUTES + 1))


@pytest.mark.parametrize(
    ("said", "why"),
    [({"number": "123"}, "18 位"), ({"receiver": ""}, "签收人的姓名"), ({"receiver": "别人"}, "不一致")],
)
def test_card_and_signature_must_be_right(desk, said, why):
    case = made(desk)
    piece = here(desk, case)
    with pytest.raises(Refused, match=why):
        out(desk, case, **said)
    piece.refresh_from_db()
    assert piece.holder == "counter"


def test_a_township_counter_hands_out_what_was_brought_there_and_nothing_else(desk):
    case = made(desk)
    with pytest.raises(Refused):
        here(desk, case, by=desk.township_clerk)
    piece = CustodyPiece.objects.get()
    actions.confirm(handovers=[piece.handovers.get().pk], by=desk.clerk, at=LATER)
    with pytest.raises(Refused):
        out(desk, case, by=desk.township_clerk)
    actions.hand_over(pieces=[piece.pk], to="counter", to_org_id=desk.orgs["township"].pk, by=desk.clerk, at=LATER)
    actions.confirm(handovers=[piece.handovers.get(outcome="pending").pk], by=desk.township_clerk, at=LATER)
    with pytest.raises(Refused, match="没有件在本窗口"):
        out(desk, case)
    out(desk, case, by=desk.township_clerk)
    case.refresh_from_db()
    assert case.state == "closed"


def test_originals_go_back_with_the_result(desk):
    case = made(desk)
    (original,) = actions.register(case_id=case.pk, things=[("original", "旧证")], by=desk.clerk, at=LATER)
    assert original.holder == "counter"
    here_piece = here_result(desk, case)
    assert {p.pk for p in out(desk, case)} == {original.pk, here_piece.pk}
    original.refresh_from_db()
    assert original.holder == "applicant"


def here_result(cast, case):
    actions.send_results(cases=[case.pk], to_org_id=cast.orgs["hall"].pk, by=cast.reviewer, at=LATER)
    piece = CustodyPiece.objects.exclude(kind="original").get(case=case)
    actions.confirm(handovers=[piece.handovers.get().pk], by=cast.clerk, at=LATER)
    piece.refresh_from_db()
    return piece


def test_a_lost_piece_does_not_leave_until_it_is_found(desk):
    case = made(desk)
    piece = here(desk, case)
    with pytest.raises(Refused, match="经过"):
        actions.report_lost(piece_id=piece.pk, reason="丢", by=desk.clerk, at=LATER)
    actions.report_lost(piece_id=piece.pk, reason="盘点时没有找到，昨天还在柜里", by=desk.clerk, at=LATER)
    with pytest.raises(Refused):
        handing_out.hand_out(
            case_id=case.pk, code="", number=case.person.id_number, receiver=case.person.name, by=desk.clerk, at=LATER
        )
    actions.report_found(piece_id=piece.pk, by=desk.clerk, at=LATER)
    out(desk, case)


def test_what_goes_by_mail_is_delivered_with_its_number(desk):
    case = made(desk, delivery="mail")
    piece = here(desk, case)
    with pytest.raises(Refused, match="邮寄单号"):
        handing_out.post(piece_id=piece.pk, tracking="1", by=desk.clerk, at=LATER)
    handing_out.post(piece_id=piece.pk, tracking="EX123456789", by=desk.clerk, at=LATER)
    piece.refresh_from_db()
    case.refresh_from_db()
    assert (piece.holder, case.state) == ("courier", "closed")


def test_what_lies_too_long_is_listed_and_reminded_of_once_a_day(desk):
    piece = here(desk, made(desk))
    wanted = queries.Wanted("unclaimed")
    on_time = LATER + timedelta(days=rules_custody.UNCLAIMED_DAYS)
    assert queries.issue_list(desk.clerk, wanted, at=on_time).lines == ()
    late = on_time + timedelta(minutes=1)
    assert [line.id for line in queries.issue_list(desk.clerk, wanted, at=late).lines] == [piece.pk]
    actions.remind(piece_id=piece.pk, by=desk.clerk, at=late)
    with pytest.raises(Refused, match="今天已经催领过"):
        actions.remind(piece_id=piece.pk, by=desk.clerk, at=late)


def test_each_tab_shows_what_it_says_and_costs_the_same_for_any_number(desk, django_assert_num_queries):
    first = sent(desk, made(desk))
    assert tabs(desk, "clerk") == {"arriving": 1, "here": 0, "leaving": 0}
    assert tabs(desk, "reviewer") == {"arriving": 0, "here": 0, "leaving": 1}
    with django_assert_num_queries(3):
        queries.issue_list(desk.clerk, queries.Wanted("arriving"), at=LATER)
    for who in ("stranger", "agent"):
        sent(desk, made(desk, who=who))
    with django_assert_num_queries(3):
        found = queries.issue_list(desk.clerk, queries.Wanted("arriving"), at=LATER)
    assert len(found.lines) == 3
    assert len(queries.issue_list(desk.clerk, queries.Wanted("arriving", q=first.barcode), at=LATER).lines) == 1
    assert tabs(desk, "other_reviewer") == tabs(desk, "township_clerk") == {"arriving": 0, "here": 0, "leaving": 0}


def tabs(cast, who):
    found = {}
    for tab in ("arriving", "here", "leaving"):
        page = queries.issue_list(cast.actors[who], queries.Wanted(tab), at=LATER)
        assert page.counts[tab] == len(page.lines)
        found[tab] = len(page.lines)
    return found


def test_the_desk_works_through_its_pages(desk, deliver):
    case = made(desk, at=clock.now() - timedelta(hours=9))
    department, clerk = standing.client_of(desk, "reviewer"), standing.client_of(desk, "clerk")
    assert case.number in department.get("/desk/issue/results/").content.decode()
    department.post("/desk/issue/results/", {"case": [str(case.pk)], "to": str(desk.orgs["hall"].pk)})
    piece = CustodyPiece.objects.get()
    listed = clerk.get("/desk/issue/?tab=arriving").content.decode()
    assert piece.barcode in listed
    assert desk.persons["citizen"].name not in listed
    clerk.post("/desk/issue/confirm/", {"handover": [str(piece.handovers.get().pk)]})
    assert (
        clerk.post("/desk/issue/find/", {"barcode": piece.barcode})["Location"]
        == f"/desk/issue/pieces/{piece.barcode}/"
    )
    page = clerk.get(f"/desk/issue/pieces/{piece.barcode}/").content.decode()
    assert "窗口" in page
    assert "<rect" in clerk.get(f"/desk/issue/labels/?piece={piece.barcode}").content.decode()
    assert b"".join(clerk.get("/desk/issue/export.xlsx").streaming_content).startswith(b"PK")
    mine = standing.client_of(desk, "citizen").get(f"/my/cases/{case.number}/").content.decode()
    assert code_of(case) in mine
    wrong = clerk.post(
        f"/desk/issue/cases/{case.number}/", {"code": "1", "number": case.person.id_number, "receiver": "演示甲"}
    )
    assert wrong.status_code == 422
    assert "取件码不对" in wrong.content.decode()
    assert 'value="演示甲"' in wrong.content.decode()
    clerk.post(
        f"/desk/issue/cases/{case.number}/",
        {"code": code_of(case), "number": case.person.id_number, "receiver": "演示甲"},
    )
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.number in clerk.get("/desk/issue/?tab=done").content.decode()


def test_a_piece_is_out_of_sight_for_who_never_had_it(desk):
    piece = here(desk, made(desk))
    for who, status in (("other_reviewer", 404), ("township_clerk", 404), ("stranger", 403), ("inspector", 403)):
        client = standing.client_of(desk, who)
        assert client.get(f"/desk/issue/pieces/{piece.barcode}/").status_code == status, who
        assert client.post(f"/desk/issue/pieces/{piece.barcode}/give/", {"place": "x"}).status_code == status, who
