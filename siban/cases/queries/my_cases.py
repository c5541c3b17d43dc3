"""What a person finds under 我的: drafts to go on with, cases under way, cases that are over."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from siban.cases.flow import CASE_FLOW, OPEN, OVER, CaseState
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Lamp

from . import wording

SHOWN = 100  # the newest of a person's cases; nobody reads further, the search by number finds the rest


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a person in a line."""

    id: UUID
    number: str
    title: str
    applicant: str
    state: Lamp
    due: Lamp | None
    owner: str
    next_step: str
    wants_me: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MyCases:
    """The page's whole answer."""

    drafts: tuple[CaseLine, ...]
    running: tuple[CaseLine, ...]
    ended: tuple[CaseLine, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.running or self.ended)


def my_cases(by: Actor, *, at: datetime) -> MyCases:
    """Cases of the person logged in; what waits for the person stands first."""
    rows = (
        Case.objects.visible_to(by)
        .exclude(state=CaseState.WITHDRAWN, number=None)
        .order_by("-created_at", "-id")
        .only(
            "id",
            "number",
            "title",
            "applicant_name",
            "state",
            "due_on",
            "delivery",
            "issued_at",
            "created_at",
            "saved_at",
            "submitted_at",
        )
    )[:SHOWN]
    today = local_day(at)
    lines = [(row.state, _line(row, today)) for row in rows]
    running = [line for state, line in lines if state in OPEN]
    return MyCases(
        drafts=tuple(line for state, line in lines if state == CaseState.DRAFT),
        running=tuple(sorted(running, key=lambda line: not line.wants_me)),
        ended=tuple(line for state, line in lines if state in OVER),
    )


def _line(row: Case, today: date) -> CaseLine:
    return CaseLine(
        id=row.pk,
        number=row.number or "",
        title=row.title,
        applicant=row.applicant_name,
        state=_state(row),
        due=wording.due_lamp(row.due_on, today) if row.due_on else None,
        owner=CASE_FLOW.owner(row.state),
        next_step=wording.next_step(row),
        wants_me=row.state == CaseState.CORRECTING,
        at=row.saved_at or row.submitted_at or row.created_at,
    )


def _state(row: Case) -> Lamp:
    """A case that ended without a result was refused, and is not shown as one that went well."""
    label = CASE_FLOW.label(row.state)
    if row.state in (CaseState.DELIVERED, CaseState.CLOSED, CaseState.ARCHIVED) and row.issued_at is None:
        return Lamp("red", f"{label}：不予许可（办理）")
    return Lamp(wording.state_tone(row.state), label)


@dataclass(frozen=True, slots=True)
class Progress:
    """What anybody who knows number and tail of the ID may learn: where it stands, nothing of what is in it."""

    number: str
    title: str
    state: Lamp
    sentence: str
    office: str
    due: Lamp | None


def progress_of(number: str, *, id_tail: str, at: datetime) -> Progress | None:
    """A case by its number and the last four characters of the applicant's ID number; None when they don't belong together."""
    tail = id_tail.strip().upper()
    if len(tail) != 4:
        return None
    row = (
        Case.objects.select_related("org", "version")
        .filter(number=number.strip(), applicant_id_number__iendswith=tail)
        .first()
    )
    if row is None:
        return None
    today = local_day(at)
    return Progress(
        row.number or "", row.title, _state(row), wording.sentence(row),
        row.org.name, wording.due_lamp(row.due_on, today) if row.due_on else None,
    )  # fmt: skip
