"""The desk's pages of changes and versions, and the public lists: who sees what, what they say, what they cost."""

import copy
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from siban.catalog import actions, lists, reaching
from siban.catalog.measures import UNCONFIRMED
from siban.catalog.models import BaseChange, ImplementationItem, NegativeEntry, PowerListItem
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from siban.kernel.measures import figures

from .conftest import AT, acting, logged_in
from .test_versions import BASE, MARRIAGE, chief, item, manager, published

DESK = (
    "/desk/items/requests/", "/desk/items/base-changes/", "/desk/items/unequal/", "/desk/items/powers/",
    "/desk/items/negative/", "/desk/items/{pk}/versions/",
)  # fmt: skip


def sheet(answer: Any) -> list[list[Any]]:
    body = b"".join(answer.streaming_content)
    return load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def unconfirmed() -> int:
    return figures([UNCONFIRMED])[UNCONFIRMED.slug][None].hits


@pytest.fixture
def changed(library: None) -> None:
    """The base item of many sumus and gachas has a new condition; an item of the department is to be changed."""
    published(BASE, accept_conditions=[*item(BASE).version.content["accept_conditions"], "新增的条件"])
    actions.request_change(item=item().pk, reason="群众反映时间不便", basis="feedback", by=manager(), at=AT)


@pytest.mark.parametrize("page", DESK)
@pytest.mark.parametrize(("role", "org"), [("window_clerk", "gov_service"), ("approver", "civil_affairs")])
def test_posts_without_items_are_refused(library: None, page: str, role: str, org: str) -> None:
    assert logged_in(role, org).get(page.format(pk=item().pk)).status_code == 403


def test_a_neighbour_department_sees_nothing_of_the_changes(changed: None) -> None:
    neighbour = logged_in("dept_admin", "market_regulation")
    for page in ("/desk/items/requests/", "/desk/items/base-changes/", "/desk/items/unequal/"):
        for asked in ("", "?export=1"):
            answer = neighbour.get(page + asked)
            text = str(sheet(answer)) if asked else answer.content.decode()
            assert "结婚登记" not in text
            assert "最低生活保障" not in text
    assert neighbour.get(f"/desk/items/{item().pk}/versions/").status_code == 404
    assert neighbour.post(f"/desk/items/{item().pk}/versions/", {"number": "1"}).status_code == 404
    assert neighbour.post(f"/desk/items/{item().pk}/request_cancellation/", {"note": "想取消它"}).status_code == 404


def test_requests_are_listed_filtered_and_exported(changed: None) -> None:
    desk = logged_in("service_admin", "gov_service")
    page = desk.get("/desk/items/requests/?kind=change&state=open").content.decode()
    assert "群众反映时间不便" in page
    assert "投诉反映" in page
    assert "群众反映时间不便" not in desk.get("/desk/items/requests/?kind=delegate").content.decode()
    rows = sheet(desk.get("/desk/items/requests/?export=1&state=open"))
    assert rows[0][:2] == ["事项名称", "实施编码"]
    assert {r[0] for r in rows[1:]} == {item().name}


def test_overdue_to_dos_are_reported_on_the_page_and_as_a_figure(changed: None) -> None:
    desk = logged_in("service_admin", "gov_service")
    assert unconfirmed() == 24  # the to-dos of March are long overdue
    BaseChange.objects.filter(item__slug__startswith="township").update(
        due_on=clock.local_day(clock.now()) - timedelta(days=3)
    )
    BaseChange.objects.exclude(item__slug__startswith="township").update(
        due_on=clock.local_day(clock.now()) + timedelta(days=3)
    )
    page = desk.get("/desk/items/base-changes/?state=overdue").content.decode()
    assert "逾期 3 天未确认" in page
    assert "新增受理条件：新增的条件" in page
    rows = sheet(desk.get("/desk/items/base-changes/?state=overdue&export=1"))
    assert len(rows) - 1 == 10
    assert unconfirmed() == 10


def test_the_page_of_equality_names_unit_element_and_both_values(changed: None) -> None:
    desk = logged_in("service_admin", "gov_service")
    page = desk.get("/desk/items/unequal/").content.decode()
    lower = ImplementationItem.objects.filter(base__slug=BASE).order_by("region_id").first()
    assert lower is not None
    assert lower.org.short_name in page
    assert "受理条件" in page
    assert "新增的条件" in page
    assert "没有不一致" in desk.get("/desk/items/unequal/?element=materials").content.decode()
    assert "新增的条件" in desk.get("/desk/items/unequal/?element=accept_conditions").content.decode()
    rows = sheet(desk.get("/desk/items/unequal/?export=1"))
    assert len(rows) - 1 == ImplementationItem.objects.filter(base__slug=BASE).count()
    assert all(row[6] == "受理条件" and row[8] != row[9] for row in rows[1:])
    own = logged_in("dept_admin", lower.org.code).get("/desk/items/unequal/").content.decode()
    assert own.count("新增的条件") == 1


