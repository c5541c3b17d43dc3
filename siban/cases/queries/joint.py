"""Who applies together: beside a case, and for the person who is asked."""

from dataclasses import dataclass
from uuid import UUID

from siban.cases import joint
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_joint import CoApplicant
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

from .case_page import answers_shown

State = CoApplicant.State
TONES = {State.ASKED: "amber", State.AGREED: "green", State.REFUSED: "red"}
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
    is_changed: bool
    answers: tuple[tuple[str, str], ...]
    may_agree_to_withdraw: bool


def of_person(by: Actor) -> list[Invitation]:
    """Newest first."""
    rows = (
        CoApplicant.objects.of_person(by.person_id)
        .select_related("case__org", "case__item", "case__version")
        .order_by("-asked_at", "-id")[:SHOWN]
        if by.person_id
        else CoApplicant.objects.none()
    )
    return [_invitation(row) for row in rows]


def _invitation(r: CoApplicant) -> Invitation:
    """What waits for an answer shows what is applied for, masked; what was changed since the answer waits again."""
    case, agreed = r.case, r.state == State.AGREED
    stale = agreed and r.seen_by_id is None and r.fingerprint not in ("", joint.fingerprint(case.form, case.answers))
    changed = stale and case.state in ("draft", "correcting")
    awaits = changed or (r.state == State.ASKED and case.state == "draft")
    return Invitation(
        r.pk, case.title, case.item.impl_code, case.org.name, case.applicant_name, (case.number or "") if agreed else "",
        CASE_FLOW.label(case.state) if agreed else r.get_state_display(), awaits, changed,
        tuple(hidden(case)) if awaits else (),
        agreed and not r.agrees_to_withdraw and case.state in CASE_FLOW.moves["withdraw"].sources,
    )  # fmt: skip


def hidden(case: Case) -> list[tuple[str, str]]:
    """The form as another of the applicants sees it: numbers and sensitive answers masked."""
    shown = []
    for a in answers_shown(case):
        if codes.citizen.check(a.answer) is None:
            said = codes.citizen.masked(a.answer)
        elif codes.phone.check(a.answer) is None:
            said = codes.phone.masked(a.answer)
        else:
            said = "******" if a.is_sensitive and a.answer else a.answer
        shown.append((a.name, said or "（没有填）"))
    return shown
