"""What the issue desk asks: what lies here, what is on its way, what nobody fetches, who holds this piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from siban.cases import access, rules_custody
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece, Handover, PickupCode
from siban.cases.rules_pickup import digits
from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

from .names import masked_name

SIZE = 50
TABS = {
    "here": "待出件",
    "arriving": "待接收",
    "leaving": "在途",
    "unclaimed": "久未领取",
    "done": "已发出",
    "lost": "报失",
}
PENDING = Handover.Outcome.PENDING


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list as asked for: which tab, what words, which kind, after which row."""

    tab: str = "here"
    q: str = ""
    kind: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wanted":
        tab, kind = given.get("tab", ""), given.get("kind", "")
        return cls(
            tab if tab in TABS else "here",
            given.get("q", "").replace("\x00", "").strip()[:60],
            kind if kind in CustodyPiece.Kind.values else "",
            given.get("after", "")[:36],
        )

    def query(self, **changed: str) -> str:
        said = {"tab": self.tab, "q": self.q, "kind": self.kind, **changed}
        return "?" + urlencode({k: v for k, v in said.items() if v})


@dataclass(frozen=True, slots=True)
class Line:
    """A piece in a list."""

    id: UUID
    barcode: str
    what: str
    kind: str
    number: str
    title: str
    applicant: str
    lamp: Lamp
    since: datetime
    handover: UUID | None
    giver: str
    taker: str


@dataclass(frozen=True, slots=True)
class IssueList:
    """The answer to the list's question, with how many there are behind each tab."""

    lines: tuple[Line, ...]
    counts: dict[str, int]
    following: str


def _pending() -> QuerySet[Handover]:
    return Handover.objects.filter(piece=OuterRef("pk"), outcome=PENDING)


def _tab(actor: Actor, tab: str, *, at: datetime) -> Q:
    """What each tab holds; every piece of it concerns this very unit."""
    org = actor.org_id
    here = Q(holder_org_id=org, holder__in=("counter", "office", "archive"), lost_at=None)
    return {
        "here": here & ~Exists(_pending()),
        "arriving": Exists(_pending().filter(to_org_id=org)) & Q(lost_at=None),
        "leaving": here & Exists(_pending()),
        "unclaimed": here
        & Q(holder="counter", since__lt=at - timedelta(days=rules_custody.UNCLAIMED_DAYS))
        & ~Exists(_pending()),
        "done": Q(holder__in=("applicant", "courier"))
        & Exists(Handover.objects.filter(piece=OuterRef("pk"), from_org_id=org, to_org=None)),
        "lost": Q(lost_at__isnull=False, holder_org_id=org),
    }[tab]  # type: ignore[return-value]


def _rows(actor: Actor, wanted: Wanted, *, at: datetime) -> "QuerySet[CustodyPiece]":
    rows = CustodyPiece.objects.visible_to(actor).filter(_tab(actor, wanted.tab, at=at))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.q:
        rows = rows.filter(
            Q(barcode__startswith=wanted.q)
            | Q(case__number__startswith=wanted.q)
            | Q(case__applicant_name__icontains=wanted.q)
            | Q(what__icontains=wanted.q)
        )
    return rows


COLUMNS = (
    "id", "barcode", "what", "kind", "case__number", "case__title", "case__applicant_name", "case__enterprise_id",
    "holder", "holder_org__short_name", "since", "lost_at",
)  # fmt: skip


def issue_list(actor: Actor, wanted: Wanted, *, at: datetime) -> IssueList:
    """One page of the list and the figures on the tabs: three statements."""
    rows = _rows(actor, wanted, at=at).order_by("-id")
    try:
        rows = rows.filter(pk__lt=UUID(wanted.after)) if wanted.after else rows
    except ValueError:
        rows = rows.none()
    found = list(rows.values_list(*COLUMNS)[: SIZE + 1])
    counts = CustodyPiece.objects.visible_to(actor).aggregate(
        **{tab: Count("pk", filter=_tab(actor, tab, at=at)) for tab in TABS if tab != "done"}
    )
    more = len(found) > SIZE
    lines = _lines(found[:SIZE], at=at)
    return IssueList(lines, counts, wanted.query(after=str(lines[-1].id)) if more else "")


