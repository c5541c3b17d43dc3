"""Where a short-message gateway reports what became of a message; signed, and safe to repeat."""

import json
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from siban.kernel import clock
from siban.kernel.web import refusals

from . import actions
from .connectors import post
from .connectors.pay import NotGenuine, is_signed


@csrf_exempt
@require_POST
def sms_report(request: HttpRequest) -> HttpResponse:
    """`{"receipt": …, "status": "delivered" | "failed", "reason": …}`, signed as README says."""
    at, body = clock.now(), request.body
    if not _is_signed(request, body, at):
        refusals.note(request, refusals.Kind.TOKEN, "短信回执的签名不对或者时间相差太多", at=at)
        return JsonResponse({"error": "签名不对或者时间相差太多。"}, status=401)
    try:
        said = json.loads(body)
        receipt, status, reason = said["receipt"], said["status"], said.get("reason", "")
        assert isinstance(receipt, str) and isinstance(reason, str) and status in ("delivered", "failed")  # noqa: PT018
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
        return JsonResponse(
            {"error": "回执应是 JSON，含 receipt（文本）、status（delivered 或 failed），可以有 reason（文本）。"},
            status=422,
        )
    known = actions.record_report(
        channel="sms", receipt=receipt[:200], is_received=status == "delivered", reason=reason[:100], at=at
    )
    return JsonResponse({"known": known}, status=200 if known else 404)


def _is_signed(request: HttpRequest, body: bytes, at: datetime) -> bool:
    """Whether our gateway sent this, within the last minutes."""
    return is_signed(settings.SMS_SECRET, body, at=at, **_proof(request))


def _proof(request: HttpRequest) -> dict[str, str]:
    heads = request.headers
    return {"stamp": heads.get("X-Siban-Timestamp", ""), "given": heads.get("X-Siban-Signature", "")}


@csrf_exempt
@require_POST
def post_event(request: HttpRequest) -> HttpResponse:
    """`{"event_id", "number", "kind", "at", "place", "note"}` from the carrier, signed as README says."""
    at = clock.now()
    try:
        told = post.read(request.body, at=at, **_proof(request))
    except NotGenuine as why:
        refusals.note(request, refusals.Kind.TOKEN, "寄递通知的签名不对或者时间相差太多", at=at)
        return JsonResponse({"error": str(why)}, status=401)
    except ValueError as why:
        return JsonResponse({"error": str(why)}, status=422)
    known = actions.record_event(told, at=at)
    return JsonResponse({"known": known}, status=200 if known else 404)
