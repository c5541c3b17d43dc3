"""Four cases from end to end as the people live them: corrected and inspected, refused, a false promise, granted by rules."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from siban.cases import actions
from siban.cases.models import Case
from siban.certificates.models import ECert
from siban.kernel import clock, journal
from tests import browser
from tests.cases import cast as standing

from .conftest import NAMES
from .test_counter_keyboard import cookie
from .walking import Walk, sheet

pytestmark = pytest.mark.journey
FOOD = "market_regulation.food_business"
WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> standing.Cast:
    """The cast with a food business, a flat to rent and a social card."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser runs in a loop of its own
    settings.HOME = tmp_path
    cast = standing.cast(FOOD, standing.SITUATED, standing.INSTANT)
    for who, name in {**NAMES, "head": "负责人"}.items():
        type(cast.accounts[who]).objects.filter(pk=cast.accounts[who].pk).update(name=f"演示·{name}")
    return cast


class Stage:
    """Everybody of a story at a browser of his own; the worker between the scenes; pictures of what was looked at."""

    def __init__(self, chromium: Browser, cast: standing.Cast, base: str, *, width: int) -> None:
        self.cast, self.width, self.walks, self.scene = cast, width, dict[str, Walk](), 0
        for who in ("citizen", "clerk", "reviewer", "head"):
            walk = Walk(chromium, base, width=width)
            walk.context.add_cookies([cookie(cast, who, base)])
            self.walks[who] = walk

    def look(self, who: str, story: str) -> None:
        """Look at the page this person stands on, and keep a picture under build/shots."""
        self.scene += 1
        browser.shot(self.walks[who].look(), f"{story}-{self.width}-{self.scene:02}-{who}")

    def on_case(self, who: str, number: str) -> Walk:
        walk = self.walks[who]
        walk.to(f"/my/cases/{number}/" if who == "citizen" else f"/desk/cases/{number}/")
        return walk

    def aside(self, who: str, label: str, *, under: str = "办理中可能要做的事") -> Walk:
        """An act that stands folded behind the main ones."""
        walk = self.walks[who]
        walk.page.get_by_text(under, exact=True).click()
        walk.follow(label)
        return walk


def hear() -> None:
    while journal.deliver(at=clock.now()):
        pass


@contextmanager
def played(chromium: Browser, cast: standing.Cast, base: str, *, width: int) -> Iterator[Stage]:
    """A story: in the end nobody met a page that was inaccessible, too wide or broken."""
    stage = Stage(chromium, cast, base, width=width)
    yield stage
    faults = [fault for walk in stage.walks.values() for fault in walk.faults]
    for walk in stage.walks.values():
        walk.close()
    assert not faults, "\n".join(faults)


def apply_for_food(stage: Stage, folder: Path, *choices: str, promise: bool = False) -> str:
    """An application of the firm, filled in and handed in on the pages. Returns its number."""
    walk, cast = stage.walks["citizen"], stage.cast
    page = walk.to(f"/apply/{cast.items[FOOD].version.content['impl_code']}/")  # type: ignore[union-attr]
    page.get_by_label("演示运输有限公司").check()
    walk.press("开始填写")
    found = re.search(r"/apply/case/([0-9a-f-]{36})/", page.url)
    assert found
    for question, choice in zip(("q1", "q2"), choices, strict=False):
        walk.fill({question: choice})
        walk.press("下一步")
    stage.look("citizen", "food")
    walk.fill(standing.good_form(Case.objects.get(pk=found[1]), at=clock.now()))
    walk.press("下一步")
    expect(page.locator("h1")).to_have_text("提交材料")
    case = Case.objects.get(pk=found[1])
    forms, paper = {m.id for m in case.form_materials()}, sheet(folder, "材料.pdf", standing.pdf().getvalue())
    for material in (m.id for m in case.wanted() if m.name in case.missing_materials() and m.id not in forms):
        hand_in(walk, material, paper)
    if promise:
        card = page.locator("#commitment")
        card.get_by_text("看承诺的内容，用承诺方式办理").click()
        card.get_by_label("我已知晓上面的内容").check()
        card.get_by_label("承诺人签名").fill("演示甲")
        stage.look("citizen", "promise")
        walk.press("用告知承诺方式办理")
        expect(page.locator("#commitment")).to_contain_text("已选择告知承诺")
    stage.look("citizen", "food")
    for label in ("下一步", "下一步", "确认提交"):
        walk.press(label)
    expect(page.locator("h1")).to_have_text("申请已经提交")
    number = Case.objects.get(pk=found[1]).number
    assert number
    hear()
    return number


def hand_in(walk: Walk, material: str, paper: Path) -> None:
    card = walk.page.locator(f"#m-{material}")
    card.locator("input[type=file]").set_input_files(paper)
    card.get_by_role("button", name="上传", exact=True).click()
    expect(walk.page.locator(f"#m-{material}")).to_contain_text("已提供")