def every_line(actor: Actor, wanted: Wanted, *, at: datetime) -> Iterator[Line]:
    """The filtered list as a stream, for export."""
    block: list[tuple[Any, ...]] = []
    for row in _rows(actor, wanted, at=at).order_by("-id").values_list(*COLUMNS).iterator(chunk_size=500):
        block.append(row)
        if len(block) == 500:
            yield from _lines(block, at=at)
            block = []
    yield from _lines(block, at=at)


def _lines(found: list[tuple[Any, ...]], *, at: datetime) -> tuple[Line, ...]:
    waiting = {
        piece: (pk, giver, taker)
        for pk, piece, giver, taker in Handover.objects.filter(piece__in=[r[0] for r in found], outcome=PENDING)
        .order_by("pk")
        .values_list("pk", "piece_id", "from_org__short_name", "to_org__short_name")
    }
    lines = []
    for pk, code, what, kind, number, title, name, firm, holder, org, since, lost in found:
        handover, giver, taker = waiting.get(pk, (None, "", ""))
        lines.append(
            Line(
                pk, code, what, str(CustodyPiece.Kind(kind).label), number or "", title,
                masked_name(name, is_person=firm is None), holder_lamp(holder, org, lost=lost, taker=taker), since,
                handover, giver, taker,
            )
        )  # fmt: skip
    return tuple(lines)


def holder_lamp(holder: str, org: str | None, *, lost: Any = None, taker: str = "") -> Lamp:
    """Who holds it, in words."""
    if lost:
        return Lamp("red", f"{org or ''}报失")
    if holder == "applicant":
        return Lamp("green", "已交申请人")
    if holder == "courier":
        return Lamp("green", "已交邮寄")
    where = f"{org or ''}{CustodyPiece.Holder(holder).label}"
    return Lamp("amber", f"{where}，待{taker}接收") if taker else Lamp("blue", where)


# -- one piece -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passing:
    """One link of the chain of custody."""

    giver: str
    taker: str
    by: str
    at: datetime
    outcome: str
    tone: str
    answered_by: str
    answered_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class PiecePage:
    """Who holds this piece, and through whose hands it went."""

    piece: CustodyPiece
    lamp: Lamp
    chain: tuple[Passing, ...]
    case_number: str
    case_title: str
    applicant: str
    sees_case: bool
    may_give: bool
    may_take: bool
    may_call_back: bool
    may_hand_out: bool
    is_lost: bool


TONES = {"pending": "amber", "confirmed": "green", "refused": "red", "taken_back": "grey"}


def piece_page(actor: Actor, barcode: str) -> PiecePage:
    """By its barcode. Raises CustodyPiece.DoesNotExist for what one may not see, as for what is not there."""
    piece = CustodyPiece.objects.visible_to(actor).select_related("case", "holder_org", "made_by").get(barcode=barcode)
    rows = list(piece.handovers.select_related("from_org", "to_org", "by", "answered_by").order_by("at", "id"))
    waiting = next((h for h in rows if h.outcome == PENDING), None)
    gives = rules_custody.may_give(actor, piece) and waiting is None
    return PiecePage(
        piece=piece,
        lamp=holder_lamp(
            piece.holder,
            piece.holder_org.short_name if piece.holder_org else None,
            lost=piece.lost_at,
            taker=waiting.to_org.short_name if waiting and waiting.to_org else "",
        ),
        chain=tuple(_passing(h) for h in rows),
        case_number=piece.case.number or "",
        case_title=piece.case.title,
        applicant=masked_name(piece.case.applicant_name, is_person=piece.case.enterprise_id is None),
        sees_case=Case.objects.visible_to(actor).filter(pk=piece.case_id).exclude(number=None).exists(),
        may_give=gives and piece.lost_at is None,
        may_take=waiting is not None and rules_custody.may_take(actor, waiting),
        may_call_back=waiting is not None and waiting.from_org_id == actor.org_id,
        may_hand_out=gives and piece.lost_at is None and rules_custody.may_hand_out(actor, piece),
        is_lost=piece.lost_at is not None and rules_custody.may_give(actor, piece),
    )


