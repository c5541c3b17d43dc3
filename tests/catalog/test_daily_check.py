"""The daily check: what came, what went, the scores, and the rules a region has switched."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siban.catalog import actions, measures, tasks
from siban.catalog.actions import checking
from siban.catalog.linting.database import Database, check_all
from siban.catalog.linting.inspection import Inspection
from siban.catalog.models import CheckResult, CheckRun, ImplementationItem, ItemVersion, RuleSwitch
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from siban.kernel.measures import figures, rows_behind

from .conftest import AT, acting, logged_in

DAY = timedelta(days=1)
SLUG = "civil_affairs.marriage"
BUREAU = ("service_admin", "gov_service")


def item(slug: str = SLUG) -> ImplementationItem:
    return ImplementationItem.objects.select_related("version", "org").get(slug=slug)


def spoil(slug: str = SLUG, **elements: Any) -> None:
    """Give an item in force another version whose elements are as they ought not to be."""
    one = item(slug)
    assert one.version
    number = one.versions.count() + 1
    content = {**one.version.content, **elements, "guide_versions": dict.fromkeys(one.version.content["guide_versions"], number), "version": number}  # fmt: skip
    made = ItemVersion.objects.create(
        item=one, number=number, content=content, content_hash=f"{number:064d}", is_published=True, created_at=AT,
        published_at=AT, created_by="演示·员工",
    )  # fmt: skip
    ImplementationItem.objects.filter(pk=one.pk).update(version=made)


def open_rules(slug: str = SLUG) -> set[tuple[str, str]]:
    return set(CheckResult.objects.open().filter(item__slug=slug).order_by("pk").values_list("rule", "path"))


def test_a_sound_library_scores_full_marks_and_counts_every_item(library: None) -> None:
    run = actions.check_everything(at=AT)
    assert run is not None
    assert (run.items, run.sound) == (ImplementationItem.objects.count(),) * 2
    assert run.ended_at is not None
    assert sum(s.items for s in run.scores.all()) == run.items
    assert set(CheckResult.objects.order_by().values_list("rule", flat=True)) == {"R07"}


def test_findings_come_and_go_with_their_days(library: None) -> None:
    actions.check_everything(at=AT)
    spoil(office_hours="工作日", consult_phones=["演示"])
    second = actions.check_everything(at=AT + DAY)
    assert second is not None
    assert second.sound == second.items - 1
    assert open_rules() == {("R14", "office_hours"), ("R16", "consult_phones")}
    assert set(CheckResult.objects.filter(found_on=second.day).order_by().values_list("item__slug", flat=True)) == {
        SLUG
    }
    spoil(office_hours="星期一至星期五：上午09:00-12:00，下午13:00-17:00（法定节假日除外）")
    third = actions.check_everything(at=AT + 2 * DAY)
    assert third is not None
    assert open_rules() == {("R16", "consult_phones")}
    gone = CheckResult.objects.get(gone_on=third.day)
    assert (gone.rule, gone.found_on) == ("R14", second.day)
    assert [r.sound for r in CheckRun.objects.order_by("day")] == [third.items, third.items - 1, third.items - 1]


def test_checking_twice_a_day_changes_nothing(library: None) -> None:
    spoil(office_hours="工作日")
    actions.check_everything(at=AT)
    before = list(CheckResult.objects.order_by("pk").values())
    actions.check_everything(at=AT + timedelta(hours=3))
    assert list(CheckResult.objects.order_by("pk").values()) == before
    assert CheckRun.objects.count() == 1


def test_what_came_and_went_on_one_day_never_was(library: None) -> None:
    spoil(office_hours="工作日")
    actions.check_everything(at=AT)
    spoil(office_hours="星期一至星期五：上午09:00-12:00，下午13:00-17:00（法定节假日除外）")
    actions.check_everything(at=AT + timedelta(hours=1))
    assert not CheckResult.objects.filter(rule="R14").exists()


def test_findings_of_an_item_out_of_force_go_with_it(library: None) -> None:
    spoil(office_hours="工作日")
    actions.check_everything(at=AT)
    ImplementationItem.objects.filter(slug=SLUG).update(state="suspended")
    actions.check_everything(at=AT + DAY)
    assert open_rules() == set()


def test_the_daily_check_finds_what_the_command_finds(library: None) -> None:
    spoil(office_hours="工作日", consult_phones=["演示"])
    said = sorted((r.rule, r.severity, r.path, r.unit) for r in Inspection([Database(with_drafts=False)]).rows())
    actions.check_everything(at=AT)
    kept = CheckResult.objects.open().order_by("pk").values_list("rule", "severity", "path", "org__name")
    assert sorted(kept) == said
    assert check_all().errors == sum(1 for r in said if r[1] == "E")


def test_statements_grow_with_portions_only(library: None, django_assert_max_num_queries: Any) -> None:
    actions.check_everything(at=AT)
    with django_assert_max_num_queries(60):
        actions.check_everything(at=AT + DAY)


def test_the_round_is_due_once_a_day(library: None, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(tasks.threading, "Thread", lambda **said: begun.append(said) or _Begun())
    assert tasks.check_items(AT)
    actions.check_everything(at=AT)
    assert not tasks.check_items(AT + timedelta(hours=2))
    assert tasks.check_items(AT + DAY)
    assert len(begun) == 2


class _Begun:
    def start(self) -> None:
        pass


def test_a_rule_switched_off_by_the_bureau_is_off_everywhere(library: None) -> None:
    spoil(office_hours="工作日")
    by = acting(*BUREAU)
    made = actions.switch_rule(rule="R14", region=by.region_code, severity="off", reason="夏季作息试行", by=by, at=AT)
    actions.check_everything(at=AT)
    assert open_rules() == set()
    one = item()
    manager = acting("dept_admin", one.org.code)
    actions.request_change(item=one.pk, reason="调整要素", by=manager, at=AT)
    from siban.catalog.actions.compiling import faults_of

    draft = one.versions.get(is_published=False)
    fresh = ImplementationItem.objects.select_related("catalog_item", "base__version").get(pk=one.pk)
    assert not [f for f in faults_of(fresh, draft) if "R14" in f]
    actions.end_switch(switch=made.pk, reason="试行期满", by=by, at=AT + DAY)
    assert [f for f in faults_of(fresh, draft) if "R14" in f]
    actions.check_everything(at=AT + DAY)
    assert open_rules() == {("R14", "office_hours")}


def test_a_rule_made_milder_is_a_warning(library: None) -> None:
    spoil(office_hours="工作日")
    by = acting(*BUREAU)
    actions.switch_rule(rule="R14", region=by.region_code, severity="W", reason="夏季作息试行", by=by, at=AT)
    run = actions.check_everything(at=AT)
    assert run is not None
    assert CheckResult.objects.get(rule="R14").severity == "W"
    assert run.sound == run.items


def test_a_decision_about_a_rule_is_journalled_and_replaced_by_the_next(library: None) -> None:
    by = acting(*BUREAU)
    first = actions.switch_rule(rule="R14", region=by.region_code, severity="off", reason="夏季作息试行", by=by, at=AT)
    second = actions.switch_rule(rule="R14", region=by.region_code, severity="W", reason="改为提醒", by=by, at=AT)
    assert list(RuleSwitch.objects.filter(ended_at=None)) == [second]
    assert [e.move for e in journal.timeline(first)] == ["switch_rule"]
    assert journal.timeline(second).get().changes == {"severity": ["off", "W"]}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rule": "R99"}, "没有编号"), ({"rule": "TYPE"}, "前提"), ({"severity": "X"}, "请选择"),
        ({"reason": " 无 "}, "原因"), ({"region": "999999999999"}, "没有这个地区"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused_in_words(library: None, said: dict[str, str], words: str) -> None:
    by = acting(*BUREAU)
    whole = {"rule": "R14", "region": by.region_code, "severity": "off", "reason": "夏季作息试行", **said}
    with pytest.raises(Refused, match=words):
        actions.switch_rule(**whole, by=by, at=AT)


@pytest.mark.parametrize("who", [("dept_admin", "civil_affairs"), ("supervisor", "gov_service")])
def test_nobody_but_the_bureau_decides_about_rules(library: None, who: tuple[str, str]) -> None:
    by = acting(*who)
    with pytest.raises(Refused, match="不能调整"):
        actions.switch_rule(rule="R14", region=by.region_code, severity="off", reason="夏季作息", by=by, at=AT)


def test_the_bureau_decides_in_its_own_region_only(library: None) -> None:
    by = acting(*BUREAU)
    with pytest.raises(Refused, match="不能调整"):
        actions.switch_rule(rule="R14", region="150600000000", severity="off", reason="夏季作息", by=by, at=AT)


def test_addresses_are_followed_only_where_it_was_decided(library: None, settings: Any) -> None:
    settings.SITE_HOSTS = ["siban.example.org"]
    spoil(online={**item().version.content["online"], "portal_url": "https://siban.example.org/nowhere-at-all/"})  # type: ignore[union-attr]
    actions.check_everything(at=AT)
    before = open_rules()
    by = acting(*BUREAU)
    actions.follow_addresses(region=by.region_code, on=True, reason="核对本站地址", by=by, at=AT)
    actions.check_everything(at=AT + DAY)
    assert any(path == "online.portal_url" for _, path in open_rules() - before)
    actions.follow_addresses(region=by.region_code, on=False, reason="核对完毕", by=by, at=AT)
    actions.check_everything(at=AT + 2 * DAY)
    assert open_rules() == before


def test_an_own_form_that_is_not_in_the_store_is_found(library: None) -> None:
    content = item().version.content  # type: ignore[union-attr]
    materials = [dict(m) for m in content["materials"]]
    form = next((m for m in materials if m.get("is_form")), materials[0])
    form.update(
        is_form=True,
        blank_form_file="file:01900000-0000-7000-8000-000000000000",
        sample_form_file="forms/sample/x.pdf",
    )
    spoil(materials=materials)
    actions.check_everything(at=AT)
    assert ("R24", f"materials[id={form['id']}].blank_form_file") in open_rules()
    assert not [r for r, _ in open_rules() if r == "R25"]


def test_one_check_of_everything_at_a_time(library: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del library
    monkeypatch.setattr(checking, "_checked", lambda at, tell: (_ for _ in ()).throw(RuntimeError("演示")))
    with pytest.raises(RuntimeError):
        actions.check_everything(at=AT)
    monkeypatch.undo()
    assert actions.check_everything(at=AT) is not None  # the lock was given back
    assert clock.local_day(AT) == CheckRun.objects.get().day


def pages(role: str, org: str) -> Any:
    return logged_in(role, org)


def test_every_number_of_the_page_opens_as_many_rows(library: None) -> None:
    actions.check_everything(at=AT - DAY)
    spoil(office_hours="工作日", consult_phones=["演示"])
    actions.check_everything(at=AT)
    browser = pages(*BUREAU)
    said = browser.get("/desk/items/quality/").content.decode()
    links = set(re.findall(r'href="(/desk/items/quality/rows/\?[^"]+)"[^>]*>(\d+)<', said))
    assert len(links) >= 6
    for link, number in links:
        page = browser.get(link.replace("&amp;", "&")).content.decode()
        assert f"共 {number} 处" in page, link


def test_a_department_sees_its_own_items_only(library: None) -> None:
    spoil(office_hours="工作日")
    actions.check_everything(at=AT)
    own, other = pages("dept_admin", "civil_affairs"), pages("dept_admin", "finance")
    assert "R14" in own.get("/desk/items/quality/rows/?rule=R14").content.decode()
    assert "办理时间写得规范" in own.get("/desk/items/quality/").content.decode()
    assert "共 0 处" in other.get("/desk/items/quality/rows/?rule=R14").content.decode()
    assert "共 0 处" in other.get("/desk/items/quality/rows/?unit=civil_affairs").content.decode()
    assert "按单位" not in own.get("/desk/items/quality/").content.decode()


def test_the_rows_are_exported_as_they_are_shown(library: None) -> None:
    spoil(office_hours="工作日")
    actions.check_everything(at=AT)
    answer = pages(*BUREAU).get("/desk/items/quality/rows/?rule=R14&export=1")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["R14"]


def test_without_a_check_the_page_says_when_there_will_be_one(library: None) -> None:
    browser = pages(*BUREAU)
    assert "还没有检查过" in browser.get("/desk/items/quality/").content.decode()
    assert browser.get("/desk/items/quality/rows/").status_code == 404


def test_the_statements_of_a_page_do_not_grow_with_the_findings(library: None) -> None:
    browser, counts = pages(*BUREAU), []
    for number, slug in enumerate(
        (SLUG, *ImplementationItem.objects.filter(level=4).order_by("slug").values_list("slug", flat=True)[:9])
    ):
        spoil(slug, office_hours="工作日")
        if number in (1, 9):
            actions.check_everything(at=AT + number * DAY)
            browser.get("/desk/items/quality/")
            found = []
            for address in ("/desk/items/quality/", "/desk/items/quality/rows/"):
                with CaptureQueriesContext(connection) as asked:
                    assert browser.get(address).status_code == 200
                found.append(len(asked))
            counts.append(found)
    assert counts[0][1] == counts[1][1]
    assert counts[1][0] - counts[0][0] <= 2  # the second time there is a score to compare with


def test_the_bureau_switches_a_rule_on_its_page_and_takes_it_back(library: None) -> None:
    browser = pages(*BUREAU)
    assert browser.get("/desk/items/quality/rules/").status_code == 200
    wrong = browser.post(
        "/desk/items/quality/rules/", {"rule": "R14", "region": "150724000000", "severity": "off", "reason": ""}
    )
    assert wrong.status_code == 422
    assert "请写明原因" in wrong.content.decode()
    assert (
        browser.post(
            "/desk/items/quality/rules/",
            {"rule": "R14", "region": "150724000000", "severity": "off", "reason": "夏季作息试行"},
        ).status_code
        == 302
    )
    made = RuleSwitch.objects.get()
    assert "夏季作息试行" in browser.get("/desk/items/quality/rules/").content.decode()
    assert browser.post(f"/desk/items/quality/rules/{made.pk}/end/", {"reason": "试行期满"}).status_code == 302
    assert not RuleSwitch.objects.filter(ended_at=None).exists()
    assert (
        browser.post("/desk/items/quality/rules/addresses/", {"on": "yes", "reason": "核对本站地址"}).status_code
        == 302
    )
    assert "正在核对" in browser.get("/desk/items/quality/rules/").content.decode()


@pytest.mark.parametrize("role", ["dept_admin", "supervisor"])
def test_the_page_of_switches_is_the_bureaus(library: None, role: str) -> None:
    assert pages(role, "gov_service").get("/desk/items/quality/rules/").status_code == 403


def test_the_declared_measure_says_what_the_page_says(library: None) -> None:
    spoil(office_hours="工作日")
    run = actions.check_everything(at=AT)
    assert run is not None
    figure = figures([measures.SOUND])[measures.SOUND.slug][None]
    assert (figure.hits, figure.total) == (run.sound, run.items)
    by_unit = figures([measures.SOUND], by="org_id")[measures.SOUND.slug]
    assert by_unit[item().org_id].total - by_unit[item().org_id].hits == 1  # type: ignore[operator]
    assert [i.slug for i in rows_behind(measures.SOUND, "gap")] == [SLUG]
