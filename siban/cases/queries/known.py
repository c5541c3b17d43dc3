"""What is known already of the answers to a form: each with its source and the day it is from, for the person to check."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from siban.cases.application_form import Known
from siban.cases.models import Case, CaseMaterial
from siban.catalog.api import FieldSpec, certified
from siban.certificates import api as certificates
from siban.identity.api import Enterprise, Person
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.codes import citizen
from siban.kernel.codes.errors import CodeError

from . import wording

EARLIER = 5  # so many earlier cases are looked through for answers
MOST = 100  # so many certificates


def known_answers(case: Case, by: Actor, *, specs: Sequence[FieldSpec], today: date) -> dict[str, Known]:
    """Answers we have already: of the applicant's own record first, then of certificates in force, then of earlier cases."""
    found = _of_earlier_cases(case, by) | _of_certificates(case, by, specs=specs, today=today)
    own = _of_enterprise(case.enterprise) if case.enterprise else _of_person(case.person)
    return found | {name: Known(value, source) for name, (value, source) in own.items() if value}


def _of_earlier_cases(case: Case, by: Actor) -> dict[str, Known]:
    found: dict[str, Known] = {}
    earlier = (
        Case.objects.visible_to(by)
        .filter(submitted_at__isnull=False, enterprise=case.enterprise, applicant_id_number=case.applicant_id_number)
        .exclude(pk=case.pk)
        .order_by("-submitted_at", "-id")
        .values_list("form", "title", "submitted_at")
    )[:EARLIER]
    for form, title, submitted_at in earlier:
        source = f"来自您 {wording.day(local_day(submitted_at))}的“{title}”申请，请核对"
        for name, value in form.items():
            if value not in (None, "", [], False):
                found.setdefault(name, Known(value, source))
    return found


def _of_certificates(case: Case, by: Actor, *, specs: Sequence[FieldSpec], today: date) -> dict[str, Known]:
    """What certificates in force say. The applicant's side sees its own; an agent and a counter those called for this case.

    Where several certificates of one kind say different things (two houses, two cars), nothing is taken from them.
    """
    asked = {spec.element: spec for spec in specs if spec.reusable and not spec.is_given_now}
    renewed = case.elements.result.ecert_type_id if asked.keys() & certified.of_the_licence_itself().values() else None
    types = {t for t, fields in certified.types().items() if asked.keys() & fields.values()} | ({renewed} - {None})
    if not types:
        return {}
    rows = certificates.held_by(
        person_id=None if case.enterprise_id else case.person_id, enterprise_id=case.enterprise_id, type_ids=types, on=today,
        most=MOST,
    )  # fmt: skip
    if rows and not _own(case, by):
        called = _called(case)
        rows = [row for row in rows if row.pk in called]
    said: dict[str, dict[str, list[Known]]] = {}
    for row in rows:
        source = f"来自《{row.type.name}》（{row.issuer.name}，{wording.day(row.issued_on)}签发），请核对"
        for element, text in _statements(row, itself=row.type_id == renewed):
            if element in asked and (value := certified.answer(asked[element], text, today=today)) is not None:
                said.setdefault(element, {}).setdefault(row.type_id, []).append(Known(value, source))
    found: dict[str, Known] = {}
    for element, by_type in said.items():  # newest certificate first
        agreed = [known[0] for known in by_type.values() if all(k.value == known[0].value for k in known)]
        if agreed:
            found[element] = agreed[0]
    return found


def _statements(row: Any, *, itself: bool) -> Iterable[tuple[str, str]]:
    """(data element, what the certificate says of it)."""
    for name, element in certified.fields_of(row.type_id).items():
        if name in row.values:
            yield element, str(row.values[name])
    if itself:
        facts = {"serial": row.serial, "last_day": row.last_day.isoformat() if row.last_day else ""}
        for fact, element in certified.of_the_licence_itself().items():
            yield element, facts[fact]


def _own(case: Case, by: Actor) -> bool:
    """Whether this is the applicant, or belongs to the enterprise that applies; an agent is not."""
    given = case.entrustment
    if not by.is_citizen or (given is not None and given.agent_id == by.person_id):
        return False
    return case.enterprise_id is not None or case.person_id == by.person_id


def _called(case: Case) -> set[UUID | None]:
    """Certificates that were called for this case, with consent and a trace."""
    return {p.certificate_id for p in case.papers_in if p.source == CaseMaterial.Source.CERTIFICATE}


def _of_person(person: Person | None) -> dict[str, tuple[str, str]]:
    if person is None:
        return {}
    record = f"来自您的实名信息（{wording.day(local_day(person.created_at))}登记）"
    said = {
        "applicant_name": (person.name, record),
        "applicant_id_type": (person.id_type, record),
        "applicant_id_no": (person.id_number, record),
        "mobile_phone": (person.mobile, record),
        "contact_name": (person.name, record),
        "contact_mobile": (person.mobile, record),
        "residence_address": (person.address, record),
    }
    try:
        number = citizen.parse(person.id_number)
    except CodeError:
        return said
    read_off = "由身份证号码得出"
    return said | {
        "gender": ("1" if number.sex == "男" else "2", read_off),
        "birth_date": (number.born_on.isoformat(), read_off),
    }


def _of_enterprise(firm: Enterprise) -> dict[str, tuple[str, str]]:
    record = f"来自单位登记信息（{wording.day(local_day(firm.created_at))}登记）"
    head = firm.legal_representative
    return {
        "org_name": (firm.name, record),
        "uscc": (firm.uscc, record),
        "registered_address": (firm.address, record),
        "legal_rep_name": (head.name if head else "", record),
        "legal_rep_id_no": (head.id_number if head else "", record),
    }
