"""What parcel pages show: the list, one parcel with its way, the parcels of a subject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from siban.exchange import rules_parcels
from siban.exchange.flow_parcels import PARCEL_FLOW, ParcelState
from siban.exchange.models import Parcel
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Entry, Lamp

SHOWN = 50
TONES: dict[str, str] = {
    ParcelState.REGISTERED: "blue", ParcelState.HANDED_OVER: "blue", ParcelState.TRAVELLING: "blue",
    ParcelState.SIGNED: "green", ParcelState.RETURNED: "red", ParcelState.LOST: "red", ParcelState.SETTLED: "grey",
    ParcelState.CANCELLED: "grey",
}  # fmt: skip
EVENT_TONES = {"signed": "green", "returned": "red", "lost": "red"}


@dataclass(frozen=True, slots=True)
class ParcelPage:
    """One parcel: masked contact, its way, what may be done."""

    id: UUID
    number: str
    direction: str
    is_out: bool
    subject_number: str
    link: str
    office: str
    contents: str
    name: str
    mobile: str
    address: str
    lamp: Lamp
    handed_over_at: datetime | None
    signed_at: datetime | None
    settled_how: str
    replaced_by: UUID | None
    way: tuple[Entry, ...]
    choices: frozenset[str]
    is_under_way: bool


def parcel_page(pk: UUID, *, by: Actor, at: datetime) -> ParcelPage:
    """A parcel the actor sees. Raises Parcel.DoesNotExist."""
    p = Parcel.objects.visible_to(by).select_related("org").get(pk=pk)
    way = tuple(
        Entry(
            e.at, e.place or "寄递单位", rules_parcels.KINDS[e.kind], note=e.note, tone=EVENT_TONES.get(e.kind, "blue")
        )
        for e in p.events.all()
    )
    after = Parcel.objects.filter(replaces=p).values_list("pk", flat=True).first()
    return ParcelPage(
        id=p.pk, number=p.number, direction=rules_parcels.DIRECTIONS[p.direction], is_out=p.direction == "out",
        subject_number=p.subject_number, link=p.link, office=p.org.name, contents=p.contents,
        name=p.name[:1] + "*" * (len(p.name) - 1), mobile=codes.phone.masked(p.mobile) if p.mobile else "",
        address=p.address if by.is_citizen else p.address[:8] + ("……" if len(p.address) > 8 else ""),
        lamp=_lamp(p), handed_over_at=p.handed_over_at, signed_at=p.signed_at, settled_how=p.settled_how,
        replaced_by=after, way=way,
        choices=frozenset(c.name for c in PARCEL_FLOW.choices(p, by=by, at=at) if c.allowed),
        is_under_way=p.state in (ParcelState.REGISTERED, ParcelState.HANDED_OVER, ParcelState.TRAVELLING),
    )  # fmt: skip


def _lamp(p: Parcel) -> Lamp:
    return Lamp(TONES[p.state], PARCEL_FLOW.label(p.state))


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """A parcel in a list."""

    id: UUID
    number: str
    direction: str
    subject_number: str
    contents: str
    lamp: Lamp
    at: datetime
    is_open: bool


def parcels_page(by: Actor, *, state: str, direction: str, number: int) -> tuple[tuple[ParcelLine, ...], bool]:
    """Parcels one sees, newest first; `failed` are those that wait for the office."""
    found = Parcel.objects.visible_to(by)
    if state == "failed":
        found = found.filter(state__in=[ParcelState.RETURNED, ParcelState.LOST])
    elif state:
        found = found.filter(state=state)
    if direction:
        found = found.filter(direction=direction)
    start = (number - 1) * SHOWN
    rows = list(found.order_by("-registered_at", "-id")[start : start + SHOWN + 1])
    return tuple(_line(p) for p in rows[:SHOWN]), len(rows) > SHOWN


def parcels_of(subject: tuple[str, str]) -> tuple[Any, ...]:
    """Parcels of a subject, oldest first. Who shows the subject has asked whether it may be seen."""
    return tuple(Parcel.objects.filter(subject_type=subject[0], subject_id=subject[1]).order_by("registered_at", "id"))


def lines_of(subject: tuple[str, str]) -> tuple[ParcelLine, ...]:
    """The same as lines of a card."""
    return tuple(_line(p) for p in parcels_of(subject))


def handed_over_at(subject: tuple[str, str]) -> datetime | None:
    """When what the office owes the applicant was handed over; None while it weighs on the office."""
    return rules_parcels.handed_over(parcels_of(subject))


def _line(p: Parcel) -> ParcelLine:
    return ParcelLine(
        p.pk,
        p.number,
        rules_parcels.DIRECTIONS[p.direction],
        p.subject_number,
        p.contents,
        _lamp(p),
        p.registered_at,
        p.direction == "out" and p.state not in PARCEL_FLOW.ends,
    )
