"""A new year's holiday table reaches the cases under way: terms, due days of the case, journal, pages."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from siban.cases import actions
from siban.cases.queries import wording
from siban.kernel import journal
from siban.kernel.models import Recalculation, Term

from . import cast as standing
from .procedure import DAY, FOOD, hand_in_all

LATE = datetime(2026, 12, 21, 10, 0, tzinfo=standing.CHINA)
TABLE = {
    "year": 2027,
    "source": "演示安排",
    "rest": [
        {"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"},
        {"name": "春节", "from": "2027-01-04", "to": "2027-01-08"},
    ],
    "work": [{"name": "调休", "from": "2027-01-09"}],
}


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(TABLE, ensure_ascii=False), encoding="utf-8")
    return str(file)


def accepted_in_december(cast):
    """A case whose promised term of 20 working days reaches into 2027."""
    case = standing.in_state(cast, "submitted", at=LATE)
    actions.accept(case_id=case.pk, by=cast.clerk, at=LATE + timedelta(hours=1))
    case.refresh_from_db()
    return case


def test_a_case_that_reaches_into_an_unknown_year_says_so_until_the_table_comes(cast, table):
    case = accepted_in_december(cast)
    assert case.due_provisional
    assert "暂按周末推算" in standing.client_of(cast, "reviewer").get(f"/desk/cases/{case.number}/").content.decode()
    call_command("import", "calendar", table)
    page = standing.client_of(cast, "reviewer").get(f"/desk/cases/{case.number}/").content.decode()
    assert "暂按周末推算" not in page
    assert "期限按新公布的放假安排重新计算" in page
    assert "2027 年节假日表公布，到期日由" in page


def test_the_due_days_of_the_case_follow_its_terms_and_the_journal_tells_it(cast, table):
    case = accepted_in_december(cast)
    before = (case.due_on, case.legal_due_on, case.promised_due_on)
    call_command("import", "calendar", table)
    case.refresh_from_db()
    kept = dict(Term.objects.running().of("cases.Case", case.pk).values_list("kind", "due_on"))
    assert (case.legal_due_on, case.promised_due_on) == (kept.get("legal"), kept.get("promised"))
    assert case.due_on == min(kept.values()) > before[0] >= date(2027, 1, 11)
    assert not case.due_provisional
    row = journal.timeline(case).last()
    assert row.move == "recount_terms"
    assert row.changes["due_on"] == [str(before[0]), str(case.due_on)]
    assert row.changes["due_provisional"] == [True, False]
    assert Recalculation.objects.filter(old_on=before[0], new_on=case.due_on).exists()
    assert not list(journal.verify())


def test_the_same_table_again_changes_nothing(cast, table):
    case = accepted_in_december(cast)
    call_command("import", "calendar", table)
    rows = journal.timeline(case).count()
    call_command("import", "calendar", table)
    assert journal.timeline(case).count() == rows


def test_a_case_counted_by_the_old_table_is_mended_by_importing_once_more(cast, table):
    case = accepted_in_december(cast)
    call_command("import", "calendar", table)
    case.refresh_from_db()
    right = case.due_on
    Term.objects.running().of("cases.Case", case.pk).update(due_on=right - timedelta(days=3))
    type(case).objects.filter(pk=case.pk).update(due_on=right - timedelta(days=3))
    call_command("import", "calendar", table)
    case.refresh_from_db()
    assert case.due_on == right


def test_a_closed_case_is_left_as_it_was_decided(cast, table):
    case = standing.in_state(cast, "withdrawn")
    rows = journal.timeline(case).count()
    call_command("import", "calendar", table)
    assert journal.timeline(case).count() == rows


def reviewed_in_december(cast):
    """A food business whose review began before the end of the year."""
    case = actions.start(
        item=cast.items[FOOD], by=cast.citizen, at=LATE, person=cast.persons["citizen"], enterprise=cast.firm
    )
    for question in ("q1", "q2"):
        actions.answer(case_id=case.pk, answers={question: "a"}, by=cast.citizen, at=LATE)
    case = type(case).objects.get(pk=case.pk)
    actions.save_form(case_id=case.pk, values=standing.good_form(case, at=LATE), by=cast.citizen, at=LATE)
    hand_in_all(cast, case, at=LATE)
    actions.submit(case_id=case.pk, by=cast.citizen, at=LATE)
    actions.accept(case_id=case.pk, by=cast.clerk, at=LATE)
    return actions.start_review(case_id=case.pk, by=cast.reviewer, at=LATE)


def stopped(cast, case):
    actions.start_special(
        case_id=case.pk, kind="现场勘验", days=5, reason="需要实地核实布局", by=cast.reviewer, at=LATE + DAY
    )
    actions.end_special(case_id=case.pk, result="勘验完成", opinion="", by=cast.reviewer, at=LATE + 4 * DAY)


def extended(cast, case):
    actions.ask_extension(case_id=case.pk, days=10, reason="材料需要进一步核实", by=cast.reviewer, at=LATE + DAY)
    actions.grant_extension(case_id=case.pk, by=cast.head, at=LATE + 2 * DAY)


@pytest.mark.parametrize("beside", [stopped, extended])
def test_a_clock_that_stood_still_or_was_extended_is_counted_anew_with_what_befell_it(cast, table, beside):
    cast.items[FOOD] = standing.publish(FOOD, org=cast.orgs["department"])
    case = reviewed_in_december(cast)
    plain = Term.objects.running().of("cases.Case", case.pk).get(kind="legal").due_on
    beside(cast, case)
    before = dict(Term.objects.running().of("cases.Case", case.pk).values_list("kind", "due_on"))
    assert before["legal"] > plain, "what befell the clock moved its day"
    call_command("import", "calendar", table)
    after = dict(Term.objects.running().of("cases.Case", case.pk).values_list("kind", "due_on"))
    moved = {kind for kind, day in before.items() if after[kind] != day}
    assert "legal" in moved
    case.refresh_from_db()
    assert case.legal_due_on == after["legal"]
    page = standing.client_of(cast, "reviewer").get(f"/desk/cases/{case.number}/").content.decode()
    assert "期限按新公布的放假安排重新计算" in page
    for kind in moved:
        for day in (before[kind], after[kind]):
            assert any(
                s in page for s in (str(day), wording.day(day), f"{day.year} 年 {day.month} 月 {day.day} 日")
            ), f"{kind}: {day}"
    assert not list(journal.verify())
