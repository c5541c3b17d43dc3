"""What automatic rules are asked with, and a dry run of them over applications that people decided."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from siban.cases.automatic import GRANT
from siban.cases.flow import OPEN
from siban.cases.models import AutoTable, Case
from siban.catalog.api import known_of
from siban.kernel.clock import local_day
from siban.kernel.conditions import ConditionError, decide

from .promise_offer import distrusted

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


def inputs_for(case: Case, names: Sequence[str], *, on: date) -> dict[str, Any]:
    """The verified data a table asks for, as of a day; what is not known is left out."""
    known = known_of(case.person, case.enterprise, names=names, region=case.region_id, on=on)
    if "situation" in names:
        leaves = case.elements.situations.leaves if case.elements.situations else ()
        chosen = next((leaf.path for leaf in leaves if leaf.scenario_id == case.scenario_id), None)
        if chosen is not None:
            known["situation"] = chosen
    if "papers_verified" in names:
        forms = {m.id for m in case.form_materials()}
        needed = {m.id for m in case.wanted() if m.necessity != "optional"} - forms
        backed = {p.material_id for p in case.papers_in if p.source == "certificate" and p.is_provided}
        known["papers_verified"] = needed <= backed and not case.missing_materials()
    if "is_repeated" in names:
        same = Case.objects.filter(item_id=case.item_id, state__in=OPEN, applicant_id_number=case.applicant_id_number)
        known["is_repeated"] = same.exclude(pk=case.pk).exists()
    if "is_distrusted" in names:
        known["is_distrusted"] = distrusted(case) is not None
    return known


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
