"""Where a short-message gateway reports what became of a message; signed, and safe to repeat."""

import hmac
import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from siban.kernel import clock, journal
from siban.kernel.actor import ANONYMOUS

from . import actions
from .connectors.sms import signature
from .flow import RULE

LATEST_SECONDS = 300  # a report older than this, or from the future, is not taken


@csrf_exempt
@require_POST
def sms_report(request: HttpRequest) -> HttpResponse:
    """`{"receipt": …, "status": "delivered" | "failed", "reason": …}`, signed as README says."""
    at, body = clock.now(), request.body
    if not _is_signed(request, body, at):
        with transaction.atomic():
            journal.write(
                subject=("exchange.SmsReport", "refused"), move="refuse_report", by=ANONYMOUS.through("api"), at=at,
                law=RULE, facts={"address": request.META.get("REMOTE_ADDR", "")},
            )  # fmt: skip
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
    stamp, given = request.headers.get("X-Siban-Timestamp", ""), request.headers.get("X-Siban-Signature", "")
    if not settings.SMS_SECRET or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    if abs(at.timestamp() - int(stamp)) > LATEST_SECONDS:
        return False
    return hmac.compare_digest(signature(settings.SMS_SECRET, stamp, body).encode(), given.encode())
