"""What the journeys share: one browser, a cast that can be searched, pictures for the manual."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connections
from PIL import Image
from playwright.sync_api import Browser, Page

from siban.catalog import actions as item_actions
from siban.catalog import content as item_content
from siban.catalog import wording
from siban.oversight import seeds as oversight
from tests import browser
from tests.cases import cast as standing

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "manual" / "pictures"
NAMES = {
    "clerk": "窗口员", "reviewer": "审批员", "inspector": "督查员", "administrator": "政务服务局",
    "township_clerk": "苏木便民中心",
}  # fmt: skip
LORRY_LICENCE = standing.FOR_FIRMS  # 道路货物运输经营许可: gives the certificate that the next one asks for
LORRY_PLATE = "transport.road_transport_vehicle"  # 道路运输证配发


@pytest.fixture(autouse=True, scope="session")
def _place_for_static(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The server of the journeys starts once for all of them; it wants the folder of collected files to exist."""
    site.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser.launch() as running:
        yield running
        connections.close_all()  # those used while the browser's loop ran are known to that loop alone


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """`picture(page, name)`: a picture for the manual, taken only when SIBAN_PICTURES=1, so that tests leave the tree alone."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("SIBAN_PICTURES") == "1":
            PICTURES.mkdir(parents=True, exist_ok=True)
            place = PICTURES / f"{name}.png"
            page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
            page.screenshot(path=str(place), caret="initial")  # hiding the caret would be an inline style
            with Image.open(place) as taken:
                taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(place, optimize=True)

    return take


@pytest.fixture
def banner(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> standing.Cast:
    """The cast in a banner of three items that can be found in plain words."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser runs in a loop of its own
    settings.HOME = tmp_path
    cast = searchable(standing.cast(LORRY_LICENCE, LORRY_PLATE, standing.SITUATED))
    oversight.load_targets()
    for who, name in NAMES.items():
        type(cast.accounts[who]).objects.filter(pk=cast.accounts[who].pk).update(name=f"演示·{name}")
    return cast


def searchable(cast: standing.Cast) -> standing.Cast:
    """The words an item is found by, as its publication writes them."""
    for item in cast.items.values():
        elements = item_content.read(item.version.content)  # type: ignore[union-attr]
        item.search_words, item.initials = wording.search_words(elements, item), wording.initials(elements.name)
        item.save(update_fields=["search_words", "initials"])
    item_actions.present(cast.items.values())
    return cast
