"""The manager's list for who sees many banners: bounded, by index, and the same words find the same items."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from siban.catalog import queries
from siban.catalog.models import ImplementationItem
from siban.catalog.queries import Sought
from siban.kernel.actor import staff

from .conftest import acting, logged_in

pytestmark = pytest.mark.usefixtures("library")


def wide() -> Any:
    """Somebody who sees the whole autonomous region."""
    own = acting("service_admin", "gov_service")
    return staff(
        name="演示·自治区",
        role="service_admin",
        role_label="",
        org_id=own.org_id,
        org_name="",
        region_code="150000000000",
    )


def test_who_sees_one_banner_is_not_wide_and_who_sees_the_region_is() -> None:
    assert queries.is_wide(wide())
    assert not queries.is_wide(acting("service_admin", "gov_service"))
    assert not queries.is_wide(acting("dept_admin", "civil_affairs"))


@pytest.mark.parametrize("asked", ["公租房", "低保", "gzf", "食品经营许可"])
def test_in_many_banners_words_find_what_they_find_in_one(asked: str) -> None:
    few = set(
        queries.managed(Sought(q=asked), by=acting("service_admin", "gov_service")).values_list("name", flat=True)
    )
    many = set(queries.managed(Sought(q=asked), by=wide()).values_list("name", flat=True))
    assert few & many


@pytest.mark.parametrize("by", ["wide", "narrow"])
def test_a_code_finds_its_item(by: str) -> None:
    actor = wide() if by == "wide" else acting("service_admin", "gov_service")
    item = ImplementationItem.objects.order_by("slug")[7]
    assert queries.managed(Sought(q=item.impl_code), by=actor).get() == item


def test_counts_are_the_same_bounded_or_not() -> None:
    assert queries.counts_by_state(wide()) == queries.counts_by_state(acting("service_admin", "gov_service"))


def test_a_long_list_says_that_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LISTED", 100)
    page = logged_in("service_admin", "gov_service").get("/desk/items/").content.decode()
    assert "只列出前 100 项" in page
    assert "共 100 项" in page


@pytest.mark.parametrize("sort", queries.SORTS)
def test_no_order_of_a_wide_list_sorts_all_rows(sort: str) -> None:
    """With sequential scans dear, every order walks an index; nothing is sorted as a whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = queries.managed(Sought(sort=sort), by=wide())[: queries.PAGE].explain()
    assert "Seq Scan on catalog_implementationitem" not in plan
    assert "Sort Key" not in plan or "Incremental Sort" in plan, plan


def test_the_page_costs_the_same_statements_for_few_and_many(django_assert_max_num_queries: Any) -> None:
    browser: Client = logged_in("service_admin", "gov_service")
    browser.get("/desk/items/")
    with django_assert_max_num_queries(12):
        assert browser.get("/desk/items/?q=公租房").status_code == 200
