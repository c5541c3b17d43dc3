"""三集中三到位: a department enters the hall and leaves it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..models import DepartmentEntry

LAW = "国发〔2022〕5号（应进必进、充分授权）"


@transaction.atomic
def enter(
    *, org_id: UUID, hall: str, entered_on: date, windows: int, staff: int, note: str = "", by: Actor, at: datetime
) -> DepartmentEntry:
    """A department works in the hall from a day on."""
    org = Org.objects.within(by.region_prefix).filter(pk=org_id).first() if by.region_prefix else None
    if org is None or not access.is_bureau(by):
        raise Refused(f"没有找到这个部门，或者您不能办理。{access.is_bureau.__doc__}")
    if DepartmentEntry.objects.filter(org=org, left_on=None).exists():
        raise Refused(f"{org.short_name}已经进驻。")
    made = DepartmentEntry(
        org=org, region_id=org.region_id, hall=hall.strip(), entered_on=entered_on, windows=windows, staff=staff,
        note=note.strip(),
    )  # fmt: skip
    made.save(force_insert=True)
    journal.write(subject=made, move="enter_hall", by=by, at=at, law=LAW, fresh=True, facts={"org": org.code})
    return made


@transaction.atomic
def leave(*, entry_id: UUID, left_on: date, reason: str, by: Actor, at: datetime) -> DepartmentEntry:
    """A department leaves the hall, for a reason."""
    made = DepartmentEntry.objects.select_for_update().visible_to(by).filter(pk=entry_id, left_on=None).first()
    if made is None or not access.bureau(by, made):
        raise Refused(f"没有找到这个进驻的部门，或者您不能办理。{access.is_bureau.__doc__}")
    if left_on < made.entered_on:
        raise Refused("撤出日期早于进驻日期，请检查。")
    if len(reason.strip()) < 4:
        raise Refused("请写明撤出的原因（至少 4 个字）。")
    made.left_on, made.note = left_on, reason.strip()
    made.save(update_fields=["left_on", "note"])
    journal.write(subject=made, move="leave_hall", by=by, at=at, law=LAW, note=reason.strip())
    return made
