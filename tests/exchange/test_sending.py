"""Sending: real SMTP and HTTP servers on this machine, refusals, delays, outages, receipts."""

import email
import json
from datetime import timedelta
from email import policy
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from siban.exchange import actions, connectors, rules
from siban.exchange.connectors import sms
from siban.exchange.connectors.email import subject
from siban.exchange.models import Contact, Delivery, DemoSms, Message
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from tests.cases.cast import MONDAY, Cast

from .conftest import Mailbox, Sms
from .test_telling import person, tell

ADDRESS = "yanshi@example.org"
LATER = MONDAY + timedelta(seconds=10)


def by_mail(cast: Cast, *, address: str = ADDRESS, event: str = "journal:1", **said: Any) -> Delivery:
    Contact.objects.update_or_create(
        person=cast.persons["citizen"], defaults={"changed_at": MONDAY, "email": address, "email_confirmed_at": MONDAY}
    )
    tell(person(cast), event=event, channels=("email",), **said)
    return Delivery.objects.get(message__key__startswith=event + ":")


def by_sms(cast: Cast, *, event: str = "journal:1", **said: Any) -> Delivery:
    tell(person(cast), event=event, channels=("sms",), **said)
    return Delivery.objects.get(message__key__startswith=event + ":")


def moves(delivery: Delivery) -> list[str]:
    return [e.move for e in journal.timeline(delivery)]


def test_a_letter_arrives_whole_in_a_foreign_parser(cast: Cast, mailbox: Mailbox, settings: Any) -> None:
    settings.SITE_URL = "https://zwfw.example.org/"
    title, body = (
        "您的申请已经受理：餐饮服务食品经营许可（新办、变更）——巴彦托海镇",
        "会在2026年3月30日前作出决定。\n<b>请留意</b>&",
    )
    sent = by_mail(cast, title=title, body=body, link="/my/cases/1/")
    assert actions.send_due(at=LATER) == 1
    raw = mailbox.taken[0].content
    raw.decode("ascii")  # nothing in it that an old server could spoil
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert letter["Subject"] == title
    assert letter["From"].addresses[0].display_name == "政务服务"
    assert letter["To"] == ADDRESS
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "会在2026年3月30日前作出决定。" in plain.get_content()
    assert "<b>请留意</b>&" in plain.get_content()
    assert "&lt;b&gt;请留意&lt;/b&gt;&amp;" in html.get_content()
    for part in (plain, html):
        assert "https://zwfw.example.org/my/cases/1/" in part.get_content()
    sent.refresh_from_db()
    assert (sent.state, sent.receipt, sent.attempts) == ("sent", letter["Message-ID"], 1)
    assert moves(sent) == ["create", "send"]
    assert actions.send_due(at=LATER + timedelta(days=9)) == 0


@given(
    st.text(alphabet="您的申请已受理（新办）—Aa1 ", min_size=1, max_size=100).filter(
        lambda t: t == " ".join(t.split())
    )
)
def test_every_title_is_read_as_it_was_written(title: str) -> None:
    mail = EmailMultiAlternatives(subject(title), "x", "a@example.org", ["b@example.org"])
    read = email.message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert read["Subject"] == title
    assert max(len(line) for line in mail.message().as_bytes().splitlines()) <= 78


def test_a_title_cannot_add_a_header(cast: Cast, mailbox: Mailbox) -> None:
    by_mail(cast, title="好\nBcc: dieb@example.org")
    actions.send_due(at=LATER)
    assert not any("dieb" in a for e in mailbox.taken for a in e.rcpt_tos)


def test_an_unknown_mailbox_is_given_up_at_once_with_the_servers_words(cast: Cast, mailbox: Mailbox) -> None:
    mailbox.answers[ADDRESS] = "550 5.1.1 no such user here"
    sent = by_mail(cast)
    assert actions.send_due(at=LATER) == 0
    sent.refresh_from_db()
    assert sent.state == "given_up"
    assert "550" in sent.last_error
    assert "no such user" in sent.last_error
    assert moves(sent) == ["create", "fail", "give_up"]


def test_greylisting_is_waited_out(cast: Cast, mailbox: Mailbox) -> None:
    mailbox.answers[ADDRESS] = "450 4.2.0 greylisted, come again"
    sent = by_mail(cast)
    assert actions.send_due(at=LATER) == 0
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("failed", 1)
    assert actions.send_due(at=LATER + timedelta(seconds=30)) == 0  # not yet
    mailbox.answers.clear()
    assert actions.send_due(at=LATER + timedelta(minutes=1)) == 1
    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == ("sent", "")


def test_what_is_always_put_off_is_given_up_after_growing_pauses(cast: Cast, mailbox: Mailbox) -> None:
    mailbox.answers[ADDRESS] = "451 4.7.1 later"
    sent, at, tries = by_mail(cast), LATER, 0
    while sent.state != "given_up":
        actions.send_due(at=at)
        sent.refresh_from_db()
        tries, at = tries + 1, sent.next_at
        assert tries <= rules.MOST_ATTEMPTS
    assert sent.attempts == tries == rules.MOST_ATTEMPTS


