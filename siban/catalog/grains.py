"""The catalogue of common materials: who asks for each, which could be linked to a certificate, and what that would change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Case, Q, When

from siban.kernel.actor import Actor
from siban.kernel.measures import Figure, figures

from . import queries, wording
from .flow import ItemState
from .measures import CERT_FREE
from .models import ImplementationItem, ItemQuerySet, MaterialGrain

LISTED = 200  # items shown beside a material
TAIL = re.compile(r"(原件|复印件|正、副本|正副本|及复印件|（[^）]*）)")

USE = """
SELECT m ->> 'grain_id', count(DISTINCT i.id), count(*),
       count(DISTINCT i.id) FILTER (WHERE coalesce(m ->> 'ecert_type_id', '') <> coalesce(g.ecert_type_id, ''))
FROM catalog_implementationitem i
JOIN catalog_itemversion v ON v.id = i.version_id
CROSS JOIN LATERAL jsonb_array_elements(v.content -> 'materials') m
LEFT JOIN catalog_materialgrain g ON g.id = m ->> 'grain_id'
WHERE i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended AND i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s
  AND (NOT %(wide)s OR i.id IN (SELECT presented_by_id FROM catalog_catalogitem WHERE presented_by_id IS NOT NULL))
GROUP BY 1
"""

COMBINED = """
SELECT m ->> 'grain_id', i.is_applied_service, i.has_callable_material, i.has_linked_cert, i.is_cert_free,
       count(DISTINCT i.id), count(*) FILTER (WHERE coalesce(m ->> 'ecert_type_id', '') = '')
FROM catalog_implementationitem i
JOIN catalog_itemversion v ON v.id = i.version_id
CROSS JOIN LATERAL jsonb_array_elements(v.content -> 'materials') m
WHERE i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended AND i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s
  AND (NOT %(wide)s OR i.id IN (SELECT presented_by_id FROM catalog_catalogitem WHERE presented_by_id IS NOT NULL))
  AND m ->> 'grain_id' = ANY(%(grains)s)
GROUP BY 1, 2, 3, 4, 5
"""
LINKED_ROWS = """
SELECT count(*) FROM catalog_implementationitem i
JOIN catalog_itemversion v ON v.id = i.version_id
CROSS JOIN LATERAL jsonb_array_elements(v.content -> 'materials') m
WHERE i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended AND i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s
  AND (NOT %(wide)s OR i.id IN (SELECT presented_by_id FROM catalog_catalogitem WHERE presented_by_id IS NOT NULL))
  AND m ->> 'ecert_type_id' = ANY(%(callable)s)
"""


def _within(by: Actor) -> dict[str, Any]:
    return {"from": by.region_prefix, "to": by.region_prefix + ":", "wide": queries.is_wide(by)}


def _rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Use:
    """How many items ask for a material, in how many places, and how many say otherwise than the catalogue."""

    items: int = 0
    places: int = 0
    unlike: int = 0


def uses(by: Actor) -> dict[str, Use]:
    """Use by material in an actor's territory; one statement. Where it is wide, each base item counts once."""
    return {grain: Use(*counts) for grain, *counts in _rows(USE, **_within(by)) if grain}


@dataclass(frozen=True, slots=True)
class Could:
    """A material that could be linked: to which certificate, why, and what that does to the figures."""

    grain: MaterialGrain
    certificate: str
    name: str
    why: str
    now: Figure
    linked: Figure
    ticked: Figure
    papers_now: int
    papers_then: int
    items: int


