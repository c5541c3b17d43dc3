"""Headers on every answer: nothing from elsewhere, nothing inline, no framing, nothing personal kept in caches."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

UNCACHED = "private, no-store"  # what a person saw is in nobody else's cache
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
WITH_CAMERA = "geolocation=(self), camera=(self), microphone=()"  # for the pages that photograph papers, and no other


class SecurityHeaders:
    """Sets the Content-Security-Policy and its companions unless the view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        if "Cache-Control" not in headers and not request.path.startswith("/static/"):
            headers["Cache-Control"] = UNCACHED
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if not response.streaming and not response.has_header("Content-Length"):
            headers["Content-Length"] = str(len(response.content))
        return response
