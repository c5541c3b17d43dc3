"""Figures as they were recorded: of a day, as known at an instant, and from day to day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from siban.kernel.measures import REGISTRY, Figure

from ..models_snapshots import Snapshot, SnapshotFigure


def _known(known_at: datetime | None, **which: Any) -> "QuerySet[SnapshotFigure]":
    """The row that counts for each day, figure and unit: the last one recorded by then."""
    rows = SnapshotFigure.objects.filter(**which)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    return rows.order_by("day", "slug", "org_id", "-recorded_at", "-id").distinct("day", "slug", "org_id")


def figures_on(
    day: date, *, slugs: Collection[str] | None = None, known_at: datetime | None = None
) -> dict[str, dict[UUID, Figure]]:
    """`{slug: {organisation: Figure}}` of a day; one statement. A figure without any row that day has no entry.

    Args:
        known_at: what had been recorded by then; corrections that came later are as if they were not.
    """
    which: dict[str, Any] = {"day": day}
    if slugs is not None:
        which["slug__in"] = list(slugs)
    answer: dict[str, dict[UUID, Figure]] = {}
    for slug, org, hits, total in _known(known_at, **which).values_list("slug", "org_id", "hits", "total"):
        answer.setdefault(slug, {})[org] = Figure(slug, org, hits, total)
    return answer


def figure_on(
    slug: str, *, day: date, org: UUID | None = None, region_prefix: str = "", known_at: datetime | None = None
) -> Figure | None:
    """One figure of a day: of an organisation, or the sum over a territory.

    Returns:
        None when nothing was recorded for that day; a unit that had no rows then has the figure nought of nought.
    """
    which: dict[str, Any] = {"day": day, "slug": slug}
    if org is not None:
        which["org_id"] = org
    rows = list(_known(known_at, **which).values_list("region_code", "hits", "total"))
    parts = [(hits, total) for region, hits, total in rows if region.startswith(region_prefix)]
    if not parts:
        if slug not in REGISTRY or not REGISTRY[slug].is_computed or not is_recorded(day, known_at):
            return None
        return Figure(slug, org, 0, None if REGISTRY[slug].total() is None else 0)
    has_total = any(total is not None for _, total in parts)
    return Figure(
        slug, org, sum(hits for hits, _ in parts), sum(total or 0 for _, total in parts) if has_total else None
    )


def is_recorded(day: date, known_at: datetime | None = None) -> bool:
    """Whether the figures of a day were recorded (by then)."""
    rows = Snapshot.objects.filter(day=day).exclude(kind=Snapshot.Kind.CORRECTION)
    return (rows.filter(recorded_at__lte=known_at) if known_at else rows).exists()


def trend(
    slugs: Collection[str], *, since: date, until: date, orgs: Collection[UUID] | None = None, region_prefix: str = ""
) -> dict[str, dict[date, Figure]]:
    """`{slug: {day: Figure}}` over a territory or some organisations, as known today: one statement."""
    which: dict[str, Any] = {"day__gte": since, "day__lte": until, "slug__in": list(slugs)}
    if orgs is not None:
        which["org_id__in"] = list(orgs)
    if region_prefix:
        which["region_code__startswith"] = region_prefix
    answer: dict[str, dict[date, Figure]] = {}
    for slug, day, hits, total in _known(None, **which).values_list("slug", "day", "hits", "total"):
        of = answer.setdefault(slug, {})
        figure = Figure(slug, None, hits, total)
        of[day] = of[day] + figure if day in of else figure
    return {slug: dict(sorted(of.items())) for slug, of in answer.items()}


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of a past day that was recorded again: what stood before, what stands now, why."""

    snapshot: Snapshot
    slug: str
    org: str
    before: Figure | None
    after: Figure

    @property
    def title(self) -> str:
        return REGISTRY[self.slug].title if self.slug in REGISTRY else self.slug


def recordings(*, limit: int = 60) -> list[Snapshot]:
    """The latest recordings, whatever their kind."""
    return list(Snapshot.objects.order_by("-recorded_at", "-id")[:limit])


def changes_of(snapshot: Snapshot, *, region_prefix: str = "", limit: int = 500) -> list[Correction]:
    """The figures a recording replaced, with what had stood before: two statements."""
    rows = snapshot.figures.filter(region_code__startswith=region_prefix).select_related("org")
    new = list(rows.order_by("slug", "org__order", "org__code")[:limit])
    old: dict[tuple[str, UUID], Figure] = {}
    earlier = SnapshotFigure.objects.filter(day=snapshot.day, recorded_at__lte=snapshot.recorded_at).exclude(
        snapshot=snapshot
    )
    ranked = earlier.annotate(
        back=Window(
            RowNumber(), partition_by=[F("slug"), F("org_id")], order_by=[F("recorded_at").desc(), F("id").desc()]
        )
    ).filter(back=1, slug__in={r.slug for r in new})
    for slug, org, hits, total in ranked.order_by("slug", "org_id").values_list("slug", "org_id", "hits", "total"):
        old[slug, org] = Figure(slug, org, hits, total)
    return [
        Correction(snapshot, r.slug, r.org.short_name, old.get((r.slug, r.org_id)), Figure(r.slug, r.org_id, r.hits, r.total))
        for r in new
    ]  # fmt: skip


def last_day() -> date | None:
    """The newest day recorded."""
    return Snapshot.objects.order_by("-day").values_list("day", flat=True).first()


def totals_on(day: date, *, region_prefix: str = "", known_at: datetime | None = None) -> dict[str, Figure]:
    """`{slug: Figure}`: all figures of a day summed over a territory; one statement."""
    answer: dict[str, Figure] = {}
    rows = _known(known_at, day=day, region_code__startswith=region_prefix)
    for slug, hits, total in rows.values_list("slug", "hits", "total"):
        figure = Figure(slug, None, hits, total)
        answer[slug] = answer[slug] + figure if slug in answer else figure
    return answer
