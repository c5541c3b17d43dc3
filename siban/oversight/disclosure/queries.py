"""Reading disclosure: by unit, columns that are overdue, counts that do not add up."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from siban.identity.api import Org
from siban.kernel.actor import Actor

from .. import access
from ..models import DisclosureColumn, DisclosureReport, DisclosureUpdate
from . import rules


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with its catalogue."""

    org: Org
    columns: int
    overdue: int
    updates: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.updates.values())


def columns(actor: Actor, *, org: str = "", overdue_on: date | None = None) -> QuerySet[Any]:
    """Columns that are kept; with `overdue_on`, those whose day has passed on that day."""
    chosen = DisclosureColumn.objects.visible_to(actor).filter(ended_on=None).select_related("org")
    if overdue_on:
        chosen = chosen.filter(due_on__lt=overdue_on)
    if org:
        chosen = chosen.filter(org__code=org)
    return chosen.order_by("org__order", "org__code", "name")


def updates(actor: Actor, *, year: int, org: str = "", kind: str = "") -> QuerySet[Any]:
    """What was published in a year."""
    chosen = DisclosureUpdate.objects.visible_to(actor).filter(published_on__year=year).select_related("org", "column")
    if org:
        chosen = chosen.filter(org__code=org)
    if kind:
        chosen = chosen.filter(column__kind=kind)
    return chosen.order_by("-published_on", "-pk")


def units(actor: Actor, *, year: int, on: date) -> list[UnitLine]:
    """Every unit with a catalogue, and those of the territory that have none."""
    kept = {
        row["org_id"]: row
        for row in DisclosureColumn.objects.visible_to(actor).filter(ended_on=None).order_by().values("org_id")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
    }  # fmt: skip
    found: dict[Any, dict[str, int]] = {}
    counted = DisclosureUpdate.objects.visible_to(actor).filter(published_on__year=year).order_by()
    for org_id, kind, n in counted.values_list("org_id", "column__kind").annotate(Count("pk")):
        found.setdefault(org_id, {})[kind] = n
    orgs = Org.objects.filter(is_active=True).exclude(kind__in=["village", "public_utility"])
    orgs = orgs.within(actor.region_prefix) if access.sees_all_units(actor) else orgs.filter(pk=actor.org_id)
    return [
        UnitLine(o, kept.get(o.pk, {}).get("n", 0), kept.get(o.pk, {}).get("late", 0), found.get(o.pk, {}))
        for o in orgs.order_by("order", "code")
    ]


def reports(actor: Actor, *, year: int | None = None) -> list[tuple[DisclosureReport, rules.Reconciled]]:
    """Totals as reported, each beside the sum of its parts."""
    chosen = (
        DisclosureReport.objects.visible_to(actor).select_related("org").order_by("-year", "org__order", "org__code")
    )
    if year:
        chosen = chosen.filter(year=year)
    return [(r, rules.reconcile(r.total, r.official, r.statutory)) for r in chosen[:500]]
