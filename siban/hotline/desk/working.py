"""What the unit does with an order in a page of its own: the reply, checked before it is sent, and the visit."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.web import refusals

from .. import access, helping, rules
from ..actions import handling
from ..flow import ORDER_FLOW
from ..forms import degrees, instant_of, taken
from ..models import Order
from ..queries import order_page
from ..queries.orders import lamp, left

FIELD_STATES = ("dispatched", "handling", "suspended")
MOST_CARDS = 60


def _crumbs(order: Order) -> list[tuple[str, str]]:
    return [("热线工单", reverse("hotline-orders")), (order.number, reverse("hotline-order", args=[order.number]))]


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.HANDLERS)
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the caller; each remark of the check is mended, or overruled with a reason."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    given, said = taken(request), ""
    words = given.get("words", order.outcome if order.redos == 0 else "")
    if request.method == "POST":
        try:
            remarks = [r.mend for r in helping.check(order.text, order.demands, words)]
            handling.reply(
                order_id=order.pk, by=actor, at=at, words=words, remarks=remarks, overrule=given.get("overrule", "")
            )
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, "答复已经发出，等待回访。")
            return redirect("hotline-order", number=number)
    context = {
        "order": order, "words": words, "overrule": given.get("overrule", ""), "said": said, "crumbs": _crumbs(order),
        "back": reverse("hotline-order", args=[number]),
        "refusal": "" if said else ORDER_FLOW.refusal("reply", order, by=actor, at=at) or "",
        "page": order_page.order_page(order, by=actor, at=at), "remarks": helping.check(order.text, order.demands, words) if said else (),
    }  # fmt: skip
    return render(request, "hotline/reply.html", context, status=409 if said else 200)


@require_POST
@never_cache
@staff_required(*access.HANDLERS)
def check(request: HttpRequest, number: str) -> HttpResponse:
    """What the reply lacks, while it is written: each remark with the words it is about and how to mend it."""
    order = order_page.find(request.actor, number)  # type: ignore[attr-defined]
    words = taken(request).get("words", "")
    remarks = helping.check(order.text, order.demands, words) if words.strip() else ()
    return render(request, "hotline/_remarks.html", {"remarks": remarks})


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.HANDLERS)
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """A visit on the spot, with a photo and the place; sent twice it is one."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    given, said = taken(request), ""
    if request.method == "POST":
        photo = request.FILES.get("photo")
        try:
            handling.visit(
                order_id=order.pk, by=actor, at=at, kind=given.get("kind", ""), words=given.get("words", ""),
                visited_at=instant_of(given.get("visited_at", "")), place=given.get("place", ""),
                latitude=degrees(given.get("latitude", ""), 90), longitude=degrees(given.get("longitude", ""), 180),
                photo=(photo.file, photo.name or "现场照片") if photo else None, key=given.get("key", "")[:64] or None,
            )  # fmt: skip
        except (Refused, FileRefused) as why:
            refusals.upload(request, why)
            said = str(why)
        else:
            messages.success(request, "上门已经登记。")
            return redirect("hotline-order", number=number)
    context = {
        "order": order, "given": given, "said": said, "crumbs": _crumbs(order), "key": given.get("key") or uuid4().hex,
        "kinds": (("", "请选择"), *rules.VISITS.items()), "back": reverse("hotline-order", args=[number]),
        "refusal": "" if said else ORDER_FLOW.refusal("visit", order, by=actor, at=at) or "",
        "now": given.get("visited_at") or f"{clock.local(at):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return render(request, "hotline/visit.html", context, status=422 if said else 200)


@require_GET
@never_cache
@staff_required(*access.HANDLERS)
def field(request: HttpRequest) -> HttpResponse:
    """现场: the orders of the unit as cards for the phone, each with its visit one press away; works without a signal."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = (
        Order.objects.visible_to(actor).filter(lead_id=actor.org_id, state__in=FIELD_STATES).select_related("region")
    )
    cards = [
        {"order": o, "lamp": lamp(o, at), "left": left(o, at), "map": _map(o), "unsigned": o.signed_at is None}
        for o in rows.order_by("due_at", "id")[:MOST_CARDS]
    ]
    return render(request, "hotline/field.html", {"cards": cards, "crumbs": [("热线工单", reverse("hotline-orders"))]})


def _map(order: Order) -> str:
    """The place for the phone's own map."""
    return f"geo:{order.latitude},{order.longitude}" if order.latitude and order.longitude else ""


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows pages of the field without a signal; it may only see addresses of the hotline."""
    path = finders.find("field-worker.js")
    if path is None:
        raise Http404
    with open(str(path), "rb") as script:
        answer = HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/desk/hotline/"
    return answer
