"""归档: what belongs to a closed case is listed with its fingerprints and filed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases import notices
from siban.cases.flow import CASE_FLOW
from siban.cases.models import Case
from siban.kernel import papers
from siban.kernel.actor import SYSTEM


@transaction.atomic
def archive(*, case_id: UUID, at: datetime) -> Case:
    """File the case: every paper and every file handed in, with number or fingerprint."""
    with CASE_FLOW.step("archive", by=SYSTEM, at=at, pk=case_id) as step:
        case: Case = step.subject
        case.archived_at = at
    notices.archive(case, pieces=pieces(case), at=at)
    return case


def pieces(case: Case) -> list[str]:
    """What is in the file, oldest first."""
    found = [f"{p.title} {p.number}" for p in papers.papers_of(("cases.Case", str(case.pk)))]
    for row in case.materials.filter(is_rejected=False).select_related("file"):
        mark = f"，摘要 {row.file.sha256[:16]}" if row.file else ""
        found.append(f"{row.name}（{row.get_source_display()}{mark}）")
    return found or ["办件登记"]
