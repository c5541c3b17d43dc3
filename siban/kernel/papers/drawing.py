"""From content to PDF: typst sets the page, with our own fonts, without the network, byte for byte repeatable."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.apps import apps
from django.conf import settings

BASE = Path(__file__).resolve().parent / "sheets"


def qr_svg(text: str) -> str:
    """A QR code as SVG text, error correction M."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


@cache
def _fonts() -> Any:
    """Our own fonts, loaded once; those of the system only where ours were not built."""
    ours = [Path(p) for p in settings.PAPER_FONTS if Path(p).exists()]
    return typst.Fonts(include_system_fonts=not ours, font_paths=ours)


@cache
def _sources(template: str) -> Any:
    app, _, name = template.partition("/")
    folder = BASE if app == "kernel" else Path(apps.get_app_config(app).path) / "papers"
    return {"main": (folder / name).read_bytes(), "frame.typ": (BASE / "frame.typ").read_bytes()}


def draw(template: str, content: dict[str, Any]) -> bytes:
    """The PDF of a paper.

    Args:
        template: `app/name.typ`, found in the app's `papers/` folder.
        content: what the template reads as `data` (JSON types only).

    Returns:
        PDF bytes, identical for identical content.
    """
    body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    compiler = typst.Compiler(
        _sources(template), font_paths=_fonts()
    )  # serves once: sources in memory are gone after it
    return bytes(compiler.compile(sys_inputs={"data": body}, format="pdf"))  # type: ignore[arg-type]  # one PDF, not pages
