"""The push list: what went to which department, what it has taken, what has come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from siban.cases import access
from siban.cases.flow import CASE_FLOW
from siban.cases.models_push import CasePush
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Lamp

from . import wording
from .names import masked_name

SIZE = 100
PARTS = {"waiting": "待接收", "taken": "办理中", "returned": "已返回结果"}
WHERE = {
    "waiting": Q(taken_at=None, case__decided_at=None),
    "taken": Q(taken_at__isnull=False, case__decided_at=None),
    "returned": Q(case__decided_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part, which other unit, after which row."""

    part: str = "waiting"
    unit: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wanted":
        part = given.get("part", "")
        return cls(part if part in PARTS else "waiting", given.get("unit", "")[:36], given.get("after", "")[:36])

    def query(self, **changed: str) -> str:
        said = {"part": self.part, "unit": self.unit, **changed}
        return "?" + urlencode({k: v for k, v in said.items() if v})


@dataclass(frozen=True, slots=True)
class Line:
    """A case on the list."""

    case_id: UUID
    number: str
    title: str
    applicant: str
    other: str
    lamp: Lamp
    pushed_at: datetime
    taken_at: datetime | None
    taken_by: str
    decided_at: datetime | None
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """One department (or, for a department, one counter) with its figures."""

    unit: str
    name: str
    waiting: int
    taken: int
    returned: int


@dataclass(frozen=True, slots=True)
class PushPage:
    """The answer: figures by unit, and the cases of the part asked for."""

    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    following: str
    is_front: bool


def push_page(actor: Actor, wanted: Wanted) -> PushPage:
    """Two statements, whatever the number of cases."""
    is_front = actor.has_role(*access.FRONT)
    other = "org" if is_front else "front_org"
    rows: QuerySet[CasePush] = CasePush.objects.visible_to(actor)
    groups = tuple(
        Group(str(pk), name, waiting, taken, returned)
        for pk, name, waiting, taken, returned in rows.order_by(f"{other}__order", f"{other}__code")
        .values_list(f"{other}_id", f"{other}__short_name")
        .annotate(**{part: Count("pk", filter=where) for part, where in WHERE.items()})
        .values_list(f"{other}_id", f"{other}__short_name", *PARTS)
    )
    found = rows.filter(WHERE[wanted.part]).order_by("-case_id")
    try:
        if wanted.unit:
            found = found.filter(**{f"{other}_id": UUID(wanted.unit)})
        if wanted.after:
            found = found.filter(case_id__lt=UUID(wanted.after))
    except ValueError:
        found = found.none()
    columns = (
        "case_id", "case__number", "case__title", "case__applicant_name", "case__enterprise_id", f"{other}__short_name",
        "case__state", "pushed_at", "taken_at", "taken_by__name", "case__decided_at", "case__issued_at",
    )  # fmt: skip
    lines = [_line(row) for row in found.values_list(*columns)[: SIZE + 1]]
    more = wanted.query(after=str(lines[SIZE - 1].case_id)) if len(lines) > SIZE else ""
    return PushPage(groups, tuple(lines[:SIZE]), more, is_front)


def _line(row: tuple[Any, ...]) -> Line:
    pk, number, title, name, firm, other, state, pushed, taken, by, decided, issued = row
    lamp = Lamp(wording.state_tone(state), CASE_FLOW.label(state))
    return Line(
        pk, number or "", title, masked_name(name, is_person=firm is None), other, lamp, pushed, taken, by or "",
        decided, issued,
    )  # fmt: skip
