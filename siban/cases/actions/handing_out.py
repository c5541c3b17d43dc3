"""领取: the pick-up code, the card, the signature; what goes by mail."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from siban.cases import access, rules_custody
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece, Handover, PickupCode
from siban.cases.rules_pickup import digits
from siban.kernel import codes, journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from . import delivery

LAW = rules_custody.LAW
WITH_RESULT = ("issued", "rejected")
MOST = 200


def locked(pieces: Sequence[UUID], by: Actor) -> list[CustodyPiece]:
    found = list(
        CustodyPiece.objects.visible_to(by)
        .filter(pk__in=list(pieces)[:MOST])
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not found:
        raise Refused("没有找到这些件。请刷新页面。")
    return found


def must_be_here(piece: CustodyPiece, by: Actor) -> None:
    """The piece lies with this unit, is not on its way and not lost. Raises Refused."""
    if piece.lost_at is not None:
        raise Refused(f"“{piece.what}”（{piece.barcode}）已经报失，不能移交或者发出。")
    if not rules_custody.may_give(by, piece):
        raise Refused(
            f"“{piece.what}”（{piece.barcode}）不在您单位，不能移交或者发出。{rules_custody.may_give.__doc__}"
        )
    if piece.handovers.filter(outcome=Handover.Outcome.PENDING).exists():
        raise Refused(f"“{piece.what}”（{piece.barcode}）已经移交、等待对方接收。请先收回，或者等待接收。")


def make_pickup_code(*, case_id: UUID, at: datetime) -> PickupCode:
    """A code for a case whose result lies at a counter; the same one while it is not used."""
    known = PickupCode.objects.select_for_update().filter(case_id=case_id).first()
    if known is not None:
        return known
    nonce = secrets.token_hex(16)
    return PickupCode.objects.create(
        case_id=case_id, nonce=nonce, code_hash=make_password(digits(case_id, nonce)), made_at=at
    )


class WrongCode(Refused):
    """The pick-up code does not fit; the try has been counted."""


def hand_out(*, case_id: UUID, code: str, number: str, receiver: str, by: Actor, at: datetime) -> list[CustodyPiece]:
    """Hand out everything of a case that lies at this counter: code right, identity checked, signed by name.

    The applicant may come without the code when his own number is right; anybody else needs the code.

    Args:
        number: the citizen number of who stands here, as on the card.
        receiver: the name signed.

    Raises:
        WrongCode: counted, even though nothing else changed.
        Refused: nothing lies here, the number is wrong, no name.
    """
    case = Case.objects.select_related("person").get(pk=case_id)
    if not access.deliverer(by, case):
        raise Refused(f"您不能发出这个办件的结果。{access.deliverer.__doc__}")
    _try_code(case, code.strip(), number, at=at, by=by)
    with transaction.atomic():
        return _hand_out(case, number=number, receiver=receiver.strip(), by=by, at=at)


def _is_applicant(case: Case, number: str) -> bool:
    return case.person is not None and case.person.id_number == number.strip().upper()


def _try_code(case: Case, code: str, number: str, *, by: Actor, at: datetime) -> None:
    """Check the code, and keep the count of wrong tries whatever becomes of the rest."""
    if why := codes.citizen.check(number):
        raise Refused(f"{why}请照领取人的身份证输入。")
    if not code:
        if _is_applicant(case, number):
            return
        raise Refused("代领的，请输入申请人收到的 6 位取件码。申请人本人领取，可以凭身份证不用取件码。")
    with transaction.atomic():
        kept = PickupCode.objects.select_for_update().filter(case=case).first()
        if kept is None:
            raise Refused("这个办件没有取件码。申请人本人凭身份证领取。")
        if kept.locked_until and kept.locked_until > at:
            minutes = int((kept.locked_until - at).total_seconds() // 60) + 1
            raise Refused(f"取件码连续输错，请 {minutes} 分钟后再试。申请人本人可以凭身份证领取。")
        if right := check_password(code, kept.code_hash):
            kept.tries, kept.locked_until = 0, None
        else:
            kept.tries += 1
            if kept.tries >= rules_custody.TRIES:
                kept.tries, kept.locked_until = 0, at + timedelta(minutes=rules_custody.LOCK_MINUTES)
            journal.write(subject=case, move="wrong_pickup_code", by=by, at=at, law=LAW)
        kept.save(update_fields=["tries", "locked_until"])
        left = rules_custody.TRIES - kept.tries
    if not right:
        raise WrongCode(
            f"取件码不对，还可以试 {left} 次。请核对申请人手机或者“我的办件”里的 6 位数字。"
            if kept.locked_until is None
            else f"取件码连续输错，请 {rules_custody.LOCK_MINUTES} 分钟后再试。申请人本人可以凭身份证领取。"
        )


def _hand_out(case: Case, *, number: str, receiver: str, by: Actor, at: datetime) -> list[CustodyPiece]:
    if not receiver:
        raise Refused("请输入签收人的姓名，由本人在回执上签名。")
    if _is_applicant(case, number) and case.person is not None and receiver != case.person.name:
        raise Refused("签收人的姓名和身份证登记的姓名不一致。请核对后重新输入。")
    here = [
        piece
        for piece in CustodyPiece.objects.filter(case=case, lost_at=None)
        .select_for_update(of=("self",))
        .order_by("pk")
        if rules_custody.may_hand_out(by, piece)
    ]
    if not here:
        raise Refused("这个办件没有件在本窗口。请看流转记录，向保管单位调取。")
    batch = uuid7()
    for piece in here:
        must_be_here(piece, by)
    if case.state in WITH_RESULT and any(p.kind != CustodyPiece.Kind.ORIGINAL for p in here):
        PickupCode.objects.filter(case=case).update(used_at=at)
        delivery.deliver(
            case_id=case.pk, by=by, at=at, receiver=receiver
        )  # before the pieces leave: the right rests on them
    for piece in here:
        _pass_on(piece, CustodyPiece.Holder.APPLICANT, batch, by, at, receiver=receiver, tail=number.strip()[-4:])
        journal.write(subject=piece, move="hand_out", by=by, at=at, law=LAW, facts={"case": case.pk, "list": batch})
    return here


def _pass_on(
    piece: CustodyPiece, to: str, batch: UUID, by: Actor, at: datetime, *, receiver: str = "", tail: str = "",
    tracking: str = "",
) -> None:  # fmt: skip
    """The piece leaves the house: out of the hands of a unit, into the applicant's or the courier's."""
    Handover.objects.create(
        piece=piece, batch=batch, from_holder=piece.holder, from_org_id=piece.holder_org_id, to_holder=to,
        by_id=by.account_id, at=at, outcome=Handover.Outcome.CONFIRMED, answered_by_id=by.account_id, answered_at=at,
        receiver=receiver[:50], receiver_tail=tail, tracking=tracking[:60],
    )  # fmt: skip
    piece.holder, piece.holder_org_id, piece.since = to, None, at
    piece.save(update_fields=["holder", "holder_org", "since"])


@transaction.atomic
def post(*, piece_id: UUID, tracking: str, by: Actor, at: datetime) -> CustodyPiece:
    """Give a piece to the courier with its parcel number; a case to be sent by mail is delivered with it."""
    (piece,) = locked([piece_id], by)
    must_be_here(piece, by)
    if len(tracking.strip()) < 6:
        raise Refused("请填写邮寄单号（快递面单上的号码）。")
    case = Case.objects.get(pk=piece.case_id)
    if case.state in WITH_RESULT and piece.kind != CustodyPiece.Kind.ORIGINAL and case.delivery == Case.Delivery.MAIL:
        delivery.deliver(case_id=case.pk, by=by, at=at, tracking=tracking.strip())
    _pass_on(piece, CustodyPiece.Holder.COURIER, uuid7(), by, at, tracking=tracking.strip())
    journal.write(subject=piece, move="post", by=by, at=at, law=LAW, facts={"case": piece.case_id})
    return piece
