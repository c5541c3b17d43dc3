"""A visit in the browser: 新生儿落户 at a township without a mouse, the reader, the camera, and no trace afterwards."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from siban.cases.actions import card_reader
from siban.cases.models import Case
from siban.identity import api as identity
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from tests import browser
from tests.cases import cast as standing

from .conftest import searchable
from .test_counter_keyboard import cookie

pytestmark = pytest.mark.journey
BIRTH = "public_security.birth_household"
DRAFT = re.compile(r"/desk/counter/[0-9a-f-]{36}/$")
SECONDS_A_KEY = 0.28  # an average typist (Card, Moran and Newell, keystroke-level model)


@pytest.fixture
def township(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> standing.Cast:
    """A township centre that registers births itself, and the banner's hall beside it."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser runs in a loop of its own
    settings.HOME = tmp_path
    cast = standing.cast(standing.INSTANT)
    cast.items[BIRTH] = standing.publish(BIRTH, org=cast.orgs["township"], impl_code="11150724MB0E00070L4150767001021")
    cast.accounts["registrar"] = identity.open_staff_account(
        login="registrar", name="演示·户籍民警", password=standing.PASSWORD, by=SYSTEM, at=clock.now(), since=standing.SINCE,
        posts=[("approver", cast.orgs["township"], standing.SUMU)],
    )  # fmt: skip
    return searchable(cast)


class Keys:
    """The keyboard with a count of every key that was pressed, and of the pages that were loaded."""

    def __init__(self, page: Page) -> None:
        self.page, self.count, self.pages = page, 0, 0
        page.on("load", lambda _: setattr(self, "pages", self.pages + 1))

    def type(self, text: str) -> None:
        self.count += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def tab_to(self, selector: str, *, most: int = 60) -> None:
        for _ in range(most):
            if self.page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is out of the keyboard's reach")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_birth_is_registered_at_a_township_by_keyboard_in_less_than_a_minute(
    township: standing.Cast, live_server: Any, chromium: Browser, width: int
) -> None:
    mother = township.persons["citizen"]
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    context.add_cookies([cookie(township, "township_clerk", live_server.url)])
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(f"{live_server.url}/desk/counter/")
    expect(page.locator("#id_number")).to_be_focused()
    keys, began = Keys(page), time.monotonic()
    keys.type(mother.id_number)
    expect(page.locator("#person")).to_contain_text(mother.name)
    keys.tab_to("#id_q")
    keys.type("csdj")
    expect(page.locator("#items")).to_contain_text("出生登记")
    keys.press("Enter")
    page.wait_for_url(DRAFT)
    keys.tab_to("#situation input")
    keys.press("Space")
    expect(page.locator("#work")).not_to_contain_text("请先选择情形")
    _child(keys, mother)
    keys.press("Escape")
    keys.press("w")
    expect(page.locator("[data-material] input[name^=paper-]:not(:checked)")).to_have_count(0)
    expect(page.locator("html.js")).to_be_attached()
    keys.press("a")
    expect(page.locator("[data-material] .sb-verdict:not(:has(:checked))")).to_have_count(0)
    expect(page.locator("html.js")).to_be_attached()
    browser.shot(page, f"visit-birth-{width}")
    assert browser.axe(page) == []
    assert browser.overflow(page) == 0
    keys.press("g")
    page.wait_for_url(re.compile(r"/done/$"))
    expect(page.locator("main")).to_contain_text("已受理")
    number = Case.objects.get().number
    took = time.monotonic() - began
    browser.shot(page, f"visit-done-{width}")
    assert browser.axe(page) == []
    keys.press("v")
    page.wait_for_url(re.compile(r"/visits/"))
    browser.shot(page, f"visit-all-{width}")
    assert browser.axe(page) == []
    assert browser.overflow(page) == 0
    context.close()
    _to_the_hand(township, live_server.url, chromium, number=number, width=width)
    case = Case.objects.get()
    assert (case.state, case.channel, case.used_comprehensive_window) == ("closed", "window", True)
    assert case.delivered_at is not None
    assert case.org_id == case.received_org_id == township.orgs["township"].pk
    assert case.window_id.startswith(standing.SUMU)
    print(
        f"{keys.count} keys, {keys.pages} pages, {took:.0f} s in this run, {keys.count * SECONDS_A_KEY:.0f} s by hand"
    )
    assert keys.count * SECONDS_A_KEY < 60
    assert took < 60


def _to_the_hand(cast: standing.Cast, base: str, chromium: Browser, *, number: str, width: int) -> None:
    """The township registers it and makes the paper; the counter that took it in hands it over."""
    for who, acts in (("registrar", ("approve", "issue")), ("township_clerk", ("deliver",))):
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        context.add_cookies([cookie(cast, who, base)])
        page = context.new_page()
        page.set_default_timeout(15000)
        for act in acts:
            page.goto(f"{base}/desk/cases/{number}/{act}/")
            if (receiver := page.locator("#id_receiver")).count():
                receiver.fill("演示甲")
            if (note := page.locator("#id_note")).count():
                note.fill("材料齐全，符合条件")
            browser.shot(page, f"visit-{act}-{width}")
            assert browser.axe(page) == []
            assert browser.overflow(page) == 0
            page.locator("main form .sb-buttons button").first.click()
            page.wait_for_url(f"**/desk/cases/{number}/")
        context.close()


