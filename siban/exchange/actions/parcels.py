"""Parcels both ways: registered, handed over, followed by what the carrier tells, seen to when they fail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from siban.exchange import access_parcels, rules_parcels
from siban.exchange.connectors import post
from siban.exchange.flow_parcels import LAW, PARCEL_FLOW, RULE, ParcelState
from siban.exchange.models import Parcel, ParcelEvent
from siban.exchange.rules import to_person, to_post
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from .telling import tell

OPEN_ONES = ("registered", "handed_over", "travelling", "returned", "lost")  # a failed one is seen to first


@transaction.atomic
def register_parcel(
    *,
    direction: str,
    subject: tuple[str, str],
    subject_number: str,
    org_id: UUID,
    region_code: str,
    person_id: UUID | None,
    name: str,
    mobile: str,
    address: str,
    contents: str,
    by: Actor,
    at: datetime,
    number: str = "",
    link: str = "",
    replaces: Parcel | None = None,
) -> Parcel:
    """Register a parcel about a subject; without a number of its own it gets one of the carrier, free for both sides.

    Raises:
        Refused: a wrong number, one that is known, no address for a parcel out, or one is under way already.
    """
    if not contents.strip():
        raise Refused("请写明寄的是什么，例如：户口簿复印件 1 份。")
    if direction == "out" and not (name.strip() and mobile.strip() and address.strip()):
        raise Refused("寄给申请人要有姓名、电话和地址。请先在办件里补齐邮寄地址。")
    wanted = number.strip().upper()
    if wanted and (why := rules_parcels.check_waybill(wanted)):
        raise Refused(why)
    if wanted and Parcel.objects.filter(number=wanted).exists():
        raise Refused(f"邮件号“{wanted}”已经登记过，请核对面单。")
    same = Parcel.objects.filter(
        subject_type=subject[0], subject_id=subject[1], direction=direction, state__in=OPEN_ONES
    )
    if direction == "out" and same.exists():
        raise Refused("这个办件已经有一件邮件没有办完，请先打开它查看进度或者处理。")
    made = Parcel(
        id=uuid7(), direction=direction, subject_type=subject[0], subject_id=subject[1], subject_number=subject_number,
        link=link, org_id=org_id, region_id=region_code, person_id=person_id, name=name.strip(), mobile=mobile.strip(),
        address=address.strip(), contents=contents.strip()[:200], registered_at=at, replaces=replaces,
    )  # fmt: skip
    if not access_parcels.sender(by, made):
        raise Refused(f"您当前的岗位不能登记邮件。{access_parcels.office.__doc__}")
    made.number = wanted or post.carrier().book(made.pk)
    while not wanted and Parcel.objects.filter(number=made.number).exists():
        made.pk = uuid7()
        made.number = post.carrier().book(made.pk)
    PARCEL_FLOW.begin(made, by=by, at=at, move="register", law=LAW if direction == "out" else RULE)
    return made


def hand_over(*, parcel_id: UUID, by: Actor, at: datetime) -> Parcel:
    """Hand the parcel to the carrier: from now on it no longer weighs on the office's term (行政许可法第四十四条)."""
    with PARCEL_FLOW.step("hand_over", by=by, at=at, pk=parcel_id) as step:
        step.subject.handed_over_at = at
    if step.subject.direction == "out":
        _tell_person(
            step.subject,
            step.entry,
            "办理结果已经寄出",
            "办件 {number} 的“{contents}”已经交寄，邮件号 {waybill}。可以在办件页面查询到了哪里。",
            at=at,
        )
    return step.subject  # type: ignore[no-any-return]


