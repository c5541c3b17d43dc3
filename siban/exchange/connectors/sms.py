"""Short messages: the demonstration channel that only writes down, and a gateway spoken to by signed JSON over HTTP."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from siban.exchange.models import DemoSms
from siban.kernel import clock

from .protocol import Deferred, Letter, Rejected, Unreachable

PATIENCE = 8  # seconds for an answer
LONGEST_ANSWER = 64 * 1024  # bytes of an answer that are read


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `stamp + "." + body`, hexadecimal: of what we send, and of reports sent to us."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class DemoSmsGateway:
    """短信演示通道: writes down what would have been sent."""

    def send(self, letter: Letter) -> str:
        kept, _ = DemoSms.objects.get_or_create(
            id=letter.id,
            defaults={
                "mobile": letter.address, "text": letter.short[:200], "receipt": f"demo-{letter.id.hex}", "at": clock.now(),
            },
        )  # fmt: skip
        return kept.receipt

    def close(self) -> None:
        pass


class _Straight(urllib.request.HTTPRedirectHandler):
    """A gateway that points elsewhere is not followed: numbers go only where the settings say."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HttpSmsGateway:
    """A gateway that takes `{"id", "mobile", "text"}` by POST and answers `{"receipt": …}`; README says how it is signed."""

    def __init__(self, url: str, *, key: str, secret: str) -> None:
        self.url, self.key, self.secret = url, key, secret
        self.ask = urllib.request.build_opener(_Straight, urllib.request.ProxyHandler({})).open

    def send(self, letter: Letter) -> str:
        body = json.dumps(
            {"id": str(letter.id), "mobile": letter.address, "text": letter.short}, ensure_ascii=False
        ).encode()
        stamp = str(int(clock.now().timestamp()))
        heads = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Siban-Key": self.key,
            "X-Siban-Timestamp": stamp,
            "X-Siban-Signature": signature(self.secret, stamp, body),
        }
        try:
            with self.ask(urllib.request.Request(self.url, body, heads, method="POST"), timeout=PATIENCE) as answer:
                return _receipt(answer.read(LONGEST_ANSWER))
        except urllib.error.HTTPError as refused:
            with refused:
                said = refused.read(LONGEST_ANSWER)
            if refused.code == 409:  # known already: it went out the first time
                return _receipt(said)
            raise _judged(refused.code, said) from None
        except (OSError, HTTPException) as fault:
            late = isinstance(fault, TimeoutError) or isinstance(getattr(fault, "reason", None), TimeoutError)
            raise Unreachable("短信网关没有应答（超时）。" if late else "连接不上短信网关。") from None

    def close(self) -> None:
        pass


def _receipt(said: bytes) -> str:
    try:
        receipt = json.loads(said)["receipt"]
    except (ValueError, KeyError, TypeError):
        raise Deferred("短信网关的答复看不懂，没有回执编号。") from None
    if not isinstance(receipt, str) or not receipt or len(receipt) > 200:
        raise Deferred("短信网关的答复看不懂，没有回执编号。")
    return receipt


def _judged(code: int, said: bytes) -> Deferred | Rejected | Unreachable:
    """A refusal by its number: our key is wrong, too fast, the gateway is ill, or this message is impossible."""
    try:
        why = str(json.loads(said)["error"])[:120]
    except (ValueError, KeyError, TypeError):
        why = "没有说明原因"
    if code in (401, 403):
        return Unreachable("短信网关不接受本平台的签名，请系统管理员检查设置。")
    if code == 429:
        return Deferred("短信网关要求放慢发送。")
    if code >= 500:
        return Unreachable(f"短信网关出错（{code}）。")
    if 300 <= code < 400:
        return Unreachable("短信网关把请求转到了别处，没有照做。请系统管理员检查地址。")
    return Rejected(f"短信网关拒收（{code}）：{why}。")
