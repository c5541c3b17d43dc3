"""All papers of a case: one list, and what goes into one bundle, as the reader's rights allow."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from siban.cases import access, rules_review
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, CaseMaterial
from siban.certificates import api as certificates
from siban.kernel import codes, files, papers
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.files import Packed
from siban.kernel.models import Paper

from . import wording
from .case_page import answers_shown
from .names import masked_name

TEMPLATE = "cases/contents.typ"
HEADS = ("序号", "名称", "编号", "日期")
PAPERS, RESULT, HANDED = "1 文书", "2 办理结果", "3 提交的材料"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in the bundle."""

    folder: str
    name: str
    title: str
    number: str
    on: date | None
    read: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything this reader may take along."""

    case: Case
    pieces: tuple[Piece, ...]
    is_whole: bool
    applicant: str

    @property
    def name(self) -> str:
        return f"{self.case.number} {self.case.title}.zip"

    def packed(self) -> Iterator[bytes]:
        """The ZIP, contents page first."""
        first = Packed("", "0 目录.pdf", lambda: [papers.draw(TEMPLATE, _contents(self))])
        return files.packed([first, *(Packed(p.folder, p.name, p.read) for p in self.pieces)])


def takes_whole(by: Actor, case: Case) -> bool:
    """申请人一方、收件窗口和实施部门可以取走全部；监督、被征求意见的单位只取文书，姓名遮住。"""
    return access.applicant(by, case) or access.receiver(by, case) or access.decider(by, case)


def bundle(case: Case, *, by: Actor, site: str) -> Bundle:
    """The papers of a case in the order of the procedure; the form, the result and what was handed in where one may.

    Args:
        site: scheme and host, for the codes on papers that are drawn now.
    """
    whole = takes_whole(by, case)
    rows = papers.papers_of(("cases.Case", str(case.pk))).select_related("file")
    if by.is_citizen:
        rows = rows.exclude(kind__in=rules_review.OF_THE_OFFICE)
    pieces = [_paper(row, site) for row in rows]
    if whole:
        pieces = [
            *_form(case),
            *pieces,
            *_result(case, site, by=by),
            *(_handed(row) for row in case.papers_in if row.file),
        ]
    is_person = case.enterprise_id is None
    shown = case.applicant_name if whole or not is_person else masked_name(case.applicant_name)
    return Bundle(case, tuple(pieces), whole, shown)


def _paper(row: Paper, site: str) -> Piece:
    verify = f"{site}/verify/{row.verify_code}/"
    return Piece(
        PAPERS, f"{row.title} {row.number}.pdf", row.title, row.number, local_day(row.issued_at),
        lambda: [papers.pdf(row, verify_url=verify)],
    )  # fmt: skip


def _form(case: Case) -> list[Piece]:
    answers = answers_shown(case)
    if not answers:
        return []
    content = {
        "title": "申请表", "number": case.number or "", "facts": [[a.name, a.answer or "（没有填）"] for a in answers],
        "heads": [], "rows": [], "notes": [f"办件编号：{case.number}。事项：{case.title}。"],
    }  # fmt: skip
    on = local_day(case.submitted_at) if case.submitted_at else None
    return [Piece(HANDED, "申请表.pdf", "申请表", "", on, lambda: [papers.draw(TEMPLATE, content)])]


def _result(case: Case, site: str, *, by: Actor) -> list[Piece]:
    """The certificate, for who may see it: an agent only with the principal's consent to use certificates."""
    if case.certificate_id is None:
        return []
    made = certificates.ECert.objects.select_related("type", "issuer", "person", "enterprise", "file")
    given = case.entrustment
    consented = given is not None and given.agent_id == by.person_id and given.may_use_certificates
    cert = (made if consented else made.visible_to(by)).filter(pk=case.certificate_id).first()
    if cert is None:
        return []
    name = f"{cert.type.name} {cert.serial}.pdf"
    return [
        Piece(
            RESULT,
            name,
            cert.type.name,
            cert.serial,
            cert.issued_on,
            lambda: [certificates.pdf(cert, base=f"{site}/")],
        )
    ]


def _handed(row: CaseMaterial) -> Piece:
    stored = row.file
    assert stored is not None
    name = stored.name if row.name in stored.name else f"{row.name} {stored.name}"
    return Piece(
        HANDED, name, f"{row.name}（{stored.name}）", "", local_day(row.added_at), lambda: files.chunks(stored)
    )  # fmt: skip


def _contents(found: Bundle) -> dict[str, object]:
    case, notes = found.case, []
    if not found.is_whole:
        notes.append("按您的岗位，这里只有文书，不含申请表、办理结果和提交的材料。")
    on = wording.day(local_day(case.submitted_at)) if case.submitted_at else ""
    number = case.applicant_id_number if case.enterprise_id else codes.citizen.masked(case.applicant_id_number)
    return {
        "title": "办件文书材料目录",
        "number": case.number or "",
        "facts": [
            ["办件编号", case.number or ""], ["事项名称", case.title], ["申请人", found.applicant], ["证件号码", number],
            ["办理机关", case.org.name], ["提交日期", on], ["目前状态", CASE_FLOW.label(case.state)],
        ],
        "heads": list(HEADS),
        "rows": [
            [str(n), piece.title, piece.number, wording.day(piece.on) if piece.on else ""]
            for n, piece in enumerate(found.pieces, 1)
        ],
        "notes": notes,
    }  # fmt: skip
