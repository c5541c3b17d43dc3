"""共同申请人: asked by the applicant or entered by the counter, answered by the person, let go again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from siban.cases import access
from siban.cases.models import Case
from siban.cases.models_joint import CoApplicant
from siban.cases.rules_joint import MOST, RULE
from siban.exchange import api as exchange
from siban.identity.api import Person
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused

State = CoApplicant.State


@transaction.atomic
def add_co_applicant(
    *, case_id: UUID, person: Person, is_present: bool = False, by: Actor, at: datetime
) -> CoApplicant:
    """Ask a person to apply together; who stands at the counter with the clerk has agreed at once.

    Raises:
        Refused: not one's own draft, an enterprise's, the applicant, too many, or known already.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not access.applicant_or_counter(by, case):
        raise Refused(f"您不能在这个申请里加共同申请人。{access.applicant_or_counter.__doc__}")
    if case.state != "draft":
        raise Refused("申请已经提交，不能再加共同申请人。要增加的，请撤回后重新申请。")
    if case.enterprise_id is not None:
        raise Refused("单位申请的事项没有共同申请人。")
    if person.pk == case.person_id:
        raise Refused("申请人本人不用再加为共同申请人。")
    there = CoApplicant.objects.filter(case=case).exclude(state=State.REMOVED)
    if there.filter(person=person).exists():
        raise Refused(f"{person.name}已经在这个申请里了。")
    if there.count() >= MOST:
        raise Refused(f"最多加 {MOST} 个共同申请人。人数更多的，请到窗口办理。")
    agreed = is_present and by.is_staff
    made = CoApplicant.objects.create(
        case=case, person=person, state=State.AGREED if agreed else State.ASKED, asked_at=at,
        answered_at=at if agreed else None, seen_by_id=by.account_id if agreed else None,
    )  # fmt: skip
    if not case.is_joint:
        case.is_joint = True
        case.save(update_fields=["is_joint"])
    journal.write(subject=case, move="add_co_applicant", by=by, at=at, law=RULE, facts={"present": agreed})
    if not agreed:
        _tell(
            case,
            person,
            "请您同意共同申请",
            f"{by.name}请您共同申请“{case.title}”。请登录后查看，同意或者不同意。",
            at,
        )
    return made


@transaction.atomic
def answer_co_application(*, row_id: UUID, agrees: bool, by: Actor, at: datetime) -> CoApplicant:
    """The person who was asked agrees or not. Raises Refused, CoApplicant.DoesNotExist for anybody else."""
    row = _own(row_id, by)
    if row.state != State.ASKED or row.case.state != "draft":
        raise Refused("这次邀请已经答复过，或者申请已经提交。")
    row.state, row.answered_at = State.AGREED if agrees else State.REFUSED, at
    row.save(update_fields=["state", "answered_at"])
    journal.write(
        subject=row.case, move="agree_to_apply" if agrees else "refuse_to_apply", by=by, at=at, law=RULE
    )  # fmt: skip
    if row.case.person:
        said = "同意" if agrees else "没有同意"
        _tell(row.case, row.case.person, f"共同申请人{said}", f"{by.name}{said}共同申请“{row.case.title}”。", at)
    return row


@transaction.atomic
def agree_to_withdraw(*, row_id: UUID, by: Actor, at: datetime) -> CoApplicant:
    """A co-applicant agrees that the application is taken back. Raises as `answer_co_application`."""
    row = _own(row_id, by)
    if row.state != State.AGREED:
        raise Refused("您不是这个申请的共同申请人。")
    row.agrees_to_withdraw = True
    row.save(update_fields=["agrees_to_withdraw"])
    journal.write(subject=row.case, move="agree_to_withdraw", by=by, at=at, law=RULE)
    return row


@transaction.atomic
def remove_co_applicant(*, row_id: UUID, by: Actor, at: datetime) -> CoApplicant:
    """Let go of somebody before the application is handed in. Raises Refused, CoApplicant.DoesNotExist."""
    row = CoApplicant.objects.select_for_update(of=("self",)).select_related("case").get(pk=row_id)
    if not access.applicant_or_counter(by, row.case) or row.case.state != "draft":
        raise Refused("只有申请人在提交以前可以移除共同申请人。")
    row.state, row.answered_at = State.REMOVED, at
    row.save(update_fields=["state", "answered_at"])
    journal.write(subject=row.case, move="remove_co_applicant", by=by, at=at, law=RULE)
    return row


def _own(row_id: UUID, by: Actor) -> CoApplicant:
    rows = CoApplicant.objects.select_for_update(of=("self",)).select_related("case__person")
    return rows.get(pk=row_id, person_id=by.person_id, person__isnull=False)


def _tell(case: Case, person: Person, title: str, body: str, at: datetime) -> None:
    exchange.tell(
        to=[exchange.to_person(person.pk)], event=f"joint:{case.pk}:{person.pk}:{at.isoformat()}", kind="case.joint", title=title,
        body=body, link=reverse("my-joint"), subject=("cases.Case", str(case.pk)), region_code=case.region_id, by=SYSTEM, at=at,
        law=RULE,
    )  # fmt: skip
