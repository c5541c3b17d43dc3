"""An unprepared visitor at the counter, without a mouse; and the staff pages of cases at desk and phone width."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, expect

from siban.cases.models import Case
from siban.kernel import clock, journal
from tests import browser
from tests.cases import cast as standing

pytestmark = pytest.mark.journey
WIDTHS = (1280, 360)
DRAFT = re.compile(r"/desk/counter/[0-9a-f-]{36}/$")


@pytest.fixture
def hall(transactional_db: None, settings: Any, tmp_path: Path) -> standing.Cast:
    settings.STATIC_ROOT = tmp_path
    cast = standing.cast(standing.INSTANT, standing.SITUATED)
    item = cast.items[standing.INSTANT]
    item.initials = "sbksl"
    item.save(update_fields=["initials"])
    return cast


def cookie(cast: standing.Cast, who: str, url: str) -> Any:
    value = standing.client_of(cast, who).cookies[site.SESSION_COOKIE_NAME].value
    return {"name": site.SESSION_COOKIE_NAME, "value": value, "url": url}


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Press Tab until the element has the focus; a place the keyboard can't reach fails the test."""
    for _ in range(most):
        if page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of the keyboard's reach")


def test_an_instant_item_is_taken_in_with_the_keyboard_alone(hall: standing.Cast, live_server: Any) -> None:
    name = hall.items[standing.INSTANT].name
    session = cookie(hall, "clerk", live_server.url)
    with browser.launch() as chromium:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        context.add_cookies([session])
        page = context.new_page()
        page.set_default_timeout(15000)
        page.goto(f"{live_server.url}/desk/counter/")
        keys = page.keyboard
        expect(page.locator("#id_number")).to_be_focused()
        keys.type(standing.number(77))
        expect(page.locator("#person")).to_contain_text("请按身份证填写")
        tab_to(page, "#id_name")
        keys.type("演示新人")
        tab_to(page, "#id_mobile")
        keys.type("13800000077")
        tab_to(page, "#id_q")
        keys.type("sbk")
        expect(page.locator("#items")).to_contain_text(name)
        tab_to(page, "#items input:checked")
        keys.press("Enter")
        page.wait_for_url(DRAFT)
        tab_to(page, "#situation input")
        keys.press("Space")
        expect(page.locator("#work")).not_to_contain_text("请先选择情形")
        for at in range(page.locator("[data-material]").count()):
            box = page.locator("[data-material] input[type=checkbox][name^=paper-]").nth(at).get_attribute("id")
            tab_to(page, f"#{box}")
            keys.press("Space")
        _fill(page)
        keys.press("Escape")
        page.evaluate("document.activeElement.blur()")
        keys.press("s")
        page.wait_for_url(re.compile(r"/done/$"))
        expect(page.locator("main")).to_contain_text("已受理")
        keys.press("n")
        page.wait_for_url(re.compile(r"/desk/counter/$"))
        assert "演示新人" not in page.content()
        assert standing.number(77) not in page.content()
        context.close()
    case = Case.objects.get()
    assert (case.state, case.applicant_name, case.channel) == ("accepted", "演示新人", "window")


def _fill(page: Page) -> None:
    """Whatever is still empty and asked for, by keyboard."""
    empty = page.evaluate(
        "() => [...document.querySelectorAll('.sb-fields input:not([type=radio]):not([type=checkbox]), .sb-fields select')]"
        ".filter(e => !e.value && e.offsetParent && !e.closest('.govuk-form-group').querySelector('.sb-optional')).map(e => '#' + e.id)"
    )
    for place in empty:
        if place == "#id_mail_address":
            continue
        tab_to(page, place)
        if page.locator(place).evaluate("e => e.tagName") == "SELECT":
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type("演示新人" if "sign" in place else "演示内容")
    for box in page.evaluate(
        "() => [...document.querySelectorAll('.sb-fields input[type=checkbox]')].filter(e => !e.checked).map(e => '#' + e.id)"
    ):
        tab_to(page, box)
        page.keyboard.press("Space")


def test_the_staff_pages_are_accessible_and_fit_at_every_width(hall: standing.Cast, live_server: Any) -> None:
    at = clock.now()
    made = {
        s: standing.in_state(hall, s, at=at, who=w)
        for s, w in (
            ("submitted", "citizen"),
            ("correcting", "stranger"),
            ("in_review", "agent"),
            ("closed", "citizen"),
        )
    }
    case, draft = made["submitted"], standing.draft(hall, standing.SITUATED, by=hall.clerk, at=at)
    journal.deliver(at=at)
    pages = {
        "home": ("reviewer", "/desk/"),
        "inbox": ("reviewer", "/desk/cases/"),
        "inbox-empty": ("reviewer", "/desk/cases/?item=x"),
        "inbox-fault": ("reviewer", "/desk/cases/?since=x"),
        "search": ("reviewer", "/desk/search/?q=演示甲"),
        "search-none": ("reviewer", "/desk/search/?q=没有这件事"),
        **{f"case-{s}": ("reviewer", f"/desk/cases/{c.number}/") for s, c in made.items()},
        **{
            f"act-{m}": ("reviewer", f"/desk/cases/{case.number}/{m}/")
            for m in ("request_correction", "refuse_acceptance")
        },
        "act-reject": ("reviewer", f"/desk/cases/{made['in_review'].number}/reject/"),
        "counter": ("clerk", "/desk/counter/"),
        "draft": ("clerk", f"/desk/counter/{draft.pk}/"),
        "done": ("clerk", f"/desk/counter/{case.pk}/done/"),
        "read-only": ("inspector", f"/desk/cases/{case.number}/"),
    }
    sessions = {who: cookie(hall, who, live_server.url) for who in ("reviewer", "clerk", "inspector")}
    faults: list[str] = []
    with browser.launch() as chromium:
        for width in WIDTHS:
            for name, (who, address) in pages.items():
                context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
                context.add_cookies([sessions[who]])
                page, said = context.new_page(), []
                page.on("pageerror", lambda error, said=said: said.append(str(error)))
                page.on("console", lambda m, said=said: said.append(m.text) if m.type == "error" else None)
                answer = page.goto(live_server.url + address)
                assert answer is not None
                said += [] if answer.status == 200 else [f"answered {answer.status}"]
                browser.shot(page, f"casedesk-{name}-{width}")
                said += browser.axe(page)
                said += [f"{over} pixels too wide"] if (over := browser.overflow(page)) else []
                faults += [f"{name} {width}: {line}" for line in said]
                context.close()
    assert faults == []


def test_the_inbox_is_walked_with_j_k_and_enter(hall: standing.Cast, live_server: Any) -> None:
    at = clock.now()
    first, second = (
        standing.in_state(hall, "submitted", at=at),
        standing.in_state(hall, "accepted", at=at, who="stranger"),
    )
    session = cookie(hall, "reviewer", live_server.url)
    with browser.launch() as chromium:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        context.add_cookies([session])
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/cases/")
        for key in ("j", "j", "k", "j", "Enter"):
            page.keyboard.press(key)
        page.wait_for_url(f"**/desk/cases/{second.number}/")
        page.go_back()
        page.select_option("#id_state", "submitted")
        expect(page.locator("#inbox-rows")).not_to_contain_text(second.number)
        expect(page.locator("#inbox-rows")).to_contain_text(first.number)
        assert "state=submitted" in page.url
        context.close()
