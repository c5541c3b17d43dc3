"""Figures computed from rows: one statement for each population, and the very rows behind each number."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from .declared import Figure, Measure, Part


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows are counted, whatever the columns of a population are called.

    Args:
        region_prefix: the subtree of a region.
        orgs: these organisations alone, by key or as a query for keys; an empty collection is nobody.
        also: a further condition that every population of the call understands.
    """

    region_prefix: str = ""
    orgs: "Collection[Any] | QuerySet[Any] | None" = None
    also: Q | None = None

    def of(self, measure: Measure) -> Q:
        """The condition in the words of one measure's rows."""
        q = self.also if self.also is not None else Q()
        if self.region_prefix:
            q &= Q(**{f"{measure.region}__startswith": self.region_prefix})
        if self.orgs is not None:
            q &= Q(**{f"{measure.org}__in": self.orgs})
        return q


def _population(measure: Measure, scope: Q | Scope | None, period: tuple[Any, Any] | None) -> "QuerySet[Any]":
    rows = measure.rows().filter(scope.of(measure) if isinstance(scope, Scope) else scope or Q())
    if period and measure.when:
        rows = rows.filter(**{f"{measure.when}__gte": period[0], f"{measure.when}__lt": period[1]})
    return rows


def figures(
    measures: Iterable[Measure],
    *,
    scope: Q | Scope | None = None,
    by: str | None = None,
    period: tuple[Any, Any] | None = None,
) -> dict[str, dict[Any, Figure]]:
    """All figures of several measures: one statement for each population, whatever the number of groups.

    Args:
        by: a column to group by; `"org"` is whatever column says whose a row is. Rows that are nobody's are left out.

    Returns:
        `{slug: {group: Figure}}`; without `by` the only group is None. What cannot be counted has no entry.
    """
    answer: dict[str, dict[Any, Figure]] = {}
    batches: dict[tuple[Any, ...], list[Measure]] = {}
    for m in measures:
        if m.is_computed:
            batches.setdefault((m.rows, m.when if period else "", m.org, m.region), []).append(m)
    for batch in batches.values():
        rows = _population(batch[0], scope, period)
        columns: dict[str, Any] = {}
        for n, m in enumerate(batch):
            columns[f"hits_{n}"] = m.hits()
            if (total := m.total()) is not None:
                columns[f"total_{n}"] = total
        if by is None:
            grouped: Sequence[dict[str, Any]] = [rows.order_by().aggregate(**columns)]
            key = ""
        else:
            key = batch[0].org if by == "org" else by
            grouped = list(rows.order_by().values(key).annotate(**columns).order_by(key))
        for n, m in enumerate(batch):
            answer[m.slug] = {
                (line[key] if key else None): Figure(
                    m.slug, line[key] if key else None, int(line[f"hits_{n}"]),
                    int(line[f"total_{n}"]) if f"total_{n}" in line else None,
                )
                for line in grouped if not key or line[key] is not None
            }  # fmt: skip
    return answer


def rows_behind(
    measure: Measure, part: Part, *, scope: Q | Scope | None = None, period: tuple[Any, Any] | None = None
) -> "QuerySet[Any]":
    """The very rows a figure counts; the drill-down page shows these and nothing else."""
    return _population(measure, scope, period).filter(measure.row_filter(part))


def figure_if(measure: Measure, mended: Collection[Any], *, scope: Q | Scope | None = None) -> Figure:
    """What the figure would be with these rows mended, counted by the database from the rows themselves."""
    columns = {"hits": measure.hits_if(mended)}
    if (total := measure.total()) is not None:
        columns["total"] = total
    line = _population(measure, scope, None).order_by().aggregate(**columns)
    return Figure(measure.slug, None, int(line["hits"]), int(line["total"]) if "total" in line else None)