@WIDTHS
def test_a_food_business_is_corrected_inspected_proposed_and_granted(
    town: standing.Cast, live_server: Any, chromium: Browser, tmp_path: Path, width: int
) -> None:
    with played(chromium, town, live_server.url, width=width) as stage:
        number = apply_for_food(stage, tmp_path, "a", "a")

        clerk = stage.on_case("clerk", number)
        stage.look("clerk", "food")
        clerk.follow("一次性告知补正")
        clerk.fill({"what-m04": "没有标出清洗区和储存区，请补画后重新上传"})
        stage.look("clerk", "food")
        clerk.press("一次性告知补正")
        expect(clerk.page.locator("body")).to_contain_text("一次性补正告知书已出具。")
        hear()

        citizen = stage.on_case("citizen", number)
        expect(citizen.page.locator("#correction")).to_contain_text("没有标出清洗区和储存区")
        stage.look("citizen", "food")
        hand_in(citizen, "m04", sheet(tmp_path, "平面图.pdf", standing.pdf(2).getvalue()))
        citizen.press("补好了，重新提交")
        stage.look("citizen", "food")

        clerk = stage.on_case("clerk", number)
        clerk.press("受理")
        expect(clerk.page.locator("body")).to_contain_text("已受理，受理通知书已出具。")

        reviewer = stage.on_case("reviewer", number)
        stage.look("reviewer", "food")
        reviewer.press("开始审查")
        stage.look("reviewer", "food")
        stage.aside("reviewer", "派出现场核查")
        today = clock.local_day(clock.now()).isoformat()
        reviewer.fill(
            {
                "inspectors": "演示·核查员甲（演示证001）、演示·核查员乙（演示证002）",
                "place": "示例街 6 号",
                "visit_on": today,
            }
        )
        stage.look("reviewer", "food")
        reviewer.press("派出现场核查")
        expect(reviewer.page.locator("body")).to_contain_text("现场核查通知书已出具。")
        stage.look("reviewer", "food")
        assert not reviewer.page.get_by_role("link", name="提交审查意见").count(), "no opinion before the inspection"
        reviewer.follow("登记核查结论")
        reviewer.fill({"conclusion": "pass", "findings": "布局与平面图一致，设施齐全。", "present": "演示甲"})
        stage.look("reviewer", "food")
        reviewer.press("登记核查结论")
        reviewer.follow("逐项审查")
        stage.look("reviewer", "food")
        reviewer.press("其余全部符合")
        reviewer.follow("提交审查意见")
        reviewer.fill({"outcome": "approve", "opinion": "材料齐全，现场核查符合。"})
        stage.look("reviewer", "food")
        reviewer.press("提交审查意见")
        expect(reviewer.page.locator("body")).to_contain_text("审查意见已提交。")
        stage.look("reviewer", "food")

        head = stage.on_case("head", number)
        stage.look("head", "food")
        expect(head.page.locator("main")).to_contain_text("现场核查符合")
        head.follow("准予")
        stage.look("head", "food")
        head.press("准予")
        expect(head.page.locator("body")).to_contain_text("已准予，决定书已出具。")

        reviewer = stage.on_case("reviewer", number)
        reviewer.press("制证")
        clerk = stage.on_case("clerk", number)
        clerk.follow("送达")
        stage.look("clerk", "food")
        clerk.press("送达")
        hear()

        citizen = stage.on_case("citizen", number)
        stage.look("citizen", "food")
        expect(citizen.page.locator("main")).to_contain_text("已办结")
        expect(citizen.page.locator("main")).to_contain_text("现场核查")
        assert ECert.objects.filter(pk=Case.objects.get(number=number).certificate_id, state="valid").exists()


@WIDTHS
def test_a_refusal_gives_reasons_and_says_where_to_turn(
    town: standing.Cast, live_server: Any, chromium: Browser, width: int
) -> None:
    case = standing.in_state(town, "in_review", at=clock.now() - timedelta(hours=5))
    number = case.number
    assert number
    with played(chromium, town, live_server.url, width=width) as stage:
        reviewer = stage.on_case("reviewer", number)
        reviewer.follow("提交审查意见")
        reviewer.fill(
            {"outcome": "reject", "opinion": "家庭人均收入超过公布的标准。", "basis": "公共租赁住房管理办法第七条"}
        )
        reviewer.press("提交审查意见")
        stage.on_case("citizen", number)
        expect(stage.walks["citizen"].page.locator("main")).to_contain_text("提交审查意见")
        expect(stage.walks["citizen"].page.locator("main")).not_to_contain_text("家庭人均收入超过")
        head = stage.on_case("head", number)
        head.follow("不予许可（办理）")
        expect(head.page.locator("#id_reason")).to_have_value("家庭人均收入超过公布的标准。")
        expect(head.page.locator("main")).to_contain_text("行政复议")
        stage.look("head", "refusal")
        head.press("不予许可（办理）")
        expect(head.page.locator("body")).to_contain_text("决定书已出具")
        stage.look("head", "refusal")
        hear()
        citizen = stage.on_case("citizen", number)
        stage.look("citizen", "refusal")
        for said in ("家庭人均收入超过公布的标准", "60 日内", "6 个月内"):
            expect(citizen.page.locator("main")).to_contain_text(said)
        clerk = stage.on_case("clerk", number)
        clerk.follow("送达")
        clerk.press("送达")
        hear()
        stage.on_case("citizen", number)
        stage.look("citizen", "refusal")
        expect(citizen.page.locator("main")).to_contain_text("行政复议")


