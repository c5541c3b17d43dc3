"""Taking a demand: received once however often it is sent, registered, answered at once, or shown the right door."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.identity.api import Region
from siban.kernel import files
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.codes import phone
from siban.kernel.flow import Refused

from .. import access, rules
from ..flow import B53, ORDER_FLOW
from ..models import Category, Clock, Order, OrderFile
from .merging import answer_merged, follow_withdrawn
from .stepping import begin_step, finish, limit_of, numbers, row_of, said, step, vector

LONGEST = 4000
MOST_FILES = 9


@transaction.atomic
def receive(
    *, by: Actor, at: datetime, channel: str, text: str, region_code: str, place: str = "", caller_name: str = "",
    caller_phone: str = "", caller_key: str = "", person_id: UUID | None = None, is_secret: bool = False,
    latitude: Decimal | None = None, longitude: Decimal | None = None, key: str | None = None,
) -> Order:  # fmt: skip
    """Write down what somebody says, once: the same `key` again gives the order that is there. Raises Refused."""
    if not (by.is_citizen or by.is_system or access.may_receive(by)):
        raise Refused(f"您当前的岗位不能登记来电。{access.may_receive.__doc__}")
    if key and (known := Order.objects.filter(key=key).first()):
        return known
    text = said(text, "诉求内容")
    if len(text) > LONGEST:
        raise Refused(f"诉求内容有 {len(text)} 个字，最多 {LONGEST} 个字。请写主要的事情，其余的作为附件上传。")
    if channel not in rules.CHANNELS:
        raise Refused("来源渠道无法识别，请从列表里选择。")
    if caller_phone.strip() and (why := phone.check_consult(caller_phone)):
        raise Refused(why)
    region = Region.objects.filter(pk=region_code).first()
    if region is None or (by.is_staff and not by.covers(region_code)):
        raise Refused("地点所在的苏木乡镇不在本热线的服务区域。请重新选择，或者告知拨打当地的 12345。")
    order = Order(
        number=numbers(1, at=at)[0], key=key or None, channel=channel, text=text, place=place.strip()[:200], region=region,
        latitude=latitude, longitude=longitude, caller_name=caller_name.strip()[:50], caller_phone=caller_phone.strip()[:20],
        caller_key=(caller_key or caller_phone.strip())[:64], person_id=person_id, is_secret=is_secret, received_at=at,
        registered_by=by.id if by.is_staff else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            ORDER_FLOW.begin(order, by=by, at=at, move="receive", law=f"{B53}：受理")
    except IntegrityError:
        if key and (known := Order.objects.filter(key=key).first()):  # the same demand at the same instant
            return known
        raise
    Order.objects.filter(pk=order.pk).update(words=vector(text, place))
    order.refresh_from_db()
    return order


def category_of(order: Order, leaf: str, *, at: datetime) -> Category:
    """The row of the list in force for a category here. Raises Refused."""
    found = row_of(order, leaf, at=at)
    if found is None:
        raise Refused(f"《热线类别及主责单位统计清单》里没有现在有效的类别“{leaf}”。请从列表里选择。")
    return found


def _classify(
    order: Order, *, leaf: str, nature: str, level: str, is_urgent: bool | None, is_emergency: bool, demands: list[str],
    is_long_term: bool, is_unreasonable: bool, at: datetime,
) -> None:  # fmt: skip
    row = category_of(order, leaf, at=at)
    if nature not in row.natures:
        allowed = "、".join(rules.NATURES[n] for n in row.natures)
        raise Refused(f"“{row.name}”只能是{allowed}。请改选性质，或者改选类别。")
    if level and level not in rules.LEVELS:
        raise Refused("办理级别无法识别，请从网格、社区、街道、吹哨里选择。")
    order.leaf, order.leaf_name, order.nature = row.code, row.name, nature
    order.level = level or row.default_level
    order.is_emergency = is_emergency
    order.is_urgent = is_emergency or (row.is_urgent if is_urgent is None else is_urgent)
    order.demands = list(dict.fromkeys([leaf, *demands]))
    order.is_long_term, order.is_unreasonable = is_long_term, is_unreasonable
    _set_whole(order, limit_of(order, at=at))


def _set_whole(order: Order, limit: rules.Limit) -> None:
    """The whole clock runs from the call, or from the redo; a new classification changes its length, never its beginning."""
    running = Clock.objects.filter(order=order, kind="whole", ended_at=None).first()
    started_at = running.started_at if running is not None else order.received_at
    due_at = rules.due(started_at, limit, calendar_for(order.region_id))
    order.due_at, order.limit_words = due_at, f"{limit.words}（{limit.name}；{limit.source}）"[:120]
    if running is None:
        Clock.objects.create(
            order=order, kind="whole", started_at=order.received_at, due_at=due_at, first_due_at=due_at,
            limit_words=limit.words, source=limit.source,
        )  # fmt: skip
    else:
        running.due_at, running.limit_words, running.source = due_at, limit.words, limit.source
        running.save(update_fields=["due_at", "limit_words", "source"])


def register(
    *, order_id: UUID, by: Actor, at: datetime, leaf: str = "", nature: str = "", level: str = "",
    is_urgent: bool | None = None, is_emergency: bool = False, demands: list[str] | None = None,
    is_long_term: bool = False, is_unreasonable: bool = False, emergency_line: str = "",
) -> Order:  # fmt: skip
    """The demand is complete and waits to be dispatched; without a category the hotline classifies it later."""
    if emergency_line and emergency_line not in rules.EMERGENCY_LINES:
        raise Refused("转接的电话只能是 110、119、120、122 或者 12119。")
    with step("register", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        if leaf:
            _classify(
                order, leaf=leaf, nature=nature, level=level, is_urgent=is_urgent, is_emergency=is_emergency, at=at,
                demands=demands or [], is_long_term=is_long_term, is_unreasonable=is_unreasonable,
            )  # fmt: skip
        else:
            order.is_emergency = order.is_urgent = is_emergency
        if emergency_line:
            order.emergency_line = emergency_line
            made.note = f"已转接 {emergency_line}（{rules.EMERGENCY_LINES[emergency_line]}）"
        begin_step(order, "dispatch", at=at)
    return order


def reclassify(
    *, order_id: UUID, by: Actor, at: datetime, leaf: str, nature: str, level: str = "", is_urgent: bool | None = None,
    is_emergency: bool = False, demands: list[str] | None = None, is_long_term: bool = False,
    is_unreasonable: bool = False,
) -> Order:  # fmt: skip
    """Put an order under another category before it is dispatched."""
    with step("reclassify", by=by, at=at, order_id=order_id) as made:
        order: Order = made.subject
        before = order.leaf_name or "未分类"
        _classify(
            order, leaf=leaf, nature=nature, level=level, is_urgent=is_urgent, is_emergency=is_emergency, at=at,
            demands=demands or [], is_long_term=is_long_term, is_unreasonable=is_unreasonable,
        )  # fmt: skip
        made.note = f"{before} → {order.leaf_name}"
    return order


@transaction.atomic
def answer(*, order_id: UUID, by: Actor, at: datetime, words: str, article: str = "") -> Order:
    """A consultation is answered on the spot from the knowledge base."""
    with step("answer", by=by, at=at, order_id=order_id, note=f"知识条目 {article}" if article else "") as made:
        order: Order = made.subject
        order.outcome, order.article = said(words, "答复内容"), article[:36]
        order.nature = order.nature or "consult"
        order.handled_at = at
        finish(order, at=at)
    answer_merged(order, at=at)
    return order


@transaction.atomic
def refer(*, order_id: UUID, by: Actor, at: datetime, reason: str, emergency_line: str = "") -> Order:
    """What the hotline may not take is shown the right door, by name."""
    if reason not in rules.OUT_OF_SCOPE:
        raise Refused("请选择不予受理的原因。")
    if reason == "emergency_transfer" and emergency_line not in rules.EMERGENCY_LINES:
        raise Refused("请注明转接到 110、119、120、122 还是 12119。")
    why, door = rules.OUT_OF_SCOPE[reason]
    with step("refer", by=by, at=at, order_id=order_id, note=why) as made:
        order: Order = made.subject
        order.out_of_scope, order.emergency_line = reason, emergency_line
        order.right_door = f"{emergency_line} {rules.EMERGENCY_LINES[emergency_line]}" if emergency_line else door
        order.outcome = f"{why}。请找：{order.right_door}。"
        finish(order, at=at)
    answer_merged(order, at=at)
    return order


def correct(*, order_id: UUID, by: Actor, at: datetime, **fields: Any) -> Order:
    """Add or mend what the demand lacks: place, township, phone, name, position."""
    allowed = {"place", "caller_name", "caller_phone", "latitude", "longitude", "is_secret"}
    if strange := set(fields) - allowed:
        raise ValueError(f"not a field of the demand: {strange}")
    if fields.get("caller_phone") and (why := phone.check_consult(fields["caller_phone"])):
        raise Refused(why)
    with step("correct", by=by, at=at, order_id=order_id, note="补充要素") as made:
        for name, value in fields.items():
            setattr(made.subject, name, value)
    Order.objects.filter(pk=order_id).update(words=vector(made.subject.text, made.subject.place))
    return made.subject  # type: ignore[no-any-return]


@transaction.atomic
def attach(*, order: Order, content: Any, name: str, kind: str, by: Actor, at: datetime) -> OrderFile:
    """Keep a photo or a paper with an order. Raises FileRefused, Refused."""
    if order.files.count() >= MOST_FILES * 3:
        raise Refused(f"附件最多 {MOST_FILES * 3} 个，请合并后再上传。")
    kept = files.keep(content, name=name, at=at, owner_id=by.id, subject=("hotline.Order", str(order.pk)))
    return OrderFile.objects.create(order=order, file=kept, kind=kind, by_name=by.name, at=at)


def comment(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The caller adds something."""
    with step("comment", by=by, at=at, order_id=order_id, note=said(words, "补充的情况")) as made:
        pass
    return made.subject  # type: ignore[no-any-return]


@transaction.atomic
def withdraw(*, order_id: UUID, by: Actor, at: datetime, words: str) -> Order:
    """The caller takes the demand back."""
    with step("withdraw", by=by, at=at, order_id=order_id, note=said(words, "撤回的原因")) as made:
        finish(made.subject, at=at)
    follow_withdrawn(made.subject, at=at)
    return made.subject  # type: ignore[no-any-return]
