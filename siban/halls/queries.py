"""Reading the hall: extended hours by unit and item, entry and authorisation, who is there by name only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from siban.cases.api import Case, Mandate
from siban.catalog.api import ImplementationItem
from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA
from siban.kernel.measures import Figure

from . import access, hours, rules
from .models import DelayedClaim, DepartmentEntry
from .scoping import CLAIMED, EXEMPT, IN_SCOPE, NEGATIVE, SHOULD_ENTER

PARTS: dict[str, tuple[str, Q]] = {
    "scope": ("应纳入延时服务的事项", IN_SCOPE),
    "claimed": ("已列入延时服务的应纳事项", IN_SCOPE & CLAIMED),
    "gap": ("应纳未纳的事项", IN_SCOPE & ~CLAIMED),
    "exempt": ("批准豁免的事项", Q(is_applied_service=True) & EXEMPT),
    "out": ("不在范围的事项", Q(is_applied_service=False)),
    "unmarked": ("已列入清单、办事指南没有标明延时服务的", CLAIMED & Q(is_delayed_service=False)),
}
ENTRY: dict[str, tuple[str, Q]] = {
    "should": ("应进驻的事项", SHOULD_ENTER),
    "entered": ("已进驻的应进驻事项", SHOULD_ENTER & Q(is_in_hall=True)),
    "missing": ("应进未进的事项", SHOULD_ENTER & Q(is_in_hall=False)),
    "negative": ("负面清单所列的事项", NEGATIVE),
}


def items(actor: Actor) -> QuerySet[Any]:
    """Published items whose figures an actor may see."""
    shown = ImplementationItem.objects.published()
    if access.sees_territory(actor):
        return shown.filter(region_id__startswith=actor.region_prefix)
    return shown.filter(org_id=actor.org_id) if actor.is_staff and actor.org_id else shown.none()


def units(actor: Actor) -> QuerySet[Org]:
    """Departments, utilities, townships and gachas with items, townships with nothing too; or the own unit."""
    chosen = Org.objects.filter(is_active=True)
    if access.sees_territory(actor):
        chosen = chosen.within(actor.region_prefix).filter(Q(items__isnull=False) | Q(kind="township"))
    else:
        chosen = chosen.filter(pk=actor.org_id)
    return chosen.distinct().order_by("order", "code")


@dataclass(frozen=True, slots=True)
class DelayedLine:
    """Extended hours of one unit. `counts` by the keys of `PARTS`."""

    org: Org
    counts: dict[str, int]
    listed: int
    waiting: int
    unmatched: int

    @property
    def figure(self) -> Figure:
        return Figure("", self.org.pk, self.counts["claimed"], self.counts["scope"])


def _by_unit(actor: Actor, parts: dict[str, tuple[str, Q]]) -> dict[UUID, dict[str, int]]:
    told = (
        items(actor).order_by().values("org_id").annotate(**{k: Count("pk", filter=q) for k, (_, q) in parts.items()})
    )
    return {row["org_id"]: row for row in told}


def delayed(actor: Actor) -> list[DelayedLine]:
    """Every unit, also those that claimed nothing (显示为 0)."""
    counted, nothing = _by_unit(actor, PARTS), dict.fromkeys(PARTS, 0)
    claims = {
        row["org_id"]: row
        for row in DelayedClaim.objects.visible_to(actor).order_by().values("org_id").annotate(
            listed=Count("pk", filter=Q(state="listed")), waiting=Count("pk", filter=Q(state="claimed")),
            unmatched=Count("pk", filter=Q(state__in=["claimed", "listed"], item=None)),
        )
    }  # fmt: skip
    none = {"listed": 0, "waiting": 0, "unmatched": 0}
    lines = []
    for org in units(actor):
        said = claims.get(org.pk, none)
        lines.append(
            DelayedLine(org, counted.get(org.pk, nothing), said["listed"], said["waiting"], said["unmatched"])
        )
    return lines


def rows(actor: Actor, parts: dict[str, tuple[str, Q]], *, part: str, org: str = "") -> QuerySet[Any]:
    """The items behind one number."""
    chosen = items(actor).filter(parts[part][1]).select_related("org")
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.order_by("org__order", "org__code", "slug")


def scopes(some: Iterable[ImplementationItem], *, on: date) -> dict[UUID, rules.Scope]:
    """Why each of some items belongs in or not; one statement for the cases of the last twelve months."""
    chosen = list(some)
    since = datetime.combine(on - timedelta(days=365), time.min, CHINA)
    cases = dict(
        Case.objects.filter(item__in=[i.pk for i in chosen], accepted_at__gte=since)
        .order_by()
        .values_list("item_id")
        .annotate(Count("pk"))
    )
    hot = int(hours.said()["hot_cases"])
    return {
        i.pk: rules.scope(
            rules.Facts(i.is_applied_service, i.item_type != "20", i.case_type, i.is_full_online, cases.get(i.pk, 0)),
            hot_cases=hot,
        )
        for i in chosen
    }  # fmt: skip


def domains(actor: Actor) -> dict[str, int]:
    """How many listed items each of the six domains of 000 has."""
    wanted = {}
    for name, by in hours.said()["domains"].items():
        wanted[name] = Q(item__org__name__contains=by["unit"]) if "unit" in by else Q(item__name__contains=by["item"])
    listed = DelayedClaim.objects.visible_to(actor).filter(state="listed")
    keys = {f"d{n}": name for n, name in enumerate(wanted)}
    found = listed.aggregate(**{key: Count("pk", filter=wanted[name]) for key, name in keys.items()})
    return {name: found[key] for key, name in keys.items()}


def claims(actor: Actor, *, state: str = "", org: str = "") -> QuerySet[Any]:
    """Claims that stand or wait."""
    chosen = DelayedClaim.objects.visible_to(actor).select_related("org", "item")
    chosen = chosen.filter(state=state) if state else chosen.filter(state__in=["claimed", "listed"])
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.order_by("org__order", "org__code", "name", "id")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A department and the hall. `counts` by the keys of `ENTRY`."""

    org: Org
    counts: dict[str, int]
    entry: DepartmentEntry | None
    letters: tuple[Mandate, ...]

    @property
    def figure(self) -> Figure:
        return Figure("", self.org.pk, self.counts["entered"], self.counts["should"])


