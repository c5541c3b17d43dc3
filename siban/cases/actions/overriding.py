"""纠正: what a decision or an end is undone by, with a document, by two persons."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import access, notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case, OverrideRequest
from siban.certificates import api as certificates
from siban.identity.api import Account, of_post
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks

STRUCK_FROM = (*certificates.ECERT_FLOW.moves["cancel"].sources, "cancelled")
IRREGULAR = tuple(name for name, move in CASE_FLOW.moves.items() if move.override)


@transaction.atomic
def ask_override(
    *, case_id: UUID, move: str, reason: str, document: str, ground: str = "", basis: str = "", by: Actor, at: datetime
) -> Case:
    """The first person says what has to be undone, why, and by which document.

    Args:
        ground: for a licence struck off, one of `rules.CANCEL_GROUNDS`.
        basis: the article, where the ground is none of the named ones.

    Raises:
        Refused: not possible from this state, not this post's, no reason or document, a ground that does not hold, one is waiting
            already.
    """
    if move not in IRREGULAR:
        raise Refused("没有这样的纠正方式。")
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case_id)
    if why := CASE_FLOW.refusal(move, case, by=by, at=at):
        raise Refused(why)
    if len(reason.strip()) < 5:
        raise Refused("请写明理由（至少 5 个字）。")
    if len(document.strip()) < 5:
        raise Refused("请写明所依据的文书名称和文号，例如：某人民法院（2026）某行初 1 号行政判决书。")
    if case.override_requests.filter(settled_at=None).exists():
        raise Refused("已经有一项纠正正等待另一人确认，请先处理。")
    if move == "cancel":
        _require_ground(case, ground, basis, at=at)
    else:
        ground = basis = ""
    assert by.account_id is not None  # an officer
    OverrideRequest.objects.create(
        case=case, move=move, reason=reason.strip(), document=document.strip()[:200], ground=ground,
        basis=basis.strip()[:200], asked_by_id=by.account_id, asked_at=at,
    )  # fmt: skip
    journal.write(
        subject=case, move="ask_override", by=by, at=at, law=CASE_FLOW.moves[move].law,
        note=f"{CASE_FLOW.moves[move].label}：{reason.strip()}（{document.strip()}）",
    )  # fmt: skip
    return case


@transaction.atomic
def refuse_override(*, case_id: UUID, reason: str, by: Actor, at: datetime) -> Case:
    """The second person does not confirm it."""
    case, asked = _waiting(case_id, by)
    if len(reason.strip()) < 5:
        raise Refused("请写明不确认的理由（至少 5 个字）。")
    asked.settled_by_id, asked.settled_at, asked.is_confirmed, asked.refusal = by.account_id, at, False, reason[:300]
    asked.save()
    journal.write(
        subject=case, move="refuse_override", by=by, at=at, law=CASE_FLOW.moves[asked.move].law, note=reason.strip()
    )
    return case


@transaction.atomic
def confirm_override(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """The second person confirms; the act is done in the first one's name with both on record."""
    case, asked = _waiting(case_id, by)
    first = _actor(asked.asked_by, at=at)
    if asked.move == "cancel":  # a certificate may have changed since it was asked for
        _require_ground(case, asked.ground, asked.basis, at=at)
    with CASE_FLOW.step(
        asked.move, by=first, second=by, at=at, pk=case.pk, note=f"{asked.reason}（{asked.document}）"
    ) as step:
        case = step.subject
        if asked.move == "cancel":
            case.cancelled_at = at
            step.facts["ground"] = asked.ground
            _strike_off(case, reason=asked.reason, persons=(first, by), at=at)
        else:
            _take_back(case, reason=asked.reason, persons=(first, by), at=at)
        if asked.move == "revoke":
            case.revoked_at = at
        elif asked.move == "reopen":
            _reopen(case, by=first, at=at)
    asked.settled_by_id, asked.settled_at, asked.is_confirmed = by.account_id, at, True
    asked.save()
    if asked.move == "revoke":
        notices.revocation(case, reason=asked.reason, document=asked.document, at=at)
    if asked.move == "cancel":
        notices.cancellation(case, ground=grounds(asked), reason=asked.reason, document=asked.document, at=at)
    return case  # type: ignore[no-any-return]


