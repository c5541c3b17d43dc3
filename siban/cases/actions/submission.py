"""Handing in: the case gets its number, the counter's five days begin."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from siban.cases import access, forms, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import automatic, clocks, drafting
from .intake import accept
from .renewing import require_current


def number_for(region_code: str, at: datetime) -> str:
    """`150724` + `20261122` + six running digits (item_elements.md §2.4)."""
    return f"{region_code[:6]}{local_day(at):%Y%m%d}{_running() % 1_000_000:06d}"


_block: list[int] = []
BLOCK = 32  # numbers a process fetches at once; those it does not use are gaps, which case numbers may have


def _running() -> int:
    """The next running number; safe between threads, since popping from a list is atomic."""
    while True:
        try:
            return _block.pop()
        except IndexError:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('cases_number_seq') FROM generate_series(1, %s)", [BLOCK])
                _block.extend(sorted((row[0] for row in cursor.fetchall()), reverse=True))


def ready(case_id: UUID, move: str, *, by: Actor, at: datetime) -> Case:
    """The case, locked, with what the act itself answers written into its form, and the form found right."""
    case = (
        Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version", "item").get(pk=case_id)
    )
    if case.state not in CASE_FLOW.moves[move].sources:  # said first: the form is beside the point then
        raise Refused(CASE_FLOW.refusal(move, case, by=by, at=at) or "")
    drafting.settle(case, on=local_day(at))
    asked = {f.element for m in case.form_materials() for f in m.form_fields}
    case.form |= rules.settled(asked, delivery=case.delivery, address=case.mail_address, day=local_day(at))
    forms.require_valid(case, today=local_day(at))
    case.save(update_fields=["answers", "form"])
    return case


@transaction.atomic
def submit(*, case_id: UUID, by: Actor, at: datetime, only_receive: bool = False) -> Case:
    """Hand in the application; on-receipt items taken in at a counter are accepted in the same breath.

    Args:
        only_receive: take in without accepting, because corrections are told at once.

    Raises:
        FormInvalid: fields are missing or wrong, all of them named.
        Refused: the situation is open, or it is not this person's case.
    """
    here = ready(case_id, "submit", by=by, at=at)
    require_current(here, at=at)
    with CASE_FLOW.step("submit", by=by, at=at, pk=here.pk) as step:
        case: Case = step.subject
        case.number = number_for(case.region_id, at)
        case.submitted_at, case.channel = at, by.channel
        case.scenario_id = case.elements.scenario_id(case.answers)
        clocks.on_receipt(case, on=local_day(at), by=by, at=at)
    if automatic.attempt(case_id=case.pk, at=at) is not None:  # 秒批 where the department's signed rules say so
        case = Case.objects.select_related("version", "org").get(pk=case.pk)
    item = case.elements
    on_receipt = item.accept_on_receipt and item.authorisation_letter and access.counter(by, case)
    if on_receipt and CASE_FLOW.refusal("accept", case, by=by, at=at) is None:
        return accept(case_id=case.pk, by=by, at=at)  # 收件即受理: authorised counters accept what they receive
    return case


@transaction.atomic
def resubmit(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Hand in what was asked for; nothing new may be asked for afterwards (V3.3)."""
    here = ready(case_id, "resubmit", by=by, at=at)
    if open_points := [line["name"] for line in here.correction if not _answered(here, line)]:
        raise Refused(f"补正通知要求的“{'、'.join(open_points)}”还没有重新提供。请补齐后再提交。")
    with CASE_FLOW.step("resubmit", by=by, at=at, pk=here.pk) as step:
        clocks.close_all(step.subject, clocks.CORRECTION, on=local_day(at), by=by, at=at)
        clocks.on_receipt(step.subject, on=local_day(at), by=by, at=at)
    return step.subject  # type: ignore[no-any-return]


def _answered(case: Case, line: dict[str, str]) -> bool:
    """A point of the correction notice is met when its material was handed in again; form points by the form."""
    if not line.get("material_id"):
        return True
    asked_at = datetime.fromisoformat(line["asked_at"])
    if any(m.id == line["material_id"] and m.is_form for m in case.elements.materials):
        return True
    return any(
        p.material_id == line["material_id"] and p.is_provided and p.added_at >= asked_at for p in case.papers_in
    )
