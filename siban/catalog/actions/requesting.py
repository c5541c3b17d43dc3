"""《事项调整申请》: what an item is changed for, by which document; one open request an item."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..flow import DOCUMENTED, ITEM_FLOW, STANDARD, ChangeBasis, ChangeKind, ItemState
from ..models import ChangeRequest, ImplementationItem, ItemVersion

SHORTEST = 4  # characters of a reason
SUBJECT_IN_FORCE = (ItemState.PUBLISHED, ItemState.SUSPENDED)


def said_rightly(*, kind: str, basis: str, document_number: str, reason: str) -> None:
    """Raises Refused: no reason, an unknown kind, or a kind that wants the number of a document."""
    if kind not in ChangeKind.values:
        raise Refused("请选择调整类型：新增、变更、承接、下放或者取消。")
    if basis and basis not in ChangeBasis.values:
        raise Refused("请从列出的调整依据里选择一项。")
    if len(reason.strip()) < SHORTEST:
        raise Refused("请写明调整原因（至少 4 个字），例如：法规修订、部门职能调整、群众反映。")
    if kind in DOCUMENTED and not document_number.strip():
        raise Refused(
            f"{ChangeKind(kind).label}事项须填写依据文件的文号，例如“内政发〔2025〕12号”。请在“依据文号”一栏填写后再提交。"
        )


def opened(
    item: ImplementationItem, *, kind: str, basis: str = "", document_number: str = "", reason: str,
    version: ItemVersion | None = None, by: Actor, at: datetime,
) -> ChangeRequest:  # fmt: skip
    """Record a request; part of the move that it starts."""
    if ChangeRequest.objects.filter(item=item, outcome="open").exists():
        raise Refused("这个事项已有一份调整申请正在办理，办完以后才能再提。")
    return ChangeRequest.objects.create(
        item=item, version=version, kind=kind, basis=basis, document_number=document_number.strip()[:80],
        reason=reason.strip()[:300], requested_at=at, requested_by=by.name,
    )  # fmt: skip


def closed(item: ImplementationItem, *, outcome: str = "done", answer: str = "", by: Actor, at: datetime) -> None:
    """The open request of an item has come to its end."""
    ChangeRequest.objects.filter(item=item, outcome="open").update(
        outcome=outcome, closed_at=at, closed_by=by.name, answer=answer.strip()[:300]
    )


@transaction.atomic
def request_cancellation(
    *, item: UUID, reason: str, document_number: str, basis: str = "", by: Actor, at: datetime
) -> ChangeRequest:
    """The department asks to cancel the item; it stays in force until the service authority has cancelled it.

    Raises:
        Refused: not the item's manager, not in force, no reason or no document number.
    """
    subject = ImplementationItem.objects.select_for_update(of=("self",)).get(pk=item)
    if not access.item_manager(by, subject):
        raise Refused(f"您当前的岗位不能申请取消这个事项。{access.item_manager.__doc__}")
    if subject.state not in SUBJECT_IN_FORCE:
        raise Refused(f"现在是“{ITEM_FLOW.label(subject.state)}”，不能申请取消。请刷新页面查看最新进度。")
    said_rightly(kind=ChangeKind.CANCEL, basis=basis, document_number=document_number, reason=reason)
    request = opened(
        subject, kind=ChangeKind.CANCEL, basis=basis, document_number=document_number, reason=reason, by=by, at=at
    )
    journal.write(
        subject=subject, move="request_cancellation", by=by, at=at, law=STANDARD, note=reason.strip(),
        facts={"request": str(request.pk), "document_number": request.document_number},
    )  # fmt: skip
    return request


@transaction.atomic
def decline_cancellation(*, item: UUID, reason: str, by: Actor, at: datetime) -> ImplementationItem:
    """The service authority does not agree to a cancellation; the item stays as it is."""
    subject = ImplementationItem.objects.select_for_update(of=("self",)).get(pk=item)
    if not access.service_admin(by, subject):
        raise Refused(f"您当前的岗位不能答复取消申请。{access.service_admin.__doc__}")
    if len(reason.strip()) < SHORTEST:
        raise Refused("请写明不同意取消的理由（至少 4 个字），部门才知道怎么办。")
    if not ChangeRequest.objects.filter(item=subject, outcome="open", kind=ChangeKind.CANCEL).exists():
        raise Refused("这个事项没有待答复的取消申请。请刷新页面查看最新进度。")
    closed(subject, outcome="declined", answer=reason, by=by, at=at)
    journal.write(
        subject=subject, move="decline_cancellation", by=by, at=at, law=STANDARD, note=reason.strip(), facts={}
    )
    return subject


def document_for_cancelling(item: ImplementationItem, given: str) -> str:
    """The number of the document an item is cancelled by: as given, or as the department's request has it."""
    asked = (
        ChangeRequest.objects.filter(item=item, outcome="open", kind=ChangeKind.CANCEL)
        .values_list("document_number", flat=True)
        .first()
    )
    return given.strip() or asked or ""
