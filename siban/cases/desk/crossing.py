"""跨域通办 on the desk: the ledger of both sides, its sheet, one hand-over and the steps on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siban.cases import access
from siban.cases.actions import crossing as actions
from siban.cases.flow_cross import CrossState
from siban.cases.models_cross import CrossRegion
from siban.cases.queries import crossing as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.ui.parts import Tab
from siban.kernel.web import refusals, rowsheets

STEPS = {"take", "send_back", "push_again", "send_result", "print_here", "receive_result"}
DONE = {
    "take": "已经接收，可以开始审查。", "send_back": "已退回收件地。", "push_again": "已再次推送。", "send_result": "已记下寄出。",
    "print_here": "请打印电子结果交给申请人。", "receive_result": "已记下收到，可以交给申请人。",
}  # fmt: skip
HEADS = ("办件编号", "事项", "申请人", "通办范围", "收件", "办理", "到了哪里", "这一程最后一天", "收件时间")


@require_GET
@never_cache
@staff_required(*access.DESK)
def ledger(request: HttpRequest) -> HttpResponse:
    """What we received for others, what others received for us."""
    actor, here, today = request.actor, reverse("cross-ledger"), clock.local_day(clock.now())  # type: ignore[attr-defined]
    wanted = queries.Wanted.of(request.GET, actor)
    number = number_of(request.GET)
    start = (number - 1) * queries.SIZE
    rows = list(queries.found(actor, wanted, today=today)[start : start + queries.SIZE + 1])
    sums = queries.sums(actor, today=today)
    more = len(rows) > queries.SIZE
    context = {
        "wanted": wanted, "states": (("", "全部"), *CrossState.choices), "here": here,
        "lines": [queries.line_of(row, today=today) for row in rows[: queries.SIZE]],
        "tabs": [
            Tab(label, here + queries.Wanted(side).query(), side == wanted.side, sums[side]["all"])
            for side, label in queries.SIDES.items()
        ],
        "sum": sums[wanted.side], "late_url": here + queries.Wanted(wanted.side, late=True).query(),
        "sheet": reverse("cross-sheet") + wanted.query(),
        "pages": page_of(min(len(rows), queries.SIZE), number, more, **wanted.kept()),
    }  # fmt: skip
    return render(request, "cases/desk/cross_ledger.html", context)


@require_GET
@never_cache
@staff_required(*access.DESK)
def sheet(request: HttpRequest) -> HttpResponse:
    """What is filtered, as a spreadsheet."""
    actor, today = request.actor, clock.local_day(clock.now())  # type: ignore[attr-defined]
    rows = queries.found(actor, queries.Wanted.of(request.GET, actor), today=today)
    lines = (queries.line_of(row, today=today) for row in rows.iterator(chunk_size=500))
    return rowsheets.exported(
        "跨域通办台账", HEADS,
        (
            (x.number, x.title, x.applicant, x.kind, x.from_name, x.to_name, x.lamp.label, x.due_on, clock.local_day(x.began_at))
            for x in lines
        ),
    )  # fmt: skip


@require_GET
@never_cache
@staff_required(*access.DESK)
def way(request: HttpRequest, number: str) -> HttpResponse:
    """One hand-over with its way and the step that is due."""
    at = clock.now()
    try:
        page = queries.way_page(number, by=request.actor, at=at, today=clock.local_day(at))  # type: ignore[attr-defined]
    except CrossRegion.DoesNotExist:
        raise Http404 from None
    return render(request, "cases/desk/cross_way.html", {"page": page, "number": number})


@require_POST
@never_cache
@staff_required(*access.DESK)
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One step by the side whose turn it is."""
    by = request.actor  # type: ignore[attr-defined]
    case_id = CrossRegion.objects.visible_to(by).filter(case__number=number).values_list("pk", flat=True).first()
    if case_id is None or name not in STEPS:
        raise Http404
    said = {key: request.POST.get(key, "") for key in ("note", "waybill")}
    try:
        actions.move(case_id=case_id, name=name, by=by, at=clock.now(), **said)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, DONE[name])
    return redirect("cross-way", number=number)


@require_POST
@never_cache
@staff_required(*access.DESK)
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """A file, or the paper taken, for what the deciding place sent the case back for."""
    by = request.actor  # type: ignore[attr-defined]
    case_id = CrossRegion.objects.visible_to(by).filter(case__number=number).values_list("pk", flat=True).first()
    if case_id is None:
        raise Http404
    material, upload = request.POST.get("material", ""), request.FILES.get("file")
    if not material:
        messages.error(request, "请选择补充的是哪一份材料。")
    elif upload is None and request.POST.get("on_paper") != "yes":
        messages.error(request, "请选择扫描件，或者勾选“已经收到纸质材料”。")
    else:
        given = {"upload": upload.file, "name": upload.name or "扫描件"} if upload else {"upload": None}
        try:
            row = actions.supplement(case_id=case_id, material_id=material, by=by, at=clock.now(), **given)
        except (FileRefused, Refused) as why:
            refusals.upload(request, why)
            messages.error(request, str(why))
        else:
            messages.success(request, f"已补充“{row.name}”。补充完以后请再次推送，会另开交接单。")
    return redirect("cross-way", number=number)
