"""督查通知 on the desk: the list, writing one on one page, one with its matrix."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.web.rowsheets import exported
from siban.kernel.web.shown import shown_file

from .. import access_supervision as access
from .. import forms_directives as forms
from .. import rules_supervision as rules
from ..actions import directing
from ..drafts import expansion
from ..flow import DirectiveState
from ..queries import directives as queries
from ..queries import pieces

PAGE = 30
STATES = tuple(name for name, _ in queries.TABS)


def _asked(request: HttpRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {
        "state": state if state in STATES else "", "q": " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100],
    }  # fmt: skip


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def index(request: HttpRequest) -> HttpResponse:
    """Directives of the territory, or those issued to one's unit."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    asked, number = _asked(request), number_of(request.GET)
    found = queries.directive_list(actor, **asked, at=clock.now(), number=number, size=PAGE)
    context = {
        "found": found, **asked, "page": page_of(len(found.table.rows), number, found.more, **asked),
        "may_direct": access.may_direct(actor), "clear": reverse("directives"), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "oversight/directives/index.html", context)


@require_GET
@staff_required(*access.SEES_SUPERVISION)
def export(request: HttpRequest) -> Any:
    """The list as it is filtered."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    return exported("督查通知", queries.HEADS, queries.export_rows(actor, **_asked(request), at=clock.now()))


def _may_direct(request: HttpRequest) -> Any:
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not access.may_direct(actor):
        raise PermissionDenied(f"您当前的岗位不能起草督查通知。{access.may_direct.__doc__}")
    return actor


@require_POST
@staff_required(*access.BUREAU)
def begin(request: HttpRequest) -> HttpResponse:
    """An empty draft, kept from now on."""
    made = directing.begin(by=_may_direct(request), at=clock.now())
    return redirect("directive-edit", pk=made.pk)


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One directive with its matrix of problems and units."""
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: UUID, *, said: str = "", reason: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.find(actor, pk)
    draft = row.state == DirectiveState.DRAFT
    faults = directing.faults_of(row, today=clock.local_day(at)) if draft else []
    page = queries.directive_page(row, by=actor, at=at, faults=faults)
    named = {c.name: c for c in page.choices}
    context = {
        "page": page, "issue": named.get("issue"), "close": named.get("close"), "withdraw": named.get("withdraw"),
        "is_draft": draft, "said": said, "reason": reason, "may_direct": access.directs(actor, row),
        "crumbs": [("督查通知", reverse("directives"))],
    }  # fmt: skip
    return render(request, "oversight/directives/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The one page on which a directive is written; every press keeps the draft."""
    actor = _may_direct(request)
    row = queries.find(actor, pk)
    orgs = queries.units_in(actor.region_prefix)
    if row.state != DirectiveState.DRAFT:
        messages.info(request, "这份通知已经下达，不能再修改。要改的话，请撤回后重新起草。")
        return redirect("directive", pk=pk)
    if request.method == "GET":
        return _edit(request, row, forms.of_draft(directing.draft_of(row)), orgs)
    form, draft = forms.read(request.POST, orgs=orgs, issuer=row.org_id)
    if form.faults():
        return _edit(request, row, form, orgs, status=422)
    try:
        directing.save(directive_id=pk, draft=draft, by=actor, at=clock.now())
    except Refused as why:
        return _edit(request, row, form, orgs, said=str(why), status=409)
    if request.POST.get("do") == "add":
        return _edit(
            request,
            row,
            forms.of_draft(draft, more=1),
            orgs,
            note="草稿已经保存，下面多了一个空白的问题。",
            at_end=True,
        )
    messages.success(
        request, f"草稿已经保存，共 {len(draft.problems)} 个问题，下达后会产生 {len(expansion(draft))} 项任务。"
    )
    return redirect("directive" if request.POST.get("do") == "check" else "directive-edit", pk=pk)


def _edit(
    request: HttpRequest, row: Any, form: forms.DirectiveForm, orgs: Any, *, said: str = "", note: str = "", status: int = 200,
    at_end: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "row": row, "form": form, "errors": form.faults(), "said": said, "note": note, "at_end": at_end,
        "cadences": list(rules.CADENCES.items()), "signs": forms.SIGNS, "offered": forms.offered(),
        "departments": [o for o in orgs if o.kind != "township"], "department_count": sum(o.kind != "township" and o.pk != row.org_id for o in orgs),
        "pieces": pieces.of(row), "places": pieces.places(row), "open_asks": pieces.open_asks(row), "townships": [o for o in orgs if o.kind == "township"],
        "crumbs": [("督查通知", reverse("directives")), (str(row), reverse("directive", args=[row.pk]))],
    }  # fmt: skip
    return render(request, "oversight/directives/edit.html", context, status=status)


@require_POST
@staff_required(*access.BUREAU)
def act(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Issue, close, withdraw, or take it as the pattern of a new one."""
    actor, at = _may_direct(request), clock.now()
    queries.find(actor, pk)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        if move == "issue":
            row = directing.issue(directive_id=pk, by=actor, at=at)
            messages.success(request, f"已经下达，产生 {row.tasks.count()} 项任务，并通知了各单位负责人。")
        elif move == "close":
            directing.close(directive_id=pk, by=actor, at=at)
            messages.success(request, "已经办结。")
        elif move == "withdraw":
            directing.withdraw(directive_id=pk, reason=reason, by=actor, at=at)
            messages.success(request, "已经撤回，没有销号的任务一并撤销。")
        elif move == "copy":
            made = directing.copy(directive_id=pk, by=actor, at=at)
            messages.success(request, "已经复制成新的草稿，请补上文号、日期和期限。")
            return redirect("directive-edit", pk=made.pk)
        else:
            raise Refused("没有这种办理。请刷新页面后再试。")
    except Refused as why:
        return _detail(request, pk, said=str(why), reason=reason, status=409)
    return redirect("directive", pk=pk)


@require_GET
@never_cache
@staff_required(*access.BUREAU)
def source(request: HttpRequest, pk: UUID) -> Any:
    """The notice as it was uploaded."""
    row = queries.find(_may_direct(request), pk)
    if row.source_file is None:
        messages.info(request, "这份通知没有上传原文件。")
        return redirect("directive", pk=pk)
    return shown_file(row.source_file)
