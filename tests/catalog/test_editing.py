"""The manager's editor: what is typed reaches the draft, the guide and the differences, and nothing is lost."""

import copy
from typing import Any

import pytest
from django.test import Client

from siban.catalog import actions, differences
from siban.catalog.content import read
from siban.catalog.editing import ElementsForm, row_sets, written
from siban.catalog.editing.places import anchor_of
from siban.catalog.linting import lint_content
from siban.catalog.models import ImplementationItem, ItemVersion
from siban.kernel import journal

from .conftest import AT, acting, logged_in

SLUG = "civil_affairs.marriage"


def item() -> ImplementationItem:
    return ImplementationItem.objects.get(slug=SLUG)


def draft() -> ItemVersion:
    return ItemVersion.objects.get(item__slug=SLUG, is_published=False)


@pytest.fixture
def manager(library: None) -> Client:
    """The department's manager with a change under way."""
    browser = logged_in("dept_admin", "civil_affairs")
    actions.request_change(item=item().pk, reason="群众反映时间不便", by=acting("dept_admin", "civil_affairs"), at=AT)
    return browser


def page_of(pk: Any) -> str:
    return f"/desk/items/{pk}/edit/"


def filled(content: dict[str, Any], seen: str, **typed: Any) -> dict[str, Any]:
    """What a browser sends when the page is opened and saved, with some boxes changed."""
    sent: dict[str, Any] = {"seen": seen}
    form = ElementsForm(content=content)
    for bound in form:
        value = bound.initial
        if value is not False and value not in (None, [], ""):
            sent[bound.html_name] = "on" if value is True else value
    for _, rows in row_sets(content=content):
        assert rows is not None
        for hidden in rows.management_form:
            sent[hidden.html_name] = hidden.initial
        for row in rows:
            for bound in row:
                value = row.initial.get(bound.name)
                if value is not False and value not in (None, [], ""):
                    sent[bound.html_name] = "on" if value is True else value
    return {**sent, **typed}


def test_saving_unchanged_changes_nothing_in_any_item(library: None) -> None:
    for version in ItemVersion.objects.select_related("item").order_by("pk")[:200]:
        sent = filled(version.content, "")
        form, sets = ElementsForm(sent, content=version.content), row_sets(sent, content=version.content)
        assert form.is_valid(), (version.item.slug, form.errors)
        for kind, rows in sets:
            assert rows is not None
            assert rows.is_valid(), (version.item.slug, kind.name, rows.errors)
        assert written(version.content, form, sets) == version.content, version.item.slug


def test_what_is_typed_reaches_draft_journal_differences_and_after_publishing_the_guide(manager: Client) -> None:
    here, code = page_of(item().pk), item().impl_code
    assert "正在编辑第 2 版草稿" in manager.get(here).content.decode()
    was = draft()
    typed = {"office_hours": "星期一至星期日：09:00-18:00", "consult_phones": "0470-8810000\n0470-8810001"}
    done = manager.post(here, filled(was.content, was.content_hash, **typed, do="close"))
    assert done.status_code == 302
    assert draft().content["consult_phones"] == ["0470-8810000", "0470-8810001"]
    assert set(journal.timeline(item()).last().changes) == {"office_hours", "consult_phones"}
    shown = manager.get(f"/desk/items/{item().pk}/").content.decode()
    assert "第 2 版（还没有执行）与第 1 版的不同：" in shown
    assert "星期一至星期日" not in Client().get(f"/items/{code}/").content.decode()
    for name in ("self_check", "submit"):
        assert manager.post(f"/desk/items/{item().pk}/{name}/").status_code == 302
    authority = logged_in("service_admin", "gov_service")
    for name in ("review", "publish"):
        assert authority.post(f"/desk/items/{item().pk}/{name}/").status_code == 302
    assert "星期一至星期日" in Client().get(f"/items/{code}/").content.decode()


