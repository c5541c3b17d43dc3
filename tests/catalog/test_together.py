"""One element is changed in many items at once: seen before, saved as one, undone as one, never over somebody else's work."""

import re
from typing import Any

import pytest
from django.test import Client

from siban.catalog import actions, together
from siban.catalog.editing.elements import shown
from siban.catalog.models import GroupChange, ImplementationItem, ItemVersion
from siban.catalog.together import ELEMENTS
from siban.kernel import journal

from .conftest import AT, acting, logged_in

DEPT = "civil_affairs"
HOURS = "星期一至星期五：上午 09:00-12:00，下午 14:00-17:00"


def boxes(browser: Client, **asked: str) -> dict[str, str]:
    """What the table sends when nothing is touched."""
    from lxml import html

    form = html.fromstring(browser.get("/desk/items/together/", asked).content).xpath("//form[@data-confirm-leave]")[0]
    return {k: v for k, v in form.fields.items() if k and v is not None}


def posted(browser: Client, sent: dict[str, str], do: str, element: str = "office_hours") -> Any:
    return browser.post(f"/desk/items/together/?element={element}", {**sent, "do": do})


def drafts() -> dict[str, dict[str, Any]]:
    return dict(ItemVersion.objects.filter(is_published=False).values_list("item__slug", "content"))


def test_putting_back_what_is_there_changes_nothing_in_any_item(library: None) -> None:
    for version in ItemVersion.objects.order_by("pk")[:60]:
        for asked in ELEMENTS.values():
            for spot in together.spots(asked, version.content):
                assert not together.unlike(asked, spot.value, shown(asked.kind, spot.value)), asked.label


@pytest.mark.parametrize(
    "element", ["office_hours", "windows__street", "materials__sample_form_file", "online__is_sso"]
)
def test_a_value_put_in_one_place_is_found_there_and_nowhere_else(library: None, element: str) -> None:
    asked = ELEMENTS[element]
    content = ItemVersion.objects.get(item__slug="civil_affairs.minimum_living").content
    places = list(together.spots(asked, content))
    assert places
    new = not places[0].value if asked.kind == "flag" else "新的内容"
    made = together.put(asked, content, places[0].key, new)
    assert [s.value for s in together.spots(asked, made)] == [new, *(s.value for s in places[1:])]
    assert {k for k in made if made[k] != content.get(k)} == {asked.top}
    assert together.put(asked, made, places[0].key, places[0].value, typed=False) == content


