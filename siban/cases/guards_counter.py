"""Conditions that the counter adds to the moves of a case: (case, at) or (actor, case, at) -> sentence, or None."""

from datetime import datetime
from typing import Any

from django.conf import settings

from siban.kernel.actor import Actor

from . import rules_counter, rules_review


def points_passed(case: Any, at: datetime) -> str | None:
    """没有标为不符合的审查要点。"""
    return rules_counter.failing(points_of(case))


def front_and_back_apart(actor: Actor, case: Any, at: datetime) -> str | None:
    """前台受理和后台审批分开的，不是收件的人。"""
    return rules_counter.decided_by_other(actor, case, separate=settings.SIBAN_SEPARATE_FRONT_BACK)


def points_looked_at(case: Any, at: datetime) -> str | None:
    """交来的材料的审查要点都已逐项审查（即办件以收件时的核对为准）。"""
    return rules_review.unseen(case.unseen_points(), begun=case.state != "accepted")


def points_hold(case: Any, at: datetime) -> str | None:
    """没有审查为不符合的审查要点。"""
    return rules_review.failed(case.reviewed_points())


def points_of(case: Any, stage: str = "counter") -> list[rules_counter.Point]:
    """The marks of a stage on a case's materials that its situation still asks for."""
    if case.is_unsaved:  # taken in and accepted in one statement: nobody has marked anything yet
        return []
    names = {m.id: m.name for m in case.wanted()}
    return [
        rules_counter.Point(c.material_id, names[c.material_id], c.text, c.verdict, c.note, c.remedy)
        for c in case.marks
        if c.stage == stage and c.material_id in names
    ]
