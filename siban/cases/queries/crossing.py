"""跨域通办台账: what one's side received for others, what others received for it, and one hand-over with its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from siban.cases import access, rules_cross
from siban.cases.flow_cross import CROSS_FLOW, CrossState
from siban.cases.models import CaseMaterial
from siban.cases.models_cross import CrossRegion
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.papers import papers_of
from siban.kernel.ui.parts import Entry, Lamp

from .names import masked_name

SIZE = 50
SIDES = {"out": "我处代收", "in": "我处办理"}
OVER = (CrossState.DONE, CrossState.ENDED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which side, which state, only what is late."""

    side: str = "out"
    state: str = ""
    late: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str], actor: Actor) -> "Wanted":
        first = "in" if actor.has_role(*access.DECIDING) else "out"
        side, state = given.get("side", first), given.get("state", "")
        return cls(
            side if side in SIDES else first, state if state in CrossState.values else "", given.get("late") == "1"
        )  # fmt: skip

    def kept(self) -> dict[str, str]:
        return {"side": self.side, "state": self.state, "late": "1" if self.late else ""}

    def query(self) -> str:
        return "?" + urlencode({name: value for name, value in self.kept().items() if value})


def _of_side(actor: Actor, side: str) -> QuerySet[CrossRegion]:
    rows = CrossRegion.objects.visible_to(actor)
    if access.sees_territory(actor):
        place = "from_region_id" if side == "out" else "region_id"
        return rows.filter(**{f"{place}__startswith": actor.region_prefix})
    if side == "out":
        return rows.filter(from_org_id=actor.org_id)
    return rows.exclude(from_org_id=actor.org_id)


def found(actor: Actor, wanted: Wanted, *, today: date) -> QuerySet[CrossRegion]:
    """The rows of a side, newest first, narrowed."""
    rows = _of_side(actor, wanted.side)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.late:
        rows = rows.filter(due_on__lt=today)
    return rows.select_related("case", "from_org", "to_org", "from_region", "region").order_by("-began_at", "-case_id")


def sums(actor: Actor, *, today: date) -> dict[str, dict[str, int]]:
    """Of each side: all, still under way, late. A case stands once on each side, never twice on one."""
    return {
        side: _of_side(actor, side).order_by().aggregate(
            all=Count("pk"), open=Count("pk", filter=~Q(state__in=OVER)), late=Count("pk", filter=Q(due_on__lt=today))
        )
        for side in SIDES
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A hand-over in the list."""

    number: str
    title: str
    applicant: str
    kind: str
    from_name: str
    to_name: str
    lamp: Lamp
    due_on: date | None
    began_at: datetime


def place(region: str, unit: str) -> str:
    """Where and who, the place not said twice."""
    return unit if region in unit else f"{region} {unit}"


def line_of(row: CrossRegion, *, today: date) -> Line:
    late = row.due_on is not None and row.due_on < today
    tone = "red" if late else "green" if row.state == CrossState.DONE else "grey" if row.state in OVER else "blue"
    label = str(row.at_word) + ("，超期" if late else "")
    return Line(
        row.case.number or "", row.case.title, masked_name(row.case.applicant_name), row.kind,
        place(row.from_region.name, row.from_org.name), place(row.region.name, row.to_org.name), Lamp(tone, label), row.due_on,
        row.began_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WayPage:
    """One hand-over: where it is, what one may do now, what was done."""

    line: Line
    note: str
    waybill: str
    way: tuple[Entry, ...]
    choices: frozenset[str]
    papers: tuple[Any, ...]
    pieces: tuple[tuple[str, str], ...] = ()
    added: tuple[Any, ...] = ()
    originals: tuple[str, ...] = ()
    originals_due: date | None = None


def way_page(number: str, *, by: Actor, at: datetime, today: date) -> WayPage:
    """Raises CrossRegion.DoesNotExist for what one has no part in."""
    row = (
        CrossRegion.objects.visible_to(by)
        .select_related("case__version", "from_org", "to_org", "from_region", "region")
        .get(case__number=number)
    )
    words = {m.name: m.label for m in CROSS_FLOW.moves.values()} | {"create": "收件", "supplement": "补充材料"}
    way = tuple(
        Entry(
            e.at,
            e.actor_name if e.actor_kind == "staff" else "系统",
            words.get(e.move, e.move),
            law=e.law,
            note=e.note,
        )
        for e in journal.timeline(("cases.CrossRegion", str(row.pk)))
    )
    allowed = frozenset(c.name for c in CROSS_FLOW.choices(row, by=by, at=at) if c.allowed)
    drawn = papers_of(("cases.Case", str(row.pk))).filter(kind="cross").order_by("issued_at", "id")
    pieces, added = (), ()
    if row.pushed_at is not None and row.state in (CrossState.RETURNED, CrossState.SENT):
        first = min((paper.issued_at for paper in drawn), default=row.pushed_at)
        added = tuple(row.case.materials.filter(added_at__gt=first).select_related("file"))
    if "push_again" in allowed:
        pieces = (("", "请选择"), *((m.id, m.name) for m in row.case.wanted()))
    originals: tuple[str, ...] = ()
    originals_due = None
    if row.pushed_at is not None and row.state in (CrossState.SENT, CrossState.TAKEN):
        on_paper = row.case.materials.filter(source=CaseMaterial.Source.PAPER, is_rejected=False)
        originals = tuple(dict.fromkeys(on_paper.values_list("name", flat=True)))
        originals_due = rules_cross.papers_due(local_day(row.pushed_at), calendar_for(row.from_region_id))
    return WayPage(
        line_of(row, today=today), row.note, row.waybill, way, allowed, tuple(drawn), pieces, added, originals, originals_due
    )  # fmt: skip
