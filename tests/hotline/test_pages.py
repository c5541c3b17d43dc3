"""Every page of the hotline opens for who may see it, in every state of an order, and says nothing in English."""

import re
from datetime import timedelta

import pytest

from siban.hotline.actions import dispatching, handling, ledgers
from siban.hotline.models import Order
from siban.kernel import clock
from tests.hotline.conftest import TOWN, Hotline

WORDS = "演示：已经核实处理完毕"
LISTS = (
    "/desk/hotline/", "/desk/hotline/?tab=all", "/desk/hotline/?tab=near&sort=due", "/desk/hotline/?tab=late", "/desk/hotline/?tab=co",
    "/desk/hotline/?tab=all&q=暖气&nature=help&since=2026-01-01", "/desk/hotline/?tab=all&q=RX20", "/desk/hotline/wall/",
    "/desk/hotline/callbacks/", "/desk/hotline/ledgers/hung/", "/desk/hotline/ledgers/ended/", "/desk/hotline/ledgers/categories/?q=暖",
    "/desk/hotline/rules/010101/", "/desk/hotline/hotspots/?days=90", "/desk/hotline/new/",
)  # fmt: skip
LATIN = re.compile(r">[^<]*[A-Za-z]{4,}[^<]*<")


@pytest.mark.django_db
def test_lists_and_registers_open_for_the_dispatcher(hotline: Hotline) -> None:
    hotline.order(at=clock.now() - timedelta(days=2))
    desk = hotline.client("hotline_dispatcher")
    for address in LISTS:
        assert desk.get(address).status_code == 200, address
    for address in ("/desk/hotline/export/", "/desk/hotline/ledgers/hung/export/", "/desk/hotline/ledgers/ended/export/", "/desk/hotline/ledgers/categories/export/"):  # fmt: skip
        assert b"".join(desk.get(address)).startswith(b"PK"), address


@pytest.mark.django_db
def test_an_order_opens_in_every_state_and_its_acts_ask_in_words(hotline: Hotline) -> None:
    at = clock.now() - timedelta(hours=5)
    order = hotline.order("090101", "complaint", at=at)
    desk, unit = hotline.client("hotline_dispatcher"), hotline.client("undertaker", "human_resources_social_security")
    by = hotline.handler("human_resources_social_security")
    later = iter(at + timedelta(minutes=n) for n in range(1, 60))

    def look() -> None:
        for browser in (desk, unit):
            page = browser.get(f"/desk/hotline/{order.number}/")
            assert page.status_code == (200 if browser is desk or Order.objects.get().lead_id else 404)
            for choice in page.context["choices"] if page.status_code == 200 else ():
                if choice.name not in page.context["plain"]:
                    name = choice.name if choice.name in ("reply", "visit") else f"act/{choice.name}"
                    assert browser.get(f"/desk/hotline/{order.number}/{name}/").status_code == 200, choice.name

    key = {"order_id": order.pk}
    look()
    assert desk.get(f"/desk/hotline/{order.number}/classify/").status_code == 200
    dispatching.dispatch(by=hotline.dispatcher, at=next(later), **key)
    look()
    dispatching.sign(by=by, at=next(later), **key)
    handling.contact(by=by, at=next(later), words=WORDS, **key)
    handling.visit(by=by, at=next(later), kind="handle", words=WORDS, **key)
    handling.ask_extension(by=by, at=next(later), workdays=3, reason=WORDS, **key)
    look()
    handling.refuse_extension(by=hotline.dispatcher, at=next(later), words=WORDS, **key)
    for leg in order.legs.filter(role="co").select_related("org"):
        dispatching.feed_back(leg_id=leg.pk, by=hotline.handler(leg.org.code), at=next(later), words=WORDS)
    handling.reply(by=by, at=next(later), words=WORDS, overrule=WORDS, **key)
    look()
    handling.return_reply(by=hotline.operator, at=next(later), words=WORDS, **key)
    dispatching.whistle(by=hotline.dispatcher, at=next(later), units=[hotline.orgs["transport"]], reason=WORDS, **key)
    look()
    dispatching.decide(
        by=hotline.bureau, at=next(later), lead=hotline.orgs["human_resources_social_security"], minutes=WORDS, **key
    )
    dispatching.sign(by=by, at=next(later), **key)
    ledgers.ask_termination(by=by, at=next(later), ground="answered", reason=WORDS, basis=WORDS, evidence=WORDS, **key)
    look()


@pytest.mark.django_db
def test_what_was_typed_stays_when_an_act_is_refused(hotline: Hotline) -> None:
    order = hotline.order()
    desk = hotline.client("hotline_dispatcher")
    address = f"/desk/hotline/{order.number}/act/whistle/"
    answer = desk.post(address, {"words": "几家都说不归自己管"})
    assert answer.status_code == 409
    assert "几家都说不归自己管" in answer.content.decode()
    assert "至少一个" in answer.content.decode()


@pytest.mark.django_db
def test_the_console_helps_and_keeps_one_order_of_a_call_sent_twice(hotline: Hotline) -> None:
    desk = hotline.client("hotline_operator")
    hotline.order(at=clock.now() - timedelta(hours=2), caller_key="0470-0000009")
    call = {"text": "家里暖气一直不热，屋里才十三度", "town": TOWN, "caller_phone": "13800000009", "channel": "phone", "key": "k1", "do": "register", "leaf": "010101", "nature": "help"}  # fmt: skip
    said = desk.post("/desk/hotline/new/help/", call).content.decode()
    assert "室温不达标" in said
    assert "可能是同一件事" in said
    for _ in range(2):
        assert desk.post("/desk/hotline/new/", call).status_code == 302
    assert Order.objects.count() == 2
    lacking = desk.post("/desk/hotline/new/", {**call, "key": "k2", "town": ""})
    assert lacking.status_code == 422
    assert "屋里才十三度" in lacking.content.decode()


@pytest.mark.django_db
def test_lists_ask_the_same_number_of_questions_for_few_and_for_many(
    hotline: Hotline, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk, counts = hotline.client("hotline_dispatcher"), []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get("/desk/hotline/?tab=all")
            desk.get("/desk/hotline/wall/")
        counts.append(len(asked))
        for n in range(12):
            hotline.order(at=clock.now() - timedelta(hours=n))
    assert counts[0] >= counts[1]
