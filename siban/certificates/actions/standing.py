"""What happens to a certificate after it was issued: suspended, disputed, corrected, revoked, cancelled, expired."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.certificates.flow import ECERT_FLOW, ECertState
from siban.certificates.models import ECert
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import issuing


def _reasoned(move: str, *, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    reason = reason.strip()
    if len(reason) < 5:
        raise Refused(f"请写明“{ECERT_FLOW.moves[move].label}”的理由（至少 5 个字），理由会告知持证人。")
    with ECERT_FLOW.step(move, by=by, at=at, pk=certificate_id, note=reason) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def suspend(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Keep a certificate back for a time (行政处罚法第九条第三项 暂扣许可证件)."""
    return _reasoned("suspend", certificate_id=certificate_id, reason=reason, by=by, at=at)


def resume(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Give it back to use."""
    return _reasoned("resume", certificate_id=certificate_id, reason=reason, by=by, at=at)


def withdraw(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Take a lawful permit back because law or circumstances changed (行政许可法第八条第二款)."""
    return _reasoned("withdraw", certificate_id=certificate_id, reason=reason, by=by, at=at)


def revoke(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Annul a permit that should not have been granted (行政许可法第六十九条)."""
    return _reasoned("revoke", certificate_id=certificate_id, reason=reason, by=by, at=at)


def cancel(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Strike a certificate from the register (行政许可法第七十条)."""
    return _reasoned("cancel", certificate_id=certificate_id, reason=reason, by=by, at=at)


def dispute(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """The holder says that something on it is wrong (个人信息保护法第四十六条第一款)."""
    return _reasoned("dispute", certificate_id=certificate_id, reason=reason, by=by, at=at)


def uphold(*, certificate_id: UUID, reason: str, by: Actor, at: datetime) -> ECert:
    """Checked and found right: it may be used again."""
    return _reasoned("uphold", certificate_id=certificate_id, reason=reason, by=by, at=at)


@transaction.atomic
def correct(*, certificate_id: UUID, values: dict[str, str], reason: str, by: Actor, at: datetime) -> ECert:
    """Checked and found wrong: the next version is issued under the same serial, the old one is cancelled.

    Args:
        values: the fields that change, by name; the others stay.

    Returns:
        The new version.

    Raises:
        Refused: no reason, nothing changes, or a field this certificate does not have.
    """
    if len(reason.strip()) < 5:
        raise Refused("请写明更正的理由（至少 5 个字），理由会告知持证人。")
    with ECERT_FLOW.step("correct", by=by, at=at, pk=certificate_id, note=reason.strip()) as step:
        old: ECert = step.subject
        if strange := [name for name in values if name not in old.type.fields]:
            raise Refused(f"“{old.type.name}”上没有“{'、'.join(strange)}”这一项，请核对后再更正。")
        changed = {name: value.strip() for name, value in values.items() if value.strip() != old.values.get(name, "")}
        if not changed:
            raise Refused("没有需要更正的内容。核实无误的，请选择“核实无误，恢复使用”。")
        new = issuing.write_version(
            old.type, old.person, old.enterprise, old.issuer, {**old.values, **changed},
            (old.subject_type, old.subject_id), serial=old.serial, version=old.version + 1, day=local_day(at), by=by,
            at=at, valid_to=old.valid_to, move="reissue", law=step.move.law,
        )  # fmt: skip
        old.replaced_by = new
        step.facts.update({"replaced_by": new.identifier, "fields": sorted(changed)})
    return new


def expire(*, certificate_id: UUID, at: datetime) -> ECert:
    """The period has run out (行政许可法第七十条第一项)."""
    with ECERT_FLOW.step("expire", by=SYSTEM, at=at, pk=certificate_id) as step:
        pass
    return step.subject  # type: ignore[no-any-return]


def expire_due(*, at: datetime, limit: int = 1000) -> int:
    """Expire everything whose period has run out. Returns how many."""
    running = [ECertState.VALID, ECertState.SUSPENDED, ECertState.DISPUTED]
    due = ECert.objects.filter(state__in=running, valid_to__lte=local_day(at)).order_by("valid_to", "id")
    keys = list(due.values_list("pk", flat=True)[:limit])
    for key in keys:
        expire(certificate_id=key, at=at)
    return len(keys)
