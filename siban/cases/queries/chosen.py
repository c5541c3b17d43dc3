"""The cases ticked in the inbox, as the page before an act on several shows them."""

from collections.abc import Collection
from dataclasses import dataclass

from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import Actor

from .names import staff_names


@dataclass(frozen=True, slots=True)
class Chosen:
    """One ticked case, and why the act can't be done to it."""

    number: str
    title: str
    applicant: str
    state: str
    handler: str
    refusal: str
    points: int


def chosen(by: Actor, numbers: Collection[str], *, verb: str, most: int) -> list[Chosen]:
    """As many statements for one as for fifty. What only the act itself can know, the act itself says."""
    rows = list(
        Case.objects.visible_to(by)
        .filter(number__in=set(numbers))
        .prefetch_related(*(("materials__file", "material_checks__by") if verb == "approve" else ()))
        .order_by("due_on", "id")[:most]
    )
    names = staff_names(row.handler_id for row in rows)
    return [
        Chosen(
            row.number or "", row.title, row.applicant_name, CASE_FLOW.label(row.state), names.get(row.handler_id, ""),
            _refusal(row, by, verb), _points(row) if verb == "approve" else 0,
        )
        for row in rows
    ]  # fmt: skip


def _points(row: Case) -> int:
    return len(row.asked_points())


def _refusal(row: Case, by: Actor, verb: str) -> str:
    if verb == "approve":
        row.__dict__["papers_in"] = list(row.materials.all())
        row.__dict__["_marks"] = list(row.material_checks.all())
    move = CASE_FLOW.moves.get(verb)
    if move is not None:
        if row.state not in move.sources:
            return f"现在是“{CASE_FLOW.label(row.state)}”，不能“{move.label}”。"
        if not move.who(by, row):
            return f"您当前的岗位不能“{move.label}”。"
    return (row.decided_alone() or "") if verb == "approve" else ""
