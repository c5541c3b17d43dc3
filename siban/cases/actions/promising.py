"""告知承诺 and 容缺: what the applicant promises instead of a paper, and what becomes of the promise."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from siban.cases import notices, rules
from siban.cases.flow import CASE_FLOW
from siban.cases.models import BrokenPromise, Case, Promise
from siban.cases.promise import LAW, PROMISE_FLOW
from siban.cases.queries.promise_offer import distrusted, latest
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks
from .drafting import editable

DEFICIENCY_LAW = "容缺受理制度（实施清单容缺要素）"


@transaction.atomic
def promise_materials(
    *, case_id: UUID, materials: Collection[str], until: date, signature: str, by: Actor, at: datetime
) -> Case:
    """The applicant promises to bring missing papers by a day (容缺受理). An empty collection takes the promise back.

    Raises:
        Refused: not on the list, a day beyond the item's limit, unsigned, an applicant who broke a promise.
    """
    case = editable(case_id=case_id, by=by)
    if not materials:
        case.deficiency = {}
    else:
        listed = case.elements.deficiency
        if not case.elements.is_deficiency or listed is None:
            raise Refused("这个事项不在容缺受理清单上，请备齐材料后提交。")
        if why := distrusted(case):
            raise Refused(why)
        open_ids = {m.id: m.name for m in case.deferrable()}
        if strange := [m for m in materials if m not in open_ids]:
            names = "、".join(open_ids.values()) or "没有可以容缺的材料"
            raise Refused(f"选中的材料（{len(strange)} 份）不能容缺。可以容缺的：{names}。")
        on = local_day(at)
        last = latest(case, on=on)
        if not on < until <= last:
            raise Refused(
                f"补交日期应在明天到 {last.year}年{last.month}月{last.day}日之间（容缺期限 {listed.days} 天）。"
            )
        require_signed(case, signature, by=by)
        case.deficiency = {
            "materials": sorted(materials), "until": until.isoformat(), "signature": signature.strip(),
            "promised_at": at.isoformat(),
        }  # fmt: skip
    case.saved_at = at
    case.save(update_fields=["deficiency", "saved_at"])
    journal.write(
        subject=case, move="promise_materials", by=by, at=at, law=DEFICIENCY_LAW,
        note=f"承诺 {until} 前补交 {len(materials)} 份材料" if materials else "收回容缺承诺",
    )  # fmt: skip
    return case


@transaction.atomic
def accept_deficient(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Accept although a paper is wanting, on the applicant's promise; the clocks do not stop for it."""
    with CASE_FLOW.step("accept_deficient", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if why := distrusted(case):
            raise Refused(why)
        case.accepted_at = at
        on = local_day(at)
        clocks.on_acceptance(case, on=on, by=by, at=at)
        until = date.fromisoformat(case.deficiency["until"])
        last = max(min(until, latest(case, on=on)), on + timedelta(days=1))
        case.deficiency_due_on = clocks.beside(
            case, clocks.DEFICIENCY, days=(last - on).days, unit="natural_day", on=on, by=by, at=at
        )
        names = case.missing_materials()
        step.note = f"{'、'.join(names)}，{case.deficiency_due_on}前补交"
    notices.deficient_acceptance(case, names=names, at=at)
    sign(case, at=at)
    return case


def complete_deficiency(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """What was promised is there."""
    with CASE_FLOW.step("complete_deficiency", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        clocks.over(case, clocks.DEFICIENCY, on=local_day(at), by=by, at=at)
        case.deficiency_due_on = None
        case.deficiency = {**case.deficiency, "completed_at": at.isoformat()}
    return case


@transaction.atomic
def lapse_deficiency(*, case_id: UUID, at: datetime) -> Case:
    """The promised day passed: the application goes back, in writing, and the promise is noted as broken."""
    with CASE_FLOW.step("lapse_deficiency", by=SYSTEM, at=at, pk=case_id) as step:
        case: Case = step.subject
        names = "、".join(case.missing_materials()) or "容缺材料"
        reason = f"承诺补交的“{names}”到 {case.deficiency_due_on} 没有补齐，申请退回。您可以备齐材料重新申请。"
        case.closed_at = at
        clocks.on_end(case, on=local_day(at), by=SYSTEM, at=at)
        step.note = reason
    broken(case, BrokenPromise.Kind.LATE, at=at)
    notices.termination(case, reason=reason, at=at)
    return case


def broken(case: Case, kind: str, *, at: datetime) -> None:
    """Remember that a promise was not kept."""
    BrokenPromise.objects.get_or_create(
        case=case, kind=kind,
        defaults={"person_id": None if case.enterprise_id else case.person_id, "enterprise_id": case.enterprise_id, "at": at},
    )  # fmt: skip


def mend(*, case_id: UUID, kind: str, reason: str, by: Actor, at: datetime) -> None:
    """A broken promise is made good (信用修复). Raises Refused: not this office's, no reason."""
    if len(reason.strip()) < 5:
        raise Refused("请写明修复的依据（至少 5 个字）。")
    case = Case.objects.visible_to(by).get(pk=case_id)
    if not (by.has_role("unit_head", "service_admin")):
        raise Refused("信用修复由单位主要负责人或者政务服务管理机构登记。")
    BrokenPromise.objects.filter(case=case, kind=kind, mended_at=None).update(mended_at=at, mend_reason=reason[:200])
    journal.write(subject=case, move="mend_promise", by=by, at=at, law=LAW, note=reason.strip())


@transaction.atomic
def choose_promise(*, case_id: UUID, signature: str, agreed: bool, by: Actor, at: datetime) -> Case:
    """The applicant has read what the item tells and promises it in writing (告知承诺); unsigned takes it back.

    Raises:
        Refused: the item is not handled so, not agreed to, not signed by the applicant, an earlier promise was broken.
    """
    case = editable(case_id=case_id, by=by)
    told = case.elements.commitment
    if not case.elements.is_commitment or told is None:
        raise Refused("这个事项不实行告知承诺，请按一般方式提交材料。")
    if not signature.strip():
        Promise.objects.filter(case=case, state="made").delete()
        journal.write(subject=case, move="choose_promise", by=by, at=at, law=LAW, note="改按一般方式办理")
        return case
    if why := distrusted(case):
        raise Refused(why)
    if not agreed:
        raise Refused("请先看完告知的内容，并勾选“我已知晓并承诺”。")
    require_signed(case, signature, by=by)
    made = {
        "org_id": case.org_id, "content": told.content, "liability": told.legal_liability,
        "supervision": told.supervision, "signature": signature.strip(), "made_at": at,
        "check_days": told.post_check_days or rules.POST_CHECK_DAYS,
    }  # fmt: skip
    Promise.objects.update_or_create(case=case, defaults=made)
    journal.write(subject=case, move="choose_promise", by=by, at=at, law=LAW, note="选择告知承诺方式办理")
    return case


def require_signed(case: Case, signature: str, *, by: Actor) -> None:
    """A promise is signed by the applicant: oneself, or whoever acts for the enterprise; never by an agent.

    Raises:
        Refused: another name, or an agent who would promise in the name of somebody else.
    """
    if by.is_citizen and case.entrustment_id and case.entrustment and by.person_id == case.entrustment.agent_id:
        raise Refused("承诺要由申请人本人作出，代办人不能代签。请申请人登录后在“我的办件”里签名。")
    signer = by.name if by.is_citizen and case.enterprise_id else case.signer_name
    if signature.strip() != signer:
        raise Refused("请由申请人本人签名：填写与申请人（经办人）一致的姓名。")


def sign(case: Case, *, at: datetime) -> None:
    """The promise becomes a paper with the acceptance."""
    made = Promise.objects.filter(case=case).first()
    if made is not None:
        notices.promise(case, made=made, at=at)


def after_decision(case: Case, *, granted: bool, at: datetime) -> None:
    """A grant opens the later check; a refusal makes the promise moot."""
    made = Promise.objects.filter(case=case, state="made").first()
    if made is None:
        return
    if not granted:
        with PROMISE_FLOW.step("drop", by=SYSTEM, at=at, pk=made.pk):
            pass
        return
    with PROMISE_FLOW.step("open_check", by=SYSTEM, at=at, pk=made.pk) as step:
        step.subject.check_due_on = local_day(at) + timedelta(days=step.subject.check_days)


@transaction.atomic
def find_kept(*, case_id: UUID, findings: str, by: Actor, at: datetime) -> Promise:
    """The check found the promise kept."""
    return _found("find_kept", case_id=case_id, findings=findings, by=by, at=at)


@transaction.atomic
def find_false(*, case_id: UUID, findings: str, by: Actor, at: datetime) -> Promise:
    """The check found the promise false: it is noted against the applicant; revoking the decision wants two persons."""
    made = _found("find_false", case_id=case_id, findings=findings, by=by, at=at)
    broken(made.case, BrokenPromise.Kind.FALSE, at=at)
    return made


def _found(move: str, *, case_id: UUID, findings: str, by: Actor, at: datetime) -> Promise:
    if len(findings.strip()) < 5:
        raise Refused("请写明核查的方式和发现的情况（至少 5 个字）。")
    case = Case.objects.visible_to(by).get(pk=case_id)
    with PROMISE_FLOW.step(move, by=by, at=at, case_id=case.pk, note=findings.strip()) as step:
        step.subject.checked_at, step.subject.findings = at, findings.strip()
    journal.write(subject=case, move=move, by=by, at=at, law=PROMISE_FLOW.moves[move].law, note=findings.strip())
    return step.subject  # type: ignore[no-any-return]