def cancel_parcel(*, parcel_id: UUID, by: Actor, at: datetime) -> Parcel:
    """Take a parcel back that was not handed over."""
    with PARCEL_FLOW.step("cancel", by=by, at=at, pk=parcel_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def record_event(told: post.Told, *, at: datetime) -> bool:
    """What the carrier tells: kept once, in whatever order it comes; the state follows only where it can.

    Returns:
        False for a number nobody here knows.
    """
    parcel = Parcel.objects.select_for_update(of=("self",)).filter(number=told.number.strip().upper()).first()
    if parcel is None:
        return False
    _, fresh = ParcelEvent.objects.get_or_create(
        parcel=parcel, event_id=told.event_id,
        defaults={"kind": told.kind, "at": told.at, "place": told.place[:60], "note": told.note[:100]},
    )  # fmt: skip
    if not fresh:
        return True
    if parcel.state == ParcelState.REGISTERED:  # the carrier has it: it was handed over, whoever forgot to say so
        with PARCEL_FLOW.step("hand_over", by=SYSTEM, at=at, pk=parcel.pk) as step:
            step.subject.handed_over_at = min(told.at, at)
        parcel = step.subject
    move = rules_parcels.MOVES[told.kind]
    if move != "hand_over" and parcel.state in PARCEL_FLOW.moves[move].sources:
        if move == "travel" and parcel.state == ParcelState.TRAVELLING:
            return True
        with PARCEL_FLOW.step(move, by=SYSTEM, at=at, pk=parcel.pk, note=told.note[:100]) as step:
            if move == "sign":
                step.subject.signed_at = min(told.at, at)
        _tell_of(move, step.subject, step.entry, at=at)
    return True


def _tell_of(move: str, parcel: Parcel, entry: Any, *, at: datetime) -> None:
    """A parcel that arrived at the office, or failed, is a task for the office; the person hears of what concerns them."""
    if move == "sign" and parcel.direction == "in":
        _tell_office(
            parcel, entry, "申请人寄来的材料到了", "办件 {number} 的申请人寄来“{contents}”，已经签收，请核对。", at=at
        )
    if move in ("come_back", "lose"):
        what = "被退回" if move == "come_back" else "丢失"
        if parcel.direction == "out":
            _tell_office(
                parcel,
                entry,
                f"寄出的邮件{what}",
                "办件 {number} 的邮件 {waybill} " + what + "，请联系申请人，重新寄送或者改为窗口领取。",
                at=at,
                is_urgent=True,
            )
        _tell_person(
            parcel,
            entry,
            f"邮件{what}",
            "办件 {number} 的邮件 {waybill} "
            + what
            + (
                "，办理机关会与您联系，重新寄送或者改为窗口领取。" if parcel.direction == "out" else "，请与窗口联系。"
            ),
            at=at,
        )


def _words(parcel: Parcel, text: str) -> str:
    return text.format(number=parcel.subject_number, contents=parcel.contents, waybill=parcel.number)


def _tell_office(parcel: Parcel, entry: Any, title: str, text: str, *, at: datetime, is_urgent: bool = False) -> None:
    tell(
        to=[to_post("approver", parcel.org_id)], event=f"journal:{entry.pk}", kind="parcel.office", title=title,
        body=_words(parcel, text), link=reverse("desk-parcel", args=[parcel.pk]), subject=journal.key(parcel),
        region_code=parcel.region_id, by=SYSTEM, at=at, channels=(), law=RULE, is_urgent=is_urgent,
    )  # fmt: skip


def _tell_person(parcel: Parcel, entry: Any, title: str, text: str, *, at: datetime) -> None:
    if parcel.person_id:
        tell(
            to=[to_person(parcel.person_id)], event=f"journal:{entry.pk}", kind="parcel.person", title=title,
            body=_words(parcel, text), link=reverse("my-parcel", args=[parcel.pk]), subject=journal.key(parcel),
            region_code=parcel.region_id, by=SYSTEM, at=at, law=RULE,
        )  # fmt: skip


@transaction.atomic
def send_again(*, parcel_id: UUID, address: str = "", by: Actor, at: datetime) -> Parcel:
    """A parcel that came back or got lost goes out anew, to a corrected address where one is given."""
    old = settle_otherwise(parcel_id=parcel_id, how="重新寄送", by=by, at=at)
    return register_parcel(
        direction=old.direction, subject=(old.subject_type, old.subject_id), subject_number=old.subject_number,
        org_id=old.org_id, region_code=old.region_id, person_id=old.person_id, name=old.name, mobile=old.mobile,
        address=address.strip() or old.address, contents=old.contents, by=by, at=at, link=old.link, replaces=old,
    )  # fmt: skip


def settle_otherwise(*, parcel_id: UUID, how: str, by: Actor, at: datetime) -> Parcel:
    """Say how a failed parcel was seen to, for example handed over at the counter."""
    if len(how.strip()) < 2:
        raise Refused("请写明怎样处理，例如：改为窗口领取，已电话通知。")
    with PARCEL_FLOW.step("settle", by=by, at=at, pk=parcel_id, note=how.strip()) as step:
        step.subject.settled_how = how.strip()[:200]
    return step.subject  # type: ignore[no-any-return]
