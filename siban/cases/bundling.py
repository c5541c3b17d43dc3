"""Sending the papers of a case as one file, and noting who looks at a case and why."""

from datetime import datetime

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from siban.identity.api import note_reading
from siban.kernel.actor import Actor

from . import access
from .models import Case
from .queries import bundle

OVERSEEING, ASKED, HANDLING = "监督检查", "答复征求意见", "办理这个办件"


def purpose_of(by: Actor, case: Case) -> str:
    """Why an official opens a case, as far as the post says it."""
    if access.sees_territory(by):
        return OVERSEEING
    return HANDLING if by.org_id in (case.org_id, case.received_org_id) or by.has_role(*access.FRONT) else ASKED


def note(case: Case, what: str, *, by: Actor, at: datetime, purpose: str = "") -> None:
    """Keep that somebody other than the applicant's side looked at something of a case."""
    note_reading(
        subject=case, title=f"办件 {case.number}“{case.title}”", what=what, purpose=purpose or purpose_of(by, case), by=by,
        at=at, person_id=case.person_id, enterprise_id=case.enterprise_id,
    )  # fmt: skip


def send(request: HttpRequest, found: Case, *, purpose: str, by: Actor, at: datetime) -> StreamingHttpResponse:
    """The bundle as a download, noted first; nothing is sent that is not noted."""
    page = bundle.bundle(found, by=by, site=request.build_absolute_uri("/").rstrip("/"))
    note(found, "下载全部文书和材料" if page.is_whole else "下载全部文书", by=by, at=at, purpose=purpose)
    answer = StreamingHttpResponse(page.packed(), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, page.name) or ""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
