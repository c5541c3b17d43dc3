"""A kept file as an answer: shown where a browser can show it safely, else offered to be kept."""

from typing import Any

from django.http import FileResponse

from siban.kernel import files

INLINE = ("application/pdf", "image/jpeg", "image/png")
# A file from outside may show itself inside our page and do nothing else: no script, no request, no form.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def shown_file(stored: Any) -> FileResponse:
    """The stored file."""
    inline = stored.media_type in INLINE
    response = FileResponse(
        files.open_file(stored), content_type=stored.media_type, as_attachment=not inline, filename=stored.name
    )
    response["Content-Security-Policy"] = POLICY if stored.media_type == "application/pdf" else f"sandbox; {POLICY}"
    response["Cache-Control"] = "private, no-store"
    return response
