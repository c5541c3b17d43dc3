"""What a visit looks like: who is here, every item under way with what it still wants, what waits set aside."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from siban.cases import rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_counter import CounterVisit, MaterialCheck
from siban.cases.visiting import VisitState
from siban.kernel.actor import Actor
from siban.kernel.models import Paper
from siban.kernel.ui.parts import Lamp

from . import wording
from .names import masked_name

EDITABLE = ("draft", "correcting")
SHOWN = 20
FAILED_HERE = (MaterialCheck.Stage.COUNTER, MaterialCheck.Verdict.NOT_OK)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the visit: where it stands and what it still wants."""

    case_id: UUID
    title: str
    number: str
    lamp: Lamp
    wants: tuple[str, ...]
    provided: int
    asked: int
    is_open: bool
    is_ready: bool
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """A draft or correction of this person that this counter may go on with."""

    case_id: UUID
    title: str
    state: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class VisitPage:
    """The answer to the page's question: who is here and how far are we?"""

    id: UUID
    name: str
    firm: str
    number: str
    began_at: datetime
    lines: tuple[Line, ...]
    earlier: tuple[Earlier, ...]

    @property
    def ready(self) -> list[UUID]:
        return [line.case_id for line in self.lines if line.is_ready]

    @property
    def unfinished(self) -> int:
        return sum(line.is_open for line in self.lines)

    @property
    def handed_in(self) -> bool:
        return any(line.number for line in self.lines)


def masked_id(number: str) -> str:
    """First three and last four of a citizen number."""
    return f"{number[:3]}{'*' * max(len(number) - 7, 0)}{number[-4:]}" if number else ""


def serving(by: Actor) -> CounterVisit | None:
    """The visit this clerk is in the middle of."""
    return CounterVisit.objects.served_by(by).select_related("person", "enterprise").first()


def serves(by: Actor, case_id: UUID) -> CounterVisit | None:
    """The visit under way, when this case is part of it: only then may its contents be on the screen."""
    found = CounterVisit.objects.served_by(by).filter(lines__case_id=case_id)
    return found.select_related("person", "enterprise").first()


def visit_page(
    visit: CounterVisit, *, by: Actor, on: date, here: UUID | None = None, with_earlier: bool = True
) -> VisitPage:
    """Every item of a visit as it stands on a day; a fixed number of statements however many there are."""
    cases = (
        Case.objects.filter(visit_lines__visit=visit)
        .select_related("version", "item", "person", "enterprise")
        .prefetch_related("materials__file", "material_checks")
        .order_by("visit_lines__added_at", "visit_lines__id")
    )
    lines = tuple(_line(case, here=here, on=on) for case in cases)
    return VisitPage(
        id=visit.pk,
        name=visit.person.name,
        firm=visit.enterprise.name if visit.enterprise else "",
        number=masked_id(visit.person.id_number),
        began_at=visit.began_at,
        lines=lines,
        earlier=_earlier(visit, by, {line.case_id for line in lines}) if with_earlier else (),
    )


def settle_form(case: Case, *, on: date) -> None:
    """Fill in, for reading only, what the act of handing in answers itself (the day, how it is delivered)."""
    asked = {f.element for m in case.form_materials() for f in m.form_fields}
    case.form = {**case.form, **rules.settled(asked, delivery=case.delivery, address=case.mail_address, day=on)}


def _line(case: Case, *, here: UUID | None, on: date) -> Line:
    case.__dict__["papers_in"] = list(case.materials.all())  # prefetched: one statement for all items
    is_open = case.state in EDITABLE
    settle_form(case, on=on)
    wanted = [m for m in case.wanted() if m.necessity == "required"]
    missing = case.missing_materials() if is_open else []
    wants: list[str] = []
    if is_open:
        if case.open_question():
            wants.append("情形没有选定")
        if empty := case.unfilled_fields():
            wants.append(f"申请表还有 {len(empty)} 项没有填")
        failed = sorted({c.material_id for c in case.material_checks.all() if (c.stage, c.verdict) == FAILED_HERE})
        if failed:
            wants.append(f"{len(failed)} 份材料有不符合的审查要点")
        if missing:
            wants.append(f"缺 {len(missing)} 份材料")
    ready = is_open and not wants
    if is_open:
        lamp = Lamp("green", "可以提交") if ready else Lamp("amber", "还没有齐")
    else:
        lamp = Lamp(wording.state_tone(case.state), CASE_FLOW.label(case.state))
    return Line(
        case.pk, case.title, case.number or "", lamp, tuple(wants), len(wanted) - len(missing), len(wanted),
        is_open, ready, case.pk == here,
    )  # fmt: skip


def _earlier(visit: CounterVisit, by: Actor, here: set[UUID]) -> tuple[Earlier, ...]:
    rows = (
        Case.objects.visible_to(by)
        .filter(
            Q(state="draft", received_org_id=by.org_id) | Q(state="correcting"),
            person=visit.person,
            enterprise=visit.enterprise,
        )
        .exclude(pk__in=here)
        .order_by("-saved_at", "-id")
        .values_list("id", "title", "state", "saved_at", "created_at")
    )
    return tuple(
        Earlier(pk, title, CASE_FLOW.label(state), saved or made) for pk, title, state, saved, made in rows[:SHOWN]
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visit set aside: the name is hidden, another visitor may be looking."""

    id: UUID
    name: str
    items: int
    parked_by: str
    parked_at: datetime
    is_mine: bool


def waiting(by: Actor) -> tuple[Waiting, ...]:
    """Visits set aside at this counter, by whom and since when; latest first."""
    rows = (
        CounterVisit.objects.at_counter_of(by)
        .filter(state=VisitState.PARKED)
        .annotate(items=Count("lines"))
        .order_by("-parked_at", "-id")
        .values_list("id", "person__name", "enterprise__name", "items", "parked_by__name", "parked_at", "parked_by_id")
    )
    return tuple(
        Waiting(pk, masked_name(name) + (f"（{firm}）" if firm else ""), items, who, at, mine == by.account_id)
        for pk, name, firm, items, who, at, mine in rows[:SHOWN]
    )


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One item on the sheet of receipts."""

    number: str
    title: str
    state: str
    office: str
    phones: str
    received_at: datetime
    limit: str
    delivery: str
    papers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """本次办理凭证: everything that was handed in during a visit."""

    name: str
    number: str
    firm: str
    lines: tuple[SheetLine, ...]


def visit_sheet(visit: CounterVisit) -> Sheet:
    """What was handed in, with the numbers of its statutory papers; two statements and the person."""
    cases = list(
        Case.objects.filter(visit_lines__visit=visit, number__isnull=False)
        .select_related("version", "org")
        .order_by("visit_lines__added_at", "visit_lines__id")
    )
    numbers: dict[str, list[tuple[str, str]]] = {}
    found = Paper.objects.filter(subject_type="cases.Case", subject_id__in=[str(c.pk) for c in cases])
    for subject, title, number in found.order_by("issued_at", "id").values_list("subject_id", "title", "number"):
        numbers.setdefault(subject, []).append((title, number))
    return Sheet(
        name=visit.person.name,
        number=masked_id(visit.person.id_number),
        firm=visit.enterprise.name if visit.enterprise else "",
        lines=tuple(
            SheetLine(
                c.number or "", c.title, CASE_FLOW.label(c.state), c.org.name, "、".join(c.elements.consult_phones),
                c.submitted_at or c.created_at, c.elements.limit_for(c.answers).words, c.get_delivery_display(),
                tuple(numbers.get(str(c.pk), ())),
            )
            for c in cases
        ),
    )  # fmt: skip