@pytest.mark.parametrize(
    ("page", "most"),
    [("/desk/items/unequal/", 9), ("/desk/items/base-changes/", 10), ("/desk/items/requests/", 9), ("/desk/items/powers/", 11)],
)  # fmt: skip
def test_a_list_costs_the_same_however_long(
    changed: None, django_assert_max_num_queries: Any, page: str, most: int
) -> None:
    desk = logged_in("service_admin", "gov_service")
    desk.get(page)
    for asked in ("", "?q=没有这样的事项"):
        with django_assert_max_num_queries(most):
            desk.get(page + asked)


def test_any_two_versions_are_compared_in_words_with_who_and_why(library: None) -> None:
    published(office_hours="星期一至星期五：上午09:00-12:00")
    published(consult_phones=["0470-0000321"])
    desk = logged_in("dept_admin", "civil_affairs")
    page = desk.get(f"/desk/items/{item().pk}/versions/?older=1&newer=3").content.decode()
    assert "办理时间由" in page
    assert "咨询电话" in page
    assert "群众反映时间不便" in page
    back = desk.get(f"/desk/items/{item().pk}/versions/?older=2&newer=2").content.decode()
    assert "内容相同" in back
    assert desk.get(f"/desk/items/{item().pk}/versions/?older=x&newer=999").status_code == 200
    refused = desk.post(f"/desk/items/{item().pk}/versions/", {"number": "1", "note": "改"})
    assert refused.status_code == 422
    assert "改</textarea>" in refused.content.decode()
    assert desk.post(f"/desk/items/{item().pk}/versions/", {"number": "1", "note": "恢复原来时间"}).status_code == 302
    assert item().state == "drafting"
    watching = logged_in("auditor", "gov_service").get(f"/desk/items/{item().pk}/versions/").content.decode()
    assert "以此版为底稿" not in watching


@pytest.mark.parametrize("slug", list(lists.KINDS))
def test_each_public_list_is_shown_filtered_and_taken_home(library: None, slug: str) -> None:
    visitor = Client()
    home = visitor.get("/lists/").content.decode()
    assert lists.KINDS[slug].title in home
    answer = visitor.get(f"/lists/{slug}/")
    assert answer.status_code == 200
    rows = sheet(visitor.get(f"/lists/{slug}/?export=1"))
    assert rows[0][3:] == list(lists.KINDS[slug].heads)
    if slug == "recognised":  # this banner is in no agreement yet: the page says so
        assert "这份清单目前还没有公布任何内容" in answer.content.decode()
        assert "没有符合条件" in visitor.get(f"/lists/{slug}/?q=演示").content.decode()
        return
    if slug != "negative":
        assert len(rows) > 5
        assert all(str(cell).strip() for row in rows[1:] for cell in row[3:4])
    assert "没有符合条件" in visitor.get(f"/lists/{slug}/?q=不存在的事项").content.decode()
    narrowed = sheet(visitor.get(f"/lists/{slug}/?dept=finance&export=1"))
    assert len(narrowed) < len(rows) or slug == "negative"


def test_a_list_follows_the_version_in_force_at_once(library: None) -> None:
    found = ImplementationItem.objects.filter(is_deficiency=True, state="published").order_by("slug").first()
    assert found is not None
    assert found.name in Client().get(f"/lists/deficiency/?q={found.name}").content.decode()
    actions.suspend(item=found.pk, reason="系统升级期间", by=chief(), at=AT)
    assert found.impl_code not in Client().get(f"/lists/deficiency/?q={found.name}").content.decode()


@pytest.mark.parametrize("slug", ["hall", "power", "special"])
def test_a_public_list_costs_the_same_however_long(
    library: None, django_assert_max_num_queries: Any, slug: str
) -> None:
    with django_assert_max_num_queries(5):
        Client().get(f"/lists/{slug}/")


def test_the_power_list_is_many_to_many_and_its_links_are_checked(library: None) -> None:
    power = PowerListItem.objects.filter(items__slug=MARRIAGE).first()
    org = item().org
    known = {"org": org, "item_type": "07", "basis": "婚姻登记条例", "by": manager(), "at": AT}
    if power is None:
        power = actions.keep_power(power=None, code="MZ-1", name="婚姻登记", url="", items=[item().pk], **known)
    second = ImplementationItem.objects.filter(org=org).exclude(slug=MARRIAGE).first()
    assert second is not None
    both = [item().pk, second.pk]
    kept = actions.keep_power(
        power=power.pk, code=power.code, name="婚姻登记", url=f"/items/{item().impl_code}/", items=both, **known
    )
    assert set(kept.items.values_list("pk", flat=True)) == set(both)
    more = actions.keep_power(power=None, code="MZ-2", name="婚姻档案", url="/nowhere/", items=[item().pk], **known)
    assert {kept, more} <= set(item().powers.all())
    assert "items" in journal.timeline(kept).last().changes
    run = actions.check_links(org=org, by=manager(), at=AT)
    kept.refresh_from_db()
    more.refresh_from_db()
    assert (kept.is_reachable, more.is_reachable) == (True, False)
    assert run.unreachable == 1
    outside = PowerListItem.objects.filter(org=org, url__startswith="https://").first()
    assert outside is None or outside.is_reachable is None
    actions.cancel(item=item().pk, reason="国务院决定取消", document_number="国发〔2026〕1号", by=chief(), at=AT)
    assert reaching.locally(kept.url).ok is False


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ({"code": ""}, "编号"), ({"name": " "}, "名称"), ({"item_type": "20"}, "类型"), ({"url": "javascript:1"}, "网址"),
        ({"url": "//evil.example"}, "网址"),
    ],
)  # fmt: skip
def test_a_wrong_power_entry_is_refused_in_words_and_kept_on_screen(library: None, typed: Any, part: str) -> None:
    desk = logged_in("dept_admin", "civil_affairs")
    said = {"code": "MZ-9", "name": "演示权力", "item_type": "07", "basis": "某条例", "url": "", **typed}
    answer = desk.post("/desk/items/powers/new/", said)
    assert answer.status_code == 422
    assert part in answer.content.decode()
    assert "某条例" in answer.content.decode()
    assert not PowerListItem.objects.filter(code="MZ-9").exists()


