"""读卡器: paired for one clerk and one day; a reading is signed, fresh, taken once, and nothing of it stays."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from config.cli import reader as programme
from siban.cases import tasks
from siban.cases.actions import card_reader as actions
from siban.cases.actions import counter_visit
from siban.cases.models_counter import CardReader, CardReading
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.models import JournalEntry
from siban.kernel.web import throttle

from . import cast as standing

AT = standing.MONDAY


@pytest.fixture
def hall(db):
    for limit in throttle.EVERY:
        limit.clear()
    return standing.cast(standing.INSTANT)


def paired(cast, who="clerk", at=AT):
    return actions.pair(code=actions.offer_pairing(by=cast.actors[who], at=at), at=at)


def laid(reader, card, *, at=AT, stamp=None, secret=None):
    body = json.dumps(card).encode()
    stamp = int(at.timestamp() * 1000) if stamp is None else stamp
    signed = actions.signature(secret or reader.secret, stamp, body)
    actions.take_reading(reader_id=reader.reader, stamp=stamp, body=body, signed=signed, said=card, at=at)


CARD = {"id_number": standing.number(77), "name": "演示新人", "photo": "x" * 100}


def test_a_card_is_taken_over_once_by_the_clerk_of_the_reader_alone(hall):
    laid(paired(hall), CARD)
    assert actions.take_over(by=hall.township_clerk, at=AT) is None
    said = actions.take_over(by=hall.clerk, at=AT)
    assert (said["id_number"], said["name"]) == (CARD["id_number"], CARD["name"])
    assert "photo" not in said
    assert actions.take_over(by=hall.clerk, at=AT) is None
    assert not CardReading.objects.exists()


def test_a_pairing_code_is_used_once_within_its_minutes(hall):
    code = actions.offer_pairing(by=hall.clerk, at=AT)
    with pytest.raises(Refused, match="过期"):
        actions.pair(code=code, at=AT + timedelta(minutes=actions.CODE_MINUTES))
    actions.pair(code=code, at=AT)
    with pytest.raises(Refused):
        actions.pair(code=code, at=AT)
    assert code not in str(CardReader.objects.values())


def test_a_new_pairing_cuts_off_the_old_reader(hall):
    old = paired(hall)
    paired(hall)
    with pytest.raises(actions.Unsigned):
        laid(old, CARD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "0" * 64},
        {"stamp": int((AT - timedelta(minutes=3)).timestamp() * 1000)},
        {"stamp": int((AT + timedelta(minutes=3)).timestamp() * 1000)},
    ],
)
def test_an_unsigned_or_old_reading_is_not_taken(hall, wrong):
    with pytest.raises(actions.Unsigned):
        laid(paired(hall), CARD, **wrong)
    assert not CardReading.objects.exists()


def test_a_reading_sent_twice_is_taken_once(hall):
    reader = paired(hall)
    laid(reader, CARD)
    with pytest.raises(actions.Unsigned, match="已经收过"):
        laid(reader, CARD)


def test_the_day_of_a_reader_ends(hall):
    reader = paired(hall)
    with pytest.raises(actions.Unsigned):
        laid(reader, CARD, at=AT + timedelta(hours=actions.PAIRED_HOURS))


@pytest.mark.parametrize("card", [{**CARD, "id_number": "1" * 18}, {**CARD, "name": " "}, {}])
def test_what_is_no_card_is_refused_by_a_sentence(hall, card):
    with pytest.raises(Refused):
        laid(paired(hall), card)
    assert not CardReading.objects.exists()


@pytest.mark.parametrize("over", ["end", "park"])
def test_the_end_of_a_visit_forgets_what_lies_on_the_reader(hall, over):
    visit = counter_visit.receive(person=hall.persons["citizen"], by=hall.clerk, at=AT)
    laid(paired(hall), CARD)
    getattr(counter_visit, over)(visit_id=visit.pk, by=hall.clerk, at=AT)
    assert not CardReading.objects.exists()


def test_a_reading_nobody_asks_for_is_gone_after_a_minute(hall):
    laid(paired(hall), CARD)
    assert actions.take_over(by=hall.clerk, at=AT + timedelta(seconds=actions.KEPT_SECONDS)) is None
    laid(paired(hall), CARD)
    tasks.forget_card_readings(AT + timedelta(seconds=actions.KEPT_SECONDS + 1))
    assert not CardReading.objects.exists()


@pytest.mark.parametrize("who", ["reviewer", "citizen", "inspector"])
def test_only_a_counter_pairs_a_reader(hall, who):
    with pytest.raises(Refused):
        actions.offer_pairing(by=hall.actors[who], at=AT)


def test_the_page_shows_a_code_and_then_the_card_and_no_log_has_the_number(hall, caplog):
    clerk, machine = standing.client_of(hall, "clerk"), Client()
    page = clerk.post("/desk/counter/reader/").content.decode()
    code = page.split('class="sb-pickup">')[1].split("<")[0]
    told = machine.post("/reader/pair/", {"code": code}, content_type="application/json").json()
    body, stamp = json.dumps(CARD).encode(), int(clock.now().timestamp() * 1000)
    headers = {
        "X-Reader": told["reader"], "X-Timestamp": str(stamp),
        "X-Signature": actions.signature(told["secret"], stamp, body),
    }  # fmt: skip
    assert machine.post("/reader/readings/", body, content_type="application/json", headers=headers).status_code == 204
    assert machine.post("/reader/readings/", body, content_type="application/json", headers=headers).status_code == 403
    shown = clerk.get("/desk/counter/reader/reading/?paired=1").content.decode()
    assert CARD["id_number"] in shown
    assert CARD["name"] in shown
    assert clerk.get("/desk/counter/reader/reading/?paired=1").status_code == 204
    assert CARD["id_number"] not in caplog.text
    assert CARD["id_number"] not in str(list(JournalEntry.objects.values()))
    assert "读卡器已连接" in clerk.get("/desk/counter/").content.decode()
    assert "连接读卡器" in clerk.post("/desk/counter/reader/", {"do": "off"}).content.decode()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"x" * 5000])
def test_rubbish_is_answered_by_a_sentence(hall, body):
    for address in ("/reader/pair/", "/reader/readings/"):
        answer = Client().post(address, body, content_type="application/json")
        assert answer.status_code in (400, 403)
        assert answer.json()["error"]


def test_the_programme_signs_as_the_server_reads(hall, monkeypatch):
    reader = paired(hall, at=clock.now())
    sent = []
    monkeypatch.setattr(programme, "_post", lambda address, body, headers: sent.append((body, headers)) or {})
    card = programme.cards()[0]
    programme.send("http://x/", {"reader": str(reader.reader), "secret": reader.secret}, card)
    ((body, headers),) = sent
    actions.take_reading(
        reader_id=reader.reader, stamp=int(headers["X-Timestamp"]), body=body, signed=headers["X-Signature"],
        said=json.loads(body), at=clock.now(),
    )  # fmt: skip
    assert actions.take_over(by=hall.clerk, at=clock.now())["name"] == card["name"]
