"""Everything read about certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from siban.kernel import clock, codes, journal, papers
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.models import Paper, StoredFile
from siban.kernel.ui.parts import Cell, Entry, Lamp, Row, Table

from . import access, rules
from .flow import ECERT_FLOW, ECertState
from .models import ECert, ECertType, ECertUse


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
    *, person_id: UUID | None = None, enterprise_id: UUID | None = None, type_ids: Iterable[str], on: date,
    most: int | None = None,
) -> list[ECert]:  # fmt: skip
    """Certificates of these types in force on a day and held by exactly this person or enterprise, newest first."""
    rows = ECert.objects.select_related("type", "issuer").filter(type_id__in=list(type_ids)).valid_on(on)
    if enterprise_id is not None:
        return list(rows.filter(enterprise_id=enterprise_id)[:most])
    return list(rows.filter(person_id=person_id)[:most]) if person_id is not None else []


def held_by_many(*, person_ids: Iterable[UUID], type_ids: Iterable[str], on: date) -> list[tuple[UUID, str]]:
    """(person, type) of every certificate of these types in force on a day; one statement."""
    rows = ECert.objects.filter(person_id__in=list(person_ids), enterprise=None, type_id__in=list(type_ids)).valid_on(
        on
    )
    return list(rows.order_by("person_id", "type_id").values_list("person_id", "type_id"))


def tidy(text: str) -> str:
    """A number or code as typed, without the blanks and hyphens people add when they copy it."""
    return "".join(text.replace("\x00", "").split()).upper()


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
    if standing.state == "expired" and found.valid_to:
        return rules.words(found.valid_to)
    if standing.state == "not_yet":
        return ""
    last = journal.timeline(found).filter(target=found.state).order_by("-seq").first()
    return rules.words(local_day(last.at)) if last else ""


def _today() -> date:
    return clock.local_day(clock.now())


def callable_types() -> frozenset[str]:
    """Ids of the types that may be used in place of paper (《可调用电子证照事项清单》)."""
    return frozenset(ECertType.objects.filter(callable=True).values_list("id", flat=True))


def verify_rows(page: VerifyPage) -> list[Row]:
    """The lines of the verification page."""
    lines = [
        Row("证照" if page.kind == "certificate" else "文书", page.title),
        Row("电子证照标识" if page.kind == "certificate" else "文书编号", page.number),
        Row("核验码", page.code),
        Row("持证人" if page.kind == "certificate" else "当事人", page.holder),
        Row("发证机关" if page.kind == "certificate" else "出具机关", page.issuer),
        Row("发证日期" if page.kind == "certificate" else "出具日期", page.issued_on),
        Row("有效期至", page.valid_until),
        Row("版本", f"第 {int(page.version)} 版" if page.version else ""),
        Row("状态起始日期", page.since),
    ]
    return [line for line in lines if line.value]


@dataclass(frozen=True, slots=True)
class HolderCard:
    """One of a person's own certificates, as its card shows it."""

    id: UUID
    title: str
    holder: str
    issuer: str
    number: str
    valid_until: str
    lamp: Lamp
    uses: int
    is_enterprise: bool


def certificates(actor: Actor) -> "QuerySet[ECert]":
    """What an actor may see, with what pages show of it."""
    return ECert.objects.visible_to(actor).select_related(
        "type", "issuer", "person", "enterprise", "replaced_by", "file"
    )


def holder_page(actor: Actor, *, on: date) -> list[HolderCard]:
    """The certificates of a person, newest first; replaced versions are left out."""
    rows = certificates(actor).filter(replaced_by=None).annotate(use_count=Count("uses")).order_by("-issued_at", "-id")
    return [
        HolderCard(
            c.pk, c.type.name, c.holder_name, c.issuer.name, c.serial, rules.last_day(c.valid_to), _lamp(rules.standing(c, on)),
            c.use_count, c.enterprise_id is not None,
        )
        for c in rows
    ]  # fmt: skip


def _lamp(standing: rules.Standing) -> Lamp:
    return Lamp(standing.tone, standing.label)


@dataclass(frozen=True, slots=True)
class DetailPage:
    """One certificate on its page: what it says, its standing, its life, its uses, what may be done."""

    id: UUID
    title: str
    lamp: Lamp
    sentence: str
    rows: tuple[Row, ...]
    values: tuple[Row, ...]
    uses: tuple[Entry, ...]
    life: tuple[Entry, ...]
    choices: tuple[Choice, ...]
    correction: Choice | None
    dispute: Choice | None
    verify_code: str
    next_id: UUID | None


MOVES = {"issue": "制发", "reissue": "更正后重新签发", "use": "用于办事", "read": "查看文件"}


