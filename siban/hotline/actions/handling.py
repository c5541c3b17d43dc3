"""What the unit does: contact, visit, note, ask for time, reply."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.kernel import files
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local
from siban.kernel.flow import Refused

from .. import rules
from ..flow import LegState
from ..models import Clock, Order, Visit
from .merging import answer_merged, lead_again, let_go, take_back_replies
from .stepping import begin_step, end_step, said, step, stop_whole


def contact(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The caller was contacted; the first time counts for the response rate."""
    with step("contact", by=by, at=at, order_id=order_id, note=said(words, "联系情况")) as made:
        order: Order = made.subject
        order.contacted_at = order.contacted_at or at
    return order


def visit(
    *, order_id: UUID, by: Actor, at: datetime, kind: str, words: str, visited_at: datetime | None = None, place: str = "",
    latitude: Decimal | None = None, longitude: Decimal | None = None, photo: tuple[Any, str] | None = None,
    key: str | None = None,
) -> Visit:  # fmt: skip
    """A visit on the spot; the same `key` sent again is the same visit. Raises Refused, FileRefused."""
    if kind not in rules.VISITS:
        raise Refused("上门方式只有：上门办理、上门劝导、上门反馈。请选择。")
    visited_at = visited_at or at
    if visited_at > at + timedelta(minutes=5):
        raise Refused("上门时间还没有到，请核对手机的时间。")
    if key and (known := Visit.objects.filter(key=key).first()):
        return known
    note = f"{rules.VISITS[kind]}：{said(words, '上门情况')}"
    try:
        with step("visit", by=by, at=at, order_id=order_id, note=note) as made:
            order: Order = made.subject
            if visited_at < order.received_at.replace(second=0, microsecond=0):  # a form tells minutes
                raise Refused(f"上门时间早于来电时间（{local(order.received_at):%m月%d日 %H:%M}），请核对。")
            assert by.id is not None
            assert by.org_id is not None
            kept = None
            if photo is not None:
                kept = files.keep(
                    photo[0], name=photo[1], at=at, owner_id=by.id, subject=("hotline.Order", str(order_id))
                )
            made_visit = Visit.objects.create(
                order=order, key=key or None, kind=kind, visited_at=min(max(visited_at, order.received_at), at), place=place.strip()[:200],
                latitude=latitude, longitude=longitude, words=words.strip(), photo=kept, by_id=by.id, by_name=by.name,
                org_id=by.org_id, recorded_at=at,
            )  # fmt: skip
            order.has_visit = True
            order.contacted_at = order.contacted_at or min(visited_at, at)
    except IntegrityError:
        if key and (known := Visit.objects.filter(key=key).first()):
            return known
        raise
    return made_visit


def skip_visit(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """Say why no visit is needed."""
    with step("skip_visit", by=by, at=at, order_id=order_id, note=said(words, "不用上门的原因")) as made:
        made.subject.no_visit_reason = words.strip()[:200]
    return made.subject  # type: ignore[no-any-return]


def note(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """Say how far it is."""
    with step("note", by=by, at=at, order_id=order_id, note=said(words, "进展")) as made:
        pass
    return made.subject  # type: ignore[no-any-return]


def ask_extension(*, order_id: UUID, by: Actor, at: datetime, workdays: int, reason: str) -> Order:
    """Ask for more time before the time is over."""
    if not 1 <= workdays <= 15:
        raise Refused("每次延期 1 到 15 个工作日。更长的，请申请挂单。")
    note = f"延期 {workdays} 个工作日：{said(reason, '延期的理由')}"
    with step("ask_extension", by=by, at=at, order_id=order_id, note=note) as made:
        order: Order = made.subject
        order.extension = {"workdays": workdays, "reason": reason.strip(), "by_name": by.name}
        order.asked_by = str(by.id)
    return order


def grant_extension(*, order_id: UUID, by: Actor, at: datetime, words: str = "") -> Order:
    """More time is granted, counted from the old day; the caller is told."""
    with step("grant_extension", by=by, at=at, order_id=order_id, note=words.strip()) as made:
        order: Order = made.subject
        assert order.due_at is not None
        limit = rules.Limit(int(order.extension["workdays"]), "workday", "延期", "经批准的延期")
        order.due_at = rules.due(order.due_at, limit, calendar_for(order.region_id))
        Clock.objects.filter(order=order, kind="whole", ended_at=None).update(due_at=order.due_at)
        order.legs.filter(state__in=(LegState.SENT, LegState.SIGNED)).update(due_at=order.due_at)
        made.facts["due_at"] = order.due_at.isoformat()
        order.extensions, order.extension, order.warned = order.extensions + 1, {}, 0
    return order


def refuse_extension(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """No more time is granted."""
    with step("refuse_extension", by=by, at=at, order_id=order_id, note=said(words, "不同意的理由")) as made:
        made.subject.extension = {}
    return made.subject  # type: ignore[no-any-return]


@transaction.atomic
def reply(
    *, order_id: UUID, by: Actor, at: datetime, words: str, remarks: Sequence[str] = (), overrule: str = ""
) -> Order:
    """Answer the caller. Remarks of the check stand in the way until each is mended, or overruled with a reason.

    Args:
        remarks: what the check of the reply found, each a sentence.
        overrule: why the reply is sent all the same.
    """
    if remarks and len(overrule.strip()) < rules.LEAST_WORDS:
        raise Refused("答复还有问题：" + "；".join(remarks) + "。请修改；认为没有问题的，请写明仍然发送的理由。")
    with step("reply", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        order.outcome = said(words, "答复内容")
        order.replied_at = order.handled_at = at
        order.first_replied_at = order.first_replied_at or at
        order.was_late = order.was_late or (order.due_at is not None and at > order.due_at)
        order.attempts, order.is_solved, order.is_satisfied = 0, None, None
        if remarks:
            made.facts |= {"remarks": list(remarks), "overruled": overrule.strip()}
            made.note = f"坚持发送：{overrule.strip()}"
        stop_whole(order, at=at)
        begin_step(order, "callback", at=at)
    answer_merged(order, at=at)
    return order


@transaction.atomic
def return_reply(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """A bad reply is sent back before the caller is called; the clock goes on as if it had not been given."""
    with step("return_reply", by=by, at=at, order_id=order_id, note=said(words, "退回的理由")) as made:
        order: Order = made.subject
        order.stopped_at = None  # what was no reply stopped nothing
        Clock.objects.filter(order=order, kind="whole", ended_at=None).update(stopped_at=None)
        order.handled_at = order.replied_at = None
        order.was_late = False if order.redos == 0 else order.was_late
        let_go(order)  # the reply of the order it was under does not do for this caller
        lead_again(order, at=at)
        end_step(order, at=at)
    take_back_replies(order, at=at)
    return order
