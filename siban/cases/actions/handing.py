"""划转: cases under way go to the organisation that decides them from now on, where the memo says so."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from siban.cases import messages
from siban.cases.flow import OPEN
from siban.cases.models import Case
from siban.exchange import api as exchange
from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor

LAW = "行政许可法第二十五条"


@transaction.atomic
def hand_over_open(*, item_id: UUID, to: Org, document_number: str, by: Actor, at: datetime) -> int:
    """Every open case of an item goes to another organisation, clocks and version as they are. Returns how many."""
    cases = Case.objects.select_for_update(of=("self",)).filter(item_id=item_id, state__in=OPEN).order_by("pk")
    moved = 0
    for case in cases:
        before = str(case.org_id)
        case.org_id, case.handler_id = to.pk, None
        case.save(update_fields=["org", "handler"])
        journal.write(
            subject=case, move="hand_over", source=case.state, target=case.state, by=by, at=at, law=LAW,
            note=f"按划转备忘录（{document_number}）由{to.name}继续办理", facts={"from": before, "to": str(to.pk)},
        )  # fmt: skip
        if case.number:
            exchange.tell(
                to=messages.applicants(case), event=f"hand_over:{case.pk}", kind="case.word", title=f"“{case.title}”由{to.name}继续办理",
                body=f"您申请的“{case.title}”（编号 {case.number}）随事项划转，由{to.name}继续办理。办理期限、已交的材料都不变，不需要重新提交。",
                link=reverse("my-case", args=[case.number]), subject=("cases.Case", str(case.pk)), region_code=case.region_id,
                by=by, at=at, law=LAW,
            )  # fmt: skip
        moved += 1
    return moved
