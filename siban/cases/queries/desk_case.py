"""What the staff's case page says beyond the page of a case: masked numbers, answers, files to look at."""

from dataclasses import dataclass
from uuid import UUID

from siban.cases.models import Case
from siban.kernel import codes
from siban.kernel.actor import Actor

from . import material_checks as checks
from .case_page import AnswerShown, CasePage, MaterialShown, materials_shown
from .material_checks import Looked

IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


@dataclass(frozen=True, slots=True)
class Secret:
    """A personal value: masked, and the name under which it may be asked for."""

    label: str
    masked: str
    field: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was handed in."""

    row: UUID
    name: str
    size: str
    kind: str
    is_rejected: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A material beside its review points: what the reviewer looks at together."""

    id: str
    name: str
    necessity: str
    points: tuple[Looked, ...]
    status: str
    tone: str
    sheets: tuple[Sheet, ...]
    stands_in: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extras:
    """The rest of the page."""

    secrets: tuple[Secret, ...]
    answers: tuple[tuple[str, str, str], ...]
    checked: tuple[Checked, ...]
    is_instant: bool
    basis: tuple[str, ...]
    conditions: tuple[str, ...]


def extras(page: CasePage, *, by: Actor) -> Extras:
    """One statement of its own, the marks on review points: the rest is on the page already."""
    case = page.case
    looked = checks.looked(case)
    secrets = [Secret("统一社会信用代码", case.applicant_id_number, "")] if case.enterprise_id else [
        Secret("证件号码", codes.citizen.masked(case.applicant_id_number), "applicant_id_number")
    ]  # fmt: skip
    if case.mobile:
        secrets.append(Secret("手机号码", codes.phone.masked(case.mobile), "mobile"))
    return Extras(
        secrets=tuple(secrets),
        answers=tuple((a.name, *_hidden(a)) for a in page.answers),
        checked=tuple(_checked(m, looked[m.id]) for m in page.materials),
        is_instant=case.case_type == "instant",
        basis=tuple(f"《{b.law}》{b.article}" for b in case.elements.legal_basis),
        conditions=case.elements.accept_conditions,
    )


def _hidden(a: AnswerShown) -> tuple[str, str]:
    """An answer as it may stand on a screen, and under which name the whole may be asked for."""
    field = f"form:{a.element}"
    if codes.citizen.check(a.answer) is None:
        return codes.citizen.masked(a.answer), field
    if codes.phone.check(a.answer) is None:
        return codes.phone.masked(a.answer), field
    return ("******", field) if a.is_sensitive and a.answer else (a.answer, "")


def checked(case: Case) -> tuple[Checked, ...]:
    """Each material of a case beside its review points."""
    looked = checks.looked(case)
    return tuple(_checked(m, looked[m.id]) for m in materials_shown(case))


def _checked(m: MaterialShown, points: tuple[Looked, ...]) -> Checked:
    status, tone = (
        ("还缺", "red") if m.is_missing else ("待补正", "amber") if m.findings and not any(not h.is_rejected for h in m.handed)
        else ("在线填写", "green") if m.is_form and not m.handed else ("已收到", "green") if m.handed else ("未提交", "grey")
    )  # fmt: skip
    return Checked(
        m.id,
        m.name,
        m.necessity,
        points,
        status,
        tone,
        tuple(
            Sheet(h.id, h.name, _size(h.size), "image" if h.name.lower().endswith(IMAGES) else "pdf" if h.name.lower().endswith(".pdf") else "other", h.is_rejected)
            for h in m.handed
            if h.file_id
        ),
        tuple(h.source for h in m.handed if not h.file_id and not h.is_rejected),
        m.findings,
    )  # fmt: skip


def _size(size: int) -> str:
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(size // 1024, 1)} KB"