@WIDTHS
def test_a_promise_found_false_takes_the_decision_back_by_two_hands(
    town: standing.Cast, live_server: Any, chromium: Browser, tmp_path: Path, width: int
) -> None:
    with played(chromium, town, live_server.url, width=width) as stage:
        number = apply_for_food(stage, tmp_path, "b", promise=True)
        key = {"case_id": Case.objects.get(number=number).pk}
        actions.accept(**key, by=town.clerk, at=clock.now())
        actions.start_review(**key, by=town.reviewer, at=clock.now())
        actions.pass_unseen(**key, by=town.reviewer, at=clock.now())
        actions.propose(**key, outcome="approve", opinion="已书面承诺", by=town.reviewer, at=clock.now())
        actions.approve(**key, by=town.head, at=clock.now())
        actions.issue(**key, by=town.reviewer, at=clock.now())
        actions.deliver(**key, by=town.clerk, at=clock.now())
        hear()

        reviewer = stage.walks["reviewer"]
        reviewer.to("/desk/promises/")
        stage.look("reviewer", "promise")
        reviewer.follow("食品经营许可")
        stage.look("reviewer", "promise")
        reviewer.page.get_by_label("核查方式和发现的情况").fill("现场查看：后厨布局已经改变，与承诺不符。")
        reviewer.press("承诺不实")
        expect(reviewer.page.locator("body")).to_contain_text("承诺不实的，应当撤销决定")
        stage.look("reviewer", "promise")
        stage.aside("reviewer", "撤销决定", under="纠正已经作出的决定")
        reviewer.fill({"reason": "承诺的经营条件不属实，依法撤销。", "document": "演示撤字〔2026〕1号"})
        stage.look("reviewer", "promise")
        reviewer.press("撤销决定")
        expect(reviewer.page.locator("#waiting")).to_be_visible()
        stage.look("reviewer", "promise")
        assert Case.objects.get(number=number).state == "closed"

        head = stage.on_case("head", number)
        stage.look("head", "promise")
        head.press("确认，立即生效")
        expect(head.page.locator("body")).to_contain_text("已确认，纠正已经生效。")
        hear()
        citizen = stage.on_case("citizen", number)
        stage.look("citizen", "promise")
        for said in ("已撤销", "承诺不实", "行政复议"):
            expect(citizen.page.locator("main")).to_contain_text(said)
        assert Case.objects.get(number=number).state == "revoked"


@WIDTHS
def test_signed_rules_grant_at_once_explain_and_are_looked_at_again_by_a_person(
    town: standing.Cast, live_server: Any, chromium: Browser, width: int
) -> None:
    with played(chromium, town, live_server.url, width=width) as stage:
        reviewer, head = stage.walks["reviewer"], stage.walks["head"]
        page = reviewer.to("/desk/auto/")
        page.locator("#id_item").select_option(label=town.items[standing.INSTANT].name)
        reviewer.press("开始编写")
        row = [
            ("when", "age >= 16 && !is_repeated"),
            ("words", "年满十六周岁，没有在办的同一申请"),
            ("law", "社会保险法第五十八条"),
        ]
        for name, said in row:
            page.locator(f"main [name='{name}']").first.fill(said)
        page.locator("main [name='outcome']").first.select_option("grant")
        page.locator("main [name='words']").nth(1).fill("不符合自动准予的条件，由工作人员审批")
        page.locator("main [name='outcome']").nth(1).select_option("person")
        reviewer.press("保存")
        stage.look("reviewer", "auto")
        expect(page.locator("main")).to_contain_text("证明完备")
        head.to(page.url)
        stage.look("head", "auto")
        head.page.locator("aside").get_by_role("button").first.click()
        expect(head.page.locator("main")).to_contain_text("签署（")
        stage.look("head", "auto")

        case = standing.filled(town, standing.INSTANT, at=clock.now())
        citizen = stage.walks["citizen"]
        citizen.to(f"/apply/case/{case.pk}/review/")
        citizen.press("确认提交")
        hear()
        number = Case.objects.get(pk=case.pk).number
        assert number
        stage.look("citizen", "auto")
        stage.on_case("citizen", number)
        stage.look("citizen", "auto")
        for said in ("自动审批说明", "第 1 版第 1 行", "年满十六周岁"):
            expect(citizen.page.locator("main")).to_contain_text(said)
        citizen.press("申请人工复核")
        stage.look("citizen", "auto")
        expect(citizen.page.locator("main")).to_contain_text("等待人工复核")
        reviewer = stage.on_case("reviewer", number)
        reviewer.page.get_by_label("复核情况").fill("核对年龄和在办申请，一致。")
        stage.look("reviewer", "auto")
        reviewer.press("复核一致")
        stage.on_case("citizen", number)
        expect(citizen.page.locator("main")).to_contain_text("人工复核一致")
