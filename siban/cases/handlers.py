"""What follows an act on a case, after its commit."""

from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.journal import Event
from siban.kernel.papers import papers_of
from siban.kernel.terms import followers

from . import handlers_counter, notices  # noqa: F401 (what it hears is declared by being imported)
from .actions import clocks
from .models import Case

followers.register("cases.Case", hold=clocks.hold, follow=clocks.follow)


@journal.on("cases.Case", "submit")
def draw_up_receipt(event: Event) -> None:
    """The receipt for what was handed in, numbered once the case is safely stored (行政许可法第三十二条)."""
    case = Case.objects.select_related("version", "org").get(pk=event.subject_id)
    if not papers_of(("cases.Case", str(case.pk))).filter(kind="receipt").exists():
        notices.receipt(case, at=event.at)


@journal.on("cases.Case", "accept")
def draw_up_acceptance(event: Event) -> None:
    """The acceptance paper of what came in at once, where no counter has drawn it up on the spot (行政许可法第三十二条)."""
    case = Case.objects.select_related("version", "org").get(pk=event.subject_id)
    if not papers_of(("cases.Case", str(case.pk))).filter(kind="acceptance").exists():
        notices.acceptance(case, by=SYSTEM, at=event.at)
