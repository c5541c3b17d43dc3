"""秒批: rules are written, proven, signed, stopped; applications are decided by them at once, refusals never."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.cases import automatic, notices
from siban.cases.automatic import AUTO_FLOW, GRANT, LAW, PERSON
from siban.cases.flow import CASE_FLOW
from siban.cases.models import AutoDecision, AutoTable, Case
from siban.cases.queries.trying import inputs_for
from siban.catalog.api import ImplementationItem
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.conditions import ConditionError, decide
from siban.kernel.flow import Refused

from . import clocks, decision, promising
from .delivery import close

MOST_ROWS = 30


@transaction.atomic
def draft_rules(*, item_id: UUID, by: Actor, at: datetime) -> AutoTable:
    """A new version to be written, begun from the one before. Raises Refused: not one's department's item, no version."""
    item = ImplementationItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    last = AutoTable.objects.filter(item=item).order_by("-number").first()
    table = AutoTable(
        item=item, org_id=item.org_id, number=(last.number if last else 0) + 1, rows=last.rows if last else [],
        sample_percent=last.sample_percent if last else 5, created_at=at, saved_at=at,
    )  # fmt: skip
    if not automatic.writes(by, table):
        raise Refused(f"您不能编写这个事项的秒批规则。{automatic.writes.__doc__}")
    if item.version_id is None:
        raise Refused("这个事项还没有发布，不能编写秒批规则。")
    if last is not None and last.state == "draft":
        return last
    return AUTO_FLOW.begin(table, by=by, at=at, law=LAW)  # type: ignore[no-any-return]


@transaction.atomic
def save_rules(
    *, table_id: UUID, rows: Sequence[dict[str, str]], sample_percent: int, by: Actor, at: datetime
) -> AutoTable:
    """Keep the rows of a draft, right or wrong; whether they may be signed is asked when they are."""
    table = AutoTable.objects.visible_to(by).select_for_update(of=("self",)).select_related("item").get(pk=table_id)
    if table.state != "draft" or not automatic.writes(by, table):
        raise Refused("已经签署的规则不能修改，请编写新的一版。")
    if not 1 <= sample_percent <= 100:
        raise Refused("抽查比例应为 1 至 100 之间的整数。")
    if len(rows) > MOST_ROWS:
        raise Refused(f"规则最多 {MOST_ROWS} 行，请合并。")
    kept = [{k: str(row.get(k, "")).strip()[:500] for k in ("when", "outcome", "words", "law")} for row in rows]
    table.rows, table.sample_percent, table.saved_at = [r for r in kept if any(r.values())], sample_percent, at
    table.save(update_fields=["rows", "sample_percent", "saved_at"])
    return table


def digest(table: AutoTable) -> str:
    """SHA-256 of what is signed: item, version number, rows in order, share to be checked."""
    said = {"item": table.item.impl_code, "number": table.number, "rows": table.rows, "sample": table.sample_percent}
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


@transaction.atomic
def sign_rules(*, table_id: UUID, by: Actor, at: datetime) -> AutoTable:
    """The head of the department puts a version in force; the one before it is replaced in the same moment."""
    table = AutoTable.objects.visible_to(by).get(pk=table_id)
    for before in AutoTable.objects.filter(item_id=table.item_id, state__in=["in_force", "stopped"]).order_by(
        "number"
    ):
        with AUTO_FLOW.step("replace", by=SYSTEM, at=at, pk=before.pk, note=f"第 {table.number} 版签署"):
            pass
    with AUTO_FLOW.step("sign", by=by, at=at, pk=table_id) as step:
        signed: AutoTable = step.subject
        signed.digest, signed.signed_by_id, signed.signed_at = digest(signed), by.account_id, at
        signed.paper_number = notices.auto_rules(signed, by=by, at=at).number
        step.facts["digest"] = signed.digest
    return signed


def stop_rules(*, table_id: UUID, reason: str, by: Actor, at: datetime) -> AutoTable:
    """Off at once: from now on every application of the item goes to a person."""
    if len(reason.strip()) < 5:
        raise Refused("请写明停用的理由（至少 5 个字）。")
    with AUTO_FLOW.step("stop", by=by, at=at, pk=_seen(table_id, by), note=reason.strip()) as step:
        step.subject.stop_reason = reason.strip()[:200]
    return step.subject  # type: ignore[no-any-return]


def resume_rules(*, table_id: UUID, by: Actor, at: datetime) -> AutoTable:
    """On again, as it was signed."""
    with AUTO_FLOW.step("resume", by=by, at=at, pk=_seen(table_id, by)) as step:
        step.subject.stop_reason = ""
    return step.subject  # type: ignore[no-any-return]


def discard_rules(*, table_id: UUID, by: Actor, at: datetime) -> AutoTable:
    """Give up a draft."""
    with AUTO_FLOW.step("discard", by=by, at=at, pk=_seen(table_id, by)) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def _seen(table_id: UUID, by: Actor) -> Any:
    return AutoTable.objects.visible_to(by).values_list("pk", flat=True).get(pk=table_id)


@transaction.atomic
def attempt(*, case_id: UUID, at: datetime) -> AutoDecision | None:
    """Let the rules in force look at an application just handed in. None when the item has none, or they looked before.

    A grant is carried out at once as far as the system may go; anything else is left to a person, with the reason kept.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("person", "enterprise", "org").get(pk=case_id)
    if case.state != "submitted" or case.missing_materials() or AutoDecision.objects.filter(case=case).exists():
        return None
    rules = AutoTable.objects.filter(item_id=case.item_id, state="in_force").select_related("item").first()
    if rules is None or case.elements.charging.is_charging:
        return None
    made = _judge(rules, case, at=at)
    made.save(force_insert=True)
    if made.outcome == GRANT:
        _carry_out(case, made, at=at)
    else:
        journal.write(
            subject=case, move="to_a_person", by=SYSTEM, at=at, law=LAW, note=f"秒批规则第 {rules.number} 版：{made.words}",
            facts={"row": made.row},
        )  # fmt: skip
    return made


