"""Who applies together: beside a case, and for the person who is asked."""

from dataclasses import dataclass
from uuid import UUID

from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_joint import CoApplicant
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

State = CoApplicant.State
TONES = {State.ASKED: "yellow", State.AGREED: "green", State.REFUSED: "red"}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Together:
    """One co-applicant as the applicant sees them: number masked."""

    id: UUID
    name: str
    number: str
    lamp: Lamp
    is_present: bool


def of_case(case: Case) -> list[Together]:
    rows = case.co_applicants.exclude(state=State.REMOVED).select_related("person")
    return [
        Together(
            r.pk, r.person.name, codes.citizen.masked(r.person.id_number), Lamp(TONES[State(r.state)], r.get_state_display()),
            r.seen_by_id is not None,
        )
        for r in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one is asked for, or takes part in."""

    id: UUID
    title: str
    code: str
    office: str
    applicant: str
    number: str
    state: str
    awaits_me: bool
    may_agree_to_withdraw: bool


def of_person(by: Actor) -> list[Invitation]:
    """Newest first."""
    rows = (
        CoApplicant.objects.of_person(by.person_id)
        .select_related("case__org", "case__item")
        .order_by("-asked_at", "-id")[:SHOWN]
        if by.person_id
        else CoApplicant.objects.none()
    )
    return [
        Invitation(
            r.pk, r.case.title, r.case.item.impl_code, r.case.org.name, r.case.applicant_name,
            (r.case.number or "") if r.state == State.AGREED else "",
            CASE_FLOW.label(r.case.state) if r.state == State.AGREED else r.get_state_display(),
            r.state == State.ASKED and r.case.state == "draft",
            r.state == State.AGREED and not r.agrees_to_withdraw
            and "withdraw" in {m.name for m in CASE_FLOW.moves.values() if r.case.state in m.sources},
        )
        for r in rows
    ]  # fmt: skip
