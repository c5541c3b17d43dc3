"""Directives become tasks, tasks are worked on, verified, fall overdue, close on their figure and come back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from siban.exchange.api import Message
from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.measures import REGISTRY, Figure
from siban.oversight.actions import directing, tasking, verifying, watching, working
from siban.oversight.models import Directive, Task, Treatment
from siban.oversight.rules_supervision import Target
from tests.oversight import supervised
from tests.oversight.supervised import DUE, MONDAY, TODAY, Cast, draft, issued, problem, submitted, task

pytestmark = pytest.mark.django_db
MEASURE = "instant_item_ratio"


@pytest.fixture
def cast() -> Cast:
    return supervised.cast()


@pytest.fixture
def figures(monkeypatch: Any) -> dict[date, dict[str, tuple[int, int]]]:
    """What the snapshots of each day say: `{day: {unit: (hits, total)}}`; a day that is not in it was not recorded."""
    said: dict[date, dict[str, tuple[int, int]]] = {}
    monkeypatch.setattr(watching.snapshots, "is_recorded", lambda day: day in said)
    monkeypatch.setattr(
        watching.snapshots, "figures_on",
        lambda day, slugs: {s: {org: Figure(s, org, *parts) for org, parts in said[day].items()} for s in slugs},
    )  # fmt: skip
    return said


def moves(row: Task) -> list[str]:
    return [e.move for e in journal.timeline(row)]


def test_an_incomplete_directive_is_kept_but_not_issued(cast: Cast) -> None:
    row = directing.begin(by=cast.director, at=MONDAY)
    directing.save(directive_id=row.pk, draft=draft(problem(cast, requirement="", units=()), number=""), by=cast.director, at=MONDAY)  # fmt: skip
    with pytest.raises(Refused, match=r"文号.*整改要求.*涉及单位"):
        directing.issue(directive_id=row.pk, by=cast.director, at=MONDAY)
    assert Task.objects.count() == 0
    assert Directive.objects.get().state == "draft"
    assert directing.draft_of(row).problems[0].title == "延时服务工作迟滞不前"


def test_issuing_makes_a_task_of_every_problem_and_unit_and_tells_each_unit_once(cast: Cast, django_assert_max_num_queries: Any) -> None:  # fmt: skip
    first, second = problem(cast, "housing", "transport", "sumu"), problem(cast, "housing", title="两优", due_on=date(2026, 3, 12))  # fmt: skip
    with django_assert_max_num_queries(60):
        row = issued(cast, first, second)
    made = {(t.problem.order, t.org.short_name): t for t in row.tasks.select_related("problem", "org")}  # type: ignore[union-attr]
    assert set(made) == {(1, "住建局"), (1, "交通运输局"), (1, "演示苏木"), (2, "住建局")}
    assert {t.due_on for t in made.values()} == {DUE, date(2026, 3, 12)}
    assert {t.acknowledge_by for t in made.values()} == {date(2026, 3, 4)}
    assert all(moves(t) == ["create"] for t in made.values())
    assert Message.objects.filter(kind="supervision.issued", role="unit_head").count() == 3
    with pytest.raises(Refused, match="不能“下达”"):
        directing.issue(directive_id=row.pk, by=cast.director, at=MONDAY)


def test_a_number_is_used_once_in_a_territory(cast: Cast) -> None:
    issued(cast)
    with pytest.raises(Refused, match="已经用在另一份通知上"):
        issued(cast)


def test_only_the_bureau_writes_and_issues(cast: Cast) -> None:
    row = directing.begin(by=cast.director, at=MONDAY)
    for who in (cast.head, cast.auditor, cast.clerk):
        with pytest.raises(Refused):
            directing.begin(by=who, at=MONDAY)
        with pytest.raises(Refused):
            directing.save(directive_id=row.pk, draft=draft(), by=who, at=MONDAY)


def test_the_way_of_a_document_task_from_receipt_to_closing(cast: Cast) -> None:
    row = submitted(cast, task(cast))
    with pytest.raises(Refused, match="岗位不能"):
        verifying.verify(task_id=row.pk, words="核验属实", by=cast.head, at=MONDAY)
    verifying.send_back(task_id=row.pk, reason="照片看不清，请重拍", by=cast.inspector, at=MONDAY)
    with pytest.raises(Refused, match="还没有上传佐证材料"):
        working.submit_evidence(task_id=row.pk, words="再次报请核验", by=cast.worker, at=MONDAY)
    submitted(cast, Task.objects.get(pk=row.pk))
    verifying.verify(task_id=row.pk, words="已到现场核对", by=cast.inspector, at=MONDAY)
    done = verifying.close(task_id=row.pk, by=cast.inspector, at=MONDAY)
    assert (done.state, done.returns) == ("closed", 1)
    assert moves(row) == ["create", "acknowledge", "begin", "attach", "submit_evidence", "send_back", "attach", "submit_evidence", "verify", "close"]  # fmt: skip
    assert directing.close(directive_id=row.directive_id, by=cast.director, at=MONDAY).state == "closed"


def test_a_directive_is_not_closed_over_open_tasks_and_takes_them_with_it_when_withdrawn(cast: Cast) -> None:
    row = issued(cast, problem(cast, "housing", "sumu"))
    with pytest.raises(Refused, match="还有 2 项任务"):
        directing.close(directive_id=row.pk, by=cast.director, at=MONDAY)
    directing.withdraw(directive_id=row.pk, reason="文件内容有误", by=cast.director, at=MONDAY)
    assert set(row.tasks.values_list("state", flat=True)) == {"withdrawn"}


def test_days_pass_reminders_overdue_and_treatments_follow(cast: Cast) -> None:
    row = task(cast)
    at = MONDAY + timedelta(days=15)  # 17 March: three days left, and nobody confirmed receipt
    assert watching.remind(at=at) == 2
    assert watching.remind(at=at) == 1  # the day is told once
    assert watching.pass_days(at=MONDAY + timedelta(days=18)) == 0
    at = MONDAY + timedelta(days=21)  # Monday 23 March: one workday after the day
    assert watching.pass_days(at=at) == 1
    assert Task.objects.get().state == "overdue"
    assert watching.propose_treatments(at=at) == 1
    assert watching.propose_treatments(at=at) == 0
    proposal = Treatment.objects.get()
    assert (proposal.kind, proposal.state) == ("remind", "proposed")
    with pytest.raises(Refused):
        verifying.settle_treatment(treatment_id=proposal.pk, take=True, reason="按规定提醒", by=cast.head, at=at)
    verifying.settle_treatment(treatment_id=proposal.pk, take=True, reason="按规定提醒", by=cast.inspector, at=at)
    assert watching.propose_treatments(at=at) == 0
    assert watching.propose_treatments(at=at + timedelta(days=7)) == 1  # six workdays: 通报
    assert Treatment.objects.get(state="proposed").kind == "bulletin"
    working.acknowledge(task_id=row.pk, by=cast.head, at=at)
    assert Task.objects.get().state == "overdue"


def test_more_time_is_asked_for_and_granted(cast: Cast) -> None:
    row = task(cast)
    working.acknowledge(task_id=row.pk, by=cast.head, at=MONDAY)
    with pytest.raises(Refused, match="应晚于"):
        working.ask_extension(task_id=row.pk, until=DUE, reason="设备还没有到货", by=cast.worker, at=MONDAY)
    working.ask_extension(task_id=row.pk, until=date(2026, 4, 3), reason="设备还没有到货", by=cast.worker, at=MONDAY)
    watching.pass_days(at=MONDAY + timedelta(days=21))
    verifying.grant_extension(task_id=row.pk, by=cast.director, at=MONDAY + timedelta(days=21))
    row.refresh_from_db()
    assert (row.state, row.due_on, row.first_due_on, row.extension) == ("in_progress", date(2026, 4, 3), DUE, {})


def test_a_measured_task_closes_when_its_figure_held_and_comes_back_when_it_falls(cast: Cast, figures: Any) -> None:
    row = task(cast, targets=(Target(MEASURE, ">=", Decimal("0.8")),))
    org = cast.orgs["housing"].pk
    for n, hits in enumerate((7, 8)):
        figures[TODAY + timedelta(days=n)] = {org: (hits, 10)}
    watching.watch(at=MONDAY + timedelta(days=1))
    assert Task.objects.get().state == "issued"
    figures[TODAY + timedelta(days=3)] = {org: (9, 10)}  # the third day was not recorded
    seen = watching.watch(at=MONDAY + timedelta(days=3))
    assert (seen.closed, seen.came_back) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.closed_by_measure, row.held_days) == ("closed", True, 2)
    closing = journal.timeline(row).last()
    assert closing.facts["figures"][0]["hits"] == 9
    assert watching.watch(at=MONDAY + timedelta(days=3)).came_back == 0
    figures[TODAY + timedelta(days=4)] = {org: (7, 10)}
    assert watching.watch(at=MONDAY + timedelta(days=4)).came_back == 1
    row.refresh_from_db()
    assert (row.state, row.rebounds, row.held_days) == ("in_progress", 1, 0)
    assert row.due_on == DUE
    assert "7/10" in journal.timeline(row).last().note
    assert moves(row) == ["create", "close_by_measure", "rebound"]
    assert watching.watch(at=MONDAY + timedelta(days=4)).came_back == 0


def test_a_unit_without_figures_is_left_open(cast: Cast, figures: Any) -> None:
    task(cast, targets=(Target(MEASURE, ">=", Decimal("0.8")),))
    for n in range(5):
        figures[TODAY + timedelta(days=n)] = {}
    assert watching.watch(at=MONDAY + timedelta(days=4)).closed == 0


def test_a_closed_directive_is_no_longer_watched(cast: Cast, figures: Any) -> None:
    row = task(cast, targets=(Target(MEASURE, ">=", Decimal("0.8")),))
    org = cast.orgs["housing"].pk
    for n in range(3):
        figures[TODAY + timedelta(days=n)] = {org: (10, 10)}
    watching.watch(at=MONDAY + timedelta(days=2))
    directing.close(directive_id=row.directive_id, by=cast.director, at=MONDAY + timedelta(days=2))
    figures[TODAY + timedelta(days=3)] = {org: (0, 10)}
    assert watching.watch(at=MONDAY + timedelta(days=3)).came_back == 0


def test_documents_are_wanted_beside_the_figure_where_the_directive_says_so(cast: Cast, figures: Any) -> None:
    row = task(cast, targets=(Target(MEASURE, ">=", Decimal("0.8")), Target(document="统计表")))
    org = cast.orgs["housing"].pk
    for n in range(3):
        figures[TODAY + timedelta(days=n)] = {org: (10, 10)}
    assert watching.watch(at=MONDAY + timedelta(days=2)).closed == 0
    submitted(cast, row)
    verifying.verify(task_id=row.pk, words="材料齐全", by=cast.inspector, at=MONDAY)
    figures[TODAY + timedelta(days=3)] = {org: (10, 10)}
    assert watching.watch(at=MONDAY + timedelta(days=3)).closed == 1


def test_ticked_items_of_nobody_make_no_task(cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有勾选"):
        tasking.task_from_items(by=cast.director, at=MONDAY, org=cast.orgs["housing"], measure_slug=MEASURE, items=[], due_on=DUE, requirement="逐项整改到位")  # fmt: skip
    with pytest.raises(Refused, match="没有这个指标"):
        tasking.task_from_items(by=cast.director, at=MONDAY, org=cast.orgs["housing"], measure_slug="x", items=[], due_on=DUE, requirement="逐项整改到位")  # fmt: skip
    with pytest.raises(Refused, match="岗位不能"):
        tasking.task_from_items(by=cast.head, at=MONDAY, org=cast.orgs["housing"], measure_slug=MEASURE, items=[], due_on=DUE, requirement="逐项整改到位")  # fmt: skip


def test_a_figure_without_a_row_of_the_unit_neither_closes_nor_keeps_open() -> None:
    """A unit without forms lacks no form; a figure nobody counts yet is another matter."""
    slug, bare = "instant_item_ratio", "t002_23_blank_form"
    pending = next(name for name, m in REGISTRY.items() if not m.is_computed)
    unit = Org(pk=uuid7())
    row = Task(org_id=unit.pk, targets=[{"measure": m, "comparison": ">=", "value": "1"} for m in (slug, bare)])
    found = {slug: {unit.pk: Figure(slug, unit.pk, 2, 2)}}
    assert watching._compared(row, found, TODAY)[1] is True
    assert watching._compared(row, {}, TODAY)[1] is None
    row.targets = [*row.targets, {"measure": pending, "comparison": ">=", "value": "1"}]
    assert watching._compared(row, found, TODAY)[1] is None


def test_ticked_items_become_a_task_that_shows_how_each_stands(cast: Cast) -> None:
    from django.urls import reverse

    from tests.cases import cast as standing

    other = standing.cast(standing.SITUATED)
    item, org = other.items[standing.SITUATED], other.orgs["department"]
    type(item).objects.filter(pk=item.pk).update(is_applied_service=True, case_type="promised")
    made = tasking.task_from_items(
        by=cast.director,
        at=MONDAY,
        org=org,
        measure_slug=MEASURE,
        items=[item.pk, item.pk],
        due_on=DUE,
        requirement="逐项改为即办",
    )
    assert (made.org, made.directive, made.items.count()) == (org, None, 1)
    assert made.targets
    page = cast.client("director").get(reverse("task", args=[made.pk])).content.decode()
    assert item.name in page
    assert "未整改" in page
    assert Message.objects.filter(subject_id=str(made.pk), role="unit_head").count() == 1
    type(item).objects.filter(pk=item.pk).update(case_type="instant")
    assert "已达到" in cast.client("director").get(reverse("task", args=[made.pk])).content.decode()
    with pytest.raises(Refused, match="不属于"):
        tasking.task_from_items(
            by=cast.director,
            at=MONDAY,
            org=cast.orgs["housing"],
            measure_slug=MEASURE,
            items=[item.pk],
            due_on=DUE,
            requirement="逐项改为即办",
        )


def test_issuing_costs_the_same_however_many_units(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for n, units in enumerate((("housing",), ("housing", "transport", "sumu"))):
        row = directing.begin(by=cast.director, at=MONDAY)
        directing.save(
            directive_id=row.pk,
            draft=draft(problem(cast, *units), number=f"鄂旗督〔2026〕{n + 30}号"),
            by=cast.director,
            at=MONDAY,
        )
        with CaptureQueriesContext(connection) as found:
            directing.issue(directive_id=row.pk, by=cast.director, at=MONDAY)
        costs.append(len(found))
    assert costs[0] == costs[1]