def _judge(rules: AutoTable, case: Case, *, at: datetime) -> AutoDecision:
    """What the rules say; what can't be judged goes to a person."""
    made = AutoDecision(case=case, table=rules, at=at, row=0, outcome=PERSON, inputs={})
    try:
        table = rules.table()
        made.inputs = inputs_for(case, list(table.inputs), on=local_day(at))
        if unknown := [table.label(name) for name in table.inputs if name not in made.inputs]:
            made.words = f"没有核验到：{'、'.join(unknown)}，由工作人员审批。"
            return made
        found = decide(table, made.inputs)
    except ConditionError as why:
        made.words = f"规则不能判断这份申请，由工作人员审批。（{why}）"
        return made
    made.row, made.outcome, made.words = found.row, found.outputs["outcome"], found.outputs["words"]
    if made.outcome == GRANT and drawn(case.pk, rules.sample_percent):
        made.check_state, made.check_reason = AutoDecision.Check.DUE, "随机抽查"
    return made


def drawn(case_id: UUID, percent: int) -> bool:
    """Whether a case falls into the share a person checks again: by its own id, so that nobody can choose."""
    return int(hashlib.sha256(case_id.bytes).hexdigest()[:8], 16) % 100 < percent


def _carry_out(case: Case, made: AutoDecision, *, at: datetime) -> None:
    on, note = local_day(at), f"依照秒批规则第 {made.table.number} 版第 {made.row} 行自动作出：{made.words}"
    with CASE_FLOW.step("auto_accept", by=SYSTEM, at=at, pk=case.pk, note=note) as step:
        step.subject.accepted_at = at
        clocks.on_acceptance(step.subject, on=on, by=SYSTEM, at=at)
    notices.acceptance(step.subject, by=SYSTEM, at=at)
    promising.sign(step.subject, at=at)
    with CASE_FLOW.step("auto_approve", by=SYSTEM, at=at, pk=case.pk, note=note) as step:
        step.subject.decided_at, step.subject.decision_note = at, note
        clocks.on_decision(step.subject, on=on, by=SYSTEM, at=at)
        step.facts |= {"table": str(made.table_id), "version": made.table.number, "row": made.row}
    notices.approval(step.subject, by=SYSTEM, at=at)
    promising.after_decision(step.subject, granted=True, at=at)
    with CASE_FLOW.step("auto_issue", by=SYSTEM, at=at, pk=case.pk) as step:
        decision.make(step, by=SYSTEM, at=at)
    if step.subject.delivery == Case.Delivery.ELECTRONIC:
        with CASE_FLOW.step("auto_deliver", by=SYSTEM, at=at, pk=case.pk) as step:
            step.subject.delivered_at = at
            step.note = "电子送达"
            clocks.on_end(step.subject, on=on, by=SYSTEM, at=at)
        notices.delivery(step.subject, receiver=case.applicant_name, tracking="", by=SYSTEM, at=at)
        close(case_id=case.pk, at=at)


@transaction.atomic
def ask_recheck(*, case_id: UUID, by: Actor, at: datetime) -> AutoDecision:
    """The applicant wants a person to look at what the rules decided."""
    case = Case.objects.visible_to(by).get(pk=case_id)
    made = AutoDecision.objects.select_for_update().filter(case=case).first()
    if made is None or made.outcome != GRANT:
        raise Refused("这个办件不是自动作出的，由工作人员办理。")
    if made.check_state != AutoDecision.Check.NONE:
        raise Refused("已经在人工复核，或者已经复核过。")
    made.check_state, made.check_reason = AutoDecision.Check.DUE, "申请人要求"
    made.save(update_fields=["check_state", "check_reason"])
    journal.write(subject=case, move="ask_recheck", by=by, at=at, law=LAW)
    return made


@transaction.atomic
def recheck(*, case_id: UUID, agrees: bool, note: str, by: Actor, at: datetime) -> AutoDecision:
    """A person checks again what the rules decided; a disagreement is for two persons to undo and for the rules to learn.

    Raises:
        Refused: not this department's, nothing to check, a disagreement without its reason.
    """
    case = Case.objects.visible_to(by).get(pk=case_id)
    if not by.has_role("approver", "chief_rep", "unit_head") or by.org_id != case.org_id:
        raise Refused("由实施部门的审批人员、首席代表或者主要负责人复核。")
    if len(note.strip()) < (2 if agrees else 5):
        raise Refused("请写明复核情况；不一致的写明哪里不对（至少 5 个字）。")
    made = AutoDecision.objects.select_for_update().filter(case=case, check_state=AutoDecision.Check.DUE).first()
    if made is None:
        raise Refused("这个办件没有待复核的自动审批。")
    made.check_state = AutoDecision.Check.AGREED if agrees else AutoDecision.Check.DISAGREED
    made.checked_by_id, made.checked_at, made.check_note = by.account_id, at, note.strip()
    made.save(update_fields=["check_state", "checked_by", "checked_at", "check_note"])
    journal.write(
        subject=case, move="recheck", by=by, at=at, law=LAW, note=f"{made.get_check_state_display()}：{note.strip()}"
    )
    return made
