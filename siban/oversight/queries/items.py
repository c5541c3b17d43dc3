"""One item in the figures: where it counts, where it doesn't, what it lacks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, Value, When

from siban.catalog.api import ImplementationItem
from siban.kernel.actor import Actor
from siban.kernel.measures import REGISTRY, Measure, Ratio, Weighted

from .. import units


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands in one figure."""

    measure: Measure
    counts: bool
    is_asked: bool
    lacks: tuple[str, ...]

    @property
    def tone(self) -> str:
        return "grey" if not self.is_asked else "green" if self.counts else "red"

    @property
    def words(self) -> str:
        return "不计入" if not self.is_asked else "达到" if self.counts else "没有达到"


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item and its standing in every share over items."""

    item: ImplementationItem
    standings: tuple[Standing, ...]

    @property
    def reached(self) -> int:
        return sum(s.counts for s in self.standings if s.is_asked)

    @property
    def asked(self) -> int:
        return sum(s.is_asked for s in self.standings)


def _holds(condition: Q) -> Any:
    return Case(When(condition, then=Value(True)), default=Value(False)) if condition else Value(True)


def item_page(actor: Actor, *, item: UUID) -> ItemPage | None:
    """Two statements, whatever the number of figures; None for an item that is not theirs to see."""
    chosen = [
        m
        for m in sorted(REGISTRY.values(), key=lambda m: m.code)
        if isinstance(m, Ratio) and not isinstance(m, Weighted) and not m.variant_of and m.unit == "事项"
    ]
    populations = list(dict.fromkeys(m.rows for m in chosen))
    scope = units.scope_of(actor)
    found: dict[str, Any] = {}
    for rows in populations:
        of = [m for m in chosen if m.rows is rows]
        asked = {}
        for n, m in enumerate(of):
            asked[f"asked_{n}"], asked[f"counts_{n}"] = _holds(m.out_of), _holds(m.counts)
            asked |= {f"lacks_{n}_{k}": _holds(mend.lacking) for k, mend in enumerate(m.mends)}
        line = rows().filter(scope.of(of[0]), pk=item).annotate(**asked).values(*asked).first()
        for n, m in enumerate(of):
            if line is not None:
                lacks = tuple(mend.words for k, mend in enumerate(m.mends) if line[f"lacks_{n}_{k}"])
                counts = bool(line[f"counts_{n}"])
                found[m.slug] = Standing(m, counts, bool(line[f"asked_{n}"]), () if counts else lacks)
    seen = (
        ImplementationItem.objects.filter(units.scope_of(actor).of(chosen[0]), pk=item).select_related("org").first()
    )
    if seen is None:
        return None
    nothing = tuple(found.get(m.slug) or Standing(m, False, False, ()) for m in chosen)
    return ItemPage(seen, nothing)
