"""The counter: an unprepared visitor, a draft, a hand-in, and no trace for the next one."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from siban.cases import actions
from siban.cases.models import Case
from siban.cases.models_counter import CounterVisit
from siban.cases.queries import counter as queries
from siban.catalog.api import ImplementationItem
from siban.certificates import api as certificates
from siban.identity.api import Person
from siban.kernel import journal
from siban.kernel.ids import uuid7

from . import cast as standing

NEWCOMER = standing.number(77)


@pytest.fixture
def hall(db):
    """The cast, with an instant item and one with a situation."""
    cast = standing.cast(standing.INSTANT, standing.SITUATED)
    item = cast.items[standing.INSTANT]
    item.initials = "sbksl"
    item.save(update_fields=["initials"])
    return cast


def begin(client, cast, *, number=None, item=standing.INSTANT, **more):
    given = {
        "number": number or cast.persons["citizen"].id_number,
        "mobile": "13800000001",
        "q": cast.items[item].name,
        "item": str(cast.items[item].pk),
        "token": str(uuid7()),
        **more,
    }
    return client.post("/desk/counter/", given)


def fields(case: Case) -> dict[str, str]:
    """The form of a case as the page would send it."""
    from siban.cases import forms

    said, good = {}, standing.good_form(case)
    for spec in forms.fields_of(case):
        value = good[spec.element]
        if spec.control == "checkbox":
            said |= {spec.element: "on"} if value else {}
        elif spec.control == "day":
            said |= {
                f"{spec.element}_{box}": part
                for box, part in zip(("year", "month", "day"), value.split("-"), strict=True)
            }
        elif spec.control == "table":
            said |= {f"{spec.element}-0-{k}": str(v) for k, v in value[0].items()}
        elif value is not None:
            said[spec.element] = value
    return said


def situated(client, where: str) -> Case:
    """The draft with each situation question answered by its first option, as the radios send it."""
    while (case := Case.objects.get()).open_question():
        asked = next(q for q in case.elements.situations.questions if q.question == case.open_question())
        client.post(where, {f"q-{asked.id}": asked.options[0].id})
    return case


def everything(case: Case) -> dict[str, str]:
    taken = {k: "on" for m in case.wanted() for k in (f"seen-{m.id}", f"paper-{m.id}")}
    return {**fields(case), **taken, "delivery": "counter"}


def test_an_instant_item_is_accepted_before_the_visitor_leaves(hall, deliver):
    client = standing.client_of(hall, "clerk")
    started = begin(client, hall)
    assert started.status_code == 302
    case = situated(client, started["Location"])
    assert (case.channel, case.received_org_id, case.used_comprehensive_window) == ("window", hall.clerk.org_id, True)
    sent = client.post(started["Location"], {**everything(case), "do": "submit"})
    assert sent.status_code == 302, re.findall(r"error-summary.*?</ul>", sent.content.decode(), re.DOTALL)
    case.refresh_from_db()
    assert case.state == "accepted"
    assert set(case.materials.values_list("source", flat=True)) <= {"paper"}
    deliver()
    page = client.get(sent["Location"]).content.decode()
    assert case.number in page
    assert "受理通知书" in page
    assert "收件凭证" in page


def test_a_newcomer_is_registered_with_the_draft(hall):
    client = standing.client_of(hall, "clerk")
    asked = begin(client, hall, number=NEWCOMER)
    assert asked.status_code == 422
    assert "这个人还没有登记，请填写姓名" in asked.content.decode()
    assert NEWCOMER in asked.content.decode()
    assert begin(client, hall, number=NEWCOMER, name="演示新人").status_code == 302
    assert Person.objects.get(id_number=NEWCOMER).name == "演示新人"


def test_an_enterprise_comes_with_its_handler(hall):
    hall.items[standing.FOR_FIRMS] = standing.publish(standing.FOR_FIRMS, org=hall.orgs["department"])
    client = standing.client_of(hall, "clerk")
    given = {"number": hall.firm.uscc, "item": standing.FOR_FIRMS}
    assert "请输入经办人的公民身份号码" in begin(client, hall, **given).content.decode()
    assert begin(client, hall, **given, handler_number=hall.persons["agent"].id_number).status_code == 302
    case = Case.objects.get()
    assert (case.enterprise, case.person) == (hall.firm, hall.persons["agent"])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("99999919900101", "还差 4 位"),
        (standing.number(1)[:-1] + ("0" if standing.number(1)[-1] != "0" else "1"), "末位校验码不符"),
        (standing.number(1), "演示甲"),
        (NEWCOMER, "还没有登记，请按身份证填写"),
        (standing.firm_code(1), "演示运输有限公司"),
        (standing.firm_code(9), "请按营业执照填写"),
        ("1" * 400, "应为 18 位"),
        ("<script>alert(1)</script>", "应为 18 位"),
    ],
)
def test_the_number_is_checked_as_it_is_typed(hall, number, said):
    answer = standing.client_of(hall, "clerk").post("/desk/counter/person/", {"number": number})
    assert said in answer.content.decode()
    assert "<script" not in answer.content.decode()


def test_numbers_never_travel_in_an_address(hall):
    assert standing.client_of(hall, "clerk").get("/desk/counter/person/?number=1").status_code == 405


@pytest.mark.parametrize(
    ("q", "found"),
    [("社会保障卡", True), ("sbk", True), ("SBK", True), ("没有这件事", False), ("", False), ("%", False)],
)
def test_an_item_is_found_by_words_or_initials(hall, q, found):
    answer = standing.client_of(hall, "clerk").get("/desk/counter/items/", {"q": q}).content.decode()
    assert (str(hall.items[standing.INSTANT].pk) in answer) is found


def test_a_township_counter_sees_its_own_items_and_not_the_banner_s(hall):
    own = standing.publish(
        standing.INSTANT,
        org=hall.orgs["township"],
        id="own",
        impl_code=hall.items[standing.INSTANT].impl_code[:-1] + "9",
    )
    assert [c.id for c in queries.items(hall.township_clerk, own.name)] == [own.pk]


def test_one_s_own_items_come_first(hall):
    own = standing.publish(
        standing.INSTANT, org=hall.orgs["hall"], id="own", impl_code=hall.items[standing.INSTANT].impl_code[:-1] + "9"
    )
    assert queries.items(hall.clerk, own.name)[0].id == own.pk


def test_a_number_under_another_name_is_refused_and_nothing_typed_is_lost(hall):
    client = standing.client_of(hall, "clerk")
    Person.objects.filter(pk=hall.persons["citizen"].pk).update(id_type="414")
    begin(client, hall, name="演示甲")
    answer = begin(client, hall, mobile="123")
    assert answer.status_code == 422
    assert "手机号码“123”应为" in answer.content.decode()
    assert 'value="123"' in answer.content.decode()


def test_the_same_screen_sent_twice_begins_one_draft(hall):
    client, token = standing.client_of(hall, "clerk"), str(uuid7())
    first, second = begin(client, hall, token=token), begin(client, hall, token=token)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_a_hand_in_sent_twice_is_one_case(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    given = {**everything(situated(client, where)), "do": "submit"}
    first, second = client.post(where, given), client.post(where, given)
    assert first["Location"] == second["Location"]
    assert [e.move for e in journal.timeline(Case.objects.get())].count("submit") == 1


def test_situation_answers_choose_the_materials_at_once(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall, item=standing.SITUATED)["Location"]
    case = Case.objects.get()
    question = case.elements.situations.questions[0]
    answer = client.post(where, {f"q-{question.id}": question.options[0].id}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    case = Case.objects.get()
    assert case.answers == {question.id: question.options[0].id}
    for material in case.wanted():
        if not material.is_form:
            assert material.name in answer.content.decode()


def test_what_is_wrong_is_named_at_its_field_and_the_rest_is_kept(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    answer = client.post(where, {**everything(Case.objects.get()), "mobile_phone": "12", "do": "submit"})
    assert answer.status_code == 422
    assert 'href="#id_mobile_phone"' in answer.content.decode()
    case = Case.objects.get()
    assert case.state == "draft"
    assert case.form["applicant_name"] == "演示甲"
    assert case.materials.filter(source="paper").exists()


def test_unticking_takes_the_paper_out_again(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    given = everything(Case.objects.get())
    client.post(where, given)
    assert Case.objects.get().materials.exists()
    client.post(where, {k: v for k, v in given.items() if not k.startswith("paper-")})
    assert not Case.objects.get().materials.exists()


def test_a_scan_is_kept_and_a_dangerous_file_refused_by_name(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall, item=standing.SITUATED)["Location"]
    case = Case.objects.get()
    question = case.elements.situations.questions[0]
    client.post(where, {f"q-{question.id}": question.options[0].id})
    mid = next(m.id for m in Case.objects.get().wanted() if not m.is_form)
    good = SimpleUploadedFile("材料.pdf", standing.pdf().read())
    bad = SimpleUploadedFile("材料.exe", b"MZ" + b"\0" * 200)
    answer = client.post(where, {f"seen-{mid}": "1", f"file-{mid}": [good, bad]})
    assert answer.status_code == 422
    assert f'href="#id_file-{mid}"' in answer.content.decode()
    row = Case.objects.get().materials.get()
    assert row.file.name == "材料.pdf"
    client.post(where, {"do": f"drop:{row.pk}"})
    assert not Case.objects.get().materials.exists()


def test_a_held_certificate_stands_in_for_paper_with_the_visitor_s_consent(hall):
    with transaction.atomic():
        held = certificates.issue(
            type_id="ec_id_card", person=hall.persons["citizen"], enterprise=None, issuer=hall.orgs["other"],
            values={}, subject=("tests", "1"), by=hall.reviewer, at=standing.MONDAY,
        )  # fmt: skip
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    situated(client, where)
    page = client.get(where).content.decode()
    assert "持证人当面同意，调用" in page
    client.post(where, {"seen-m02": "1", "use-m02": str(held.pk)})
    client.post(where, {"seen-m02": "1", "use-m02": str(held.pk)})
    row = Case.objects.get().materials.get()
    assert (row.source, row.certificate_id) == ("certificate", held.pk)
    assert row.consented_at is not None
    assert certificates.ECertUse.objects.get(cert=held).actor_id == hall.clerk.account_id
    assert "已调用电子证照" in client.get(where).content.decode()


def test_another_person_s_certificate_is_not_used(hall):
    with transaction.atomic():
        held = certificates.issue(
            type_id="ec_id_card", person=hall.persons["stranger"], enterprise=None, issuer=hall.orgs["other"],
            values={}, subject=("tests", "1"), by=hall.reviewer, at=standing.MONDAY,
        )  # fmt: skip
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    situated(client, where)
    client.post(where, {"seen-m02": "1", "use-m02": str(held.pk)})
    assert not Case.objects.get().materials.exists()


def test_several_drafts_are_parked_and_resumed(hall):
    client = standing.client_of(hall, "clerk")
    first = begin(client, hall)["Location"]
    second = begin(client, hall, item=standing.SITUATED)["Location"]
    assert client.post(first, {"do": "park"})["Location"] == "/desk/counter/"
    visit = CounterVisit.objects.get()
    page = client.get("/desk/counter/").content.decode()
    assert f"/desk/counter/visits/{visit.pk}/resume/" in page
    assert "2 项" in page
    assert client.post(f"/desk/counter/visits/{visit.pk}/resume/")["Location"] == f"/desk/counter/visits/{visit.pk}/"
    page = client.get(f"/desk/counter/visits/{visit.pk}/").content.decode()
    assert first in page
    assert second in page
    assert 'name="do"' in client.get(first).content.decode()


def test_the_next_visitor_finds_no_trace_of_the_one_before(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    client.post(where, {**fields(Case.objects.get()), "do": "park"})
    before = hall.persons["citizen"]
    answer = client.get("/desk/counter/")
    traces = (before.name, before.id_number, before.mobile, before.address)
    kept = answer.content.decode() + str(dict(client.session)) + str(client.cookies)
    assert [t for t in traces if t in kept] == []
    for page in (answer, client.get(where), client.get("/desk/cases/")):
        assert "no-store" in page["Cache-Control"]


def test_a_correction_is_brought_to_the_counter(hall):
    case = standing.in_state(hall, "correcting")
    client = standing.client_of(hall, "clerk")
    where = f"/desk/counter/{case.pk}/"
    assert "第二页看不清" not in client.get(where).content.decode()
    assert client.post(f"{where}take-up/")["Location"] == where
    assert "第二页看不清" in client.get(where).content.decode()
    client.post(where, {"seen-m03": "1", "paper-m03": "on", "do": "submit"})
    case.refresh_from_db()
    assert case.state in ("submitted", "correcting")
    assert case.materials.filter(material_id="m03", source="paper").exists()


def test_giving_up_a_draft_clears_it_from_the_counter(hall):
    client = standing.client_of(hall, "clerk")
    where = begin(client, hall)["Location"]
    client.post(where, {"do": "discard"})
    assert Case.objects.get().state == "withdrawn"
    assert where not in client.get("/desk/counter/").content.decode()


def test_another_s_draft_is_out_of_reach(hall):
    where = begin(standing.client_of(hall, "clerk"), hall)["Location"]
    assert standing.client_of(hall, "township_clerk").get(where).status_code == 404
    online = actions.start(
        item=hall.items[standing.INSTANT], by=hall.citizen, at=standing.MONDAY, person=hall.persons["citizen"]
    )
    assert standing.client_of(hall, "clerk").get(f"/desk/counter/{online.pk}/").status_code == 404


def test_an_item_is_found_by_a_paper_it_wants(hall):
    from siban.catalog.actions import present

    item = hall.items[standing.SITUATED]
    present(hall.items.values())
    paper = next(m["name"] for m in item.version.content["materials"] if m["name"] not in item.name)
    assert not ImplementationItem.objects.filter(pk=item.pk, search_words__icontains=paper).exists()
    assert item.pk in [c.id for c in queries.items(hall.clerk, paper)]
    assert item.pk not in [c.id for c in queries.items(hall.clerk, "完全不相干的东西")]
