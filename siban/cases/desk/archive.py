"""一人一档、一企一档 for officials: asked for with number, name and purpose; what the post may see, masked; the person reads it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from siban.cases import access
from siban.cases.queries import archive as queries
from siban.identity.api import Enterprise, Reading, known_person, note_reading
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.ui.parts import Tab, Table

ROLES = (*access.DECIDING, "service_admin", "supervisor", "auditor")
WHAT = "按证件号码查阅档案"
NONE = "在您的岗位可以看到的办件和证照里，没有这个姓名（名称）和号码的当事人。请核对后再查。"


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*ROLES)
def archive(request: HttpRequest) -> HttpResponse:
    """Ask for somebody's file. Nothing is said of who has nothing within the post's reach."""
    said = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "number", "purpose")}
    wrong = ""
    if request.method == "POST":
        try:
            return redirect("desk-archive-of", _open(request.actor, **said).pk)  # type: ignore[attr-defined]
        except Refused as why:
            wrong = str(why)
    return render(request, "cases/desk/archive.html", {"said": said, "wrong": wrong}, status=422 if wrong else 200)


def _open(by: Actor, *, name: str, number: str, purpose: str) -> Reading:
    """The note that opens a file for this official on this day."""
    number = number.replace("\x00", "").upper()
    firm = Enterprise.objects.filter(uscc=number, name=name.replace("\x00", "")).first()
    person = None if firm else known_person(name=name.replace("\x00", ""), id_number=number)
    if firm is None and person is None:
        raise Refused(NONE)
    owner = queries.Owner(person=person, enterprise=firm)
    if not any(queries.part(owner, s.name, by=by).lines for s in queries.SECTIONS if s.for_staff):
        raise Refused(NONE)
    made = note_reading(
        subject=firm or person, title="一企一档" if firm else "一人一档", what=WHAT, purpose=purpose or " ", by=by, at=clock.now(),
        person_id=person.pk if person else None, enterprise_id=firm.pk if firm else None,
    )  # fmt: skip
    assert made is not None
    return made


@require_GET
@never_cache
@staff_required(*ROLES)
def of(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """The file itself, for who asked for it, on the day it was asked for."""
    by, asked = request.actor, request.GET  # type: ignore[attr-defined]
    opened = Reading.objects.select_related("person", "enterprise").filter(pk=reading_id, what=WHAT, actor_id=by.id)
    note = opened.filter(org_id=by.org_id, actor_role=by.role_label, day=clock.local_day(clock.now())).first()
    if note is None:
        raise Http404
    owner = queries.Owner(person=note.person, enterprise=note.enterprise)
    sections = [s for s in queries.SECTIONS if s.for_staff]
    name = asked.get("part") if asked.get("part") in {s.name for s in sections} else sections[0].name
    here, number = reverse("desk-archive-of", args=[note.pk]), number_of(asked)
    found = queries.part(owner, name, number=number, by=by)
    context: dict[str, Any] = {
        "owner": owner, "note": note,
        "tabs": [Tab(s.label, f"{here}?part={s.name}", s.name == name) for s in sections],
        "table": Table(found.section.label, found.section.heads, found.lines, empty="没有记录。", caption_hidden=True),
        "page": page_of(len(found.lines), number, found.has_more, part=name),
        "crumbs": [("查阅档案", reverse("desk-archive"))],
    }  # fmt: skip
    return render(request, "cases/desk/archive_of.html", context)
