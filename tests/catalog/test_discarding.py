"""Giving up a draft, and an item that stays suspended while it is being changed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siban.catalog import actions, queries
from siban.catalog.flow import ITEM_FLOW
from siban.catalog.models import ChangeRequest, ImplementationItem
from siban.kernel.flow import Refused
from siban.kernel.journal import timeline

from .conftest import AT, acting, logged_in

SLUG = "civil_affairs.marriage"
AFTER = AT + timedelta(hours=1)


def item() -> ImplementationItem:
    return ImplementationItem.objects.select_related("version").get(slug=SLUG)


def manager() -> Any:
    return acting("dept_admin", "civil_affairs")


def chief() -> Any:
    return acting("service_admin", "gov_service")


def changed_to(limit: str) -> uuid.UUID:
    """A draft with another limit of numbers."""
    version = actions.request_change(item=item().pk, reason="群众反映时间不便", by=manager(), at=AT)
    content = {**version.content, "quantity_limit": limit}
    actions.save_draft(item=item().pk, content=content, seen=version.content_hash, by=manager(), at=AT)
    return item().pk


def changed() -> ImplementationItem:
    """A draft that differs from the version in force."""
    changed_to("每日二十对")
    return item()


def is_public() -> bool:
    found = item()
    return (
        queries.open_item(found.impl_code) is not None
        and ImplementationItem.objects.published().filter(pk=found.pk).exists()
    )


def test_the_version_in_force_goes_on_and_the_journal_keeps_what_was_given_up(library: None) -> None:
    before = changed().version_id
    actions.discard(item=item().pk, reason="暂不调整", by=manager(), at=AFTER)
    found = item()
    assert (found.state, found.version_id) == ("published", before)
    assert not found.versions.filter(is_published=False).exists()
    assert ChangeRequest.objects.get(item=found).outcome == "withdrawn"
    (told,) = [entry for entry in timeline(found) if entry.move == "discard"]
    assert any("数量限制" in sentence for sentence in told.facts["given_up"])


def test_an_item_is_changed_again_after_a_draft_was_given_up(library: None) -> None:
    changed()
    actions.discard(item=item().pk, reason="暂不调整", by=manager(), at=AFTER)
    assert changed().state == "drafting"


@pytest.mark.parametrize(
    "who", [("service_admin", "gov_service"), ("dept_admin", "transport"), ("approver", "civil_affairs")]
)
def test_a_draft_is_given_up_by_its_own_manager_only(library: None, who: tuple[str, str]) -> None:
    changed()
    with pytest.raises(Refused, match="岗位"):
        actions.discard(item=item().pk, reason="暂不调整", by=acting(*who), at=AFTER)
    assert item().state == "drafting"


def test_a_draft_handed_in_is_not_given_up(library: None) -> None:
    changed()
    actions.self_check(item=item().pk, by=manager(), at=AT)
    actions.submit(item=item().pk, by=manager(), at=AT)
    with pytest.raises(Refused):
        actions.discard(item=item().pk, reason="暂不调整", by=manager(), at=AFTER)


def test_the_page_says_what_would_be_lost_before_anything_is(library: None) -> None:
    changed()
    browser, address = logged_in("dept_admin", "civil_affairs"), f"/desk/items/{item().pk}/discard/"
    assert browser.post(address, {"note": "改"}).status_code == 422
    asked = browser.post(address, {"note": "暂不调整"}).content.decode()
    assert "确认放弃草稿" in asked
    assert "数量限制" in asked
    assert item().state == "drafting"
    assert browser.post(address, {"note": "暂不调整", "confirmed": "1"}).status_code == 302
    assert item().state == "published"


@pytest.mark.parametrize("who", [("dept_admin", "transport"), ("dept_admin", "township-150724110000")])
def test_the_draft_of_another_unit_is_not_found(library: None, who: tuple[str, str]) -> None:
    changed()
    posted = logged_in(*who).post(f"/desk/items/{item().pk}/discard/", {"note": "暂不调整", "confirmed": "1"})
    assert posted.status_code == 404
    assert item().state == "drafting"


def test_a_suspended_item_stays_hidden_while_it_is_changed(library: None, client: Client) -> None:
    assert is_public()
    actions.suspend(item=item().pk, reason="系统升级期间", by=chief(), at=AT)
    found = changed()
    assert found.state == "drafting"
    assert not is_public()
    assert "暂停" in client.get(f"/items/{found.impl_code}/").content.decode()
    actions.discard(item=found.pk, reason="暂不调整", by=manager(), at=AFTER)
    assert item().state == "suspended"
    assert not is_public()
    actions.resume(item=found.pk, by=chief(), at=AFTER)
    assert is_public()


def test_publishing_the_change_of_a_suspended_item_makes_it_public(library: None) -> None:
    actions.suspend(item=item().pk, reason="系统升级期间", by=chief(), at=AT)
    pk = changed().pk
    actions.self_check(item=pk, by=manager(), at=AT)
    actions.submit(item=pk, by=manager(), at=AT)
    actions.review(item=pk, by=chief(), at=AT)
    assert not is_public()
    actions.publish(item=pk, by=chief(), at=AFTER)
    assert is_public()


def test_just_one_way_back_is_open_from_a_draft(library: None) -> None:
    found = ImplementationItem.objects.get(slug=SLUG)
    for state, version, suspended, way in (
        ("drafting", found.version_id, False, "discard"), ("drafting", found.version_id, True, "discard_suspended"),
        ("self_checked", None, False, "discard_first"), ("drafting", None, False, "discard_first"),
    ):  # fmt: skip
        found.state, found.version_id, found.is_suspended = state, version, suspended
        open_ = [c.name for c in ITEM_FLOW.choices(found, by=manager(), at=AT) if c.allowed and "discard" in c.name]
        assert open_ == [way]


def test_an_unknown_item_is_not_found(library: None) -> None:
    posted = logged_in("dept_admin", "civil_affairs").post(
        f"/desk/items/{uuid.uuid4()}/discard/", {"note": "暂不调整"}
    )
    assert posted.status_code == 404


def test_the_page_of_an_item_reads_as_much_after_many_versions(library: None) -> None:
    browser, address = logged_in("dept_admin", "civil_affairs"), f"/desk/items/{item().pk}/"
    contents = []
    for turn in range(2):
        for _ in range(3 * turn + 1):
            pk = changed_to(f"每日 {turn + 2} 对")
            for act, by in (
                (actions.self_check, manager()),
                (actions.submit, manager()),
                (actions.review, chief()),
                (actions.publish, chief()),
            ):
                act(item=pk, by=by, at=AFTER)
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(address)
        assert page.status_code == 200
        contents.append((len(asked), len(page.context["latest"]["sentences"])))
    assert item().versions.count() > 4
    assert contents[0][0] == contents[1][0]
    assert len(queries.item_page(item().pk, by=manager()).versions) == 2


def test_the_three_counts_stand_on_the_list(library: None) -> None:
    before = queries.counts(manager())
    assert before is not None
    found = item()
    content = dict(found.version.content) if found.version else {}
    content["handling_items"] = [{"code": f"{found.impl_code}0{n}", "name": f"第 {n} 种"} for n in (1, 2, 3)]
    made = changed()
    actions.save_draft(
        item=made.pk, content=content, seen=made.versions.get(is_published=False).content_hash, by=manager(), at=AT
    )
    for act, by in (
        (actions.self_check, manager()),
        (actions.submit, manager()),
        (actions.review, chief()),
        (actions.publish, chief()),
    ):
        act(item=made.pk, by=by, at=AFTER)
    after = queries.counts(manager())
    assert after is not None
    assert (after.claimed, after.listed, after.handled) == (before.claimed, before.listed, before.handled + 2)
    assert (
        f"<strong>{after.handled}</strong>"
        in logged_in("dept_admin", "civil_affairs").get("/desk/items/").content.decode()
    )
    actions.suspend(item=made.pk, reason="系统升级期间", by=chief(), at=AFTER)
    assert queries.counts(manager()) == queries.Counts(before.claimed, before.listed - 1, before.handled - 1)
