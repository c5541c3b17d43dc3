"""What goes wrong while applying is said in a sentence, and nothing that was entered is lost."""

import io
import json

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from siban.cases.models import Case
from siban.cases.public import apply
from siban.certificates import api as certificates

from . import cast as standing
from .test_apply import as_posted, begin, step

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
HTMX = {"HTTP_HX_REQUEST": "true"}
WRONG_NUMBER = standing.number(1)[:-1] + "0"


@pytest.fixture
def browser(cast):
    return standing.client_of(cast, "citizen")


@pytest.fixture
def case(cast):
    """A draft whose situation is chosen."""
    from siban.cases import actions

    made = standing.draft(cast)
    return actions.answer(case_id=made.pk, answers={"q1": "a"}, by=cast.citizen, at=standing.MONDAY)


def hand_in(case, material="m03"):
    return reverse("case-hand-in", args=[case.pk, material])


def test_a_wrong_citizen_number_is_named_and_everything_stays(case, browser):
    said = as_posted(case, standing.good_form(case), applicant_id_no=WRONG_NUMBER)
    answer = browser.post(step(case, "form"), said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "末位校验码不符" in page
    assert [where for _, where in answer.context["errors"]] == ["#id_applicant_id_no"]
    assert f'value="{WRONG_NUMBER}"' in page
    case.refresh_from_db()
    assert case.form["applicant_id_no"] == WRONG_NUMBER
    assert case.form["household_address"]


def test_a_field_is_checked_as_soon_as_it_is_left(case, browser):
    address = reverse("case-check", args=[case.pk]) + "?field=applicant_id_no"
    answer = browser.post(address, {"applicant_id_no": WRONG_NUMBER}, **HTMX)
    assert (answer.status_code, "末位校验码不符" in answer.content.decode()) == (422, True)
    answer = browser.post(address, {"applicant_id_no": standing.number(1)}, **HTMX)
    assert (answer.status_code, "govuk-error-message" in answer.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("户口簿.pdf", b"MZ\x90\x00 this is a program", "程序文件"),
        ("户口簿.jpg", b"%PDF-1.4 not a picture", "内容却是PDF 文档"),
        ("空.pdf", b"", "是空的"),
        ("坏.pdf", b"%PDF-1.7 broken", "不是完好的 PDF"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_while_the_others_stay(case, browser, name, content, sentence):
    wrong = io.BytesIO(content)
    wrong.name = name
    answer = browser.post(hand_in(case), {"files": [standing.pdf(), wrong]})
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert [m.file.name for m in case.materials.all()] == ["材料.pdf"]
    assert "材料.pdf" in page


def test_a_refused_file_answers_a_script_with_its_card(case, browser):
    wrong = io.BytesIO(b"MZ")
    wrong.name = "a.pdf"
    answer = browser.post(hand_in(case), {"files": [wrong]}, **HTMX)
    assert (answer.status_code, "<html" in answer.content.decode(), 'id="m-m03"' in answer.content.decode()) == (
        422,
        False,
        True,
    )


def test_nothing_chosen_is_said(case, browser):
    assert "还没有选择文件" in browser.post(hand_in(case)).content.decode()


def test_two_hundred_megabytes_are_refused_and_run_out_unkept_piece_by_piece(case, browser):
    class Endless:
        largest = 0

        def read(self, size=-1):
            assert size > 0
            self.largest = max(self.largest, size)
            return b"0" * size

        readline = read

    body = Endless()
    answer = browser.generic("POST", hand_in(case), CONTENT_LENGTH=str(200 * 1024 * 1024), **{"wsgi.input": body})
    assert answer.status_code == 413
    assert "每个文件不能超过 20 MB" in answer.content.decode()
    assert body.largest <= 64 * 1024
    assert case.materials.count() == 0


def test_a_material_off_the_list_is_not_taken(case, browser):
    answer = browser.post(hand_in(case, "m99"), {"files": [standing.pdf()]}, **HTMX)
    assert (answer.status_code, case.materials.count()) == (409, 0)
    assert "清单之外不得收取" in answer.content.decode()


def test_the_first_page_sent_twice_makes_one_draft(cast, browser):
    token = str(standing.fresh_token())
    first, second = (begin(cast, browser, token=token) for _ in range(2))
    assert first.url == second.url
    assert Case.objects.count() == 1


def test_submitting_twice_is_one_case_and_says_so(cast, browser):
    case = standing.filled(cast)
    address = reverse("case-submit", args=[case.pk])
    first = browser.post(address)
    second = browser.post(address, follow=True)
    case.refresh_from_db()
    assert first.url == reverse("case-done", args=[case.number])
    assert "不会重复提交" in second.content.decode()
    assert case.number in second.content.decode()
    assert Case.objects.exclude(number=None).count() == 1


def test_two_presses_at_the_same_moment_are_one_case(cast, browser, monkeypatch):
    """The second press passes the first look at the state, and finds the case handed in when it gets the lock."""
    case, quicker = standing.filled(cast), apply.actions.submit

    def overtaken(**said):
        quicker(**said)
        return quicker(**said)

    monkeypatch.setattr(apply.actions, "submit", overtaken)
    answer = browser.post(reverse("case-submit", args=[case.pk]))
    case.refresh_from_db()
    assert answer.url == reverse("my-case", args=[case.number])


@pytest.mark.parametrize("name", ["situation", "form", "materials", "delivery", "review"])
def test_a_stale_page_leads_to_the_case(cast, browser, name):
    case = standing.in_state(cast, "submitted")
    for answer in (browser.get(step(case, name)), browser.post(step(case, name), {"q1": "b", "delivery": "mail"})):
        assert answer.url == reverse("my-case", args=[case.number])
    case.refresh_from_db()
    assert (case.answers, case.delivery) == ({"q1": "a"}, "electronic")


def test_an_unfinished_form_is_not_handed_in(case, browser):
    answer = browser.post(reverse("case-submit", args=[case.pk]))
    case.refresh_from_db()
    assert (answer.status_code, case.state) == (422, "draft")
    assert "申请表还有需要修改的地方" in answer.content.decode()


ADDRESSES = ["case-apply", "case-save", "case-check", "case-submit", "case-discard"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_somebody_elses_draft_is_not_found(cast, case, name):
    stranger, address = standing.client_of(cast, "stranger"), reverse(name, args=[case.pk])
    assert {stranger.get(address).status_code, stranger.post(address).status_code} <= {404, 405}
    assert stranger.post(address).status_code == 404


@pytest.mark.parametrize("name", ["situation", "form", "materials", "delivery", "review"])
def test_somebody_elses_steps_are_not_found(cast, case, name):
    stranger = standing.client_of(cast, "stranger")
    assert stranger.get(step(case, name)).status_code == 404
    assert stranger.post(step(case, name)).status_code == 404
    assert stranger.post(hand_in(case), {"files": [standing.pdf()]}).status_code == 404


def test_staff_do_not_apply_as_citizens(cast, case):
    assert standing.client_of(cast, "reviewer").get(step(case, "form")).status_code == 302


def test_a_log_in_without_a_verified_name_is_led_to_a_better_one(cast):
    answer = standing.client_of(cast, "citizen", assurance=1).get(
        reverse("case-start", args=[cast.items[standing.SITUATED].impl_code])
    )
    assert "level=2" in answer.url


def test_a_session_that_ended_keeps_the_draft_and_leads_back(case, browser):
    address = step(case, "form")
    browser.post(reverse("case-save", args=[case.pk]), {"household_address": "演示苏木演示嘎查 2 号"}, **SCRIPT)
    gone = Client()
    answer = gone.post(reverse("case-save", args=[case.pk]), {"household_address": "别处"}, **SCRIPT)
    assert (answer.status_code, "已经保留" in answer.json()["error"]) == (401, True)
    answer = gone.post(address, {"household_address": "别处"}, HTTP_REFERER=f"http://testserver{address}")
    assert answer.url.startswith("/login/?next=")
    assert answer.url.endswith(address.replace("/", "%2F"))
    case.refresh_from_db()
    assert case.form["household_address"] == "演示苏木演示嘎查 2 号"


def test_saving_while_typing_keeps_what_is_wrong_too(case, browser):
    answer = browser.post(reverse("case-save", args=[case.pk]), {"applicant_id_no": "12"}, **SCRIPT)
    assert (answer.status_code, set(answer.json())) == (200, {"saved_at"})
    case.refresh_from_db()
    assert case.form["applicant_id_no"] == "12"


def test_what_is_too_long_to_keep_is_named_and_the_rest_is_kept(case, browser):
    answer = browser.post(
        reverse("case-save", args=[case.pk]), {"work_unit": "长" * 6000, "applicant_name": "演示甲"}, **SCRIPT
    )
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"work_unit"})
    case.refresh_from_db()
    assert (case.form["applicant_name"], "work_unit" in case.form) == ("演示甲", False)


def test_no_database_for_a_while_is_said_with_when_to_come_back(case, browser, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("connection refused")

    monkeypatch.setattr(apply.actions, "save_form", gone)
    answer = browser.post(reverse("case-save", args=[case.pk]), {"applicant_name": "演示甲"}, **SCRIPT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "系统正在恢复" in answer.content.decode()
    monkeypatch.undo()
    assert (
        browser.post(reverse("case-save", args=[case.pk]), {"applicant_name": "演示甲"}, **SCRIPT).status_code == 200
    )


def test_rows_are_added_and_removed_without_scripts(case, browser):
    one = {"family_members-0-name": "演示丁", "button": "add:family_members"}
    assert browser.post(step(case, "form"), one).url.endswith("#family_members")
    page = browser.get(step(case, "form")).content.decode()
    assert 'name="family_members-1-name"' in page
    assert "演示丁" in page
    browser.post(step(case, "form"), {**one, "family_members-1-name": "演示戊", "button": "remove:family_members:0"})
    case.refresh_from_db()
    assert [row["name"] for row in case.form["family_members"]] == ["演示戊"]


def test_a_day_that_is_none_is_shown_again_as_typed(db):
    from django.http import QueryDict

    from siban.cases import application_form
    from siban.catalog.elements import field

    spec = field("birth_date", required=True)
    read = application_form.read([spec], QueryDict("birth_date_year=1990&birth_date_month=13&birth_date_day=1"))
    assert read.values == {"birth_date": "1990-13-1"}
    shown = application_form.Asked(spec, "birth_date", read.values["birth_date"]).html
    assert 'value="13"' in shown


def test_promises_and_signatures_are_never_filled_in_beforehand(cast, browser):
    standing.in_state(cast, "submitted")
    case = standing.draft(cast, at=standing.MONDAY)
    browser.post(step(case, "situation"), {"q1": "a"})
    groups = browser.get(step(case, "form")).context["groups"]
    shown = {a.name: a for g in groups for a in g.fields}
    assert shown["marital_status"].value
    assert "2026年3月2日" in shown["marital_status"].source
    given_now = [a for a in shown.values() if a.spec.is_given_now]
    assert {a.name for a in given_now} == {"data_query_consent", "truth_commitment", "applicant_signature"}
    assert not any(a.value for a in given_now)


def certificate(cast, who="citizen"):
    from django.db import transaction

    with transaction.atomic():
        return certificates.issue(
            type_id="ec_household_register", person=cast.persons[who], enterprise=None, issuer=cast.orgs["department"],
            values={}, subject=("demo", "1"), by=cast.reviewer, at=standing.MONDAY,
        )  # fmt: skip


def test_a_held_certificate_makes_the_paper_unnecessary_with_consent_and_trace(cast, case, browser):
    held = certificate(cast)
    page = browser.get(step(case, "materials")).content.decode()
    assert "使用已有电子证照" in page
    answer = browser.post(hand_in(case), {"certificate": held.pk})
    assert (answer.status_code, "需要持证人同意" in answer.content.decode()) == (422, True)
    assert held.uses.count() == 0
    browser.post(hand_in(case), {"certificate": held.pk, "consent": "1"})
    assert "免交" in browser.get(step(case, "materials")).content.decode()
    assert held.uses.get().subject_id == str(case.pk)


@pytest.mark.parametrize("chosen", ["not-an-id", "somebody"])
def test_a_certificate_of_somebody_else_is_not_used(cast, case, browser, chosen):
    chosen = chosen if chosen == "not-an-id" else certificate(cast, "stranger").pk
    answer = browser.post(hand_in(case), {"certificate": chosen, "consent": "1"})
    assert (answer.status_code, case.materials.count()) == (422, 0)


def test_only_the_materials_of_the_situation_are_asked_for(case, browser):
    asked = [c.shown.id for c in browser.get(step(case, "materials")).context["cards"]]
    assert asked == ["m02", "m03", "m04", "m06", "m07"]
    browser.post(step(case, "situation"), {"q1": "b"})
    assert [c.shown.id for c in browser.get(step(case, "materials")).context["cards"]] == [
        "m02",
        "m03",
        "m04",
        "m05",
        "m06",
    ]


def test_mail_wants_an_address(case, browser):
    answer = browser.post(step(case, "delivery"), {"delivery": "mail", "address": "旗里"})
    assert (answer.status_code, "完整的收件地址" in answer.content.decode()) == (422, True)


def test_a_draft_is_given_up_only_after_asking(case, browser):
    address = reverse("case-discard", args=[case.pk])
    assert "删除这份草稿" in browser.get(address).content.decode()
    case.refresh_from_db()
    assert case.state == "draft"
    browser.post(address)
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_a_material_is_taken_out_again(case, browser):
    browser.post(hand_in(case), {"files": [standing.pdf()]})
    row = case.materials.get()
    address = reverse("case-take-out", args=[case.pk, row.pk])
    assert browser.post(address).status_code == 302
    assert browser.post(address).status_code == 302
    assert case.materials.count() == 0


def test_an_answer_to_a_script_that_is_refused_comes_as_a_message(cast, browser):
    case = standing.in_state(cast, "submitted")
    answer = browser.post(reverse("case-save", args=[case.pk]), {}, **SCRIPT)
    assert (answer.status_code, "已经提交" in json.loads(answer.content)["error"]) == (409, True)


def test_an_enterprise_is_applied_for_by_whom_it_trusts(db):
    cast = standing.cast(standing.FOR_FIRMS)
    address = reverse("case-start", args=[cast.items[standing.FOR_FIRMS].impl_code])
    for who, status in (("citizen", 302), ("stranger", 422)):
        answer = standing.client_of(cast, who).post(address, {"behalf": str(cast.firm.pk)})
        assert answer.status_code == status
    case = Case.objects.get()
    assert (case.applicant_name, case.person_id) == ("演示运输有限公司", cast.persons["citizen"].pk)
