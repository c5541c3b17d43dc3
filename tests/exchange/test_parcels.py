"""Parcels: numbers, events in any order, failures, whose term it weighs on, labels; and the pages."""

import io
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from siban.cases import actions as case_actions
from siban.cases import parcels
from siban.cases.models import Case
from siban.exchange import actions, api, labels, rules_parcels
from siban.exchange.connectors.post import Told
from siban.exchange.connectors.sms import signature
from siban.exchange.models import Message, Parcel
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from tests.cases.cast import MONDAY, Cast, client_of, in_state

LATER = MONDAY + timedelta(days=1)
OWN = "EX123456785CN"


@given(st.integers(0, 10**12))
def test_a_number_we_give_is_a_right_one_and_a_slip_of_one_digit_is_found(serial: int) -> None:
    number = rules_parcels.waybill(serial)
    assert rules_parcels.check_waybill(number) is None
    assert rules_parcels.check_waybill(f" {number.lower()} ") is None
    place = 2 + serial % 8
    slip = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    digits_apart = rules_parcels.check_digit(slip[2:10]) != rules_parcels.check_digit(number[2:10])
    assert (rules_parcels.check_waybill(slip) is not None) == digits_apart


@pytest.mark.parametrize(
    "number", ["", "EX", "EX123456784CN", "1X123456785CN", "EX12345678５CN", "EX123456785US", OWN + "1"]
)
def test_a_wrong_number_is_said_with_what_is_right(number: str) -> None:
    why = rules_parcels.check_waybill(number)
    assert why is not None
    assert "请对照面单" in why


@dataclass
class Sent:
    direction: str
    state: str
    handed_over_at: datetime | None


T1, T2 = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([], None),
        ([Sent("out", "registered", None)], None),
        ([Sent("out", "handed_over", T1)], T1),
        ([Sent("out", "travelling", T1)], T1),
        ([Sent("out", "signed", T1)], T1),
        ([Sent("out", "returned", T1)], None),
        ([Sent("out", "lost", T1)], None),
        ([Sent("out", "settled", T1), Sent("out", "registered", None)], None),
        ([Sent("out", "settled", T1), Sent("out", "handed_over", T2)], T2),
        ([Sent("in", "signed", T1)], None),
    ],
)
def test_the_term_weighs_on_the_office_until_the_hand_over_that_holds(sent: list[Sent], expected: Any) -> None:
    assert rules_parcels.handed_over(sent) == expected


@pytest.fixture
def case(cast: Cast) -> Case:
    """A result that is to go by mail."""
    made = in_state(cast, "issued")
    Case.objects.filter(pk=made.pk).update(delivery="mail", mail_address="演示苏木演示嘎查 1 号", mobile="13800000001")
    return Case.objects.select_related("org", "version", "person").get(pk=made.pk)


def out(cast: Cast, case: Case) -> Parcel:
    return parcels.book_out(case, by=cast.clerk, at=LATER)


def tell(parcel: Parcel, kind: str, event: str = "", hours: int = 1) -> bool:
    told = Told(event or kind, parcel.number, kind, LATER + timedelta(hours=hours), "演示邮局", "")
    return actions.record_event(told, at=LATER + timedelta(days=3))


def test_only_a_result_that_is_ready_and_wished_by_mail_goes_out_once(cast: Cast, case: Case) -> None:
    made = out(cast, case)
    assert rules_parcels.check_waybill(made.number) is None
    with pytest.raises(Refused, match="已经有一件"):
        out(cast, case)
    for changed, words in (
        ({"delivery": "counter"}, "不用邮寄"),
        ({"state": "accepted"}, "没有做好"),
        ({"mail_address": ""}, "地址"),
    ):
        Parcel.objects.all().delete()
        other = Case(**{f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields} | changed)
        with pytest.raises(Refused, match=words):
            parcels.book_out(other, by=cast.clerk, at=LATER)


def test_strangers_and_neighbours_send_nothing(cast: Cast, case: Case) -> None:
    for who in ("stranger", "other_reviewer", "township_clerk", "inspector"):
        with pytest.raises(Refused):
            parcels.book_out(case, by=cast.actors[who], at=LATER)
    made = out(cast, case)
    for who in ("stranger", "citizen", "other_reviewer", "inspector"):
        with pytest.raises(Refused):
            actions.hand_over(parcel_id=made.pk, by=cast.actors[who], at=LATER)


