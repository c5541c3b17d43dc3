"""免申即享 for the people: one's own policies to confirm, and the public lists with names masked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from siban.cases import benefits as law
from siban.cases.actions import benefiting as actions
from siban.cases.models import BenefitCandidate, BenefitPlan
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Lamp, Page

from .apply import ASSURANCE

TONES = {
    "listed": "amber", "confirmed": "blue", "published": "blue", "granted": "green", "declined": "grey", "barred": "red",
    "lapsed": "grey",
}  # fmt: skip
SIZE = 100


@never_cache
@citizen_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What was found for this person, newest first."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = BenefitCandidate.objects.filter(person_id=by.person_id).select_related("plan__org", "plan__item")
    cards = [
        (c, Lamp(TONES[c.state], c.get_state_display()), law.CANDIDATE_FLOW.refusal("confirm", c, by=by, at=at))
        for c in rows.order_by("-found_at", "id")[:50]
    ]
    return render(request, "cases/public/benefits.html", {"cards": cards})


@require_POST
@never_cache
@citizen_required(assurance=ASSURANCE)
def answer(request: HttpRequest, candidate_id: UUID, verb: str) -> HttpResponse:
    """Confirm, or say that one does not want it."""
    acts = {
        "confirm": (actions.confirm, "已经确认，公示期满以后兑现。"),
        "decline": (actions.decline, "已经登记，不再提醒。"),
    }
    if verb not in acts:
        raise Http404
    act, done = acts[verb]
    try:
        act(candidate_id=candidate_id, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("my-benefits")


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Policies that are granted without an application."""
    plans = BenefitPlan.objects.filter(state="open", valid_to__gte=clock.local_day(clock.now())).select_related("org")
    return render(request, "cases/public/benefit_lists.html", {"plans": plans.order_by("-created_at", "id")[:200]})


@require_safe
def public(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The public list of a policy: masked names, where they live, until when it stands here."""
    plan = BenefitPlan.objects.select_related("org", "item").exclude(state="draft").filter(pk=plan_id).first()
    if plan is None:
        raise Http404("没有这份公示名单，可能网址有误。")
    said = request.GET.get("page", "1")
    number = max(int(said), 1) if said.isdecimal() and len(said) < 5 else 1
    rows = plan.candidates.filter(state__in=["published", "granted"]).select_related("person__region")
    shown = list(rows.order_by("public_until", "id")[(number - 1) * SIZE : number * SIZE + 1])
    people = [
        (
            _masked(c.person.name),
            c.person.region.name if c.person.region else "",
            c.get_state_display(),
            c.public_until,
        )
        for c in shown[:SIZE]
    ]
    page = Page(
        len(people), f"?page={number - 1}" if number > 1 else "", f"?page={number + 1}" if len(shown) > SIZE else ""
    )
    crumbs = [("免申即享", reverse("benefit-lists"))]
    return render(
        request, "cases/public/benefit_list.html", {"plan": plan, "people": people, "page": page, "crumbs": crumbs}
    )


def _masked(name: str) -> str:
    return name[:1] + "*" * max(len(name) - 1, 1)
