"""Using a certificate in place of a paper: only the holder's, only the right one, only in force, always traced."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from siban.certificates import api
from siban.kernel import journal
from siban.kernel.flow import Refused

from .conftest import AT, SUBJECT, Cast, issued


def call(cast: Cast, cert: api.ECert, **changed: Any) -> api.ECert:
    said: dict[str, Any] = {
        "certificate_id": cert.pk, "type_id": cert.type_id, "holder_person_id": cert.person_id,
        "holder_enterprise_id": cert.enterprise_id, "purpose": "办理演示事项，替代材料“食品经营许可证”", "subject": SUBJECT,
        "by": cast.citizen, "at": AT + timedelta(hours=1),
    }  # fmt: skip
    return api.use(**{**said, **changed})


def test_a_use_leaves_a_trace_and_a_journal_row(cast: Cast, cert: api.ECert) -> None:
    assert call(cast, cert) == cert
    [trace] = cert.uses.all()
    assert (trace.actor_id, trace.subject_type, trace.subject_id) == (cast.citizen.id, *SUBJECT)
    assert trace.purpose.startswith("办理演示事项")
    row = journal.timeline(cert).last()
    assert (row.move, row.law, row.note) == ("use", "国务院令第716号", trace.purpose)


def test_only_the_holders_own_certificate_can_be_used(cast: Cast, cert: api.ECert) -> None:
    company = issued(cast, person=None, enterprise=cast.enterprise)
    wrong: list[tuple[api.ECert, dict[str, Any]]] = [
        (cert, {"holder_person_id": cast.stranger_person.pk}),
        (cert, {"holder_person_id": None}),
        (cert, {"holder_person_id": None, "holder_enterprise_id": cast.enterprise.pk}),
        (company, {"holder_enterprise_id": None, "holder_person_id": cast.citizen_person.pk}),
        (cert, {"certificate_id": cast.office.pk}),
    ]
    for one, changed in wrong:
        with pytest.raises(Refused, match="没有找到申请人持有"):
            call(cast, one, **changed)
    assert not api.ECertUse.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"type_id": "ec_business_licence"}, "不是“食品经营许可证”"),
        ({"purpose": " "}, "使用事由"),
        ({"purpose": "字" * 201}, "200 字"),
        ({"at": datetime(2031, 3, 2, 2, tzinfo=UTC)}, "已过期"),
        ({"at": datetime(2026, 3, 1, 2, tzinfo=UTC)}, "尚未生效"),
    ],
)
def test_a_use_is_refused_with_its_reason(cast: Cast, cert: api.ECert, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        call(cast, cert, **changed)
    assert not cert.uses.exists()


@pytest.mark.parametrize("verb", ["revoke", "cancel", "suspend", "withdraw"])
def test_what_is_not_in_force_is_neither_offered_nor_usable(cast: Cast, cert: api.ECert, verb: str) -> None:
    getattr(api, verb)(certificate_id=cert.pk, reason="演示理由，写得清楚", by=cast.reviewer, at=AT)
    assert api.held_by(person_id=cert.person_id, type_ids=[cert.type_id], on=AT.date()) == []
    with pytest.raises(Refused, match="不能调用"):
        call(cast, cert)


def test_held_by_gives_the_holders_valid_certificates_of_the_types_asked_for(cast: Cast, cert: api.ECert) -> None:
    company = issued(cast, person=None, enterprise=cast.enterprise)
    kinds, day = ["ec_food_business", "ec_food_workshop"], AT.date()
    assert api.held_by(person_id=cast.citizen_person.pk, type_ids=kinds, on=day) == [cert]
    assert api.held_by(enterprise_id=cast.enterprise.pk, type_ids=kinds, on=day) == [company]
    assert api.held_by(person_id=cast.stranger_person.pk, type_ids=kinds, on=day) == []
    assert api.held_by(person_id=cast.citizen_person.pk, type_ids=["ec_id_card"], on=day) == []
    assert api.held_by(person_id=cast.citizen_person.pk, type_ids=kinds, on=date(2031, 3, 2)) == []
    assert api.held_by(type_ids=kinds, on=day) == []


def test_each_actor_sees_just_the_certificates_that_are_theirs_to_see(cast: Cast, cert: api.ECert) -> None:
    company = issued(cast, person=None, enterprise=cast.enterprise)
    other = issued(cast, issuer=cast.neighbour, person=cast.stranger_person)
    seen = {
        name: set(api.ECert.objects.visible_to(getattr(cast, name)))
        for name in ("citizen", "stranger", "reviewer", "neighbour_reviewer", "bureau", "far_bureau", "clerk")
    }
    assert seen == {
        "citizen": {cert, company}, "stranger": {other}, "reviewer": {cert, company}, "neighbour_reviewer": {other},
        "bureau": {cert, company, other}, "far_bureau": set(), "clerk": set(),
    }  # fmt: skip
