"""读卡器 on the page of the counter, and the interface its programme talks to (docs/operating/card_reader.md)."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from siban.cases import access
from siban.cases.actions import card_reader as actions
from siban.cases.models_counter import CardReader
from siban.cases.queries import counter as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.web import refusals
from siban.kernel.web.throttle import Throttle, throttled

PAIRING = Throttle("reader-pairing", capacity=10, per_minute=6)
READINGS = Throttle("reader-readings", capacity=60, per_minute=60)
MOST_BYTES = 4096


def is_paired(actor: Actor) -> bool:
    """Whether a reader is connected with this clerk's counter."""
    return CardReader.objects.filter(
        account_id=actor.account_id, org_id=actor.org_id, ends_at__gt=clock.now()
    ).exists()


@require_POST
@never_cache
@staff_required(*access.FRONT)
def connect(request: HttpRequest) -> HttpResponse:
    """Show a pairing code, or cut the reader off."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("do") == "off":
        actions.disconnect(by=by, at=clock.now())
        return _part(request, {})
    return _part(request, {"code": actions.offer_pairing(by=by, at=clock.now()), "minutes": actions.CODE_MINUTES})


@require_GET
@never_cache
@staff_required(*access.FRONT)
def poll(request: HttpRequest) -> HttpResponse:
    """Asked every second while the screen waits for a person: the card that was laid on, once."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    paired = is_paired(by)
    said = actions.take_over(by=by, at=clock.now()) if paired else None
    if said is None:
        if paired == (request.GET.get("paired") == "1"):
            return HttpResponse(status=204)
        return _part(request, {"paired": paired})
    given = {"number": said["id_number"], "name": said["name"]}
    context = {"paired": True, "card": True, "given": given, "who": queries.visitor(given)}
    response = _part(request, context)
    response["HX-Trigger-After-Settle"] = "siban:card"
    return response


def _part(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    context = {
        "paired": False,
        "card": False,
        "code": "",
        "person_url": reverse("counter-person"),
        **said,
    }
    return render(request, "cases/desk/_reader.html", context)


@csrf_exempt  # a programme without a browser: the code it was given is its proof
@require_POST
@never_cache
@throttled(PAIRING)
def pair(request: HttpRequest) -> HttpResponse:
    """`{"code": "12345678"}` → `{"reader", "secret", "counter"}`."""
    said = _json(request)
    if said is None:
        return JsonResponse({"error": "请求的内容应为 JSON。"}, status=400)
    try:
        done = actions.pair(code=str(said.get("code", ""))[:20], at=clock.now())
    except Refused as why:
        refusals.note(request, refusals.Kind.TOKEN, "读卡程序的配对码不对")
        return JsonResponse({"error": str(why)}, status=403)
    return JsonResponse({"reader": str(done.reader), "secret": done.secret, "counter": done.counter})


@csrf_exempt  # signed by the reader
@require_POST
@never_cache
@throttled(READINGS)
def readings(request: HttpRequest) -> HttpResponse:
    """A signed reading; 204 when it was taken. What is in it is never logged."""
    said = _json(request)
    try:
        reader, stamp = UUID(request.headers.get("X-Reader", "")), int(request.headers.get("X-Timestamp", ""))
    except ValueError:
        said = None
    if said is None:
        return JsonResponse(
            {"error": "请求不完整：需要 X-Reader、X-Timestamp、X-Signature 和 JSON 内容。"}, status=400
        )
    try:
        actions.take_reading(
            reader_id=reader, stamp=stamp, body=request.body, signed=request.headers.get("X-Signature", ""), said=said,
            at=clock.now(),
        )  # fmt: skip
    except actions.Unsigned as why:
        refusals.note(request, refusals.Kind.TOKEN, "读卡结果的签名不对，或者是重放的")
        return JsonResponse({"error": str(why)}, status=403)
    except Refused as why:
        return JsonResponse({"error": str(why)}, status=422)
    return HttpResponse(status=204)


def _json(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
