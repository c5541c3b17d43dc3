"""From the words of a herder with a lorry to the figures of the banner: the whole chain on real pages, wide and narrow."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from siban.cases.models import Case
from siban.catalog.models import ItemVersion
from siban.certificates.models import ECert
from siban.kernel import clock, journal
from tests.cases import cast as standing

from .conftest import LORRY_LICENCE, LORRY_PLATE
from .walking import Walk, sheet, tab_to

pytestmark = pytest.mark.journey
Picture = Callable[[Page, str], None]


def hear() -> None:
    """What the worker does all day: hand out the journal."""
    while journal.deliver(at=clock.now()):
        pass


@pytest.mark.parametrize("width", [1280, 360])
def test_a_licence_from_plain_words_to_the_next_application(
    banner: standing.Cast, live_server: Any, chromium: Browser, tmp_path: Path, picture: Picture, width: int
) -> None:
    # Somebody else's case with the same office, due later.
    standing.in_state(banner, "accepted", at=clock.now(), who="stranger")
    hear()
    picture = picture if width == 1280 else lambda page, name: None
    people = {
        who: Walk(chromium, live_server.url, width=width) for who in ("citizen", "clerk", "reviewer", "inspector")
    }
    public = Walk(chromium, live_server.url, width=width)

    received, closed = _figures(people["inspector"])
    number = _apply(people["citizen"], banner, tmp_path, picture)
    hear()
    _receipt(people["citizen"], number, tmp_path)
    _accept_by_keyboard(people["clerk"], number, picture)
    _decide(people["reviewer"], number, picture)
    hear()
    code = _certificate(people["citizen"], public, tmp_path, picture)
    _rate(people["citizen"], number, picture)
    hear()
    assert _figures(people["inspector"], picture) == (received + 1, closed + 1)
    _reuse(people["citizen"], banner, tmp_path, picture)
    assert code

    faults = [fault for walk in (*people.values(), public) for fault in walk.faults]
    for walk in (*people.values(), public):
        walk.close()
    assert faults == []


def _find_and_begin(walk: Walk, banner: standing.Cast, words: str, item: str, picture: Picture | None = None) -> Case:
    """Search in plain words, read the guide, log in when asked, begin for the enterprise."""
    page = walk.to("/")
    walk.look()
    if picture:
        picture(page, "home")
    page.fill("#site-search", words)
    page.keyboard.press("Enter")
    name = banner.items[item].name
    expect(page.locator("main")).to_contain_text(name)
    walk.look()
    walk.follow(name)
    expect(page.locator("main")).to_contain_text("带什么")
    walk.look()
    if picture:
        picture(page, "guide")
    walk.follow("在线办理")
    if "/login/" in page.url:
        walk.look()
        walk.log_in("演示甲", standing.number(1))
    expect(page.locator("main")).to_contain_text("为谁办理")
    walk.look()
    page.get_by_label("演示运输有限公司").check()
    walk.press("开始填写")
    found = re.search(r"/apply/case/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return Case.objects.get(pk=found[1])


def _apply(walk: Walk, banner: standing.Cast, folder: Path, picture: Picture) -> str:
    case = _find_and_begin(walk, banner, "跑货运", LORRY_LICENCE, picture)
    page = walk.look()
    walk.fill({"q1": "a"})
    walk.press("下一步")
    walk.look()
    walk.fill(_answers(banner, Case.objects.get(pk=case.pk)))
    picture(page, "apply-form")
    walk.press("下一步")
    _hand_in(walk, case, folder, picture)
    walk.press("下一步")
    walk.look()
    walk.press("下一步")
    walk.look()
    walk.press("确认提交")
    expect(page.locator("h1")).to_have_text("申请已经提交")
    walk.look()
    number = Case.objects.get(pk=case.pk).number
    assert number
    assert number in page.locator("main").inner_text()
    return number


def _answers(banner: standing.Cast, case: Case) -> dict[str, Any]:
    """What the person writes: good answers, the company's own name and a real looking vehicle number among them."""
    said = standing.good_form(case, at=clock.now())
    return said | {"org_name": banner.firm.name, "vehicle_vin": "LSVAA4182E2184847"}


