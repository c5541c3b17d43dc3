"""审查要点核对: mark each point of a material as met, not met or not applicable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases import access
from siban.cases.models import Case
from siban.cases.models_counter import MaterialCheck
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from . import drafting

COUNTER = MaterialCheck.Stage.COUNTER
OPEN = ("draft", "submitted", "correcting")
LAW = "行政许可法第三十二条；实施清单审查要点"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found at one point; an empty verdict takes the mark away again."""

    verdict: str
    note: str = ""


@transaction.atomic
def check_materials(
    *, case_id: UUID, marks: Mapping[tuple[str, int], Mark], by: Actor, at: datetime
) -> list[MaterialCheck]:
    """Keep the marks of (material, number of the point). Returns those that changed; who and when stand with each.

    Raises:
        Refused: not this counter's case, already accepted, or a point the version does not have.
    """
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    if not (access.counter(by, case) or access.reviewer(by, case)):
        raise Refused("只有收件窗口和实施部门可以核对审查要点。")
    if case.state not in OPEN:
        raise Refused("这个办件已经受理或者结束，审查要点的核对不能再改。")
    texts = {(m.id, n): text for m in case.wanted() for n, text in enumerate(m.review_points)}
    kept = {(c.material_id, c.point): c for c in case.material_checks.filter(stage=COUNTER)}
    changed: list[MaterialCheck] = []
    for key, mark in marks.items():
        before = kept.get(key)
        if key not in texts:
            raise Refused("这个审查要点不在办事指南里。请刷新页面后再核对。")
        if not mark.verdict:
            if before is not None:
                before.delete()
            continue
        if mark.verdict not in MaterialCheck.Verdict.values:
            raise Refused("请选择符合、不符合或者不适用。")
        note = mark.note.strip()[:300] if mark.verdict == MaterialCheck.Verdict.NOT_OK else ""
        if before is not None and (before.verdict, before.note) == (mark.verdict, note):
            continue
        fields: dict[str, Any] = {
            "text": texts[key][:500], "verdict": mark.verdict, "note": note, "by_id": by.account_id, "at": at,
        }  # fmt: skip
        row, _ = MaterialCheck.objects.update_or_create(
            case=case, stage=COUNTER, material_id=key[0], point=key[1], defaults=fields
        )
        changed.append(row)
    if changed:
        journal.write(
            subject=case, move="check_materials", by=by, at=at, law=LAW,
            facts={"marks": [f"{c.material_id}/{c.point}={c.verdict}" for c in changed]},
        )  # fmt: skip
    return changed


def pass_rest(*, case_id: UUID, by: Actor, at: datetime) -> int:
    """Mark as met every point not looked at yet, of the materials that are here."""
    case = Case.objects.visible_to(by).select_related("version").get(pk=case_id)
    seen = set(case.material_checks.filter(stage=COUNTER).order_by("pk").values_list("material_id", "point"))
    rest = {a.key: Mark(MaterialCheck.Verdict.OK) for a in case.asked_points() if a.key not in seen}
    return len(check_materials(case_id=case_id, marks=rest, by=by, at=at)) if rest else 0


@transaction.atomic
def take_all_papers(*, case_id: UUID, by: Actor, at: datetime) -> int:
    """Note as taken on paper every listed material that is not here yet; forms filled in on screen are left out."""
    case = Case.objects.visible_to(by).select_related("version").get(pk=case_id)
    here = {p.material_id for p in case.papers_in if p.is_provided} | {m.id for m in case.form_materials()}
    rest = [m.id for m in case.wanted() if m.id not in here]
    for material_id in rest:
        drafting.note_paper(case_id=case_id, material_id=material_id, by=by, at=at)
    return len(rest)
