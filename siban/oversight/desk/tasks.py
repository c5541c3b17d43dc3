"""督查任务 on the desk: the list of a unit or a territory, the overview, one task and what is done with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui.acting import Act, Ask, Given, chosen, day
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.web import refusals
from siban.kernel.web.rowsheets import exported
from siban.kernel.web.shown import shown_file

from .. import access_supervision as access
from ..actions import verifying, working
from ..flow import TASK_FLOW
from ..models import Task
from ..queries import task_page
from ..queries import tasks as queries

PAGE = 30
WORDS = "至少 4 个字"


def _owner(given: Given) -> UUID | None:
    return chosen(given, "owner", "责任人") if given.get("owner") else None


def _progress(t: Task, g: Given, by: Actor, at: datetime) -> object:
    return working.note_progress(task_id=t.pk, words=g.get("words", ""), by=by, at=at)


def _grant(t: Task, g: Given, by: Actor, at: datetime) -> object:
    return verifying.grant_extension(task_id=t.pk, by=by, at=at)


def _acknowledge(t: Task, g: Given, by: Actor, at: datetime) -> object:
    return working.acknowledge(task_id=t.pk, owner_id=_owner(g), by=by, at=at)


OWNER = Ask("owner", "责任人", "select", "本单位现在的工作人员", required=False)
RECEIPT = Act(_acknowledge, (OWNER,), "确认后，责任人和承办人员就可以登记进展、上传佐证材料。", done="已经确认接收。")
NOTE = Act(_progress, (Ask("words", "进展情况", hint=WORDS),), done="进展已经登记。")
GRANT = Act(_grant, plain=True, done="已经同意延期，期限已经改好。")
ACTS: dict[str, Act] = {
    "acknowledge": RECEIPT,
    "acknowledge_late": RECEIPT,
    "appoint": Act(
        lambda t, g, by, at: working.appoint(task_id=t.pk, owner_id=chosen(g, "owner", "责任人"), by=by, at=at), (OWNER,),
        done="责任人已经指定。",
    ),
    "begin": NOTE,
    "note_progress": NOTE,
    "submit_evidence": Act(
        lambda t, g, by, at: working.submit_evidence(task_id=t.pk, words=g.get("words", ""), by=by, at=at),
        (Ask("words", "整改情况", hint=WORDS),), "请先上传佐证材料。报请以后由政务服务管理机构、督查人员核验。", done="已经报请核验。",
    ),
    "ask_extension": Act(
        lambda t, g, by, at: working.ask_extension(
            task_id=t.pk, until=day(g, "until", "新的期限"), reason=g.get("reason", ""), by=by, at=at
        ),
        (Ask("until", "新的期限", "date"), Ask("reason", "理由", hint=WORDS)), "批准以前，原来的期限不变。", done="延期申请已经提交。",
    ),
    "verify": Act(
        lambda t, g, by, at: verifying.verify(task_id=t.pk, words=g.get("words", ""), by=by, at=at),
        (Ask("words", "核验情况", hint="怎样核验的、看到了什么，" + WORDS),), done="核验已经登记。",
    ),
    "send_back": Act(
        lambda t, g, by, at: verifying.send_back(task_id=t.pk, reason=g.get("reason", ""), by=by, at=at),
        (Ask("reason", "退回的理由", hint="写明缺什么、哪里不实，" + WORDS),), "退回记为证据不足或者不实（V11.2），单位要上传新的佐证材料。",
        danger=True, done="已经退回。",
    ),
    "close": Act(lambda t, g, by, at: verifying.close(task_id=t.pk, by=by, at=at), plain=True, done="已经销号。"),
    "reopen": Act(
        lambda t, g, by, at: verifying.reopen(task_id=t.pk, reason=g.get("reason", ""), by=by, at=at),
        (Ask("reason", "理由", hint="写明发现了什么，" + WORDS),), danger=True, done="任务已经重新打开。",
    ),
    "grant_extension": GRANT,
    "grant_late_extension": GRANT,
    "refuse_extension": Act(
        lambda t, g, by, at: verifying.refuse_extension(task_id=t.pk, reason=g.get("reason", ""), by=by, at=at),
        (Ask("reason", "理由", hint=WORDS),), done="已经答复不同意延期。",
    ),
    "withdraw": Act(
        lambda t, g, by, at: verifying.withdraw(task_id=t.pk, reason=g.get("reason", ""), by=by, at=at),
        (Ask("reason", "撤销的理由", hint=WORDS),), danger=True, done="任务已经撤销。",
    ),
}  # fmt: skip
DANGER = {name for name, act in ACTS.items() if act.danger}


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def index(request: HttpRequest) -> HttpResponse:
    """我的任务 of a unit, all tasks of a territory for the bureau."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    asked, number = queries.wanted(request.GET), number_of(request.GET)
    found = queries.task_list(actor, asked, at=clock.now(), number=number, size=PAGE)
    kept = {k: v for k, v in request.GET.items() if k != "page"}
    context = {
        "found": found, "asked": asked, "page": page_of(len(found.table.rows), number, found.more, **kept),
        "territory": access.sees_territory(actor), "query": asked.address(), "clear": reverse("tasks"),
    }  # fmt: skip
    return render(request, "oversight/tasks/index.html", context)


