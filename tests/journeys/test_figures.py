"""The inspector looks for what is missing: from the figure to its gap, ticks an item, sees the figure move; the pages are accessible."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from siban.catalog.models import ImplementationItem
from siban.oversight import seeds
from tests.cases import cast as standing

from .walking import Walk

pytestmark = pytest.mark.journey


def test_the_inspector_sees_what_mending_an_item_would_give(
    banner: standing.Cast, live_server: Any, chromium: Browser
) -> None:
    seeds.load_targets()
    ImplementationItem.objects.update(is_mobile=False)
    total = ImplementationItem.objects.published().filter(is_applied_service=True).count()
    walk = Walk(chromium, live_server.url, width=1280)
    walk.log_in_staff("inspector", standing.PASSWORD)
    page = walk.to("/desk/figures/all/")
    walk.look()
    page.get_by_role("link", name="掌上办占比", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("还差")
    walk.look()
    page.get_by_role("link", name="先改哪些").first.click()
    page.get_by_role("checkbox").first.check()
    expect(page.locator("#what-if")).to_contain_text(f"（1 / {total}）")
    walk.look()
    walk.to("/desk/figures/wall/")
    walk.look()
    walk.to("/desk/figures/snapshots/")
    walk.look()
    assert not ImplementationItem.objects.filter(is_mobile=True).exists()
    assert walk.faults == []
    walk.close()
