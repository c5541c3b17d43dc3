"""统一出件: register paper things, hand them over and confirm, report a loss, hand out with a pick-up code."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from siban.cases import access, rules_custody
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece, Handover, PickupCode
from siban.cases.rules_pickup import digits
from siban.identity.api import Org
from siban.kernel import codes, journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from . import delivery

LAW = rules_custody.LAW
WITH_RESULT = ("issued", "rejected")
MOST = 200


def register(*, case_id: UUID, things: Sequence[tuple[str, str]], by: Actor, at: datetime) -> list[CustodyPiece]:
    """Give paper things of a case their barcodes; they lie with whoever registers them.

    Args:
        things: (kind, what) each.

    Raises:
        Refused: not this post's case, or nothing named.
    """
    case = Case.objects.visible_to(by).get(pk=case_id)
    if not rules_custody.may_register(by, case):
        raise Refused(f"您不能登记这个办件的纸质件。{rules_custody.may_register.__doc__}")
    named = [(kind, what.strip()[:200]) for kind, what in things if what.strip()]
    if not named:
        raise Refused("请选择要登记的纸质件：证照、决定书或者申请人的原件。")
    made = []
    with transaction.atomic():
        for kind, what in named:
            if kind not in CustodyPiece.Kind.values:
                raise Refused("纸质件的种类应为证照、决定书或者申请人原件。")
            piece = CustodyPiece.objects.create(
                barcode=rules_custody.barcode(local_day(at).year, _running()), case=case, kind=kind, what=what,
                holder=rules_custody.holder_of(by), holder_org_id=by.org_id, since=at, made_by_id=by.account_id,
                made_at=at,
            )  # fmt: skip
            journal.write(
                subject=piece,
                fresh=True,
                move="register",
                by=by,
                at=at,
                law=LAW,
                facts={"case": case.pk, "kind": kind},
            )
            made.append(piece)
    return made


def _running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_piece_seq')")
        return int(cursor.fetchone()[0])


@transaction.atomic
def hand_over(*, pieces: Sequence[UUID], to: str, to_org_id: UUID, by: Actor, at: datetime) -> UUID:
    """Give pieces to another unit, as one list; each stays with the giver until the receiving side confirms.

    Args:
        to: `counter`, `office` or `archive`.

    Returns the number of the list.
    """
    if not pieces:
        raise Refused("请先勾选要移交的件。")
    if to not in ("counter", "office", "archive"):
        raise Refused("请选择移交给窗口、实施部门还是档案。")
    try:
        target = Org.objects.get(pk=to_org_id, is_active=True)
    except Org.DoesNotExist:
        raise Refused("请选择接收单位。") from None
    batch = uuid7()
    for piece in _locked(pieces, by):
        _must_be_here(piece, by)
        if (piece.holder, piece.holder_org_id) == (to, target.pk):
            raise Refused(f"“{piece.what}”（{piece.barcode}）已经在{target.name}，不用移交。")
        Handover.objects.create(
            piece=piece, batch=batch, from_holder=piece.holder, from_org_id=piece.holder_org_id, to_holder=to,
            to_org=target, by_id=by.account_id, at=at,
        )  # fmt: skip
        journal.write(
            subject=piece,
            move="hand_over",
            by=by,
            at=at,
            law=LAW,
            note=target.name,
            facts={"to": target.pk, "list": batch},
        )
    return batch


def _locked(pieces: Sequence[UUID], by: Actor) -> list[CustodyPiece]:
    found = list(
        CustodyPiece.objects.visible_to(by)
        .filter(pk__in=list(pieces)[:MOST])
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not found:
        raise Refused("没有找到这些件。请刷新页面。")
    return found


def _must_be_here(piece: CustodyPiece, by: Actor) -> None:
    """The piece lies with this unit, is not on its way and not lost. Raises Refused."""
    if piece.lost_at is not None:
        raise Refused(f"“{piece.what}”（{piece.barcode}）已经报失，不能移交或者发出。")
    if not rules_custody.may_give(by, piece):
        raise Refused(
            f"“{piece.what}”（{piece.barcode}）不在您单位，不能移交或者发出。{rules_custody.may_give.__doc__}"
        )
    if piece.handovers.filter(outcome=Handover.Outcome.PENDING).exists():
        raise Refused(f"“{piece.what}”（{piece.barcode}）已经移交、等待对方接收。请先收回，或者等待接收。")


@transaction.atomic
def confirm(*, handovers: Sequence[UUID], by: Actor, at: datetime) -> int:
    """The receiving side has the pieces in hand: it holds them now. Returns how many."""
    if not handovers:
        raise Refused("请先勾选收到的件。")
    done = 0
    for one in _pending(handovers):
        if not rules_custody.may_take(by, one):
            raise Refused(f"这些件不是交给您单位的。{rules_custody.may_take.__doc__}")
        piece = CustodyPiece.objects.select_for_update(of=("self",)).get(pk=one.piece_id)
        _answer(one, Handover.Outcome.CONFIRMED, by, at)
        piece.holder, piece.holder_org_id, piece.since, piece.reminded_at = one.to_holder, one.to_org_id, at, None
        piece.save(update_fields=["holder", "holder_org", "since", "reminded_at"])
        if piece.holder == CustodyPiece.Holder.COUNTER and piece.kind != CustodyPiece.Kind.ORIGINAL:
            make_pickup_code(case_id=piece.case_id, at=at)
        journal.write(subject=piece, move="confirm", by=by, at=at, law=LAW, facts={"list": one.batch})
        done += 1
    if not done:
        raise Refused("这些件已经接收过，或者对方已经收回。请刷新页面。")
    return done


def _pending(handovers: Sequence[UUID]) -> list[Handover]:
    return list(
        Handover.objects.select_for_update(of=("self",))
        .filter(pk__in=list(handovers)[:MOST], outcome=Handover.Outcome.PENDING)
        .order_by("pk")
    )


def _answer(one: Handover, outcome: str, by: Actor, at: datetime, reason: str = "") -> None:
    one.outcome, one.answered_by_id, one.answered_at, one.reason = outcome, by.account_id, at, reason
    one.save(update_fields=["outcome", "answered_by", "answered_at", "reason"])


@transaction.atomic
def refuse(*, piece_id: UUID, reason: str, by: Actor, at: datetime) -> Handover:
    """Not what the list says: the piece stays with the giver, with the reason."""
    one = _pending_of(piece_id)
    if not rules_custody.may_take(by, one):
        raise Refused(f"这一件不是交给您单位的。{rules_custody.may_take.__doc__}")
    if len(reason.strip()) < 2:
        raise Refused("请写明为什么拒收，例如：实物与清单不符、证照有污损。")
    _answer(one, Handover.Outcome.REFUSED, by, at, reason.strip()[:200])
    journal.write(subject=one.piece, move="refuse", by=by, at=at, law=LAW, note=reason.strip()[:200])
    return one


@transaction.atomic
def take_back(*, piece_id: UUID, by: Actor, at: datetime) -> Handover:
    """The giver calls back what has not been confirmed."""
    one = _pending_of(piece_id)
    if by.org_id != one.from_org_id or not by.has_role(*rules_custody.HANDLERS):
        raise Refused("只有交出的单位可以收回。")
    _answer(one, Handover.Outcome.TAKEN_BACK, by, at)
    journal.write(subject=one.piece, move="take_back", by=by, at=at, law=LAW)
    return one


def _pending_of(piece_id: UUID) -> Handover:
    one = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("piece")
        .filter(piece_id=piece_id, outcome=Handover.Outcome.PENDING)
        .first()
    )
    if one is None:
        raise Refused("这一件没有等待接收的移交。请刷新页面。")
    return one


@transaction.atomic
def report_lost(*, piece_id: UUID, reason: str, by: Actor, at: datetime) -> CustodyPiece:
    """Who holds a piece can't find it: said at once, with how it came; the chain shows who held it."""
    (piece,) = _locked([piece_id], by)
    if not rules_custody.may_give(by, piece):
        raise Refused(f"只有保管单位可以报失。{rules_custody.may_give.__doc__}")
    if piece.lost_at is not None:
        raise Refused("这一件已经报失。")
    if len(reason.strip()) < 5:
        raise Refused("请写明遗失的经过（至少 5 个字）：什么时候发现、最后在哪里见到。")
    if (pending := piece.handovers.filter(outcome=Handover.Outcome.PENDING).first()) is not None:
        _answer(pending, Handover.Outcome.TAKEN_BACK, by, at, "报失")
    piece.lost_at = at
    piece.save(update_fields=["lost_at"])
    journal.write(subject=piece, move="report_lost", by=by, at=at, law=LAW, note=reason.strip()[:200])
    return piece


