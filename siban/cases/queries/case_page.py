"""Everything one page says about a case: where it stands, who has it, its clocks explained, papers, what was handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from siban.cases import access, rules, rules_review
from siban.cases.flow import CASE_FLOW, DONE, OVER, CaseState
from siban.cases.forms import fields_of
from siban.cases.models import Case, CaseMaterial
from siban.identity.api import Org
from siban.kernel import journal, terms
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.models import Paper, Term
from siban.kernel.papers import papers_of
from siban.kernel.terms.actions import as_rule
from siban.kernel.ui.parts import Entry, Lamp, Step

from . import wording


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock: its lamp, its due day and the calculation, line by line."""

    kind: str
    name: str
    due_on: date | None
    lamp: Lamp
    is_running: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A statutory paper to be opened or printed."""

    id: UUID
    kind: str
    title: str
    number: str
    issued_on: date
    verify_code: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing handed in for a material."""

    id: UUID
    name: str
    source: str
    size: int
    file_id: UUID | None
    certificate_id: UUID | None
    is_rejected: bool
    added_at: datetime

    @property
    def is_certificate(self) -> bool:
        return self.certificate_id is not None


@dataclass(frozen=True, slots=True)
class MaterialShown:
    """A material of this situation and what stands for it."""

    id: str
    name: str
    necessity: str
    condition: str
    is_form: bool
    review_points: tuple[str, ...]
    handed: tuple[Handed, ...]
    findings: tuple[str, ...]
    is_missing: bool

    @property
    def is_waived(self) -> bool:
        """免交: a certificate stands in for it."""
        return any(h.is_certificate and not h.is_rejected for h in self.handed)


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """A field of the form with its answer in words."""

    element: str
    name: str
    answer: str
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point of the correction notice, and whether it has been met since."""

    material_id: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision against the applicant in the words of its paper: why, on what ground, where to turn."""

    kind: str
    title: str
    reasons: tuple[str, ...]
    basis: str
    ask_instead: str
    remedies: tuple[str, ...]


AGAINST = ("non_acceptance", "rejection", "revocation", "termination")
DECISIVE = (*AGAINST, "approval", "acceptance", "deficient_acceptance")


@dataclass(frozen=True, slots=True)
class CasePage:
    """The answer to the page's question: how does this case stand?"""

    case: Case
    id: UUID
    number: str
    title: str
    state: str
    state_lamp: Lamp
    sentence: str
    owner: str
    office: str
    phones: tuple[str, ...]
    applicant: str
    scenario: str
    channel: str
    delivery: str
    due_on: date | None
    is_provisional: bool
    lamp: Lamp
    steps: tuple[Step, ...]
    timeline: tuple[Entry, ...]
    clocks: tuple[ClockShown, ...]
    papers: tuple[PaperShown, ...]
    refusal: Refusal | None
    materials: tuple[MaterialShown, ...]
    answers: tuple[AnswerShown, ...]
    points: tuple[PointShown, ...]
    choices: tuple[Choice, ...]
    result_name: str
    certificate_id: UUID | None
    version_number: int
    submitted_at: datetime | None

    def choice(self, name: str) -> Choice | None:
        """The button of a move, when this person may ever make it from here."""
        return next((c for c in self.choices if c.name == name), None)

    @property
    def running_clocks(self) -> tuple[ClockShown, ...]:
        return tuple(c for c in self.clocks if c.is_running)

    @property
    def finished_clocks(self) -> tuple[ClockShown, ...]:
        return tuple(c for c in self.clocks if not c.is_running)

    @property
    def is_correcting(self) -> bool:
        return self.state == CaseState.CORRECTING

    @property
    def is_open(self) -> bool:
        return self.state not in OVER


def find(by: Actor, **key: Any) -> Case:
    """The case this person may see. Raises Case.DoesNotExist for anyone else's, as for none at all."""
    return (
        Case.objects.open_to(by)
        .select_related("version", "item", "org", "person", "enterprise", "entrustment__agent")
        .get(**key)
    )


def sees_contents(by: Actor, case: Case) -> bool:
    """共同申请人看进度、文书和结果；申请表和材料里有申请人的证件，只给申请人一方和办理的人看。"""
    return not case.is_joint or by.is_staff or access.applicant(by, case)


