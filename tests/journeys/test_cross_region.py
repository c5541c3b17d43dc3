"""跨域通办 in the browser: found and received at a neighbour's counter, taken over and decided here, handed out there."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from siban.cases import actions
from siban.cases.models import Case
from siban.identity import api as identity
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from tests.cases import cast as standing

from .test_case_stories import WIDTHS, Stage, cookie, hear, played, town  # noqa: F401 (the fixture)
from .walking import Walk

pytestmark = pytest.mark.journey
FAR = "150702000000"


@pytest.fixture
def neighbour(town: standing.Cast) -> standing.Cast:  # noqa: F811
    """A counter in another banner of the same city."""
    identity.Region.objects.get_or_create(code=FAR, defaults={"name": "演示邻区", "level": 4})
    org = standing._org("far", "演示邻区政务服务中心", "演示邻区政务", FAR, 9)
    town.orgs["far"] = org
    town.accounts["far"] = identity.open_staff_account(
        login="far", name="演示·邻区窗口", password=standing.PASSWORD, posts=[("window_clerk", org, FAR)], by=SYSTEM,
        at=clock.now(), since=standing.SINCE,
    )  # fmt: skip
    town.actors["far"] = identity.of_post(town.accounts["far"], town.accounts["far"].posts.select_related("org").get())
    return town


def received(stage: Stage, cast: standing.Cast) -> str:
    """Found by the neighbour's clerk on the counter's page, filled in and accepted there."""
    far = stage.walks["far"]
    page = far.to("/desk/counter/")
    page.fill("#id_number", cast.persons["citizen"].id_number)
    page.fill("#id_q", "社会保障卡")
    expect(page.locator("main")).to_contain_text("全市通办：由")
    stage.look("far", "cross")
    case = standing.filled(cast, standing.INSTANT, by=cast.far.through("window"), at=clock.now())
    Case.objects.filter(pk=case.pk).update(delivery="counter")
    done = actions.submit(case_id=case.pk, by=cast.far.through("window"), at=clock.now())
    if done.state == "submitted":
        actions.accept(case_id=case.pk, by=cast.far.through("window"), at=clock.now())
    hear()
    number = Case.objects.get(pk=case.pk).number
    assert number
    return number


@WIDTHS
def test_received_at_the_neighbours_decided_here_handed_out_there(
    neighbour: standing.Cast, live_server: Any, chromium: Browser, width: int
) -> None:
    cast = neighbour
    with played(chromium, cast, live_server.url, width=width) as stage:
        stage.walks["far"] = Walk(chromium, live_server.url, width=width)
        stage.walks["far"].context.add_cookies([cookie(cast, "far", live_server.url)])
        number = received(stage, cast)

        reviewer = stage.walks["reviewer"]
        reviewer.to("/desk/cross/?side=in")
        stage.look("reviewer", "cross")
        reviewer.follow("社会保障卡")
        stage.look("reviewer", "cross")
        reviewer.press("复核无误，接收")
        expect(reviewer.page.locator("main")).to_contain_text("办理地办理中")
        actions.approve(case_id=Case.objects.get(number=number).pk, by=cast.reviewer, at=clock.now(), note="同意。")
        actions.issue(case_id=Case.objects.get(number=number).pk, by=cast.reviewer, at=clock.now())
        hear()
        reviewer.to(f"/desk/cross/{number}/")
        stage.look("reviewer", "cross")
        reviewer.fill({"waybill": "EM000000001CN"})
        reviewer.press("结果已经寄出")

        far = stage.walks["far"]
        far.to(f"/desk/cross/{number}/")
        stage.look("far", "cross")
        far.press("结果已经收到")
        expect(far.page.locator("main")).to_contain_text("结果已到，待领取")
        actions.deliver(case_id=Case.objects.get(number=number).pk, receiver="演示甲", by=cast.far, at=clock.now())
        hear()
        far.to("/desk/cross/?side=out")
        expect(far.page.locator("main")).to_contain_text("已交申请人")
        stage.look("far", "cross")