def _passing(h: Handover) -> Passing:
    def place(holder: str, org: Org | None) -> str:
        return (
            f"{org.short_name}{CustodyPiece.Holder(holder).label}" if org else str(CustodyPiece.Holder(holder).label)
        )

    signed = f"签收人：{masked_name(h.receiver)}（证件尾号 {h.receiver_tail}）" if h.receiver else ""
    return Passing(
        place(h.from_holder, h.from_org), place(h.to_holder, h.to_org), h.by.name, h.at,
        str(Handover.Outcome(h.outcome).label), TONES[h.outcome], h.answered_by.name if h.answered_by else "",
        h.answered_at, "；".join(filter(None, (h.reason, signed, h.tracking and f"邮寄单号 {h.tracking}"))),
    )  # fmt: skip


# -- results of a department, places to give to ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """A case whose result has to be brought to the issue desk."""

    case_id: UUID
    number: str
    title: str
    applicant: str
    state: str
    delivery: str
    decided_at: datetime | None


def results_to_send(actor: Actor) -> tuple[Result, ...]:
    """Results of one's own department that the applicant fetches or gets by mail, not yet handed over."""
    made = CustodyPiece.objects.filter(case=OuterRef("pk")).exclude(kind="original")
    rows = (
        Case.objects.visible_to(actor)
        .filter(~Exists(made), org_id=actor.org_id, state__in=("issued", "rejected"), delivery__in=("counter", "mail"))
        .order_by("decided_at", "id")
        .values_list("id", "number", "title", "applicant_name", "enterprise_id", "state", "delivery", "decided_at")
    )
    ways = dict(Case.Delivery.choices)
    return tuple(
        Result(
            pk, n or "", title, masked_name(name, is_person=firm is None), CASE_FLOW.label(state), str(ways[way]), at
        )
        for pk, n, title, name, firm, state, way, at in rows[:200]
    )


def counters_of(actor: Actor) -> list[tuple[str, str]]:
    """Units of the territory with a counter where things can be brought: the hall first."""
    banner = (actor.region_code or "")[:6]
    if not banner:
        return []
    rows = (
        Org.objects.filter(is_active=True, region_id__startswith=banner, posts__role__in=access.FRONT)
        .distinct()
        .order_by("region__level", "order", "code")
        .values_list("id", "short_name")
    )
    return [(str(pk), name) for pk, name in rows[:200]]


def places_for(actor: Actor, piece: CustodyPiece) -> list[tuple[str, str]]:
    """`counter:<unit>`, `office:<unit>`, `archive:<unit>` with what they are called: where this piece can be brought."""
    counters = [(f"counter:{pk}", f"{name}窗口") for pk, name in counters_of(actor)]
    office = piece.case.org
    places = [
        *counters,
        (f"office:{office.pk}", f"{office.short_name}（实施部门）"),
        (f"archive:{office.pk}", f"{office.short_name}档案"),
    ]
    here = f"{piece.holder}:{piece.holder_org_id}"
    return [one for one in places if one[0] != here]


# -- the applicant's own page ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pickup:
    """Where the applicant fetches the result, and with which code."""

    places: tuple[str, ...]
    code: str


def pickup_of(case: Case) -> Pickup | None:
    """What waits at a counter for this applicant; None when nothing does."""
    rows = (
        CustodyPiece.objects.filter(case=case, holder="counter", lost_at=None)
        .exclude(kind="original")
        .order_by("pk")
        .values_list("holder_org__name", "what")
    )
    places = tuple(f"{what}：{org}" for org, what in rows)
    kept = PickupCode.objects.filter(case=case, used_at=None).first() if places else None
    return Pickup(places, digits(case.pk, kept.nonce)) if kept else None
