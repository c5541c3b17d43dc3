"""The linter on the database and inside the procedure: the same rules stop a draft and check what is published."""

import copy
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siban.catalog import actions
from siban.catalog.actions.compiling import faults_of
from siban.catalog.linting import database
from siban.catalog.linting.database import Database, around
from siban.catalog.linting.inspection import Inspection
from siban.catalog.models import CatalogItem, ImplementationItem, ItemVersion
from siban.kernel.flow import Refused

from .conftest import AT, acting
from .mutations import defects


def rows(**said: Any) -> list[Any]:
    return list(Inspection([Database()], ignore=("R07",), **said).rows())


def test_the_published_library_has_no_finding_but_the_count_of_guides(library: None) -> None:
    inspection = Inspection([Database()])
    assert {row.rule for row in inspection.rows()} == {"R07"}
    assert inspection.summary.items == ImplementationItem.objects.count()
    assert not inspection.summary.not_run


def test_the_number_of_statements_grows_with_the_portions_not_with_the_items(
    library: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for size in (10_000, 1_000, 200):
        monkeypatch.setattr(database, "AT_A_TIME", size)
        with CaptureQueriesContext(connection) as asked:
            list(Inspection([Database()], select=("R01",)).rows())
        counts.append(len(asked))
    portions = -(-ImplementationItem.objects.count() // 200)
    assert counts[0] == counts[1]
    assert counts[2] - counts[1] <= 4 * portions


def opened(slug: str) -> tuple[ImplementationItem, ItemVersion, Any]:
    item = ImplementationItem.objects.select_related("org").get(slug=slug)
    manager = acting("dept_admin", item.org.code)
    return item, actions.request_change(item=item.pk, reason="调整办理要素", by=manager, at=AT), manager


def test_drafts_are_checked_beside_what_is_published(library: None) -> None:
    item, draft, manager = opened("civil_affairs.marriage")
    content = {**copy.deepcopy(draft.content), "office_hours": "工作日"}
    actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    assert [(r.rule, r.item, r.path, r.file) for r in rows()] == [
        ("R14", "civil_affairs.marriage", "office_hours", "数据库：第 2 版（草稿）")
    ]


@pytest.mark.parametrize("status", ["cancelled", "suspended"])
def test_a_base_item_out_of_force_is_found_and_stops_the_next_version(library: None, status: str) -> None:
    item, _, manager = opened("agriculture_science.origin_quarantine")
    CatalogItem.objects.filter(pk=item.catalog_item_id).update(status=status)
    assert {(r.rule, r.item, r.path) for r in rows()} == {("R36", item.slug, "status")}
    with pytest.raises(Refused, match="R36"):
        actions.self_check(item=item.pk, by=manager, at=AT)


ERRORS = [
    d for d in defects()
    if d["file"].startswith("departments/") and not any(c["path"].startswith("@") for c in d["changes"])
]  # fmt: skip
SET_BY_PUBLISHING = {"R04", "R06", "R35"}
WARNINGS = {"R08", "R15", "R21", "R27", "R29", "R32", "R37", "R38"}


@pytest.mark.parametrize("defect", ERRORS[::4], ids=lambda d: d["id"])
def test_an_error_stops_the_self_check_with_its_rule_and_cell(library: None, defect: dict[str, Any]) -> None:
    from siban.catalog.linting import paths

    item, draft, _ = opened(defect["item"])
    content = copy.deepcopy(draft.content)
    for change in defect["changes"]:
        if change["op"] == "remove":
            paths.drop(content, change["path"])
        else:
            paths.put(content, change["path"], change["value"])
    draft.content = content
    told = "；".join(faults_of(item, draft))
    expected = {*defect["expected_rules"], *defect["also_triggers"]} - SET_BY_PUBLISHING - WARNINGS
    assert {rule for rule in expected if rule in told} == expected
    assert bool(told) == bool(expected)


def test_what_is_known_around_an_item_takes_the_same_few_statements(library: None) -> None:
    counts = set()
    for slug in ("market_regulation.food_business", "township.social_card.150724110000", "civil_affairs.marriage"):
        item = ImplementationItem.objects.select_related("catalog_item", "base__version", "version").get(slug=slug)
        assert item.version
        with CaptureQueriesContext(connection) as asked:
            around(item, item.version.content)
        counts.add(len(asked))
    assert counts == {4}


def test_the_command_checks_the_database_with_whole_lists(library: None) -> None:
    out = io.StringIO()
    call_command("lint", "--database", "--format", "json", stdout=out, stderr=io.StringIO())
    found = json.loads(out.getvalue())
    assert {(row["rule"], row["path"], row["file"]) for row in found} == {("R07", "department", "数据库")}
    assert len(found) == 34