def test_nobody_keeps_the_power_list_of_a_neighbour(library: None) -> None:
    theirs = PowerListItem.objects.filter(org__code="market_regulation").first()
    assert theirs is not None
    desk = logged_in("dept_admin", "civil_affairs")
    assert desk.get(f"/desk/items/powers/{theirs.pk}/").status_code == 404
    assert theirs.name not in desk.get("/desk/items/powers/").content.decode()
    with pytest.raises(Refused, match="岗位"):
        actions.remove_power(power=theirs.pk, org=theirs.org, reason="不再行使了", by=manager(), at=AT)
    strange = ImplementationItem.objects.filter(org__code="market_regulation").first()
    assert strange is not None
    with pytest.raises(Refused, match="管理范围"):
        actions.keep_power(
            power=None, org=item().org, code="MZ-3", name="借用", item_type="07", basis="", url="", items=[strange.pk],
            by=manager(), at=AT,
        )  # fmt: skip


def test_the_negative_list_wants_a_reason_and_no_item_that_is_in_the_hall(library: None) -> None:
    out = ImplementationItem.objects.filter(is_in_hall=False, state="published", level=4).order_by("slug").first()
    inside = ImplementationItem.objects.filter(is_in_hall=True, level=4).order_by("slug").first()
    assert out is not None
    assert inside is not None
    desk = logged_in("service_admin", "gov_service")
    assert desk.post("/desk/items/negative/", {"item": str(out.pk), "note": ""}).status_code == 422
    assert desk.post("/desk/items/negative/", {"item": "x", "note": "场地有特殊要求"}).status_code == 422
    assert desk.post("/desk/items/negative/", {"item": str(out.pk), "note": "场地有特殊要求"}).status_code == 302
    assert "场地有特殊要求" in Client().get("/lists/negative/").content.decode()
    with pytest.raises(Refused, match="进驻"):
        actions.list_as_negative(item=inside.pk, reason="场地有特殊要求", by=chief(), at=AT)
    with pytest.raises(Refused, match="岗位"):
        actions.list_as_negative(item=out.pk, reason="场地有特殊要求", by=acting("dept_admin", out.org.code), at=AT)
    entry = NegativeEntry.objects.get()
    actions.take_off_negative(entry=entry.pk, reason="已进驻大厅", by=chief(), at=AT)
    assert "场地有特殊要求" not in Client().get("/lists/negative/").content.decode()


def test_the_negative_list_costs_the_same_however_long(library: None) -> None:
    out = list(ImplementationItem.objects.filter(is_in_hall=False, state="published").order_by("slug")[:9])
    asked: list[tuple[int, int]] = []
    desk, public = logged_in("service_admin", "gov_service"), Client()
    for some in (out[:1], out[1:]):
        for one in some:
            actions.list_as_negative(item=one.pk, reason="场地有特殊要求", by=chief(), at=AT)
        for page in (desk.get("/desk/items/negative/"), public.get("/lists/negative/")):
            assert page.status_code == 200  # what a process reads once is read
        counts = []
        for browser, address in ((desk, "/desk/items/negative/"), (public, "/lists/negative/")):
            with CaptureQueriesContext(connection) as said:
                browser.get(address)
            counts.append(len(said))
        asked.append((counts[0], counts[1]))
    assert len(out) == 9
    assert asked[0] == asked[1]


def test_the_authority_adjusts_the_base_list_on_its_page(library: None) -> None:
    desk, code = logged_in("service_admin", "gov_service"), item().catalog_item_id
    refused = desk.post(f"/desk/items/directory/{code}/", {"status": "suspended", "note": "法规修订期间"})
    assert refused.status_code == 422
    assert "法规修订期间" in refused.content.decode()
    done = desk.post(
        f"/desk/items/directory/{code}/",
        {"status": "suspended", "note": "法规修订期间", "document_number": "内政发〔2026〕1号"},
    )
    assert done.status_code == 302
    assert "法规" in str([e.note for e in journal.timeline(item().catalog_item)])
    page = logged_in("dept_admin", "civil_affairs").get(f"/desk/items/{item().pk}/").content.decode()
    assert "基本目录暂停" in page
    assert copy.copy(BaseChange.objects.get(item=item())).kind == "suspended"