def test_one_refused_mailbox_does_not_hold_up_the_others(cast: Cast, mailbox: Mailbox) -> None:
    mailbox.answers["falsch@example.org"] = "550 no"
    by_mail(cast, address="falsch@example.org", event="journal:1")
    by_mail(cast, event="journal:2")
    assert actions.send_due(at=LATER) == 1


def test_a_server_that_is_down_holds_nobody_and_costs_no_attempts(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9/"  # nobody listens there
    first, second = by_mail(cast, event="journal:1"), by_mail(cast, event="journal:2")
    by_sms(cast, event="journal:3")
    assert actions.send_due(at=LATER) == 1  # the short message, through its own channel
    for one in (first, second):
        one.refresh_from_db()
        assert one.attempts == 0
        assert one.next_at > LATER
    for minutes in range(2, 20, 2):  # an outage is journalled once for a message, not at every look
        actions.send_due(at=LATER + timedelta(minutes=minutes))
    first.refresh_from_db()
    assert first.state == "failed"
    assert "连接" in first.last_error
    assert moves(first) == ["create", "fail"]


def test_after_the_outage_everything_goes_out(cast: Cast, settings: Any, mailbox: Mailbox) -> None:
    right, settings.EMAIL_URL = settings.EMAIL_URL, "smtp://127.0.0.1:9/"
    for n in range(3):
        by_mail(cast, event=f"journal:{n}")
    actions.send_due(at=LATER)
    settings.EMAIL_URL = right
    assert actions.send_due(at=LATER + timedelta(minutes=3)) == 3
    assert len({m.content for m in mailbox.taken}) == 3


def test_an_outage_of_days_ends_in_giving_up(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9/"
    sent = by_mail(cast)
    actions.send_due(at=LATER + timedelta(days=4))
    sent.refresh_from_db()
    assert sent.state == "given_up"


def test_the_demonstration_channel_writes_down_once(cast: Cast) -> None:
    sent = by_sms(cast, title="请补正材料", body="请在3月9日前改好。")
    assert actions.send_due(at=LATER) == 1
    kept = DemoSms.objects.get()
    assert kept.text == "【鄂温克族自治旗政务服务】请补正材料。请在3月9日前改好。"
    sent.refresh_from_db()
    letter = connectors.Letter(sent.pk, "13800000001", "", "", "another", "", "")
    assert sms.DemoSmsGateway().send(letter) == kept.receipt == sent.receipt
    assert DemoSms.objects.count() == 1


def test_a_short_message_of_the_night_waits_for_the_morning(cast: Cast) -> None:
    night = MONDAY.replace(hour=23)
    by_sms(cast, event="journal:1", at=night)
    urgent = by_sms(cast, event="journal:2", at=night, is_urgent=True)
    assert actions.send_due(at=night + timedelta(minutes=1)) == 1
    urgent.refresh_from_db()
    assert urgent.state == "sent"
    assert actions.send_due(at=night + timedelta(hours=8, minutes=59)) == 0
    assert actions.send_due(at=night + timedelta(hours=9)) == 1


def test_the_gateway_is_asked_signed_and_under_the_same_identifier(cast: Cast, sms_gateway: Sms) -> None:
    sent = by_sms(cast)
    assert actions.send_due(at=LATER) == 1
    (_, said) = sms_gateway.asked[0]
    assert said["id"] == str(sent.pk)
    assert said["mobile"] == cast.persons["citizen"].mobile


def test_a_slow_gateway_is_left_and_its_duplicate_is_no_second_message(cast: Cast, sms_gateway: Sms) -> None:
    sent = by_sms(cast)
    sms_gateway.is_slow = True
    assert actions.send_due(at=LATER) == 0
    sent.refresh_from_db()
    assert "超时" in sent.last_error
    sms_gateway.is_slow = False
    sms_gateway.hold.set()
    assert actions.send_due(at=LATER + timedelta(minutes=3)) == 1  # 409: it has gone out the first time
    sent.refresh_from_db()
    assert (sent.state, sent.receipt) == ("sent", "r-0")
    assert len(sms_gateway.known) == 1


@pytest.mark.parametrize(
    ("status", "answer", "state", "words"),
    [
        (400, {"error": "号码不存在"}, "given_up", "号码不存在"),
        (422, b"?", "given_up", "没有说明原因"),
        (429, {}, "failed", "放慢"),
        (500, b"", "failed", "出错"),
        (503, b"<html>", "failed", "出错"),
        (401, {}, "failed", "签名"),
        (302, b"", "failed", "别处"),
        (200, b"", "failed", "看不懂"),
        (200, {"receipt": ""}, "failed", "看不懂"),
        (200, {"receipt": 7}, "failed", "看不懂"),
        (200, ["x"], "failed", "看不懂"),
    ],
)
def test_every_answer_of_the_gateway_is_understood(
    cast: Cast, sms_gateway: Sms, status: int, answer: Any, state: str, words: str
) -> None:
    sent = by_sms(cast)
    sms_gateway.answers = [(status, answer)]
    assert actions.send_due(at=LATER) == 0
    sent.refresh_from_db()
    assert sent.state == state
    assert words in sent.last_error


def test_a_gateway_that_is_gone_is_said_so(cast: Cast, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    sent = by_sms(cast)
    assert actions.send_due(at=LATER) == 0
    sent.refresh_from_db()
    assert sent.last_error == "连接不上短信网关。"


def report(said: Any, *, secret: str = "geheim", seconds: int = 0) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = str(int(clock.now().timestamp()) + seconds)
    heads = {"X-Siban-Timestamp": stamp, "X-Siban-Signature": sms.signature(secret, stamp, body)}
    return Client().post("/exchange/sms/report/", body, content_type="application/json", headers=heads)


def test_a_report_is_taken_signed_fresh_and_however_often(cast: Cast, settings: Any) -> None:
    settings.SMS_SECRET = "geheim"
    sent = by_sms(cast)
    actions.send_due(at=LATER)
    sent.refresh_from_db()
    said = {"receipt": sent.receipt, "status": "delivered"}
    assert report(said, secret="falsch").status_code == 401
    assert report(said, seconds=-900).status_code == 401
    assert report(said, seconds=900).status_code == 401
    sent.refresh_from_db()
    assert sent.state == "sent"
    for _ in range(2):
        assert report(said).status_code == 200
    sent.refresh_from_db()
    assert sent.state == "received"
    assert moves(sent) == ["create", "send", "confirm"]
    assert report({**said, "status": "failed"}).status_code == 200  # too late to change what was received
    sent.refresh_from_db()
    assert sent.state == "received"


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", {"receipt": 1, "status": "delivered"}, {"receipt": "x", "status": "?"}]
)
def test_a_report_that_is_none_is_refused_with_what_is_wanted(db: None, settings: Any, said: Any) -> None:
    settings.SMS_SECRET = "geheim"
    assert report(said).status_code == 422
    assert report({"receipt": "unknown", "status": "delivered"}).status_code == 404


def test_without_a_secret_no_report_is_taken(db: None, settings: Any) -> None:
    settings.SMS_SECRET = ""
    assert report({"receipt": "x", "status": "delivered"}, secret="").status_code == 401


def test_a_failed_report_gives_up_and_sending_again_takes_the_new_number(cast: Cast) -> None:
    sent = by_sms(cast)
    actions.send_due(at=LATER)
    sent.refresh_from_db()
    actions.record_report(channel="sms", receipt=sent.receipt, is_received=False, reason="空号", at=LATER)
    sent.refresh_from_db()
    assert sent.state == "given_up"
    assert "空号" in sent.last_error
    one = cast.persons["citizen"]
    one.mobile = "13900000009"
    one.save()
    for who in ("inspector", "reviewer", "citizen"):
        with pytest.raises((Refused, Delivery.DoesNotExist)):
            actions.resend(delivery_id=sent.pk, by=cast.actors[who], at=LATER)
    actions.resend(delivery_id=sent.pk, by=cast.administrator, at=LATER)
    sent.refresh_from_db()
    assert (sent.state, sent.address, sent.attempts) == ("queued", "13900000009", 0)
    assert actions.send_due(at=LATER) == 1


def test_a_late_receipt_settles_what_was_given_up(cast: Cast) -> None:
    sent = by_sms(cast)
    actions.send_due(at=LATER)
    sent.refresh_from_db()
    actions.record_report(channel="sms", receipt=sent.receipt, is_received=False, at=LATER)
    assert actions.record_report(channel="sms", receipt=sent.receipt, is_received=True, at=LATER)
    sent.refresh_from_db()
    assert sent.state == "received"
    assert not actions.record_report(channel="sms", receipt="", is_received=True, at=LATER)
    assert not actions.record_report(channel="sms", receipt=str(uuid4()), is_received=True, at=LATER)


def test_a_backlog_of_hundreds_goes_out_in_portions(cast: Cast) -> None:
    for n in range(actions.sending.AT_ONCE + 5):
        by_sms(cast, event=f"journal:{n}")
    assert actions.send_due(at=LATER) == actions.sending.AT_ONCE
    assert actions.send_due(at=LATER) == 5
    assert Message.objects.count() == actions.sending.AT_ONCE + 5


def test_a_message_that_trips_the_channel_does_not_stop_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, right = by_sms(cast, event="journal:1", title="坏"), by_sms(cast, event="journal:2")
    send = sms.DemoSmsGateway.send

    def tripping(self: Any, letter: connectors.Letter) -> str:
        if letter.title == "坏":
            raise KeyError("坏")
        return send(self, letter)

    monkeypatch.setattr(sms.DemoSmsGateway, "send", tripping)
    assert actions.send_due(at=LATER) == 1
    for one, state in ((broken, "failed"), (right, "sent")):
        one.refresh_from_db()
        assert one.state == state
