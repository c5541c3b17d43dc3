"""Taking in a whole application at once, as business systems send it: draft, answers, form, materials, handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases.flow import CaseState
from siban.cases.models import Case, CaseMaterial
from siban.catalog.api import ImplementationItem
from siban.identity.api import Enterprise, Person
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.models import StoredFile

from . import drafting, submission


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


@transaction.atomic
def take_in(
    *,
    item: ImplementationItem,
    applicant: Applicant,
    answers: Mapping[str, str],
    form: Mapping[str, Any],
    materials: Sequence[MaterialIn],
    token: UUID,
    by: Actor,
    at: datetime,
) -> Case:
    """Create and hand in an application in one transaction; the same token gives the same case.

    Raises:
        FormInvalid: fields are missing or wrong; nothing is kept then.
        Refused: the item is not offered to this applicant, the situation is open, or a material is not on the list.
    """
    case = drafting.start(
        item=item, by=by, at=at, person=applicant.person, enterprise=applicant.enterprise, token=token
    )
    if case.state != CaseState.DRAFT:
        return case
    if answers:
        drafting.answer(case_id=case.pk, answers=dict(answers), by=by, at=at)
    drafting.save_form(case_id=case.pk, values=dict(form), by=by, at=at)
    for handed in materials:
        if handed.file_id is None:
            drafting.note_paper(case_id=case.pk, material_id=handed.material_id, by=by, at=at)
        else:
            _attach(case, handed, by=by, at=at)
    return submission.submit(case_id=case.pk, by=by, at=at)


def _attach(case: Case, handed: MaterialIn, *, by: Actor, at: datetime) -> None:
    material = drafting.material_of(case, handed.material_id)
    stored = StoredFile.objects.filter(pk=handed.file_id, subject_id__in=("", str(case.pk))).first()
    if stored is None:
        raise Refused(f"“{material.name}”的文件没有找到。请先上传文件，再用它的标识提交申请。")
    CaseMaterial.objects.create(
        case=case,
        material_id=material.id,
        name=material.name,
        source=CaseMaterial.Source.UPLOAD,
        file=stored,
        added_at=at,
    )
