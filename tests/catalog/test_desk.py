"""The manager's pages: who sees what, the buttons, the spreadsheet."""

import io
from typing import Any

import pytest
from django.test import Client

from siban.catalog.models import ImplementationItem

from .conftest import logged_in

PAGES = ("/desk/items/", "/desk/items/export/", "/desk/items/{pk}/")


def item(slug: str = "civil_affairs.marriage") -> ImplementationItem:
    return ImplementationItem.objects.get(slug=slug)


@pytest.mark.parametrize("page", PAGES)
def test_visitors_are_sent_to_log_in(library: None, client: Client, page: str) -> None:
    answer = client.get(page.format(pk=item().pk))
    assert answer.status_code == 302
    assert "/login/staff/" in answer["Location"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("role", "org"), [("window_clerk", "gov_service"), ("approver", "civil_affairs")])
def test_posts_without_items_are_refused(library: None, page: str, role: str, org: str) -> None:
    assert logged_in(role, org).get(page.format(pk=item().pk)).status_code == 403


def test_another_department_sees_neither_item_nor_button(library: None) -> None:
    neighbour = logged_in("dept_admin", "market_regulation")
    assert neighbour.get(f"/desk/items/{item().pk}/").status_code == 404
    assert neighbour.post(f"/desk/items/{item().pk}/request_change/", {"note": "想改一改"}).status_code == 404
    assert "结婚登记" not in neighbour.get("/desk/items/").content.decode()
    assert item().state == "published"


def test_the_own_manager_sees_the_items_of_the_department(library: None) -> None:
    page = logged_in("dept_admin", "civil_affairs").get("/desk/items/").content.decode()
    assert "结婚登记" in page
    assert "食品经营许可" not in page


def test_the_authority_sees_the_whole_territory(library: None) -> None:
    browser = logged_in("service_admin", "gov_service")
    assert "共 487 项" in browser.get("/desk/items/").content.decode()
    assert "结婚登记" in browser.get("/desk/items/?q=jhdj").content.decode()
    assert "没有符合条件" in browser.get("/desk/items/?q=不存在的事项").content.decode()
    assert browser.get("/desk/items/?page=99&sort=org&dept=civil_affairs&state=published").status_code == 200


def test_a_button_moves_the_item_and_a_missing_reason_keeps_the_page(library: None) -> None:
    browser = logged_in("dept_admin", "civil_affairs")
    refused = browser.post(f"/desk/items/{item().pk}/request_change/", {"note": "改"})
    assert refused.status_code == 422
    assert "请写明调整原因" in refused.content.decode()
    assert "改</textarea>" in refused.content.decode()
    done = browser.post(f"/desk/items/{item().pk}/request_change/", {"note": "群众反映时间不便"})
    assert done.status_code == 302
    assert item().state == "drafting"
    assert "群众反映时间不便" in browser.get(f"/desk/items/{item().pk}/").content.decode()


def test_the_authoritys_moves_are_refused_to_the_department(library: None) -> None:
    answer = logged_in("dept_admin", "civil_affairs").post(f"/desk/items/{item().pk}/suspend/", {"note": "我要暂停它"})
    assert answer.status_code == 422
    assert item().state == "published"
    assert logged_in("auditor", "gov_service").post(f"/desk/items/{item().pk}/nothing/").status_code == 404


def test_the_spreadsheet_holds_what_is_filtered(library: None) -> None:
    from python_calamine import load_workbook

    answer = logged_in("dept_admin", "civil_affairs").get("/desk/items/export/?q=结婚")
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "事项名称"
    assert {r[0] for r in rows[1:]} == {"结婚登记（内地居民）"}
    assert rows[1][1] == item().impl_code


def test_the_list_costs_the_same_however_long(library: None, django_assert_max_num_queries: Any) -> None:
    browser = logged_in("service_admin", "gov_service")
    browser.get("/desk/items/")
    with django_assert_max_num_queries(9):
        browser.get("/desk/items/?dept=finance")
    with django_assert_max_num_queries(9):
        browser.get("/desk/items/")
