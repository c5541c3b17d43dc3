"""The guide shows every element of every item, narrows the materials, and is right for everyone who looks."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siban.catalog import guide, labels, public, queries
from siban.catalog.models import ImplementationItem, ItemVersion
from siban.identity.models import Org
from tests import door

from .conftest import AT, acting, logged_in

FOOD = "11150724MB0E0021464150181001000"
CODED: dict[str, dict[Any, str]] = {
    "item_type": {}, "sub_type": labels.SUB_TYPES, "case_type": labels.CASE_TYPES, "dept_nature": labels.NATURES,
    "exercise_level": labels.LEVELS, "levels": labels.LEVELS, "power_source": labels.POWER_SOURCES,
    "service_objects": labels.OBJECTS, "kind": labels.KINDS, "medium": labels.MEDIA, "source_type": labels.SOURCES,
    "necessity": labels.NECESSITY, "online_depth": labels.DEPTHS, "online_stage_codes": labels.STAGES,
    "system_network": labels.NETWORKS, "windows_type": labels.WINDOWS, "kinds": labels.DELAYED,
    "public_service_mode": labels.MODES, "grassroots_mode": labels.GRASSROOTS, "code_status": labels.ILLUSTRATIVE,
    "address_status": labels.ADDRESS,
}  # fmt: skip
INNER = {  # keys of the data, not words for the public: ids that tie elements together, marks of how well data is known
    "id", "grain_id", "ecert_type_id", "letter_grain", "scenario_ids", "scenario_id", "root", "next", "venue_id",
    "base_item_id", "dept_id", "confidence", "status", "element", "type", "common_materials", "unit", "time_limit_unit",
    "item_type",
}  # fmt: skip


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif value not in (None, ""):
        yield path, value


def shown(path: tuple[str, ...], value: Any, names: dict[str, str]) -> str:
    """How a value is said on the page; nothing for keys and for yes and no, which stand as 是 and 否."""
    key = path[-1]
    if key in CODED and value in CODED[key]:
        return CODED[key][value]
    if (
        isinstance(value, bool)
        or key in INNER
        or set(path) & {"confidence", "situations", "form_fields", "guide_versions"}
    ):
        return "" if key not in ("question", "label", "path", "name") else str(value)
    if path[0] == "deficiency" and key == "materials":
        return ""
    if key in ("joint_depts", "guidance_dept_id"):
        return names[str(value)]
    if key in ("blank_form_file", "sample_form_file"):  # the form itself is offered
        return f"/{key.split('_')[0]}/pdf/"
    if key in ("original_count", "copy_count", "lat", "lng", "version", "seq", "value", "post_check_days"):
        return str(value) if value or key == "lat" else ""
    return str(value)


def text_of(page: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+", "", plain + " " + " ".join(html.unescape(u) for u in re.findall(r'href="([^"]+)"', page)))


def test_every_element_of_every_item_stands_in_its_guide(library: None) -> None:
    names = dict(Org.objects.values_list("code", "name"))
    missing: list[str] = []
    versions = ItemVersion.objects.filter(item__level=4) | ItemVersion.objects.filter(
        item__slug__endswith="150724100000"
    )
    for version in versions.order_by("item__slug"):
        made = guide.build(
            version.elements, content_hash=version.content_hash, given={}, org_names=names, suspended=False
        )
        page = text_of(render_to_string("catalog/_guide.html", {"guide": made}))
        for path, value in leaves(version.content):
            words = re.sub(r"\s+", "", shown(path, value, names))
            if words and words not in page:
                missing.append(f"{version.content['id']} {'.'.join(path)} = {value}")
    assert missing == []


def test_answers_narrow_the_materials_to_the_leaf(library: None) -> None:
    for version in ItemVersion.objects.filter(item__level=4, content__has_situations=True).order_by("item__slug"):
        content = version.elements
        assert content.situations
        for leaf in content.situations.leaves:
            given = {step[:2]: step[2:] for step in leaf.scenario_id.split("/")}
            made = guide.build(content, content_hash="", given=given, org_names={}, suspended=False)
            assert [p.id for p in made.papers] == list(leaf.materials), (content.id, leaf.scenario_id)
            assert not made.open_question


def test_an_unfinished_or_strange_answer_shows_all_materials(library: None) -> None:
    content = ItemVersion.objects.get(item__impl_code=FOOD).elements
    for given in ({}, {"q1": "a"}, {"q1": "z"}, {"q9": "a"}):
        made = guide.build(content, content_hash="", given=given, org_names={}, suspended=False)
        assert len(made.papers) == len(content.materials)
        assert made.open_question


def test_the_situation_goes_along_to_the_application(library: None, client: Client) -> None:
    page = client.get(f"/items/{FOOD}/?q1=b").content.decode()
    assert f"/apply/{FOOD}/?q1=b" in page


@pytest.fixture(autouse=True)
def _fresh_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "BODIES", public.Kept())
    monkeypatch.setattr(public, "PAGES", public.Kept())


def test_a_kept_guide_costs_one_statement(library: None, client: Client, django_assert_num_queries: Any) -> None:
    first = client.get(f"/items/{FOOD}/")
    assert first.status_code == 200
    with django_assert_num_queries(1):
        assert Client().get(f"/items/{FOOD}/").status_code == 200


def test_a_kept_guide_is_the_same_bytes_for_all_and_sets_no_cookie(library: None) -> None:
    code = ImplementationItem.objects.published().order_by("slug").values_list("impl_code", flat=True)[0]
    pages = [Client().get(f"/items/{code}/") for _ in range(2)]
    assert pages[0].content == pages[1].content
    assert not pages[0].cookies
    assert b"csrfmiddlewaretoken" not in pages[0].content
    again = Client().get(f"/items/{code}/", HTTP_IF_NONE_MATCH=pages[0]["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/elder/", {"next": f"/items/{code}/"}).status_code == 302
    assert browser.get(f"/items/{code}/").content != pages[0].content


def test_large_type_and_normal_type_are_kept_apart(library: None) -> None:
    plain, large = Client(), Client()
    large.cookies["elder"] = "1"
    assert "大字版" in plain.get(f"/items/{FOOD}/").content.decode()
    assert "标准字号" in large.get(f"/items/{FOOD}/").content.decode()
    assert "大字版" in plain.get(f"/items/{FOOD}/").content.decode()


def test_who_is_logged_in_sees_the_own_name_and_nobody_else_does(library: None) -> None:
    browser = logged_in("dept_admin", "civil_affairs")
    Client().get(f"/items/{FOOD}/")
    assert "演示·员工" in browser.get(f"/items/{FOOD}/").content.decode()
    assert "演示·员工" not in Client().get(f"/items/{FOOD}/").content.decode()


def test_an_unchanged_guide_is_answered_in_a_line(library: None) -> None:
    browser = Client()
    first = browser.get(f"/items/{FOOD}/")
    again = browser.get(f"/items/{FOOD}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_new_version_is_seen_at_once(library: None, client: Client) -> None:
    from siban.catalog import actions

    before = client.get(f"/items/{FOOD}/")
    item = ImplementationItem.objects.get(impl_code=FOOD)
    manager, chief = acting("dept_admin", "market_regulation"), acting("service_admin", "gov_service")
    draft = actions.request_change(item=item.pk, reason="调整咨询电话", by=manager, at=AT)
    content = {**draft.content, "consult_phones": ["0470-0000777"]}
    actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    assert "0470-0000777" not in client.get(f"/items/{FOOD}/").content.decode()
    for move in ("self_check", "submit"):
        getattr(actions, move)(item=item.pk, by=manager, at=AT)
    for move in ("review", "publish"):
        getattr(actions, move)(item=item.pk, by=chief, at=AT)
    after = client.get(f"/items/{FOOD}/")
    assert "0470-0000777" in after.content.decode()
    assert before["ETag"] != after["ETag"]


def test_a_suspended_item_says_so_and_offers_no_application(library: None, client: Client) -> None:
    from siban.catalog import actions

    item = ImplementationItem.objects.get(impl_code=FOOD)
    client.get(f"/items/{FOOD}/")
    actions.suspend(item=item.pk, reason="系统升级期间", by=acting("service_admin", "gov_service"), at=AT)
    page = client.get(f"/items/{FOOD}/").content.decode()
    assert "暂停办理" in page
    assert f"/apply/{FOOD}/" not in page


def test_an_unknown_code_is_answered_in_words(db: Any, client: Client) -> None:
    answer = client.get("/items/none/")
    assert answer.status_code == 404
    assert "12345" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/", "/items/", "/items/?q=低保", "/items/?q=qqq", "/items/?who=natural&instant=1", "/items/?region=abc&after=x",
     f"/items/{FOOD}/print/", "/items/?q=%00"],
)  # fmt: skip
def test_public_pages_open_for_everyone(library: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_lists_cost_the_same_however_long(library: None, client: Client, django_assert_num_queries: Any) -> None:
    client.get("/items/?q=低保")  # the words of the library are read once a process
    with django_assert_num_queries(4):
        client.get("/items/?q=低保")
    with django_assert_num_queries(4):
        client.get("/items/")
    with django_assert_num_queries(2):
        client.get("/")


def test_the_interface_gives_the_content_and_its_tag(library: None, client: Client) -> None:
    answer = client.get(f"/api/v1/items/{FOOD}")
    assert answer.json() == ItemVersion.objects.get(item__impl_code=FOOD).content
    assert answer["ETag"] == f'"{queries.in_force(FOOD).content_hash}"'  # type: ignore[union-attr]
    assert client.get(f"/api/v1/items/{FOOD}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/api/v1/items/none").status_code == 404
    listed = client.get("/api/v1/items", {"q": "办身份证"}).json()
    assert listed["items"][0]["name"].startswith("居民身份证")
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_a_kept_guide_passes_the_fast_lane_with_the_same_bytes_and_headers(library: None) -> None:
    visitor, path = Client(), f"/items/{FOOD}/"
    whole = visitor.get(path)
    with CaptureQueriesContext(connection) as asked:
        quick = door.get(visitor, path)
    assert len(asked) == 1
    assert quick.content == whole.content
    assert quick.headers == dict(whole.headers)
    assert door.get(visitor, path, HTTP_IF_NONE_MATCH=quick.headers["ETag"]).status_code == 304
    visitor.cookies["elder"] = "1"
    assert door.get(visitor, path).content != whole.content
    assert door.get(visitor, "/items/").status_code == 200
    assert door.get(visitor, f"/items/{'0' * 31}/").status_code == 404


def test_a_new_version_is_on_the_fast_lane_at_once(library: None) -> None:
    visitor, path = Client(), f"/items/{FOOD}/"
    visitor.get(path)
    before = door.get(visitor, path)
    ImplementationItem.objects.filter(impl_code=FOOD).update(state="suspended")
    after = door.get(visitor, path)
    assert "暂停办理" in after.content.decode()
    assert before.content != after.content