def case_page(case: Case, *, by: Actor, at: datetime) -> CasePage:
    """The page of a case as this person may see it; staff see who acted, applicants see which office.

    Args:
        case: from `find`.
    """
    item, today, own = case.elements, local_day(at), sees_contents(by, case)
    clocks = _clocks(case, today)
    tone, label = wording.state_tone(case.state), CASE_FLOW.label(case.state)
    papers = [
        p for p in papers_of(("cases.Case", str(case.pk))) if by.is_staff or p.kind not in rules_review.OF_THE_OFFICE
    ]
    against = refusal(case, papers)
    refused = against is not None and against.kind == "rejection" and case.delivered_at is not None
    return CasePage(
        case=case,
        id=case.pk,
        number=case.number or "",
        title=case.title,
        state=case.state,
        state_lamp=Lamp("red" if refused else tone, f"{label}：不予许可（办理）" if refused else label),
        sentence=wording.REFUSED if refused else wording.sentence(case),
        owner=""
        if case.state in DONE
        else CASE_FLOW.owner(case.state),  # what the system still files away waits for nobody
        office=case.org.name,
        phones=item.consult_phones,
        applicant=case.applicant_name,
        scenario=scenario_path(case),
        channel=wording.CHANNELS.get(case.channel, case.channel),
        delivery=case.get_delivery_display() + (f"：{case.mail_address}" if case.mail_address and own else ""),
        due_on=case.due_on,
        is_provisional=case.due_provisional,
        lamp=wording.due_lamp(case.due_on, today),
        steps=wording.steps(case),
        timeline=_timeline(case, by),
        clocks=clocks,
        papers=tuple(
            PaperShown(p.pk, p.kind, p.title, p.number, local_day(p.issued_at), p.verify_code) for p in papers
        ),
        refusal=against,
        materials=materials_shown(case) if own else (),
        answers=answers_shown(case) if own else (),
        points=tuple(PointShown(p.get("material_id", ""), p["name"], p["what"]) for p in case.correction),
        choices=tuple(CASE_FLOW.choices(case, by=by, at=at)),
        result_name=item.result.name,
        certificate_id=case.certificate_id,
        version_number=case.version.number,
        submitted_at=case.submitted_at,
    )


def refusal(case: Case, papers: Iterable[Paper]) -> Refusal | None:
    """What the last decision says when it went against the applicant; None when a later one let the case go on."""
    if case.state not in (CaseState.REJECTED, CaseState.DELIVERED, *OVER):
        return None
    last = max((p for p in papers if p.kind in DECISIVE), key=lambda p: p.issued_at, default=None)
    if last is None or last.kind not in AGAINST:
        return None
    said = last.content
    return Refusal(
        last.kind, last.title, tuple(said.get("reasons", ())), said.get("basis", ""), said.get("ask_instead", ""),
        tuple(said.get("remedies", ())),
    )  # fmt: skip


def scenario_path(case: Case) -> str:
    """The situation chosen, in words."""
    tree = case.elements.situations
    if tree is None or not case.scenario_id:
        return ""
    listed = next((leaf.path for leaf in tree.leaves if leaf.scenario_id == case.scenario_id), "")
    return listed or tree.walk(case.answers).label  # a question that changes nothing was not asked


def materials_shown(case: Case) -> tuple[MaterialShown, ...]:
    """Each material of this situation with what was handed in for it."""
    handed: dict[str, list[CaseMaterial]] = {}
    for row in case.papers_in:
        handed.setdefault(row.material_id, []).append(row)
    missing = set(case.missing_materials())
    on_screen = {m.id for m in case.form_materials()}
    # A paper never handed in has no row that could carry what the notice says about it.
    told = {p.get("material_id", ""): p["what"] for p in case.correction if case.state == CaseState.CORRECTING}
    return tuple(
        MaterialShown(
            id=m.id,
            name=m.name,
            necessity=wording.NECESSITY.get(m.necessity, ""),
            condition=m.case_condition or "",
            is_form=m.id in on_screen,
            review_points=m.review_points,
            handed=tuple(_handed(row) for row in handed.get(m.id, ())),
            findings=tuple(f for row in handed.get(m.id, ()) if row.is_rejected for f in row.findings)
            or tuple(filter(None, [told.get(m.id)])),
            is_missing=m.name in missing,
        )
        for m in case.wanted()
    )


def _handed(row: CaseMaterial) -> Handed:
    stored = row.file
    return Handed(
        row.pk,
        stored.name if stored else row.name,
        row.get_source_display(),
        stored.size if stored else 0,
        row.file_id,
        row.certificate_id,
        row.is_rejected,
        row.added_at,
    )


def answers_shown(case: Case) -> tuple[AnswerShown, ...]:
    """Every answer of the form in words."""
    return tuple(
        AnswerShown(spec.element, spec.name, spec.label_of(case.form.get(spec.element)), spec.sensitive)
        for spec in fields_of(case)
    )


def _clocks(case: Case, today: date) -> tuple[ClockShown, ...]:
    rows: Iterable[Term] = Term.objects.of("cases.Case", case.pk).prefetch_related("stops")
    calendar, shown = calendar_for(case.region_id), []
    for row in rows:
        rule = as_rule(row)
        due = terms.due(rule, calendar)
        tone, left = terms.lamp(rule, today, calendar), terms.left(rule, today, calendar)
        shown.append(
            ClockShown(
                row.kind,
                rules.CLOCK_NAMES.get(row.kind, row.kind),
                row.due_on,
                wording.clock_lamp(tone, left, row.unit, closed_on=row.closed_on),
                row.closed_on is None,
                tuple(terms.explain(due)),
            )
        )
    return tuple(shown)


def _timeline(case: Case, by: Actor) -> tuple[Entry, ...]:
    """Newest first, in plain words. Applicants read offices, colleagues also who it was."""
    agent = case.entrustment.agent_id if case.entrustment else None
    rows = [row for row in journal.timeline(case) if row.move in wording.TOLD]
    offices: Mapping[Any, str] = dict(
        Org.objects.filter(pk__in={row.org_id for row in rows if row.org_id}).order_by("pk").values_list("pk", "name")
    )
    return tuple(
        wording.entry(row, office=offices.get(row.org_id, ""), named=by.is_staff, agent_id=agent)
        for row in reversed(rows)
    )
