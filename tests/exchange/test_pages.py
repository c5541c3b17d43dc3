"""Pages of messages: what each role sees and may do, constant statements, masked addresses, the workbook."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from siban.exchange import actions, api
from siban.exchange.models import Contact, Delivery, DemoSms, Message
from siban.identity.models import Post
from siban.kernel import clock
from tests.cases.cast import BANNER, MONDAY, SUMU, Cast, client_of

from .test_telling import person, tell

LATER = MONDAY + timedelta(minutes=1)


def test_a_persons_list_says_what_and_opening_goes_there(cast: Cast) -> None:
    tell(person(cast), title="请补正材料", body="第一句。第二句。", link="/progress/")
    citizen = client_of(cast, "citizen")
    page = citizen.get("/my/messages/").content.decode()
    assert "请补正材料" in page
    assert "未读" in page
    assert "1<span" in citizen.get("/messages/count/").content.decode()
    answer = citizen.post(f"/my/messages/{Message.objects.get().pk}/open/")
    assert answer["Location"] == "/progress/"
    assert citizen.get("/messages/count/").content.decode().strip() == ""
    assert "请补正材料" not in citizen.get("/my/messages/?show=unread").content.decode()


def test_a_link_out_of_the_house_is_not_followed(cast: Cast) -> None:
    tell(person(cast), link="//boese.example.org/")
    answer = client_of(cast, "citizen").post(f"/my/messages/{Message.objects.get().pk}/open/")
    assert answer["Location"] == "/my/messages/"


@pytest.mark.parametrize("who", ["citizen", "reviewer"])
def test_statements_of_list_and_count_do_not_grow_with_messages(cast: Cast, who: str) -> None:
    to = person(cast) if who == "citizen" else api.to_post("approver", cast.orgs["department"].pk)
    browser, counts = client_of(cast, who), []
    browser.get("/messages/count/")  # the first request of a session writes down who it is
    for n in range(12):
        tell(to, event=f"journal:{n}")
        if n in (1, 11):
            with CaptureQueriesContext(connection) as seen:
                browser.get("/my/messages/" if who == "citizen" else "/desk/messages/")
                browser.get("/messages/count/")
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_count_on_a_page_is_asked_for_and_not_computed_with_it(cast: Cast) -> None:
    tell(person(cast))
    browser = client_of(cast, "citizen")
    with CaptureQueriesContext(connection) as seen:
        page = browser.get("/progress/").content.decode()
    assert 'hx-get="/messages/count/"' in page
    assert not any("exchange_message" in q["sql"] for q in seen)


def test_one_of_a_post_takes_up_and_the_colleague_sees_who(cast: Cast) -> None:
    tell(api.to_post("approver", cast.orgs["department"].pk), title="申请人撤回了申请")
    pk = Message.objects.get().pk
    first = client_of(cast, "reviewer")
    assert "由我接手" in first.get("/desk/messages/").content.decode()
    assert first.post(f"/desk/messages/{pk}/take-up/").status_code == 302
    Post.objects.filter(account=cast.accounts["chief"]).update(role="approver")
    colleague = client_of(cast, "chief")
    page = colleague.get("/desk/messages/").content.decode()
    assert "演示reviewer已接手" in page
    assert "由我接手" not in page
    assert client_of(cast, "other_reviewer").post(f"/desk/messages/{pk}/take-up/").status_code == 404


def test_settings_are_kept_and_an_address_waits_for_its_proof(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9/"
    browser = client_of(cast, "citizen")
    page = browser.get("/my/messages/settings/").content.decode()
    assert "138****0001" in page
    assert cast.persons["citizen"].mobile not in page
    assert browser.post("/my/messages/settings/", {"part": "channels", "email_on": "on"}).status_code == 302
    kept = Contact.objects.get()
    assert (kept.sms_on, kept.email_on) == (False, True)
    refused = browser.post("/my/messages/settings/", {"part": "email", "email": "kein"})
    assert refused.status_code == 422
    assert "kein" in refused.content.decode()
    browser.post("/my/messages/settings/", {"part": "email", "email": "yanshi@example.org"})
    assert "等您确认" in browser.get("/my/messages/settings/").content.decode()
    assert Contact.objects.get().email == ""


def test_without_an_email_channel_nobody_is_asked_for_an_address(cast: Cast) -> None:
    page = client_of(cast, "citizen").get("/my/messages/settings/").content.decode()
    assert "还没有接通电子邮件" in page
    assert 'name="email"' not in page


def test_a_program_that_only_opens_the_link_confirms_nothing(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9/"
    actions.ask_for_email(email="a@example.org", by=cast.citizen, region_code=BANNER, at=clock.now())
    from siban.exchange.queries import reach

    address = reach.letter(Delivery.objects.get()).link
    path = "/messages/confirm/" + address.rstrip("/").rpartition("/")[2] + "/"
    visitor = client_of(cast, "stranger")
    assert visitor.get(path).status_code == 200
    assert Contact.objects.get().email == ""
    assert "邮箱已经确认" in visitor.post(path).content.decode()
    assert Contact.objects.get().email == "a@example.org"


@pytest.fixture
def failed(cast: Cast) -> Delivery:
    tell(person(cast), title="您的申请已经受理", channels=("sms",))
    actions.send_due(at=LATER)
    sent = Delivery.objects.get()
    actions.record_report(channel="sms", receipt=sent.receipt, is_received=False, reason="空号", at=LATER)
    sent.refresh_from_db()
    return sent


@pytest.mark.parametrize(
    ("who", "sees", "resends"),
    [("administrator", True, True), ("inspector", True, False), ("reviewer", False, False), ("clerk", False, False)],
)
def test_sending_is_seen_and_repeated_by_who_oversees_it(
    cast: Cast, failed: Delivery, who: str, sees: bool, resends: bool
) -> None:
    browser = client_of(cast, who)
    for address in ("/desk/messages/sent/", "/desk/messages/sms/", "/desk/messages/sent/export/"):
        answer = browser.get(address)
        assert answer.status_code == (200 if sees else 403)
        b"".join(answer)
    if sees:
        page = browser.get("/desk/messages/sent/?state=given_up").content.decode()
        assert "空号" in page
        assert "138****0001" in page
        assert failed.address not in page
        assert ("重新发送</button>" in page) == resends
    answer = browser.post(f"/desk/messages/sent/{failed.pk}/resend/")
    assert answer.status_code == (302 if resends else 403)
    failed.refresh_from_db()
    assert failed.state == ("queued" if resends else "given_up")


def test_what_goes_out_in_another_territory_is_not_seen(cast: Cast, failed: Delivery) -> None:
    Post.objects.filter(account=cast.accounts["administrator"]).update(region=SUMU)
    browser = client_of(cast, "administrator")
    assert "您的申请已经受理" not in browser.get("/desk/messages/sent/").content.decode()
    assert "您的申请已经受理" not in browser.get("/desk/messages/sms/").content.decode()
    assert browser.post(f"/desk/messages/sent/{failed.pk}/resend/").status_code == 404
    sms = DemoSms.objects.get()
    assert browser.post(f"/desk/messages/sms/{sms.pk}/report/", {"outcome": "received"}).status_code == 404


def test_receipts_of_the_demonstration_are_pressed(cast: Cast) -> None:
    tell(person(cast), channels=("sms",))
    actions.send_due(at=LATER)
    browser, sms = client_of(cast, "administrator"), DemoSms.objects.get()
    assert "送到了" in browser.get("/desk/messages/sms/").content.decode()
    browser.post(f"/desk/messages/sms/{sms.pk}/report/", {"outcome": "received"})
    assert Delivery.objects.get().state == "received"


def test_the_workbook_has_every_row_and_no_whole_address(cast: Cast) -> None:
    for n in range(55):
        tell(person(cast), event=f"journal:{n}", title=f"=消息{n}", channels=("sms",))
    answer = client_of(cast, "administrator").get("/desk/messages/sent/export/")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )  # type: ignore[attr-defined]
    assert len(rows) == 56
    assert {row[2] for row in rows[1:]} == {"138****0001"}
    assert {row[3] for row in rows[1:]} == {f"=消息{n}" for n in range(55)}


def test_statements_of_the_overseers_page_do_not_grow(cast: Cast) -> None:
    browser, counts = client_of(cast, "administrator"), []
    browser.get("/messages/count/")
    for n in range(12):
        tell(person(cast), event=f"journal:{n}")
        if n in (1, 11):
            actions.send_due(at=LATER)
            with CaptureQueriesContext(connection) as seen:
                browser.get("/desk/messages/sent/")
                browser.get("/desk/messages/sms/")
            counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "２"])
def test_page_numbers_that_are_none_open_the_first(cast: Cast, page: str) -> None:
    assert client_of(cast, "citizen").get("/my/messages/", {"page": page}).status_code == 200
