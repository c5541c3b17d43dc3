"""Conditions that the counter adds to the moves of a case: (case, at) or (actor, case, at) -> sentence, or None."""

from datetime import datetime
from typing import Any

from django.conf import settings

from siban.kernel.actor import Actor

from . import rules_counter


def points_passed(case: Any, at: datetime) -> str | None:
    """没有标为不符合的审查要点。"""
    return rules_counter.failing(points_of(case))


def front_and_back_apart(actor: Actor, case: Any, at: datetime) -> str | None:
    """前台受理和后台审批分开的，不是收件的人。"""
    return rules_counter.decided_by_other(actor, case, separate=settings.SIBAN_SEPARATE_FRONT_BACK)


def points_of(case: Any) -> list[rules_counter.Point]:
    """The marks on a case's materials that its situation still asks for."""
    if case.is_unsaved:  # taken in and accepted in one statement: nobody has marked anything yet
        return []
    names = {m.id: m.name for m in case.wanted()}
    return [
        rules_counter.Point(c.material_id, names[c.material_id], c.text, c.verdict, c.note)
        for c in case.material_checks.all()
        if c.material_id in names
    ]
