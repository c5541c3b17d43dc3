"""Walking through the site as one person: every page looked at is accessible, fits its window and says nothing wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests import browser


class Walk:
    """One person at one browser. `faults` gathers what was wrong with the pages looked at."""

    def __init__(self, chromium: Browser, base: str, *, width: int) -> None:
        self.base, self.width, self.faults = base, width, list[str]()
        self.context: BrowserContext = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15000)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        """Errors of the console; that an answer says 422 (please correct) is no error of the page."""
        if kind == "error" and "status of 422" not in text:
            self.faults.append(f"{self.page.url}: {text}")

    def to(self, address: str) -> Page:
        """Open an address of the site."""
        answer = self.page.goto(self.base + address if address.startswith("/") else address)
        assert answer is not None
        assert answer.status == 200, f"{address} answered {answer.status}"
        return self.page

    def look(self) -> Page:
        """Look at the page one stands on."""
        here = f"{self.page.url.removeprefix(self.base)} at {self.width}"
        self.faults += [f"{here}: {line}" for line in browser.axe(self.page)]
        if over := browser.overflow(self.page):
            self.faults.append(f"{here}: {over} pixels too wide")
        return self.page

    def log_in(self, name: str, number: str) -> None:
        """Through the demonstration identity provider."""
        self.page.fill("#id_name", name)
        self.page.fill("#id_id_number", number)
        self.press("登录")

    def log_in_staff(self, login: str, password: str) -> Page:
        """With account and password, by keyboard."""
        page = self.to("/login/staff/")
        tab_to(page, "#id_login")
        page.keyboard.type(login)
        tab_to(page, "#id_password")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/")
        return page

    def press(self, label: str) -> None:
        """The button of this name in the page's own part."""
        self.page.locator("main").get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, label: str) -> None:
        """The link of this name in the page's own part."""
        self.page.locator("main").get_by_role("link", name=label).first.click()
        self.page.wait_for_load_state()

    def fetch(self, address: str) -> bytes:
        """A file, as a download with this person's cookies."""
        answer = self.context.request.get(self.base + address if address.startswith("/") else address)
        assert answer.ok, f"{address} answered {answer.status}"
        return answer.body()

    def fill(self, values: Mapping[str, Any]) -> None:
        """The fields of the form that stand on the page, whatever their kind; a field that is not there is left out."""
        for name, value in flat(values).items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        one = self.page.locator(f"main [name='{name}']")
        if not one.count():
            if (day := self.page.locator(f"main [name='{name}_0']")).count():
                for n, part in enumerate(str(value).split("-")):
                    self.page.locator(f"main [name='{name}_{n}']").fill(str(int(part)))
                assert day.input_value()
            return
        kind = one.first.get_attribute("type") or one.first.evaluate("e => e.tagName.toLowerCase()")
        if kind == "select":
            one.select_option(str(value))
        elif kind in ("radio", "checkbox") and isinstance(value, list | str):
            for chosen in [value] if isinstance(value, str) else value:
                self.page.locator(f"main [name='{name}'][value='{chosen}']").check()
        elif kind == "checkbox":
            one.check()
        else:
            one.fill("、".join(value) if isinstance(value, list) else str(value))

    def close(self) -> None:
        self.context.close()


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by the name of their field; rows of a table and ends of a period one by one."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for n, row in enumerate(value):
                found |= {f"{name}-{n}-{key}": said for key, said in row.items()}
        elif isinstance(value, Mapping):
            found |= {f"{name}-{end}": said for end, said in value.items()}
        else:
            found[name] = value
    return found


def tab_to(page: Page, selector: str, *, most: int = 120) -> None:
    """Press Tab until the element has the focus; a place the keyboard can't reach fails the test."""
    for _ in range(most):
        if page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of the keyboard's reach on {page.url}")


def sheet(folder: Path, name: str, body: bytes) -> Path:
    """A file on the person's own machine."""
    path = folder / name
    path.write_bytes(body)
    return path
