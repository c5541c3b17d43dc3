"""Every number of the figures page, for each role that sees it, opens exactly that many rows."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from siban.cases import actions
from siban.kernel import clock, journal
from siban.oversight import seeds as oversight
from tests.cases import cast as standing

ROLES = ("inspector", "administrator", "reviewer", "chief", "township_clerk")

ROWS = re.compile(r"/desk/figures/(?!measure/|gap/)[\w-]+/[\w-]+/(hits|total|gap)/")


class Links(HTMLParser):
    """The links into the figures, each with the text a person clicks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside, self.hidden = "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and ROWS.fullmatch(said.get("href") or ""):
            self.inside = said["href"] or ""
            self.found.append((self.inside, ""))
        elif self.inside and "hidden" in (said.get("class") or ""):
            self.hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.inside, self.hidden = "", 0

    def handle_data(self, data: str) -> None:
        if self.inside and not self.hidden:
            address, text = self.found[-1]
            self.found[-1] = (address, text + data)


@pytest.fixture
def figures(db: None) -> standing.Cast:
    """Items of two offices and cases in every stage, one of them late."""
    cast, at = standing.cast(standing.SITUATED, standing.INSTANT), clock.now()
    cast.items[standing.FOR_FIRMS] = standing.publish(standing.FOR_FIRMS, org=cast.orgs["other"])
    for n, state in enumerate(("draft", "submitted", "correcting", "in_review", "rejected", "closed", "closed")):
        standing.in_state(cast, state, at=at - timedelta(days=n))
    late = standing.in_state(cast, "proposed", at=at - timedelta(days=120), who="stranger")
    actions.approve(case_id=late.pk, by=cast.head, at=at)
    while journal.deliver(at=at):
        pass
    assert oversight.load_targets()
    return cast


def rows_of(client: Client, address: str) -> tuple[int, int]:
    """How many rows the list says it has, and how many it shows over all its pages."""
    said, shown, page = -1, 0, f"{address}?page=1"
    while page:
        response = client.get(page)
        assert response.status_code == 200, page
        html = response.content.decode()
        total = re.search(r'<strong class="sb-num">(\d+)</strong>', html)
        assert total, page
        said, shown = int(total[1]), shown + html.split("<tbody>")[-1].count("<tr") if "<tbody>" in html else shown
        following = re.search(r'href="(\?page=\d+)"[^>]*rel="next"', html)
        page = f"{address}{following[1]}" if following else ""
    return said, shown


@pytest.mark.parametrize("who", ROLES)
def test_every_number_opens_exactly_its_rows(figures: standing.Cast, who: str) -> None:
    client = standing.client_of(figures, who)
    answer = client.get("/desk/figures/")
    assert answer.status_code == 200
    found = Links(answer.content.decode()).found
    faults, counted = [], 0
    for address, text in found:
        said, shown = rows_of(client, address)
        wanted = number_in(text)
        if said != shown:
            faults.append(f"{address} says {said} rows and shows {shown}")
        if wanted is not None:
            counted += 1
            if wanted != said:
                faults.append(f"{address} is shown as {text!r} and opens {said} rows")
    assert faults == []
    assert who == "township_clerk" or any("未达" in text for _, text in found)
    assert counted >= 4 or who == "township_clerk"


def number_in(text: str) -> int | None:
    """The rows a link promises: `12`, `未达 9 项` promises what is not reached; words promise nothing."""
    promised = re.fullmatch(r"(?:未达 )?(\d+)(?: 项)?", text.strip())
    return int(promised[1]) if promised else None


@pytest.mark.parametrize("who", ROLES)
def test_the_case_figures_tell_the_story_they_were_made_of(figures: standing.Cast, who: str) -> None:
    client = standing.client_of(figures, who)
    seen: dict[str, Any] = {}
    for slug in ("case_received_count", "case_closed_count", "case_in_time_ratio"):
        seen[slug] = rows_of(client, f"/desk/figures/{slug}/all/{'gap' if 'ratio' in slug else 'hits'}/")[0]
    sees = {"inspector": (7, 2, 1), "administrator": (7, 2, 1), "reviewer": (7, 2, 1), "chief": (7, 2, 1)}
    assert tuple(seen.values()) == sees.get(who, (0, 0, 0))


def test_the_gap_is_what_is_missing_from_the_whole(figures: standing.Cast) -> None:
    client = standing.client_of(figures, "inspector")
    table = client.get("/desk/figures/").content.decode()
    for slug in sorted({address.split("/")[3] for address, _ in Links(table).found}):
        parts = {p: rows_of(client, f"/desk/figures/{slug}/all/{p}/")[0] for p in ("hits", "total", "gap")}
        assert parts["hits"] <= parts["total"], slug
        assert parts["gap"] == parts["total"] - parts["hits"] or parts["hits"] == parts["total"], (slug, parts)