def test_materials_are_renamed_added_and_removed_and_the_situations_follow(manager: Client) -> None:
    was = draft()
    last = len(was.content["materials"])
    typed = {
        "materials-0-name": "新的名称", "materials-0-copy_count": "7",
        f"materials-{last}-name": "补充说明", f"materials-{last}-necessity": "optional",
        f"materials-{last - 1}-DELETE": "on",
    }  # fmt: skip
    answer = manager.post(page_of(item().pk), filled(was.content, was.content_hash, **typed))
    assert answer.status_code == 302
    now = read(draft().content)
    assert (now.materials[0].name, now.materials[0].copy_count) == ("新的名称", 7)
    assert now.materials[0].form_fields == read(was.content).materials[0].form_fields
    assert now.materials[-1].name == "补充说明"
    gone, fresh = was.content["materials"][-1]["id"], now.materials[-1].id
    assert gone not in {m.id for m in now.materials}
    assert fresh not in {m["id"] for m in was.content["materials"]}
    if now.situations:
        asked = {m for leaf in now.situations.leaves for m in leaf.materials}
        assert gone not in asked
        assert all(fresh in leaf.materials for leaf in now.situations.leaves)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"consult_phones": "打给老王"}, "不是电话号码"),
        ({"legal_limit__value": "5", "legal_limit__unit": "workday", "promised_limit__value": "9", "promised_limit__unit": "workday"}, "超过法定时限"),
        ({"promised_limit__value": "-1"}, "不能是负数"),
        ({"promised_limit__value": "很快"}, "应填数字"),
        ({"promised_limit__value": "3", "promised_limit__unit": ""}, "工作日还是自然日"),
        ({"online__mobile_url": "javascript:alert(1)"}, "完整的网址"),
        ({"materials-0-name": ""}, "请填写材料名称"),
        ({"case_type": "whatever"}, "重新选择"),
    ],
)  # fmt: skip
def test_wrong_input_is_named_in_its_place_and_the_rest_is_kept(
    manager: Client, typed: dict[str, str], said: str
) -> None:
    was = draft()
    answer = manager.post(
        page_of(item().pk), filled(was.content, was.content_hash, office_hours="还没存的时间", **typed)
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "还没存的时间" in page
    assert draft().content_hash == was.content_hash


def test_a_draft_changed_meanwhile_shows_the_differences_and_saves_at_the_second_press(manager: Client) -> None:
    was = draft()
    mine = filled(was.content, was.content_hash, office_hours="我填的时间")
    other = {**copy.deepcopy(was.content), "office_hours": "别人填的时间"}
    actions.save_draft(
        item=item().pk, content=other, seen=was.content_hash, by=acting("dept_admin", "civil_affairs"), at=AT
    )
    refused = manager.post(page_of(item().pk), mine)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "被别人改过" in page
    assert "别人填的时间" in page
    assert "我填的时间" in page
    assert draft().content["office_hours"] == "别人填的时间"
    assert f'name="seen" value="{draft().content_hash}"' in page
    assert manager.post(page_of(item().pk), {**mine, "seen": draft().content_hash}).status_code == 302
    assert draft().content["office_hours"] == "我填的时间"


def test_only_the_items_own_manager_edits_and_only_a_draft(manager: Client) -> None:
    here = page_of(item().pk)
    assert Client().get(here).status_code == 302
    assert logged_in("dept_admin", "market_regulation").get(here).status_code == 404
    for role, org in (("service_admin", "gov_service"), ("auditor", "gov_service"), ("window_clerk", "gov_service")):
        assert logged_in(role, org).get(here).status_code == 403
    published = ImplementationItem.objects.get(slug="civil_affairs.divorce")
    refused = manager.get(page_of(published.pk))
    assert refused.status_code == 409
    assert "申请调整" in refused.content.decode()


def test_what_the_level_above_fixes_cannot_be_edited_below(library: None) -> None:
    lower = ImplementationItem.objects.filter(base__version__isnull=False).select_related("org").order_by("slug")[0]
    actions.request_change(item=lower.pk, reason="本级时间变了", by=acting("dept_admin", lower.org.code), at=AT)
    browser = logged_in("dept_admin", lower.org.code)
    page = browser.get(page_of(lower.pk)).content.decode()
    assert "与上级事项一致，不在本级修改" in page
    was = lower.versions.get(is_published=False)
    sent = filled(was.content, was.content_hash, accept_conditions="自己加的条件", office_hours="全天")
    assert browser.post(page_of(lower.pk), sent).status_code == 302
    now = lower.versions.get(is_published=False).content
    assert now["accept_conditions"] == was.content["accept_conditions"]
    assert now["office_hours"] == "全天"


def test_differences_name_every_element_and_no_numbering() -> None:
    before = read({
        "id": "a", "name": "甲", "basic_code": "1", "impl_code": "1", "item_type": "01", "dept_id": "d",
        "dept_name": "局", "exercise_level": 4, "version": 1, "office_hours": "早", "materials": [{"id": "m01", "name": "表"}],
    })  # fmt: skip
    after = read({
        "id": "a", "name": "甲", "basic_code": "1", "impl_code": "1", "item_type": "01", "dept_id": "d",
        "dept_name": "局", "exercise_level": 4, "version": 2, "office_hours": "晚",
        "materials": [{"id": "m01", "name": "表", "copy_count": 2}],
    })  # fmt: skip
    assert [(d.where, d.before, d.after) for d in differences.between(before, after)] == [
        ("材料“表” · 复印件份数", "0", "2"), ("办理地点、时间和电话 · 办理时间", "早", "晚"),
    ]  # fmt: skip
    assert differences.between(before, before) == []


def saved(content: dict[str, Any], **typed: Any) -> dict[str, Any]:
    sent = filled(content, "", **typed)
    form, sets = ElementsForm(sent, content=content), row_sets(sent, content=content)
    assert form.is_valid(), form.errors
    assert all(rows is not None and rows.is_valid() for _, rows in sets)
    return written(content, form, sets)


def test_what_a_new_item_lacks_for_its_rules_can_be_filled_in(library: None) -> None:
    content = copy.deepcopy(ItemVersion.objects.get(item__slug=SLUG).content)
    for name in ("has_intermediary", "intermediaries", "legal_limit"):
        content.pop(name)
    rules_of = {"R11", "R17"}
    assert rules_of <= {f.number for f in lint_content(content, {})}
    done = saved(content, has_intermediary="no", legal_limit__unit="")
    assert done["has_intermediary"] is False
    assert done["legal_limit"] == {"note": "无法定期限"}
    assert not rules_of & {f.number for f in lint_content(done, {})}
    row = {"intermediaries-0-name": "检测报告", "intermediaries-0-legal_basis": "某某条例第三条"}
    done = saved(done, has_intermediary="yes", legal_limit__value="5", legal_limit__unit="workday", **row)
    assert (done["has_intermediary"], done["legal_limit"]["note"]) == (True, None)
    assert [r["name"] for r in done["intermediaries"]] == ["检测报告"]
    assert not rules_of & {f.number for f in lint_content(done, {})}


def test_rules_are_asked_while_one_types_and_nothing_is_saved(manager: Client) -> None:
    version = draft()
    sent = filled(version.content, version.content_hash, office_hours="周一到周五 9点")
    answer = manager.post(f"/desk/items/{item().pk}/check/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "R14" in page
    assert 'href="#id_office_hours"' in page
    assert draft().content_hash == version.content_hash
    clean = manager.post(f"/desk/items/{item().pk}/check/", filled(version.content, version.content_hash))
    assert "R14" not in clean.content.decode()


def test_a_finding_leads_to_the_box_that_holds_it(library: None) -> None:
    content = ItemVersion.objects.get(item__slug=SLUG).content
    first = content["materials"][1]["id"]
    for path, anchor in {
        "office_hours": "#id_office_hours", "promised_limit.value": "#id_promised_limit__value",
        "online.onsite_visits": "#id_online__onsite_visits", "consult_phones": "#id_consult_phones",
        f"materials[id={first}].issuing_body": "#id_materials-1-issuing_body",
        "process_steps[seq=1].standard": "#id_process_steps-0-standard", "process_steps": "#r-process_steps",
        "windows[0].room_no": "#id_windows-0-room_no", "situations.leaves[0].materials": "#main",
        "charging.items[9].legal_basis": "#r-charging__items",
    }.items():  # fmt: skip
        assert anchor_of(path, content) == anchor, path


def test_the_review_page_shows_what_the_rules_find(manager: Client) -> None:
    version = draft()
    content = {**version.content, "office_hours": "周一到周五 9点"}
    actions.save_draft(
        item=item().pk, content=content, seen=version.content_hash, by=acting("dept_admin", "civil_affairs"), at=AT
    )
    page = logged_in("service_admin", "gov_service").get(f"/desk/items/{item().pk}/").content.decode()
    assert "R14" in page


def checked(manager: Client, version: ItemVersion, **typed: Any) -> str:
    sent = filled(version.content, version.content_hash, **typed)
    return manager.post(f"/desk/items/{item().pk}/check/", sent).content.decode()


def test_a_box_that_cannot_be_saved_does_not_silence_the_rules(manager: Client) -> None:
    page = checked(
        manager, draft(), consult_phones="演示", office_hours="周一到周五 9点", online__onsite_visits="两次"
    )
    assert "改好后才能保存" in page
    assert {"R14", "R16"} <= {number for number in ("R14", "R16", "R23") if number in page}
    assert "R23" not in page  # what is no number stays as it was


def test_a_safe_mend_is_offered_as_what_the_box_would_say(manager: Client) -> None:
    page = checked(
        manager,
        draft(),
        consult_phones="０４７０－８８１２３４５\n12345",
        office_hours="星期一至星期五：０９:00－17:00（法定节假日除外，中午不休息）",
    )
    assert 'data-mend-for="id_consult_phones" data-mend="0470-8812345\n12345"' in page
    assert 'data-mend-for="id_office_hours"' in page


def test_a_finding_below_a_struck_out_row_leads_to_its_own_row(manager: Client) -> None:
    version = draft()
    assert len(version.content["materials"]) > 2
    page = checked(manager, version, **{"materials-0-DELETE": "on", "materials-2-kind": ""})
    assert 'data-finding-for="id_materials-2-kind"' in page


def test_a_page_that_did_not_come_whole_is_refused_in_words(manager: Client) -> None:
    answer = manager.post(f"/desk/items/{item().pk}/check/", {"seen": "x"})
    assert answer.status_code < 500
    assert "没有完整发送" in answer.content.decode()


def test_without_script_findings_stand_on_the_page_after_saving(manager: Client) -> None:
    version = draft()
    manager.post(page_of(item().pk), filled(version.content, version.content_hash, office_hours="周一到周五 9点"))
    page = manager.get(page_of(item().pk)).content.decode()
    assert 'href="#id_office_hours">R14' in page


def test_a_refused_self_check_lists_each_finding_with_its_box(manager: Client) -> None:
    version = draft()
    manager.post(
        page_of(item().pk),
        filled(version.content, version.content_hash, office_hours="周一到周五 9点", online__onsite_visits=""),
    )
    answer = manager.post(f"/desk/items/{item().pk}/self_check/", {"note": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    for box, rule in (("office_hours", "R14"), ("online__onsite_visits", "R23")):
        assert f'<a href="/desk/items/{item().pk}/edit/#id_{box}">{rule} ' in page


def test_the_reviewer_sees_findings_beside_the_part_they_speak_of_and_is_stopped_by_them(manager: Client) -> None:
    version = draft()
    by, bureau = acting("dept_admin", "civil_affairs"), acting("service_admin", "gov_service")
    actions.self_check(item=item().pk, by=by, at=AT)
    actions.submit(item=item().pk, by=by, at=AT)
    ItemVersion.objects.filter(pk=version.pk).update(content={**version.content, "office_hours": "周一到周五 9点"})
    actions.review(item=item().pk, by=bureau, at=AT)
    browser = logged_in("service_admin", "gov_service")
    page = browser.get(f"/desk/items/{item().pk}/").content.decode()
    assert page.index('id="part-places" open') < page.index("R14", page.index('id="part-places"'))
    refused = browser.post(f"/desk/items/{item().pk}/publish/", {})
    assert refused.status_code == 422
    assert '<a href="#part-places">R14 ' in refused.content.decode()
