"""One content on every channel: the same hash and the same words on PC and phone, at the window, kiosk, paper, television."""

import html
import json
import re
from typing import Any

from django.template.loader import render_to_string
from django.test import Client

from siban.catalog import guide, public_tv, queries
from siban.catalog.models import ImplementationItem, ItemVersion
from siban.identity.models import Org

from .conftest import logged_in

FOOD = "11150724MB0E0021464150181001000"


def plain(page: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def channels(made: guide.Guide, points: Any) -> dict[str, str]:
    papers = [(paper, points[paper.id]) for paper in made.papers]
    return {
        "pc, phone": render_to_string("catalog/_guide.html", {"guide": made}),
        "window": render_to_string("catalog/_window.html", {"guide": made, "papers": papers}),
        "kiosk": render_to_string("catalog/_kiosk.html", {"guide": made}),
        "print": render_to_string("catalog/_print.html", {"guide": made}),
        "tv": json.dumps(public_tv.said(made), ensure_ascii=False),
    }


def test_hash_and_words_of_every_item_are_the_same_on_each_channel(library: None) -> None:
    names, faults = dict(Org.objects.values_list("code", "name")), []
    for version in ItemVersion.objects.filter(is_published=True).order_by("item__slug").iterator():
        made = guide.build(
            version.elements, content_hash=version.content_hash, given={}, org_names=names, suspended=False
        )
        told = {re.sub(r"\s+", "", pair.value) for pair in made.told}
        assert len(told) > 20
        for channel, page in channels(made, {m.id: m.review_points for m in version.elements.materials}).items():
            if version.content_hash not in page:
                faults.append(f"{made.content.id} {channel}: 校验码")
            said = " ".join(e["value"] for e in json.loads(page)["elements"]) if channel == "tv" else page
            text = plain(said)
            faults += [f"{made.content.id} {channel}: {words}" for words in told if words not in text]
    assert faults == []


def test_each_address_says_the_hash_of_the_version_in_force(library: None) -> None:
    item = ImplementationItem.objects.select_related("version").get(impl_code=FOOD)
    assert item.version
    staff = logged_in("window_clerk", "gov_service")
    for browser, address in (
        (Client(), f"/items/{FOOD}/"), (Client(), f"/items/{FOOD}/print/"), (Client(), f"/items/{FOOD}/ask/?q1=b"),
        (Client(), f"/kiosk/items/{FOOD}/"), (staff, f"/desk/guide/{FOOD}/"),
    ):  # fmt: skip
        assert f'data-content-hash="{item.version.content_hash}"' in browser.get(address).content.decode(), address


def test_the_feed_leads_through_all_items_of_the_banner_once(library: None) -> None:
    address, seen = "/tv/feed.json", dict[str, str]()
    while address:
        page = Client().get(address).json()
        seen |= {row["impl_code"]: row["content_hash"] for row in page["items"]}
        address = page["next"].removeprefix("http://testserver")
    shown = ImplementationItem.objects.published().filter(level=4).select_related("version").order_by("slug")
    assert seen == {i.impl_code: i.version.content_hash for i in shown if i.version}


def test_the_television_turns_through_the_items_and_begins_again(library: None) -> None:
    last = queries.shown_after("", most=10_000)[-1][0]
    first = Client().get("/tv/").content.decode()
    assert 'http-equiv="refresh"' in first
    assert re.search(r"<h1>(.*?)</h1>", first).group(1) in Client().get(f"/tv/?after={last}").content.decode()  # type: ignore[union-attr]


def test_the_kiosk_finds_by_letters_and_by_theme(library: None, client: Client) -> None:
    page = client.get("/kiosk/?letters=sfz").content.decode()
    assert "身份证" in page
    assert "/kiosk/?letters=sfza" in page
    theme = re.search(r'href="(/kiosk/items/\?[^"]+)"', page).group(1)  # type: ignore[union-attr]
    assert "/kiosk/items/1" in client.get(html.unescape(theme)).content.decode()


def test_the_kiosk_keeps_nobody_logged_in(library: None) -> None:
    browser = logged_in("window_clerk", "gov_service")
    assert "演示·员工" not in browser.get(f"/kiosk/items/{FOOD}/").content.decode()
    answer = browser.post("/kiosk/end/")
    assert (answer.status_code, answer["Location"]) == (302, "/kiosk/")
    assert "storage" in answer["Clear-Site-Data"]
    assert browser.get("/desk/items/").status_code == 302
    assert "sessionid" not in browser.cookies or not browser.cookies["sessionid"].value


def test_another_site_ends_nobodys_session(library: None) -> None:
    browser = logged_in("dept_admin", "civil_affairs")
    browser.post("/kiosk/end/", headers={"Sec-Fetch-Site": "cross-site"})
    assert browser.get("/desk/items/").status_code == 200


def test_a_situation_is_asked_one_question_at_a_time_and_its_result_is_an_address(
    library: None, client: Client
) -> None:
    content = ItemVersion.objects.get(item__impl_code=FOOD).elements
    assert content.situations
    for leaf in content.situations.leaves:
        address, steps = f"/items/{FOOD}/ask/", leaf.scenario_id.split("/")
        for step in steps:
            page = client.get(address).content.decode()
            links = [html.unescape(link) for link in re.findall(r'<li><a href="([^"]+)"', page)]
            address = next(link for link in links if link.endswith(f"{step[:2]}={step[2:]}"))
        result = client.get(address).content.decode()
        for material in content.materials:
            assert (f"<li>{material.name}" in result) == (material.id in leaf.materials), (leaf.path, material.name)
        assert client.get(address, headers={"HX-Request": "true"}).content.decode().startswith("<div")


def test_strange_answers_and_unknown_items_are_met_with_a_page(library: None, client: Client) -> None:
    assert client.get(f"/items/{FOOD}/ask/?q1=zzz&q99=a&again=q7").status_code == 200
    assert client.get("/items/nothing/ask/").status_code == 404
    assert client.get("/kiosk/items/nothing/").status_code == 404
    assert client.get("/kiosk/?letters=<script>").status_code == 200


def test_the_questions_cost_two_statements_whoever_asks(
    library: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get(f"/items/{FOOD}/ask/")
    with django_assert_max_num_queries(1):
        client.get(f"/items/{FOOD}/ask/?q1=a")
