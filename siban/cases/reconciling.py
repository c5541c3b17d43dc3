"""The daily check of what came in against the channel's own statement."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from . import access_fees, rules_fees
from .flow_fees import CHECK, DIFFERENCE_FLOW
from .models_fees import Difference, Payment, Statement


@transaction.atomic
def check_statement(*, channel: str, day: date, body: bytes, by: Actor, at: datetime) -> Statement:
    """Compare a day with the channel's statement; once more takes the place of the check before, what was resolved stays.

    Raises:
        Refused: the file cannot be read (nothing is changed then), or somebody else's business.
    """
    if not access_fees.reconciles(by) or not by.region_code:
        raise Refused(f"您当前的岗位不能对账。{access_fees.reconciles.__doc__}")
    try:
        theirs = {x.trade_no: x.amount for x in rules_fees.read_statement(body)}
    except rules_fees.StatementFault as fault:
        raise Refused(str(fault)) from None
    rows = Payment.objects.filter(channel=channel, day=day, order__region_id__startswith=by.region_prefix)
    ours = dict(rows.values_list("trade_no", "amount"))
    told = {
        "ours_count": len(ours), "ours_sum": sum(ours.values()), "theirs_count": len(theirs),
        "theirs_sum": sum(theirs.values()), "checked_at": at, "checked_by_name": by.name,
    }  # fmt: skip
    statement, _ = Statement.objects.select_for_update().update_or_create(
        channel=channel, day=day, region_id=by.region_code, defaults=told
    )
    journal.write(subject=statement, move="check", by=by, at=at, law=CHECK, facts={k: told[k] for k in list(told)[:4]})
    found = {number: (kind, mine, other) for kind, number, mine, other in rules_fees.differences(ours, theirs)}
    known = {d.trade_no: d for d in statement.differences.all()}
    gone = [d.pk for d in known.values() if d.state == "open" and d.trade_no not in found]
    statement.differences.filter(pk__in=gone).delete()
    for number, (kind, mine, other) in found.items():
        if before := known.get(number):
            if (before.our_amount, before.their_amount) == (mine, other):
                continue
            before.delete()
        made = Difference(statement=statement, kind=kind, trade_no=number, our_amount=mine, their_amount=other)
        DIFFERENCE_FLOW.begin(made, by=by, at=at, move="find", law=CHECK)
    return statement


def resolve(*, difference_id: UUID, reason: str, by: Actor, at: datetime) -> Difference:
    """Say what became of a difference."""
    if len(reason.strip()) < 4:
        raise Refused("请写明差异是怎样处理的（至少 4 个字），例如：渠道次日入账，已核实。")
    with DIFFERENCE_FLOW.step("resolve", by=by, at=at, pk=difference_id, note=reason.strip()) as step:
        step.subject.reason, step.subject.resolved_by_name, step.subject.resolved_at = (
            reason.strip()[:300],
            by.name,
            at,
        )
    return step.subject  # type: ignore[no-any-return]