def _child(keys: Keys, mother: Any) -> None:
    """The form of the birth, as one who knows it fills it in; what the house knows is there already."""
    page = keys.page
    said = {
        "child_name": "演示宝宝", "mother_name": mother.name, "mother_id_no": mother.id_number,
        "guardian_signature": mother.name, "household_address": "演示苏木",
    }  # fmt: skip
    born = {"child_birth_date_year": "2026", "child_birth_date_month": "11", "child_birth_date_day": "20"}
    names = page.evaluate(
        "() => [...document.querySelectorAll('.sb-fields input, .sb-fields select')].map(e => e.name + '|' + e.type + '|' + e.value + '|' + e.required)"
    )
    seen: set[str] = set()
    for line in names:
        name, kind, value, _ = line.split("|", 3)
        if name in seen:
            continue
        seen.add(name)
        if kind == "radio" and name == "child_gender":
            keys.tab_to(f"[name={name}]")
            keys.press("ArrowDown")
        elif name in born:
            keys.tab_to(f"[name={name}]")
            keys.type(born[name])
        elif name in said and not value:
            keys.tab_to(f"[name={name}]")
            keys.type(said[name])
        elif kind == "select-one" and not value and name == "ethnic_group":
            keys.tab_to(f"[name={name}]")
            keys.press("ArrowDown")


@pytest.mark.parametrize("over", ["n", "p"])
def test_the_back_button_after_a_visit_shows_nothing_of_it(
    township: standing.Cast, live_server: Any, chromium: Browser, over: str
) -> None:
    mother = township.persons["citizen"]
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.add_cookies([cookie(township, "township_clerk", live_server.url)])
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(f"{live_server.url}/desk/counter/")
    page.fill("#id_number", mother.id_number)
    expect(page.locator("#person")).to_contain_text(mother.name)
    page.fill("#id_q", "csdj")
    page.keyboard.press("Enter")
    page.wait_for_url(DRAFT)
    draft = page.url
    assert mother.id_number not in page.url
    assert "出生登记" not in page.title()
    page.locator("#situation input").first.check()
    expect(page.locator("#work")).not_to_contain_text("请先选择情形")
    page.fill("[name=child_name]", "演示宝宝")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("v")
    page.wait_for_url(re.compile(r"/visits/"))
    page.keyboard.press(over)
    page.wait_for_url(re.compile(r"/desk/counter/$"))
    assert page.evaluate("() => [sessionStorage.length, localStorage.length]") == [0, 0]
    traces = (mother.name, mother.id_number, mother.mobile, "演示宝宝", "出生登记")
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        said = page.content() + " ".join(page.locator("input").evaluate_all("all => all.map(e => e.value)"))
        assert [t for t in traces if t in said] == [], page.url
        if page.url.endswith("about:blank"):
            break
    page.goto(draft)
    assert [t for t in traces if t in page.content()] == []
    browser.shot(page, f"visit-closed-{over}")
    assert browser.axe(page) == []
    context.close()


def test_a_card_on_the_reader_fills_the_person_and_leads_to_the_item(
    township: standing.Cast, live_server: Any, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.add_cookies([cookie(township, "township_clerk", live_server.url)])
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(f"{live_server.url}/desk/counter/")
    page.get_by_role("button", name="连接读卡器").click()
    code = page.locator("#reader .sb-pickup").inner_text()
    at = clock.now()
    paired = card_reader.pair(code=code, at=at)
    expect(page.locator("#reader")).to_contain_text("读卡器已连接")
    card = {"id_number": standing.number(77), "name": "演示新人"}
    body, stamp = json.dumps(card).encode(), int(clock.now().timestamp() * 1000)
    card_reader.take_reading(
        reader_id=paired.reader, stamp=stamp, body=body, said=card, at=clock.now(),
        signed=card_reader.signature(paired.secret, stamp, body),
    )  # fmt: skip
    expect(page.locator("#id_number")).to_have_value(card["id_number"])
    expect(page.locator("#id_name")).to_have_value("演示新人")
    expect(page.locator("#id_mobile")).to_be_focused()
    browser.shot(page, "visit-reader")
    assert browser.axe(page) == []
    context.close()


@pytest.fixture
def with_camera() -> Iterator[Browser]:
    """A browser with a camera that shows a moving test picture."""
    flags = [*browser.QUIET, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser.executable(), args=flags)
        try:
            yield running
        finally:
            running.close()
            connections.close_all()  # those used while the browser's loop ran are known to that loop alone


def test_two_pages_are_photographed_one_turned_and_handed_in_as_one_document(
    township: standing.Cast, live_server: Any, with_camera: Browser
) -> None:
    context = with_camera.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.add_cookies([cookie(township, "township_clerk", live_server.url)])
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(f"{live_server.url}/desk/counter/")
    page.fill("#id_number", township.persons["citizen"].id_number)
    expect(page.locator("#person")).to_contain_text("已登记")
    page.fill("#id_q", "csdj")
    page.keyboard.press("Enter")
    page.wait_for_url(DRAFT)
    page.locator("#situation input").first.check()
    expect(page.locator("#work")).not_to_contain_text("请先选择情形")
    page.locator("#id_photo-m03").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-camera-dialog]")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-camera-view]').videoWidth > 0")
    for nth in range(3):
        page.keyboard.press("Enter")
        expect(page.locator("[data-camera-pages] li")).to_have_count(nth + 1)
    page.get_by_role("button", name="旋转第 1 张").click()
    page.get_by_role("button", name="去掉第 2 张，重拍").click()
    expect(page.locator("[data-camera-pages] li")).to_have_count(2)
    browser.shot(page, "visit-camera")
    assert browser.axe(page) == []
    page.get_by_role("button", name="用这些照片").click()
    expect(page.locator("#id_photo-m03")).to_be_focused()
    assert page.locator("#id_photo-m03").evaluate("e => e.files.length") == 2
    page.locator("#work button[value=save]").evaluate("e => e.click()")
    expect(page.locator("#work")).to_contain_text("居民户口簿（拍照）.pdf")
    context.close()
    row = Case.objects.get().materials.get()
    assert row.file is not None
    assert row.file.media_type == "application/pdf"
