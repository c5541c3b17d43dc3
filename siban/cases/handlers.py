"""What follows an act on a case, after its commit."""

import logging
from uuid import UUID

from django.urls import reverse

from siban.exchange import api as exchange
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.journal import Event
from siban.kernel.models import JournalEntry
from siban.kernel.papers import papers_of
from siban.kernel.terms import followers

from . import fees, handlers_counter, handlers_entrusting, messages, notices  # noqa: F401 (what they hear is declared by being imported)
from .actions import automatic, clocks
from .models import Case

log = logging.getLogger(__name__)
followers.register("cases.Case", hold=clocks.hold, follow=clocks.follow)


@journal.on("cases.Case", "submit")
def draw_up_receipt(event: Event) -> None:
    """The receipt for what was handed in, numbered once the case is safely stored (行政许可法第三十二条)."""
    case = Case.objects.select_related("version", "org").get(pk=event.subject_id)
    if not papers_of(("cases.Case", str(case.pk))).filter(kind="receipt").exists():
        notices.receipt(case, at=event.at)


@journal.on("cases.Case", "accept")
def draw_up_acceptance(event: Event) -> None:
    """The acceptance paper of what came in at once, where no counter has drawn it up on the spot (行政许可法第三十二条)."""
    case = Case.objects.select_related("version", "org").get(pk=event.subject_id)
    if not papers_of(("cases.Case", str(case.pk))).filter(kind="acceptance").exists():
        notices.acceptance(case, by=SYSTEM, at=event.at)


@journal.on("cases.Case", *messages.BY_MOVE)
def tell_people(event: Event) -> None:
    """Tell whom the step concerns. Of several steps taken at one instant (当场办结) only the last is told."""
    later = JournalEntry.objects.filter(
        subject_type=event.subject_type, subject_id=event.subject_id, id__gt=event.entry_id, at=event.at,
        move__in=messages.BY_MOVE,
    )  # fmt: skip
    if later.exists():
        return
    case = Case.objects.select_related("version", "org").get(pk=event.subject_id)
    facts = messages.facts_of(case)
    for notice in messages.BY_MOVE[event.move]:
        title, body = notice.words(facts)
        office = notice.to != "applicant"
        exchange.tell(
            to=messages.recipients(notice, case), event=f"journal:{event.entry_id}", kind=notice.kind, title=title,
            body=body, link=reverse("desk-case" if office else "my-case", args=[case.number]),
            subject=(event.subject_type, event.subject_id), region_code=case.region_id, by=SYSTEM, at=event.at,
            channels=notice.channels, law=notice.law, is_statutory=notice.is_statutory, is_urgent=notice.is_urgent,
        )  # fmt: skip


ON_ACCEPTANCE = ("accept", "accept_deficient", "deem_accepted", "auto_accept")
ON_DECISION = ("approve", "deem_renewed", "auto_approve")
ENDED = {
    "withdraw": "申请已撤回", "terminate": "办理已终止", "lapse_deficiency": "办理已终止", "reject": "没有准予",
}  # fmt: skip


@journal.on("cases.Case", *ON_ACCEPTANCE, *ON_DECISION)
def demand_fee(event: Event) -> None:
    """The payment order of an item that charges, on acceptance or before the result, as the house is set up."""
    case = Case.objects.get(pk=event.subject_id)
    if case.closed_at is None:
        fees.demand_at("accept" if event.move in ON_ACCEPTANCE else "approve", case_id=case.pk, at=event.at)


@journal.on("cases.Case", *ENDED)
def end_fee(event: Event) -> None:
    """Without a result nothing more is charged; what was paid is asked back."""
    fees.end(case_id=UUID(event.subject_id), why=ENDED[event.move], at=event.at)


@journal.on("cases.Case", "deliver")
def hand_over_parcel(event: Event) -> None:
    """Delivering under a parcel's number is its hand-over, at the moment of the delivery (行政许可法第四十四条)."""
    number = event.facts.get("tracking", "")
    for parcel in exchange.parcels_of((event.subject_type, event.subject_id)):
        if parcel.direction == "out" and parcel.number == number and parcel.state == "registered":
            exchange.hand_over(parcel_id=parcel.pk, by=SYSTEM, at=event.at)


@journal.on("cases.Case", "submit", "resubmit")
def let_the_rules_look(event: Event) -> None:
    """秒批 of what came in by another door than the page; what was looked at already stays as it is."""
    automatic.attempt(case_id=UUID(event.subject_id), at=event.at)
