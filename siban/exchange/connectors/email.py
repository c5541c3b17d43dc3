"""E-mail by SMTP: one connection a round, text and HTML, the same Message-ID each time a letter is sent."""

import smtplib
from email.charset import Charset
from email.header import Header
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string

from .protocol import Deferred, Letter, Rejected, Unreachable

PATIENCE = 10  # seconds for each answer of the server


class Smtp:
    """A server by address: `smtp://user:password@host:587/?tls=1`, `smtps://…` for TLS from the first byte."""

    def __init__(self, url: str, *, sender: str) -> None:
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        self.sender, self.host = sender, parseaddr(sender)[1].partition("@")[2] or "localhost"
        self.backend = EmailBackend(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_ssl=parts.scheme == "smtps",
            use_tls=asked.get("tls") == ["1"],
            timeout=PATIENCE,
        )
        self.is_open = False

    def send(self, letter: Letter) -> str:
        if not self.is_open:
            self._open()
        known = f"<{letter.id}@{self.host}>"
        mail = EmailMultiAlternatives(
            subject=subject(letter.title),
            body=render_to_string("exchange/email.txt", {"letter": letter}),
            from_email=self.sender,
            to=[letter.address],
            headers={"Message-ID": known, "Auto-Submitted": "auto-generated"},
            connection=self.backend,
        )
        mail.encoding = Charset("utf-8")  # base64: any server on the way takes it
        mail.attach_alternative(render_to_string("exchange/email.html", {"letter": letter}), "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _judged(code, said) from None
        except smtplib.SMTPServerDisconnected:
            self.close()
            raise Unreachable("邮件服务器中断了连接。") from None
        except smtplib.SMTPResponseException as refused:  # sender or contents refused
            raise _judged(refused.smtp_code, refused.smtp_error) from None
        except OSError as fault:
            self.close()
            raise Unreachable(f"邮件服务器没有应答（{_reason(fault)}）。") from None
        return known

    def _open(self) -> None:
        try:
            self.backend.open()
        except smtplib.SMTPAuthenticationError:
            raise Unreachable("邮件服务器不接受本平台的用户名和密码，请系统管理员检查设置。") from None
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(f"连接不上邮件服务器（{_reason(fault)}）。") from None
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self.backend.fail_silently = True  # a server that is gone needs no farewell
        self.backend.close()
        self.backend.fail_silently = False


def subject(title: str) -> str:
    """A title as encoded words short enough that the first stands on the line of `Subject:` (else readers add a blank)."""
    return Header(title, "utf-8", maxlinelen=60).encode(linesep="")


def _judged(code: int, said: bytes | str) -> Deferred | Rejected | Unreachable:
    """A refusal by its number: 4xx may pass later, 5xx never will (RFC 5321 4.2.1)."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    sentence = f"收件方邮件服务器答复 {code}：{' '.join(words.split())[:120]}。"
    if code == 421:  # the server as a whole closes (RFC 5321 4.2.2)
        return Unreachable(f"邮件服务器暂停服务（{code}）。")
    return Deferred(sentence) if 400 <= code < 500 else Rejected(sentence)


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "超时"
    if isinstance(fault, ConnectionRefusedError):
        return "连接被拒绝"
    return type(fault).__name__


__all__ = ["Smtp"]
