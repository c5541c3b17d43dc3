"""Staff pages the whole chain does not pass: a draft at the counter, the item library, a township's own list."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from siban.cases.actions import counter_visit
from siban.kernel import clock
from tests.cases import cast as standing

from .conftest import LORRY_LICENCE
from .walking import Walk

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [1280, 360])
def test_the_other_staff_pages_are_fit_to_be_shown(
    banner: standing.Cast, live_server: Any, chromium: Browser, picture: Callable[[Page, str], None], width: int
) -> None:
    draft = standing.draft(banner, standing.SITUATED, by=banner.clerk, at=clock.now())
    counter_visit.take_up(case_id=draft.pk, by=banner.clerk, at=clock.now())
    item = banner.items[LORRY_LICENCE]
    taken = picture if width == 1280 else lambda page, name: None
    faults: list[str] = []
    for who, address, words, name in (
        ("clerk", "/desk/counter/", "谁来办", ""),
        ("clerk", f"/desk/counter/{draft.pk}/", "材料", "counter-draft"),
        ("administrator", "/desk/items/", item.name, "desk-items"),
        ("administrator", f"/desk/items/{item.pk}/", "现行要素", ""),
        ("township_clerk", "/desk/cases/", "现在没有需要办理的办件", ""),
        ("inspector", "/desk/certificates/", "没有符合条件的证照", ""),
    ):
        walk = Walk(chromium, live_server.url, width=width)
        walk.log_in_staff(who, standing.PASSWORD)
        page = walk.to(address)
        expect(page.locator("main")).to_contain_text(words)
        walk.look()
        if name:
            taken(page, name)
        faults += walk.faults
        walk.close()
    assert faults == []
