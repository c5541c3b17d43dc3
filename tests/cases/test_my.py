"""Following one's own cases: the list, the page of a case, papers, files, withdrawing, correcting, public progress."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.cases.models import Case
from siban.kernel import papers

from . import cast as standing

DAY = timedelta(days=1)


@pytest.fixture
def browser(cast):
    return standing.client_of(cast, "citizen")


def page_of(case):
    return reverse("my-case", args=[case.number])


NUMBERED = [
    "submitted",
    "correcting",
    "accepted",
    "not_accepted",
    "in_review",
    "approved",
    "rejected",
    "issued",
    "closed",
]


@pytest.mark.parametrize("state", NUMBERED)
def test_each_state_has_a_page_that_says_where_the_case_stands(cast, browser, deliver, state):
    case = standing.in_state(cast, state)
    deliver()
    answer = browser.get(page_of(case))
    page, shown = answer.content.decode(), answer.context["page"]
    assert answer.status_code == 200
    assert shown.sentence in page
    assert shown.sentence.endswith("。")
    for paper in shown.papers:
        assert paper.number in page


def test_the_page_names_offices_and_no_official(cast, browser):
    case = standing.in_state(cast, "closed")
    page = browser.get(page_of(case)).content.decode()
    assert "演示住建局" in page
    assert not any(f"演示{who}" in page for who in standing.STAFF)


def test_both_clocks_explain_themselves(db):
    cast = standing.cast(standing.FOR_FIRMS)
    case = standing.in_state(cast, "accepted", standing.FOR_FIRMS)
    answer = standing.client_of(cast, "citizen").get(page_of(case))
    shown = {c.kind: c for c in answer.context["page"].clocks}
    assert {"legal", "promised"} <= set(shown)
    for clock in (shown["legal"], shown["promised"]):
        assert clock.lines
        for line in clock.lines:
            assert line in answer.content.decode()


def test_an_empty_list_says_what_to_do(browser):
    assert "还没有办件" in browser.get(reverse("my-home")).content.decode()


def test_the_list_shows_what_waits_for_the_person_first(cast, browser):
    waiting, _ = standing.in_state(cast, "correcting"), standing.in_state(cast, "submitted", at=standing.MONDAY + DAY)
    unfinished = standing.draft(cast)
    page = browser.get(reverse("my-home")).context["page"]
    assert page.running[0].number == waiting.number
    assert [line.id for line in page.drafts] == [unfinished.pk]


def asked(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_the_list_costs_the_same_for_one_case_and_for_five(cast, browser):
    standing.in_state(cast, "submitted")
    browser.get(reverse("my-home"))
    one = asked(browser, reverse("my-home"))
    for _ in range(4):
        standing.in_state(cast, "accepted")
    assert asked(browser, reverse("my-home")) == one


def test_the_page_of_a_case_costs_the_same_however_long_its_story(cast, browser, deliver):
    short, long = standing.in_state(cast, "accepted"), standing.in_state(cast, "closed")
    deliver()
    browser.get(page_of(short))
    assert asked(browser, page_of(short)) == asked(browser, page_of(long)) <= 24


FOREIGN = ["my-case", "case-withdraw", "case-done"]


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("who", ["stranger", "agent"])
def test_somebody_elses_number_shows_nothing(cast, who, name):
    case = standing.in_state(cast, "submitted")
    answer = standing.client_of(cast, who).get(reverse(name, args=[case.number]))
    assert answer.status_code == 404
    assert case.title not in answer.content.decode()
    assert case.applicant_name not in answer.content.decode()


def test_somebody_elses_withdrawal_changes_nothing(cast):
    case = standing.in_state(cast, "submitted")
    answer = standing.client_of(cast, "stranger").post(reverse("case-withdraw", args=[case.number]))
    case.refresh_from_db()
    assert (answer.status_code, case.state) == (404, "submitted")


def test_files_come_as_downloads_that_run_nothing_and_only_to_whom_they_belong(cast, browser):
    case = standing.in_state(cast, "submitted")
    address = reverse("case-file", args=[case.number, case.materials.first().file_id])
    answer = browser.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert standing.client_of(cast, "stranger").get(address).status_code == 404


def test_a_file_of_another_case_is_not_reached_through_ones_own(cast, browser):
    mine, other = standing.in_state(cast, "submitted"), standing.in_state(cast, "submitted", who="stranger")
    address = reverse("case-file", args=[mine.number, other.materials.first().file_id])
    assert browser.get(address).status_code == 404


def test_a_paper_opens_as_pdf_for_its_applicant_alone(cast, browser):
    case = standing.in_state(cast, "accepted")
    paper = papers.papers_of(("cases.Case", str(case.pk))).get(kind="acceptance")
    address = reverse("case-paper", args=[case.number, paper.pk])
    answer = browser.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert standing.client_of(cast, "stranger").get(address).status_code == 404


def test_withdrawing_asks_first_and_ends_the_case(cast, browser):
    case = standing.in_state(cast, "accepted")
    address = reverse("case-withdraw", args=[case.number])
    assert "撤回这份申请" in browser.get(address).content.decode()
    browser.post(address)
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_a_decided_case_can_not_be_withdrawn(cast, browser):
    case = standing.in_state(cast, "approved")
    answer = browser.post(reverse("case-withdraw", args=[case.number]), follow=True)
    case.refresh_from_db()
    assert case.state == "approved"
    assert "不能撤回" in answer.content.decode()


def test_a_correction_is_answered_on_the_page_of_the_case(cast, browser):
    case = standing.in_state(cast, "correcting")
    page = browser.get(page_of(case)).content.decode()
    assert "第二页看不清，请重新拍照" in page
    answer = browser.post(reverse("case-submit", args=[case.pk]))
    assert (answer.status_code, "还没有重新提供" in answer.content.decode()) == (422, True)
    answer = browser.post(reverse("case-hand-in", args=[case.pk, "m03"]), {"files": [standing.pdf(2)]})
    assert answer.url == f"{page_of(case)}#m-m03"
    browser.post(reverse("case-submit", args=[case.pk]))
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_point_about_the_form_leads_to_the_form(cast, browser):
    from siban.cases import actions

    case = standing.in_state(cast, "submitted")
    point = {"material_id": "", "name": "户籍地址", "what": "请写到门牌号"}
    actions.request_correction(case_id=case.pk, points=[point], by=cast.clerk, at=standing.MONDAY + DAY)
    page = browser.get(page_of(case)).content.decode()
    assert "请写到门牌号" in page
    assert reverse("case-step", args=[case.pk, "form"]) in page


def test_visitors_are_led_to_the_log_in_and_back(client, cast):
    case = standing.in_state(cast, "submitted")
    for address in (reverse("my-home"), page_of(case)):
        assert client.get(address).url == f"/login/?next={address.replace('/', '%2F')}"


def test_progress_is_told_to_who_holds_number_and_tail(client, cast):
    case = standing.in_state(cast, "accepted")
    tail = case.applicant_id_number[-4:].lower()
    answer = client.post(reverse("case-progress"), {"number": f" {case.number} ", "tail": tail})
    page = answer.content.decode()
    assert "已经受理" in page
    assert case.applicant_name not in page


@pytest.mark.parametrize(
    ("number", "tail"), [("", "0016"), ("ok", "9999"), ("ok", ""), ("ok", "016"), ("none", "0016")]
)
def test_progress_says_nothing_when_number_and_tail_do_not_fit(client, cast, number, tail):
    case = standing.in_state(cast, "accepted")
    answer = client.post(reverse("case-progress"), {"number": {"ok": case.number}.get(number, number), "tail": tail})
    assert answer.status_code == 422
    assert case.title not in answer.content.decode()


def test_progress_can_not_be_guessed_through(client, cast):
    case = standing.in_state(cast, "accepted")
    answers = [
        client.post(reverse("case-progress"), {"number": case.number, "tail": f"{n:04d}"}).status_code
        for n in range(25)
    ]
    assert 429 in answers


def test_a_draft_is_not_found_by_progress(client, cast):
    standing.draft(cast)
    assert Case.objects.filter(number=None).exists()
    answer = client.post(reverse("case-progress"), {"number": "", "tail": standing.number(1)[-4:]})
    assert answer.status_code == 422