def _hand_in(walk: Walk, case: Case, folder: Path, picture: Picture | None = None) -> None:
    """A file for every material that is still asked for."""
    page = walk.page
    expect(page.locator("h1")).to_have_text("提交材料")
    fresh = Case.objects.get(pk=case.pk)
    forms = {m.id for m in fresh.form_materials()}
    missing = [m.id for m in fresh.wanted() if m.name in fresh.missing_materials() and m.id not in forms]
    assert missing
    paper = sheet(folder, "材料.pdf", standing.pdf().getvalue())
    walk.look()
    for material in missing:
        card = page.locator(f"#m-{material}")
        card.locator("input[type=file]").set_input_files(paper)
        card.get_by_role("button", name="上传", exact=True).click()
        expect(page.locator(f"#m-{material}")).to_contain_text("已提供")
    walk.look()
    if picture:
        picture(page, "apply-materials")


def _receipt(walk: Walk, number: str, folder: Path) -> None:
    page = walk.to(f"/apply/done/{number}/")
    address = page.get_by_role("link", name=re.compile("收件凭证")).get_attribute("href")
    assert address
    paper = sheet(folder, "receipt.pdf", walk.fetch(address))
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, check=True).stdout.decode()
    assert number in text
    assert "道路货物运输经营许可" in text
    assert "演示运输有限公司" in text


def _accept_by_keyboard(walk: Walk, number: str, picture: Picture) -> None:
    """Not one click: from the log-in to the acceptance with keys alone."""
    page = walk.log_in_staff("clerk", standing.PASSWORD)
    walk.look()
    picture(page, "desk-home")
    tab_to(page, "main a[href*='state=submitted']")
    page.keyboard.press("Enter")
    expect(page.locator("#inbox-rows")).to_contain_text(number)
    walk.look()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{number}/")
    walk.look()
    picture(page, "desk-case")
    tab_to(page, "button[formaction$='/accept/']")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("已受理，受理通知书已出具。")
    assert Case.objects.get(number=number).state == "accepted"


def _decide(walk: Walk, number: str, picture: Picture) -> None:
    walk.log_in_staff("reviewer", standing.PASSWORD)
    page = walk.to("/desk/cases/")
    rows = page.locator("#inbox-rows tbody tr")
    due = rows.locator("td[data-label=期限] .sb-table__note").all_inner_texts()
    assert due == sorted(due)
    assert rows.count() == 2
    expect(rows.first).to_contain_text(number)
    walk.look()
    picture(page, "inbox")
    rows.first.get_by_role("link").click()
    walk.press("开始审查")
    expect(page.locator("body")).to_contain_text("已开始审查，您是承办人。")
    walk.follow("逐项审查")
    walk.look()
    walk.press("其余全部符合")
    walk.follow("提交审查意见")
    page.check("#id_outcome_0")
    page.fill("#id_opinion", "材料齐全，符合条件。")
    walk.look()
    walk.press("提交审查意见")
    expect(page.locator("body")).to_contain_text("审查意见已提交。")
    _grant(walk, number)
    walk.to(f"/desk/cases/{number}/")
    walk.press("制证")
    expect(page.locator("body")).to_contain_text("已制证。")
    walk.look()
    walk.follow("送达")
    walk.look()
    walk.press("送达")
    expect(page.locator("body")).to_contain_text("已送达并办结。")
    walk.look()
    assert Case.objects.get(number=number).state == "closed"


def _grant(walk: Walk, number: str) -> None:
    """The head of the department, at another browser, decides on the reviewer's opinion."""
    assert walk.context.browser
    head = Walk(walk.context.browser, walk.base, width=walk.width)
    head.log_in_staff("head", standing.PASSWORD)
    page = head.to(f"/desk/cases/{number}/")
    expect(page.locator("body")).to_contain_text("拟准予")
    head.look()
    head.follow("准予")
    head.look()
    head.press("准予")
    expect(page.locator("body")).to_contain_text("已准予，决定书已出具。")
    head.context.close()
    walk.faults += head.faults


