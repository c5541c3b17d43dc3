"""Parcels of a case: the result goes out, materials come in, free both ways; the hand-over is noted with the delivery."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast
from django.urls import reverse

from siban.exchange import api as exchange
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .flow import OPEN, CaseState
from .models import Case

READY = (CaseState.ISSUED, CaseState.REJECTED)


def book_out(case: Case, *, by: Actor, at: datetime) -> exchange.Parcel:
    """A parcel for the result of a case whose applicant wished for the mail (`org` loaded).

    Raises:
        Refused: another way of delivery, no result yet, or no address.
    """
    if case.delivery != Case.Delivery.MAIL:
        raise Refused(f"申请人选择的是“{case.get_delivery_display()}”，不用邮寄。")
    if case.state not in READY:
        raise Refused("结果还没有做好，现在不能寄。")
    result = case.elements.result.name or "办理结果"
    return _register(case, "out", f"{result if case.state == CaseState.ISSUED else '决定书'} 1 份", by=by, at=at)


def book_in(case: Case, *, contents: str, number: str = "", by: Actor, at: datetime) -> exchange.Parcel:
    """A parcel of materials from the applicant; without a number of their own it is booked for them, free."""
    if case.state not in OPEN:
        raise Refused("这个办件不在办理中，不用再寄材料。")
    return _register(case, "in", contents, number=number, by=by, at=at)


def _register(
    case: Case, direction: str, contents: str, *, by: Actor, at: datetime, number: str = ""
) -> exchange.Parcel:
    return exchange.register_parcel(
        direction=direction, subject=("cases.Case", str(case.pk)), subject_number=case.number or "", org_id=case.org_id,
        region_code=case.region_id, person_id=case.person_id, name=case.applicant_name,
        mobile=case.mobile or (case.person.mobile if case.person else ""), address=case.mail_address, contents=contents,
        number=number, link=reverse("my-case", args=[case.number]), by=by, at=at,
    )  # fmt: skip


def _keys(person_id: UUID) -> Any:
    """Cases this person sees now, as parcels name them: a former member or an agent whose time is over sees none."""
    return Case.objects.acted_for_by(person_id).order_by().annotate(key=Cast("pk", CharField())).values("key")


exchange.parcels_follow("cases.Case", _keys)
