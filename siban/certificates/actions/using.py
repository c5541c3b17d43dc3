"""Using a certificate in place of a paper, with a trace of every use."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.certificates import rules
from siban.certificates.models import ECert, ECertUse
from siban.identity.api import note_reading
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

NOT_YOURS = "没有找到申请人持有的这份电子证照。请重新选择，或者改为上传材料。"


@transaction.atomic
def use(
    *,
    certificate_id: UUID,
    type_id: str,
    holder_person_id: UUID | None,
    holder_enterprise_id: UUID | None,
    purpose: str,
    subject: tuple[str, str],
    by: Actor,
    at: datetime,
) -> ECert:
    """Let a certificate stand in for a paper; the holder's consent was asked by the caller at this instant.

    Raises:
        Refused: not this holder's, not of the type asked for, not valid today, or no purpose.
    """
    purpose = purpose.strip()
    if not purpose or len(purpose) > rules.PURPOSE_LIMIT:
        raise Refused(f"调用电子证照要写明使用事由，不超过 {rules.PURPOSE_LIMIT} 字。")
    found = ECert.objects.select_for_update(of=("self",)).select_related("type").filter(pk=certificate_id).first()
    if found is None or not _held(found, holder_person_id, holder_enterprise_id):
        raise Refused(NOT_YOURS)
    if found.type_id != type_id:
        raise Refused(f"这里需要的不是“{found.type.name}”。请选择材料清单要求的证照，或者改为上传材料。")
    standing = rules.standing(found, local_day(at))
    if not standing.is_valid:
        raise Refused(
            f"这份“{found.type.name}”{standing.label}，不能调用。{standing.sentence}请改为上传材料，或者联系发证机关。"
        )
    ECertUse.objects.create(
        cert=found, purpose=purpose, actor_kind=by.kind, actor_id=by.id, actor_name=by.name, org_id=by.org_id,
        org_name=by.org_name, channel=by.channel, subject_type=subject[0], subject_id=subject[1], consent_at=at, at=at,
    )  # fmt: skip
    journal.write(
        subject=found, move="use", by=by, at=at, law="国务院令第716号", note=purpose,
        facts={"subject": f"{subject[0]}:{subject[1]}"},
    )  # fmt: skip
    note(found, "用证照替代材料", purpose=purpose, by=by, at=at)
    return found


def note(cert: ECert, what: str, *, purpose: str, by: Actor, at: datetime) -> None:
    """Keep that somebody looked at a certificate, for the holder to read."""
    note_reading(
        subject=cert, title=f"{cert.type.name} {cert.serial}", what=what, purpose=purpose, by=by, at=at,
        person_id=cert.person_id, enterprise_id=cert.enterprise_id,
    )  # fmt: skip


def _held(certificate: ECert, person_id: UUID | None, enterprise_id: UUID | None) -> bool:
    if certificate.enterprise_id is not None:
        return certificate.enterprise_id == enterprise_id
    return certificate.person_id is not None and certificate.person_id == person_id