@require_GET
@staff_required(*access.SEES_SUPERVISION)
def export(request: HttpRequest) -> Any:
    """The list as it is filtered."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    return exported("督查任务", queries.HEADS, queries.export_rows(actor, queries.wanted(request.GET), at=clock.now()))


@require_GET
@never_cache
@staff_required(*access.BUREAU, "auditor")
def overview(request: HttpRequest) -> HttpResponse:
    """Where supervision stands, by unit and by problem, and the treatments the system proposes."""
    return _overview(request)


def _overview(request: HttpRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    context = {
        "found": queries.overview(actor, at=clock.now()), "said": said, "chosen": request.POST.getlist("treatment"),
        "reason": request.POST.get("reason", ""), "may_settle": access.may_direct(actor),
    }  # fmt: skip
    return render(request, "oversight/tasks/overview.html", context, status=status)


@require_POST
@staff_required(*access.BUREAU)
def settle_several(request: HttpRequest) -> HttpResponse:
    """Decide on several proposals at once, for one stated reason: all of them, or none."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    wanted = [key for text in request.POST.getlist("treatment")[:200] if (key := queries.key(text))]
    take, reason = request.POST.get("do") == "decide", request.POST.get("reason", "").replace("\x00", "")
    try:
        done = verifying.settle_several(treatment_ids=wanted, take=take, reason=reason, by=actor, at=at)
    except Refused as why:
        return _overview(request, said=str(why), status=409)
    messages.success(request, f"{done} 项决定已经登记" + ("，单位已经收到通知。" if take else "。"))
    return redirect("tasks-overview")


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One task."""
    return _detail(request, pk)


def _detail(request: HttpRequest, pk: UUID, *, said: str = "", words: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    task = task_page.find(actor, pk)
    page = task_page.task_page(task, by=actor, at=at)
    context = {
        "page": page, "task": task, "said": said, "words": words, "attach": next((c for c in page.choices if c.name == "attach"), None),
        "choices": [c for c in page.choices if c.name in ACTS],
        "plain": [name for name, act in ACTS.items() if act.plain], "danger": DANGER,
        "crumbs": [("督查任务", reverse("tasks"))],
    }  # fmt: skip
    return render(request, "oversight/tasks/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def act(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Ask what an act needs, then do it; every word typed stays when it is refused."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    task = task_page.find(actor, pk)
    if move == "attach" and request.method == "POST":
        return _attach(request, task)
    if move not in ACTS:
        raise Http404
    doing = ACTS[move]
    if request.method == "GET":
        return redirect("task", pk=pk) if doing.plain else _ask(request, task, move, {})
    given = {
        name: str(value).replace("\x00", "") for name, value in request.POST.items() if name != "csrfmiddlewaretoken"
    }
    try:
        doing.call(task, given, actor, at)
    except Refused as why:
        if doing.plain:
            return _detail(request, pk, said=str(why), status=409)
        return _ask(request, task_page.find(actor, pk), move, given, said=str(why), status=409)
    messages.success(request, doing.done)
    return redirect("task", pk=pk)


def _ask(
    request: HttpRequest, task: Task, move: str, given: Mapping[str, str], *, said: str = "", status: int = 200
) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    doing = ACTS[move]
    people = task_page.people_of(task, at=at) if any(a.name == "owner" for a in doing.asks) else ()
    context = {
        "task": task, "doing": doing, "label": TASK_FLOW.moves[move].label,
        "asks": [(ask, given.get(ask.name, ""), people if ask.name == "owner" else ask.choices) for ask in doing.asks],
        "said": said, "refusal": "" if said else TASK_FLOW.refusal(move, task, by=actor, at=at) or "",
        "state": TASK_FLOW.label(task.state), "back": reverse("task", args=[task.pk]),
        "crumbs": [("督查任务", reverse("tasks")), (task.number, reverse("task", args=[task.pk]))],
    }  # fmt: skip
    return render(request, "oversight/tasks/act.html", context, status=status)


def _attach(request: HttpRequest, task: Task) -> HttpResponse:
    """Several files at once; each is looked at by its content, a wrong one names itself and the others stay."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    words, wrong, kept = request.POST.get("words", "").replace("\x00", ""), [], 0
    for upload in request.FILES.getlist("file"):
        try:
            working.attach(task_id=task.pk, content=upload.file, name=upload.name or "", words=words, by=actor, at=at)
            kept += 1
        except (Refused, FileRefused) as why:
            refusals.upload(request, why)
            wrong.append(str(why))
    if not kept and not wrong:
        wrong.append("还没有选择文件。请选择照片、PDF、Word 或者 Excel 文件。")
    if wrong:
        done = f"已经收下 {kept} 个文件。" if kept else ""
        return _detail(request, task.pk, said=done + "".join(wrong), words=words, status=422)
    messages.success(request, f"已经收下 {kept} 个佐证材料。")
    return redirect("task", pk=task.pk)


@require_GET
@never_cache
@staff_required(*access.SEES_SUPERVISION)
def evidence(request: HttpRequest, pk: UUID, row: UUID) -> Any:
    """One file of evidence."""
    task = task_page.find(request.actor, pk)  # type: ignore[attr-defined]
    return shown_file(task.evidence.select_related("file").get(pk=row).file)


@require_POST
@staff_required(*access.BUREAU)
def settle(request: HttpRequest, pk: UUID, treatment: UUID) -> HttpResponse:
    """Decide on a treatment the system proposed."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    task = task_page.find(actor, pk)
    row = task.treatments.get(pk=treatment)
    take = request.POST.get("do") == "decide"
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        verifying.settle_treatment(treatment_id=row.pk, take=take, reason=reason, by=actor, at=at)
    except Refused as why:
        return _detail(request, pk, said=str(why), status=409)
    messages.success(request, "决定已经登记，单位已经收到通知。" if take else "已经登记不采取。")
    return redirect("task", pk=pk)
