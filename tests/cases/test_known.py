"""What is filled in beforehand: from where, from when, and what never is."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from siban.cases import actions, application_form
from siban.cases.models import Case, CaseMaterial
from siban.cases.queries import apply_page
from siban.catalog.api import certified
from siban.catalog.elements import elements, field
from siban.certificates import api as certificates
from siban.certificates.reference import declared
from siban.identity import api as identity
from siban.kernel import clock

from . import cast as standing

TODAY = date(2026, 3, 2)
PROMISES = [name for name, e in elements().items() if e.type in ("signature", "commitment", "consent")]
WORDS = ("承诺", "声明", "签名", "签字", "盖章", "同意", "授权")
SAID = st.one_of(
    st.text(max_size=20), st.booleans(), st.none(), st.lists(st.text(max_size=5), max_size=2), st.just("本次签署"),
    st.sampled_from(["true", "是", "2026-03-02", "演示甲"]),
)  # fmt: skip


# -- pure: the table and the rule -----------------------------------------------------------------------------------


def test_every_mapped_field_is_a_field_of_its_type_and_answers_a_reusable_element():
    types = {t["id"]: t["fields"] for t in declared()}
    for type_id, fields in certified.types().items():
        assert set(fields) <= set(types[type_id]), type_id
        for element in fields.values():
            assert elements()[element].reusable, (type_id, element)
    for element in certified.of_the_licence_itself().values():
        assert elements()[element].reusable, element


@settings(deadline=None)
@given(known=st.dictionaries(st.sampled_from(sorted(elements())), SAID, max_size=40), word=st.sampled_from(WORDS))
def test_whatever_is_known_no_promise_signature_or_consent_is_filled_in(known, word):
    specs = [field(name) for name in elements()] + [field("occupation", name=f"本人{word}以上属实")]
    everything = {name: application_form.Known(value, "来自别处") for name, value in known.items()}
    everything |= {name: application_form.Known("本次签署", "来自别处") for name in (*PROMISES, "occupation")}
    shown = application_form.asked(specs, {}, known=everything)
    assert len(PROMISES) == 8
    for asked in shown:
        if asked.spec.element in PROMISES or word in asked.spec.name or not elements()[asked.spec.element].reusable:
            assert (asked.value, asked.source) == (None, ""), asked.spec.element


@given(said=st.text(max_size=30), name=st.sampled_from(PROMISES))
def test_no_certificate_answers_a_promise(said, name):
    assert certified.answer(field(name), said, today=TODAY) is None


@pytest.mark.parametrize(
    ("element", "said", "kept"),
    [
        ("gender", "男", "1"), ("ethnic_group", "鄂温克族", "45"), ("birth_date", "1990年1月2日", "1990-01-02"),
        ("birth_date", "1990年2月31日", None), ("real_estate_area", "88.5平方米", "88.5"), ("real_estate_area", "约九十", None),
        ("food_business_type", "餐饮服务经营者", "餐饮服务经营者"), ("food_business_type", "大饭店", None),
        ("disability_type", "肢体、听力", ["肢体", "听力"]), ("disability_type", "肢体、不详", None),
        ("marriage_date", "2999年1月1日", "2999-01-01"), ("applicant_signature", "演示甲", None), ("application_reason", "想办", None),
    ],
)  # fmt: skip
def test_what_a_certificate_says_is_kept_as_the_field_keeps_it_or_not_at_all(element, said, kept):
    spec = field(element)
    expected = None if kept is None or spec.check(kept, values={}, today=TODAY) else kept
    assert certified.answer(spec, said, today=TODAY) == expected


# -- with a database ------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db):
    return standing.cast(standing.SITUATED, standing.FOR_FIRMS)


def form_of(cast, elements_asked, item=standing.SITUATED):
    """The item again, its one form asking for exactly these elements."""
    said = standing.reference(item)
    form = next(m for m in said["materials"] if m.get("form_fields"))
    fields = [
        {"element": e, "name": elements()[e].name, "type": elements()[e].type, "required": False} for e in elements_asked
    ]  # fmt: skip
    materials = [{**form, "form_fields": fields}, *(m for m in said["materials"] if not m.get("form_fields"))]
    cast.items[item] = standing.republish(cast.items[item], {**said, "materials": materials}, at=standing.MONDAY)


def issued(cast, type_id, values, *, who="citizen", firm=False, at=None):
    with transaction.atomic():
        return certificates.issue(
            type_id=type_id, person=None if firm else cast.persons[who], enterprise=cast.firm if firm else None,
            issuer=cast.orgs["department"], values=values, subject=("cases.Case", "x"), by=cast.reviewer,
            at=at or clock.now(),
        )  # fmt: skip


def shown(case, by):
    case = Case.objects.select_related("version").get(pk=case.pk)
    return {f.name: f for g in apply_page.form_groups(case, by=by) for f in g.fields}


def test_an_answer_from_a_certificate_names_the_certificate_and_its_day_and_may_be_changed(cast):
    form_of(cast, ["ethnic_group", "household_address", "education_level"])
    issued(cast, "ec_id_card", {"民族": "鄂温克族", "住址": "演示苏木 2 号"})
    case = standing.draft(cast)
    boxes, today = shown(case, cast.citizen), clock.local_day(clock.now())
    assert boxes["ethnic_group"].value == "45"
    assert (
        boxes["household_address"].source
        == f"来自《居民身份证》（演示住建局，{today.year}年{today.month}月{today.day}日签发），请核对"
    )
    assert not boxes["education_level"].value
    assert "来自《居民身份证》" in str(boxes["household_address"].html)
    actions.save_form(case_id=case.pk, values={"household_address": "另一处"}, by=cast.citizen, at=standing.MONDAY)
    assert (shown(case, cast.citizen)["household_address"].value, shown(case, cast.citizen)["household_address"].source) == ("另一处", "")  # fmt: skip


@pytest.mark.parametrize("verb", ["revoke", "cancel", "suspend", "withdraw"])
def test_what_is_not_in_force_fills_in_nothing(cast, verb):
    form_of(cast, ["household_address"])
    card = issued(cast, "ec_id_card", {"住址": "演示苏木 2 号"})
    case = standing.draft(cast)
    assert shown(case, cast.citizen)["household_address"].value
    getattr(certificates, verb)(certificate_id=card.pk, reason="演示理由，写得清楚", by=cast.reviewer, at=clock.now())
    assert not shown(case, cast.citizen)["household_address"].value


def test_what_has_expired_fills_in_nothing_and_two_houses_name_none(cast):
    form_of(cast, ["practice_place", "real_estate_location"])
    issued(cast, "ec_nurse_practice", {"执业地点": "演示医院"}, at=clock.now() - timedelta(days=366 * 6))
    issued(cast, "ec_property", {"坐落": "甲街 1 号"})
    case = standing.draft(cast)
    boxes = shown(case, cast.citizen)
    assert not boxes["practice_place"].value
    assert boxes["real_estate_location"].value == "甲街 1 号"
    issued(cast, "ec_property", {"坐落": "乙街 2 号"})
    assert not shown(case, cast.citizen)["real_estate_location"].value


def test_the_licence_the_matter_grants_answers_for_the_number_of_the_old_licence(cast):
    form_of(cast, ["licence_no", "licence_valid_until"], item=standing.FOR_FIRMS)
    kind = cast.items[standing.FOR_FIRMS].version.elements.result.ecert_type_id
    old, other = issued(cast, kind, {}, firm=True), issued(cast, "ec_business_licence", {}, firm=True)
    case = actions.start(
        item=cast.items[standing.FOR_FIRMS], by=cast.citizen, at=clock.now(), person=cast.persons["citizen"],
        enterprise=cast.firm,
    )  # fmt: skip
    assert shown(case, cast.citizen)["licence_no"].value == old.serial
    assert other.serial != old.serial or other.type_id != old.type_id


def test_other_people_an_agent_and_a_counter_fill_in_nothing_from_a_certificate_that_was_not_called(cast):
    form_of(cast, ["household_address", "ethnic_group"])
    card = issued(cast, "ec_id_card", {"住址": "演示苏木 2 号", "民族": "鄂温克族"})
    assert not shown(standing.draft(cast, who="stranger"), cast.stranger)["household_address"].value
    now = clock.now()
    asked = identity.ask_entrustment(
        agent=cast.persons["agent"], principal=cast.persons["citizen"], purpose="申请办理", signature=cast.citizen.name,
        until=clock.local_day(now) + timedelta(days=9), may_use_certificates=True, by=cast.citizen, at=now,
    )  # fmt: skip
    identity.confirm_entrustment(entrustment_id=asked.pk, by=cast.agent, at=now)
    case = actions.start(item=cast.items[standing.SITUATED], by=cast.agent, at=now, entrustment=asked)
    assert not shown(case, cast.agent)["household_address"].value
    assert not shown(case, cast.clerk)["household_address"].value
    assert shown(case, cast.citizen)["household_address"].value
    CaseMaterial.objects.create(
        case=case, material_id="m02", name="身份证", source="certificate", certificate_id=card.pk, consented_at=now, added_at=now
    )  # fmt: skip
    assert shown(case, cast.agent)["household_address"].value == "演示苏木 2 号"


def test_an_earlier_case_full_of_promises_promises_nothing_in_the_next(cast):
    form_of(cast, list(elements()))
    first = standing.filled(cast)
    promised = dict.fromkeys(PROMISES, "本次签署") | {"truth_commitment": True}
    Case.objects.filter(pk=first.pk).update(
        form={**dict.fromkeys(elements(), "演示"), **promised},
        state="submitted",
        number="D1",
        submitted_at=standing.MONDAY,
    )
    for type_id in certified.types():
        kind = certificates.ECertType.objects.get(pk=type_id)
        if kind.holder_kind != "legal":
            issued(cast, type_id, dict.fromkeys(kind.fields, "本次签署"))
    boxes = shown(standing.draft(cast), cast.citizen)
    filled = {name for name, box in boxes.items() if box.value}
    assert "occupation" in filled
    assert not filled & set(PROMISES)
    assert all(elements()[name].reusable for name in filled)
