"""Screen to row: every number of every page of figures opens exactly that many rows, for every role; pages cost the same whatever the rows."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siban.catalog.models import ImplementationItem
from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from siban.kernel.measures import REGISTRY, Figure, Several
from siban.oversight import rules
from siban.oversight.actions import snapshots as record
from siban.oversight.models_supervision import Task
from tests.cases import cast as standing

ROLES = ("inspector", "reviewer", "township_clerk")
ROWS = re.compile(r"/desk/figures/(?!measure/|gap/)[\w-]+/[\w-]+/(hits|total|gap)/")
PAGES = (
    "/desk/figures/", "/desk/figures/?group=township", "/desk/figures/?short=1&sort=short&document=000", "/desk/figures/all/",
    "/desk/figures/all/?category=一网办指标&short=1", "/desk/figures/all/?document=002", "/desk/figures/wall/",
)  # fmt: skip


class Numbers(HTMLParser):
    """The links to rows, each with what a person reads in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside = self.hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a":
            self.inside = bool(ROWS.fullmatch(href))
            if self.inside:
                self.found.append((href, ""))
        elif self.inside:
            self.hidden = "hidden" in (dict(attrs).get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside, self.hidden = self.inside and tag != "a", False

    def handle_data(self, data: str) -> None:
        if self.inside and not self.hidden:
            address, text = self.found[-1]
            self.found[-1] = (address, text + data)


def promised(text: str) -> int | None:
    """The number of rows a link promises; words such as 逐项明细 promise none."""
    said = re.fullmatch(r"(?:未达 )?(\d+)(?: 项)?", text.strip())
    return int(said[1]) if said else None


@pytest.fixture
def scene(cast: standing.Cast) -> standing.Cast:
    """Items and cases in several states, a day recorded before."""
    at = clock.now()
    for n, state in enumerate(("submitted", "in_review", "rejected", "closed", "closed")):
        standing.in_state(cast, state, at=at - timedelta(days=n))
    record.take(day=clock.local_day(at) - timedelta(days=1), by=SYSTEM, at=at, reason="")
    record.take(by=SYSTEM, at=at, reason="")
    return cast


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return unescape(answer.content.decode())


def pages(client: Client, *, all_measures: bool) -> Iterator[str]:
    """Every page of figures: the fixed ones, one of each measure, the units they lead to; a few measures for the other roles."""
    yield from PAGES
    slugs = (
        list(REGISTRY)
        if all_measures
        else ["item_total", "full_online_ratio", "case_received_count", "t002_23_blank_form"]
    )
    yield from (f"/desk/figures/measure/{slug}/" for slug in slugs)
    units = set(
        re.findall(r'href="(/desk/figures/all/\?unit=[\w-]+)"', body(client, "/desk/figures/measure/item_total/"))
    )
    yield from sorted(units)


@pytest.mark.parametrize("who", ROLES)
def test_every_number_on_every_page_opens_exactly_its_rows(scene: standing.Cast, who: str) -> None:
    client, seen, faults = standing.client_of(scene, who), {}, []
    for address in pages(client, all_measures=who == "inspector"):
        for href, text in Numbers(body(client, address)).found:
            seen.setdefault(href, set()).add(promised(text))
    for href, texts in sorted(seen.items()):
        found = re.search(r'<strong class="sb-num">(\d+)</strong>', body(client, href))
        assert found, href
        faults += [
            f"{href} is shown as {n} and opens {found[1]} rows" for n in texts if n is not None and n != int(found[1])
        ]
    assert faults == []
    assert len(seen) > (100 if who == "inspector" else 20) or who == "township_clerk"


def test_what_has_no_data_yet_is_said_so_and_never_a_number(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "inspector")
    html = body(client, "/desk/figures/all/")
    for m in REGISTRY.values():
        if not m.is_computed:
            page = body(client, f"/desk/figures/measure/{m.slug}/")
            parts = [REGISTRY[slug] for slug in m.parts] if isinstance(m, Several) else []
            assert all(part.title in page for part in parts)
            assert "待接入" in page or any(part.is_computed for part in parts)
            assert not Numbers(page).found or any(part.is_computed for part in parts)
            assert client.get(f"/desk/figures/{m.slug}/all/hits/").status_code == 409
            assert f"/desk/figures/{m.slug}/" not in html


def test_a_published_item_is_in_the_figures_at_once(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "inspector")
    before = Numbers(body(client, "/desk/figures/measure/item_total/")).found[0][1]
    standing.publish(next(_others()), org=scene.orgs["department"])
    assert Numbers(body(client, "/desk/figures/measure/item_total/")).found[0][1] == str(int(before) + 1)


def _others() -> Iterator[str]:
    import yaml

    listed = yaml.load((standing.REFERENCE / "transport.yaml").read_text(), Loader=yaml.CSafeLoader)["items"]
    yield from (i["id"] for i in listed if i["id"] != standing.FOR_FIRMS)


def test_what_if_moves_the_figure_by_exactly_the_ticked_rows_and_changes_nothing(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "inspector")
    ImplementationItem.objects.update(is_mobile=False)
    address = "/desk/figures/gap/mobile_coverage/all/"
    keys = re.findall(r'name="item" value="([\w-]+)"', body(client, address))
    total = ImplementationItem.objects.count()
    assert len(keys) == total
    for n in range(total + 1):
        html = unescape(client.post(address, {"item": [*keys[:n], "nothing"]}).content.decode())
        assert f"（{n} / {total}）" in html.split("→")[1]
        assert ("还差" in html.split("→")[1].split("</div>")[0]) is (n < total)
    assert not ImplementationItem.objects.filter(is_mobile=True).exists()


def test_the_cheapest_rows_to_mend_come_first(scene: standing.Cast) -> None:
    items = list(ImplementationItem.objects.order_by("pk"))
    ImplementationItem.objects.update(is_full_online=False, online_depth=4, onsite_visits=1)
    ImplementationItem.objects.filter(pk=items[-1].pk).update(online_depth=2, onsite_visits=0)
    ImplementationItem.objects.filter(pk=items[0].pk).update(online_depth=1, onsite_visits=3)
    html = body(standing.client_of(scene, "inspector"), "/desk/figures/gap/full_online_ratio/all/")
    keys = re.findall(r'name="item" value="([\w-]+)"', html)
    assert (keys[0], keys[-1]) == (str(items[-1].pk), str(items[0].pk))
    assert "网办深度提高到 IV 级；到现场次数减为 0 次" in html


def test_a_page_of_figures_costs_the_same_whatever_the_rows(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "inspector")
    addresses = (
        "/desk/figures/", "/desk/figures/all/", "/desk/figures/measure/instant_item_ratio/", "/desk/figures/gap/full_online_ratio/all/",
        "/desk/figures/snapshots/", f"/desk/figures/snapshots/{clock.local_day(clock.now())}/", "/desk/figures/instant_item_ratio/all/total/",
    )  # fmt: skip

    def costs() -> list[int]:
        counted = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                body(client, address)
            counted.append(len(queries))
        return counted

    costs()
    before = costs()
    for n, item_id in enumerate(list(_others())[:6]):
        standing.publish(item_id, org=scene.orgs[("hall", "other", "township")[n % 3]])
    record.take(by=SYSTEM, at=clock.now(), reason="")
    assert costs() == before


def test_only_who_sees_all_units_sees_the_others(scene: standing.Cast) -> None:
    other = scene.orgs["other"].pk
    reviewer, inspector = standing.client_of(scene, "reviewer"), standing.client_of(scene, "inspector")
    assert scene.orgs["other"].short_name in body(inspector, "/desk/figures/measure/item_total/")
    for address in ("/desk/figures/measure/item_total/", f"/desk/figures/all/?unit={other}", "/desk/figures/wall/"):
        assert scene.orgs["other"].short_name not in body(reviewer, address)
    assert '<strong class="sb-num">0</strong>' in body(reviewer, f"/desk/figures/item_total/{other}/hits/")
    theirs = ImplementationItem.objects.filter(org=other).first()
    assert theirs
    assert reviewer.get(f"/desk/figures/item/{theirs.pk}/").status_code == 404
    assert inspector.get(f"/desk/figures/item/{theirs.pk}/").status_code == 200
    assert inspector.get("/desk/figures/all/?unit=nonsense").status_code == 409


def test_a_day_is_shown_as_it_was_known_at_an_instant(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "administrator")
    day = clock.local_day(clock.now())
    org = scene.orgs["department"].pk
    before = body(client, f"/desk/figures/snapshots/{day}/")
    known = clock.now().astimezone(clock.CHINA).replace(tzinfo=None).isoformat()
    said: dict[str, Any] = {
        "day": day.isoformat(),
        "slug": "item_total",
        "org": str(org),
        "hits": "41",
        "reason": "漏记的事项补上",
    }
    client.post("/desk/figures/snapshots/correct/", said)
    assert "<td>43</td>" not in before
    after = body(client, f"/desk/figures/snapshots/{day}/")
    assert "漏记的事项补上" in after
    assert re.search(r">\s*42\s*<", after)
    assert not re.search(r">\s*42\s*<", body(client, f"/desk/figures/snapshots/{day}/?known={known}"))
    assert "这一天没有记录过指标" in body(client, f"/desk/figures/snapshots/{date(2020, 1, 1)}/")
    assert client.get("/desk/figures/snapshots/nonsense/").status_code == 404


def test_the_annexes_hold_what_the_page_shows(scene: standing.Cast) -> None:
    import io

    import python_calamine

    client = standing.client_of(scene, "inspector")
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/desk/figures/export/?annex=1").content)
    )
    rows = book.get_sheet_by_name("指标统计表").to_python()
    assert rows[0][0] == "附件1"
    assert [r[1] for r in rows if r[0] == "全旗合计"] == [float(ImplementationItem.objects.count())]
    second = client.get("/desk/figures/export/?annex=2")
    assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(second.content)).sheet_names == [
        "可调用电子证照事项清单"
    ]
    one = client.get("/desk/figures/measure/instant_item_ratio/export/?group=county")
    names = [
        r[0]
        for r in python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(one.content))
        .get_sheet_by_index(0)
        .to_python()
    ]
    assert scene.orgs["department"].short_name in names
    assert client.get("/desk/figures/export/?annex=9").status_code == 404


