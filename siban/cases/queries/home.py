"""What waits for a post today, and the search for a case."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from siban.cases import access
from siban.cases.flow import CaseState
from siban.cases.models import Case
from siban.kernel.actor import Actor

from . import inbox

CAP = 999  # counting stops here: the home page opens as fast over a million cases
HITS = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure of the home page and the list it opens."""

    label: str
    value: int
    page: str
    query: str = ""
    tone: str = "grey"
    note: str = ""
    capped: bool = False


def figures(actor: Actor, *, today: date) -> list[Waiting]:
    """Every figure counts exactly the list it opens."""
    mine: QuerySet[Case] = Case.objects.visible_to(actor)
    office = mine.filter(state__in=inbox.OFFICE)
    made = [
        _count("已超期", office.filter(due_on__lt=today), "?lamp=red", "red", "先办这些"),
        _count(
            "今明两天到期", office.filter(due_on__range=(today, today + timedelta(days=1))), "?lamp=amber", "amber"
        ),
        _count("等待受理", mine.filter(state=CaseState.SUBMITTED), "?state=submitted", "blue", "五个工作日内一次告知"),
    ]
    if not actor.has_role(*access.FRONT):
        made.append(_count("等待审查", mine.filter(state=CaseState.ACCEPTED), "?state=accepted"))
        made.append(_count("审查中", mine.filter(state=CaseState.IN_REVIEW), "?state=in_review"))
        made.append(_count("等待制证", mine.filter(state=CaseState.APPROVED), "?state=approved"))
    made.append(_count("等待送达证照", mine.filter(state=CaseState.ISSUED), "?state=issued", note="十个工作日内送达"))
    made.append(_count("等待送达决定", mine.filter(state=CaseState.REJECTED), "?state=rejected"))
    if actor.has_role(*access.FRONT):
        parked = parked_by(actor)
        made.append(Waiting("暂存的收件", min(parked[: CAP + 1].count(), CAP), "counter", "", "blue", "接着办完"))
    return made


def _count(label: str, rows: "QuerySet[Case]", query: str, tone: str = "grey", note: str = "") -> Waiting:
    found = rows.order_by()[: CAP + 1].count()
    return Waiting(label, min(found, CAP), "case-inbox", query, tone, note, found > CAP)


def parked_by(actor: Actor) -> "QuerySet[Case]":
    """Drafts this clerk began at the counter and has not handed in."""
    return Case.objects.visible_to(actor).filter(
        state=CaseState.DRAFT, received_org_id=actor.org_id, received_by_id=actor.account_id
    )


def search(actor: Actor, wanted: str, *, today: date) -> list[dict[str, Any]]:
    """Cases one may see, by the start of the number, or words in the applicant's or the item's name; newest first."""
    by_number = Q(number__startswith=wanted)
    match = (
        by_number if wanted.isdigit() else by_number | Q(applicant_name__icontains=wanted) | Q(title__icontains=wanted)
    )
    rows = Case.objects.visible_to(actor).exclude(state=CaseState.DRAFT).filter(match)
    return inbox.shown(list(rows.order_by("-id").values_list(*inbox.COLUMNS)[:HITS]), today=today)
