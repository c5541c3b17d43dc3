"""A changed item above and those below: to-dos, one confirmation, tightening only, claiming from the base list."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from siban.catalog import actions
from siban.catalog.models import BaseChange, CatalogItem, ChangeRequest, ImplementationItem
from siban.kernel import journal
from siban.kernel.flow import Refused

from .conftest import AT, acting, logged_in
from .test_versions import BASE, chief, item, manager, published


def lowers(slug: str = BASE) -> Any:
    return ImplementationItem.objects.filter(base__slug=slug).order_by("slug")


def test_a_changed_base_item_opens_a_to_do_for_each_unit_with_the_difference_in_words(library: None) -> None:
    conditions = [*item(BASE).version.content["accept_conditions"], "新增的条件"]
    version = published(BASE, accept_conditions=conditions)
    count = lowers().count()
    assert count == 24
    found = BaseChange.objects.filter(base_version=version)
    assert found.count() == count
    assert {tuple(c.sentences) for c in found} == {("新增受理条件：新增的条件",)}
    assert {c.due_on for c in found} == {AT.date() + timedelta(days=settings.BASE_CHANGE_CONFIRM_DAYS)}
    assert lowers().filter(is_unequal=True).count() == count
    published(BASE, accept_conditions=conditions, consult_phones=["0470-0000123"])
    assert BaseChange.objects.filter(outcome="open").count() == count
    assert BaseChange.objects.filter(outcome="superseded").count() == count


def test_a_local_element_of_the_base_item_asks_nothing_of_those_below(library: None) -> None:
    published(BASE, consult_phones=["0470-0000123"])
    assert not BaseChange.objects.exists()
    assert not lowers().filter(is_unequal=True).exists()


def test_one_confirmation_takes_the_elements_over_and_one_approval_publishes_them(library: None) -> None:
    conditions = [*item(BASE).version.content["accept_conditions"], "新增的条件"]
    published(BASE, accept_conditions=conditions)
    lower = lowers().first()
    with pytest.raises(Refused, match="岗位"):
        actions.confirm_base_change(item=lower.pk, by=acting("dept_admin", "finance"), at=AT)
    own = acting("dept_admin", lower.org.code)
    phones = lower.version.content["consult_phones"]
    actions.confirm_base_change(item=lower.pk, by=own, at=AT)
    lower.refresh_from_db()
    assert lower.state == "submitted"
    with pytest.raises(Refused, match="没有等待确认"):
        actions.confirm_base_change(item=lower.pk, by=own, at=AT)
    made = actions.approve_taken_over(item=lower.pk, by=chief(), at=AT)
    assert made.content["accept_conditions"] == conditions
    assert made.content["consult_phones"] == phones
    lower.refresh_from_db()
    assert (lower.state, lower.is_unequal) == ("published", False)
    assert BaseChange.objects.get(item=lower).outcome == "done"
    moves = [e.move for e in journal.timeline(lower)][-7:]
    assert moves == [
        "request_change", "save_draft", "self_check", "submit", "confirm_base_change", "review", "publish",
    ]  # fmt: skip


def test_a_draft_with_changes_of_its_own_is_not_approved_in_one_step(library: None) -> None:
    lower = lowers().first()
    own = acting("dept_admin", lower.org.code)
    draft = actions.request_change(item=lower.pk, reason="本级电话变了", by=own, at=AT)
    content = {**copy.deepcopy(draft.content), "consult_phones": ["0470-0000456"]}
    actions.save_draft(item=lower.pk, content=content, seen=draft.content_hash, by=own, at=AT)
    published(BASE, accept_conditions=["只剩一条"])
    actions.confirm_base_change(item=lower.pk, by=own, at=AT)
    with pytest.raises(Refused, match="自己的改动"):
        actions.approve_taken_over(item=lower.pk, by=chief(), at=AT)


def test_a_shorter_promise_above_binds_those_below(library: None) -> None:
    published(BASE, promised_limit={"value": 10, "unit": "workday"}, process_steps=_shortened(BASE))
    lower = lowers().first()
    assert "承诺时限由 18 个工作日改为 10 个工作日" in BaseChange.objects.get(item=lower).sentences
    actions.confirm_base_change(item=lower.pk, by=acting("dept_admin", lower.org.code), at=AT)
    assert actions.approve_taken_over(item=lower.pk, by=chief(), at=AT).elements.promised_limit.value == 10


def _shortened(slug: str) -> list[dict[str, Any]]:
    steps = copy.deepcopy(item(slug).version.content["process_steps"])
    for step in steps:
        step["time_limit_value"] = min(step["time_limit_value"] or 0, 1)
    return steps


# promise, unit, case type below an item with 18 working days, promised | a part of the refusal
LAXER = [
    (19, "workday", "promised", "比上级事项的“18 个工作日”长"), (26, "natural_day", "promised", "长"),
    (25, "natural_day", "promised", ""), (18, "workday", "promised", ""), (5, "workday", "promised", ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "case_type", "part"), LAXER)
def test_a_lower_level_only_tightens(library: None, value: int, unit: str, case_type: str, part: str) -> None:
    lower = lowers().first()
    own = acting("dept_admin", lower.org.code)
    draft = actions.request_change(item=lower.pk, reason="调整承诺时限", by=own, at=AT)
    content = {
        **copy.deepcopy(draft.content),
        "promised_limit": {"value": value, "unit": unit},
        "case_type": case_type,
    }
    if part:
        with pytest.raises(Refused, match=part):
            actions.save_draft(item=lower.pk, content=content, seen=draft.content_hash, by=own, at=AT)
    else:
        actions.save_draft(item=lower.pk, content=content, seen=draft.content_hash, by=own, at=AT)


@pytest.mark.parametrize("kind", ["promised", "other"])
def test_an_instant_item_does_not_become_a_promised_one_below(library: None, kind: str) -> None:
    lower = ImplementationItem.objects.get(slug="township.social_card.150724110000")
    own = acting("dept_admin", "township-150724110000")
    draft = actions.request_change(item=lower.pk, reason="调整办件类型", by=own, at=AT)
    content = {**copy.deepcopy(draft.content), "case_type": kind}
    with pytest.raises(Refused, match="即办件"):
        actions.save_draft(item=lower.pk, content=content, seen=draft.content_hash, by=own, at=AT)


def test_a_cancelled_item_of_the_base_list_is_a_to_do_until_each_unit_has_cancelled(library: None) -> None:
    here = item("civil_affairs.marriage")
    with pytest.raises(Refused, match="岗位"):
        actions.set_listed(
            basic_code=here.catalog_item_id, status="cancelled", document_number="国发〔2026〕1号", reason="国务院决定取消",
            by=manager(), at=AT,
        )  # fmt: skip
    with pytest.raises(Refused, match="文号"):
        actions.set_listed(
            basic_code=here.catalog_item_id,
            status="cancelled",
            document_number="",
            reason="国务院决定取消",
            by=chief(),
            at=AT,
        )
    actions.set_listed(
        basic_code=here.catalog_item_id, status="cancelled", document_number="国发〔2026〕1号", reason="国务院决定取消",
        by=chief(), at=AT,
    )  # fmt: skip
    asked = BaseChange.objects.get(item=here)
    assert asked.kind == "cancelled"
    assert "国发〔2026〕1号" in asked.sentences[0]
    actions.confirm_base_change(item=here.pk, by=manager(), at=AT)
    actions.cancel(item=here.pk, reason="基本目录已取消", by=chief(), at=AT)
    asked.refresh_from_db()
    assert (asked.outcome, item().state) == ("done", "cancelled")
    with pytest.raises(Refused, match="不能再调整"):
        actions.set_listed(
            basic_code=here.catalog_item_id, status="active", document_number="国发〔2026〕2号", reason="重新列入目录",
            by=chief(), at=AT,
        )  # fmt: skip


def test_claiming_straight_from_the_directory_is_for_the_unit_that_should_have_the_item(library: None) -> None:
    lower = ImplementationItem.objects.get(slug="township.social_card.150724110000")
    own = acting("dept_admin", lower.org.code)
    spare = CatalogItem.objects.get(pk=lower.catalog_item_id)
    with pytest.raises(Refused, match="应认领"):
        actions.claim_listed(catalog_item=spare.pk, by=own, at=AT)
    new = CatalogItem.objects.create(
        basic_code="150500001000", name="演示新增事项", item_type="20", exercise_levels=[5], legal_basis=[]
    )
    other = ImplementationItem.objects.filter(org__kind="township").exclude(org=lower.org).first()
    assert other is not None
    with pytest.raises(Refused, match="应认领"):
        actions.claim_listed(catalog_item=new.pk, by=own, at=AT)
    actions.assign(catalog_item=new, org=other.org, slug="demo.new", by=chief(), at=AT)
    desk = logged_in("dept_admin", lower.org.code)
    assert "演示新增事项" in desk.get("/desk/items/directory/").content.decode()
    done = desk.post("/desk/items/directory/", {"basic_code": new.pk})
    assert done.status_code == 302
    made = ImplementationItem.objects.get(catalog_item=new, org=lower.org)
    assert made.state == "claimed"
    assert [e.move for e in journal.timeline(made)] == ["assign", "claim"]
    desk.get("/desk/items/directory/")  # the message of success names it once
    assert "演示新增事项" not in desk.get("/desk/items/directory/").content.decode()
    with pytest.raises(Refused, match="文号"):
        actions.draft(item=made.pk, kind="take_over", by=own, at=AT)
    actions.draft(item=made.pk, kind="take_over", document_number="内政发〔2025〕12号", by=own, at=AT)
    assert ChangeRequest.objects.get(item=made).kind == "take_over"
