"""From content to PDF: typst sets the page, with our own fonts, without the network, byte for byte repeatable."""

import io
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.apps import apps
from django.conf import settings

BASE = Path(__file__).resolve().parent / "sheets"
_LOCK = threading.Lock()


def qr_svg(text: str) -> str:
    """A QR code as SVG text, error correction M."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


@cache
def _compiler(template: str) -> Any:
    """One compiler a template, fonts loaded once."""
    app, _, name = template.partition("/")
    folder = BASE if app == "kernel" else Path(apps.get_app_config(app).path) / "papers"
    source = (folder / name).read_bytes()
    frame = (BASE / "frame.typ").read_bytes()
    fonts = [Path(p) for p in settings.PAPER_FONTS if Path(p).exists()]
    sources: Any = {"main.typ": source, "frame.typ": frame}
    return typst.Compiler(sources, font_paths=fonts, ignore_system_fonts=bool(fonts))


def draw(template: str, content: dict[str, Any]) -> bytes:
    """The PDF of a paper.

    Args:
        template: `app/name.typ`, found in the app's `papers/` folder.
        content: what the template reads as `data` (JSON types only).

    Returns:
        PDF bytes, identical for identical content.
    """
    body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    with _LOCK:  # a compiler keeps a cache of its own and serves one thread at a time
        return bytes(_compiler(template).compile(sys_inputs={"data": body}, format="pdf"))
