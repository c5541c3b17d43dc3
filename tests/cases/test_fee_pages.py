"""Pages of fees: the payer's way, the counter's, the second person's, the daily check; and the channel's notices."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siban.cases import fees
from siban.cases.models_fees import Difference, Payment, PaymentOrder, Refund
from siban.exchange.connectors import pay as channel
from siban.exchange.connectors.sms import signature
from siban.kernel import clock
from siban.kernel.actor import SYSTEM

from .cast import Cast, client_of
from .test_fees import LATER, MEASURED, order_of, pay, statement


def notice(said: Any, *, seconds: int = 0, secret: str = "") -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = str(int(clock.now().timestamp()) + seconds)
    heads = {"X-Siban-Timestamp": stamp, "X-Siban-Signature": signature(secret or channel.secret(), stamp, body)}
    return Client().post("/fees/notify/", body, content_type="application/json", headers=heads)


def told(order: PaymentOrder, fen: int = 1000, number: str = "t1") -> dict[str, Any]:
    return {"order": order.number, "trade_no": number, "amount": fen, "paid_at": LATER.isoformat()}


def test_a_notice_is_taken_signed_fresh_and_once(cast: Cast) -> None:
    order = order_of(cast)
    for answer in (
        notice(told(order), secret="falsch"),
        notice(told(order), seconds=-900),
        notice(told(order), seconds=900),
        Client().post("/fees/notify/", b"{}", content_type="application/json"),
    ):
        assert answer.status_code == 401
    assert not Payment.objects.exists()
    assert notice(told(order, 400)).json() == {"state": "due", "received": 400, "due": 600}
    assert notice(told(order, 400)).json() == {"state": "due", "received": 400, "due": 600}
    assert notice(told(order, 500)).status_code == 409  # the same number with another amount
    assert notice(told(order, 600, "t2")).json()["state"] == "paid"
    assert notice({**told(order), "order": "JF-nobody"}).status_code == 404
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [{"amount": "1000"}, {"amount": 10.5}, {"amount": True}, {"amount": 0}, {"amount": -5}, {"paid_at": "gestern"},
     {"paid_at": "2026-03-04T10:00:00"}, {"trade_no": ""}, {"trade_no": "x" * 65}, {"trade_no": 7}, {"order": None}],
    ids=str,
)  # fmt: skip
def test_a_notice_that_is_none_is_refused(cast: Cast, changed: dict[str, Any]) -> None:
    assert notice({**told(order_of(cast)), **changed}).status_code == 422
    assert not Payment.objects.exists()


def test_without_a_channel_no_notice_is_genuine(cast: Cast, settings: Any) -> None:
    settings.SIBAN_SITE = {**settings.SIBAN_SITE, "demo": False}
    assert notice(told(order_of(cast)), secret="x").status_code == 401


def test_the_payer_pays_online_and_gets_the_receipt(cast: Cast) -> None:
    order = order_of(cast)
    number = order.case.number
    browser = client_of(cast, "citizen")
    case = browser.get(f"/my/cases/{number}/").content.decode()
    assert "请缴费" in case
    page = browser.get(f"/my/cases/{number}/fee/").content.decode()
    for word in ("10.00 元", "演示规定第一条", "网上缴费"):
        assert word in page
    desk = browser.get(f"/my/cases/{number}/fee/pay/").content.decode()
    assert "不会真的扣钱" in desk
    trade = desk.partition('name="trade_no" value="')[2].partition('"')[0]
    for _ in range(2):  # pressed twice
        assert browser.post(f"/my/cases/{number}/fee/pay/", {"trade_no": trade}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.received) == ("paid", 1000)
    page = browser.get(f"/my/cases/{number}/fee/").content.decode()
    assert "下载缴费凭证" in page
    paper = page.partition(f"/my/cases/{number}/papers/")[2].partition("/")[0]
    pdf = browser.get(f"/my/cases/{number}/papers/{paper}/")
    assert pdf.content.startswith(b"%PDF")
    browser.post(f"/my/cases/{number}/fee/refund/", {"reason": "重复办理"})
    assert Refund.objects.get().amount == 1000
    for who in ("stranger", "agent"):
        other = client_of(cast, who)
        assert other.get(f"/my/cases/{number}/fee/").status_code == 404
        assert other.post(f"/my/cases/{number}/fee/refund/", {"reason": "给我"}).status_code == 404


def test_what_a_clerk_typed_wrong_is_said_and_kept(cast: Cast) -> None:
    order = order_of(cast)
    clerk = client_of(cast, "clerk")
    page = clerk.post(f"/desk/fees/{order.pk}/take/", {"channel": "cash", "amount": "zehn", "trade_no": "Z-7"})
    assert page.status_code == 422
    assert "“zehn”不是金额" in page.content.decode()
    assert 'value="Z-7"' in page.content.decode()
    assert clerk.post(f"/desk/fees/{order.pk}/take/", {"amount": "10", "trade_no": "Z-7"}).status_code == 422
    done = clerk.post(f"/desk/fees/{order.pk}/take/", {"channel": "pos", "amount": "10.00", "trade_no": "Z-7"})
    assert done.status_code == 302
    order.refresh_from_db()
    assert order.state == "paid"


def test_the_department_assesses_and_the_neighbour_sees_nothing(cast: Cast) -> None:
    order = order_of(cast, MEASURED)
    assert client_of(cast, "other_reviewer").get(f"/desk/fees/{order.pk}/").status_code == 404
    assert client_of(cast, "other_reviewer").post(f"/desk/fees/{order.pk}/assess/").status_code == 404
    reviewer = client_of(cast, "reviewer")
    assert "核定并通知缴费" in reviewer.get(f"/desk/fees/{order.pk}/").content.decode()
    assert "核定并通知缴费" not in client_of(cast, "clerk").get(f"/desk/fees/{order.pk}/").content.decode()
    said = {"amount": "25.5", "reckoning": "五平方米，每平方米 5.1 元"}
    assert reviewer.post(f"/desk/fees/{order.pk}/assess/", said).status_code == 302
    order.refresh_from_db()
    assert order.amount == 2550


def test_a_refund_goes_from_hand_to_hand(cast: Cast) -> None:
    order = pay(order_of(cast), 1000, "t1")
    reviewer, chief, clerk = (client_of(cast, who) for who in ("reviewer", "chief", "clerk"))
    assert reviewer.post(f"/desk/fees/{order.pk}/ask/", {"amount": "10", "reason": "重复办理"}).status_code == 302
    refund = Refund.objects.get()
    assert "同意退费</button>" not in reviewer.get(f"/desk/fees/{order.pk}/").content.decode()
    assert reviewer.post(f"/desk/fees/refunds/{refund.pk}/approve/").status_code == 422
    assert "同意退费</button>" in chief.get(f"/desk/fees/{order.pk}/").content.decode()
    assert chief.post(f"/desk/fees/refunds/{refund.pk}/approve/").status_code == 302
    assert "登记已退费</button>" in clerk.get(f"/desk/fees/{order.pk}/").content.decode()
    assert clerk.post(f"/desk/fees/refunds/{refund.pk}/refund/", {"trade_no": "R-1"}).status_code == 302
    refund.refresh_from_db()
    assert refund.state == "done"
    assert client_of(cast, "other_reviewer").post(f"/desk/fees/refunds/{refund.pk}/approve/").status_code == 404


def test_the_daily_check_by_page(cast: Cast) -> None:
    order = order_of(cast)
    pay(order, 300, "a")
    bureau = client_of(cast, "administrator")
    day = LATER.date().isoformat()
    told = {"channel": "online", "day": day}
    assert bureau.post("/desk/fees/check/", told).status_code == 422
    broken = SimpleUploadedFile("x.csv", b"\xff\xfe\x00")
    answer = bureau.post("/desk/fees/check/", {**told, "statement": broken})
    assert "不是文本" in answer.content.decode()
    right = bureau.get("/desk/fees/check/demo.csv", {"day": day}).content
    agreed = bureau.post("/desk/fees/check/", {**told, "statement": SimpleUploadedFile("x.csv", right)}, follow=True)
    assert "每一笔都对得上" in agreed.content.decode()
    wrong = SimpleUploadedFile("x.csv", statement(("a", "3.01"), ("b", "1")))
    page = bureau.post("/desk/fees/check/", {**told, "statement": wrong}, follow=True).content.decode()
    assert "金额不一致" in page
    assert "只有渠道有" in page
    one = Difference.objects.get(trade_no="b")
    bureau.post(f"/desk/fees/check/difference/{one.pk}/", {"reason": "渠道错账，已更正"})
    one.refresh_from_db()
    assert one.state == "resolved"
    assert "1 笔待处理" in bureau.get("/desk/fees/check/").content.decode()


def test_statements_of_the_list_do_not_grow(cast: Cast) -> None:
    order = order_of(cast)
    clerk, counts = client_of(cast, "clerk"), []
    clerk.get("/desk/fees/")
    for n in range(3):
        if n:
            from .cast import in_state

            case = in_state(cast, "approved", who=("citizen", "stranger", "agent")[n])
            assert fees.demand(case_id=case.pk, by=SYSTEM, at=LATER + timedelta(hours=n))
        with CaptureQueriesContext(connection) as seen:
            page = clerk.get("/desk/fees/").content.decode()
        counts.append(len(seen))
    assert order.case.number in page
    assert len(set(counts)) == 1
    assert order.case.number not in clerk.get("/desk/fees/", {"state": "refund"}).content.decode()