def detail_page(cert: ECert, *, by: Actor, at: datetime, masked: bool = False) -> DetailPage:
    """The page of a certificate; who only oversees sees the holder and the contents masked."""
    standing = rules.standing(cert, local_day(at))
    offered = {c.name: c for c in ECERT_FLOW.choices(cert, by=by, at=at)}
    is_person = cert.person_id is not None
    holder = rules.masked(cert.holder_name, is_person=is_person) if masked else cert.holder_name
    values = [Row(name, "（已隐藏）" if masked and is_person else value) for name, value in cert.lines]
    facts = [
        Row("持证人", holder), Row("发证机关", cert.issuer.name), Row("电子证照标识", cert.identifier), Row("流水号", cert.serial),
        Row("版本", f"第 {cert.version} 版"), Row("核验码", cert.verify_code), Row("发证日期", rules.words(cert.issued_on)),
        Row("有效期至", rules.last_day(cert.valid_to)),
    ]  # fmt: skip
    return DetailPage(
        cert.pk,
        cert.type.name,
        _lamp(standing),
        standing.sentence,
        tuple(facts),
        tuple(values),
        tuple(_use(u, masked=masked) for u in cert.uses.order_by("-at", "-id")[:50]),
        _life(cert, by=by),
        tuple(c for name, c in offered.items() if name not in ("correct", "dispute")),
        offered.get("correct"),
        offered.get("dispute"),
        cert.verify_code,
        cert.replaced_by_id,
    )


def _use(use: ECertUse, *, masked: bool) -> Entry:
    """Who used it: the office for officials, the person otherwise."""
    who = use.org_name or (rules.masked(use.actor_name, is_person=True) if masked else use.actor_name) or "系统"
    return Entry(
        use.at, who, use.purpose, note=f"持证人同意时间：{rules.words(local_day(use.consent_at))}", tone="blue"
    )


def _life(cert: ECert, *, by: Actor) -> tuple[Entry, ...]:
    """The journal of a certificate without its uses, newest first; citizens read the office, officials the person."""
    said = []
    for row in journal.timeline(cert).exclude(move__in=["use", "read"]).order_by("-seq"):
        move = ECERT_FLOW.moves.get(row.move)
        what = move.label if move else MOVES.get(row.move, row.move)
        who = row.actor_name if by.is_staff or row.actor_kind != "staff" else cert.issuer.name
        said.append(Entry(row.at, who, what, law=row.law, note=row.note))
    return tuple(said)


def correction_fields(cert: ECert, entered: dict[str, str]) -> list[tuple[str, str, str]]:
    """(field name, its label, what stands in it) for the correction form."""
    return [
        (f"value-{n}", name, entered.get(name, cert.values.get(name, ""))) for n, name in enumerate(cert.type.fields)
    ]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register as one asked for it."""

    table: Table
    more: bool
    states: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]


def register_page(actor: Actor, *, state: str, type_id: str, q: str, number: int, size: int, on: date) -> RegisterPage:
    """One page of the certificates an office issued, newest first."""
    rows = certificates(actor).order_by("-issued_at", "-id")
    if state:
        rows = rows.filter(state=state)
    if type_id:
        rows = rows.filter(type_id=type_id)
    if wanted := q.replace("\x00", "").strip():
        tidied = tidy(wanted)
        rows = rows.filter(
            Q(identifier=tidied) | Q(serial=tidied) | Q(verify_code=tidied) | Q(person__name=wanted)
            | Q(enterprise__name__contains=wanted) | Q(enterprise__uscc=tidied)
        )  # fmt: skip
    start = (number - 1) * size
    shown = list(rows[start : start + size + 1])
    masked = access.sees_territory(actor)
    lines = [
        (
            Cell(c.type.name, url=reverse("certificate-detail", args=[c.pk]), note=c.serial),
            rules.masked(c.holder_name, is_person=c.person_id is not None) if masked else c.holder_name,
            *((c.issuer.short_name,) if masked else ()),
            rules.words(c.issued_on),
            rules.last_day(c.valid_to),
            Cell(lamp=_lamp(rules.standing(c, on))),
        )
        for c in shown[:size]
    ]
    heads = (
        "证照",
        "持证人",
        *(("发证机关",) if masked else ()),
        "发证日期",
        "有效期至",
        "状态",
    )
    table = Table(
        "电子证照登记",
        heads,
        lines,
        empty="没有符合条件的证照。",
        empty_hint="办件制证以后会出现在这里。",
        caption_hidden=True,
    )
    issued_types = ECertType.objects.filter(certificates__in=ECert.objects.visible_to(actor)).distinct().order_by("id")
    types = (("", "全部"), *issued_types.values_list("id", "name"))
    return RegisterPage(table, len(shown) > size, (("", "全部"), *ECertState.choices), types)