def test_delivering_under_the_number_is_the_hand_over(cast: Cast, case: Case) -> None:
    made = out(cast, case)
    assert api.handed_over_at(("cases.Case", str(case.pk))) is None
    case_actions.deliver(case_id=case.pk, by=cast.clerk, at=LATER, tracking=made.number)
    while journal.deliver(at=LATER + timedelta(days=1)):
        pass
    made.refresh_from_db()
    assert (made.state, made.handed_over_at) == ("handed_over", LATER)
    assert api.handed_over_at(("cases.Case", str(case.pk))) == LATER


@pytest.mark.parametrize("order", list(itertools.permutations(["accepted", "transit", "signed"])), ids="-".join)
def test_events_may_come_in_any_order_and_twice(cast: Cast, case: Case, order: tuple[str, ...]) -> None:
    made = out(cast, case)
    for kind in (*order, *order):
        assert tell(made, kind, hours=["accepted", "transit", "signed"].index(kind))
    made.refresh_from_db()
    assert made.state == "signed"
    assert made.events.count() == 3
    assert made.signed_at == LATER + timedelta(hours=2)
    assert Message.objects.filter(kind="parcel.office").count() == 0
    assert list(journal.verify()) == []


def test_an_unknown_number_is_not_taken(db: None) -> None:
    assert not actions.record_event(Told("1", OWN, "signed", LATER, "", ""), at=LATER)


@pytest.mark.parametrize("kind", ["returned", "lost"])
def test_a_failed_parcel_is_a_task_of_the_office_and_weighs_again(cast: Cast, case: Case, kind: str) -> None:
    made = out(cast, case)
    actions.hand_over(parcel_id=made.pk, by=cast.clerk, at=LATER)
    tell(made, kind)
    subject = ("cases.Case", str(case.pk))
    assert api.handed_over_at(subject) is None
    with pytest.raises(Refused, match="已经有一件"):
        out(cast, case)  # what failed is seen to first
    task = Message.objects.get(kind="parcel.office")
    assert (task.role, task.org_id, task.is_urgent) == ("approver", case.org_id, True)
    with pytest.raises(Refused, match="怎样处理"):
        actions.settle_otherwise(parcel_id=made.pk, how="", by=cast.clerk, at=LATER)
    again = actions.send_again(parcel_id=made.pk, address="演示镇 2 号", by=cast.clerk, at=LATER + timedelta(days=4))
    assert (again.replaces_id, again.address, again.state) == (made.pk, "演示镇 2 号", "registered")
    actions.hand_over(parcel_id=again.pk, by=cast.clerk, at=LATER + timedelta(days=5))
    assert api.handed_over_at(subject) == LATER + timedelta(days=5)


def test_materials_sent_in_reach_the_desk(cast: Cast) -> None:
    case = in_state(cast, "correcting")
    case = Case.objects.select_related("org", "person").get(pk=case.pk)
    made = parcels.book_in(case, contents="户口簿复印件 1 份", number=OWN.lower(), by=cast.citizen, at=LATER)
    assert made.number == OWN
    with pytest.raises(Refused, match="已经登记过"):
        parcels.book_in(case, contents="又一份", number=OWN, by=cast.citizen, at=LATER)
    with pytest.raises(Refused, match="寄的是什么"):
        parcels.book_in(case, contents=" ", by=cast.citizen, at=LATER)
    with pytest.raises(Refused):
        parcels.book_in(case, contents="户口簿", by=cast.stranger, at=LATER)
    tell(made, "signed")
    assert "户口簿复印件" in Message.objects.get(kind="parcel.office").body


def test_the_label_is_one_sheet_and_who_printed_it_is_kept(cast: Cast, case: Case) -> None:
    made = out(cast, case)
    body = labels.label(parcel_id=made.pk, by=cast.clerk, at=LATER)
    with pikepdf.open(io.BytesIO(body)) as sheet:
        assert len(sheet.pages) == 1
    assert [e.move for e in journal.timeline(made)] == ["register", "print_label"]
    with pytest.raises(Parcel.DoesNotExist):
        labels.label(parcel_id=made.pk, by=cast.other_reviewer, at=LATER)