def _certificate(walk: Walk, public: Walk, folder: Path, picture: Picture) -> str:
    """The sealed file stands up to an independent tool; with one byte changed it falls."""
    page = walk.to("/my/certificates/")
    walk.look()
    walk.follow("道路运输经营许可证")
    walk.look()
    address = page.get_by_role("link", name="打开证照（PDF）").get_attribute("href")
    assert address
    body = walk.fetch(address)
    sound = sheet(folder, "certificate.pdf", body)
    place = body.index(b"stream", len(body) // 4) + 40
    broken = sheet(folder, "changed.pdf", body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
    assert "Signature is Valid" in _pdfsig(sound)
    assert "Signature is Valid" not in _pdfsig(broken)

    code = ECert.objects.get(type_id="ec_road_transport_business").verify_code
    page = public.to("/verify/")
    public.look()
    page.fill("#id_q", code.lower())
    public.press("核验")
    expect(page.locator("main")).to_contain_text("这是一份有效的电子证照")
    assert "演示甲" not in page.content()
    public.look()
    picture(page, "verify")
    for file, said in ((sound, "与发出的原件完全一致"), (broken, "内容被改动过")):
        page.locator("main input[type=file]").set_input_files(file)
        public.press("核对文件")
        expect(page.locator("main")).to_contain_text(said)
        public.look()
    return code


def _pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", "-nocert", path], check=False, capture_output=True).stdout.decode()


def _rate(walk: Walk, number: str, picture: Picture) -> None:
    page = walk.to("/my/")
    walk.look()
    picture(page, "my-cases")
    page = walk.to(f"/my/cases/{number}/")
    expect(page.locator("main")).to_contain_text("已办结")
    walk.look()
    walk.follow("评价这次服务")
    page.get_by_label("非常满意", exact=True).check()
    walk.look()
    picture(page, "rating")
    walk.press("提交评价")
    expect(page.locator("main")).to_contain_text("已经收到您的评价")
    walk.look()


def _figures(walk: Walk, picture: Picture | None = None) -> tuple[int, int]:
    """收件数 and 办结数 as the inspector reads them; each opens exactly that many rows."""
    if "/desk/" not in walk.page.url:
        walk.log_in_staff("inspector", standing.PASSWORD)
    found = []
    for label in ("收件数", "办结数"):
        page = walk.to("/desk/figures/")
        link = page.locator(".sb-stat", has_text=label).get_by_role("link")
        said = int(re.sub(r"\D", "", link.inner_text().split("，")[0]))
        walk.look()
        if picture:
            picture(page, "figures")
        link.click()
        page.wait_for_url("**/hits/")
        assert page.locator("main tbody tr").count() == said
        if said:
            expect(page.locator("main strong.sb-num")).to_have_text(str(said))
        walk.look()
        if picture:
            picture(page, "rows")
        found.append(said)
    if picture:
        page = walk.to("/desk/ratings/")
        expect(page.locator(".sb-stat", has_text="好评率")).to_contain_text("100.00%")
        walk.look()
        picture(page, "ratings")
    return found[0], found[1]


def _reuse(walk: Walk, banner: standing.Cast, folder: Path, picture: Picture) -> None:
    """The next application takes the certificate instead of a paper, and the holder can see that it did."""
    case = _find_and_begin(walk, banner, "道路运输证", LORRY_PLATE)
    page = walk.look()
    walk.fill(_answers(banner, case))
    walk.press("下一步")
    card = page.locator("#m-m02")
    expect(card).to_contain_text("使用已有电子证照")
    card.get_by_role("button", name="使用这份证照，免交纸质").click()
    expect(page.locator("#m-m02 .govuk-error-message").first).to_contain_text("同意")
    card = page.locator("#m-m02")
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="使用这份证照，免交纸质").click()
    expect(page.locator("#m-m02")).to_contain_text("免交（用电子证照）")
    page.locator("#m-m02").scroll_into_view_if_needed()
    _hand_in(walk, case, folder)
    for label in ("下一步", "下一步", "确认提交"):
        walk.press(label)
    expect(page.locator("h1")).to_have_text("申请已经提交")
    page = walk.to("/my/certificates/")
    expect(page.locator("main")).to_contain_text("使用记录 1 次")
    picture(page, "my-certificates")
    walk.follow("道路运输经营许可证")
    expect(page.locator("main")).to_contain_text("道路运输证配发")
    walk.look()
    assert ItemVersion.objects.filter(item__slug=LORRY_PLATE).count() == 1
