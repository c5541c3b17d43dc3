"""Whether a link can be opened. The platform opens only its own addresses; others are said to be unchecked."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve


@dataclass(frozen=True, slots=True)
class Reached:
    """`ok` None = not opened, and why."""

    ok: bool | None
    words: str


def fault_of_address(url: str) -> str:
    """Why an address can not be one, as the end of a sentence; empty when it can."""
    if len(url) > 300:
        return "太长（最多 300 个字符）。"
    if url.startswith("/") and not url.startswith("//"):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "写得不对。"
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        return "写得不对。"
    return "里有空格。" if any(c.isspace() for c in url) else ""


def locally(url: str) -> Reached:
    """Open an address of this platform; whatever lies outside needs a connection that the site has to allow."""
    if fault := fault_of_address(url):
        return Reached(False, f"链接{fault}")
    parts = urlsplit(url)
    if parts.hostname and parts.hostname not in settings.SITE_HOSTS:
        return Reached(None, "外部网址，本系统没有连接外网，未检查")
    try:
        found = resolve(parts.path or "/")
    except Resolver404:
        return Reached(False, "本站没有这个地址")
    if code := found.kwargs.get("impl_code"):
        from .queries import in_force

        if in_force(code) is None:
            return Reached(False, "链接的事项没有公布或者已经取消")
    return Reached(True, "能打开")
