"""Everything read about certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from siban.identity.api import Enterprise, Person
from siban.kernel import codes, papers
from siban.kernel.clock import local_day
from siban.kernel.models import Paper, StoredFile

from . import rules
from .models import ECert, ECertType


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """What the public learns of a certificate or paper: its standing, never more of the holder than the first character."""

    found: bool
    kind: str = ""
    code: str = ""
    title: str = ""
    number: str = ""
    version: str = ""
    holder: str = ""
    issuer: str = ""
    issued_on: str = ""
    valid_until: str = ""
    standing: rules.Standing | None = None
    since: str = ""
    next_code: str = ""
    sha256: str = ""
    subject: tuple[str, str] = ("", "")


NOTHING = VerifyPage(found=False)
PAPER = rules.Standing("valid", "已核实", "green", "这份文书由下列机关出具，编号和核验码与登记一致。")


def held_by(
    *, person_id: UUID | None = None, enterprise_id: UUID | None = None, type_ids: Iterable[str], on: date
) -> list[ECert]:
    """Certificates of these types in force on a day and held by exactly this person or enterprise, newest first."""
    rows = ECert.objects.select_related("type", "issuer").filter(type_id__in=list(type_ids)).valid_on(on)
    if enterprise_id is not None:
        return list(rows.filter(enterprise_id=enterprise_id))
    return list(rows.filter(person_id=person_id)) if person_id is not None else []


def tidy(text: str) -> str:
    """A number or code as typed, without the blanks and hyphens people add when they copy it."""
    return "".join(text.split()).upper()


def verify_public(number_or_code: str, *, on: date | None = None) -> VerifyPage:
    """What stands behind an identifier or a verification code, for anybody who holds the document.

    Args:
        on: the day to judge by; today when left out.
    """
    wanted = tidy(number_or_code)[:200]
    if not wanted:
        return NOTHING
    rows = ECert.objects.select_related("type", "issuer", "person", "enterprise", "replaced_by", "file")
    found = rows.filter(identifier=wanted).first() or rows.filter(verify_code=wanted.replace("-", "")).first()
    if found is not None:
        return certificate_page(found, on=on or _today())
    paper = papers.by_verify_code(wanted)
    return paper_page(paper) if paper else NOTHING


def certificate_page(found: ECert, *, on: date) -> VerifyPage:
    """A certificate as the public sees it."""
    standing = rules.standing(found, on)
    return VerifyPage(
        found=True,
        kind="certificate",
        code=found.verify_code,
        title=found.type.name,
        number=found.identifier,
        version=f"{found.version:03d}",
        holder=rules.masked(found.holder_name, is_person=found.person_id is not None),
        issuer=found.issuer.name,
        issued_on=rules.words(found.issued_on),
        valid_until=rules.last_day(found.valid_to),
        standing=standing,
        since="" if standing.is_valid else _since(found, standing),
        next_code=found.replaced_by.verify_code if found.replaced_by else "",
        sha256=found.file.sha256 if found.file else "",
        subject=("certificates.ECert", str(found.pk)),
    )


def paper_page(paper: Paper) -> VerifyPage:
    """A statutory paper as the public sees it: the applicant masked."""
    said = paper.content if isinstance(paper.content, dict) else {}
    number = str(said.get("applicant_id", ""))
    name = str(said.get("applicant", ""))
    stored = StoredFile.objects.filter(pk=paper.file_id).first() if paper.file_id else None
    return VerifyPage(
        found=True,
        kind="paper",
        code=paper.verify_code,
        title=paper.title,
        number=paper.number,
        holder=rules.masked(name, is_person=codes.uscc.check(number) is not None) if name else "",
        issuer=paper.issued_by,
        issued_on=rules.words(local_day(paper.issued_at)),
        standing=PAPER,
        sha256=stored.sha256 if stored else "",
        subject=("kernel.Paper", str(paper.pk)),
    )


def _since(found: ECert, standing: rules.Standing) -> str:
    """The day from which the standing counts."""
    from siban.kernel import journal

    if standing.state == "expired" and found.valid_to:
        return rules.words(found.valid_to)
    if standing.state == "not_yet":
        return ""
    last = journal.timeline(found).filter(target=found.state).order_by("-seq").first()
    return rules.words(local_day(last.at)) if last else ""


def _today() -> date:
    from siban.kernel import clock

    return clock.local_day(clock.now())


def callable_types() -> frozenset[str]:
    """Ids of the types that may be used in place of paper (《可调用电子证照事项清单》)."""
    return frozenset(ECertType.objects.filter(callable=True).values_list("id", flat=True))


def holder_of(cert: ECert) -> Person | Enterprise | None:
    """The holder, person or enterprise."""
    return cert.enterprise if cert.enterprise_id else cert.person