@transaction.atomic
def report_found(*, piece_id: UUID, by: Actor, at: datetime) -> CustodyPiece:
    """A lost piece is there again, with who held it last."""
    (piece,) = _locked([piece_id], by)
    if piece.lost_at is None or not rules_custody.may_give(by, piece):
        raise Refused("只有保管单位可以登记找回。")
    piece.lost_at = None
    piece.save(update_fields=["lost_at"])
    journal.write(subject=piece, move="report_found", by=by, at=at, law=LAW)
    return piece


@transaction.atomic
def remind(*, piece_id: UUID, by: Actor, at: datetime) -> CustodyPiece:
    """Ask the applicant to come; the message goes out from the journal."""
    (piece,) = _locked([piece_id], by)
    _must_be_here(piece, by)
    if piece.reminded_at and local_day(piece.reminded_at) == local_day(at):
        raise Refused("今天已经催领过，不重复提醒。")
    piece.reminded_at = at
    piece.save(update_fields=["reminded_at"])
    journal.write(subject=piece, move="remind_pickup", by=by, at=at, law=LAW, facts={"case": piece.case_id})
    return piece


@transaction.atomic
def send_results(*, cases: Sequence[UUID], to_org_id: UUID, by: Actor, at: datetime) -> UUID:
    """The department brings what it has made to the issue desk, with a list. Returns the number of the list."""
    if not cases:
        raise Refused("请先勾选要移交的办件。")
    if not by.has_role("approver", "chief_rep", "unit_head"):
        raise Refused("办理结果由实施部门移交出件窗口。")
    found = list(
        Case.objects.visible_to(by)
        .filter(pk__in=list(cases)[:MOST], org_id=by.org_id, state__in=WITH_RESULT)
        .select_for_update(of=("self",))
        .select_related("version")
        .order_by("pk")
    )
    if len(found) != len(set(cases)):
        raise Refused("有的办件不是本单位的，或者还没有制证。请刷新页面后重新勾选。")
    made: list[UUID] = []
    for case in found:
        if case.custody_pieces.exclude(kind=CustodyPiece.Kind.ORIGINAL).exists():
            raise Refused(f"办件 {case.number} 的结果已经登记过，不重复移交。请刷新页面。")
        kind, what = _result(case)
        made += [p.pk for p in register(case_id=case.pk, things=[(kind, what)], by=by, at=at)]
    return hand_over(pieces=made, to="counter", to_org_id=to_org_id, by=by, at=at)


def _result(case: Case) -> tuple[str, str]:
    if case.state == "rejected":
        return CustodyPiece.Kind.DECISION, "不予行政许可（办理）决定书"
    return CustodyPiece.Kind.CERTIFICATE, case.elements.result.name or "办理结果"


# -- pick-up code and handing out ------------------------------------------------------------------------------------


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
        _must_be_here(piece, by)
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
    (piece,) = _locked([piece_id], by)
    _must_be_here(piece, by)
    if len(tracking.strip()) < 6:
        raise Refused("请填写邮寄单号（快递面单上的号码）。")
    case = Case.objects.get(pk=piece.case_id)
    if case.state in WITH_RESULT and piece.kind != CustodyPiece.Kind.ORIGINAL and case.delivery == Case.Delivery.MAIL:
        delivery.deliver(case_id=case.pk, by=by, at=at, tracking=tracking.strip())
    _pass_on(piece, CustodyPiece.Holder.COURIER, uuid7(), by, at, tracking=tracking.strip())
    journal.write(subject=piece, move="post", by=by, at=at, law=LAW, facts={"case": piece.case_id})
    return piece
