"""All measures of one population over all units and all regions in one pass: the database adds up, nothing is kept but its answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from .computing import Scope
from .declared import Figure, Measure


@dataclass(frozen=True, slots=True)
class Cube:
    """Figures by organisation, by region and in total; a figure is made when somebody asks for it."""

    at: dict[str, tuple[int, int | None]]
    by_org: dict[Any, tuple[Any, ...]]
    by_region: dict[str, tuple[Any, ...]]
    whole: tuple[Any, ...]

    def figure(self, slug: str, *, org: Any = None, region: str | None = None) -> Figure:
        """A figure of an organisation, of the organisations seated in one region, or of all. KeyError for what has no rows."""
        hits, total = self.at[slug]
        line = (
            self.whole
            if org is None and region is None
            else self.by_region[region]
            if region is not None
            else self.by_org[org]
        )
        return Figure(slug, org or region, int(line[hits]), None if total is None else int(line[total]))

    def of_regions(self, slug: str, prefix: str) -> Figure:
        """A figure of a subtree of regions."""
        hits, total = self.at[slug]
        lines = [line for code, line in self.by_region.items() if code.startswith(prefix)]
        whole = None if total is None else sum(int(line[total]) for line in lines)
        return Figure(slug, prefix, sum(int(line[hits]) for line in lines), whole)

    def __iter__(self) -> Iterator[str]:
        return iter(self.at)


def cube(measures: Sequence[Measure], *, scope: Q | Scope | None = None) -> Cube:
    """One `GROUP BY GROUPING SETS` over one population.

    Raises:
        ValueError: measures of several populations; each of these is a pass of its own.
    """
    first = measures[0]
    if any((m.rows, m.org, m.region) != (first.rows, first.org, first.region) or not m.is_computed for m in measures):
        raise ValueError("measures of one pass count the same rows")
    columns: dict[str, Any] = {}
    at: dict[str, tuple[int, int | None]] = {}
    same: dict[Any, int] = {}

    def column(aggregate: Any) -> int:
        """Where an aggregate stands among the columns; equal ones stand there once."""
        if aggregate not in same:
            same[aggregate] = len(columns)
            columns[f"part_{len(columns)}"] = aggregate
        return same[aggregate]

    for m in measures:
        total = m.total()
        at[m.slug] = column(m.hits()), None if total is None else column(total)
    rows = first.rows().filter(scope.of(first) if isinstance(scope, Scope) else scope or Q()).order_by()
    sql, params = rows.values(first.org, first.region).annotate(**columns).query.sql_with_params()
    body, _, grouped = sql.rpartition(" GROUP BY ")
    if grouped != "1, 2":
        raise ValueError(f"unforeseen grouping {grouped}")
    by_org: dict[Any, tuple[Any, ...]] = {}
    by_region: dict[str, tuple[Any, ...]] = {}
    whole: tuple[Any, ...] = (0,) * len(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"{body} GROUP BY GROUPING SETS ((1), (2), ())", params)
        for org, region, *parts in cursor:
            if org is not None:
                by_org[org] = tuple(parts)
            elif region is not None:
                by_region[region] = tuple(parts)
            else:
                whole = tuple(parts)
    return Cube(at, by_org, by_region, whole)