def test_fill_down_preview_save_and_undo_are_one_record(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    sent = boxes(browser)
    before = {i.slug: i.version.content for i in ImplementationItem.objects.filter(org__code=DEPT).select_related("version") if i.version}  # fmt: skip
    filled = posted(browser, {**sent, "fill": HOURS}, "fill")
    page = filled.content.decode()
    assert page.count(f'value="{HOURS}"') >= 10
    assert drafts() == {}
    sent |= {name: HOURS for name in sent if name.startswith("v-")}
    page = posted(browser, sent, "preview").content.decode()
    assert "将要改动的内容" in page
    assert page.count("可以改") == 10
    assert drafts() == {}
    answer = posted(browser, sent, "save")
    assert answer.status_code == 302
    assert {c["office_hours"] for c in drafts().values()} == {HOURS}
    assert len(drafts()) == 10
    change = GroupChange.objects.get()
    batches = {journal.timeline(i).last().facts["batch"] for i in ImplementationItem.objects.filter(org__code=DEPT)}  # type: ignore[union-attr]
    assert batches == {str(change.pk)}
    assert "整批撤销" in browser.get(answer["Location"]).content.decode()
    assert browser.post(f"{answer['Location']}undo/").status_code == 302
    for slug, content in drafts().items():
        assert {k for k in content if content[k] != before[slug].get(k)} <= {"version", "status"}
    assert "已撤销" in browser.get(answer["Location"]).content.decode()
    again = browser.post(f"{answer['Location']}undo/", follow=True)
    assert "已经撤销过了" in again.content.decode()


def test_what_was_changed_again_since_is_not_undone(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    sent = boxes(browser)
    mine = next(name for name in sent if name.startswith("v-"))
    here = posted(browser, {**sent, mine: HOURS}, "save")["Location"]
    version = ItemVersion.objects.get(is_published=False)
    by = acting("dept_admin", DEPT)
    later = {**version.content, "office_hours": "后来改的"}
    actions.save_draft(item=version.item_id, content=later, seen=version.content_hash, by=by, at=AT)
    browser.post(f"{here}undo/")
    assert ItemVersion.objects.get(is_published=False).content["office_hours"] == "后来改的"
    assert "后来又被改过" in browser.get(here).content.decode()


def test_a_draft_changed_since_the_table_was_opened_is_left_alone_and_told(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    by = acting("dept_admin", DEPT)
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    draft = actions.request_change(item=item.pk, reason="另一个人正在改", by=by, at=AT)
    sent = boxes(browser)
    other = {**draft.content, "office_hours": "别人填的"}
    actions.save_draft(item=item.pk, content=other, seen=draft.content_hash, by=by, at=AT)
    answer = posted(browser, {**sent, f"v-{item.pk.hex}-": HOURS}, "save")
    assert drafts()["civil_affairs.marriage"]["office_hours"] == "别人填的"
    assert "又被改过" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("element", "typed", "part"),
    [
        ("consult_phones", "打给老王", "不是电话号码"),
        ("promised_limit__value", "很快", "应填数字"),
        ("promised_limit__value", "3000", "不能超过法定时限"),
        ("online__mobile_url", "javascript:alert(1)", "完整的网址"),
    ],
)
def test_wrong_input_is_told_beside_the_box_and_kept(library: None, element: str, typed: str, part: str) -> None:
    browser = logged_in("dept_admin", DEPT)
    sent = (
        boxes(browser, element=element, q="离婚")
        if element != "promised_limit__value"
        else boxes(browser, element=element)
    )
    sent |= {name: typed for name in sent if name.startswith("v-")}
    page = posted(browser, sent, "preview", element).content.decode()
    assert part in page
    assert drafts() == {}


def test_saving_nothing_is_told(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    answer = posted(browser, boxes(browser), "save")
    assert answer.status_code == 422
    assert "没有改动" in answer.content.decode()


def test_strangers_and_neighbours_change_nothing(library: None) -> None:
    browser = logged_in("dept_admin", DEPT)
    sent = boxes(browser)
    sent |= {name: HOURS for name in sent if name.startswith("v-")}
    neighbour, approver = logged_in("dept_admin", "transport"), logged_in("approver", DEPT)
    assert posted(neighbour, sent, "save").status_code in (302, 422)
    assert drafts() == {}
    assert posted(approver, sent, "save").status_code == 403
    assert posted(Client(), sent, "save").status_code == 302
    assert drafts() == {}
    here = posted(browser, sent, "save")["Location"]
    for who, code in ((neighbour, 404), (approver, 403)):
        assert who.get(here).status_code == code
        assert who.post(f"{here}undo/").status_code == code
    assert {c["office_hours"] for c in drafts().values()} == {HOURS}


def test_the_authority_changes_items_of_its_departments_and_the_journal_says_who(library: None) -> None:
    browser = logged_in("service_admin", "gov_service")
    sent = boxes(browser, dept=DEPT)
    name = next(n for n in sent if n.startswith("v-"))
    posted(browser, {**sent, name: HOURS}, "save")
    pk = re.fullmatch(r"v-([0-9a-f]{32})-", name)
    assert pk
    rows = list(journal.timeline(ImplementationItem.objects.get(pk=pk[1])))
    assert [(r.move, r.actor_role) for r in rows[-3:]] == [
        ("request_change", "dept_admin"), ("save_draft", "dept_admin"), ("import", "service_admin"),
    ]  # fmt: skip
    assert rows[-3].actor_name == "数据导入"


def test_the_table_asks_as_many_statements_for_many_items_as_for_few(library: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = logged_in("service_admin", "gov_service")
    browser.get("/desk/items/together/", {"q": "离婚"})  # what a session, and the first search of a process, ask once
    counts = []
    for asked in ({"q": "离婚"}, {"q": "登记"}):
        with CaptureQueriesContext(connection) as said:
            assert browser.get("/desk/items/together/", asked).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1]
