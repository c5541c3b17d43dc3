"""What is done with a batch: scoped, approved, fixed, staffed, sealed, its memo drafted and signed, handed over, settled."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.cases.api import Case, hand_over_open
from siban.catalog.api import ImplementationItem, refusal_to_transfer, transfer
from siban.identity.api import Org
from siban.kernel import journal, papers
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from ..models import DecisionPush, TransferBatch, TransferItem
from .flow import LAW, TRANSFER_FLOW

PARTS = {
    "from_org": "原部门", "to_org": "审批局", "items": "事项清单", "duties": "责任划分", "archives": "档案交接",
    "seals": "印章交接", "running": "在办件由谁办", "hand_over_on": "交接日期", "transition_until": "过渡期",
}  # fmt: skip
"""What a memo must say (W14 TransferMemo)."""

MEMO = papers.PaperKind(
    "transfer_memo", "划转事项备忘录", "划备", "oversight/memo.typ", LAW,
    {**PARTS, "signed_from": "原部门签署人", "signed_to": "审批局签署人", "signed_on": "签署日期"},
)  # fmt: skip


@transaction.atomic
def open_batch(
    *, name: str, from_org: UUID, to_org: UUID, follows: UUID | None = None, by: Actor, at: datetime
) -> TransferBatch:
    """Begin to scope what may be moved from one department to the approval bureau."""
    units = {o.pk: o for o in Org.objects.within(by.region_prefix or "x").filter(pk__in=[from_org, to_org])}
    if not by.has_role("service_admin") or len(units) != 2:
        raise Refused("请选择本地区两个不同的单位。划转由政务服务管理机构办理。")
    made = TransferBatch(
        region_id=units[to_org].region_id, name=name.strip(), from_org_id=from_org, to_org_id=to_org,
        follows_id=follows, created_at=at,
    )  # fmt: skip
    return TRANSFER_FLOW.begin(made, by=by, at=at, law=LAW)  # type: ignore[no-any-return]


def approve_pilot(*, batch_id: UUID, document: str, by: Actor, at: datetime) -> TransferBatch:
    """The pilot was approved, by a document."""
    with TRANSFER_FLOW.step("approve_pilot", by=by, at=at, note=document.strip(), pk=batch_id) as step:
        step.subject.pilot_document = document.strip()
    return step.subject  # type: ignore[no-any-return]


def fix_items(*, batch_id: UUID, items: Collection[UUID], by: Actor, at: datetime) -> TransferBatch:
    """Which items go; each must be one that can be moved now."""
    with TRANSFER_FLOW.step("fix_items", by=by, at=at, pk=batch_id) as step:
        batch: TransferBatch = step.subject
        chosen = list(ImplementationItem.objects.filter(pk__in=items, org_id=batch.from_org_id).order_by("slug"))
        if not chosen or len(chosen) != len(set(items)):
            raise Refused("请至少选择一个事项，并且只能选原部门的事项。")
        if TransferItem.objects.filter(item__in=chosen).exists():
            raise Refused("所选事项里有已经列入其他批次的，请重新选择。")
        if why := [w for i in chosen if (w := refusal_to_transfer(i, batch.to_org))]:
            raise Refused("".join(why))
        TransferItem.objects.bulk_create([TransferItem(batch=batch, item=i, old_code=i.impl_code) for i in chosen])
        step.facts["items"] = [i.impl_code for i in chosen]
    return batch


def transfer_staff(*, batch_id: UUID, count: int, document: str, by: Actor, at: datetime) -> TransferBatch:
    """The people who did it were transferred too."""
    with TRANSFER_FLOW.step("transfer_staff", by=by, at=at, note=document.strip(), pk=batch_id) as step:
        step.subject.staff_count, step.subject.staff_document = count, document.strip()
    return step.subject  # type: ignore[no-any-return]


def make_seal(*, batch_id: UUID, name: str, made_on: date, by: Actor, at: datetime) -> TransferBatch:
    """The seal for approvals was made."""
    if made_on > local_day(at):
        raise Refused("刻制日期不能晚于今天。")
    with TRANSFER_FLOW.step("make_seal", by=by, at=at, pk=batch_id) as step:
        step.subject.seal_name, step.subject.seal_made_on = name.strip(), made_on
    return step.subject  # type: ignore[no-any-return]


def prepare_memo(
    *, batch_id: UUID, duties: str, archives: str, seals: str, running: str, hand_over_on: date, transition_until: date,
    by: Actor, at: datetime,
) -> TransferBatch:  # fmt: skip
    """Draft the memo: who answers for what, archives and seals, cases under way, days. It may be drafted again."""
    if transition_until <= hand_over_on:
        raise Refused("过渡期的最后一天应当晚于交接日期。")
    with TRANSFER_FLOW.step("prepare_memo", by=by, at=at, pk=batch_id) as step:
        batch: TransferBatch = step.subject
        batch.duties, batch.archives, batch.seals = duties.strip(), archives.strip(), seals.strip()
        batch.running, batch.hand_over_on, batch.transition_until = running, hand_over_on, transition_until
    return batch


def sign_memo(
    *, batch_id: UUID, signed_from: str, signed_to: str, signed_on: date, by: Actor, at: datetime
) -> TransferBatch:
    """Both sides signed: the memo gets its number; what it says is final.

    Raises:
        PaperIncomplete: a part of the memo is missing.
    """
    if signed_on > local_day(at):
        raise Refused("签署日期不能晚于今天。")
    with TRANSFER_FLOW.step("sign_memo", by=by, at=at, pk=batch_id) as step:
        batch: TransferBatch = step.subject
        lines = [
            f"{line.item.name}（{line.old_code}）" for line in batch.lines.select_related("item").order_by("old_code")
        ]
        paper = papers.issue(
            MEMO, subject=("oversight.TransferBatch", str(batch.pk)), issuer_code=batch.to_org.code,
            issuer_word=batch.to_org.short_name, issued_by=batch.to_org.name, at=at,
            content={
                "from_org": batch.from_org.name, "to_org": batch.to_org.name, "items": lines, "duties": batch.duties,
                "archives": batch.archives, "seals": batch.seals, "running": batch.get_running_display(),
                "hand_over_on": str(batch.hand_over_on or ""), "transition_until": str(batch.transition_until or ""),
                "signed_from": signed_from.strip(), "signed_to": signed_to.strip(), "signed_on": str(signed_on),
                "pilot": batch.pilot_document, "seal": batch.seal_name,
            },
        )  # fmt: skip
        batch.signed_from, batch.signed_to, batch.signed_on = signed_from.strip(), signed_to.strip(), signed_on
        batch.memo_number = paper.number
        step.facts["memo"] = paper.number
    return batch


def hand_over(*, batch_id: UUID, by: Actor, at: datetime) -> TransferBatch:
    """From this instant the approval bureau does it: new codes in force, old ones closed, running cases as the memo says.

    All or nothing: one item that can't be moved stops the whole.
    """
    with TRANSFER_FLOW.step("hand_over", by=by, at=at, pk=batch_id) as step:
        batch: TransferBatch = step.subject
        lines = list(batch.lines.select_related("item").order_by("old_code"))
        for line in lines:
            new = transfer(item=line.item_id, to=batch.to_org, document_number=batch.memo_number, by=by, at=at)
            line.new_item, line.new_code = new, new.impl_code
            if batch.running == TransferBatch.Running.MOVE:
                line.cases_moved = hand_over_open(
                    item_id=line.item_id, to=batch.to_org, document_number=batch.memo_number, by=by, at=at
                )
            line.save()
        batch.handed_over_at = at
        step.facts["items"] = {line.old_code: line.new_code for line in lines}
    return batch


def begin_transition(*, batch_id: UUID, by: Actor, at: datetime) -> TransferBatch:
    """The transition begins: the department stands by."""
    with TRANSFER_FLOW.step("begin_transition", by=by, at=at, pk=batch_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def settle(*, batch_id: UUID, by: Actor, at: datetime) -> TransferBatch:
    """The transition is over."""
    with TRANSFER_FLOW.step("settle", by=by, at=at, pk=batch_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def push_decision(*, case_id: UUID, decision: str, at: datetime) -> DecisionPush | None:
    """A decision about what was moved is told to the department that goes on supervising; once, and only such."""
    case = Case.objects.filter(pk=case_id).only("pk", "item_id", "org_id").first()
    if case is None:
        return None
    line = (
        TransferItem.objects.filter(new_item_id=case.item_id, batch__handed_over_at__isnull=False).first()
        or TransferItem.objects.filter(item_id=case.item_id, batch__to_org_id=case.org_id).first()
    )  # fmt: skip
    if line is None:
        return None
    batch = line.batch
    made, _ = DecisionPush.objects.get_or_create(
        case=case, defaults={"batch": batch, "org_id": batch.from_org_id, "decision": decision, "pushed_at": at}
    )
    return made


@transaction.atomic
def take_note(*, push_ids: Collection[int], by: Actor, at: datetime) -> int:
    """The supervising department notes decisions. Returns how many were new to it."""
    waiting = DecisionPush.objects.select_for_update().filter(pk__in=push_ids, org_id=by.org_id, taken_at=None)
    taken = 0
    for push in waiting.order_by("pk"):
        push.taken_at, push.taken_by = at, by.name
        push.save(update_fields=["taken_at", "taken_by"])
        journal.write(subject=push, move="take_note", by=by, at=at, law=LAW)
        taken += 1
    return taken
