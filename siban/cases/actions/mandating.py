"""首席代表授权: what the head of an office lets its representative decide, in writing, for a time."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.cases.models import Mandate
from siban.catalog.api import ImplementationItem
from siban.identity.api import Account
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

LAW = "国发〔2022〕5号（首席事务代表制度）"


def give_mandate(
    *, account_id: UUID, number: str, items: Collection[str] = (), may_reject: bool = True, valid_from: date,
    valid_to: date, by: Actor, at: datetime,
) -> Mandate:  # fmt: skip
    """Register a mandate.

    Args:
        items: implementation codes; empty for every item of the office.
        valid_to: the first day on which it does not hold any more.

    Raises:
        Refused: not the head of the office, no such representative, an item of another office, dates the wrong way round.
    """
    if not by.has_role("unit_head"):
        raise Refused("首席代表授权书由单位主要负责人登记。")
    assert by.org_id is not None
    if len(number.strip()) < 3:
        raise Refused("请填写授权书文号。")
    if valid_to <= valid_from:
        raise Refused("失效日期应晚于生效日期。")
    holder = Account.objects.filter(pk=account_id, posts__org_id=by.org_id, posts__role="chief_rep").first()
    if holder is None:
        raise Refused("请选择本单位的首席代表。")
    known = set(
        ImplementationItem.objects.filter(org_id=by.org_id, impl_code__in=list(items))
        .order_by("pk")
        .values_list("impl_code", flat=True)
    )
    if strange := sorted(set(items) - known):
        raise Refused(f"“{'、'.join(strange[:3])}”不是本单位的事项，请核对实施编码。")
    mandate = Mandate(
        org_id=by.org_id, account=holder, number=number.strip(), items=sorted(known), may_reject=may_reject,
        valid_from=valid_from, valid_to=valid_to, created_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
            journal.write(
                subject=mandate, move="give_mandate", by=by, at=at, law=LAW, fresh=True,
                note=f"{holder.name}，{number.strip()}，{valid_from} 至 {valid_to}",
            )  # fmt: skip
    except IntegrityError:
        raise Refused(f"文号“{number.strip()}”已经登记过，请核对。") from None
    return mandate


@transaction.atomic
def withdraw_mandate(*, mandate_id: UUID, reason: str, by: Actor, at: datetime) -> Mandate:
    """Take a mandate back before its time."""
    if not by.has_role("unit_head"):
        raise Refused("授权书由单位主要负责人收回。")
    assert by.org_id is not None
    if len(reason.strip()) < 2:
        raise Refused("请写明收回的理由。")
    mandate = Mandate.objects.select_for_update().get(pk=mandate_id, org_id=by.org_id)
    if mandate.withdrawn_at is not None or mandate.valid_to <= local_day(at):
        raise Refused("这份授权书已经失效。")
    mandate.withdrawn_at = at
    mandate.save(update_fields=["withdrawn_at"])
    journal.write(subject=mandate, move="withdraw_mandate", by=by, at=at, law=LAW, note=reason.strip())
    return mandate
