"""A base change is confirmed by the department in one step, and approved by the authority in one step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, rules
from ..flow import ITEM_FLOW, STANDARD, ChangeBasis, ItemState
from ..models import BaseChange, ImplementationItem, ItemVersion
from . import compiling, publishing, requesting
from .inheriting import taken_over


@transaction.atomic
def confirm_base_change(*, item: UUID, by: Actor, at: datetime) -> BaseChange:
    """Take the changed elements over into a draft, check it and hand it in, in one step.

    Every move is the one of the procedure and journalled as such; the service authority reviews and publishes as ever.

    Raises:
        Refused: nothing to confirm, not the item's manager, the item is with the authority just now, or the draft has
            faults of its own; nothing is changed then.
    """
    asked = (
        BaseChange.objects.select_for_update(of=("self",))
        .select_related("item__base__version", "item__version", "item__catalog_item")
        .filter(item_id=item, outcome=BaseChange.Outcome.OPEN)
        .first()
    )
    if asked is None:
        raise Refused("没有等待确认的上级变更。请刷新页面查看最新进度。")
    subject = asked.item
    if not access.item_manager(by, subject):
        raise Refused(f"您当前的岗位不能确认上级变更。{access.item_manager.__doc__}")
    if asked.kind == BaseChange.Kind.VERSION:
        _take_over(asked, by=by, at=at)
    else:
        _ask_to_end(asked, by=by, at=at)
    asked.outcome, asked.confirmed_at, asked.confirmed_by = BaseChange.Outcome.CONFIRMED, at, by.name
    asked.save(update_fields=["outcome", "confirmed_at", "confirmed_by"])
    journal.write(
        subject=subject, move="confirm_base_change", by=by, at=at, law=STANDARD, note="；".join(asked.sentences)[:300],
        facts={"base_change": str(asked.pk), "kind": asked.kind},
    )  # fmt: skip
    return asked  # type: ignore[no-any-return]


def _take_over(asked: BaseChange, *, by: Actor, at: datetime) -> None:
    subject, above = asked.item, asked.item.base
    assert above is not None
    assert above.version is not None
    if subject.state in (ItemState.PUBLISHED, ItemState.SUSPENDED):
        compiling.request_change(
            item=subject.pk,
            reason=f"与上级事项第 {above.version.number} 版保持一致",
            basis=ChangeBasis.BASE,
            by=by,
            at=at,
        )
    elif subject.state != ItemState.DRAFTING:
        raise Refused(
            f"这个事项现在是“{ITEM_FLOW.label(subject.state)}”。请等{ITEM_FLOW.owner(subject.state)}办完，或者请其退回修改后再确认。"
        )
    draft = compiling.draft_of(subject)
    made = taken_over(draft.content, above.version.content)
    compiling.save_draft(item=subject.pk, content=made, seen=draft.content_hash, by=by, at=at)
    compiling.self_check(item=subject.pk, by=by, at=at)
    compiling.submit(item=subject.pk, by=by, at=at)


def _ask_to_end(asked: BaseChange, *, by: Actor, at: datetime) -> None:
    if asked.kind == BaseChange.Kind.CANCELLED and asked.item.version_id:
        requesting.request_cancellation(
            item=asked.item.pk, reason="基本目录已取消", document_number=asked.document_number, basis=ChangeBasis.BASE,
            by=by, at=at,
        )  # fmt: skip


def approve_taken_over(*, item: UUID, by: Actor, at: datetime) -> ItemVersion:
    """The service authority reviews and publishes what only follows the item above, in one step.

    Raises:
        Refused: the draft differs from the present version in more than the item above asks for.
    """
    with transaction.atomic():
        subject = ImplementationItem.objects.select_related("base__version", "version").get(pk=item)
        if not access.service_admin(by, subject):
            raise Refused(f"您当前的岗位不能审核发布。{access.service_admin.__doc__}")
        if not BaseChange.objects.filter(item=subject, outcome=BaseChange.Outcome.CONFIRMED).exists():
            raise Refused("这个事项没有等待审核的上级变更。请刷新页面查看最新进度。")
        draft = compiling.draft_of(subject)
        if subject.version and subject.base and subject.base.version:
            wanted = taken_over(subject.version.content, subject.base.version.content)
            own = [n for n in rules.altered(wanted, draft.content) if n not in compiling.OF_PUBLICATION]
            if own:
                raise Refused("这份草稿除上级变更外还有本级自己的改动，请按步骤审核、发布。")
        publishing.review(item=item, opinion="与上级事项一致", by=by, at=at)
        return publishing.publish(item=item, by=by, at=at)
