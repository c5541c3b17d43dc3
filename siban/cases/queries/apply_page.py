"""What the steps of an application need to know: the road, what is known already, what to hand in for each material."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from siban.cases import rules
from siban.cases.application_form import Asked, asked
from siban.cases.forms import Wrong, fields_of, wrong_fields
from siban.cases.models import Case
from siban.catalog.api import FieldSpec, ImplementationItem
from siban.certificates import api as certificates
from siban.identity.api import Entrustment, enterprises_of
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Step

from . import wording
from .case_page import MaterialShown, materials_shown, scenario_path
from .known import known_answers

LABELS = {
    "situation": "选择情形",
    "form": "填写申请表",
    "materials": "提交材料",
    "delivery": "领取方式",
    "review": "核对提交",
}


@dataclass(frozen=True, slots=True)
class Road:
    """The steps of one application and where the person is."""

    names: tuple[str, ...]
    here: str

    @property
    def steps(self) -> list[Step]:
        at = self.names.index(self.here)
        return [
            Step(LABELS[n], "done" if i < at else "current" if i == at else "todo") for i, n in enumerate(self.names)
        ]

    @property
    def label(self) -> str:
        return LABELS[self.here]

    @property
    def place(self) -> str:
        """`第 2 步，共 5 步`."""
        return f"第 {self.names.index(self.here) + 1} 步，共 {len(self.names)} 步"

    @property
    def before(self) -> str:
        at = self.names.index(self.here)
        return self.names[at - 1] if at else ""

    @property
    def after(self) -> str:
        at = self.names.index(self.here)
        return self.names[at + 1] if at + 1 < len(self.names) else ""


def road(case: Case, here: str = "") -> Road:
    """The steps this item asks for; without `here`, the first one that still wants something."""
    names = ["situation"] if case.elements.situations else []
    names += ["form"] if any(m.is_form and m.form_fields for m in case.elements.materials) else []
    names += ["materials"] if any(not (m.is_form and m.form_fields) for m in case.elements.materials) else []
    names += ["delivery", "review"]
    return Road(tuple(names), here if here in names else _first_open(case, names))


def _first_open(case: Case, names: list[str]) -> str:
    if "situation" in names and case.open_question():
        return "situation"
    if "form" in names and case.unfilled_fields():
        return "form"
    if "materials" in names and case.missing_materials():
        return "materials"
    return names[0] if not case.form and not case.answers else "review"


def form_specs(case: Case) -> list[FieldSpec]:
    """The fields a person fills in: all but those the act of handing in answers itself."""
    return [spec for spec in fields_of(case) if spec.element not in rules.SETTLED]


def wrong_here(case: Case, values: Mapping[str, object], *, today: date, only: set[str] | None = None) -> list[Wrong]:
    """What is wrong with the answers of the form step."""
    mine = {spec.element for spec in form_specs(case)}
    return wrong_fields(case, dict(values), today=today, only=mine & only if only is not None else mine)


@dataclass(frozen=True, slots=True)
class FormGroup:
    """The fields of one form material."""

    title: str
    fields: tuple[Asked, ...]


def form_groups(
    case: Case,
    *,
    by: Actor,
    wrong: Mapping[str, str] = {},
    values: Mapping[str, object] | None = None,
    check_url: str = "",
) -> tuple[FormGroup, ...]:
    """The form step: fields by the form they belong to, each once."""
    specs = form_specs(case)
    known = known_answers(case, by, specs=specs, today=local_day(clock.now()))
    values = case.form if values is None else values
    shown = {a.name: a for a in asked(specs, values, wrong=wrong, known=known, check_url=check_url)}
    groups = []
    for material in case.form_materials():
        mine = [shown.pop(f.element) for f in material.form_fields if f.element in shown]
        if mine:
            groups.append(FormGroup(material.name, tuple(mine)))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate of the applicant that can stand in for a paper."""

    id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """One material on the materials step."""

    shown: MaterialShown
    original: str
    standard: str
    notice: str
    held: tuple[Held, ...]

    @property
    def is_settled(self) -> bool:
        return any(not h.is_rejected for h in self.shown.handed)


def material_cards(case: Case, *, at: datetime, only: str = "", by: Actor | None = None) -> tuple[MaterialCard, ...]:
    """What to hand in: hint, copies, what is there already, certificates that make it unnecessary."""
    elements = {m.id: m for m in case.elements.materials}
    wanted = {m.ecert_type_id for m in case.wanted() if m.ecert_type_id}
    held: dict[str, list[Held]] = {}
    given = case.entrustment
    if given and by is not None and given.agent_id == by.person_id and not given.may_use_certificates:
        wanted = set()  # an agent does not even see what the principal did not consent to
    if wanted:
        rows = list(certificates.held_by(person_id=case.person_id, type_ids=wanted, on=local_day(at)))
        if case.enterprise_id:
            rows += certificates.held_by(enterprise_id=case.enterprise_id, type_ids=wanted, on=local_day(at))
        for row in rows:
            label = f"{row.type.name}（{row.issuer.name}，{wording.day(row.issued_on)}签发）"
            held.setdefault(row.type_id, []).append(Held(row.pk, label))
    return tuple(
        MaterialCard(
            shown=m,
            original=_copies(elements[m.id].original_count or 0, elements[m.id].copy_count or 0),
            standard=elements[m.id].accept_standard or "",
            notice="；".join(filter(None, (elements[m.id].fill_notice, elements[m.id].copy_requirement, elements[m.id].issue_time_req))),
            held=tuple(held.get(elements[m.id].ecert_type_id or "", ())),
        )
        for m in materials_shown(case)
        if not m.is_form and only in ("", m.id)
    )  # fmt: skip


