"""The hotline in the browser: six stories, each as the people in it would go through it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from siban.hotline.actions import dispatching, handling, intake, ledgers
from siban.hotline.models import Order, Visit
from siban.kernel import clock
from tests.hotline.conftest import TOWN, Hotline, build

from .walking import Walk

pytestmark = pytest.mark.journey
WORDS = "已经到现场核实，3月5日前处理完毕，并电话告知"


@pytest.fixture
def house(
    transactional_db: None, settings: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Hotline:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser runs in a loop of its own
    settings.HOME = tmp_path_factory.getbasetemp()
    return build()


class Both(Walk):
    """Somebody whose pages are looked at on the desk and on the phone."""

    def look(self) -> Any:
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.width = width
            super().look()
        return self.page


class People:
    """Walks of the people of one story; every page looked at is checked at the end."""

    def __init__(self, chromium: Browser, base: str, house: Hotline) -> None:
        self.chromium, self.base, self.house = chromium, base, house
        self.walks: list[Walk] = []

    def enter(self, client: Client) -> Walk:
        walk = Both(self.chromium, self.base, width=1280)
        name, value = next((k, m.value) for k, m in client.cookies.items() if "session" in k)
        walk.context.add_cookies([{"name": name, "value": value, "url": self.base}])
        self.walks.append(walk)
        return walk

    def staff(self, role: str, org: str = "gov_service", n: int = 1) -> Walk:
        return self.enter(self.house.client(role, org, n))

    def leave(self) -> None:
        faults = [fault for walk in self.walks for fault in walk.faults]
        for walk in self.walks:
            walk.close()
        assert faults == []


@pytest.fixture
def people(house: Hotline, live_server: Any, chromium: Browser) -> Iterator[People]:
    made = People(chromium, live_server.url, house)
    yield made
    made.leave()


def _ready(
    house: Hotline, leaf: str = "010101", nature: str = "complaint", text: str = "家里暖气一直不热，室温只有十三度"
) -> Order:
    """An order signed by its lead, the caller contacted, ready for a reply."""
    at = clock.now()
    order = house.order(leaf, nature, at=at - timedelta(hours=3), text=text)
    dispatching.dispatch(order_id=order.pk, by=house.dispatcher, at=at - timedelta(hours=2), co=[])
    lead = Order.objects.select_related("lead").get(pk=order.pk).lead
    assert lead is not None
    unit = house.handler(lead.code)
    dispatching.sign(order_id=order.pk, by=unit, at=at - timedelta(hours=1))
    handling.contact(order_id=order.pk, by=unit, at=at, words="电话联系，已经约好上门")
    handling.visit(order_id=order.pk, by=unit, at=at, kind="handle", words="到现场看过，量了温度")
    return Order.objects.get(pk=order.pk)


def test_a_heating_pipe_bursts_at_night_and_is_mended_by_a_hand_without_a_signal(people: People) -> None:
    """From the first words of the call to the caller who says it is solved, and satisfied."""
    call = people.staff("hotline_dispatcher")
    page = call.to("/desk/hotline/new/")
    page.select_option("#id_town", TOWN)
    page.fill("#id_text", "半夜暖气管子崩了，热水喷一屋子，楼下也淹了，快来人关阀门")
    expect(page.locator("#help")).to_contain_text("可能危及生命财产", timeout=40000)
    assert page.is_checked("[name=emergency]")
    page.select_option("#id_leaf", "010201")
    call.look()
    call.press("登记并派单")
    order = Order.objects.get()
    assert (order.is_emergency, order.lead.code if order.lead else "") == (True, "heat_company")

    hand = people.staff("undertaker", "heat_company")
    hand.to(f"/desk/hotline/{order.number}/")
    hand.look()
    hand.press("签收")
    hand.to("/desk/hotline/field/")
    hand.look()
    hand.follow("登记上门")
    page = hand.page
    hand.look()
    people.walks.remove(hand)  # what the browser says of the lost network is no fault of the page
    hand.context.set_offline(True)
    page.select_option("#id_kind", "handle")
    page.fill("#id_words", "到现场关了总阀，换了爆裂的管段")
    page.locator("main").get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("[data-field-queue]")).to_contain_text("还有 1 条没有发送")
    assert not Visit.objects.exists()
    hand.context.set_offline(False)
    expect(page.locator("[data-field-queue]")).to_be_hidden(timeout=30000)
    assert Visit.objects.count() == 1
    hand.to(f"/desk/hotline/{order.number}/reply/")
    page.fill("#id_words", "您好，今天凌晨到现场关阀，换了爆裂的管段，已经恢复供暖，并电话告知您。")
    hand.press("发出答复")
    hand.close()

    back = people.staff("hotline_operator", n=2)
    back.to("/desk/hotline/callbacks/")
    back.look()
    back.follow("去回访")
    back.follow("回访：解决且满意")
    back.page.fill("#id_words", "来得快，修好了")
    back.press("回访：解决且满意")
    order.refresh_from_db()
    assert (order.state, order.is_solved, order.is_satisfied) == ("closed", True, True)


def test_a_bad_reply_is_sent_back_and_a_wage_claim_goes_over_three_units(people: People) -> None:
    """Each unit has its own clock; the lead answers when all have fed back, and a bad answer comes back."""
    house, at = people.house, clock.now()
    order = house.order("090101", "complaint", at=at, text="工地干了半年，三家单位都说不归他管，工钱一分没给")
    office = people.staff("hotline_dispatcher")
    office.to(f"/desk/hotline/{order.number}/")
    office.look()
    office.follow("派单")
    office.press("派单")
    assert sorted(Order.objects.get().legs.values_list("role", flat=True)) == ["co", "co", "lead"]
    for leg in order.legs.filter(role="co").select_related("org"):
        helper = people.staff("undertaker", leg.org.code)
        helper.to(f"/desk/hotline/{order.number}/")
        helper.press("签收")
        helper.follow("反馈")
        helper.page.fill("#id_words", "本单位已经核实用工情况，材料已经移送")
        helper.press("反馈")
    lead = people.staff("undertaker", "human_resources_social_security")
    lead.to(f"/desk/hotline/{order.number}/")
    lead.look()
    lead.press("签收")
    lead.follow("联系诉求人")
    lead.page.fill("#id_words", "电话联系，约定明天面谈")
    lead.press("联系诉求人")
    lead.follow("说明不用上门")
    lead.page.fill("#id_words", "诉求人已经到单位面谈")
    lead.press("说明不用上门")
    handling.reply(order_id=order.pk, by=house.handler("human_resources_social_security"), at=clock.now(), words="已经转有关部门处理，请耐心等待", overrule="演示")  # fmt: skip
    back = people.staff("hotline_operator", n=2)
    back.to(f"/desk/hotline/{order.number}/")
    back.follow("退回答复")
    back.page.fill("#id_words", "没有说工钱什么时候给")
    back.press("退回答复")
    back.look()
    order.refresh_from_db()
    assert (order.state, order.handled_at) == ("handling", None)


def test_a_historic_matter_is_hung_and_revived_and_an_unreasonable_one_ended_and_appealed(people: People) -> None:
    """三张清单: a plan with monthly progress on one side, ground, review, approval and appeal on the other."""
    house = people.house
    hung, ended = (
        _ready(house, text="九几年买的平房，到现在办不下来房本"),
        _ready(house, text="要求赔一百万精神损失费"),
    )
    person, citizen = house.person()
    Order.objects.filter(pk=ended.pk).update(person=person)
    unit = people.staff("undertaker", "heat_company")
    unit.to(f"/desk/hotline/{hung.number}/")
    unit.follow("申请挂单")
    unit.fill(
        {
            "ground": "history",
            "words": "开发单位已经注销，档案不全",
            "measure": "清查档案，列入历史遗留清单",
            "responsible": "演示·副局长",
        }
    )
    unit.page.fill("#id_expected_on", f"{clock.local_day(clock.now()) + timedelta(days=200)}")
    unit.look()
    unit.press("申请挂单")
    ledgers.suspend(order_id=hung.pk, by=house.dispatcher, at=clock.now())
    unit.to("/desk/hotline/ledgers/hung/")
    unit.look()
    unit.to(f"/desk/hotline/{hung.number}/")
    unit.follow("激活")
    unit.page.fill("#id_words", "档案已经找齐，可以办理")
    unit.press("激活")
    hung.refresh_from_db()
    assert (hung.state, hung.stopped_at) == ("handling", None)

    by, at = house.handler("heat_company"), clock.now()
    ledgers.ask_termination(
        order_id=ended.pk,
        by=by,
        at=at,
        ground="excessive",
        reason="超出法定标准",
        basis="供热条例",
        evidence="两次答复",
    )
    ledgers.review_termination(order_id=ended.pk, by=house.dispatcher, at=at, words="理由充分")
    bureau = people.staff("service_admin")
    bureau.to(f"/desk/hotline/{ended.number}/")
    bureau.look()
    bureau.follow("批准终结并告知")
    bureau.page.fill("#id_told_how", "电话告知")
    bureau.page.fill("#id_told_on", f"{clock.local_day(clock.now())}")
    bureau.press("批准终结并告知")
    caller = people.enter(citizen)
    caller.to(f"/my/demands/{ended.number}/")
    caller.look()
    caller.page.fill("#appeal_words", "我不同意，请再看看我的材料")
    caller.press("提交申诉")
    ended.refresh_from_db()
    assert ended.state == "appealed"
    ledgers.uphold_appeal(order_id=ended.pk, by=house.bureau, at=clock.now(), words="材料属实，恢复办理")


def test_a_citizen_files_with_a_photo_and_is_satisfied_in_the_end(people: People) -> None:
    """Filed on the phone, watched, answered, confirmed by the person alone."""
    house = people.house
    _, browser = house.person()
    caller = people.enter(browser)
    caller.to("/demands/new/")
    caller.look()
    caller.fill({"text": "楼前的路灯坏了三盏，晚上黑得看不见", "town": TOWN, "place": "示例小区东门"})
    caller.press("提交")
    order = Order.objects.get()
    at = clock.now()
    intake.reclassify(order_id=order.pk, by=house.operator, at=at, leaf="030101", nature="complaint")
    dispatching.dispatch(order_id=order.pk, by=house.dispatcher, at=at)
    unit = house.handler(f"township-{TOWN}")
    dispatching.sign(order_id=order.pk, by=unit, at=at)
    handling.visit(order_id=order.pk, by=unit, at=at, kind="handle", words="到现场换了三盏灯")
    handling.reply(order_id=order.pk, by=unit, at=at, words=WORDS, overrule="演示")
    caller.to(f"/my/demands/{order.number}/")
    caller.look()
    caller.fill({"solved": "yes", "satisfied": "yes"})
    caller.page.fill("#id_words", "亮了")
    caller.press("提交")
    order.refresh_from_db()
    assert (order.state, order.is_satisfied) == ("closed", True)
    wall = people.staff("service_admin")
    for address in (
        "/desk/hotline/wall/",
        "/desk/hotline/hotspots/",
        "/desk/hotline/?tab=all",
        "/desk/hotline/ledgers/categories/",
    ):
        wall.to(address)
        wall.look()
