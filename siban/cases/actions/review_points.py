"""逐项审查: the reviewer looks at each review point beside the material and says what was found (行政许可法第三十四条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases import access, guards, rules_review
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.cases.models_counter import MaterialCheck
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

LAW = "行政许可法第三十四条；实施清单审查要点"
REVIEW = MaterialCheck.Stage.REVIEW
NOT_OK = MaterialCheck.Verdict.NOT_OK
Key = tuple[str, int]


class Unfinished(Refused):
    """Some findings can't stand as written; each with the field it concerns. Nothing was kept."""

    def __init__(self, faults: list[tuple[str, Key]]) -> None:
        super().__init__(faults[0][0])
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one point; `was` is the verdict the person saw, where somebody else may have changed it since."""

    verdict: str
    note: str = ""
    remedy: str = ""
    was: str | None = None


@transaction.atomic
def review_points(*, case_id: UUID, findings: Mapping[Key, Finding], by: Actor, at: datetime) -> list[MaterialCheck]:
    """Keep what was found at each (material, number of the point). Returns the findings that changed.

    Raises:
        Refused: not in this reviewer's hands, or a point the version does not have.
        Unfinished: a finding of 不符合 without saying what, or one that a colleague changed meanwhile.
    """
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    if why := not_in_hand(case, by=by, at=at):
        raise Refused(why)
    texts = {(m.id, n): (m.name, text) for m in case.wanted() for n, text in enumerate(m.review_points)}
    kept = {(c.material_id, c.point): c for c in case.material_checks.filter(stage=REVIEW).select_related("by")}
    faults: list[tuple[str, Key]] = []
    changed: list[MaterialCheck] = []
    for key, found in findings.items():
        if key not in texts:
            raise Refused("这个审查要点不在办事指南里。请刷新页面后再审查。")
        if found.verdict not in MaterialCheck.Verdict.values:
            raise Refused("请选择符合、不符合或者不适用。")
        bad, before = found.verdict == NOT_OK, kept.get(key)
        said = (found.verdict, found.note.strip()[:300] if bad else "", found.remedy.strip()[:300] if bad else "")
        if before is not None and (before.verdict, before.note, before.remedy) == said:
            continue
        name, text = texts[key]
        if before is not None and found.was is not None and before.verdict != found.was:
            faults.append(
                (
                    f"“{name}”的“{text[:40]}”刚由{before.by.name}标为{before.get_verdict_display()}，请看过以后再改。",
                    key,
                )
            )
        elif bad and len(said[1]) < 2:
            faults.append((f"“{name}”的“{text[:40]}”标为不符合，请写明哪里不符合。", key))
        else:
            fields: dict[str, Any] = {
                "text": text[:500], "verdict": said[0], "note": said[1], "remedy": said[2], "by_id": by.account_id, "at": at,
            }  # fmt: skip
            row = before or MaterialCheck(case=case, stage=REVIEW, material_id=key[0], point=key[1])
            for field, value in fields.items():
                setattr(row, field, value)
            changed.append(row)
    if faults:
        raise Unfinished(faults)
    for row in changed:
        row.save()
    if changed:
        journal.write(
            subject=case, move="review_points", by=by, at=at, law=LAW,
            facts={"marks": [f"{c.material_id}/{c.point}={c.verdict}" for c in changed]},
        )  # fmt: skip
    return changed


def not_in_hand(case: Case, *, by: Actor, at: datetime) -> str | None:
    """Why this person can't write findings now; None when the case is in this reviewer's hands."""
    if not access.reviewer(by, case):
        return f"您当前的岗位不能审查这个办件。{access.reviewer.__doc__}"
    if case.state not in rules_review.UNDER_REVIEW:
        return (
            f"现在是“{CASE_FLOW.label(case.state)}”，不在审查中。开始审查以后才能逐项审查，提交审查意见以后不能再改。"
        )
    return guards.next_hand(by, case, at)


def pass_unseen(*, case_id: UUID, by: Actor, at: datetime) -> int:
    """Find in order every point nobody has looked at yet, of the materials that are here."""
    case = Case.objects.visible_to(by).select_related("version").get(pk=case_id)
    rest = {a.key: Finding(MaterialCheck.Verdict.OK) for a in case.unseen_points()}
    return len(review_points(case_id=case_id, findings=rest, by=by, at=at)) if rest else 0
