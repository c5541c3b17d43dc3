"""The inbox: who sees what, in which order, page by page, and nothing more than one statement."""

import io
import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from siban.cases.models import Case
from siban.cases.queries import inbox
from siban.kernel.ids import uuid7
from siban.kernel.models import JournalEntry

from . import cast as standing

TODAY = date(2026, 3, 2)


def copies(case: Case, number: int, *, due=lambda n: TODAY + timedelta(days=n % 7), **changed) -> None:
    """Many cases like this one, written at once: what the list reads, nothing else."""
    rows: list[Case] = []
    before = Case.objects.count()
    for n in range(number):
        row = (
            Case.objects.get(pk=case.pk)
            if not rows
            else Case(**{f.attname: getattr(rows[0], f.attname) for f in Case._meta.fields})
        )
        row.pk, row.token, row.number, row.due_on = uuid7(), uuid7(), f"150724{before + n:014d}", due(n)
        for name, value in changed.items():
            setattr(row, name, value)
        rows.append(row)
    Case.objects.bulk_create(rows)


@pytest.fixture
def office(cast):
    """The cast and one case in the department's hands."""
    return cast, standing.in_state(cast, "submitted")


def walk(actor, wanted: inbox.Filter, size: int, *, backwards_from: str = "") -> list[UUID]:
    seen: list[UUID] = []
    query = wanted.query()
    for _ in range(200):
        page = inbox.inbox(actor, inbox.Filter.of(dict(_pairs(query))), today=TODAY, size=size)
        seen += [row[0] for row in page.rows]
        if not page.next:
            return seen
        query = page.next
    raise AssertionError("the list does not end")


def _pairs(query: str):
    from urllib.parse import parse_qsl

    return parse_qsl(query.lstrip("?"))


@pytest.mark.parametrize("size", [1, 3, 5, 50])
@pytest.mark.parametrize("sort", list(inbox.SORTS))
def test_pages_show_every_case_once_in_order_also_those_without_a_limit(office, size, sort):
    cast, case = office
    copies(case, 11, due=lambda n: None if n % 4 == 0 else TODAY + timedelta(days=n % 3))
    expected = list(Case.objects.visible_to(cast.reviewer).order_by("due_on", "id").values_list("pk", flat=True))
    if sort != "due":
        expected.sort(reverse=sort == "newest")
    assert walk(cast.reviewer, inbox.Filter(sort=sort), size) == expected


@pytest.mark.parametrize("sort", list(inbox.SORTS))
def test_going_back_shows_the_page_one_came_from(office, sort):
    cast, case = office
    copies(case, 11, due=lambda n: None if n % 4 == 0 else TODAY + timedelta(days=n % 3))
    pages, query = [], inbox.Filter(sort=sort).query()
    while query is not None:
        page = inbox.inbox(cast.reviewer, inbox.Filter.of(dict(_pairs(query))), today=TODAY, size=3)
        pages.append(page)
        query = page.next or None
    for earlier, later in itertools.pairwise(pages):
        back = inbox.inbox(cast.reviewer, inbox.Filter.of(dict(_pairs(later.previous))), today=TODAY, size=3)
        assert back.rows == earlier.rows


def test_a_mark_nobody_made_starts_at_the_first_page(office):
    cast, case = office
    for mark in ("x", "2026-13-01_x", "_", "2026-03-02_00000000-0000-0000-0000-000000000000"):
        assert [r[0] for r in inbox.inbox(cast.reviewer, inbox.Filter(after=mark), today=TODAY).rows] == [case.pk]


@pytest.mark.parametrize("page", ["/desk/cases/", "/desk/cases.json"])
def test_statements_do_not_grow_with_cases(office, page):
    cast, case = office
    client = standing.client_of(cast, "reviewer")
    client.get(page)
    counts = []
    for more in (9, 190):
        copies(case, more, due=lambda n: TODAY)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page).status_code == 200
        counts.append(len([q for q in caught if "cases_case" in q["sql"]]))
        assert not any(
            word in q["sql"]
            for q in caught
            if "cases_case" in q["sql"]
            for word in ("COUNT(", "OFFSET", '"form"', '"answers"')
        )
    assert counts == [1, 1]


