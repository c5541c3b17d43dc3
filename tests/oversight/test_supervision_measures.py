"""Figures of supervision against a count by hand and a statement of their own words."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from siban.kernel import clock, measures
from siban.oversight import measures_supervision as declared
from siban.oversight.actions import collecting, verifying, watching, working
from siban.oversight.models import Task
from siban.oversight.rules_collections import Field
from tests.oversight import plain_sql_supervision, population, supervised
from tests.oversight.supervised import CHINA, DUE, MONDAY, issued, problem, submitted

pytestmark = pytest.mark.django_db


def figure(measure: Any, by: Any = None) -> tuple[int, int | None]:
    found = measures.figures((measure,))[measure.slug][None]
    return found.hits, found.total


def test_the_figures_of_tasks_are_what_one_counts_by_hand(monkeypatch: Any) -> None:
    cast = supervised.cast()
    row = issued(
        cast,
        problem(cast, "housing", "transport", "sumu"),
        problem(cast, "housing", title="其他", due_on=date(2026, 3, 4)),
    )
    first = row.tasks.get(org=cast.orgs["housing"], due_on=DUE)
    submitted(cast, first)
    verifying.verify(task_id=first.pk, words="核验属实", by=cast.inspector, at=MONDAY)
    verifying.close(task_id=first.pk, by=cast.inspector, at=MONDAY + timedelta(days=18))  # on the very day
    second = row.tasks.get(title="其他")
    submitted(cast, second)
    verifying.verify(task_id=second.pk, words="核验属实", by=cast.inspector, at=MONDAY)
    verifying.close(task_id=second.pk, by=cast.inspector, at=MONDAY + timedelta(days=3))  # a day late
    working.acknowledge(
        task_id=row.tasks.get(org=cast.orgs["transport"]).pk, by=cast.neighbour_head, at=MONDAY + timedelta(days=4)
    )
    now = MONDAY + timedelta(days=19)  # 21 March: two tasks are late
    monkeypatch.setattr(clock, "now", lambda: now)
    assert figure(declared.TASKS_OPEN) == (2, None)
    assert figure(declared.TASKS_OVERDUE) == (2, None)
    assert figure(declared.CLOSED_ON_TIME) == (1, 4)
    assert figure(declared.RECEIVED_ON_TIME) == (2, 4)
    assert figure(declared.REBOUNDS) == (0, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state = 'closed' AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= due_on),"
            " count(*) FILTER (WHERE state = 'closed' OR due_on < %s) FROM oversight_task WHERE state <> 'withdrawn'",
            [date(2026, 3, 21)],
        )
        assert cursor.fetchone() == (1, 4)
    watching.pass_days(at=now)
    assert figure(declared.TASKS_OVERDUE) == (2, None)
    for measure in declared.SUPERVISION_TABLE[:5]:
        hits, total = figure(measure)
        assert measures.rows_behind(measure, "hits").count() == hits
        if total is not None:
            assert measures.rows_behind(measure, "total").count() == total
            assert measures.rows_behind(measure, "gap").count() == total - hits
    assert Task.objects.count() == 4


def test_a_monthly_return_counts_by_the_twentieth(monkeypatch: Any) -> None:
    cast = supervised.cast()
    row = collecting.begin(by=cast.director, at=MONDAY)
    units = tuple(cast.orgs[u].pk for u in ("housing", "transport", "sumu"))
    said = collecting.CollectionDraft(
        "月报",
        purpose="monthly_progress",
        due_on=DUE,
        is_monthly=True,
        fields=(Field("f1", "数量", "number"),),
        units=units,
    )
    collecting.save(collection_id=row.pk, draft=said, by=cast.director, at=MONDAY)
    collecting.send_out(collection_id=row.pk, by=cast.director, at=MONDAY)

    def hand_in(unit: str, who: Any, at: datetime) -> None:
        collecting.report_nil(submission_id=row.submissions.get(org=cast.orgs[unit]).pk, words="", by=who, at=at)

    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    assert figure(declared.MONTHLY_PROGRESS) == (0, 0)
    hand_in("housing", cast.worker, datetime(2026, 3, 20, 23, 30, tzinfo=CHINA))
    hand_in("transport", cast.neighbour, datetime(2026, 3, 21, 0, 30, tzinfo=CHINA))
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=25))
    assert figure(declared.MONTHLY_PROGRESS) == (1, 3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_plain_sql_written_from_the_words_gives_the_same_by_unit(seed: int) -> None:
    plain_sql_supervision.build(population.Dice(seed), list(supervised.cast().orgs.values()))
    asked_for = [measures.REGISTRY[slug] for slug in plain_sql_supervision.QUERIES]
    found = measures.figures(asked_for, by="org")
    for slug, statement in plain_sql_supervision.QUERIES.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            plain = {org: (hits, total) for org, hits, total in cursor.fetchall() if hits or total}
        assert plain == {org: (f.hits, f.total) for org, f in found[slug].items() if f.hits or f.total}, slug
        assert plain
