"""The base list: an item of it is suspended, taken up again or cancelled, and every unit that exercises it is asked to follow."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from siban.kernel import clock, journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..flow import LISTED, ItemState
from ..models import BaseChange, CatalogItem, ImplementationItem
from .inheriting import AT_ONCE, PENDING

S = CatalogItem.Status
MOVES = {S.SUSPENDED: "suspend_listed", S.CANCELLED: "cancel_listed", S.ACTIVE: "resume_listed"}


@transaction.atomic
def set_listed(
    *, basic_code: str, status: str, document_number: str, reason: str, by: Actor, at: datetime
) -> CatalogItem:
    """Suspend, cancel or take up again an item of the base list; a to-do is opened for every implementation in force.

    Raises:
        Refused: some unit that exercises it lies outside one's territory, no document, no reason, or nothing to change.
    """
    row = CatalogItem.objects.select_for_update(of=("self",)).get(pk=basic_code)
    units = ImplementationItem.objects.filter(catalog_item=row).exclude(state=ItemState.CANCELLED)
    outside = units.exclude(region_id__startswith=by.region_prefix).exists()
    if not by.has_role("service_admin") or outside:
        raise Refused(f"您当前的岗位不能调整基本目录。{access.keeps_base_list.__doc__}")
    if status not in S.values:
        raise Refused("请选择暂停、取消或者恢复。")
    if status == row.status:
        raise Refused(f"“{row.name}”在基本目录里已经是“{row.get_status_display()}”。")
    if row.status == S.CANCELLED:
        raise Refused(f"“{row.name}”已从基本目录取消，不能再调整。")
    if not document_number.strip():
        raise Refused("调整基本目录须填写依据文件的文号，例如“内政发〔2025〕12号”。")
    if len(reason.strip()) < 4:
        raise Refused("请写明调整的原因（至少 4 个字）。")
    before, row.status = row.status, status
    row.save(update_fields=["status"])
    BaseChange.objects.filter(item__catalog_item=row, kind__in=["suspended", "cancelled"], outcome__in=PENDING).update(
        outcome="superseded", closed_at=at
    )
    if status != S.ACTIVE:
        _ask(row, units, document_number=document_number.strip(), at=at)
    journal.write(
        subject=row, move=MOVES[S(status)], by=by, at=at, law=LISTED, note=reason.strip()[:300],
        changes={"status": [before, status]}, facts={"document_number": document_number.strip()},
    )  # fmt: skip
    return row


def _ask(row: CatalogItem, units: "object", *, document_number: str, at: datetime) -> None:
    kind = BaseChange.Kind.SUSPENDED if row.status == S.SUSPENDED else BaseChange.Kind.CANCELLED
    done = [ItemState.SUSPENDED] if kind == BaseChange.Kind.SUSPENDED else []
    wanted = units.exclude(state__in=done).order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]
    said = (
        f"基本目录{'暂停' if done else '取消'}“{row.name}”（{document_number}），本级应当{'暂停' if done else '取消'}"
    )
    BaseChange.objects.filter(item__in=wanted, outcome__in=PENDING).update(outcome="superseded", closed_at=at)
    due = clock.local_day(at) + timedelta(days=settings.BASE_CHANGE_CONFIRM_DAYS)
    BaseChange.objects.bulk_create(
        (
            BaseChange(
                item_id=pk, kind=kind, sentences=[said], document_number=document_number, opened_at=at, due_on=due
            )
            for pk in wanted.iterator(chunk_size=2000)
        ),
        batch_size=AT_ONCE,
    )
