"""Kept terms and imported calendars: what the verbs do to the rows."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from siban.kernel import models
from siban.kernel.actor import SYSTEM
from siban.kernel.calendar import TableError, national, store
from siban.kernel.terms import TermError, actions

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
BANNER = "150724000000"
SUMU = "150724100000"
NEXT_YEAR = {
    "year": 2027,
    "source": "演示安排",
    "rest": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
    "work": [{"name": "元旦调休", "from": "2027-01-09"}],
}


def opened(**changed):
    told = {
        "subject_type": "case",
        "subject_id": "1",
        "kind": "legal",
        "start_on": date(2024, 3, 4),
        "length": 5,
        "unit": "workday",
        "at": AT,
        "by": SYSTEM,
    }
    return actions.open_term(**(told | changed))


def halted(term, started_on=date(2024, 3, 6), **changed):
    told = {"kind": "现场勘验", "paper_number": "特告〔2024〕1号", "authority": "演示局"}
    return actions.stop(term=term.pk, started_on=started_on, at=AT, by=SYSTEM, **(told | changed))


def imported(tmp_path, content, name="table.json"):
    file = tmp_path / name
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return store.import_year(file=file, at=AT, by=SYSTEM)


def test_an_empty_database_follows_the_tables_of_the_product():
    found = store.calendar_for(BANNER)
    assert (found.rest_days, found.work_days) == (national().rest_days, national().work_days)
    assert found.published_years == national().published_years


def test_an_imported_year_is_published_at_once_and_only_once(tmp_path):
    assert not store.calendar_for(BANNER).is_published(2027)
    first = imported(tmp_path, NEXT_YEAR)
    assert (first.year, first.changed, first.days) == (2027, True, 4)
    assert store.calendar_for(BANNER).is_published(2027)
    assert not store.calendar_for(BANNER).is_workday(date(2027, 1, 1))
    assert store.calendar_for(BANNER).is_published(2026)
    again = imported(tmp_path, NEXT_YEAR)
    assert (again.changed, models.CalendarYear.objects.count(), models.CalendarDay.objects.count()) == (False, 1, 4)


def test_a_corrected_table_replaces_the_former_one(tmp_path):
    imported(tmp_path, NEXT_YEAR)
    assert imported(tmp_path, NEXT_YEAR | {"work": []}).changed
    assert not store.calendar_for(BANNER).is_workday(date(2027, 1, 9))
    assert models.CalendarDay.objects.count() == 3


def test_a_local_holiday_holds_in_its_region_alone(tmp_path):
    rest = [{"name": "瑟宾节", "from": "2026-06-18"}]
    imported(tmp_path, {"year": 2026, "region_code": BANNER, "source": "演示文件", "rest": rest})
    day = date(2026, 6, 18)
    works = {code: store.calendar_for(code).is_workday(day) for code in (SUMU, BANNER, "150700000000", "150626000000")}
    assert works == {SUMU: False, BANNER: False, "150700000000": True, "150626000000": True}


def test_a_wrong_table_changes_nothing(tmp_path):
    with pytest.raises(TableError):
        imported(tmp_path, NEXT_YEAR | {"source": ""})
    assert not models.CalendarYear.objects.exists()


def test_a_calendar_is_kept_and_costs_one_query(django_assert_num_queries):
    kept = store.calendar_for(BANNER)
    with django_assert_num_queries(1):
        assert store.calendar_for(BANNER) is kept


def test_an_opened_term_knows_its_day():
    term = models.Term.objects.get(pk=opened().pk)
    assert (term.due_on, term.provisional) == (date(2024, 3, 11), False)


def test_legal_and_promised_terms_run_side_by_side_but_one_of_a_kind():
    opened()
    opened(kind="promised", length=2)
    with pytest.raises(TermError, match="不能重复起算"):
        opened()


def test_a_stopped_and_resumed_term_moves_its_day():
    term = opened()
    assert halted(term).due_on is None
    resumed = actions.resume(term=term.pk, ended_on=date(2024, 3, 13), at=AT, by=SYSTEM)
    assert resumed.due_on == date(2024, 3, 18)
    assert models.Term.objects.get(pk=term.pk).due_on == date(2024, 3, 18)


def test_a_term_is_extended_once():
    early = datetime(2024, 3, 5, tzinfo=UTC)
    term = opened()
    assert actions.extend(term=term.pk, days=10, at=early, by=SYSTEM).due_on == date(2024, 3, 25)
    with pytest.raises(TermError, match="只能延长一次"):
        actions.extend(term=term.pk, days=1, at=early, by=SYSTEM)


def test_an_expired_term_is_not_extended_from_the_next_local_day_on():
    term = opened()
    with pytest.raises(TermError, match="届满后不能延长"):
        actions.extend(term=term.pk, days=1, at=datetime(2024, 3, 11, 16, 0, tzinfo=UTC), by=SYSTEM)
    last_moment = datetime(2024, 3, 11, 15, 59, tzinfo=UTC)
    assert actions.extend(term=term.pk, days=1, at=last_moment, by=SYSTEM).due_on == date(2024, 3, 12)


def test_a_closed_term_ends_its_stop_and_refuses_every_change():
    term = opened()
    halted(term)
    closed = actions.close(term=term.pk, closed_on=date(2024, 3, 8), at=AT, by=SYSTEM)
    assert closed.closed_on == date(2024, 3, 8)
    assert closed.stops.get().ended_on == date(2024, 3, 8)
    assert closed.due_on == date(2024, 3, 13)
    with pytest.raises(TermError, match="不能再改动"):
        halted(term)
    opened()


def closes_too_early():
    actions.close(term=opened().pk, closed_on=date(2024, 3, 3), at=AT, by=SYSTEM)


def resumes_unstopped():
    actions.resume(term=opened().pk, ended_on=date(2024, 3, 8), at=AT, by=SYSTEM)


def resumes_before_stop():
    term = opened()
    halted(term)
    actions.resume(term=term.pk, ended_on=date(2024, 3, 5), at=AT, by=SYSTEM)


def stops_twice():
    term = opened()
    halted(term)
    halted(term)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (closes_too_early, "早于期限起始日"),
        (resumes_unstopped, "没有停钟"),
        (resumes_before_stop, "早于开始日"),
        (stops_twice, "不能再次停钟"),
        (lambda: halted(opened(), date(2024, 3, 1)), "早于期限起始日"),
        (lambda: halted(opened(), date(2024, 3, 12)), "届满后不能停钟"),
        (lambda: halted(opened(), paper_number=" "), "停钟无效"),
        (lambda: actions.extend(term=opened().pk, days=0, at=AT, by=SYSTEM), "1 天以上"),
        (lambda: opened(length=-1), "不能是负数"),
    ],
)
def test_a_wrong_step_is_refused_with_its_reason(act, said):
    with pytest.raises(TermError, match=said):
        act()


def test_a_new_table_recomputes_the_running_terms_it_touches(tmp_path):
    moving = opened(start_on=date(2026, 12, 25), length=10)
    closed = opened(subject_id="2", start_on=date(2026, 12, 25), length=10)
    actions.close(term=closed.pk, closed_on=date(2026, 12, 26), at=AT, by=SYSTEM)
    earlier = opened(subject_id="3", start_on=date(2026, 10, 12), length=10)
    still = opened(subject_id="4", start_on=date(2026, 12, 25), length=4)
    confirmed = opened(subject_id="5", start_on=date(2026, 12, 25), length=5, unit="natural_day", kind="reply")
    assert moving.provisional
    imported(tmp_path, NEXT_YEAR)
    told = {"region_code": "000000000000", "year": 2027, "cause": "导入 2027 年放假安排", "at": AT, "by": SYSTEM}
    moved = actions.recompute(**told)
    assert [(one.term, one.old_on, one.new_on) for one in moved] == [(moving.pk, date(2027, 1, 8), date(2027, 1, 9))]
    kept = models.Recalculation.objects.get()
    assert (kept.term_id, kept.old_on, kept.new_on) == (moving.pk, date(2027, 1, 8), date(2027, 1, 9))
    assert (kept.cause, kept.at, kept.by) == ("导入 2027 年放假安排", AT, "系统")
    for unmoved in (closed, earlier, still, confirmed):
        assert models.Term.objects.get(pk=unmoved.pk).due_on == unmoved.due_on
    assert not models.Term.objects.get(pk=moving.pk).provisional
    assert actions.recompute(**told) == []


def test_a_local_table_recomputes_its_region_alone(tmp_path):
    here = opened(start_on=date(2026, 6, 17), length=1, calendar_region=SUMU)
    there = opened(start_on=date(2026, 6, 17), length=1, calendar_region="150626000000", subject_id="2")
    rest = [{"name": "瑟宾节", "from": "2026-06-18"}]
    imported(tmp_path, {"year": 2026, "region_code": BANNER, "source": "演示文件", "rest": rest})
    moved = actions.recompute(region_code=BANNER, year=2026, cause="导入地方节日", at=AT, by=SYSTEM)
    assert [(one.term, one.new_on) for one in moved] == [(here.pk, date(2026, 6, 22))]
    assert models.Term.objects.get(pk=there.pk).due_on == date(2026, 6, 18)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"unit": "month"}, "term_unit_known"),
        ({"due_on": date(2024, 3, 3)}, "term_due_not_before_start"),
        ({"closed_on": date(2024, 3, 3)}, "term_closed_not_before_start"),
        ({"calendar_region": "1507"}, "term_region_12_digits"),
        ({"kind": ""}, "term_has_subject_and_kind"),
        ({"length": 40_000}, "term_length_in_range"),
    ],
)
def test_the_database_refuses_a_wrong_term(change, constraint):
    term = opened()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        models.Term.objects.filter(pk=term.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"paper_number": ""}, "term_stop_told_in_writing"),
        ({"ended_on": date(2024, 3, 5)}, "term_stop_ends_after_start"),
        ({"kind": ""}, "term_stop_has_a_kind"),
    ],
)
def test_the_database_refuses_a_wrong_stop(change, constraint):
    term = opened()
    halted(term)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        models.TermStop.objects.filter(term=term).update(**change)


def test_a_recount_of_one_region_leaves_the_others_for_their_own(tmp_path):
    here = opened(start_on=date(2026, 12, 25), length=10, calendar_region=SUMU)
    opened(start_on=date(2026, 12, 25), length=10, calendar_region="150626000000", subject_id="2")
    imported(tmp_path, NEXT_YEAR)
    moved = actions.recompute(region_code=BANNER, year=2027, cause="导入 2027 年放假安排", at=AT, by=SYSTEM)
    assert [one.term for one in moved] == [here.pk]


def test_an_imported_national_year_takes_the_place_of_the_product_s_own(tmp_path):
    rest = [{"name": "元旦", "from": "2026-01-01", "to": "2026-01-03"}]
    imported(tmp_path, {"year": 2026, "source": "演示安排", "rest": rest})
    found = store.calendar_for(BANNER)
    assert found.is_workday(date(2026, 10, 1))
    assert not found.is_workday(date(2026, 1, 2))
    assert not found.is_workday(date(2025, 10, 1))
