"""Versions announced for a day, changes from above, differences in words, old versions as drafts of new ones."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from siban.catalog import actions, differences, loading, rules, tasks
from siban.catalog.chapters import materials_of
from siban.catalog.content import read
from siban.catalog.models import ChangeRequest, ImplementationItem, ItemVersion
from siban.catalog.variants import translated
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .conftest import AT, acting, logged_in
from .mutations import item as listed

MARRIAGE = "civil_affairs.marriage"
BASE = "civil_affairs.minimum_living"
NEXT_WEEK = date(2026, 3, 9)


def item(slug: str = MARRIAGE) -> ImplementationItem:
    return ImplementationItem.objects.select_related("version", "base__version", "org", "catalog_item").get(slug=slug)


def manager(slug: str = MARRIAGE) -> Actor:
    return acting("dept_admin", item(slug).org.code)


def chief() -> Actor:
    return acting("service_admin", "gov_service")


def reviewed(slug: str = MARRIAGE, at: datetime = AT, **change: Any) -> ImplementationItem:
    """The next version of an item, handed in and reviewed."""
    found, by = item(slug), manager(slug)
    draft = actions.request_change(item=found.pk, reason="群众反映时间不便", by=by, at=at)
    content = {**copy.deepcopy(draft.content), **change}
    actions.save_draft(item=found.pk, content=content, seen=draft.content_hash, by=by, at=at)
    actions.self_check(item=found.pk, by=by, at=at)
    actions.submit(item=found.pk, by=by, at=at)
    actions.review(item=found.pk, by=chief(), at=at)
    return item(slug)


def published(slug: str = MARRIAGE, at: datetime = AT, **change: Any) -> ItemVersion:
    return actions.publish(item=reviewed(slug, at, **change).pk, by=chief(), at=at)


HOURS = {"office_hours": "星期一至星期五：上午09:00-12:00"}


def test_a_version_for_a_day_to_come_leaves_the_present_one_in_force_until_then(library: None) -> None:
    here = reviewed(**HOURS)
    actions.publish(item=here.pk, effective_on=NEXT_WEEK, draft_days=10, by=chief(), at=AT)
    assert (item().state, item().version.number) == ("scheduled", 1)
    page = Client().get(f"/items/{here.impl_code}/").content.decode()
    assert "自 2026年3月9日起执行新版本" in page
    assert "办理时间由" in page
    assert tasks.put_announced_versions_in_force(AT + timedelta(days=6)) == 0
    assert item().version.number == 1
    day = datetime(2026, 3, 8, 16, 1, tzinfo=UTC)  # one minute past midnight in Shanghai
    assert tasks.put_announced_versions_in_force(day) == 1
    assert tasks.put_announced_versions_in_force(day) == 0
    assert (item().state, item().version.number) == ("published", 2)
    old = item().versions.get(number=1)
    assert (old.retired_at, old.drafts_until) == (day, date(2026, 3, 19))
    page = Client().get(f"/items/{here.impl_code}/").content.decode()
    assert "起执行新版本" not in page
    assert "上午09:00-12:00" in page
    assert Client().get(f"/api/v1/items/{here.impl_code}").json()["version"] == 2
    assert journal.timeline(here).last().move == "take_effect"


def test_what_takes_effect_is_exactly_what_was_announced(library: None) -> None:
    here = reviewed(**HOURS)
    announced = actions.publish(item=here.pk, effective_on=NEXT_WEEK, by=chief(), at=AT)
    tasks.put_announced_versions_in_force(AT + timedelta(days=8))
    assert item().version.content_hash == announced.content_hash
    assert item().version.content["effective_at"] == str(NEXT_WEEK)


def test_an_announced_version_can_be_withdrawn_before_its_day_and_never_comes(library: None) -> None:
    here = reviewed(**HOURS)
    actions.publish(item=here.pk, effective_on=NEXT_WEEK, by=chief(), at=AT)
    with pytest.raises(Refused, match="原因"):
        actions.withdraw_schedule(item=here.pk, reason="", by=chief(), at=AT)
    with pytest.raises(Refused, match="岗位"):
        actions.withdraw_schedule(item=here.pk, reason="文件推迟施行", by=manager(), at=AT)
    actions.withdraw_schedule(item=here.pk, reason="文件推迟施行", by=chief(), at=AT)
    assert tasks.put_announced_versions_in_force(AT + timedelta(days=30)) == 0
    assert (item().state, item().version.number) == ("reviewed", 1)
    assert "起执行新版本" not in Client().get(f"/items/{here.impl_code}/").content.decode()


def test_nobody_edits_or_forces_what_is_announced(library: None) -> None:
    here = reviewed(**HOURS)
    version = actions.publish(item=here.pk, effective_on=NEXT_WEEK, by=chief(), at=AT)
    for who in (manager(), chief()):
        with pytest.raises(Refused):
            actions.save_draft(item=here.pk, content={}, seen=version.content_hash, by=who, at=AT)
    desk = logged_in("service_admin", "gov_service")
    assert desk.post(f"/desk/items/{here.pk}/take_effect/").status_code == 404


@pytest.mark.parametrize(
    ("move", "typed", "part"),
    [
        ("schedule", {}, "以后的生效日期"),
        ("schedule", {"effective_on": "明天"}, "不是日期"),
        ("schedule", {"effective_on": "2001-01-01"}, "以后的生效日期"),
        ("publish", {"effective_on": "2099-01-01"}, "定日发布"),
        ("publish", {"effective_on": "2001-01-01"}, "不能早于今天"),
        ("publish", {"draft_days": "很久"}, "不是天数"),
        ("publish", {"draft_days": "999"}, "0 到 365"),
    ],
)
def test_a_wrong_day_is_told_and_what_was_typed_stays(library: None, move: str, typed: Any, part: str) -> None:
    here = reviewed(**HOURS)
    answer = logged_in("service_admin", "gov_service").post(f"/desk/items/{here.pk}/{move}/", typed)
    assert answer.status_code == 422
    assert part in answer.content.decode()
    assert all(f'value="{value}"' in answer.content.decode() for value in typed.values())
    assert item().state == "reviewed"


# kind | document | accepted
KINDS = [
    ("change", "", True), ("change", "内政发〔2025〕12号", True), ("take_over", "", False),
    ("take_over", "内政发〔2025〕12号", True), ("delegate", " ", False), ("delegate", "内政发〔2025〕12号", True),
    ("cancel", "内政发〔2025〕12号", False), ("另外", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "document", "accepted"), KINDS)
def test_taking_over_and_delegating_leave_the_number_of_the_document(
    library: None, kind: str, document: str, accepted: bool
) -> None:
    def act() -> ItemVersion:
        return actions.request_change(
            item=item().pk, reason="职能划转调整", kind=kind, document_number=document, by=manager(), at=AT
        )

    if not accepted:
        with pytest.raises(Refused):
            act()
        assert not ChangeRequest.objects.exists()
        assert item().state == "published"
        return
    act()
    asked = ChangeRequest.objects.get()
    assert (asked.kind, asked.document_number, asked.outcome) == (kind, document.strip(), "open")
    assert journal.timeline(item()).last().facts["document_number"] == document.strip()


@pytest.mark.parametrize("kind", ["take_over", "delegate", "cancel"])
def test_the_database_itself_refuses_a_request_without_document(library: None, kind: str) -> None:
    row = ChangeRequest(item=item(), kind=kind, reason="没有文号", requested_at=AT, requested_by="演示·员工")
    with pytest.raises(ValidationError, match="文号"):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_item_in_force_is_cancelled_on_request_and_only_with_a_document(library: None) -> None:
    with pytest.raises(Refused, match="文号"):
        actions.cancel(item=item().pk, reason="国务院决定取消", by=chief(), at=AT)
    with pytest.raises(Refused, match="文号"):
        actions.request_cancellation(item=item().pk, reason="国务院决定取消", document_number="", by=manager(), at=AT)
    with pytest.raises(Refused, match="岗位"):
        actions.request_cancellation(
            item=item().pk, reason="国务院决定取消", document_number="国发〔2026〕1号",
            by=acting("dept_admin", "finance"), at=AT,
        )  # fmt: skip
    actions.request_cancellation(
        item=item().pk, reason="国务院决定取消", document_number="国发〔2026〕1号", by=manager(), at=AT
    )
    assert item().state == "published"
    actions.decline_cancellation(item=item().pk, reason="本级仍需办理", by=chief(), at=AT)
    assert ChangeRequest.objects.get().outcome == "declined"
    actions.request_cancellation(
        item=item().pk, reason="国务院决定取消", document_number="国发〔2026〕1号", by=manager(), at=AT
    )
    actions.cancel(item=item().pk, reason="国务院决定取消", by=chief(), at=AT)
    assert item().state == "cancelled"
    assert ChangeRequest.objects.get(outcome="done").document_number == "国发〔2026〕1号"
    assert journal.timeline(item()).last().facts["document_number"] == "国发〔2026〕1号"


def test_an_old_version_is_published_as_a_new_one(library: None) -> None:
    published(**HOURS)
    first = item().versions.get(number=1)
    with pytest.raises(Refused, match="就是现行版本"):
        actions.roll_back(item=item().pk, number=2, reason="恢复原来时间", by=manager(), at=AT)
    with pytest.raises(Refused, match="没有找到"):
        actions.roll_back(item=item().pk, number=9, reason="恢复原来时间", by=manager(), at=AT)
    draft = actions.roll_back(item=item().pk, number=1, reason="恢复原来时间", by=manager(), at=AT)
    assert draft.number == 3
    assert draft.reason == "以第 1 版为底稿：恢复原来时间"
    assert differences.in_words(first.elements, draft.elements) == []
    for act in (actions.self_check, actions.submit):
        act(item=item().pk, by=manager(), at=AT)
    actions.review(item=item().pk, by=chief(), at=AT)
    actions.publish(item=item().pk, by=chief(), at=AT)
    assert item().version.number == 3
    assert item().version.content["office_hours"] == first.content["office_hours"]
    assert first.content == item().versions.get(number=1).content


def test_the_hash_of_locked_elements_takes_empty_and_missing_as_the_same() -> None:
    content = {"name": "甲", "materials": [{"id": "m1", "name": "乙", "grain_id": None}], "situations": None}
    same = {"name": "甲", "materials": [{"id": "m1", "name": "乙"}]}
    assert rules.locked_hash(content) == rules.locked_hash(same)
    assert rules.unequal(content, same) == []
    assert rules.locked_hash(content) != rules.locked_hash({**same, "name": "丙"})
    assert rules.locked_hash(content) == rules.locked_hash({**content, "office_hours": "不锁定的要素"})


def _changed(change: Any) -> list[str]:
    before = listed(BASE)
    after = copy.deepcopy(before)
    change(after)
    return differences.in_words(read(before), read(after))


# a change of an item | the sentence
SAID: list[tuple[Any, str]] = [
    (lambda c: c["promised_limit"].update(value=5), "承诺时限由 18 个工作日改为 5 个工作日"),
    (lambda c: c["materials"].pop(), "材料少 1 份："),
    (lambda c: c["materials"].append({"id": "m99", "name": "户口簿复印件"}), "材料多 1 份：户口簿复印件"),
    (lambda c: c["materials"][0].update(copy_count=3), "复印件份数由 0 份改为 3 份"),
    (lambda c: c["materials"].insert(0, c["materials"].pop()), ""),
    (lambda c: c["process_steps"].append({"seq": 9, "name": "公示"}), "新增环节：公示"),
    (lambda c: c["process_steps"].pop(), "取消环节："),
    (lambda c: c["windows"].clear(), "去掉办理地点："),
    (lambda c: c["accept_conditions"].append("满十八周岁"), "新增受理条件：满十八周岁"),
    (lambda c: c.update(is_in_hall=not c["is_in_hall"]), "进驻政务服务大厅由是改为否"),
    (lambda c: c["online"].update(onsite_visits=3), "到现场次数由"),
    (lambda c: c["legal_basis"][0].update(gist="另外的内容"), "设定依据的"),
    (lambda c: c["materials"][0].update(name="另一种称呼"), "改称“另一种称呼”"),
    (lambda c: c["situations"]["leaves"][0].update(materials=[]), "的材料少"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), SAID)
def test_a_difference_is_said_in_a_sentence(change: Any, sentence: str) -> None:
    told = _changed(change)
    if not sentence:
        assert told == []
    else:
        assert any(sentence in said for said in told), told


@pytest.mark.parametrize("name", ["review_org", "quantity_limit", "cross_region_scope", "entrust_dept"])
def test_what_has_no_sentence_of_its_own_is_told_all_the_same(name: str) -> None:
    assert _changed(lambda c: c.update({name: "另外的单位"})) != []


# variant | element | written | ours
CODES = [
    ("provincial", "service_objects", ["1", "5", "6", "9"], ["1", "6", "5"]),
    ("national_interface", "case_type", 1, "instant"), ("national_interface", "case_type", "2", "promised"),
]  # fmt: skip


@pytest.mark.parametrize(("variant", "element", "written", "ours"), CODES)
def test_codes_of_other_systems_become_ours_by_the_table(variant: str, element: str, written: Any, ours: Any) -> None:
    assert translated({element: written}, variant) == ({element: ours}, [])
    _, faults = translated({element: "88"}, variant)
    assert "88" in faults[0]


def test_codes_of_materials_are_turned_row_by_row() -> None:
    made, faults = translated(
        {"materials": [{"medium": "3", "source_type": 20}, {"medium": "1"}]}, "national_interface"
    )
    assert faults == []
    assert [m["medium"] for m in made["materials"]] == ["both", "paper"]
    assert made["materials"][0]["source_type"] == "gov_issued"


def test_a_library_with_codes_nobody_knows_is_refused_with_file_and_item(library: None, tmp_path: Any) -> None:
    (tmp_path / "departments").mkdir()
    said = {
        "department": {"id": "civil_affairs"},
        "code_variant": "provincial",
        "items": [{**listed(MARRIAGE), "service_objects": ["7"]}],
    }
    (tmp_path / "departments" / "x.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    assert any("x.yaml civil_affairs.marriage" in f and "“7”" in f for f in loading.library(tmp_path).faults)


def test_handling_items_stand_on_the_guide_with_code_and_materials(library: None) -> None:
    code = f"{item().impl_code}01"
    first = item().version.elements.materials[0]
    published(handling_items=[{"code": code, "name": "双方均为本旗户籍", "materials": [first.id]}])
    page = Client().get(f"/items/{item().impl_code}/").content.decode()
    assert "双方均为本旗户籍" in page
    assert code in page
    elements = item().version.elements
    assert materials_of(elements, elements.handling_items[0]) == (first,)
    with pytest.raises(Refused, match="L02"):
        published(handling_items=[{"code": code[:-1] + "0", "name": "编码有误"}])