def test_the_page_of_an_item_says_where_it_counts_as_the_lists_do(scene: standing.Cast) -> None:
    client = standing.client_of(scene, "inspector")
    item = scene.items[standing.FOR_FIRMS]
    ImplementationItem.objects.filter(pk=item.pk).update(is_mobile=False, is_online=True)
    html = body(client, f"/desk/figures/item/{item.pk}/")
    rows = {re.search(r"measure/(\w+)/", r)[1]: r for r in html.split("<tr")[2:] if "measure/" in r}  # type: ignore[index]
    assert ("没有达到" in rows["mobile_coverage"], "开通掌上办" in rows["mobile_coverage"]) == (True, True)
    for slug, row in rows.items():
        counted = {
            p: f"/desk/figures/item/{item.pk}/" in body(client, f"/desk/figures/{slug}/all/{p}/")
            for p in ("hits", "gap")
        }
        said = "达到" if counted["hits"] else "没有达到" if counted["gap"] else "不计入"
        assert re.search(rf">\s*{said}\s*<", row), slug


def test_equal_values_share_a_rank_and_small_numbers_take_no_part() -> None:
    figures = {
        k: Figure("x", k, hits, total)
        for k, hits, total in (("a", 9, 10), ("b", 18, 20), ("c", 5, 10), ("d", 1, 1), ("e", 0, 0))
    }
    assert rules.ranks(figures, at_least=5) == {"a": 1, "b": 1, "c": 3, "d": None, "e": None}
    assert rules.ranks(figures, at_least=1, lowest_first=True) == {"a": 2, "b": 2, "c": 1, "d": 4, "e": None}


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [((8, 10), (7, 10), "↑10 个百分点"), ((7, 10), (8, 10), "↓10 个百分点"), ((7, 10), (7, 10), "持平"), ((7, 10), (0, 0), ""), ((1, 3), (1, 4), "↑8.33 个百分点")],
)  # fmt: skip
def test_a_change_is_said_in_points(now: tuple[int, int], before: tuple[int, int], said: str) -> None:
    assert rules.arrow(rules.moved(Figure("x", None, *now), Figure("x", None, *before)), share=True) == said


def test_ticks_become_a_task_of_the_unit_for_who_directs_and_for_nobody_else(scene: standing.Cast) -> None:
    ImplementationItem.objects.update(is_mobile=False)
    org = scene.orgs["department"]
    address = f"/desk/figures/gap/mobile_coverage/{org.pk}/"
    director, reviewer = standing.client_of(scene, "administrator"), standing.client_of(scene, "reviewer")
    assert "按勾选布置任务" in body(director, address)
    assert "按勾选布置任务" not in body(reviewer, address)
    assert "请先在指标页面进入一个单位" in body(director, "/desk/figures/gap/mobile_coverage/all/")
    keys = re.findall(r'name="item" value="([\w-]+)"', body(director, address))
    for client, sent in ((reviewer, keys), (director, []), (director, ["nonsense"])):
        client.post(address, {"item": sent, "act": "task"})
        assert not Task.objects.exists()
    answer = director.post(address, {"item": keys, "act": "task", "due_on": "2099-01-01"}, follow=True)
    task = Task.objects.get()
    assert task.number in answer.content.decode()
    assert (task.org_id, task.due_on, task.targets[0]["measure"]) == (org.pk, date(2099, 1, 1), "mobile_coverage")
