"""Taking in a whole application at once, as business systems send it, in one statement.

The same guards, clocks, journal rows and listeners as the step-by-step path; only the writing is set-based. A test
takes the same application both ways and compares the rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases import access, forms, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, CaseMaterial
from siban.catalog.api import ImplementationItem, OpenItem
from siban.identity.api import Enterprise, Person
from siban.kernel import together
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile, Term
from siban.kernel.together import Batch

from . import clocks, drafting
from .submission import number_for


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: a person, or an enterprise, perhaps through a person."""

    person: Person | None = None
    enterprise: Enterprise | None = None


@dataclass(frozen=True, slots=True)
class MaterialIn:
    """What comes with the application: a stored file, or the paper seen at the counter when there is none."""

    material_id: str
    file_id: UUID | None = None


def take_in(
    *,
    item: ImplementationItem | OpenItem,
    applicant: Applicant,
    answers: Mapping[str, str],
    form: Mapping[str, Any],
    materials: Sequence[MaterialIn],
    token: UUID,
    by: Actor,
    at: datetime,
    also: Callable[[Case], Sequence[Batch]] = lambda case: (),
    owner: UUID | None = None,
) -> Case:
    """Create, hand in and, where a counter may (收件即受理), accept an application: one statement, whole or not at all.

    Args:
        item: with its columns; the version need not be loaded.
        owner: whose stored files may be handed in; the acting person's own when left out.
        also: further rows to be written in the same statement (the answer kept under an idempotency key).

    Raises:
        FormInvalid: fields are missing or wrong; nothing is kept then.
        Refused: the item is not offered to this applicant, the situation is open, or a material is not on the list.
        IntegrityError: an application with this token is there already.
    """
    case = drafting.fresh(
        item=item, by=by, at=at, person=applicant.person, enterprise=applicant.enterprise, token=token
    )
    drafting.with_answers(case, answers, on=local_day(at))
    drafting.with_form(case, form)
    case.papers_in = _handed_in(case, materials, owner=owner or by.id, by=by, at=at)
    asked = {f.element for m in case.form_materials() for f in m.form_fields}
    case.form |= rules.settled(asked, delivery=case.delivery, address=case.mail_address, day=local_day(at))
    forms.require_valid(case, today=local_day(at))

    walk = CASE_FLOW.walk(case, by=by, at=at, law="行政许可法第二十九条")
    with walk.step("submit"):
        case.number, case.submitted_at = number_for(case.region_id, at), at
    terms = _clocks(case, walk, by=by, at=at)
    batches: list[Batch] = [(Case, [case]), (CaseMaterial, case.papers_in), (Term, terms), *also(case)]
    if not (files := [m.file_id for m in case.papers_in if m.file_id]):
        together.insert_together(batches, walk.rows)
        return case
    with transaction.atomic():  # a file belongs to one case
        together.insert_together(batches, walk.rows)
        StoredFile.objects.filter(pk__in=files).update(subject_type="cases.Case", subject_id=str(case.pk))
    return case


def _clocks(case: Case, walk: Any, *, by: Actor, at: datetime) -> list[Term]:
    """Accepted on the spot: both clocks; else the five days of the counter."""
    calendar, day, item = calendar_for(case.region_id), local_day(at), case.elements
    on_receipt = item.accept_on_receipt and item.authorisation_letter and access.counter(by, case)
    if not on_receipt or case.missing_materials():
        return [clocks.receipt_term(case, on=day, at=at, calendar=calendar)]
    with walk.step("accept"):
        case.accepted_at = at
        return clocks.acceptance_terms(case, on=day, at=at, calendar=calendar)


def _handed_in(
    case: Case, materials: Sequence[MaterialIn], *, owner: UUID | None, by: Actor, at: datetime
) -> list[CaseMaterial]:
    """The rows of what came with it; paper only from a counter, files only those not yet given to another case."""
    wanted = {m.file_id for m in materials if m.file_id}
    stored = (
        {f.pk: f for f in StoredFile.objects.filter(pk__in=wanted, subject_id="", owner_id=owner)}
        if wanted and owner is not None
        else {}
    )
    rows = []
    for handed in materials:
        material = drafting.material_of(case, handed.material_id)
        if handed.file_id is None and not access.counter(by, case):
            raise Refused("只有窗口人员可以登记收取的纸质材料。")
        if handed.file_id is not None and handed.file_id not in stored:
            raise Refused(f"“{material.name}”的文件没有找到。请先上传文件，再用它的标识提交申请。")
        source = CaseMaterial.Source.UPLOAD if handed.file_id else CaseMaterial.Source.PAPER
        rows.append(
            CaseMaterial(
                id=uuid7(),
                case_id=case.pk,
                material_id=material.id,
                name=material.name,
                source=source,
                file_id=handed.file_id,
                added_at=at,
            )
        )
    return rows