def candidates(grains: list[MaterialGrain]) -> dict[str, tuple[str, str]]:
    """Unlinked materials that a callable certificate could stand for: `{grain: (certificate, why)}` (R27)."""
    names, called = wording.certificate_names(), wording.callable_certificates()
    by_name = {names[kind]: kind for kind in called}
    alike = {word: group for group in wording.groups() for word in group}
    found: dict[str, tuple[str, str]] = {}
    for grain in grains:
        if grain.ecert_type_id or grain.is_form:
            continue
        bare = TAIL.sub("", grain.name)
        for word in (grain.name, bare):
            if word in by_name:
                found[grain.pk] = (by_name[word], "名称相同")
        if grain.pk in found:
            continue
        same = next((w for w in alike.get(bare, ()) if w in by_name), None)
        inside = next((n for n in sorted(by_name, key=len, reverse=True) if n in grain.name), None)
        if same:
            found[grain.pk] = (by_name[same], "叫法不同，是同一种证照")
        elif inside and "申请" not in grain.name:
            found[grain.pk] = (by_name[inside], f"名称里有“{inside}”，请核对是否同一种证照")
    return found


def could_be_linked(grains: list[MaterialGrain], *, by: Actor) -> list[Could]:
    """What each possible link would do to the share of 免证办 and to the papers nobody has to bring; four statements."""
    found = candidates(grains)
    if not found:
        return []
    scope = Q(region_id__startswith=by.region_prefix)
    now = figures([CERT_FREE], scope=scope)[CERT_FREE.slug][None]
    within = _within(by)
    papers = _rows(LINKED_ROWS, callable=list(wording.callable_certificates()), **within)[0][0]
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for grain, *row in _rows(COMBINED, grains=list(found), **within):
        groups.setdefault(grain, []).append(tuple(row))
    answer = []
    for grain in grains:
        if grain.pk not in found:
            continue
        kind, why = found[grain.pk]
        mine = groups.get(grain.pk, [])
        answer.append(
            Could(
                grain, kind, wording.certificate_names()[kind], why, now, _after(now, mine), _after(now, mine, ticked=True),
                papers, papers + sum(row[5] for row in mine), sum(row[4] for row in mine),
            )
        )  # fmt: skip
    return sorted(answer, key=lambda one: (-one.items, one.grain.name))


COLUMNS = ("is_applied_service", "has_callable_material", "has_linked_cert", "is_cert_free")


def _after(now: Figure, groups: list[tuple[Any, ...]], *, ticked: bool = False) -> Figure:
    """The figure with the items of these groups linked: the measure's own conditions over the values they would have."""
    hits, total = now.hits, now.total or 0
    for *values, items, _ in groups:
        before = dict(zip(COLUMNS, values, strict=True))
        then = {**before, "has_callable_material": True, "has_linked_cert": True}
        if ticked:
            then["is_cert_free"] = True
        for row, sign in ((before, -1), (then, 1)):
            if holds(CERT_FREE.out_of, row):
                total += sign * items
                if holds(CERT_FREE.counts, row):
                    hits += sign * items
    return replace(now, hits=hits, total=total)


def holds(condition: Q, row: Mapping[str, Any]) -> bool:
    """Whether a declared condition over plain columns is true of these values."""
    answers = (
        holds(part, row) if isinstance(part, Q) else row[part[0]] == part[1] for part in condition.children  # type: ignore[index]
    )  # fmt: skip
    answer = any(answers) if condition.connector == Q.OR else all(answers)
    return not answer if condition.negated else answer


def asking_for(grain: str, *, by: Actor) -> ItemQuerySet:
    """Published items of the territory that ask for a material, one's own first."""
    return (
        ImplementationItem.objects.published()
        .filter(region_id__startswith=by.region_prefix, version__content__materials__contains=[{"grain_id": grain}])
        .select_related("org", "version")
        .order_by(Case(When(org_id=by.org_id, base=None, then=0), default=1), "name", "slug")
    )


def says_otherwise(item: ImplementationItem, grain: MaterialGrain) -> bool:
    """Whether a published item links this material otherwise than the catalogue does."""
    assert item.version is not None
    return any(
        (row.get("ecert_type_id") or "") != grain.ecert_type_id
        for row in item.version.content["materials"]
        if row.get("grain_id") == grain.pk
    )


def can_follow(item: ImplementationItem, *, by: Actor) -> bool:
    """Whether an actor may open a change for this item now."""
    return (
        by.has_role("dept_admin")
        and by.org_id == item.org_id
        and item.base_id is None
        and item.state in (ItemState.PUBLISHED, ItemState.DRAFTING)
    )
