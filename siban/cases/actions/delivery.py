"""Delivering the result and closing the case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import notices
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from . import clocks

MAIL_NUMBER = "请填写邮寄单号，以便申请人查询。"


@transaction.atomic
def deliver(*, case_id: UUID, by: Actor, at: datetime, receiver: str = "", tracking: str = "") -> Case:
    """Hand over the certificate or the refusal; the case is closed with it (行政许可法第四十四条).

    Args:
        receiver: who took it at the counter; the applicant when empty.
        tracking: parcel number when it goes by mail.
    """
    with CASE_FLOW.step("deliver", by=by, at=at, pk=case_id) as step:
        case: Case = step.subject
        if case.delivery == Case.Delivery.MAIL and not tracking.strip():
            raise Refused(MAIL_NUMBER)
        case.delivered_at = at
        step.note = f"{case.get_delivery_display()}；签收人：{receiver.strip() or case.applicant_name}"
        if tracking.strip():
            step.facts["tracking"] = tracking.strip()
        clocks.on_end(case, on=local_day(at), by=by, at=at)
    notices.delivery(case, receiver=receiver.strip() or case.applicant_name, tracking=tracking.strip(), by=by, at=at)
    return close(case_id=case.pk, at=at)


def close(*, case_id: UUID, at: datetime) -> Case:
    """Everything is done: the case is closed, the rating is invited."""
    with CASE_FLOW.step("close", by=SYSTEM, at=at, pk=case_id) as step:
        step.subject.closed_at = at
    return step.subject  # type: ignore[no-any-return]
