"""What is turned away as an attack, at each door: refused, counted once a try, journalled without its contents."""

import io

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.exchange import api as exchange
from siban.identity import api as identity
from siban.kernel.actor import SYSTEM
from siban.kernel.files import FileDangerous, FileRefused, sniff
from siban.kernel.models import JournalEntry, SecurityEvent
from siban.kernel.web import refusals, throttle
from tests.kernel.test_hostile_files import HOSTILE, HTML, picture

from . import cast as standing
from .test_api import body, send

pytestmark = pytest.mark.django_db
Kind = SecurityEvent.Kind
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def released():
    for limit in throttle.EVERY:
        limit.clear()


@pytest.fixture
def token(cast):
    return exchange.register_client(
        name="演示业务系统", org=cast.orgs["hall"], role="window_clerk", region_code=standing.BANNER,
        scopes=["applications"], by=SYSTEM, at=standing.MONDAY,
    )[1]  # fmt: skip


def evil():
    made = io.BytesIO(picture("PNG") + HTML)
    made.name = "照片.png"
    return made


def by_person(cast, token):
    case = standing.draft(cast)
    return standing.client_of(cast, "citizen").post(
        reverse("case-hand-in", args=[case.pk, "m03"]), {"files": evil()}, HTTP_HX_REQUEST="true"
    )


def by_interface(cast, token):
    return Client().post("/api/v1/files", {"file": evil()}, HTTP_AUTHORIZATION=f"Bearer {token}")


@pytest.mark.parametrize("door", [by_person, by_interface])
def test_a_dangerous_upload_is_counted_at_every_door_and_named_without_its_contents(cast, token, door):
    answer = door(cast, token)
    assert "藏着网页代码" in answer.content.decode()
    event = SecurityEvent.objects.get()
    assert (event.kind, event.times, event.reason) == (Kind.UPLOAD, 1, "图片里面藏着网页代码")
    said = JournalEntry.objects.get(subject_type="kernel.SecurityEvent", subject_id=str(event.pk))
    assert "照片" not in str(said.facts) + said.note


def test_every_hostile_file_is_either_counted_or_plainly_of_a_wrong_type():
    innocent, named = set(), False
    for kind, (content, name, _) in HOSTILE.items():
        try:
            sniff(io.BytesIO(content), name)
        except FileDangerous as why:
            named = named or name in why.reason
        except FileRefused:
            innocent.add(kind)
    assert not named
    assert innocent == {"GIF with script", "cut off PDF", "cut off document", "empty"}


def test_forged_tokens_and_replayed_keys_are_counted(cast, token):
    sent = body(cast)
    assert send(sent, "no-such-token").status_code == 401
    assert send(sent, token).status_code == 201
    assert send(sent | {"answers": {"q1": "b"}}, token).status_code == 409
    assert Client().post("/fees/notify/", b"{}", content_type="application/json").status_code == 401
    counted = dict(SecurityEvent.objects.order_by("kind").values_list("kind", "times"))
    assert counted[Kind.REPLAY] == 1
    assert SecurityEvent.objects.filter(kind=Kind.TOKEN).count() == 2


def test_made_up_sessions_and_forms_from_elsewhere_are_counted():
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "abcdefghijklmnopqrstuvwxyz012345"
    assert browser.get("/my/").status_code == 302
    assert browser.post("/login/staff/", {"login": "a", "password": "b"}).status_code == 403
    assert set(SecurityEvent.objects.values_list("kind", flat=True)) == {Kind.TOKEN, Kind.FORM}


def test_counting_asks_for_others_numbers_only_when_they_are_many(cast):
    browser = standing.client_of(cast, "stranger")
    for n in range(refusals.MISSES.capacity + 15):
        assert browser.get(reverse("my-case", args=[f"NO-{n}"])).status_code == 404
    event = SecurityEvent.objects.get()
    assert event.kind == Kind.ENUMERATION
    assert 1 <= event.times <= 15  # the bucket fills again while the test runs
    assert JournalEntry.objects.filter(subject_type="kernel.SecurityEvent").count() == 1


def test_a_wrong_password_is_counted_for_known_and_unknown_alike(cast):
    for login in ("nobody-here", "chuangkou"):
        Client().post("/login/staff/", {"login": login, "password": "wrong"})
    assert SecurityEvent.objects.get().times == 2


class TestPage:
    @pytest.fixture
    def browser(self, cast):
        cast.accounts["auditor"] = identity.open_staff_account(
            login="auditor", name="演示auditor", password=standing.PASSWORD, by=SYSTEM, at=standing.MONDAY,
            posts=[("auditor", cast.orgs["hall"], standing.BANNER)], since=standing.SINCE,
        )  # fmt: skip
        return standing.client_of(cast, "auditor")

    @pytest.fixture
    def events(self, cast, token):
        for address in ("127.0.0.1", "127.0.0.9"):
            for _ in range(3):
                Client(REMOTE_ADDR=address).post("/fees/notify/", b"{}", content_type="application/json")
        by_interface(cast, token)

    def test_the_list_and_its_sheet_show_what_is_filtered(self, browser, events):
        page = browser.get(reverse("security-events"))
        assert len(page.context["rows"]) == 3
        sums = {label: (times, address) for label, times, address in page.context["sums"]}
        assert {label: times for label, (times, _) in sums.items()} == {"有害文件": 1, "伪造的令牌或者签名": 6}
        opened = browser.get(reverse("security-events") + sums["伪造的令牌或者签名"][1])
        assert sum(dict(row)["次数"] for row in opened.context["rows"]) == 6
        one = browser.get(reverse("security-events"), {"source": "127.0.0.9"})
        assert [dict(row)["次数"] for row in one.context["rows"]] == [3]
        sheet = browser.get(reverse("security-events-export"), {"kind": "upload"})
        assert sheet["Content-Type"] == SHEET
        rows = list(
            openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.iter_rows(values_only=True)
        )
        assert [len(rows), rows[1][1], rows[1][6]] == [2, "有害文件", 1]

    def test_strange_filters_are_no_fault(self, browser, events):
        for said in ({"since": "2026-13-99"}, {"kind": "x"}, {"page": "-1"}, {"source": "\x00"}, {"until": "x"}):
            assert browser.get(reverse("security-events"), said).status_code == 200

    def test_no_query_more_for_more_rows(self, browser, events, django_assert_num_queries):
        browser.get(reverse("security-events"))
        with CaptureQueriesContext(connection) as few:
            browser.get(reverse("security-events"))
        asked = len(few)
        for n in range(30):
            Client(REMOTE_ADDR=f"127.0.1.{n}").post("/fees/notify/", b"{}", content_type="application/json")
        with django_assert_num_queries(asked):
            browser.get(reverse("security-events"))
