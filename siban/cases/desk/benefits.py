"""免申即享 on the desk: policies of a department, the persons they were found for, public lists, granting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siban.cases import benefits as law
from siban.cases.access import DECIDING
from siban.cases.actions import benefiting as actions
from siban.cases.models import BenefitPlan
from siban.catalog.api import ImplementationItem, facts
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Lamp, Page, Table

from .acts.asking import day

READS = (*DECIDING, "service_admin", "supervisor", "auditor")
PAGE = 50
TONES = {
    "draft": "grey", "open": "green", "closed": "grey", "listed": "blue", "confirmed": "amber", "published": "amber",
    "granted": "green", "declined": "grey", "barred": "red", "lapsed": "grey",
}  # fmt: skip


@require_GET
@never_cache
@staff_required(*READS)
def listed(request: HttpRequest) -> HttpResponse:
    """Policies, newest first, and the form for a new one."""
    return _list(request, {})


def _list(request: HttpRequest, given: dict[str, str], *, said: str = "", status: int = 200) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    rows = [
        (
            Cell(p.name, url=reverse("benefit-plan", args=[p.pk]), note=p.gives), p.org.name, f"{p.valid_to:%Y-%m-%d}",
            Cell(lamp=Lamp(TONES[p.state], p.get_state_display())),
        )
        for p in BenefitPlan.objects.visible_to(by).select_related("org")[:200]
    ]  # fmt: skip
    table = Table("政策", ("政策", "部门", Column("最后一天", nowrap=True), "状态"), rows, caption_hidden=True)
    items = ImplementationItem.objects.published().filter(org_id=by.org_id).order_by("name").values_list("pk", "name")
    choices = [("", "请选择"), *((str(pk), name) for pk, name in items[:500])] if by.has_role(*DECIDING) else []
    known = [(f.name, f.label, f.values) for f in facts().values()]
    blank = dict.fromkeys(("item", "name", "gives", "basis", "condition", "exclusive", "valid_to"), "")
    context = {"table": table, "items": choices, "facts": known, "given": {**blank, **given}, "said": said}
    return render(request, "cases/desk/benefits.html", context, status=status)


@require_POST
@never_cache
@staff_required(*DECIDING)
def new(request: HttpRequest) -> HttpResponse:
    """Write a policy; what was typed stays when something is wrong."""
    given = {name: str(value) for name, value in request.POST.items()}
    try:
        try:
            item = UUID(given.get("item", ""))
        except ValueError:
            raise Refused("请选择事项。") from None
        plan = actions.write_plan(
            item_id=item, name=given.get("name", ""), gives=given.get("gives", ""), basis=given.get("basis", ""),
            condition=given.get("condition", ""), exclusive=given.get("exclusive", ""),
            valid_to=day(given, "valid_to", "最后一天"), by=request.actor, at=clock.now(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as why:
        return _list(request, given, said=str(why), status=422)
    return redirect("benefit-plan", plan.pk)


@require_GET
@never_cache
@staff_required(*READS)
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One policy: what it says, whom it was found for, what may be done now."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = BenefitPlan.objects.visible_to(by).select_related("item", "org").get(pk=plan_id)
    wanted, said = request.GET.get("state", ""), request.GET.get("page", "1")
    number = max(int(said), 1) if said.isdecimal() and len(said) < 5 else 1
    rows = found.candidates.select_related("person").order_by("found_at", "id")
    if wanted in law.CandidateState.values:
        rows = rows.filter(state=wanted)
    people = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    more = f"?state={wanted}&page={number + 1}" if len(people) > PAGE else ""
    page = Page(len(people[:PAGE]), f"?state={wanted}&page={number - 1}" if number > 1 else "", more)
    context = {
        "plan": found, "lamp": Lamp(TONES[found.state], found.get_state_display()), "page": page, "wanted": wanted,
        "people": [(c, Lamp(TONES[c.state], c.get_state_display()), masked(c.person.name), f"b{c.pk}_") for c in people[:PAGE]],
        "states": [("", "全部"), *law.CandidateState.choices], "counts": counts(found),
        "choices": law.PLAN_FLOW.choices(found, by=by, at=at), "works": law.office(by, found) and found.state == "open",
        "due": found.candidates.filter(state="published", public_until__lt=clock.local_day(at)).count(),
        "crumbs": [("免申即享", reverse("benefit-list"))],
    }  # fmt: skip
    return render(request, "cases/desk/benefit.html", context)


def counts(found: BenefitPlan) -> list[tuple[str, int]]:
    """How many stand where, in the order of the procedure."""
    from django.db.models import Count

    said = dict(found.candidates.order_by("state").values_list("state").annotate(n=Count("id")))
    return [(str(s.label), said.get(str(s), 0)) for s in law.CandidateState]


def masked(name: str) -> str:
    """`演示·娜仁` → `演*****`: the first character only."""
    return name[:1] + "*" * max(len(name) - 1, 1)


@require_POST
@never_cache
@staff_required(*DECIDING)
def act(request: HttpRequest, plan_id: UUID, verb: str) -> HttpResponse:
    """Sign, close, look for persons, show in public, grant, bar one."""
    key: dict[str, Any] = {"by": request.actor, "at": clock.now()}  # type: ignore[attr-defined]
    BenefitPlan.objects.visible_to(key["by"]).get(pk=plan_id)
    try:
        match verb:
            case "open_plan" | "close_plan":
                getattr(actions, verb)(plan_id=plan_id, **key)
                said = "已签署，可以查找符合条件的人。" if verb == "open_plan" else "已经结束。"
            case "find":
                said = f"比对完成，新增 {actions.find_candidates(plan_id=plan_id, **key)} 人，已经通知本人确认。"
            case "publish":
                said = f"{actions.publish(plan_id=plan_id, **key)} 人已经公示，公示 {law.PUBLIC_DAYS} 个工作日。"
            case "grant":
                done, refused = actions.grant_due(plan_id=plan_id, **key)
                said = f"已经兑现 {done} 人。" + "".join(f"{why}" for why in refused[:3])
            case "bar":
                actions.bar(
                    candidate_id=UUID(request.POST.get("candidate", "")), reason=request.POST.get("reason", ""), **key
                )
                said = "已登记不予兑现，并告知本人。"
            case _:
                raise Http404
    except Refused as why:
        messages.error(request, str(why))
    except ValueError:
        messages.error(request, "没有找到这个人，请刷新页面。")
    else:
        messages.success(request, said)
    return redirect("benefit-plan", plan_id)
