"""Noting who looked at what is known of somebody, and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from ..models_reading import Reading

LAW = "个人信息保护法第六条"
NO_PURPOSE = "请填写查看原因（至少 2 个字），例如：核对申请人证件。"


@transaction.atomic
def note_reading(
    *, subject: Any, title: str, what: str, purpose: str, by: Actor, at: datetime, person_id: UUID | None = None,
    enterprise_id: UUID | None = None,
) -> Reading | None:  # fmt: skip
    """Keep one reading and journal it; the same again on the same day is kept once.

    Args:
        subject: what was looked at, a row or `(type, id)`.
        title: what that is in words, e.g. `办件 1507…`; `what` says which part of it.
        person_id, enterprise_id: whose it is; without either nothing is kept (a matter of nobody).

    Raises:
        Refused: no purpose was given.
    """
    purpose = purpose.replace("\x00", "").strip()[:200]
    if len(purpose) < 2:
        raise Refused(NO_PURPOSE)
    if person_id is None and enterprise_id is None:
        return None
    kind, pk = subject if isinstance(subject, tuple) else journal.key(subject)
    day = local_day(at)
    same = Reading.objects.filter(subject_type=kind, subject_id=pk, day=day, actor_id=by.id, what=what[:200])
    if known := same.filter(purpose=purpose).order_by("id").first():
        return known
    made = Reading.objects.create(
        person_id=None if enterprise_id else person_id, enterprise_id=enterprise_id, subject_type=kind, subject_id=pk,
        title=title[:200], what=what[:200], purpose=purpose, actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
        actor_role=by.role_label, org_id=by.org_id, org_name=by.org_name, channel=by.channel, day=day, at=at,
    )  # fmt: skip
    journal.write(
        subject=made, fresh=True, move="read", by=by, at=at, law=LAW, note=purpose,
        facts={"subject": f"{kind}:{pk}", "what": what[:200]},
    )  # fmt: skip
    return made
