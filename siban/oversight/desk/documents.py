"""调度、通报和总结 on the desk: the list, drafting, one document and its numbers, the files, checking a text."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock, papers
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.ui.parts import Tab
from siban.kernel.web import rowsheets
from siban.oversight.actions import documents as actions
from siban.oversight.documents import reconcile, setting
from siban.oversight.flow_documents import DocumentState
from siban.oversight.models_documents import Document
from siban.oversight.queries import documents as queries

from .figures import SEES_FIGURES

WRITES = ("service_admin", "supervisor")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DONE = {
    "redraft": "已按最新数据重新起草。", "lock": "数字已经锁定，以后只能改文字。", "issue": "已印发，编号和核验码见文件。",
    "withdraw": "已作废。",
}  # fmt: skip
HEADS = ("标题", "种类", "统计日", "状态", "编号", "起草单位", "起草时间", "印发时间")


class NewForm(ui_forms.Form):
    """What to draft, for which day."""

    kind = forms.ChoiceField(label="写什么", choices=Document.Kind.choices, widget=forms.RadioSelect)
    day = forms.DateField(
        label="统计日",
        widget=ui_forms.DateInput(),
        help_text="数字取自这一天的快照。周通报、月通报、季度总结统计到这一天为止。",
    )


@require_GET
@never_cache
@staff_required(*SEES_FIGURES)
def listing(request: HttpRequest) -> HttpResponse:
    """All documents one may see, newest first."""
    actor, wanted, here = request.actor, queries.Wanted.of(request.GET), reverse("documents")  # type: ignore[attr-defined]
    number = number_of(request.GET)
    start = (number - 1) * queries.SIZE
    rows = list(queries.found(actor, wanted)[start : start + queries.SIZE + 1])
    context = {
        "rows": rows[: queries.SIZE], "wanted": wanted, "here": here, "sheet": reverse("documents-sheet") + wanted.query(),
        "may_write": actor.has_role(*WRITES), "states": (("", "全部"), *DocumentState.choices),
        "tabs": [
            Tab(label, here + queries.Wanted(value, wanted.state, wanted.q).query(), value == wanted.kind)
            for value, label in (("", "全部"), *Document.Kind.choices)
        ],
        "pages": page_of(min(len(rows), queries.SIZE), number, len(rows) > queries.SIZE, **wanted.kept()),
    }  # fmt: skip
    return render(request, "oversight/documents.html", context)


@require_GET
@never_cache
@staff_required(*SEES_FIGURES)
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    rows = queries.found(request.actor, queries.Wanted.of(request.GET))  # type: ignore[attr-defined]
    return rowsheets.exported(
        "调度和通报", HEADS,
        (
            (
                d.title, d.get_kind_display(), d.day, d.get_state_display(), d.paper.number if d.paper else "", d.org.name,
                f"{clock.local(d.drafted_at):%Y-%m-%d %H:%M}", f"{clock.local(d.issued_at):%Y-%m-%d %H:%M}" if d.issued_at else "",
            )
            for d in rows.iterator(chunk_size=500)
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*WRITES)
def new(request: HttpRequest) -> HttpResponse:
    """Draft one."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    days = queries.recorded_days(until=clock.local_day(at))
    first = {"kind": request.GET.get("kind", "daily"), "day": days[0] if days else clock.local_day(at)}
    form = NewForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(**form.cleaned_data, org_id=actor.org_id, by=actor, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "草稿写好了。每个数字都可以点开核对；文字可以逐段修改。")
            return redirect("document", pk=made.pk)
    return render(request, "oversight/document_new.html", {"form": form, "days": days})


@require_GET
@never_cache
@staff_required(*SEES_FIGURES)
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One document as it reads now."""
    try:
        page = queries.page(pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Document.DoesNotExist:
        raise Http404 from None
    choices = [c for c in page.choices if c.name in DONE and c.name != "withdraw"] if page.may_write else []
    return render(request, "oversight/document.html", {"page": page, "choices": choices, "document": page.document})


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*WRITES)
def block(request: HttpRequest, pk: UUID, block: str) -> HttpResponse:
    """Change the words of one paragraph, or put it back."""
    actor = request.actor  # type: ignore[attr-defined]
    found = Document.objects.visible_to(actor).select_related("org", "region").filter(pk=pk).first()
    text = queries.block_text(found, block) if found else None
    if found is None or text is None:
        raise Http404
    error = ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            if request.POST.get("undo"):
                actions.undo_edit(pk=pk, block=block, by=actor, at=clock.now())
            else:
                actions.edit(pk=pk, block=block, text=text, by=actor, at=clock.now())
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(
                request, "已恢复原文。" if request.POST.get("undo") else "已修改，改动会注明修改人和原文。"
            )
            return redirect(f"{reverse('document', args=[pk])}#{block}")
    context = {
        "document": found, "block": block, "text": text, "error": error, "drafted": queries.block_plain(found, block),
        "is_edited": any(e.block == block for e in found.standing_edits()),
    }  # fmt: skip
    return render(request, "oversight/document_block.html", context, status=422 if error else 200)


@require_GET
@never_cache
@staff_required(*SEES_FIGURES)
def number(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """What stands behind one number."""
    try:
        page = queries.number_page(pk, place, by=request.actor)  # type: ignore[attr-defined]
    except Document.DoesNotExist:
        raise Http404 from None
    return render(
        request, "oversight/document_number.html", {"page": page, "document": page.document, "number": page.number}
    )


@require_POST
@never_cache
@staff_required(*WRITES)
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Draft again, lock, explain, issue or withdraw."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if not Document.objects.visible_to(actor).filter(pk=pk).exists():
        raise Http404
    steps: dict[str, Callable[[], object]] = {
        "redraft": lambda: actions.redraft(pk=pk, by=actor, at=at),
        "lock": lambda: actions.lock(pk=pk, by=actor, at=at),
        "issue": lambda: actions.issue(pk=pk, by=actor, at=at),
        "explain": lambda: actions.explain(pk=pk, text=request.POST.get("explanation", ""), by=actor, at=at),
        "withdraw": lambda: actions.withdraw(pk=pk, why=request.POST.get("why", ""), by=actor, at=at),
    }
    if name not in steps:
        raise Http404
    try:
        steps[name]()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE.get(name, "已保存。"))
    return redirect("document", pk=pk)


@require_GET
@never_cache
@staff_required(*SEES_FIGURES)
def download(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The document as DOCX or PDF. What was issued never changes again."""
    found = Document.objects.visible_to(request.actor).select_related("org", "region", "paper").filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None or form not in ("word", "pdf"):
        raise Http404
    content = setting.content_of(found)
    if found.paper is not None:
        content = {**found.paper.content, "number": found.paper.number}
    name = found.title if found.paper is None else f"{found.title}（{found.paper.number}）"
    if form == "word":
        response = HttpResponse(setting.word(content), content_type=WORD)
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.docx") or ""
        return response
    if found.paper is not None:
        url = request.build_absolute_uri(reverse("verify-result", args=[found.paper.verify_code]))
        body = papers.pdf(found.paper, verify_url=url)
    else:
        body = setting.pdf(content)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or ""
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*WRITES)
def check(request: HttpRequest) -> HttpResponse:
    """Does a pasted text add up? Nothing is kept."""
    text = request.POST.get("text", "")[:50_000]
    found = [
        (line, m.words) for line in text.splitlines() if line.strip() for m in reconcile.check_text(line)
    ]  # fmt: skip
    return render(
        request,
        "oversight/document_check.html",
        {"text": text, "found": found, "is_checked": request.method == "POST"},
    )
