"""统一出件: register paper things, hand them over and confirm, refuse, call back, report a loss, bring results."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from siban.cases import rules_custody
from siban.cases.models import Case
from siban.cases.models_custody import CustodyPiece, Handover
from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from .handing_out import WITH_RESULT, locked, make_pickup_code, must_be_here

LAW = rules_custody.LAW
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
    for piece in locked(pieces, by):
        must_be_here(piece, by)
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
    (piece,) = locked([piece_id], by)
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
    (piece,) = locked([piece_id], by)
    if piece.lost_at is None or not rules_custody.may_give(by, piece):
        raise Refused("只有保管单位可以登记找回。")
    piece.lost_at = None
    piece.save(update_fields=["lost_at"])
    journal.write(subject=piece, move="report_found", by=by, at=at, law=LAW)
    return piece


@transaction.atomic
def remind(*, piece_id: UUID, by: Actor, at: datetime) -> CustodyPiece:
    """Ask the applicant to come; the message goes out from the journal."""
    (piece,) = locked([piece_id], by)
    must_be_here(piece, by)
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
