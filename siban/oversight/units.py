"""The units figures are told of: departments, townships, villages, a whole territory; who may see which."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.measures import Scope

from . import access

GROUPS = (("county", "旗直部门"), ("township", "苏木乡镇"), ("village", "嘎查社区"))
LEVEL = {"county": 4, "township": 5, "village": 6}
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit, or a sum of units, by the key that stands in addresses."""

    key: str
    name: str
    group: str
    org: UUID | None = None
    region_code: str = ""
    order: tuple[int, str] = (0, "")

    @property
    def is_sum(self) -> bool:
        return self.org is None


def scope_of(actor: Actor) -> Scope:
    """Whose rows an actor's figures are counted over; nobody's rows for a stranger."""
    if access.sees_all_units(actor) and actor.region_prefix:
        return Scope(region_prefix=actor.region_prefix)
    if access.sees_own_unit(actor):
        return Scope(orgs=(actor.org_id,))
    return Scope(orgs=())


def within(scope: Scope, orgs: "QuerySet[Org]") -> Scope:
    """A scope narrowed to some organisations; what was narrower stays so."""
    if scope.orgs is not None:
        orgs = orgs.filter(pk__in=scope.orgs)
    return Scope(region_prefix=scope.region_prefix, orgs=orgs.order_by().values("pk"))


def named(orgs: Iterable[Org]) -> list[Unit]:
    """Organisations as units, in the order of the official table."""
    found = [
        Unit(str(o.pk), o.short_name, group_of(o.region.level), o.pk, o.region_id, (o.order, o.code)) for o in orgs
    ]
    return sorted(found, key=lambda u: ([g for g, _ in GROUPS].index(u.group), u.order))


def group_of(level: int) -> str:
    """The group a unit of a region of this level belongs to; leagues and cities count as departments of theirs."""
    return next((group for group, wanted in LEVEL.items() if wanted == level), "county" if level < 5 else "village")


def of_keys(keys: Iterable[UUID]) -> list[Unit]:
    """The units of these organisations: one statement."""
    return named(Org.objects.select_related("region").filter(pk__in=list(keys)).order_by("order", "code"))


def title_of(key: str) -> str:
    """`全旗合计`, `旗直部门小计`: the name of a sum."""
    return "全旗合计" if key == WHOLE else f"{dict(GROUPS)[key]}小计"