def test_the_inbox_is_read_from_its_own_index(office):
    cast, case = office
    copies(case, 800)
    with connection.cursor() as cursor:  # half of them are another office's
        cursor.execute(
            "UPDATE cases_case SET org_id = %s WHERE mod(('x' || right(id::text, 4))::bit(16)::int, 2) = 0 AND id <> %s",
            [cast.orgs["other"].pk, case.pk],
        )
        cursor.execute("ANALYZE cases_case")
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
    rows = inbox.chosen(cast.reviewer, inbox.Filter(), today=TODAY).filter(
        inbox.RowAfter(inbox.F("due_on"), inbox.F("id"), inbox.Value(TODAY), inbox.Value(case.pk))
    )
    plan = rows.order_by("due_on", "id").values_list(*inbox.COLUMNS)[:50].explain()
    assert "case_inbox" in plan
    assert "Sort" not in plan
    assert "ROW(due_on, id) > ROW(" in plan.split("Filter")[0]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"state": "submitted"}, 1),
        ({"state": "accepted"}, 0),
        ({"state": "nonsense"}, 1),
        ({"item": "公租房"}, 1),
        ({"item": "没有这件事"}, 0),
        ({"name": "演示甲"}, 1),
        ({"name": "演示乙"}, 0),
        ({"number": "150724"}, 1),
        ({"number": "999"}, 0),
        ({"since": "2026-03-02", "until": "2026-03-02"}, 1),
        ({"since": "2026-03-03"}, 0),
        ({"until": "2026-03-01"}, 0),
        ({"lamp": "green"}, 1),
        ({"lamp": "red"}, 0),
        ({"lamp": "grey"}, 0),
        ({"counter": "便民"}, 0),
    ],
)
def test_each_filter_narrows_to_what_it_says(office, given, found):
    cast, _ = office
    assert len(inbox.inbox(cast.reviewer, inbox.Filter.of(given), today=TODAY).rows) == found


def test_a_wrong_day_is_named_and_the_list_is_shown_without_it(office):
    cast, _ = office
    answer = standing.client_of(cast, "reviewer").get("/desk/cases/?since=2026-02-30").content.decode()
    assert "收件日期起“2026-02-30”不是日历上有的一天" in answer
    assert "演示甲" in answer


@pytest.mark.parametrize(
    ("who", "sees"),
    [("reviewer", True), ("chief", True), ("clerk", True), ("inspector", True), ("administrator", True),
     ("other_reviewer", False), ("township_clerk", False)],
)  # fmt: skip
def test_each_post_finds_only_its_own_cases(office, who, sees):
    cast, case = office
    answer = standing.client_of(cast, who).get("/desk/cases/")
    assert answer.status_code == 200
    assert (case.number in answer.content.decode()) is sees


def sheet(answer) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_the_workbook_hides_names_unless_a_purpose_is_stated(office):
    cast, case = office
    client = standing.client_of(cast, "reviewer")
    rows = sheet(client.get("/desk/cases/export.xlsx"))
    assert [rows[1][0], rows[1][3]] == [case.number, "演**"]
    refused = client.post("/desk/cases/export/", {"purpose": " "})
    assert refused.status_code == 409
    assert not JournalEntry.objects.filter(move="export_names").exists()
    whole = sheet(client.post("/desk/cases/export/?state=submitted", {"purpose": "送达通知"}))
    assert whole[1][3] == "演示甲"
    entry = JournalEntry.objects.get(move="export_names")
    assert (entry.note, entry.facts["filter"]) == ("送达通知", "state=submitted")


def test_the_workbook_holds_what_the_filter_shows(office):
    cast, case = office
    copies(case, 30, state="accepted", accepted_at=standing.MONDAY)
    client = standing.client_of(cast, "reviewer")
    assert len(sheet(client.get("/desk/cases/export.xlsx?state=accepted"))) == 31
    assert len(sheet(client.get("/desk/cases/export.xlsx?state=issued"))) == 1


def test_an_empty_inbox_says_so_and_a_narrow_filter_offers_the_way_back(cast):
    client = standing.client_of(cast, "reviewer")
    assert "现在没有需要办理的办件" in client.get("/desk/cases/").content.decode()
    assert "清空条件看全部在办的办件" in client.get("/desk/cases/?item=x").content.decode()


def test_json_gives_the_same_rows_as_the_page(office):
    cast, case = office
    copies(case, 60)
    client = standing.client_of(cast, "reviewer")
    first = client.get("/desk/cases.json").json()
    assert first["columns"] == list(inbox.COLUMNS)
    assert len(first["rows"]) == inbox.PAGE
    rest = client.get("/desk/cases.json" + first["next"]).json()
    assert len(first["rows"]) + len(rest["rows"]) == 61
    assert rest["next"] == ""


def test_a_markup_name_is_shown_as_text(office):
    cast, case = office
    Case.objects.filter(pk=case.pk).update(applicant_name="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in standing.client_of(cast, "reviewer").get("/desk/cases/").content.decode()


def test_the_filter_shows_what_it_was_set_to_and_forgets_names(office):
    cast, _ = office
    client = standing.client_of(cast, "reviewer")
    page = client.get("/desk/cases/?state=accepted&lamp=red&name=%E6%BC%94%E7%A4%BA%E7%94%B2").content.decode()
    assert '<option value="accepted" selected>' in page
    assert '<option value="red" selected>' in page
    assert 'value="演示甲"' in page
    assert 'value="演示甲"' not in client.get("/desk/cases/?state=accepted&lamp=red").content.decode()


def test_the_list_alone_answers_htmx(office):
    cast, case = office
    part = (
        standing.client_of(cast, "reviewer")
        .get("/desk/cases/", headers={"HX-Request": "true", "HX-Target": "inbox-rows"})
        .content.decode()
    )
    assert case.number in part
    assert "<html" not in part
    assert "sb-filter" not in part
