"""延续: an application to renew a licence is decided before its validity ends, or counts as granted (行政许可法第五十条)."""

from datetime import datetime

from siban.cases.models import Case
from siban.certificates import api as certificates
from siban.kernel.clock import local_day

from . import clocks

WORD = "延续"


def is_asked(case: Case) -> bool:
    """Whether the situation chosen is a renewal, as its own words say."""
    tree = case.elements.situations
    if tree is None or not case.elements.result.ecert_type_id:
        return False
    return any(stop.option is not None and WORD in stop.option.label for stop in tree.walk(case.answers).stops)


def note(case: Case, *, at: datetime) -> None:
    """Remember which certificate a renewal prolongs: the decision is due before its validity ends."""
    if not is_asked(case):
        return
    type_id = case.elements.result.ecert_type_id
    assert type_id is not None
    held = certificates.held_by(
        person_id=None if case.enterprise_id else case.person_id, enterprise_id=case.enterprise_id, type_ids=[type_id],
        on=local_day(at),
    )  # fmt: skip
    ending = [(c.valid_to, c.pk) for c in held if c.valid_to is not None]
    if not ending:
        return
    ends, first = min(ending)
    case.renews_certificate_id, case.renewal_due_on = first, clocks.last_valid_day(ends)
    clocks.recount(case)
