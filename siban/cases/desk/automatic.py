"""秒批规则: written as a table, proven, tried on past cases, signed, stopped; and what a person has to check again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import automatic as auto
from siban.cases.access import DECIDING
from siban.cases.actions import automatic as actions
from siban.cases.models import AutoDecision, AutoTable
from siban.cases.queries import trying
from siban.catalog.api import ImplementationItem
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.conditions import Choice, Whole
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Lamp, Table

READS = (*DECIDING, "service_admin", "supervisor", "auditor")
TONES = {"draft": "grey", "in_force": "green", "stopped": "red", "replaced": "grey", "discarded": "grey"}
OUTCOMES = tuple(auto.OUTCOMES.items())
SPARE = 2  # empty rows below the written ones
BLANK = {"when": "", "outcome": "person", "words": "", "law": ""}
VERBS = {
    "sign": "规则已经签署生效。",
    "stop": "已经停用，新的申请都由人审批。",
    "resume": "已经恢复使用。",
    "discard": "草稿已经放弃。",
}


@require_GET
@never_cache
@staff_required(*READS)
def listed(request: HttpRequest) -> HttpResponse:
    """Rules of one's department, newest first, and the items new ones may be written for."""
    by = request.actor  # type: ignore[attr-defined]
    tables = AutoTable.objects.visible_to(by).exclude(state="discarded").select_related("item", "org")[:200]
    rows = [
        (
            Cell(t.item.name, url=reverse("auto-table", args=[t.pk]), note=f"第 {t.number} 版"), t.org.name,
            Cell(lamp=Lamp(TONES[t.state], t.get_state_display())), f"{t.signed_at:%Y-%m-%d}" if t.signed_at else "",
        )
        for t in tables
    ]  # fmt: skip
    table = Table("秒批规则", ("事项", "部门", "状态", Column("签署日期", nowrap=True)), rows, caption_hidden=True)
    items = ImplementationItem.objects.published().filter(org_id=by.org_id).order_by("name").values_list("pk", "name")
    choices = [("", "请选择"), *((str(pk), name) for pk, name in items[:500])] if by.has_role(*DECIDING) else []
    due = AutoDecision.objects.filter(check_state="due", table__in=AutoTable.objects.visible_to(by).order_by())
    return render(request, "cases/desk/auto_list.html", {"table": table, "items": choices, "due": due.count()})


@require_POST
@never_cache
@staff_required(*DECIDING)
def new(request: HttpRequest) -> HttpResponse:
    """A new version of an item's rules."""
    item = ImplementationItem.objects.filter(pk=_uuid(request.POST.get("item", ""))).first()
    if item is None:
        messages.error(request, "请选择事项。")
        return redirect("auto-list")
    try:
        made = actions.draft_rules(item_id=item.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refused as why:
        messages.error(request, str(why))
        return redirect("auto-list")
    return redirect("auto-table", made.pk)


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*READS)
def table(request: HttpRequest, table_id: UUID) -> HttpResponse:
    """One version: its rows, what the proof says, what a trial over past cases says, what may be done."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rules = AutoTable.objects.visible_to(by).select_related("item", "org", "signed_by").get(pk=table_id)
    if request.method == "POST":
        try:
            percent = request.POST.get("sample", "")
            if not percent.isdecimal():
                raise Refused("抽查比例应为 1 至 100 之间的整数。")
            actions.save_rules(table_id=rules.pk, rows=_rows(request), sample_percent=int(percent[:4]), by=by, at=at)
            messages.success(request, "已保存。")
        except Refused as why:
            messages.error(request, str(why))
        return redirect("auto-table", rules.pk)
    editable = rules.state == "draft" and auto.writes(by, rules)
    faults = rules.faults() if rules.state in ("draft", "in_force", "stopped") and rules.rows else []
    shown = [*rules.rows, *([BLANK] * (SPARE if rules.rows else 3) if editable else [])]
    context = {
        "rules": rules, "lamp": Lamp(TONES[rules.state], rules.get_state_display()), "editable": editable,
        "rows": [(n, f"row{n}_", r) for n, r in enumerate(shown, start=1)], "outcomes": OUTCOMES, "faults": faults,
        "inputs": _inputs(rules), "choices": auto.AUTO_FLOW.choices(rules, by=by, at=at),
        "trial": trying.trial(rules, at=at) if rules.rows and rules.state in ("draft", "in_force") else None,
        "decisions": rules.decisions.count(), "crumbs": [("秒批规则", reverse("auto-list"))],
        "words": dict(OUTCOMES),
    }  # fmt: skip
    return render(request, "cases/desk/auto_table.html", context)


def _rows(request: HttpRequest) -> list[dict[str, str]]:
    """The rows of the form, in their order; those left wholly empty fall away."""
    names = ("when", "outcome", "words", "law")
    columns = [request.POST.getlist(name) for name in names]
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*columns, strict=False)
        if any(value.strip() for value in (row[0], row[2], row[3]))
    ]


def _inputs(rules: AutoTable) -> list[tuple[str, str, str]]:
    """What conditions may speak of: name, label, values."""
    found = []
    for name, domain in auto.inputs_of(rules.content).items():
        if isinstance(domain, Choice):
            values = "、".join(f"“{v}”" for v in domain.values)
        else:
            values = (
                f"{domain.low} 至 {domain.high} 的整数" if isinstance(domain, Whole) else "true（是）或者 false（否）"
            )
        found.append((name, domain.label, values))
    return found


@require_POST
@never_cache
@staff_required(*DECIDING, "service_admin")
def settle(request: HttpRequest, table_id: UUID, verb: str) -> HttpResponse:
    """Sign, stop, resume or give up a version."""
    if verb not in VERBS:
        raise Http404
    key = {"table_id": table_id, "by": request.actor, "at": clock.now()}  # type: ignore[attr-defined]
    try:
        match verb:
            case "sign":
                actions.sign_rules(**key)
            case "stop":
                actions.stop_rules(reason=request.POST.get("reason", ""), **key)
            case "resume":
                actions.resume_rules(**key)
            case _:
                actions.discard_rules(**key)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, VERBS[verb])
    return redirect("auto-list") if verb == "discard" else redirect("auto-table", table_id)


@require_GET
@never_cache
@staff_required(*READS)
def checks(request: HttpRequest) -> HttpResponse:
    """Automatic decisions a person has to look at again: drawn by lot, or asked for by the applicant."""
    by = request.actor  # type: ignore[attr-defined]
    mine = AutoTable.objects.visible_to(by).order_by()
    due = (
        AutoDecision.objects.filter(check_state="due", table__in=mine)
        .select_related("case")
        .order_by("at", "id")[:200]
    )
    rows = [
        (
            Cell(d.case.title, url=reverse("desk-case", args=[d.case.number]), note=d.case.number), d.words,
            d.check_reason, f"{clock.local_day(d.at):%Y-%m-%d}",
        )
        for d in due
    ]  # fmt: skip
    table = Table(
        "待复核", ("办件", "自动准予的理由", "为什么复核", Column("作出日期", nowrap=True)), rows, caption_hidden=True
    )
    crumbs = [("秒批规则", reverse("auto-list"))]
    return render(request, "cases/desk/auto_checks.html", {"table": table, "crumbs": crumbs})
