"""Open311 GeoReport v2: what the specification says, in JSON and XML; only what is public; once each; keys that can be revoked."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from siban.hotline import rules_open311 as rules
from siban.hotline.actions import opening
from siban.hotline.models import Category, InterfaceKey, Order
from siban.hotline.public import open311
from siban.kernel.clock import CHINA
from siban.kernel.flow import Refused
from tests.oversight.supervised import picture

from .conftest import AT, TOWN

V2 = "/open311/v2"


@pytest.fixture(autouse=True)
def free():
    for limit in (open311.ASKING, open311.FILING):
        limit.clear()


@pytest.fixture
def key(hotline):
    return opening.issue(by=hotline.bureau, at=AT, name="演示平台")[1]


def filing(key, **said):
    return {
        "api_key": key,
        "service_code": "030101",
        "description": "广场东边的路灯坏了三盏，晚上很黑",
        "address_string": "巴彦托海镇广场",
        **said,
    }


def post(said, form="json", **more):
    return Client().post(f"{V2}/requests.{form}", said, **more)


def test_the_client_library_finds_what_it_looks_for(hotline, key):
    """The calls of the public client `georeport`, with the fields it reads, in both formats."""
    made = post(filing(key))
    assert made.status_code == 201
    number = made.json()[0]["service_request_id"]
    for form in ("json", "xml"):
        listed = Client().get(f"{V2}/services.{form}", {"jurisdiction_id": "150724000000"})
        defined = Client().get(f"{V2}/services/030101.{form}")
        found = Client().get(f"{V2}/requests.{form}", {"service_request_id": number})
        one = Client().get(f"{V2}/requests/{number}.{form}")
        if form == "json":
            assert {
                "service_code",
                "service_name",
                "description",
                "metadata",
                "type",
                "keywords",
                "group",
            } <= listed.json()[0].keys()
            assert defined.json()["service_code"] == "030101"
            assert defined.json()["attributes"][0]["values"]
            assert found.json() == one.json()
            assert one.json()[0]["service_request_id"] == number
            assert one.json()[0]["status"] == "open"
        else:
            assert [s.findtext("service_code") for s in ElementTree.fromstring(listed.content)] == [
                c.code for c in Category.objects.order_by("code")
            ]
            assert ElementTree.fromstring(defined.content).find("attributes/attribute/values/value/key") is not None
            assert ElementTree.fromstring(one.content).findtext("request/service_request_id") == number
            assert one["Content-Type"].startswith("text/xml")


def test_discovery_says_where_and_how(db):
    said = Client().get(f"{V2}/discovery.json").json()
    assert said["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert (
        ElementTree.fromstring(Client().get(f"{V2}/discovery.xml").content).find("endpoints/endpoint/formats/format")
        is not None
    )


def test_a_demand_arrives_classified_with_its_photo_and_place(hotline, key):
    photo = SimpleUploadedFile("灯.png", picture(), content_type="image/png")
    made = post(
        filing(
            key,
            lat="49.13",
            long="119.75",
            phone="13800000009",
            media=photo,
            **{"attribute[nature]": "complaint", "attribute[town]": TOWN},
        )
    )
    order = Order.objects.get(number=made.json()[0]["service_request_id"])
    assert (order.channel, order.leaf, order.nature, order.state, order.region_id) == (
        "open311",
        "030101",
        "complaint",
        "created",
        TOWN,
    )
    assert order.files.count() == 1
    assert InterfaceKey.objects.get().uses == 1


def test_nothing_personal_is_shown(hotline, key):
    post(
        filing(
            key,
            first_name="某某",
            last_name="演示",
            phone="13800000009",
            description="演示家东边的路灯坏了",
            lat="49.13579",
            long="119.75432",
        )
    )
    text = Client().get(f"{V2}/requests.json").text + Client().get(f"{V2}/requests.xml").text
    assert "路灯不亮" in text
    for secret in ("某某", "13800000009", "东边", "广场", "49.13579", "119.75432"):
        assert secret not in text


def test_secret_orders_reports_and_private_categories_are_not_shown(hotline):
    shown = hotline.order("010101", "complaint")
    hidden = [hotline.order("010101", "complaint", is_secret=True), hotline.order("090101", "report")]
    Category.objects.filter(code="010201").update(is_public=False)
    hidden.append(hotline.order("010201", "help"))
    listed = Client().get(
        f"{V2}/requests.json", {"start_date": AT.isoformat(), "end_date": (AT + timedelta(days=1)).isoformat()}
    )
    assert [r["service_request_id"] for r in listed.json()] == [shown.number]
    for order in hidden:
        assert Client().get(f"{V2}/requests/{order.number}.json").status_code == 404
    assert post(filing("", service_code="010201")).status_code == 403
    assert "010201" not in Client().get(f"{V2}/services.json").text


def test_sent_again_it_is_the_same_demand(hotline, key):
    first, again = post(filing(key)), post(filing(key))
    assert first.json()[0]["service_request_id"] == again.json()[0]["service_request_id"]
    other = post(filing(key, description="另一盏路灯也坏了，在学校门口"))
    assert other.json()[0]["service_request_id"] != first.json()[0]["service_request_id"]
    named = [
        post(filing(key, description=text), headers={"Idempotency-Key": "abc"})
        for text in ("路灯又坏了，还是那盏", "路灯又坏了，还是那盏，改了一个字")
    ]
    assert len({r.json()[0]["service_request_id"] for r in named}) == 1


def test_a_token_leads_to_the_number(hotline, key):
    number = post(filing(key)).json()[0]["service_request_id"]
    mark = Order.objects.get(number=number).pk
    assert Client().get(f"{V2}/tokens/{mark}.json").json()[0]["service_request_id"] == number
    assert Client().get(f"{V2}/tokens/{mark.hex}.xml").status_code == 200
    assert Client().get(f"{V2}/tokens/none.json").status_code == 404


def test_a_revoked_key_opens_nothing(hotline, key):
    opening.revoke(by=hotline.bureau, at=AT, key_id=InterfaceKey.objects.get().pk)
    refused = post(filing(key))
    assert refused.status_code == 403
    assert refused.json()[0]["code"] == 403
    assert not Order.objects.exists()
    with pytest.raises(Refused):
        opening.issue(by=hotline.operator, at=AT, name="别人")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403), ({"api_key": "x"}, 403), ({"service_code": ""}, 400), ({"service_code": "999999"}, 404), ({"description": " "}, 400),
        ({"description": "长" * 4001}, 400), ({"address_string": ""}, 400), ({"lat": "91", "long": "1"}, 400), ({"lat": "1"}, 400),
        ({"lat": "NaN", "long": "1"}, 400), ({"phone": "x"}, 400), ({"attribute[nature]": "report"}, 400), ({"attribute[town]": "110000000000"}, 400),
        ({"jurisdiction_id": "sfgov.org"}, 404), ({"address_id": "abc"}, 400),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_form_of_the_specification(hotline, key, change, status):
    for form in ("json", "xml"):
        refused = post(filing(key, **change), form)
        assert refused.status_code == status
        if form == "json":
            assert refused.json()[0]["code"] == status
            assert refused.json()[0]["description"]
        else:
            assert ElementTree.fromstring(refused.content).findtext("error/code") == str(status)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400), ("start_date=yesterday", 400), ("status=closed,open", 200),
        ("status=lost", 400), ("page=0", 400), ("page_size=1001", 400), ("page=2&page_size=5", 200), ("service_request_id=%00,RX1,", 200),
        ("start_date=2026-01-01T00:00:00+08:00", 200), ("end_date=0001-01-01T00:00:00Z", 400), ("start_date=2026-01-02&end_date=2026-01-01", 400),
        ("jurisdiction_id=elsewhere", 404), ("service_code=030101,x", 200),
    ],
)  # fmt: skip
def test_filters_are_read_as_the_specification_says(hotline, query, status):
    answer = Client().get(f"{V2}/requests.json?{query}")
    assert answer.status_code == status
    assert isinstance(answer.json(), list)


def test_pages_follow_each_other_without_gaps(hotline):
    made = {
        hotline.order("010101", "help", at=AT + timedelta(minutes=n), text=f"家里暖气不热第 {n} 次").number
        for n in range(7)
    }
    since = {"start_date": AT.isoformat(), "page_size": "3"}
    seen, address = [], None
    for _ in range(3):
        answer = Client().get(address or f"{V2}/requests.json", {} if address else since)
        seen += [r["service_request_id"] for r in answer.json()]
        address = answer.get("Link", "").partition(">")[0].removeprefix("<http://testserver")
    assert len(seen) == 7
    assert set(seen) == made
    assert not address


@pytest.mark.parametrize(
    ("way", "address", "status"),
    [
        ("put", "requests.json", 405),
        ("post", "services.json", 405),
        ("get", "services.html", 404),
        ("get", "requests/RX0.json", 404),
        ("get", "services/%20.json", 404),
    ],
)
def test_other_methods_and_formats_are_refused(db, way, address, status):
    assert getattr(Client(), way)(f"{V2}/{address}").status_code == status


def test_a_span_is_at_most_ninety_days():
    now = datetime(2026, 11, 22, tzinfo=CHINA)
    assert rules.span("", "", now=now) == (now - timedelta(days=90), now)
    assert rules.span("2026-11-01T00:00:00Z", "", now=now)[1] == now
    since, until = rules.span("2026-01-01T00:00:00Z", "", now=now)
    assert until - since == timedelta(days=90)


def test_a_key_is_shown_once_and_kept_as_a_digest(hotline):
    desk = hotline.client("service_admin")
    shown = desk.post("/desk/open311/", {"do": "issue", "name": "社区小程序"}).text
    key = shown[shown.index("o311_") :][:37]
    assert InterfaceKey.objects.get().digest == opening.digest(key)
    assert key not in desk.get("/desk/open311/").text
    assert post(filing(key)).status_code == 201
    desk.post("/desk/open311/", {"do": "revoke", "key_id": str(InterfaceKey.objects.get().pk)})
    assert post(filing(key, description="又有一盏灯坏了，在桥头")).status_code == 403
