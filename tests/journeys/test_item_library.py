"""The item library as two people meet it: a citizen who cannot spell what she needs, a manager with a workbook of errors."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from siban.catalog import public_kiosk
from siban.catalog.models import ImplementationItem
from siban.catalog.workbook import writing
from siban.identity import actions as identity_actions
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from tests.cases import cast as standing

from .walking import Walk

pytestmark = pytest.mark.journey
Picture = Callable[[Page, str], None]


def only_wide(picture: Picture, width: int) -> Picture:
    return picture if width == 1280 else lambda page, name: None


@pytest.mark.parametrize("width", [1280, 360])
def test_a_citizen_who_misspells_finds_answers_and_prints_what_to_bring(
    banner: standing.Cast, live_server: Any, chromium: Browser, picture: Picture, width: int
) -> None:
    item, taken = banner.items[standing.SITUATED], only_wide(picture, width)
    walk = Walk(chromium, live_server.url, width=width)
    page = walk.to("/items/?q=公共租凭住房")
    walk.look()
    taken(page, "items-search")
    page.locator("main").get_by_role("link", name=item.name).first.click()
    walk.look()
    page.get_by_role("link", name="回答问题，看我要带什么").click()
    walk.look()
    page.locator("#ask .sb-choose a").first.click()
    expect(page.locator("#ask")).to_contain_text("按您的情况")
    walk.look()
    taken(page, "items-checklist")
    page.get_by_role("link", name="打印这份清单").click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text(item.name)
    walk.look()
    assert walk.faults == []
    walk.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_machine_forgets_whoever_left_it(
    banner: standing.Cast, live_server: Any, chromium: Browser, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    item = banner.items[standing.SITUATED]
    monkeypatch.setattr(public_kiosk, "IDLE", 4)
    walk = Walk(chromium, live_server.url, width=width)
    page = walk.to(f"/kiosk/items/{item.impl_code}/")
    walk.look()
    page.locator(".sb-choose a").first.click()
    page.evaluate("() => { sessionStorage.setItem('draft:x', '演示'); localStorage.setItem('y', '演示'); }")
    page.wait_for_url("**/kiosk/", timeout=15000)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => [sessionStorage.length, localStorage.length]") == [0, 0]
    assert {one.get("name") for one in walk.context.cookies()} <= {"csrftoken"}  # of the page that is shown now
    walk.look()
    assert walk.faults == []
    walk.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_workbook_with_an_error_is_mended_taken_in_and_published(
    banner: standing.Cast, live_server: Any, chromium: Browser, picture: Picture, tmp_path: Path, width: int
) -> None:
    item, taken = ImplementationItem.objects.get(pk=banner.items[standing.SITUATED].pk), only_wide(picture, width)
    identity_actions.open_staff_account(
        login="itemmanager", name="演示·事项员", password=standing.PASSWORD,
        posts=[("dept_admin", item.org, item.region_id)], by=SYSTEM, at=clock.now(), since=date(2020, 1, 1),
    )  # fmt: skip
    assert item.version is not None
    book = tmp_path / "事项.xlsx"
    writing.write(book, [writing.Written({**item.version.content, "impl_code": item.impl_code})])
    walk = Walk(chromium, live_server.url, width=width)
    walk.log_in_staff("itemmanager", standing.PASSWORD)

    cell(book, "数量限制", "每年四百户")
    cell(book, "承诺时限", "二十天")
    page = upload(walk, book)
    expect(page.locator("main")).to_contain_text("二十天")
    walk.look()
    taken(page, "items-import-errors")

    cell(book, "承诺时限", 20)
    page = upload(walk, book)
    expect(page.locator("main")).to_contain_text("每年四百户")
    walk.look()
    taken(page, "items-import-preview")
    walk.press("确认导入")
    expect(page.locator("main")).to_contain_text("导入完成")

    page = walk.to(f"/desk/items/{item.pk}/edit/")
    expect(page.locator("#findings")).to_contain_text("规则核对通过")
    page.fill("[name=office_hours]", "工作日")
    expect(page.locator("#findings")).to_contain_text("R14")
    walk.look()
    taken(page, "items-editor-findings")
    page.fill("[name=office_hours]", item.version.content["office_hours"])
    expect(page.locator("#findings")).not_to_contain_text("R14")
    page.get_by_role("button", name="保存并回到事项页面").click()
    page.wait_for_url(f"**/desk/items/{item.pk}/")
    walk.press("完成自检")
    walk.press("提交审核")
    walk.look()
    assert walk.faults == []
    walk.close()

    chief = Walk(chromium, live_server.url, width=width)
    chief.log_in_staff("administrator", standing.PASSWORD)
    chief.to(f"/desk/items/{item.pk}/")
    chief.press("审核通过")
    chief.press("发布")
    chief.look()
    page = chief.to(f"/items/{item.impl_code}/")
    expect(page.locator("main")).to_contain_text("每年四百户")
    assert chief.faults == []
    chief.close()


def cell(book: Path, title: str, new: Any) -> None:
    """One cell of the items' sheet changed, as a spreadsheet program would."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["事项"]
    heads = [str(one.value).strip("*") for one in sheet[1]]
    sheet.cell(2, heads.index(title) + 1).value = new
    opened.save(book)


def upload(walk: Walk, book: Path) -> Page:
    page = walk.to("/desk/items/workbook/")
    page.set_input_files("input[type=file]", str(book))
    walk.press("上传并核对")
    page.wait_for_load_state()
    return page
