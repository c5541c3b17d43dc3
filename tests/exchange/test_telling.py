"""Telling: once a recipient, in the act's transaction; reading, taking up, wishes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from siban.exchange import actions, api
from siban.exchange.models import Contact, Delivery, Message
from siban.exchange.queries import inbox, reach
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from tests.cases.cast import BANNER, MONDAY, Cast

LATER = MONDAY + timedelta(minutes=1)


def tell(*to: api.Recipient, event: str = "journal:1", **said: Any) -> int:
    given: dict[str, Any] = {
        "to": to, "event": event, "kind": "test", "title": "演示消息", "body": "请看一看。", "subject": ("cases.Case", "x"),
        "region_code": BANNER, "by": SYSTEM, "at": MONDAY, "link": "/my/",
    }  # fmt: skip
    return api.tell(**{**given, **said})


def person(cast: Cast, who: str = "citizen") -> api.Recipient:
    return api.to_person(cast.persons[who].pk)


def test_the_same_event_tells_each_recipient_once_however_often_it_comes(cast: Cast) -> None:
    assert tell(person(cast), person(cast)) == 1
    assert tell(person(cast)) == 0
    assert tell(person(cast), person(cast, "stranger")) == 1
    assert tell(person(cast), event="journal:2") == 1
    assert tell(person(cast), kind="other") == 1
    assert Message.objects.count() == 4
    assert list(journal.verify()) == []


def test_a_message_falls_with_the_act_it_belongs_to(cast: Cast) -> None:
    with transaction.atomic():
        tell(person(cast))
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()


def test_statements_do_not_grow_with_recipients(cast: Cast) -> None:
    counts = []
    for who in (["citizen"], ["citizen", "stranger", "agent"]):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            tell(*(person(cast, w) for w in who), event=f"journal:{len(who)}0")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9  # four of them savepoints


@pytest.mark.parametrize(
    ("mobile", "wish", "channels", "expected"),
    [
        ("13800000001", None, ("sms", "email"), {"sms"}),
        ("13800000001", {"sms_on": False}, ("sms", "email"), set()),
        ("13800000001", {"email": "yanshi@example.org"}, ("sms", "email"), {"sms", "email"}),
        ("13800000001", {"email": "yanshi@example.org"}, ("email",), {"email"}),
        ("13800000001", {"email": "yanshi@example.org", "email_on": False}, ("sms", "email"), {"sms"}),
        ("13800000001", {"email_asked": "yanshi@example.org"}, ("sms", "email"), {"sms"}),
        ("0470-0000001", None, ("sms",), set()),
        ("", None, ("sms", "email"), set()),
        ("13800000001", None, (), set()),
    ],
)
def test_channels_are_those_set_up_wished_for_and_proven(
    cast: Cast, settings: Any, mobile: str, wish: Any, channels: Any, expected: set[str]
) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1/"
    one = cast.persons["citizen"]
    one.mobile = mobile
    one.save()
    if wish is not None:
        proven = {"email_confirmed_at": MONDAY} if "email" in wish else {}
        Contact.objects.create(person=one, changed_at=MONDAY, **wish, **proven)
    tell(person(cast), channels=channels)
    assert Message.objects.count() == 1  # the site is never switched off
    assert set(Delivery.objects.values_list("channel", flat=True)) == expected


def test_a_channel_that_is_not_set_up_gets_nothing(cast: Cast, settings: Any) -> None:
    settings.SIBAN_SITE = {**settings.SIBAN_SITE, "demo": False}
    Contact.objects.create(
        person=cast.persons["citizen"], changed_at=MONDAY, email="a@example.org", email_confirmed_at=MONDAY
    )
    tell(person(cast))
    assert not Delivery.objects.exists()


def test_a_message_to_a_post_is_seen_by_its_holders_only_and_taken_up_once(cast: Cast) -> None:
    tell(api.to_post("approver", cast.orgs["department"].pk))
    message = Message.objects.get()
    for who, sees in {"reviewer": 1, "chief": 0, "other_reviewer": 0, "clerk": 0, "citizen": 0}.items():
        assert inbox.unread_count(cast.actors[who]) == sees, who
    actions.open_message(message_id=message.pk, by=cast.reviewer, at=LATER)
    assert inbox.unread_count(cast.reviewer) == 1  # a look is not a hand
    taken = actions.take_up(message_id=message.pk, by=cast.reviewer, at=LATER)
    assert taken.taken_by_name == cast.reviewer.name
    again = actions.take_up(message_id=message.pk, by=cast.reviewer, at=LATER + timedelta(days=1))
    assert again.read_at == LATER
    for stranger in (cast.other_reviewer, cast.citizen, cast.chief):
        with pytest.raises(Message.DoesNotExist):
            actions.take_up(message_id=message.pk, by=stranger, at=LATER)


def test_opening_is_the_receipt_and_only_the_first_counts(cast: Cast) -> None:
    tell(person(cast), is_statutory=True)
    message = Message.objects.get()
    with pytest.raises(Message.DoesNotExist):
        actions.open_message(message_id=message.pk, by=cast.stranger, at=LATER)
    for days in (0, 1):
        actions.open_message(message_id=message.pk, by=cast.citizen, at=LATER + timedelta(days=days))
    message.refresh_from_db()
    assert message.read_at == LATER
    assert [e.move for e in journal.timeline(message)] == ["tell", "read"]


def test_marking_all_leaves_what_the_law_wants_opened_and_what_is_not_mine(cast: Cast) -> None:
    tell(person(cast), event="journal:1")
    tell(person(cast), event="journal:2", is_statutory=True)
    tell(person(cast, "stranger"), event="journal:3")
    assert actions.read_all(by=cast.citizen, at=LATER) == 1
    assert inbox.unread_count(cast.citizen) == 1
    assert inbox.unread_count(cast.stranger) == 1


def test_unread_stand_first_and_pages_hold_all(cast: Cast) -> None:
    for n in range(inbox.SHOWN + 3):
        tell(person(cast), event=f"journal:{n}", at=MONDAY + timedelta(minutes=n))
    newest = Message.objects.order_by("-created_at").first()
    assert newest is not None
    actions.open_message(message_id=newest.pk, by=cast.citizen, at=LATER)
    first = inbox.inbox_page(cast.citizen, only_unread=False, number=1)
    second = inbox.inbox_page(cast.citizen, only_unread=False, number=2)
    assert first.has_more
    assert not second.has_more
    shown = [line.id for line in (*first.lines, *second.lines)]
    assert len(set(shown)) == inbox.SHOWN + 3
    assert shown[-1] == newest.pk
    assert newest.pk not in {x.id for x in inbox.inbox_page(cast.citizen, only_unread=True, number=2).lines}


def ask(cast: Cast, email: str, minutes: int = 0) -> Contact:
    return actions.ask_for_email(
        email=email, by=cast.citizen, region_code=BANNER, at=MONDAY + timedelta(minutes=minutes)
    )


def token_of(delivery: Delivery) -> str:
    return reach.letter(delivery).link.rstrip("/").rpartition("/")[2]


def test_an_address_counts_only_after_the_link_sent_there_was_followed(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1/"
    ask(cast, "yanshi@example.org")
    tell(person(cast), channels=("email",))
    delivery = Delivery.objects.get()  # the confirmation alone
    assert delivery.message.kind == reach.CONFIRM
    assert token_of(delivery) not in delivery.message.body + delivery.message.link
    contact = actions.confirm_email(token=token_of(delivery), at=MONDAY)
    assert contact.email == "yanshi@example.org"
    actions.confirm_email(token=token_of(delivery), at=LATER)  # pressed twice
    tell(person(cast), channels=("email",), event="journal:9")
    assert Delivery.objects.filter(message__kind="test", address="yanshi@example.org").count() == 1


def test_a_link_for_another_address_or_forged_or_old_confirms_nothing(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1/"
    ask(cast, "yi@example.org")
    old = token_of(Delivery.objects.get())
    ask(cast, "er@example.org")
    with pytest.raises(Refused, match="后来又改过"):
        actions.confirm_email(token=old, at=LATER)
    with pytest.raises(Refused, match="不完整"):
        actions.confirm_email(token=old[:-2] + "xx", at=LATER)
    forged = signing.dumps({"contact": str(Contact.objects.get().pk), "email": "er@example.org"}, salt="else")
    with pytest.raises(Refused, match="不完整"):
        actions.confirm_email(token=forged, at=LATER)
    fresh = token_of(Delivery.objects.order_by("-id").first())  # type: ignore[arg-type]
    then = signing.time.time() + 49 * 3600
    monkeypatch.setattr(signing.time, "time", lambda: then)
    with pytest.raises(Refused, match="过期"):
        actions.confirm_email(token=fresh, at=LATER)
    assert Contact.objects.get().email == ""


def test_nobody_is_flooded_with_confirmation_letters(cast: Cast) -> None:
    for n in range(5):
        ask(cast, f"a{n}@example.org", minutes=n)
    with pytest.raises(Refused, match="一小时"):
        ask(cast, "b@example.org", minutes=6)
    ask(cast, "b@example.org", minutes=62)


@pytest.mark.parametrize(
    "wrong", ["abc", "a@", "a b@example.org", "a@example.org\nBcc: x@example.org", "@example.org"]
)
def test_what_is_no_address_is_refused_with_the_words_typed(cast: Cast, wrong: str) -> None:
    with pytest.raises(Refused, match="不是电子邮箱地址"):
        ask(cast, wrong)


def test_an_empty_address_takes_the_consent_back(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1/"
    ask(cast, "yanshi@example.org")
    actions.confirm_email(token=token_of(Delivery.objects.get()), at=MONDAY)
    assert ask(cast, "").email == ""
    tell(person(cast), channels=("email",))
    assert not Delivery.objects.filter(message__kind="test").exists()