def _reopen(case: Case, *, by: Actor, at: datetime) -> None:
    """A new decision is due: both clocks start again, what was decided before falls away."""
    case.accepted_at = at
    case.decided_at = case.issued_at = case.delivered_at = case.closed_at = case.archived_at = None
    case.certificate_id = None
    case.material_checks.filter(
        stage="review"
    ).delete()  # the new decision rests on a new review; the journal keeps the old
    case.proposal, case.proposed_by, case.review_level, case.passed_by, case.extension = {}, None, 0, None, {}
    clocks.on_acceptance(case, on=local_day(at), by=by, at=at)


def _waiting(case_id: UUID, by: Actor) -> tuple[Case, OverrideRequest]:
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case_id)
    asked = case.override_requests.filter(settled_at=None).select_related("asked_by").first()
    if asked is None:
        raise Refused("没有等待确认的纠正。请刷新页面查看最新情况。")
    if asked.asked_by_id == by.account_id:
        raise Refused("这项纠正是您本人提出的，要由另一个人确认。")
    if not CASE_FLOW.moves[asked.move].who(by, case):
        raise Refused(f"您当前的岗位不能确认。{CASE_FLOW.moves[asked.move].who.__doc__}")
    return case, asked


def _take_back(case: Case, *, reason: str, persons: tuple[Actor, Actor], at: datetime) -> None:
    """The certificate falls with the decision it rests on; one of the two persons must be of the issuing office."""
    held = _held(case)
    if held is not None and held.state in ("valid", "suspended", "disputed"):
        certificates.revoke(certificate_id=held.pk, reason=reason, by=_issuer(case, persons), at=at)


def grounds(asked: OverrideRequest) -> str:
    """On which ground a licence is struck off, in words, with the article where the person named one."""
    said = rules.CANCEL_GROUNDS.get(asked.ground, "")
    return f"{said}（{asked.basis}）" if asked.basis and asked.ground == "other" else said


def _require_ground(case: Case, ground: str, basis: str, *, at: datetime) -> None:
    held = _held(case)
    if why := rules.not_cancellable(
        ground, basis=basis, state=held.state if held else "", valid_to=held.valid_to if held else None,
        on=local_day(at), can_be_struck=held is not None and held.state in STRUCK_FROM,
    ):  # fmt: skip
        raise Refused(why)


def _strike_off(case: Case, *, reason: str, persons: tuple[Actor, Actor], at: datetime) -> None:
    """The certificate is struck from the register (行政许可法第七十条), if it has not been already."""
    held = _held(case)
    if held is not None and held.state != "cancelled":
        certificates.cancel(certificate_id=held.pk, reason=reason, by=_issuer(case, persons), at=at)


def _held(case: Case) -> certificates.ECert | None:
    """The certificate as it stands now: of one that was corrected, the version that took its place."""
    if case.certificate_id is None:
        return None
    held = certificates.ECert.objects.select_related("replaced_by").get(pk=case.certificate_id)
    while held.replaced_by is not None:
        held = held.replaced_by
    return held


def _issuer(case: Case, persons: tuple[Actor, Actor]) -> Actor:
    issuer = next((p for p in persons if access.reviewer(p, case)), None)
    if issuer is None:
        raise Refused("这个办件已经发证，撤销、注销证照至少要有一名实施部门的审批人员或者首席代表参与。")
    return issuer


def _actor(account: Account, *, at: datetime) -> Actor:
    """The first person in the post held that day; who has left can't act any more."""
    post = account.posts.held_on(local_day(at)).select_related("org").order_by("valid_from").first()
    if post is None:
        raise Refused("提出人已经不在岗，请由在岗的人重新提出。")
    return of_post(account, post)