def _copies(original: int, copy: int) -> str:
    said = [f"原件 {original} 份"] if original else []
    said += [f"复印件 {copy} 份"] if copy else []
    return "、".join(said)


@dataclass(frozen=True, slots=True)
class Question:
    """A situation question with the answer given; `settled_by` says what known data answered it."""

    id: str
    text: str
    options: tuple[tuple[str, str], ...]
    answer: str
    settled_by: str = ""

    @property
    def hint(self) -> str:
        return (
            f"根据您登记的{self.settled_by}，已为您选好。登记的信息有误的，请到窗口更正。" if self.settled_by else ""
        )


def questions(case: Case, *, on: date) -> tuple[Question, ...]:
    """The questions on the path taken, and the next one that is open; what changes nothing is not asked."""
    tree = case.elements.situations
    if tree is None:
        return ()
    settled = case.settled(on=on)
    return tuple(
        Question(
            stop.question.id, stop.question.question, tuple((o.id, o.label) for o in stop.question.options),
            stop.option.id if stop.option else "", settled.because.get(stop.question.id, ""),
        )
        for stop in tree.walk(case.answers, settled.options).stops
        if stop.why != "idle"
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StartPage:
    """Before the draft: what this is, for whom, and drafts begun earlier."""

    item: ImplementationItem
    behalf: tuple[tuple[str, str], ...]
    drafts: tuple[tuple[UUID, date], ...]
    limit: str
    materials: int
    refusal: str
    questions: tuple[str, ...]


def start_page(impl_code: str, by: Actor) -> StartPage:
    """The page before a draft. Raises ImplementationItem.DoesNotExist when the public may not apply for it."""
    item = ImplementationItem.objects.published().select_related("version", "org").get(impl_code=impl_code)
    assert item.version is not None
    assert by.person_id is not None
    content, firms = item.version.elements, enterprises_of(by.person_id)
    asked_of = set(content.service_objects)
    behalf = [("self", f"本人（{by.name}）")] if not asked_of or "1" in asked_of else []
    if asked_of != {"1"}:
        behalf += [(str(firm.pk), firm.name) for firm in firms]
    entrusted = Entrustment.objects.of_agent(by.person_id, day=local_day(clock.now()))
    for given in entrusted.select_related("principal", "enterprise"):
        fits = asked_of != {"1"} if given.enterprise_id else not asked_of or "1" in asked_of
        if fits and given.covers(impl_code):
            behalf.append((f"entrusted:{given.pk}", f"代“{given.principal_name}”办理（受委托）"))
    refusal = (
        ""
        if behalf
        else "这个事项由企业或者其他单位申请，您名下还没有可以代表的单位。请由单位的法定代表人或者经办人登录后办理。"
    )
    rows = (
        Case.objects.visible_to(by)
        .filter(item=item, state="draft")
        .order_by("-saved_at")
        .values_list("pk", "saved_at")[:3]
    )
    tree = content.situations
    return StartPage(
        item=item,
        behalf=tuple(behalf),
        drafts=tuple((pk, local_day(saved)) for pk, saved in rows),
        limit=content.promised_limit.words,
        materials=len(content.materials),
        refusal=refusal,
        questions=tuple(q.id for q in tree.questions) if tree else (),
    )


@dataclass(frozen=True, slots=True)
class Review:
    """Everything once more before it is handed in."""

    answers: tuple[tuple[str, str], ...]
    materials: tuple[MaterialShown, ...]
    scenario: str
    delivery: str
    wrong: tuple[Wrong, ...]
    missing: tuple[str, ...]
    question: str


def review(case: Case, *, today: date) -> Review:
    """What is about to be handed in, and what still keeps it from being complete."""
    answers = tuple(
        (spec.name, spec.label_of(case.form.get(spec.element)) or "（没有填）") for spec in form_specs(case)
    )
    delivery = case.get_delivery_display() + (f"：{case.mail_address}" if case.mail_address else "")
    return Review(
        answers, materials_shown(case), scenario_path(case), delivery, tuple(wrong_here(case, case.form, today=today)),
        tuple(case.missing_materials()), case.open_question() or "",
    )  # fmt: skip
