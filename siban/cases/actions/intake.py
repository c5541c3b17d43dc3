"""At the counter: accept, ask once for all corrections, refuse to accept, let go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases import fees, notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks, promising, renewal


@transaction.atomic
def accept(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Accept the application; both clocks start, the acceptance paper is drawn up (行政许可法第三十二条)."""
    with CASE_FLOW.step("accept", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        case.accepted_at = at
        clocks.on_acceptance(case, on=local_day(at), by=by, at=at)
        renewal.note(case, at=at)
    notices.acceptance(case, by=by, at=at)
    promising.sign(case, at=at)
    fees.demand_at("accept", case_id=case.pk, at=at)
    return case


@transaction.atomic
def deem_accepted(*, case_id: UUID, at: datetime) -> Case:
    """The five days passed without a word: accepted since the day of receipt (行政许可法第三十二条第一款第四项)."""
    with CASE_FLOW.step(
        "deem_accepted", by=SYSTEM, at=at, pk=case_id, note="逾期未一次告知，自收到材料之日起即为受理"
    ) as step:
        case: Case = step.subject
        case.accepted_at = received_at(case)
        clocks.on_acceptance(case, on=local_day(case.accepted_at), by=SYSTEM, at=at)
    notices.acceptance(case, by=SYSTEM, at=at)
    return case


def received_at(case: Case) -> datetime:
    """When the materials now on the table came in: corrected ones count from their own hand-in."""
    handed_in = journal.timeline(case).filter(move__in=("submit", "resubmit")).last()
    assert handed_in is not None  # the flow lets nothing be received that was not handed in
    return handed_in.at  # type: ignore[no-any-return]


@transaction.atomic
def request_correction(
    *, case_id: UUID, points: Sequence[dict[str, str]], by: Actor, at: datetime, days: int = rules.CORRECTION_DAYS
) -> Case:
    """Tell everything that has to be corrected, at once.

    Args:
        points: `{"material_id": …, "name": …, "what": …}` each; `material_id` may be empty for a point about the form.

    Raises:
        Refused: no point, a point without words, or a second notice that adds something new (V3.3).
    """
    said = [dict(p) for p in points if p.get("what", "").strip()]
    if not said:
        raise Refused("请至少写明一处需要补正的内容：哪份材料、哪里不对、怎样改。")
    with CASE_FLOW.step("request_correction", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if case.correction:
            before = {p["material_id"] for p in case.correction}
            if new := [p["name"] for p in said if p["material_id"] not in before]:
                raise Refused(f"补正内容应当一次告知，第二次不能新增“{'、'.join(new)}”。")
        for p in said:
            p["asked_at"] = at.isoformat()
            if p.get("material_id"):
                case.materials.filter(material_id=p["material_id"]).update(
                    is_rejected=True, findings=[p["what"].strip()]
                )
        case.correction = said
        clocks.on_correction(case, on=local_day(at), days=days, by=by, at=at)
        step.note = "；".join(f"{p['name']}：{p['what'].strip()}" for p in said)
    notices.correction(case, days=days, by=by, at=at)
    return case


@transaction.atomic
def refuse_acceptance(*, case_id: UUID, reason: str, ask_instead: str = "", by: Actor, at: datetime) -> Case:
    """Not for this office, or no licence needed: say so at once, with whom to ask instead (行政许可法第三十二条)."""
    if len(reason.strip()) < 5:
        raise Refused("请写明不予受理的理由（至少 5 个字），并告诉申请人应当向哪里申请。")
    with CASE_FLOW.step("refuse_acceptance", by=by, at=at, pk=case_id, note=reason.strip()) as step:
        case: Case = step.subject
        case.decision_note, case.closed_at = reason.strip(), at
        clocks.on_end(case, on=local_day(at), by=by, at=at)
    notices.non_acceptance(case, reason=reason.strip(), ask_instead=ask_instead.strip(), by=by, at=at)
    return case


def withdraw(*, case_id: UUID, reason: str = "", by: Actor, at: datetime) -> Case:
    """The applicant takes the application back before it is decided."""
    return _end("withdraw", case_id=case_id, note=reason.strip(), by=by, at=at)  # type: ignore[no-any-return]


def discard(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Give up a draft."""
    return _end("discard", case_id=case_id, note="", by=by, at=at)  # type: ignore[no-any-return]


@transaction.atomic
def terminate(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """The correction never came: the matter ends, the applicant may apply anew."""
    case: Case = _end("terminate", case_id=case_id, note="补正期限届满，申请人未补正", by=by, at=at)
    notices.termination(case, reason="补正期限届满，没有收到补正材料。您可以备齐材料重新申请。", at=at)
    return case


def _end(move: str, *, case_id: UUID, note: str, by: Actor, at: datetime) -> Any:
    with CASE_FLOW.step(move, by=by, at=at, pk=case_id, note=note) as step:
        step.subject.closed_at = at
        clocks.on_end(step.subject, on=local_day(at), by=by, at=at)
    return step.subject
