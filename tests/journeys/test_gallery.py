"""The gallery in a real browser: accessible, nothing cut off, nothing the policy forbids."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Page, Route, expect

from siban.kernel.ui.gallery import CHAPTERS
from tests import browser

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; form-action 'self'"
)
BUILT = Path(__file__).resolve().parents[2] / "frontend" / "static"

pytestmark = pytest.mark.journey


def policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The house's content policy, in case the settings under test carry none."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    settings.ROOT_URLCONF = "siban.kernel.ui.urls"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.MIDDLEWARE = ["tests.journeys.test_gallery.policy", "django.middleware.csrf.CsrfViewMiddleware"]
    settings.STATICFILES_DIRS = [BUILT]
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/ui/"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launch() as running:
        yield running


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("width", [1280, 640, 360])
def test_gallery_is_accessible_and_fits(address: str, chromium: Browser, width: int, elder: bool) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    if elder:
        context.add_cookies([{"name": "elder", "value": "1", "url": address}])
    context.route("**/messages/count/", lambda route: route.fulfill(status=200, body=""))  # another room's answer
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    faults: list[str] = []
    for chapter in CHAPTERS:
        for layout in ("desk", "portal"):
            page.goto(f"{address}?chapter={chapter}&layout={layout}", wait_until="load")
            faults += [f"{chapter} {layout}: {line}" for line in browser.axe(page)]
            if wider := browser.overflow(page):
                faults.append(f"{chapter} {layout}: {wider} px too wide")
    context.close()
    assert faults + said == []


def test_large_type_works_without_scripts(address: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="大字版").click()
    assert page.get_by_role("button", name="标准字号").is_visible()
    assert page.url == address
    context.close()


def test_a_second_press_sends_nothing(address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(address)
    page.evaluate(
        "document.addEventListener('submit', e => { window.sent = (window.sent || 0) + 1; e.preventDefault(); })"
    )
    for _ in range(2):
        page.get_by_role("button", name="受理", exact=True).click(force=True, no_wait_after=True)
    assert page.evaluate("window.sent") == 1
    page.close()


def test_keys_lead_to_search_and_along_the_rows(address: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}?chapter=lists")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "desk-search"
    page.keyboard.press("Escape")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.textContent") == "150724-2024-000002"
    page.close()


def test_a_file_too_large_is_refused_before_sending(address: str, chromium: Browser, tmp_path: Path) -> None:
    large = tmp_path / "户口簿.pdf"
    large.write_bytes(b"0" * (10 * 1024 * 1024 + 1))
    page = chromium.new_page()
    page.goto(f"{address}?chapter=forms")
    box = page.locator("#new_paper")
    box.set_input_files(large)
    told = page.locator("#new_paper_group [data-upload-status]")
    assert "超过 10.0 MB 的上限" in told.inner_text()
    assert box.evaluate("e => e.files.length") == 0
    page.close()


def start_autosave(page: Page, address: str) -> None:
    """Open the blank form and let it save itself to /draft/."""
    page.goto(f"{address}?chapter=forms")
    page.evaluate("""() => {
        document.querySelector('#new_name').form.dataset.autosaveUrl = '/draft/';
        document.body.dispatchEvent(new CustomEvent('htmx:load', {bubbles: true, detail: {elt: document.body}}));
    }""")


def test_a_form_saves_itself_again_when_the_network_returns(address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.abort()
        else:
            route.fulfill(status=204)

    page.route("**/draft/", answer)
    start_autosave(page, address)
    page.locator("#new_phone").fill("13800001234")
    status = page.locator("#new_name").locator("xpath=ancestor::form").locator("[data-autosave-status]")
    expect(status).to_have_text("未保存，网络恢复后自动重试", timeout=5000)
    expect(status).to_contain_text("已保存", timeout=8000)
    assert [("phone=13800001234" in body, "csrfmiddlewaretoken" in body) for body in sent] == [(True, False)] * 2
    page.close()


def test_words_typed_after_the_session_ended_are_found_again(address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.route("**/draft/", lambda route: route.fulfill(status=403))
    start_autosave(page, address)
    page.locator("#new_reason").fill("草场承包合同到期")
    status = page.locator("#new_name").locator("xpath=ancestor::form").locator("[data-autosave-status]")
    expect(status).to_contain_text("登录已过期", timeout=5000)
    page.on("dialog", lambda dialog: dialog.accept())
    start_autosave(page, address)
    assert page.locator("#new_reason").input_value() == "草场承包合同到期"
    page.close()
