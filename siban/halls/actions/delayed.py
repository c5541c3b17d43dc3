"""Extended hours: a unit claims or asks to be excused, the bureau confirms or answers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.catalog.api import ImplementationItem
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, hours, rules
from ..flow import CLAIM_FLOW, EXEMPTION_FLOW, LAW, ClaimState
from ..models import DelayedClaim, DelayedExemption

LIVE = (ClaimState.CLAIMED, ClaimState.LISTED)


def _own_item(item_id: UUID, by: Actor) -> ImplementationItem:
    if not access.of_a_unit(by):
        raise Refused(f"您当前的岗位不能办理。{access.of_a_unit.__doc__}")
    item = ImplementationItem.objects.published().filter(pk=item_id, org_id=by.org_id).first()
    if item is None:
        raise Refused("没有找到这个事项，或者它不属于本单位。请从列表里选择。")
    return item


@transaction.atomic
def claim(
    *, item_id: UUID, slots: Sequence[str], services: Sequence[str] = (), note: str = "", by: Actor, at: datetime
) -> DelayedClaim:
    """A unit takes an item into its extended hours.

    Args:
        services: what is served then; without any, what the rule wants of this kind of item.

    Raises:
        Refused: not one's own, not in the scope, claimed already, excused, or no slot.
    """
    item = _own_item(item_id, by)
    if not slots or set(slots) - set(hours.slots()):
        raise Refused("请至少选择一个延时时段（早晚、午间、周末、节假日）。")
    wanted = rules.scope(
        rules.Facts(item.is_applied_service, item.item_type != "20", item.case_type, item.is_full_online, 0), hot_cases=1
    )  # fmt: skip
    if not wanted.is_in:
        raise Refused(f"“{item.name}”不在延时服务范围：{wanted.reasons[0]}。")
    chosen = [s for s in rules.SERVICES if s in services] or list(wanted.services)
    if item.case_type == "promised" and "handle" in chosen:
        raise Refused("承诺办理类事项在延时时段只接收材料，提供咨询、受理，不能填“办理”。")
    if DelayedClaim.objects.filter(item=item, state__in=LIVE).exists():
        raise Refused(f"“{item.name}”已经认领过。")
    if DelayedExemption.objects.filter(item=item, state="granted").exists():
        raise Refused(f"“{item.name}”已批准不纳入。要认领的，请先请政务服务管理机构恢复纳入。")
    made = DelayedClaim(
        org_id=item.org_id, region_id=item.region_id, item=item, name=item.name, services=chosen, slots=list(slots),
        note=note.strip(), claimed_at=at, claimed_by=by.name,
    )  # fmt: skip
    return CLAIM_FLOW.begin(made, by=by, at=at, move="claim_item", law=LAW)  # type: ignore[no-any-return]


@transaction.atomic
def confirm(*, claim_ids: Collection[UUID], by: Actor, at: datetime) -> int:
    """The bureau puts claims on the list. Returns how many."""
    for pk in claim_ids:
        with CLAIM_FLOW.step("confirm_claim", by=by, at=at, pk=pk) as step:
            step.subject.listed_at = at
    return len(claim_ids)


def return_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> DelayedClaim:
    """The bureau gives a claim back, saying why."""
    if len(reason.strip()) < 4:
        raise Refused("请写明退回的原因（至少 4 个字）。")
    with CLAIM_FLOW.step("return_claim", by=by, at=at, note=reason.strip(), pk=claim_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def withdraw(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> DelayedClaim:
    """A unit takes a claim back, saying why; the item is due again."""
    if len(reason.strip()) < 4:
        raise Refused("请写明撤回的原因（至少 4 个字）。")
    with CLAIM_FLOW.step("withdraw_claim", by=by, at=at, note=reason.strip(), pk=claim_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def match(*, claim_id: UUID, item_id: UUID, by: Actor, at: datetime) -> DelayedClaim:
    """A claim that only had a running number is tied to the item that was meant."""
    item = _own_item(item_id, by)
    made = DelayedClaim.objects.select_for_update().filter(pk=claim_id, org_id=by.org_id, state__in=LIVE).first()
    if made is None or made.item_id is not None:
        raise Refused("没有找到这条待对应的认领，或者它已经对应了事项。请刷新页面。")
    if DelayedClaim.objects.filter(item=item, state__in=LIVE).exists():
        raise Refused(f"“{item.name}”已经认领过，请选择另一个事项，或者撤回这一条。")
    made.item, made.name = item, item.name
    made.save(update_fields=["item", "name"])
    journal.write(subject=made, move="match_claim", by=by, at=at, law=LAW, facts={"item": item.impl_code})
    return made


def ask_exemption(*, item_id: UUID, ground: str, reason: str, by: Actor, at: datetime) -> DelayedExemption:
    """A unit asks that an item be left out, with its reason."""
    item = _own_item(item_id, by)
    if ground not in rules.GROUNDS:
        raise Refused("请选择不纳入的理由。")
    if len(reason.strip()) < 10:
        raise Refused("请写清不纳入的原因（至少 10 个字），例如哪个系统在延时时段不能使用。")
    if DelayedExemption.objects.filter(item=item, state__in=["asked", "granted"]).exists():
        raise Refused(f"“{item.name}”已经申请过不纳入。")
    if DelayedClaim.objects.filter(item=item, state__in=LIVE).exists():
        raise Refused(f"“{item.name}”已经认领，请先撤回认领。")
    made = DelayedExemption(
        org_id=item.org_id, region_id=item.region_id, item=item, ground=ground, reason=reason.strip(), asked_at=at,
        asked_by=by.name,
    )  # fmt: skip
    return EXEMPTION_FLOW.begin(made, by=by, at=at, move="ask_exemption", law=LAW)  # type: ignore[no-any-return]


def answer_exemption(
    *, exemption_id: UUID, is_granted: bool, answer: str, by: Actor, at: datetime
) -> DelayedExemption:
    """The bureau agrees or not, and says why."""
    if len(answer.strip()) < 4:
        raise Refused("请写明意见（至少 4 个字）。")
    move = "grant_exemption" if is_granted else "refuse_exemption"
    with EXEMPTION_FLOW.step(move, by=by, at=at, note=answer.strip(), pk=exemption_id) as step:
        step.subject.answered_at, step.subject.answered_by, step.subject.answer = at, by.name, answer.strip()
    return step.subject  # type: ignore[no-any-return]


def end_exemption(*, exemption_id: UUID, answer: str, by: Actor, at: datetime) -> DelayedExemption:
    """The ground is gone: the item is due again."""
    with EXEMPTION_FLOW.step("end_exemption", by=by, at=at, note=answer.strip(), pk=exemption_id) as step:
        step.subject.answered_at, step.subject.answered_by, step.subject.answer = at, by.name, answer.strip()
    return step.subject  # type: ignore[no-any-return]
