"""A dry run of automatic rules over applications that people decided: where would they have differed?"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from siban.cases.actions.automatic import inputs_for
from siban.cases.automatic import GRANT
from siban.cases.models import AutoTable, Case
from siban.kernel.clock import local_day
from siban.kernel.conditions import ConditionError, decide

MOST = 500
DAYS = 180


@dataclass(frozen=True, slots=True)
class Trial:
    """How many were looked at, what the rules would have said, and the cases a person refused but the rules would grant."""

    looked_at: int
    granted: int
    to_person: int
    rows: tuple[tuple[int, int], ...]
    against: tuple[tuple[str, str], ...]


def trial(rules: AutoTable, *, at: datetime) -> Trial | None:
    """The rules as they stand over the latest decided applications of the item; None when they can't judge yet."""
    try:
        table = rules.table()
    except ConditionError:
        return None
    cases = Case.objects.filter(item_id=rules.item_id, decided_at__gte=at - timedelta(days=DAYS))
    fired: Counter[int] = Counter()
    granted, against, looked_at = 0, [], 0
    for case in (
        cases.select_related("person", "enterprise").prefetch_related("materials").order_by("-decided_at")[:MOST]
    ):
        looked_at += 1
        assert case.submitted_at is not None
        inputs = inputs_for(case, list(table.inputs), on=local_day(case.submitted_at))
        if set(table.inputs) - set(inputs):
            fired[0] += 1
            continue
        found = decide(table, inputs)
        fired[found.row] += 1
        if found.outputs["outcome"] == GRANT:
            granted += 1
            if case.state == "rejected" or case.revoked_at:
                against.append((case.number or "", case.get_state_display()))
    return Trial(looked_at, granted, looked_at - granted, tuple(sorted(fired.items())), tuple(against[:50]))