def letters(actor: Actor, *, on: date) -> QuerySet[Any]:
    """Mandates of chief representatives in force on a day: the letters of authorisation."""
    chosen = Mandate.objects.filter(valid_from__lte=on, valid_to__gt=on, withdrawn_at=None)
    if access.sees_territory(actor):
        chosen = chosen.filter(org__region_id__startswith=actor.region_prefix)
    else:
        chosen = chosen.filter(org_id=actor.org_id) if actor.org_id else chosen.none()
    return chosen.select_related("org", "account").order_by("org__order", "org__code", "valid_to", "pk")


def entry(actor: Actor, *, on: date) -> list[EntryLine]:
    """Every department with items or in the hall."""
    counted, nothing = _by_unit(actor, ENTRY), dict.fromkeys(ENTRY, 0)
    here = {e.org_id: e for e in DepartmentEntry.objects.visible_to(actor).filter(left_on=None).order_by("pk")}
    held: dict[UUID, list[Mandate]] = {}
    for one in letters(actor, on=on):
        held.setdefault(one.org_id, []).append(one)
    return [
        EntryLine(org, counted.get(org.pk, nothing), here.get(org.pk), tuple(held.get(org.pk, ())))
        for org in units(actor)
        if org.pk in counted or org.pk in here
    ]


def in_name_only(actor: Actor, *, begin: date, end: date) -> list[tuple[ImplementationItem, int]]:
    """明进暗不进: items in the hall with nothing accepted there from one day to another, while their own counter accepts.

    The hall is a unit that has one (`Org.hall`); the own counter is the department's, outside of any hall.
    """
    since, until = (datetime.combine(day, time.min, CHINA) for day in (begin, end + timedelta(days=1)))
    counted = (
        Case.objects.filter(accepted_at__gte=since, accepted_at__lt=until, item__in=items(actor).filter(is_in_hall=True))
        .order_by()
        .values("item_id")
        .annotate(
            hall=Count("pk", filter=~Q(received_org__hall="") & Q(received_org__isnull=False)),
            own=Count("pk", filter=Q(received_org_id=F("org_id"), received_org__hall="")),
        )
    )  # fmt: skip
    own = {
        row["item_id"]: row["own"]
        for row in counted
        if rules.in_name_only(in_hall=True, hall_accepted=row["hall"], own_accepted=row["own"])
    }
    chosen = ImplementationItem.objects.filter(pk__in=own).select_related("org").order_by("org__order", "slug")
    return [(item, own[item.pk]) for item in chosen]
