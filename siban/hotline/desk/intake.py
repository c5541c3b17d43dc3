"""Taking and classifying demands on the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused

from .. import access, rules
from ..actions import intake
from ..forms import Sent, taken
from ..queries import order_page
from ..queries.leaves import leaves_for


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.OPERATORS, "service_admin")
def classify(request: HttpRequest, number: str) -> HttpResponse:
    """Put an order under another category, with nature, level and urgency."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    order = order_page.find(actor, number)
    given, said = taken(request), ""
    if request.method == "POST":
        try:
            intake.reclassify(order_id=order.pk, by=actor, at=at, **classified(given))
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, "分类已经改好，期限已经重新计算。")
            return redirect("hotline-order", number=number)
    given = given or Sent({
        "leaf": order.leaf, "nature": order.nature, "level": order.level, "urgent": "yes" if order.is_urgent else "",
        "emergency": "yes" if order.is_emergency else "", "long_term": "yes" if order.is_long_term else "",
        "unreasonable": "yes" if order.is_unreasonable else "", "more": ",".join(order.demands[1:]),
    })  # fmt: skip
    context = {
        "order": order, "given": given, "said": said, "leaves": leaves_for(actor.region_code, at=at),
        "natures": tuple(rules.NATURES.items()), "marks": marks(given), "levels": (("", "照清单"), *rules.LEVELS.items()),
        "crumbs": [("热线工单", reverse("hotline-orders")), (number, reverse("hotline-order", args=[number]))],
        "back": reverse("hotline-order", args=[number]),
    }  # fmt: skip
    return render(request, "hotline/classify.html", context, status=409 if said else 200)


def classified(given: dict[str, str]) -> dict[str, object]:
    """The classification of a form as the action takes it."""
    return {
        "leaf": given.get("leaf", "").strip()[:6], "nature": given.get("nature", ""), "level": given.get("level", ""),
        "is_urgent": given.get("urgent") == "yes", "is_emergency": given.get("emergency") == "yes",
        "is_long_term": given.get("long_term") == "yes", "is_unreasonable": given.get("unreasonable") == "yes",
        "demands": [code for code in given.get("more", "").split(",") if code.isdigit() and len(code) == 6],
    }  # fmt: skip


MARKS = (
    ("urgent", "紧急"),
    ("emergency", "危及生命财产"),
    ("long_term", "长期改进类（挂单候选）"),
    ("unreasonable", "不合理诉求（终结候选）"),
)


def marks(given: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Ticks of the classification: name, label, whether ticked."""
    return [(name, label, given.get(name) == "yes") for name, label in MARKS]