def report(said: Any, *, secret: str = "geheim", seconds: int = 0) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = str(int(clock.now().timestamp()) + seconds)
    heads = {"X-Siban-Timestamp": stamp, "X-Siban-Signature": signature(secret, stamp, body)}
    return Client().post("/exchange/post/events/", body, content_type="application/json", headers=heads)


def test_the_carrier_tells_signed(cast: Cast, case: Case, settings: Any) -> None:
    settings.POST_SECRET = "geheim"
    made = out(cast, case)
    said = {"event_id": "e1", "number": made.number, "kind": "signed", "at": LATER.isoformat()}
    assert report(said, secret="falsch").status_code == report(said, seconds=-400).status_code == 401
    for wrong in (
        b"",
        {**said, "kind": "?"},
        {**said, "at": "gestern"},
        {**said, "at": "2026-03-02"},
        {**said, "place": 7},
    ):
        assert report(wrong).status_code == 422
    assert report({**said, "number": OWN}).status_code == 404
    assert report(said).status_code == report(said).status_code == 200
    made.refresh_from_db()
    assert made.state == "signed"


def test_the_desk_books_prints_hands_over_and_plays_the_post(cast: Cast, case: Case) -> None:
    clerk = client_of(cast, "clerk")
    assert "开寄件单" in clerk.get(f"/desk/cases/{case.number}/").content.decode()
    assert clerk.post(f"/desk/parcels/of/{case.number}/").status_code == 302
    made = Parcel.objects.get()
    assert "开寄件单" not in clerk.get(f"/desk/cases/{case.number}/").content.decode()
    page = clerk.get(f"/desk/parcels/{made.pk}/").content.decode()
    assert "已经交寄" in page
    assert case.applicant_name not in page
    assert clerk.get(f"/desk/parcels/{made.pk}/label.pdf").content.startswith(b"%PDF")
    clerk.post(f"/desk/parcels/{made.pk}/hand-over/")
    clerk.post(f"/desk/parcels/{made.pk}/play/", {"kind": "returned"})
    assert "请联系申请人" in clerk.get(f"/desk/parcels/{made.pk}/").content.decode()
    clerk.post(f"/desk/parcels/{made.pk}/again/", {"address": "演示镇 2 号"})
    assert made.number not in clerk.get("/desk/parcels/", {"state": "failed"}).content.decode()
    assert Parcel.objects.count() == 2
    mine = client_of(cast, "citizen").get(f"/my/parcels/{made.pk}/").content.decode()
    assert "查看重新寄送的邮件" in mine
    assert client_of(cast, "other_reviewer").get(f"/desk/parcels/{made.pk}/").status_code == 404


def test_nobody_plays_the_post_where_there_is_a_real_one(cast: Cast, case: Case, settings: Any) -> None:
    made = out(cast, case)
    settings.POST_SECRET = "geheim"
    assert client_of(cast, "clerk").post(f"/desk/parcels/{made.pk}/play/", {"kind": "lost"}).status_code == 404


def test_the_applicant_books_and_what_was_typed_wrong_is_kept(cast: Cast) -> None:
    case = in_state(cast, "correcting")
    citizen = client_of(cast, "citizen")
    address = f"/my/cases/{case.number}/send/"
    assert address in citizen.get(f"/my/cases/{case.number}/").content.decode()
    wrong = citizen.post(address, {"contents": "户口簿复印件", "waybill": "EX123456784CN"})
    assert wrong.status_code == 422
    assert "校验位不对" in wrong.content.decode()
    assert 'value="户口簿复印件"' in wrong.content.decode()
    assert citizen.post(address, {"contents": "户口簿复印件"}).status_code == 302
    assert client_of(cast, "stranger").post(address, {"contents": "x"}).status_code == 404


def test_statements_of_the_list_do_not_grow(cast: Cast) -> None:
    case = Case.objects.select_related("org", "person").get(pk=in_state(cast, "correcting").pk)
    clerk, counts = client_of(cast, "clerk"), []
    clerk.get("/desk/parcels/")
    for n in range(6):
        parcels.book_in(case, contents=f"材料 {n}", by=cast.citizen, at=LATER)
        if n in (0, 5):
            with CaptureQueriesContext(connection) as seen:
                clerk.get("/desk/parcels/")
            counts.append(len(seen))
    assert counts[0] == counts[1]
