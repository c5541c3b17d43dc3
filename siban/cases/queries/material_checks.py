"""The review points of a case as marked, and the notice of corrections that follows from them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siban.cases import guards_counter, rules_counter
from siban.cases.models import Case


@dataclass(frozen=True, slots=True)
class PointShown:
    """One review point with its mark, who made it and when."""

    number: int
    text: str
    verdict: str
    note: str
    by: str
    at: datetime | None


def points_by_material(case: Case) -> dict[str, tuple[PointShown, ...]]:
    """Every review point of the materials of this situation, marked or not."""
    kept: dict[tuple[str, int], Any] = {
        (c.material_id, c.point): c for c in case.material_checks.select_related("by").all()
    }
    said: dict[str, tuple[PointShown, ...]] = {}
    for m in case.wanted():
        said[m.id] = tuple(
            PointShown(n, text, c.verdict, c.note, c.by.name, c.at)
            if (c := kept.get((m.id, n)))
            else PointShown(n, text, "", "", "", None)
            for n, text in enumerate(m.review_points)
        )
    return said


def proposed_corrections(case: Case) -> list[dict[str, str]]:
    """What the marks say has to be corrected: `{"material_id", "name", "what"}`, one a material; a proposal, not the notice."""
    return rules_counter.corrections(guards_counter.points_of(case))
