"""The review points of a case as marked at the counter and found in review, and the notice of corrections that follows."""

from dataclasses import dataclass
from datetime import datetime

from siban.cases import guards_counter, rules_counter
from siban.cases.models import Case
from siban.cases.models_counter import MaterialCheck


@dataclass(frozen=True, slots=True)
class PointShown:
    """One review point with its mark, who made it and when."""

    number: int
    text: str
    verdict: str = ""
    note: str = ""
    by: str = ""
    at: datetime | None = None
    remedy: str = ""

    @property
    def words(self) -> str:
        """`不符合：第二页看不清（改正办法：重拍）`; empty while nobody looked."""
        if not self.verdict:
            return ""
        said = str(MaterialCheck.Verdict(self.verdict).label) + (f"：{self.note}" if self.note else "")
        return f"{said}（改正办法：{self.remedy}）" if self.remedy else said

    @property
    def tone(self) -> str:
        return {"ok": "green", "not_ok": "red", "na": "grey"}.get(self.verdict, "amber")


@dataclass(frozen=True, slots=True)
class Looked:
    """One review point as the counter marked it and as the review found it."""

    counter: PointShown
    review: PointShown


def points_by_material(case: Case, stage: str = MaterialCheck.Stage.COUNTER) -> dict[str, tuple[PointShown, ...]]:
    """Every review point of the materials of this situation, marked in this stage or not."""
    kept = {(c.material_id, c.point): c for c in case.marks if c.stage == stage}
    said: dict[str, tuple[PointShown, ...]] = {}
    for m in case.wanted():
        said[m.id] = tuple(
            PointShown(n, text, c.verdict, c.note, c.by.name, c.at, c.remedy)
            if (c := kept.get((m.id, n)))
            else PointShown(n, text)
            for n, text in enumerate(m.review_points)
        )
    return said


def looked(case: Case) -> dict[str, tuple[Looked, ...]]:
    """Every review point of a case, the counter's mark beside what the review found; one statement."""
    counter, review = points_by_material(case), points_by_material(case, MaterialCheck.Stage.REVIEW)
    return {mid: tuple(map(Looked, points, review[mid])) for mid, points in counter.items()}


def proposed_corrections(case: Case) -> list[dict[str, str]]:
    """What the marks say has to be corrected: `{"material_id", "name", "what"}`, one a material; a proposal, not the notice."""
    return rules_counter.corrections(guards_counter.points_of(case))
